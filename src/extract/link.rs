//! Counts → outcomes: what happened to the people that a number counts, or why nothing did.

use crate::extract::Reason;
use crate::extract::confidence::of_shared;
use crate::extract::count::{Count, Head, Part};
use crate::extract::language::Language;
use crate::extract::lexicon::Meaning;
use crate::extract::pattern::{Link, OUTCOME};
use crate::extract::scan::{Item, Sentence};
use crate::extract::tag::{Tag, TagSet};
use crate::model::{Outcome, Outcomes};

/// The rule by which a daily increase is read.
pub(super) const INCREASE: &str = "increase";

/// A count with its outcome.
#[derive(Debug, Clone)]
pub(super) struct Linked {
    /// The count, by its place in the sentence.
    pub(super) count: usize,
    pub(super) outcomes: Outcomes,
    /// The item of the outcome word, if the sentence has one for it.
    pub(super) trigger: Option<usize>,
    /// The rule that tied them.
    pub(super) rule: String,
    /// The count, in the same sentence, of which this one is a part or whose outcome it shares.
    pub(super) antecedent: Option<usize>,
    /// Its antecedent is the last claim of an earlier sentence.
    pub(super) from_before: bool,
    /// How many items stood between the count and its outcome.
    pub(super) skipped: usize,
    /// The noun is not a known word for people.
    pub(super) doubtful: bool,
    /// How much surer its rule is than the average rule, in log-odds.
    pub(super) surety: f32,
    /// The place, side or name that a figure of a list has instead of a verb: "Sumy 14".
    pub(super) lead: Option<usize>,
}

impl Linked {
    /// An outcome word without a count: what a list says for its lines.
    pub(super) fn of_word(trigger: usize, sentence: &Sentence<'_>) -> Self {
        let outcome = sentence.items.get(trigger).and_then(outcome_of).unwrap_or(Outcome::Casualties);
        Self {
            count: 0,
            outcomes: Outcomes::only(outcome),
            trigger: Some(trigger),
            rule: String::new(),
            antecedent: None,
            from_before: false,
            skipped: 0,
            doubtful: false,
            surety: 0.0,
            lead: None,
        }
    }
}

/// What an earlier sentence left open.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Before {
    /// The outcomes of its last claim.
    pub(super) outcomes: Option<Outcomes>,
    /// It opened a list, and this sentence is a line of it.
    pub(super) listed: bool,
}

/// Ties each count of a sentence to its outcome.
pub(super) fn link(
    language: &Language,
    sentence: &Sentence<'_>,
    counts: &[Count],
    before: Before,
) -> (Vec<Linked>, Vec<(usize, Reason)>) {
    let linker = Linker { language, items: &sentence.items, counts };
    let mut linked: Vec<Linked> = Vec::new();
    let mut rejected = Vec::new();
    for at in 0..counts.len() {
        match linker.tie(at, &linked, before) {
            Ok(tied) => linked.push(tied),
            Err(reason) => rejected.push((at, reason)),
        }
    }
    (linked, rejected)
}

struct Linker<'s, 'a> {
    language: &'s Language,
    items: &'s [Item<'a>],
    counts: &'s [Count],
}

impl Linker<'_, '_> {
    fn tie(&self, at: usize, linked: &[Linked], before: Before) -> Result<Linked, Reason> {
        let Some(count) = self.counts.get(at) else { return Err(Reason::NoHarm) };
        match count.head {
            Head::Odd(_) => return Err(Reason::NotACount),
            Head::Thing => return Err(Reason::Things),
            Head::Replaced => return Err(Reason::Replaced),
            Head::People | Head::Lives | Head::Bare | Head::Unknown => {}
        }
        if self.is_pronoun(count) {
            return Err(Reason::NotACount);
        }
        let by_pattern = || if self.is_increase(count) { None } else { self.by_pattern(at, count) };
        let tied = by_pattern().or_else(|| self.by_antecedent(at, count, linked, before));
        let Some(tied) = tied else { return Err(Reason::NoHarm) };
        self.check(count, &tied)?;
        if self.elides_things(at, count, &tied) {
            return Err(Reason::Things);
        }
        Ok(tied)
    }

