//! What a word or phrase may mean.

use crate::extract::tag::{Tag, TagSet};
use crate::extract::vocabulary::{HedgeKind, TimeUnit};
use crate::model::Outcome;

/// What a word or phrase means beyond its tag.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Meaning {
    /// Nothing more.
    Plain(Tag),
    /// An outcome; the tag says in which form.
    Outcome(Tag, Outcome),
    /// People, by their row in the language file.
    People(u16),
    /// A hedge before a number.
    Hedge(HedgeKind),
    /// A hedge behind a number.
    HedgeAfter(HedgeKind),
    /// A number word.
    Number(u64),
    /// "hundred", "million".
    Multiplier(u64),
    /// "half".
    Half,
    /// "dozen".
    Collective(u64),
    /// "dozens".
    Vague(u64),
    /// "plus".
    Plus,
    /// Joins parts of a number.
    NumberJoin,
    /// "point", before the decimals of a number that is spelled out.
    Point,
    /// A month, from 1.
    Month(i8),
    /// A weekday, Monday is 0.
    Weekday(u8),
    /// "yesterday".
    RelativeDay(i32),
    /// "seventh".
    Ordinal(i8),
    /// "weeks".
    Unit(TimeUnit),
    /// "weekly": of each such stretch.
    Rate(TimeUnit),
    /// A season, by its first month.
    Season(i8),
    /// "Christmas Eve", by its month and its day.
    Holiday(i8, i8),
    /// "the weekend".
    Weekend,
    /// "the past fortnight": so many units up to now.
    Stretch(i32, TimeUnit),
    /// "recent weeks".
    Recent,
    /// "quarter" of a year.
    Quarter,
    /// A side, by its place in the list of parties; the tag says as what.
    Party(Tag, u16),
    /// A word by which the press of a side is known, by the side's place in the list.
    Voice(u16),
    /// "across the country".
    Everywhere,
    /// "names", of a list of the dead.
    Entry,
    /// "over the same period".
    SameTime,
    /// "killed in action".
    Soldierly,
    /// "brigade".
    Troop,
    /// A known claimant, by its place in the list.
    Claimant(u16),
    /// A known place, by its place in the list.
    Place(u16),
}

impl Meaning {
    /// Whether a number can begin with it.
    pub(super) fn opens_number(self) -> bool {
        matches!(self, Self::Number(_) | Self::Multiplier(_) | Self::Half | Self::Collective(_) | Self::Vague(_))
    }

    /// Whether it may stand between a number and the rest of a time that the number belongs to, or be that rest.
    pub(super) fn dates_number(self) -> bool {
        let joins = TagSet::of(&[Tag::And, Tag::RangeTo, Tag::To, Tag::Of]);
        matches!(self, Self::Month(_) | Self::Unit(_) | Self::Number(_)) || self.tags().meets(joins)
    }

    /// Whether it is a row of a conflict file.
    pub(super) fn is_name(self) -> bool {
        matches!(self, Self::Party(..) | Self::Voice(_) | Self::Claimant(_) | Self::Place(_))
    }

    /// The tag that patterns see.
    pub(super) fn tags(self) -> TagSet {
        match self {
            Self::Plain(tag) | Self::Outcome(tag, _) | Self::Party(tag, _) => tag.set(),
            Self::People(_) => Tag::People.set(),
            Self::Month(_)
            | Self::Weekday(_)
            | Self::RelativeDay(_)
            | Self::Season(_)
            | Self::Holiday(..)
            | Self::Weekend
            | Self::Stretch(..)
            | Self::Recent => Tag::Time.set(),
            Self::Claimant(_) => Tag::Claimant.set(),
            Self::Place(_) => Tag::Place.set(),
            Self::Hedge(_)
            | Self::HedgeAfter(_)
            | Self::Number(_)
            | Self::Multiplier(_)
            | Self::Half
            | Self::Collective(_)
            | Self::Vague(_)
            | Self::Plus
            | Self::NumberJoin
            | Self::Point
            | Self::Ordinal(_)
            | Self::Unit(_)
            | Self::Rate(_)
            | Self::Everywhere
            | Self::Entry
            | Self::Quarter
            | Self::SameTime
            | Self::Soldierly
            | Self::Troop
            | Self::Voice(_) => TagSet::EMPTY,
        }
    }
}
