//! Numbers → counts: what stands around a number says how exact it is and whom or what it counts.

#![allow(clippy::wildcard_enum_match_arm, reason = "a question about one meaning has the same answer for all others")]

use std::ops::Range;

use crate::extract::hedge::figure;
use crate::extract::language::Language;
use crate::extract::meaning::Meaning;
use crate::extract::number::Odd;
use crate::extract::pattern::OUTCOME;
use crate::extract::scan::{Item, Scan, Sentence};
use crate::extract::tag::{Tag, TagSet};
use crate::extract::time::TimeExpression;
use crate::extract::vocabulary::HedgeKind;
use crate::extract::whole::{
    among_them, appositions, kin, noun_of_two_verbs, nouns_ahead, nouns_by_preposition, shares, things_joined, wholes,
};
use crate::model::{Bounds, Figure, Victims};

/// A number with what it counts.
#[derive(Debug, Clone)]
pub(super) struct Count {
    /// The items it covers, from its hedge to its noun.
    pub(super) items: Range<usize>,
    /// The items of the figure alone, with its hedges.
    pub(super) figure_items: Range<usize>,
    /// The item of the number itself.
    pub(super) number: usize,
    pub(super) figure: Figure,
    pub(super) head: Head,
    /// The row of the word for people in the language file.
    pub(super) people: Option<u16>,
    /// The word is one for hostages.
    pub(super) hostages: bool,
    /// The word is one for people in captivity.
    pub(super) captives: bool,
    /// The side named beside the noun, and as what.
    pub(super) party: Option<(u16, Tag)>,
    /// "its", "our", "enemy" beside the noun.
    pub(super) whose: Option<Tag>,
    /// "five of the dead", "two of them": part of a figure before.
    pub(super) part: Option<Part>,
    /// "his wife": one person by whose they are, who counts only beside others or as whom something befell.
    pub(super) related: bool,
}

/// What a number counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Head {
    /// People, by a word for them, for a nation or for forces.
    People,
    /// "lives".
    Lives,
    /// Nothing is said: "and 1,600 wounded".
    Bare,
    /// A noun that no list knows.
    Unknown,
    /// Something else than people.
    Thing,
    /// Not a count at all, by the shape of the number.
    Odd(Odd),
    /// An older figure that the same sentence replaces: "from 63".
    Replaced,
}

/// What a partial figure is a part of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    /// "of them", "among them", "including".
    OfFigure,
    /// "of the dead": the outcome is named.
    OfDead,
}

impl Count {
    /// A count of nothing behind the end of a sentence, for what the sentence says of the lines below it.
    pub(super) fn behind(sentence: &Sentence<'_>) -> Self {
        let end = sentence.items.len();
        let figure = Figure { bounds: Bounds::Exact(0), approx: false, vague: false };
        Self::of(end..end, end, figure)
    }

    /// A figure by itself, before anything tells what it counts.
    pub(super) fn of(items: Range<usize>, number: usize, figure: Figure) -> Self {
        Self {
            figure_items: items.clone(),
            items,
            number,
            figure,
            head: Head::Bare,
            people: None,
            hostages: false,
            captives: false,
            party: None,
            whose: None,
            part: None,
            related: false,
        }
    }

    /// What kind of people, and which group.
    pub(super) fn kind(&self, language: &Language) -> (Option<Victims>, Option<String>) {
        let row = self.people.and_then(|row| language.file.people.get(usize::from(row)));
        let by_forces = matches!(self.party, Some((_, Tag::Forces))).then_some(Victims::Military);
        match row {
            Some(words) if words.victims == Victims::Unspecified => {
                (by_forces.or(Some(words.victims)), words.group.clone())
            }
            Some(words) => (Some(words.victims), words.group.clone()),
            None => (by_forces, None),
        }
    }
}

/// More years than anybody lives.
const OLDEST: u64 = 110;

/// What may stand for one person without a number: "a journalist", "another woman", "his wife".
const SINGLE: TagSet = TagSet::of(&[Tag::One, Tag::Another, Tag::Own]);

