//! Outcomes shared: figures that have no outcome word of their own, in parts, lists and papers.

use crate::extract::confidence::of_shared;
use crate::extract::count::{Count, Head, Part};
use crate::extract::link::{Before, INCREASE, Linked, Linker, PART, outcome_of};
use crate::extract::pattern::OUTCOME;
use crate::extract::person::PRONOUN;
use crate::extract::scan::Item;
use crate::extract::tag::{Tag, TagSet};
use crate::model::{Outcome, Outcomes};

/// A count with the outcome of another one of the same sentence.
pub(super) fn share(at: usize, count: &Count, outcomes: Outcomes, antecedent: Option<usize>, rule: &str) -> Linked {
    Linked {
        count: at,
        outcomes,
        trigger: None,
        rule: rule.to_owned(),
        antecedent,
        from_before: false,
        skipped: 1,
        doubtful: count.head == Head::Unknown,
        surety: of_shared(rule),
        lead: None,
    }
}

/// A count with the outcome of an earlier sentence.
pub(super) fn from_before(at: usize, count: &Count, outcomes: Outcomes, rule: &str) -> Linked {
    Linked { from_before: true, ..share(at, count, outcomes, None, rule) }
}

impl Linker<'_, '_> {
    /// The outcome of a figure that has none beside it: of a part, of the next in a list, of what the passage counts.
    pub(super) fn by_antecedent(&self, at: usize, count: &Count, linked: &[Linked], before: Before) -> Option<Linked> {
        if count.part == Some(Part::OfDead) {
            let named = self.items.get(count.items.end..).into_iter().flatten().take(3).find_map(outcome_of);
            if let Some(died) = self.died_later(at, count) {
                return Some(died);
            }
            let whole = linked.iter().rev().find(|whole| named.is_some_and(|named| whole.outcomes.contains(named)));
            let whole = whole.map(|whole| whole.count);
            return named.map(|outcome| share(at, count, Outcomes::only(outcome), whole, "part-of-the-dead"));
        }
        if let Some(outcome) = self.of_the_dead(at, count) {
            return Some(from_before(at, count, Outcomes::only(outcome), PART));
        }
        if let Some(outcome) = self.apposed_to_harmed(count) {
            return Some(share(at, count, Outcomes::only(outcome), None, "apposed"));
        }
        let previous = self.whole(at, count, linked);
        if let Some(part) = self.of_those(at, count, previous, before) {
            return Some(part);
        }
        // "A teacher put it at nine": whoever says it is no figure before it.
        let says = |other: &Count| {
            let tells = TagSet::of(&[Tag::Said, Tag::Told, Tag::Names]);
            other.figure.bounds.midpoint() == 1
                && self.items.get(other.items.end).is_some_and(|item| item.tags.meets(tells))
        };
        let first = |other: &Count| !matches!(other.head, Head::Odd(_)) && !says(other);
        let alone = !self.counts.get(..at).unwrap_or_default().iter().any(first);
        let shares = self.items.first().is_some_and(|item| item.has(Tag::OfThem)) && count.part == Some(Part::OfFigure);
        let opens = at == 0
            || (shares && previous.is_none())
            || (count.part == Some(Part::OfFigure) && previous.is_none() && alone);
        // "The strike killed 24 people and wounded 134. Six were women.": of the dead.
        let killed = Outcomes::only(Outcome::Killed);
        let of_dead =
            before.pair.filter(|(first, _)| *first == killed && count.items.start == 0).map(|(first, _)| first);
        let told = of_dead.or(before.outcomes).filter(|_| opens);
        // "Four of the 13 were children"
        let whole =
            count.part == Some(Part::OfFigure) && self.items.get(count.items.end).is_some_and(|of| of.has(Tag::Of));
        let told = told.and_then(|told| if whole { self.told(at + 1, before).or(Some(told)) } else { Some(told) });
        // "One of them had gone without food": somebody is spoken of.
        let next = self.items.get(count.items.end..).unwrap_or_default();
        let speaks = next.first().is_some_and(|item| item.has(Tag::Auxiliary) && !item.has(Tag::Be))
            && !next.iter().take(5).any(|item| item.tags.meets(TagSet::of(&[Tag::People]).with(OUTCOME)));
        if speaks && count.part == Some(Part::OfFigure) && count.figure.bounds.midpoint() == 1 && count.people.is_none()
        {
            return None;
        }
        // "in some 150 of these attacks"
        let within = count.items.start.checked_sub(1).and_then(|led| self.items.get(led));
        let within = within.is_some_and(|item| item.has(Tag::In)) && count.people.is_none();
        if count.part == Some(Part::OfFigure) && (within || !self.closes(count)) {
            return None;
        }
        if at == 0
            && count.head == Head::Bare
            && let Some(outcomes) = told
            && self.continues_list(count)
        {
            return Some(from_before(at, count, outcomes, "same-as-before"));
        }
        // "one of the teachers" is nobody harmed unless it is said at once.
        let of = self.items.get(count.figure_items.end).is_some_and(|of| of.has(Tag::Of));
        if count.figure.bounds.midpoint() == 1 && count.part.is_none() && of && count.items.len() > 1 {
            return None;
        }
        if self.is_increase(count) {
            let previous = linked.last().filter(|previous| previous.count + 1 == at)?;
            return Some(share(at, count, previous.outcomes, None, INCREASE));
        }
        // "put the wounded at 47 and said five of its fighters were among them"
        if self.is_among_them(count)
            && let Some(outcomes) = linked.last().map(|last| last.outcomes).or(before.outcomes)
        {
            return Some(from_before(at, count, outcomes, PART));
        }
        // "Convicts account for 14,500"
        let accounts = count.items.start.checked_sub(1).and_then(|led| self.items.get(led));
        let accounts = accounts.is_some_and(|item| item.has(Tag::Include) && item.tokens.len() == 2);
        let accounts = accounts && count.head == Head::Bare && !self.sentence.meets(OUTCOME);
        if let Some(outcomes) = told.filter(|_| accounts || self.includes(at, count)) {
            return Some(from_before(at, count, outcomes, PART));
        }
        // "The prosecutor speaks of 33 women and a boy": of those harmed.
        let spoken_of = count.items.start.checked_sub(1).and_then(|of| self.items.get(of));
        let spoken_of = spoken_of.is_some_and(|item| item.has(Tag::Said) && item.tokens.len() == 2);
        let spoken_of =
            spoken_of && count.head == Head::People && !self.sentence.meets(OUTCOME.with(Tag::Exchange.set()));
        if let Some(outcomes) = told.filter(|_| spoken_of) {
            return Some(from_before(at, count, outcomes, "same-as-before"));
        }
        let line = told.filter(|_| before.listed && count.head == Head::People);
        line.map(|outcomes| from_before(at, count, outcomes, "line-of-a-list"))
            .or_else(|| self.paired(at, count, linked).map(|paired| share(at, count, paired.outcomes, None, "pair")))
            .or_else(|| self.paired_before(at, count, linked, before))
            .or_else(|| self.listed(at, count, linked))
            .or_else(|| self.figure_of(at, count, linked, (told, before)))
            .or_else(|| {
                let previous = previous.filter(|_| count.head == Head::Bare && self.is_rate(count))?;
                Some(share(at, count, previous.outcomes, Some(previous.count), "rate"))
            })
            .or_else(|| self.part(at, count, previous, told))
            .or_else(|| self.gapped(at, count, linked))
            .or_else(|| self.elsewhere(at, count, linked))
            .or_else(|| self.among_things(at, count))
            .or_else(|| self.together_with(at, count))
            .or_else(|| self.elided(at, count, linked, before))
    }