    /// "Of 90 drones, 37 were shot down and another 47 disappeared": a count without a noun counts what the one before did.
    fn elides_things(&self, at: usize, count: &Count, tied: &Linked) -> bool {
        let bodily = tied.outcomes.contains(Outcome::Killed) || tied.outcomes.contains(Outcome::Wounded);
        let before = self.counts.get(..at).unwrap_or_default();
        let last_named = before.iter().rev().find(|count| !matches!(count.head, Head::Bare | Head::Odd(_)));
        count.head == Head::Bare
            && !bodily
            && last_named.is_some_and(|count| matches!(count.head, Head::Thing | Head::Unknown))
    }

    /// "one of", "one for each": the word stands for a thing, not for a number.
    fn is_pronoun(&self, count: &Count) -> bool {
        let is_word = self
            .items
            .get(count.number)
            .and_then(Item::number)
            .is_none_or(|numeral| !numeral.digits && numeral.value == 1);
        let next = self.items.get(count.items.end);
        let goes_on = next.is_some_and(|item| {
            item.tags.meets(TagSet::of(&[Tag::Of, Tag::Preposition, Tag::In, Tag::By, Tag::To, Tag::On]))
        });
        count.head == Head::Bare && count.part.is_none() && is_word && goes_on
    }

    fn by_pattern(&self, at: usize, count: &Count) -> Option<Linked> {
        let matches = self
            .language
            .patterns
            .iter()
            .filter_map(|pattern| Some((pattern, pattern.link(self.items, self.counts, count)?)));
        let matches = matches.filter(|(_, link)| !self.opens_another(count, link));
        let (pattern, link) = matches.min_by_key(|(_, link)| link.skipped + self.across_and(count, link))?;
        let outcomes = match pattern.outcome {
            Some(outcome) => Outcomes::only(outcome),
            None => self.outcomes(&link)?,
        };
        Some(Linked {
            count: at,
            outcomes,
            trigger: link.outcome,
            rule: pattern.name.clone(),
            antecedent: None,
            // "Of those, 275 were killed": the people are the ones just spoken of.
            from_before: at == 0
                && (self.items.first().is_some_and(|item| item.has(Tag::OfThem)) || self.is_others(count)),
            skipped: link.skipped,
            doubtful: count.head == Head::Unknown,
            surety: pattern.surety,
            lead: None,
        })
    }

    /// "One person was killed and 11 others, mostly students, were wounded": what stands behind "and" has its own verb.
    fn across_and(&self, count: &Count, link: &Link) -> usize {
        let before = link.outcome.filter(|outcome| *outcome < count.items.start);
        let between = before.and_then(|outcome| self.items.get(outcome..count.items.start)).unwrap_or_default();
        if between.iter().any(|item| item.has(Tag::And)) { 6 } else { 0 }
    }

    /// "seven women and 15 children, and wounded 121": the verb behind the list has an object of its own.
    fn opens_another(&self, count: &Count, link: &Link) -> bool {
        let Some(trigger) = link.outcome.filter(|trigger| *trigger > count.items.end) else { return false };
        let is_verb = self.items.get(trigger).is_some_and(|item| item.has(Tag::Verb));
        // "48,000 relatives of missing servicemen": the word belongs to another noun.
        let describes = self.items.get(trigger + 1).is_some_and(|next| next.has(Tag::People))
            && !self.items.get(trigger).is_some_and(|item| item.has(Tag::TheDead));
        if count.people.is_some() && describes && count.items.end + 3 > trigger && count.items.end < trigger {
            return true;
        }
        let joined = self
            .items
            .get(count.items.end..trigger)
            .unwrap_or_default()
            .iter()
            .any(|item| item.tags.meets(TagSet::of(&[Tag::And, Tag::Comma])));
        let next = self.items.get(trigger + 1);
        is_verb && joined && next.is_some_and(|next| next.has(Tag::Count) || Self::hedges(next))
    }