/// The counts of a sentence, left to right, in a list that served another.
pub(super) fn counts(scan: &Scan<'_>, sentence: &Sentence<'_>, mut out: Vec<Count>) -> Vec<Count> {
    out.clear();
    let builder = Builder { scan, items: &sentence.items };
    let mut at = 0;
    while let Some(item) = sentence.items.get(at) {
        // Most words count nobody.
        if item.number().is_none() && !item.tags.meets(SINGLE) {
            at += 1;
            continue;
        }
        let found = builder.number(at).or_else(|| builder.one(at));
        match found {
            Some(count) => {
                at = count.items.end.max(at + 1);
                out.push(count);
            }
            None => at += 1,
        }
    }
    share_hedges(sentence, &mut out);
    things_joined(sentence, &mut out);
    noun_of_two_verbs(sentence, &mut out);
    wholes(sentence, &mut out);
    shares(sentence, &mut out);
    appositions(sentence, &mut out);
    kin(sentence, &mut out);
    nouns_ahead(sentence, &mut out);
    nouns_by_preposition(sentence, &mut out);
    among_them(sentence, &mut out);
    quoted(sentence, &mut out);
    of_so_many(sentence, &mut out);
    out
}

/// "Four of the eight lost their lives": so many of so many, of whom the first are counted.
fn of_so_many(sentence: &Sentence<'_>, counts: &mut Vec<Count>) {
    let size = |count: &Count| count.figure.bounds.midpoint();
    let harm = OUTCOME.with(Tag::Lose.set());
    let mut at = 0;
    while let (Some(part), Some(whole)) = (counts.get(at), counts.get(at + 1)) {
        let of = part.figure_items.end + 1 == whole.items.start
            && sentence
                .items
                .get(part.figure_items.end)
                .is_some_and(|item| item.has(Tag::Of) && item.tokens.len() == 1);
        let behind = sentence.items.get(whole.items.end..).unwrap_or_default();
        // "Four of the 13 killed were children" counts both.
        let noun = TagSet::of(&[Tag::Noun, Tag::TheDead, Tag::Toll]);
        let named = behind.first().is_some_and(|item| {
            item.tags.meets(noun) || (item.has(Tag::Done) && item.has(Tag::Verb) && !item.has(Tag::Lose))
        });
        let verb = behind.iter().take(4).find(|item| !item.tags.meets(TagSet::of(&[Tag::Auxiliary, Tag::Be])));
        let harmed = !named && verb.is_some_and(|item| item.tags.meets(harm));
        let fits = of && size(part) < size(whole) && matches!(whole.head, Head::Bare | Head::People);
        if !fits || !harmed || part.head == Head::Thing || whole.hostages || whole.captives {
            at += 1;
            continue;
        }
        let (people, head, party, end) = (whole.people, whole.head, whole.party, whole.items.end);
        if let Some(part) = counts.get_mut(at) {
            (part.people, part.head, part.party, part.items.end) = (people, head, party, end);
        }
        counts.remove(at + 1);
    }
}

/// "killed 14,000 combatants and \"probably around 16,000 civilians\"", "the loss of \"no more than six\" stormtroopers": the
/// marks around a figure belong to it.
fn quoted(sentence: &Sentence<'_>, counts: &mut [Count]) {
    if !sentence.has(Tag::QuoteMark) {
        return;
    }
    let mark = |at: usize| sentence.items.get(at).is_some_and(|item| item.has(Tag::QuoteMark));
    for count in counts.iter_mut().filter(|count| !matches!(count.head, Head::Odd(_))) {
        let Some(opening) = count.items.start.checked_sub(1).filter(|at| mark(*at)) else { continue };
        let Some(closing) = (count.number + 1..=count.items.end).find(|at| mark(*at)) else { continue };
        count.items = opening..count.items.end.max(closing + 1);
    }
}

/// The place in a row that a word means: "third".
pub(super) fn ordinal(meaning: Meaning) -> Option<i8> {
    if let Meaning::Ordinal(place) = meaning { Some(place) } else { None }
}