    /// "Two of the wounded men she was carrying also died."
    pub(super) fn died_later(&self, at: usize, count: &Count) -> Option<Linked> {
        let behind = self.items.get(count.items.end..)?;
        let named = behind.iter().take(4).find_map(outcome_of)?;
        let wall = TagSet::of(&[Tag::Comma, Tag::Semicolon, Tag::Said, Tag::Count, Tag::Barrier]);
        // "one of the wounded, a woman, had died"
        let comma = |item: &Item<'_>| item.has(Tag::Comma);
        let inserted =
            behind.get(1).is_some_and(comma).then(|| behind.iter().skip(2).take(6).position(comma)).flatten();
        let clause = behind.iter().skip(inserted.map_or(0, |closing| closing + 1));
        let clause = clause.take_while(|item| !item.tags.meets(wall) || (inserted.is_some() && comma(item)));
        let mut died = clause.skip(1).take(10).filter(|item| item.has(Tag::Done)).filter_map(outcome_of);
        // "A rescue worker who was injured last week has died"
        let who =
            count.head == Head::People && behind.first().is_some_and(|item| item.has(Tag::Relative) || item.is_with());
        // "three others with grave wounds were pronounced dead"
        let who = who || (self.is_others(count) && behind.first().is_some_and(Item::is_with));
        let later = (count.part == Some(Part::OfDead) || who)
            && named != Outcome::Killed
            && died.any(|died| died == Outcome::Killed);
        later.then(|| share(at, count, Outcomes::only(Outcome::Killed), None, "part-of-the-dead"))
    }

