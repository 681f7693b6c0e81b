//! Numbers → counts: what stands around a number says how exact it is and whom or what it counts.

#![allow(clippy::wildcard_enum_match_arm, reason = "a question about one meaning has the same answer for all others")]

use std::ops::Range;

use crate::extract::hedge::figure;
use crate::extract::language::{HedgeKind, Language};
use crate::extract::lexicon::Meaning;
use crate::extract::number::Odd;
use crate::extract::pattern::OUTCOME;
use crate::extract::scan::{Item, Scan, Sentence};
use crate::extract::spelling::lowers_to;
use crate::extract::tag::{Tag, TagSet};
use crate::extract::time::TimeExpression;
use crate::extract::whole::{
    among_them, appositions, nouns_ahead, nouns_by_preposition, shares, things_joined, wholes,
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
        Self {
            items: end..end,
            figure_items: end..end,
            number: end,
            figure: Figure { bounds: Bounds::Exact(0), approx: false, vague: false },
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

/// What may stand for one person without a number: "a journalist", "another woman", "his wife".
const SINGLE: TagSet = TagSet::of(&[Tag::One, Tag::Another, Tag::Own]);

/// The counts of a sentence, left to right.
pub(super) fn counts(scan: &Scan<'_>, sentence: &Sentence<'_>) -> Vec<Count> {
    let mut out: Vec<Count> = Vec::new();
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
    wholes(sentence, &mut out);
    shares(sentence, &mut out);
    appositions(sentence, &mut out);
    nouns_ahead(sentence, &mut out);
    nouns_by_preposition(sentence, &mut out);
    among_them(sentence, &mut out);
    out
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
        if other.is_some() && self.raises(start) {
            // "from nine to 12": the old figure belongs to the new one's words.
            other = None;
        }
        let aged = start.checked_sub(1).is_some_and(|before| self.has(before, Tag::Age));
        // "children under 15"
        let limit = hedge.is_some_and(|kind| kind != HedgeKind::About) && self.is_limit_of_age(at, start);
        if aged || limit || (other.is_none() && self.is_age(at, start)) {
            numeral.odd = Some(Odd::Label);
        }
        let (after, after_end) = self.after(end);
        let figure = figure(
            numeral,
            other,
            after.filter(|kind| *kind != HedgeKind::Exactly).or(hedge),
            approx || after == Some(HedgeKind::About),
        );
        let mut count = Count {
            items: start..after_end,
            figure_items: start..after_end,
            number,
            figure,
            head: numeral.odd.map_or(Head::Bare, Head::Odd),
            people: None,
            hostages: false,
            captives: false,
            party: None,
            whose: None,
            part: None,
            related: false,
        };
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

    /// "ten Palestinians or more": a hedge behind the noun.
    fn hedge_behind_noun(&self, count: &mut Count) {
        let Bounds::Exact(value) = count.figure.bounds else { return };
        let hedges = |at: usize| {
            self.hedge_after(at) == Some(HedgeKind::AtLeast) && self.get(at).is_some_and(|item| item.tokens.len() > 1)
        };
        // The word for a nation lets the search for a noun run past it.
        let hedge = (count.items.end.saturating_sub(1)..=count.items.end).find(|at| *at > count.number && hedges(*at));
        if let Some(hedge) = hedge.filter(|_| count.head == Head::People || count.party.is_some()) {
            count.head = Head::People;
            count.figure.bounds = Bounds::AtLeast(value);
            count.items.end = hedge + 1;
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

    /// "a journalist", "another woman": one person, if the noun follows at once.
    fn one(&self, at: usize) -> Option<Count> {
        let item = self.get(at)?;
        let another = item.has(Tag::Another);
        let related = item.has(Tag::Own) && !another;
        if !(item.has(Tag::One) || another || related) || item.number().is_some() {
            return None;
        }
        // "a third was badly hurt", "wounded a fourth"; "50,000 prisoners, of whom a fifth were killed" is a share.
        let of_whole =
            at.checked_sub(1).is_some_and(|whole| self.has(whole, Tag::OfThem) || self.has(whole, Tag::Relative));
        let ordinal = !of_whole && self.get(at + 1).is_some_and(|next| next.meaning(ordinal).is_some());
        // "killed one civilian in Bakhmut and another in Krasnohorivka"
        let and = at.checked_sub(1).is_some_and(|and| self.has(and, Tag::And));
        let named = self.get(at + 2).is_some_and(|place| place.tags.meets(TagSet::of(&[Tag::Place, Tag::Name])));
        let placed = another && and && self.has(at + 1, Tag::In) && named;
        let elided = placed
            || item.has(Tag::One)
                && ((another && (self.befell(at + 1) || self.is_object(at)))
                    || (ordinal && (self.befell(at + 2) || self.is_object(at + 1))));
        // "Dmytro Kucher, 43, a beekeeper": who he was.
        let has = |back: usize, tag: Tag| at.checked_sub(back).is_some_and(|at| self.has(at, tag));
        let name = |back: usize| has(back, Tag::Name) || has(back, Tag::Claimant);
        let aged = has(3, Tag::Comma) && at.checked_sub(2).and_then(|at| self.get(at)?.number()).is_some();
        if !another && has(1, Tag::Comma) && (name(2) || (aged && name(4))) {
            return None;
        }
        // "was shot dead by a settler": who did it.
        if has(1, Tag::By) {
            return None;
        }
        // "three were children, the youngest a boy of 18 months", "had been killed as a soldier in 2022": what he was.
        if has(1, Tag::Age) || (has(1, Tag::Preposition) && has(1, Tag::Reach) && has(2, Tag::Done)) {
            return None;
        }
        let figure = Figure { bounds: Bounds::Exact(1), approx: false, vague: false };
        let mut count = Count {
            items: at..at + 1,
            figure_items: at..at + 1,
            number: at,
            figure,
            head: Head::Bare,
            people: None,
            hostages: false,
            captives: false,
            party: None,
            whose: None,
            part: None,
            related,
        };
        self.noun(&mut count, at + 1);
        if !another && self.is_named(&count) {
            return None;
        }
        let is_person = count.head == Head::People && count.people.is_some() && self.is_singular(&count);
        // "two Tanzanians and a Uruguayan were killed"
        let aged = usize::from(self.get(at + 1).is_some_and(|next| next.number().is_some()));
        let national =
            count.head == Head::People && matches!(count.party, Some((_, Tag::Side))) && count.items.len() == 2 + aged;
        self.partitive_before(&mut count);
        let aged = count.head == Head::People && self.is_aged(at + 1) && count.items.end == at + 2;
        (is_person || aged || elided || (national && item.has(Tag::One))).then_some(count)
    }

    /// "an attendant of the depot, Oksana Bilyk, was killed": somebody by name is nobody counted.
    fn is_named(&self, count: &Count) -> bool {
        let behind = self.items.get(count.items.end..).unwrap_or_default();
        let phrase = TagSet::of(&[Tag::Of, Tag::To, Tag::Article, Tag::Thing, Tag::Word, Tag::Government, Tag::Body]);
        let comma = behind.iter().take(5).take_while(|item| item.tags.meets(phrase)).count();
        let name = behind.get(comma + 1).is_some_and(|item| item.has(Tag::Name) && !item.has(Tag::Place));
        let closes = behind.iter().skip(comma + 2).take(3).find(|item| !item.has(Tag::Name));
        behind.get(comma).is_some_and(|item| item.has(Tag::Comma))
            && name
            && closes.is_some_and(|item| item.has(Tag::Comma) || item.tags.is_empty())
    }

    /// "another was badly wounded": whether something befell whoever stands before.
    fn befell(&self, at: usize) -> bool {
        let passed = TagSet::of(&[Tag::Auxiliary, Tag::Severity]);
        let over = self.items.get(at..).unwrap_or_default().iter().take(3).take_while(|item| item.tags.meets(passed));
        self.has(at + over.count(), Tag::Done)
    }

    /// "and lightly wounded another,": the noun is the one before.
    fn is_object(&self, at: usize) -> bool {
        let article = usize::from(self.get(at).is_some_and(|item| item.meaning(ordinal).is_some()));
        let verb = at.checked_sub(1 + article).and_then(|verb| self.get(verb));
        let ends = TagSet::of(&[Tag::Comma, Tag::Semicolon, Tag::And, Tag::In]);
        let alone = self.get(at + 1).is_none_or(|next| next.tags.is_empty() || next.tags.meets(ends));
        alone && verb.is_some_and(|item| item.has(Tag::Verb) && item.tags.meets(OUTCOME))
    }

    /// A word for a single person.
    pub(super) fn is_one_person(&self, at: usize) -> bool {
        let Some(item) = self.get(at) else { return false };
        let row = item.people();
        let words = row.and_then(|row| self.scan.language.file.people.get(usize::from(row)));
        let text = self.scan.text(&item.tokens);
        words.is_some_and(|words| words.singular.iter().any(|one| lowers_to(text, one)))
    }

    /// "another soldiers" does not occur, but "more soldiers" does: a lone "more" or "other" counts nobody.
    fn is_singular(&self, count: &Count) -> bool {
        // "a girl among them", "a woman of 72"
        let noun = count.items.clone().rev().find(|at| self.has(*at, Tag::People));
        // "his wife", not "his wife Olena"
        let named = (count.items.end..count.items.end + 2).find(|at| !self.has(*at, Tag::Comma)).is_some_and(|at| {
            self.get(at).is_some_and(|item| item.tags.meets(TagSet::of(&[Tag::Name, Tag::Claimant, Tag::Title])))
        });
        let one = self.has(count.number, Tag::One) || (count.related && count.items.len() <= 3 && !named);
        noun.is_some_and(|noun| self.is_one_person(noun)) && one
    }
}