/// "in February", "in 2024": a stretch that a figure covers.
fn is_stretch(time: TimeExpression) -> bool {
    matches!(time, TimeExpression::Month { .. } | TimeExpression::Year(..) | TimeExpression::Months { .. })
}

/// "up to 145 and 60 servicemen": a hedge before a bare list is that of all its numbers.
fn share_hedges(sentence: &Sentence<'_>, counts: &mut [Count]) {
    for at in 1..counts.len() {
        let (Some(first), Some(second)) = (counts.get(at - 1), counts.get(at)) else { return };
        let between = sentence.items.get(first.items.end..second.items.start).unwrap_or_default();
        let bare = first.head == Head::Bare && first.items.start < first.number && second.figure_items.len() == 1;
        let joined = matches!(between, [and] if and.tags == Tag::And.set());
        let value = match second.figure.bounds {
            Bounds::Exact(value) if bare && joined && second.head == Head::People => value,
            _ => continue,
        };
        let bounds = match first.figure.bounds {
            Bounds::AtLeast(_) => Bounds::AtLeast(value),
            Bounds::AtMost(_) => Bounds::AtMost(value),
            _ => continue,
        };
        if let Some(second) = counts.get_mut(at) {
            second.figure.bounds = bounds;
        }
    }
}

/// Reads the counts of one sentence.
pub(super) struct Builder<'s, 'a> {
    pub(super) scan: &'s Scan<'a>,
    pub(super) items: &'s [Item<'a>],
}