    /// "A Syrian woman and her four children are among them."
    fn is_among_them(&self, count: &Count) -> bool {
        let behind = self.items.get(count.items.end..).unwrap_or_default().iter().take(6);
        let mut predicate = behind.skip_while(|item| !item.has(Tag::Be)).skip(1).take(1);
        count.head == Head::People && predicate.any(|item| item.has(Tag::OfThem))
    }

    /// "Among them are 5,806 officers", "These include 165 children", "The list includes 13 generals".
    fn includes(&self, at: usize, count: &Count) -> bool {
        let has = |at: usize, tag: Tag| self.items.get(at).is_some_and(|item| item.has(tag));
        let among = has(0, Tag::OfThem) && has(1, Tag::Be) && count.items.start == 2;
        let these = TagSet::of(&[Tag::Article, Tag::They, Tag::It, Tag::This]);
        let report = has(1, Tag::Report) || has(1, Tag::Toll);
        // "The count also includes 5,354 men"
        let list = has(1, Tag::Include) || (report && (has(2, Tag::Include) || has(3, Tag::Include)));
        let includes = at == 0 && list && self.items.first().is_some_and(|item| item.tags.meets(these));
        count.head == Head::People && (among || includes)
    }

    /// "Of the dead on her list, eleven come from the village": the outcome of whom a sentence opens with.
    fn of_the_dead(&self, at: usize, count: &Count) -> Option<Outcome> {
        let opens = self.items.first().is_some_and(|item| item.tags.meets(TagSet::of(&[Tag::Of, Tag::OfThem])));
        let comma = count
            .items
            .start
            .checked_sub(1)
            .is_some_and(|led| self.items.get(led).is_some_and(|item| item.has(Tag::Comma)));
        let behind = self.items.get(count.items.end..).unwrap_or_default();
        let named = behind.iter().take(3).any(|item| item.tags.meets(TagSet::of(&[Tag::Names, Tag::Said])));
        if at > 0 || count.head != Head::Bare || !opens || !comma || named {
            return None;
        }
        self.items.get(1..4.min(count.items.start))?.iter().find_map(outcome_of)
    }

    /// "The wounded, 22 of them by the same account, are in three wards": whose number stands behind them.
    fn apposed_to_harmed(&self, count: &Count) -> Option<Outcome> {
        let before = self.items.get(..count.items.start)?;
        let [.., harmed, comma] = before else { return None };
        let harmed =
            Some(harmed).filter(|item| item.has(Tag::TheDead) && comma.has(Tag::Comma) && before.len() <= 3)?;
        outcome_of(harmed).filter(|_| count.part == Some(Part::OfFigure))
    }