    /// The outcome of the word, and of those joined to it ("killed or wounded").
    fn outcomes(&self, link: &Link) -> Option<Outcomes> {
        let trigger = link.outcome?;
        let mut outcomes = Outcomes::only(outcome_of(self.items.get(trigger)?)?);
        let mut last = trigger;
        while let Some((next, outcome)) = self.joined(last, Direction::Right) {
            outcomes = outcomes.with(outcome);
            last = next;
        }
        let mut first = trigger;
        while let Some((next, outcome)) = self.joined(first, Direction::Left) {
            outcomes = outcomes.with(outcome);
            first = next;
        }
        Some(outcomes)
    }

    /// The next outcome word in the same row of words, if no count stands beside it.
    fn joined(&self, from: usize, direction: Direction) -> Option<(usize, Outcome)> {
        let step = |at: usize| match direction {
            Direction::Right => Some(at + 1),
            Direction::Left => at.checked_sub(1),
        };
        let skippable = TagSet::of(&[Tag::And, Tag::Or, Tag::Comma, Tag::Auxiliary, Tag::Modifier]);
        let (mut at, mut joins) = (step(from)?, false);
        for _ in 0..4 {
            let item = self.items.get(at)?;
            if item.tags.meets(OUTCOME) {
                let beside = step(at).and_then(|next| self.items.get(next));
                let has_own_count = beside.is_some_and(|next| next.has(Tag::Count) || Self::hedges(next));
                return (joins && !has_own_count).then(|| outcome_of(item)).flatten().map(|outcome| (at, outcome));
            }
            if !item.tags.meets(skippable) {
                return None;
            }
            joins |= item.tags.meets(TagSet::of(&[Tag::And, Tag::Or]));
            joins |= item.has(Tag::Comma) && matches!(direction, Direction::Right);
            at = step(at)?;
        }
        None
    }

    /// "Seven others were wounded": people like those before.
    fn is_others(&self, count: &Count) -> bool {
        self.items.get(count.items.clone()).unwrap_or_default().iter().any(|item| item.has(Tag::Others))
    }

    fn hedges(item: &Item<'_>) -> bool {
        item.meaning(|meaning| if let Meaning::Hedge(_) = meaning { Some(()) } else { None }).is_some()
    }

