//! Numbers → counts: what stands around a number says how exact it is and whom or what it counts.

#![allow(clippy::wildcard_enum_match_arm, reason = "a question about one meaning has the same answer for all others")]

use std::ops::Range;

use crate::extract::language::{HedgeKind, Language};
use crate::extract::lexicon::Meaning;

use crate::extract::number::{Numeral, Odd};
use crate::extract::scan::{Item, Scan, Sentence};
use crate::extract::tag::{Tag, TagSet};
use crate::extract::whole::{shares, wholes};
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

/// The counts of a sentence, left to right.
pub(super) fn counts(scan: &Scan<'_>, sentence: &Sentence<'_>) -> Vec<Count> {
    let mut out: Vec<Count> = Vec::new();
    let mut at = 0;
    while at < sentence.items.len() {
        let builder = Builder { scan, items: &sentence.items };
        let found = builder.number(at).or_else(|| builder.one(at));
        match found {
            Some(count) => {
                at = count.items.end.max(at + 1);
                out.push(count);
            }
            None => at += 1,
        }
    }
    wholes(sentence, &mut out);
    shares(sentence, &mut out);
    out
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

    fn hedge(&self, at: usize) -> Option<HedgeKind> {
        self.get(at)?.meaning(|meaning| if let Meaning::Hedge(kind) = meaning { Some(kind) } else { None })
    }

    fn hedge_after(&self, at: usize) -> Option<HedgeKind> {
        self.get(at)?.meaning(|meaning| match meaning {
            Meaning::HedgeAfter(kind) => Some(kind),
            Meaning::Plus => Some(HedgeKind::AtLeast),
            _ => None,
        })
    }

    /// The count whose number is the item at `at`.
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
        let replaced = other.is_none() && self.is_replaced(start);
        if other.is_some() && self.raises(start) {
            // "from nine to 12": the old figure belongs to the new one's words.
            other = None;
        }
        let aged = start.checked_sub(1).is_some_and(|before| self.has(before, Tag::Age));
        if aged || (other.is_none() && self.is_age(at, start)) {
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
        self.partitive_before(&mut count);
        Some(count)
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
        let elided = another && item.has(Tag::One) && self.has(at + 1, Tag::Done);
        let related = item.has(Tag::Own) && !another;
        if !(item.has(Tag::One) || another || related) || item.number().is_some() {
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
        let is_person = count.head == Head::People && count.people.is_some() && self.is_singular(&count);
        self.partitive_before(&mut count);
        (is_person || elided).then_some(count)
    }

    /// A word for a single person.
    fn is_one_person(&self, at: usize) -> bool {
        let Some(item) = self.get(at) else { return false };
        let text = self.scan.text(&item.tokens).to_lowercase();
        let row = item.people();
        let words = row.and_then(|row| self.scan.language.file.people.get(usize::from(row)));
        words.is_some_and(|words| words.singular.contains(&text))
    }

    /// "another soldiers" does not occur, but "more soldiers" does: a lone "more" or "other" counts nobody.
    fn is_singular(&self, count: &Count) -> bool {
        // "a girl among them"
        let behind = usize::from(count.items.len() > 1 && self.has(count.items.end.saturating_sub(1), Tag::OfThem));
        let noun = count.items.end.checked_sub(1 + behind);
        // "his wife", not "his wife Olena"
        let named = (count.items.end..count.items.end + 2)
            .find(|at| !self.has(*at, Tag::Comma))
            .is_some_and(|at| self.has(at, Tag::Name) || self.has(at, Tag::Claimant));
        let one = self.has(count.number, Tag::One) || (count.related && count.items.len() <= 3 && !named);
        noun.is_some_and(|noun| self.is_one_person(noun)) && one
    }

    /// Hedges before a number, and where its words begin.
    fn before(&self, at: usize) -> (Option<HedgeKind>, bool, usize) {
        let (mut hedge, mut approx, mut start) = (None, false, at);
        while let Some(previous) = start.checked_sub(1) {
            let kind = self.hedge(previous);
            if self.has(previous, Tag::Reach) {
                // "passed 163,000" is a bound, but the verb also says where a toll stands.
                hedge = hedge.or(kind.filter(|kind| matches!(kind, HedgeKind::AtLeast | HedgeKind::AtMost)));
                break;
            }
            match kind {
                Some(HedgeKind::About) => approx = true,
                Some(HedgeKind::Exactly) => {}
                Some(kind) => hedge = hedge.or(Some(kind)),
                None if self.has(previous, Tag::Another) => {}
                None if self.has(previous, Tag::Between) || self.ranges_from(previous) => {}
                None if start < at && (self.has(previous, Tag::Article) || self.has(previous, Tag::One)) => {}
                None => break,
            }
            start = previous;
        }
        (hedge, approx, start)
    }

    /// "estimates range from 20,000 to 150,000", unlike "rose from 63 to 89".
    fn ranges_from(&self, at: usize) -> bool {
        let verb = at.checked_sub(1).and_then(|before| self.get(before));
        self.has(at, Tag::From) && verb.is_some_and(|verb| verb.has(Tag::Reach) && !verb.has(Tag::Raised))
    }

    /// Hedges behind a number ("or more", "-plus", "+"), and where its words end.
    fn after(&self, end: usize) -> (Option<HedgeKind>, usize) {
        for skipped in [0, 1] {
            if skipped == 1 && !self.has(end, Tag::Dash) {
                break;
            }
            if let Some(kind) = self.hedge_after(end + skipped) {
                return (Some(kind), end + skipped + 1);
            }
        }
        let plus = self
            .get(end)
            .and_then(|item| self.scan.token(item.tokens.start))
            .is_some_and(|token| token.is('+') && token.glued);
        if plus { (Some(HedgeKind::AtLeast), end + 1) } else { (None, end) }
    }

    /// "7,000 to 15,000", "between 35 and 40": where the second number stands.
    fn range(&self, at: usize, start: usize) -> Option<(usize, Numeral)> {
        let joiner = self.get(at + 1)?;
        let between = (start..at).any(|before| self.has(before, Tag::Between) || self.has(before, Tag::From));
        let joins = joiner.has(Tag::RangeTo)
            || (between && joiner.has(Tag::And))
            || (joiner.has(Tag::Dash) && self.tight(at + 1));
        let mut second = at + 2;
        while self.hedge(second).is_some() {
            second += 1;
        }
        let numeral = self.get(second)?.number().filter(|numeral| numeral.odd.is_none() && !numeral.vague)?;
        let first = self.get(at)?.number()?;
        let is_range = joins && (first.value < numeral.value || between || self.raises(start));
        is_range.then_some((second, numeral))
    }

    /// "15-20", "15 – 20", not "in 2022 — 15".
    fn tight(&self, dash: usize) -> bool {
        let item = self.get(dash).and_then(|item| self.scan.token(item.tokens.start));
        let next = self.get(dash + 1).and_then(|item| self.scan.token(item.tokens.start));
        item.zip(next).is_some_and(|(dash, next)| dash.glued == next.glued)
    }

    /// Whether the words before say that a figure was replaced: "rose from", "raised from".
    fn raises(&self, start: usize) -> bool {
        let Some(from) = start.checked_sub(1).filter(|from| self.has(*from, Tag::From)) else { return false };
        (from.saturating_sub(14)..from).any(|at| self.has(at, Tag::Raised) || self.has(at, Tag::Reach))
    }

    /// "Halina, 68," or "two men, 46 and 68,": a bare number set off behind somebody.
    fn is_age(&self, at: usize, start: usize) -> bool {
        let is_small =
            self.get(at).and_then(Item::number).is_some_and(|numeral| numeral.digits && numeral.value <= 110);
        let is_age = self.get(at).and_then(Item::number).is_some_and(|numeral| !numeral.vague && numeral.value <= 110);
        let set_off = |at: usize| {
            self.get(at).is_none_or(|item| item.has(Tag::Comma) || item.has(Tag::Dash) || item.tags.is_empty())
        };
        let joined = |at: usize| {
            self.has(at, Tag::And) && self.get(at + 1).is_some_and(|item| item.number().is_some()) && set_off(at + 2)
        };
        let Some(comma) = start.checked_sub(1).filter(|_| start == at) else { return false };
        let somebody = |at: usize| {
            at.checked_sub(1)
                .and_then(|at| self.get(at))
                .is_some_and(|item| item.tags.meets(TagSet::of(&[Tag::Name, Tag::People, Tag::Claimant, Tag::Title])))
        };
        // "a girl of 12"
        let of = self.has(comma, Tag::Of)
            && comma.checked_sub(1).is_some_and(|person| self.is_one_person(person))
            && !self.get(at + 1).is_some_and(|next| next.tags.meets(TagSet::of(&[Tag::People, Tag::TheDead])));
        if is_age && of {
            return true;
        }
        let first = self.has(comma, Tag::Comma) && somebody(comma) && (set_off(at + 1) || joined(at + 1));
        let second = self.has(comma, Tag::And)
            && set_off(at + 1)
            && comma.checked_sub(2).is_some_and(|before| self.has(before, Tag::Comma) && somebody(before));
        is_small && (first || second)
    }

    fn is_replaced(&self, start: usize) -> bool {
        self.raises(start)
    }

    fn is_money(&self, start: usize, end: usize) -> bool {
        start.checked_sub(1).is_some_and(|before| self.has(before, Tag::Money)) || self.has(end, Tag::Money)
    }
}

fn figure(numeral: Numeral, other: Option<Numeral>, hedge: Option<HedgeKind>, approx: bool) -> Figure {
    let value = numeral.value;
    let bounds = match (other, hedge) {
        (Some(first), _) => {
            // "40 to 60 thousand": the multiplier belongs to both ends.
            let shared = first.multiplier == 1 && numeral.multiplier > 1 && first.value < 1000;
            let low = if shared { first.value.saturating_mul(numeral.multiplier) } else { first.value };
            Bounds::between(low, value)
        }
        (None, Some(HedgeKind::AtLeast)) => Bounds::AtLeast(value),
        (None, Some(HedgeKind::AtMost)) => Bounds::AtMost(value),
        (None, Some(HedgeKind::About | HedgeKind::Exactly) | None) if numeral.open => Bounds::AtLeast(value),
        (None, Some(HedgeKind::About | HedgeKind::Exactly) | None) => Bounds::Exact(value),
    };
    let round_word = numeral.vague && !numeral.open;
    Figure { bounds, approx: approx || (round_word && bounds == Bounds::Exact(value)), vague: numeral.vague }
}