    /// "Of these, 16 were on assignment", "Of the dozen who died, five worked there": a part by what it is said to do.
    fn of_those(&self, at: usize, count: &Count, whole: Option<&Linked>, before: Before) -> Option<Linked> {
        let first = self.items.first().filter(|item| item.tags.meets(TagSet::of(&[Tag::Of, Tag::OfThem])))?;
        let comma = count.items.start.checked_sub(1).and_then(|comma| self.items.get(comma))?;
        let next = self.items.get(count.items.end)?;
        let other = TagSet::of(&[Tag::Names, Tag::Said, Tag::Modal, Tag::Negation, Tag::Present, Tag::Exchange]);
        let clause = self.items.get(count.items.end..)?.iter().take(4);
        let told = clause.take_while(|item| !item.has(Tag::Comma)).any(|item| item.tags.meets(other.with(OUTCOME)));
        let says = next.tags.meets(TagSet::of(&[Tag::Word, Tag::Auxiliary, Tag::Have]));
        if count.head != Head::Bare || !comma.has(Tag::Comma) || told || !says {
            return None;
        }
        if at == 0 && first.has(Tag::OfThem) && count.items.start <= 2 {
            return before.outcomes.map(|outcomes| from_before(at, count, outcomes, PART));
        }
        let whole = whole.filter(|whole| whole.count == 0 && at == 1 && first.has(Tag::Of))?;
        Some(share(at, count, whole.outcomes, Some(whole.count), PART))
    }