    /// The outcome of a figure before, for a part of it and for the next in a list.
    fn by_antecedent(&self, at: usize, count: &Count, linked: &[Linked], before: Before) -> Option<Linked> {
        let Before { outcomes: before, listed: in_list } = before;
        let share = |outcomes, antecedent, from_before, rule: &str| Linked {
            count: at,
            outcomes,
            trigger: None,
            rule: rule.to_owned(),
            antecedent,
            from_before,
            skipped: 1,
            doubtful: count.head == Head::Unknown,
            surety: of_shared(rule),
            lead: None,
        };
        if count.part == Some(Part::OfDead) {
            let named = self.items.get(count.items.end..).into_iter().flatten().take(3).find_map(outcome_of);
            return named.map(|outcome| share(Outcomes::only(outcome), None, false, "part-of-the-dead"));
        }
        // A part belongs to the figure right before it, not to one farther up.
        let between = |from: usize| self.counts.get(from + 1..at).unwrap_or_default();
        let odd = |count: &Count| matches!(count.head, Head::Odd(_));
        let previous = linked.last().filter(|previous| between(previous.count).iter().all(odd));
        // A part is never larger than its whole.
        let value = count.figure.bounds.midpoint();
        let holds = |whole: usize| self.counts.get(whole).is_some_and(|whole| whole.figure.bounds.midpoint() >= value);
        let larger = linked.iter().rev().find(|whole| holds(whole.count) && self.counts.get(whole.count + 1).is_some());
        let previous = match previous {
            Some(previous) if count.part == Some(Part::OfFigure) && !holds(previous.count) => larger,
            other => other,
        };
        let alone = || !self.counts.get(..at).unwrap_or_default().iter().any(|other| !odd(other));
        let before =
            before.filter(|_| at == 0 || (count.part == Some(Part::OfFigure) && previous.is_none() && alone()));
        let listed = previous.filter(|previous| self.is_next_in_list(previous.count, at));
        if count.part == Some(Part::OfFigure) && !self.closes(count) {
            return None;
        }
        if at == 0
            && count.head == Head::Bare
            && let Some(outcomes) = before
            && self.continues_list(count)
        {
            return Some(share(outcomes, None, true, "same-as-before"));
        }
        // "one of the teachers" is nobody harmed unless it is said at once.
        let inside = self.items.get(count.items.clone()).unwrap_or_default();
        if count.figure.bounds.midpoint() == 1 && count.part.is_none() && inside.iter().any(|item| item.has(Tag::Of)) {
            return None;
        }
        if self.is_increase(count) {
            let previous = linked.last().filter(|previous| previous.count + 1 == at)?;
            return Some(share(previous.outcomes, None, false, INCREASE));
        }
        if in_list
            && count.head == Head::People
            && let Some(outcomes) = before
        {
            return Some(share(outcomes, None, true, "line-of-a-list"));
        }
        if let Some(paired) = self.paired(at, count, linked) {
            return Some(share(paired.outcomes, None, false, "pair"));
        }
        if let Some(previous) = linked.last()
            && count.head == Head::Bare
            && count.part.is_none()
        {
            let open = self.is_open(previous.count, at);
            if let Some(lead) = self.lead(count).filter(|_| open) {
                let tied = share(previous.outcomes, Some(previous.count), false, "listed");
                return Some(Linked { lead: Some(lead), ..tied });
            }
            if let Some(lead) = self.trailing_place(count).filter(|_| open) {
                let tied = share(previous.outcomes, Some(previous.count), false, "listed");
                return Some(Linked { lead: Some(lead), ..tied });
            }
            // "40 deaths on 11 April and a further 16 on the following day"
            if open && self.adds(count) {
                return Some(share(previous.outcomes, None, false, "added"));
            }
        }
        let counted = count.head == Head::Bare || (count.head == Head::People && at == 0 && !self.is_harmed());
        if counted && self.is_named_figure(count) {
            let inside = linked.last().map(|previous| previous.outcomes);
            let tied = inside.or(before).map(|outcomes| share(outcomes, None, inside.is_none(), "figure-of"));
            if tied.is_some() {
                return tied;
            }
        }
        if count.head == Head::Bare
            && let Some(previous) = previous.filter(|_| self.is_rate(count))
        {
            return Some(share(previous.outcomes, Some(previous.count), false, "rate"));
        }
        if count.part == Some(Part::OfFigure) || listed.is_some_and(|previous| self.is_part(previous.count)) {
            return match previous {
                Some(previous) => {
                    let whole = if listed.is_some() {
                        previous.antecedent.or(Some(previous.count))
                    } else {
                        Some(previous.count)
                    };
                    Some(share(previous.outcomes, whole, previous.from_before && listed.is_some(), "part"))
                }
                None => before.map(|outcomes| share(outcomes, None, true, "part")),
            };
        }
        listed.map(|previous| share(previous.outcomes, Some(previous.count), false, "list"))
    }

    /// "of them" ends a part unless another predicate follows: "600 of them asleep".
    fn closes(&self, count: &Count) -> bool {
        if count.people.is_some() {
            return true;
        }
        let closing = TagSet::of(&[
            Tag::Comma,
            Tag::Semicolon,
            Tag::Bracket,
            Tag::Dash,
            Tag::Auxiliary,
            Tag::People,
            Tag::In,
            Tag::From,
            Tag::And,
            Tag::QuoteMark,
            Tag::Modifier,
            Tag::Preposition,
            Tag::On,
            Tag::One,
            Tag::Side,
            Tag::OfThem,
            Tag::Time,
            Tag::Since,
            Tag::AsOf,
        ]);
        self.items
            .get(count.items.end)
            .is_none_or(|next| next.tags.is_empty() || next.tags.meets(closing.with(OUTCOME)))
    }

