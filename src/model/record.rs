//! What the ledger holds: claims with their sightings, and series of figures.

use jiff::Timestamp;
use jiff::civil::Date;
use url::Url;

use crate::model::claim::{Claim, Quote, Scope, Victims, Wording};
use crate::model::figure::Figure;
use crate::model::id::{ClaimId, ConflictId, PartyId, SeriesId, SourceId};
use crate::model::outcome::Outcomes;

/// A claim in the ledger.
#[derive(Debug, Clone, PartialEq)]
pub struct ClaimRecord {
    /// Its id, the same in any store.
    pub id: ClaimId,
    /// The series it is a point of.
    pub series: SeriesId,
    /// The war.
    pub conflict: ConflictId,
    /// The claim as its first sighting printed it.
    pub claim: Claim,
    /// Whether an article still prints it.
    pub status: Status,
    /// When tollwatch first read it.
    pub first_seen: Timestamp,
    /// The articles that print it, or printed it, oldest first; an event of the log carries only the first and the one
    /// it is about.
    pub sightings: Vec<Sighting>,
    /// How many articles printed it in all.
    pub sighting_count: u32,
    /// How many of those are not copies of each other.
    pub independent: u32,
    /// The claim that this one merely rounds or rewords.
    pub known_as: Option<ClaimId>,
}

/// Whether any article still prints a claim.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    /// At least one does.
    Current,
    /// Every article that printed it was changed.
    Withdrawn,
}

impl Status {
    /// The word used in JSON and in the store.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Current => "current",
            Self::Withdrawn => "withdrawn",
        }
    }
}

/// One article version prints one claim.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sighting {
    /// The source whose feed led to the article.
    pub source: SourceId,
    /// The outlet by its own name.
    pub publisher: Option<String>,
    /// The article.
    pub url: Url,
    /// When the article says it was published.
    pub published: Option<Timestamp>,
    /// When tollwatch read it.
    pub seen: Timestamp,
    /// The sentence and where it stands in the stored document.
    pub quote: Quote,
    /// The printed words of figure and outcome.
    pub wording: Wording,
    /// Whether the newest version of the article still prints it.
    pub current: bool,
}

/// The figures that one claimant gave for one thing over time.
#[derive(Debug, Clone, PartialEq)]
pub struct Series {
    /// Its id.
    pub id: SeriesId,
    /// The war.
    pub conflict: ConflictId,
    /// The origin of the figures as named first.
    pub claimant: Option<String>,
    /// Whose people.
    pub party: Option<PartyId>,
    /// What kind of people.
    pub victims: Victims,
    /// A narrower group.
    pub group: Option<String>,
    /// What happened to them.
    pub outcomes: Outcomes,
    /// Which stretch each figure covers.
    pub scope: Scope,
    /// Where.
    pub place: Option<String>,
    /// Its figures, ordered by `as_of`, then by when they were first seen; a listing carries only the latest ones.
    pub points: Vec<SeriesPoint>,
    /// How many figures it has.
    pub count: u32,
}

/// One figure of a series.
#[derive(Debug, Clone, PartialEq)]
pub struct SeriesPoint {
    /// The claim.
    pub claim: ClaimId,
    /// Its figure.
    pub figure: Figure,
    /// Its first day.
    pub since: Option<Date>,
    /// Its last day.
    pub as_of: Option<Date>,
    /// When tollwatch first read it.
    pub first_seen: Timestamp,
}

/// What a new figure changed in its series.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Step {
    /// The figure before.
    pub from: Figure,
    /// The day of the figure before.
    pub from_as_of: Option<Date>,
    /// The new figure less the old one.
    pub difference: i64,
    /// The increment that the article itself prints, if it is another one.
    pub printed: Option<u64>,
}

impl Series {
    /// What the latest figure changed, if there was one before it.
    pub fn latest_step(&self) -> Option<Step> {
        let (last, earlier) = self.points.split_last()?;
        // A figure for a month is no step from one for a day.
        let length =
            |point: &SeriesPoint| point.since.zip(point.as_of).map(|(since, as_of)| (as_of - since).get_days());
        let alike = |point: &&SeriesPoint| match (self.scope, length(point), length(last)) {
            (Scope::Period, Some(one), Some(other)) => one.max(other) <= 2 * one.min(other).max(1),
            (Scope::Cumulative | Scope::Incident | Scope::Period, _, _) => true,
        };
        let before = earlier.iter().rev().find(alike)?;
        Some(Step::between(before.figure, before.as_of, last.figure))
    }
}

impl Step {
    /// From one figure to the next.
    pub fn between(from: Figure, from_as_of: Option<Date>, to: Figure) -> Self {
        let number = |figure: Figure| i64::try_from(figure.bounds.midpoint()).unwrap_or(i64::MAX);
        Self { from, from_as_of, difference: number(to).saturating_sub(number(from)), printed: None }
    }
}