impl Builder<'_, '_> {
    pub(super) fn get(&self, at: usize) -> Option<&Item<'_>> {
        self.items.get(at)
    }

    pub(super) fn has(&self, at: usize, tag: Tag) -> bool {
        self.get(at).is_some_and(|item| item.has(tag))
    }

    /// The count whose number is the item at `at`; most items are no number.
    #[inline(never)]
    fn number(&self, at: usize) -> Option<Count> {
        let first = self.get(at)?.number()?;
        let (hedge, approx, start) = self.before(at);
        let mut number = at;
        let mut end = at + 1;
        let mut numeral = first;
        let mut other = None;
        if let Some((joiner_end, second)) = self.range(at, start) {
            number = joiner_end;
            end = joiner_end + 1;
            other = Some(first);
            numeral = second;
        }
        // "913 a day in March, down from 983 in February": of another month.
        // "from 1,255 a day in February"
        let daily = (end..end + 3).find(|at| self.has(*at, Tag::In)).unwrap_or(end);
        let rate = (end..daily)
            .all(|at| self.get(at).is_some_and(|item| !item.tags.meets(TagSet::of(&[Tag::Comma, Tag::To, Tag::And]))));
        let of_another =
            rate && self.has(daily, Tag::In) && self.get(daily + 1).and_then(Item::time).is_some_and(is_stretch);
        let replaced = other.is_none() && self.raises(start) && !of_another;
        // "cut its estimate from 1,400 to 1,200"
        let cut =
            other.is_some_and(|first| first.value > numeral.value) && self.has(start.saturating_sub(1), Tag::From);
        if cut || (other.is_some() && self.raises(start)) {
            // "from nine to 12": the old figure belongs to the new one's words.
            other = None;
        }
        let aged = start.checked_sub(1).is_some_and(|before| self.has(before, Tag::Age));
        let aged = aged || other.is_some_and(|first| self.are_ages(start, first.value, numeral.value));
        // "children under 15"
        let limit = hedge.is_some_and(|kind| kind != HedgeKind::About) && self.is_limit_of_age(at, start);
        // "one of 466 soldiers who have died": who is one of them is told of by name.
        let of_several = numeral.value == 1
            && !numeral.digits
            && self.has(end, Tag::Of)
            && (end + 1..end + 3).any(|at| {
                // "one of the worst disasters"
                self.has(at, Tag::Superlative)
                    || self.get(at).and_then(Item::number).is_some_and(|whole| whole.value > 1)
            });
        // "A colonel by the name of Petrov is one of the dead": who has a name.
        let is = start.checked_sub(1).is_some_and(|be| self.has(be, Tag::Be));
        let named = is && numeral.value == 1 && !numeral.digits && self.is_of_the_dead(end);
        if named || aged || limit || of_several || (other.is_none() && self.is_age(at, start)) {
            numeral.odd = Some(Odd::Label);
        }
        let (after, after_end) = self.after(end);
        let figure = figure(
            numeral,
            other,
            after.filter(|kind| *kind != HedgeKind::Exactly).or(hedge),
            approx || after == Some(HedgeKind::About),
        );
        let mut count = Count::of(start..after_end, number, figure);
        count.head = numeral.odd.map_or(Head::Bare, Head::Odd);
        if replaced {
            count.head = Head::Replaced;
        } else if self.is_money(start, after_end) {
            count.head = Head::Thing;
        } else if count.head == Head::Bare {
            self.noun(&mut count, after_end);
            self.group_before(&mut count);
        }
        self.hedge_behind_noun(&mut count);
        self.partitive_before(&mut count);
        Some(count)
    }

    /// "of the dead", "of those killed"
    fn is_of_the_dead(&self, at: usize) -> bool {
        let harmed = TagSet::of(&[Tag::TheDead, Tag::Done]);
        self.has(at, Tag::Of) && self.get(at + 1).is_some_and(|item| item.tags.meets(harmed))
    }

    /// "five novices between 9 and 13": two numbers right behind people of whom another figure tells how many they are.
    fn are_ages(&self, start: usize, from: u64, to: u64) -> bool {
        let Some(between) = (start.saturating_sub(1)..=start).find(|at| self.has(*at, Tag::Between)) else {
            return false;
        };
        let counted = (between.saturating_sub(4)..between).any(|at| self.has(at, Tag::Count));
        // "every man in Gaza between 18 and 59"
        let placed = between.checked_sub(2).filter(|at| self.has(*at, Tag::In) && !self.has(at + 1, Tag::Count));
        let noun = placed.unwrap_or(between).checked_sub(1).and_then(|at| self.get(at));
        let people = noun.is_some_and(|item| item.has(Tag::People) || (counted && item.has(Tag::Word)));
        people && from < to && to < OLDEST
    }

    /// "ten Palestinians or more": a hedge behind the noun.
    fn hedge_behind_noun(&self, count: &mut Count) {
        let Bounds::Exact(value) = count.figure.bounds else { return };
        let end = count.items.end;
        let hedges = |at: usize| {
            self.hedge_after(at) == Some(HedgeKind::AtLeast) && self.get(at).is_some_and(|item| item.tokens.len() > 1)
        };
        // The word for a nation lets the search for a noun run past it.
        // "ten soldiers, maybe more, were killed"
        let comma = usize::from(self.has(end, Tag::Comma));
        let ends = end.saturating_sub(1)..=end + comma;
        let hedge = ends.into_iter().find(|at| *at > count.number && hedges(*at));
        if let Some(hedge) = hedge.filter(|_| count.head == Head::People || count.party.is_some()) {
            count.head = Head::People;
            count.figure.bounds = Bounds::AtLeast(value);
            count.items.end = hedge + 1 + usize::from(hedge == end + 1 && self.has(hedge + 1, Tag::Comma));
        }
    }

    /// "a family of four": the noun stands before the number.
    fn group_before(&self, count: &mut Count) {
        let Some(group) = count.items.start.checked_sub(1) else { return };
        if count.head == Head::Bare && self.has(group, Tag::Of) && self.has(group, Tag::People) {
            count.people = self.get(group).and_then(Item::people);
            count.head = Head::People;
            count.items.start = group;
            // "a Russian scout group of five"
            let described =
                TagSet::of(&[Tag::Side, Tag::Modifier, Tag::Qualifier, Tag::Word, Tag::People, Tag::Thing, Tag::One]);
            while let Some(before) = count.items.start.checked_sub(1).filter(|at| group - at <= 4) {
                let Some(item) = self.get(before).filter(|item| item.tags.meets(described)) else { break };
                Self::note_side(count, item);
                count.items.start = before;
                if item.has(Tag::One) {
                    break;
                }
            }
        }
    }
}