    /// The figure right before, of which this one may be a part: never a smaller one.
    fn whole<'l>(&self, at: usize, count: &Count, linked: &'l [Linked]) -> Option<&'l Linked> {
        let between = |from: usize| self.counts.get(from + 1..at).unwrap_or_default();
        let odd = |count: &Count| matches!(count.head, Head::Odd(_) | Head::Thing);
        let previous = linked.last().filter(|previous| between(previous.count).iter().all(odd));
        let value = count.figure.bounds.midpoint();
        let holds = |whole: usize| self.counts.get(whole).is_some_and(|whole| whole.figure.bounds.midpoint() >= value);
        match previous {
            Some(previous) if count.part == Some(Part::OfFigure) && !holds(previous.count) => {
                linked.iter().rev().find(|whole| holds(whole.count))
            }
            other => other,
        }
    }

    /// A part of the figure before, or the next in a list.
    fn part(&self, at: usize, count: &Count, previous: Option<&Linked>, told: Option<Outcomes>) -> Option<Linked> {
        let listed = previous.filter(|previous| self.is_next_in_list(previous.count, at));
        // "We have 150 wounded and three doctors": what stands behind the outcome has a noun of its own.
        let apart = |previous: &&Linked| {
            let end = self.counts.get(previous.count).map_or(0, |whole| whole.items.end);
            let between = self.items.get(end..count.items.start).unwrap_or_default();
            let harmed = matches!(between, [outcome, and] if outcome.tags.meets(OUTCOME) && and.has(Tag::And));
            !(harmed && count.head == Head::People && count.part.is_none())
        };
        // "killed a pilot and two women fled"
        let acts = self.items.get(count.items.end).is_some_and(|next| next.has(Tag::Present)) && count.part.is_none();
        let listed = listed.filter(apart).filter(|_| !acts);
        if count.part != Some(Part::OfFigure) && !listed.is_some_and(|previous| self.is_part(previous.count)) {
            return listed.map(|previous| share(at, count, previous.outcomes, Some(previous.count), "list"));
        }
        let Some(previous) = previous else {
            // "He went in with 22 men": what one has is no part of the dead before.
            let led = count.items.start.checked_sub(1).and_then(|led| self.items.get(led));
            // "He knew one of them": nor is whom one knows.
            let subject = count.items.start.checked_sub(2).and_then(|at| self.items.get(at));
            let acts = subject.is_some_and(|item| item.tags.meets(PRONOUN))
                && led.is_some_and(|item| item.tags == Tag::Word.set());
            // "there are 40,000 of them around the town"
            let acts = acts || led.is_some_and(|item| item.has(Tag::Be));
            let has = acts || led.is_some_and(Item::is_with);
            return told.filter(|_| !has).map(|outcomes| from_before(at, count, outcomes, PART));
        };
        let whole = previous.antecedent.filter(|_| listed.is_some()).unwrap_or(previous.count);
        let outcomes = self.of_others(previous, count).unwrap_or(previous.outcomes);
        let tied = share(at, count, outcomes, Some(whole), PART);
        Some(Linked { from_before: previous.from_before && listed.is_some(), ..tied })
    }

    /// "three were killed and others injured, including a child": the child is of those who were not counted.
    fn of_others(&self, previous: &Linked, count: &Count) -> Option<Outcomes> {
        let from = self.counts.get(previous.count)?.items.end;
        let between = self.items.get(from..count.items.start)?;
        let others = between.iter().rposition(|item| item.has(Tag::Others))?;
        let harmed = between.get(others + 1..)?.iter().take(3).find(|item| item.has(Tag::Done))?;
        outcome_of(harmed).map(Outcomes::only)
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
            Tag::Barrier,
        ]);
        // "31, of whom 15 were identified on the spot"
        if [0, 1].iter().any(|at| self.items.get(count.items.end + at).is_some_and(|item| item.has(Tag::Names))) {
            return false;
        }
        self.items
            .get(count.items.end)
            .is_none_or(|next| next.tags.is_empty() || next.tags.meets(closing.with(OUTCOME)))
    }

    /// Whether nothing between two counts says anything new: no outcome, no speaker, no other clause.
    pub(super) fn is_open(&self, first: usize, second: usize) -> bool {
        let (Some(first), Some(second)) = (self.counts.get(first), self.counts.get(second)) else { return false };
        // "Eleven were killed, the governor said: ten in Kryvyi Rih"
        let colon =
            second.items.start.checked_sub(1).and_then(|at| self.items.get(at)).is_some_and(|at| at.has(Tag::Colon));
        // "Five died in Wardaniyeh, the ministry said, and eight at Derdghaya."
        let joins = TagSet::of(&[Tag::Comma, Tag::And]);
        let before = self.items.get(first.items.end..second.items.start).unwrap_or_default().iter().rev();
        let inserted = before.take_while(|item| item.tags.meets(joins)).count() == 2;
        let said = if colon || inserted { TagSet::EMPTY } else { Tag::Said.set() };
        // "Twelve died on Tuesday when the pagers went off, the minister said, and 25 on Wednesday."
        let clause = if inserted { TagSet::EMPTY } else { TagSet::of(&[Tag::Barrier, Tag::Relative]) };
        let wall = TagSet::of(&[Tag::Modal, Tag::Negation]).with(OUTCOME).with(clause).with(said);
        let passed = |item: &Item<'_>| !item.tags.meets(wall) || item.tags.meets(TagSet::of(&[Tag::Done, Tag::Noun]));
        self.items.get(first.items.end..second.items.start).unwrap_or_default().iter().all(passed)
    }

    /// "427,840 (+1,160)": what the last day added.
    pub(super) fn is_increase(&self, count: &Count) -> bool {
        let plus = count.items.start.checked_sub(1).and_then(|at| self.items.get(at));
        let opened = count.items.start.checked_sub(2).and_then(|at| self.items.get(at));
        // "with 1,240 added for the previous day"
        let added = self.items.get(count.items.end).is_some_and(|item| item.has(Tag::Increase));
        if added && plus.is_some_and(|item| item.tags.meets(TagSet::of(&[Tag::Lose, Tag::Comma, Tag::And]))) {
            return true;
        }
        // "adding that the two riders suffered injuries" adds nothing.
        let clause = self.items.get(count.items.start..count.number).unwrap_or_default();
        let told = clause.iter().any(|item| item.has(Tag::Relative));
        plus.is_some_and(|item| item.tags.meets(TagSet::of(&[Tag::Plus, Tag::Increase])) && !told)
            && opened.is_none_or(|item| item.tags.meets(TagSet::of(&[Tag::Bracket, Tag::Comma])))
    }

    fn is_rate(&self, count: &Count) -> bool {
        self.items.get(count.items.end).is_some_and(|next| next.has(Tag::Per))
    }

    fn is_part(&self, at: usize) -> bool {
        self.counts.get(at).is_some_and(|count| count.part.is_some())
    }
}