    /// "Bekaa had 3 dead and 11 injured, Baalbek 5 and 17": the outcomes alternate as before.
    fn paired<'l>(&self, at: usize, count: &Count, linked: &'l [Linked]) -> Option<&'l Linked> {
        let two_back = linked.len().checked_sub(2).and_then(|two_back| linked.get(two_back))?;
        let one_back = linked.last().filter(|one_back| one_back.count + 1 == at)?;
        let joined = |first: usize, second: usize| match (self.counts.get(first), self.counts.get(second)) {
            (Some(first), Some(second)) => {
                let between = self.items.get(first.items.end..second.items.start).unwrap_or_default();
                first.head == Head::Bare && second.head == Head::Bare && between.iter().all(|item| item.has(Tag::And))
            }
            _ => false,
        };
        let opens = joined(at, at + 1);
        let closes = one_back.rule == "pair" && at.checked_sub(1).is_some_and(|before| joined(before, at));
        (count.head == Head::Bare && two_back.outcomes != one_back.outcomes && (opens || closes)).then_some(two_back)
    }

    /// "In Dnipro, in January 2023: 46." after a sentence that said what happened; "the mission arrived at 46".
    fn continues_list(&self, count: &Count) -> bool {
        let verbs = TagSet::of(&[Tag::Auxiliary, Tag::Said, Tag::Modal, Tag::Relative]).with(OUTCOME);
        let verbless = !self.items.iter().any(|item| item.tags.meets(verbs));
        let led = count.items.start.checked_sub(1).and_then(|at| self.items.get(at));
        let set_off = led.is_some_and(|item| item.tags.meets(TagSet::of(&[Tag::Colon, Tag::Comma, Tag::Dash])));
        let situated =
            self.items.iter().any(|item| item.has(Tag::Place)) && self.items.iter().any(|item| item.has(Tag::Time));
        let named = led.is_some_and(|item| item.has(Tag::Names) && !item.has(Tag::Raised));
        (verbless && set_off && situated) || named
    }

    /// Whether nothing between two counts says anything new: no outcome, no speaker, no other clause.
    fn is_open(&self, first: usize, second: usize) -> bool {
        let (Some(first), Some(second)) = (self.counts.get(first), self.counts.get(second)) else { return false };
        let wall = TagSet::of(&[Tag::Said, Tag::Barrier, Tag::Relative, Tag::Modal, Tag::Negation]).with(OUTCOME);
        let passed = |item: &Item<'_>| !item.tags.meets(wall) || item.tags.meets(TagSet::of(&[Tag::Done, Tag::Noun]));
        self.items.get(first.items.end..second.items.start).unwrap_or_default().iter().all(passed)
    }

    /// "…, Sverdlovsk region with 958", "and Ukraine's at no fewer than 7,000": the name that stands for a clause.
    fn lead(&self, count: &Count) -> Option<usize> {
        let name = TagSet::of(&[
            Tag::Place,
            Tag::Name,
            Tag::Claimant,
            Tag::Region,
            Tag::Side,
            Tag::Country,
            Tag::Forces,
            Tag::Direction,
        ]);
        let joins = TagSet::of(&[Tag::Preposition, Tag::Reach, Tag::Colon, Tag::Dash, Tag::Possessive, Tag::In]);
        let mut at = count.items.start;
        for _ in 0..3 {
            at = at.checked_sub(1)?;
            let item = self.items.get(at)?;
            let side =
                at.checked_sub(1).and_then(|before| self.items.get(before)).is_some_and(|item| item.has(Tag::Side));
            if item.tags.meets(name) || (item.has(Tag::Body) && side) {
                break;
            }
            let comma = item.has(Tag::Comma) && at + 1 == count.items.start;
            if !item.tags.meets(joins) && !(comma && side_ahead(self.items, at)) {
                return None;
            }
        }
        // "on the Israeli side, nine"
        let sided = self.items.get(at).is_some_and(|item| item.has(Tag::Body));
        let lead = if sided { at.checked_sub(1)? } else { at };
        self.items.get(lead).filter(|item| item.tags.meets(name))?;
        let inside = name.with(TagSet::of(&[Tag::Article, Tag::Of, Tag::In, Tag::On, Tag::Body, Tag::Settlement]));
        while let Some(before) = at.checked_sub(1).and_then(|before| self.items.get(before)) {
            if !before.tags.meets(inside) {
                break;
            }
            at -= 1;
        }
        let opens = TagSet::of(&[Tag::Comma, Tag::And, Tag::Semicolon, Tag::Bracket, Tag::By, Tag::Barrier]);
        let before = at.checked_sub(1).and_then(|before| self.items.get(before))?;
        before.tags.meets(opens).then_some(lead)
    }

    /// "and three in Sumy", "another 14 in Sumy": the place behind the number makes it an item of the list.
    fn trailing_place(&self, count: &Count) -> Option<usize> {
        let named = TagSet::of(&[Tag::Place, Tag::Name, Tag::Country]);
        let opens = TagSet::of(&[Tag::Comma, Tag::And, Tag::Semicolon]);
        let opened = count.items.start.checked_sub(1).and_then(|before| self.items.get(before));
        opened.filter(|before| before.tags.meets(opens))?;
        self.items.get(count.items.end).filter(|item| item.tags.meets(TagSet::of(&[Tag::In, Tag::On])))?;
        (count.items.end + 1..count.items.end + 4)
            .find(|at| self.items.get(*at).is_some_and(|item| item.tags.meets(named)))
    }

    /// "427,840 (+1,160)": what the last day added.
    fn is_increase(&self, count: &Count) -> bool {
        let plus = count.items.start.checked_sub(1).and_then(|at| self.items.get(at));
        let opened = count.items.start.checked_sub(2).and_then(|at| self.items.get(at));
        plus.is_some_and(|item| item.has(Tag::Plus))
            && opened.is_none_or(|item| item.tags.meets(TagSet::of(&[Tag::Bracket, Tag::Comma])))
    }

    /// Whether the sentence has an outcome of its own.
    fn is_harmed(&self) -> bool {
        self.items.iter().any(|item| item.tags.meets(OUTCOME))
    }

    /// "and a further 16 on the following day".
    fn adds(&self, count: &Count) -> bool {
        let more = self.items.get(count.items.clone()).unwrap_or_default().iter().any(|item| item.has(Tag::Another));
        let next = |at: usize, tags: &[Tag]| self.items.get(at).is_some_and(|item| item.tags.meets(TagSet::of(tags)));
        let end = count.items.end;
        more && (next(end, &[Tag::Time])
            || (next(end, &[Tag::On, Tag::In, Tag::AsOf]) && !next(end + 1, &[Tag::Thing])))
    }

    /// "the Pentagon's figure was more than 600,000", "has a list of 247", "speaks of over 1,580".
    fn is_named_figure(&self, count: &Count) -> bool {
        let Some(led) = count.items.start.checked_sub(1) else { return false };
        let has = |at: usize, tag: Tag| self.items.get(at).is_some_and(|item| item.has(tag));
        let paper = |from: usize| {
            (from.saturating_sub(7)..from).rev().find(|at| has(*at, Tag::Report)).is_some_and(|report| {
                let wall = TagSet::of(&[Tag::Semicolon, Tag::Barrier, Tag::Count, Tag::Colon]).with(OUTCOME);
                !self.items.get(report..from).unwrap_or_default().iter().any(|item| item.tags.meets(wall))
            })
        };
        (has(led, Tag::Reach) || has(led, Tag::Of) || has(led, Tag::In)) && paper(led)
            || self.items.get(led).is_some_and(|item| item.has(Tag::Names) || item.has(Tag::Told))
                && !has(led, Tag::Raised)
            || has(led, Tag::Reach) && (led.saturating_sub(3)..led).any(|at| has(at, Tag::It))
    }

    fn is_rate(&self, count: &Count) -> bool {
        self.items.get(count.items.end).is_some_and(|next| next.has(Tag::Per))
    }

    fn is_part(&self, at: usize) -> bool {
        self.counts.get(at).is_some_and(|count| count.part.is_some())
    }

    /// Whether nothing but "and" or a comma stands between two counts of people.
    fn is_next_in_list(&self, previous: usize, at: usize) -> bool {
        let (Some(first), Some(second)) = (self.counts.get(previous), self.counts.get(at)) else { return false };
        let joiners = TagSet::of(&[Tag::And, Tag::Comma, Tag::Another, Tag::Versus]);
        let between = self.items.get(first.items.end..second.items.start).unwrap_or_default();
        let versus = between.iter().rev().take(3).any(|item| item.has(Tag::Versus));
        let joined = !between.is_empty() && between.iter().all(|item| item.tags.meets(joiners));
        (joined && second.head == Head::People) || versus
    }

    /// What turns a figure with an outcome down all the same.
    fn check(&self, count: &Count, tied: &Linked) -> Result<(), Reason> {
        let trigger = tied.trigger.unwrap_or(count.items.start);
        let from = trigger.min(count.items.start).saturating_sub(4);
        let to = trigger.max(count.items.end);
        let near = self.items.get(from..to.min(self.items.len())).unwrap_or_default();
        let opens = TagSet::of(&[Tag::Semicolon, Tag::Said, Tag::Colon]);
        let opened = near.iter().rposition(|item| item.tags.meets(opens));
        let clause = near.get(opened.map_or(0, |at| at + 1)..).unwrap_or_default();
        if clause.iter().any(|item| item.has(Tag::Modal)) {
            return Err(Reason::Hypothetical);
        }
        let negated = |at: usize| {
            self.items.get(at.saturating_sub(3)..at).unwrap_or_default().iter().any(|item| item.has(Tag::Negation))
        };
        if negated(trigger) || negated(count.items.start) {
            return Err(Reason::Negated);
        }
        if tied.outcomes.contains(Outcome::Captured) && self.items.iter().any(|item| item.has(Tag::Exchange)) {
            return Err(Reason::Exchange);
        }
        if tied.doubtful && !tied.outcomes.contains(Outcome::Killed) && !tied.outcomes.contains(Outcome::Wounded) {
            return Err(Reason::Things);
        }
        if tied.outcomes == Outcomes::only(Outcome::Casualties) && count.head == Head::Unknown {
            return Err(Reason::Things);
        }
        Ok(())
    }
}

/// "on the Israeli side," or "; of Center,": a comma that sets off the lead of a list's item.
fn side_ahead(items: &[Item<'_>], comma: usize) -> bool {
    let before = items.get(comma.saturating_sub(4)..comma).unwrap_or_default();
    let side = before.windows(2).any(|pair| matches!(pair, [one, other] if one.has(Tag::Side) && other.has(Tag::Body)));
    let of =
        before.windows(2).any(|pair| matches!(pair, [one, other] if one.has(Tag::Semicolon) && other.has(Tag::Of)));
    side || of
}

#[derive(Debug, Clone, Copy)]
enum Direction {
    Left,
    Right,
}

/// The outcome that an item names.
pub(super) fn outcome_of(item: &Item<'_>) -> Option<Outcome> {
    item.meaning(|meaning| if let Meaning::Outcome(_, outcome) = meaning { Some(outcome) } else { None })
}
