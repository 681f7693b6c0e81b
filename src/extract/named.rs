//! Figures that a paper, a list or a speaker gives, of what was told before: "the ministry's figure was 37,877".

use crate::extract::count::{Count, Head};
use crate::extract::link::{BODIES, Before, ENTRIES, Linked, Linker, Recent, outcome_of};
use crate::extract::meaning::Meaning;
use crate::extract::pattern::OUTCOME;
use crate::extract::scan::Item;
use crate::extract::share::{from_before, share};
use crate::extract::tag::{Tag, TagSet};
use crate::model::{Outcome, Outcomes};

/// How many sentences ago another source may have given its figure, and how many times one may be the other.
const RIVAL_SENTENCES: usize = 4;
const RIVAL_TIMES: u64 = 5;

impl Linker<'_, '_> {
    /// What a paper or a list gives, of the outcome that was spoken of.
    pub(super) fn figure_of(
        &self,
        at: usize,
        count: &Count,
        linked: &[Linked],
        (passage, before): (Option<Outcomes>, Before),
    ) -> Option<Linked> {
        // "360 of its staff have died, and the ministry speaks of 1,580 medics"
        let led = count.items.start.checked_sub(1).and_then(|led| self.items.get(led));
        let named = !linked.is_empty() && led.is_some_and(|item| item.has(Tag::Names) && !item.has(Tag::Raised));
        // "bringing the total since August to 22,500 personnel", but "It also lists 22,708 people in detention."
        let elsewhere =
            self.items.get(count.items.end).is_some_and(|next| next.tags.meets(TagSet::of(&[Tag::In, Tag::On])));
        // "accuses two brothers of having guided the strike"
        let told = led.is_some_and(|item| item.has(Tag::Told));
        let people = count.head == Head::People
            && !elsewhere
            && !told
            && (named || self.raises_total(count) || (at == 0 && !self.is_harmed()));
        // "It named one."
        let one = count.head == Head::Bare
            && count.figure.bounds.midpoint() == 1
            && self.items.get(count.number).and_then(Item::number).is_none_or(|numeral| !numeral.digits);
        let counted = (count.head == Head::Bare && !one) || people;
        let rival = self.rival(at, count, linked, before).filter(|_| counted);
        if !counted || !(self.is_named_figure(count) || (rival.is_some() && self.is_rival_figure(count))) {
            return None;
        }
        // "Russia has lost 180,000 killed; another 320,000 were wounded: the total comes to half a million"
        if let Some(sum) = self.sum_of_both(count, linked) {
            return Some(share(at, count, sum, None, "figure-of"));
        }
        // "400 killed and 300 wounded. The ministry puts the number at 63": of the dead.
        let dead = before.pair.map(|(first, _)| first).filter(|first| *first == Outcomes::only(Outcome::Killed));
        // "Inhabitants were executed; the network gave their number as 38": of what the sentence says befell them.
        let told_here =
            self.items.get(..count.items.start).unwrap_or_default().iter().rev().find(|item| item.has(Tag::Done));
        let told_here = told_here.and_then(outcome_of).filter(|outcome| *outcome != Outcome::Casualties);
        let told_here = told_here.filter(|_| linked.is_empty() && count.head == Head::Bare);
        if let Some(outcome) = told_here {
            return Some(share(at, count, Outcomes::only(outcome), None, "figure-of"));
        }
        match linked.last() {
            Some(previous) => Some(share(at, count, previous.outcomes, None, "figure-of")),
            None => self
                .told(at, before)
                .filter(|_| passage.is_some() && count.head == Head::Bare)
                .or(dead.filter(|_| passage.is_some()))
                .or(passage)
                .or(before.asked)
                .or(rival)
                .map(|outcomes| from_before(at, count, outcomes, "figure-of")),
        }
    }

    /// "The list had 1,180 names as of Tuesday", in a passage about the dead: each is one of them.
    pub(super) fn names_on_list(&self, at: usize, count: &Count, before: Before) -> Option<Linked> {
        let entry = |meaning| if let Meaning::Entry = meaning { Some(()) } else { None };
        let noun = count.items.end.checked_sub(1).and_then(|noun| self.items.get(noun))?;
        noun.meaning(entry).filter(|()| count.items.end > count.number + 1)?;
        let led = count.items.start.checked_sub(1).and_then(|led| self.items.get(led))?;
        let lists = led.tags.meets(TagSet::of(&[Tag::Have, Tag::Names, Tag::Said, Tag::Reach, Tag::Include]));
        let killed = Outcomes::only(Outcome::Killed);
        let dead = |item: &Item<'_>| outcome_of(item) == Some(Outcome::Killed) && !item.has(Tag::Verb);
        let listed =
            self.sentence.has(Tag::Report) && before.recent.iter().flatten().any(|recent| recent.outcomes == killed);
        let told = listed || before.lists_dead || before.outcomes == Some(killed) || self.items.iter().any(dead);
        (lists && told).then(|| from_before(at, count, killed, ENTRIES))
    }

    /// "hospitals had received 79 bodies and 391 wounded": a toll, not bodies that were found or given back.
    pub(super) fn bodies_received(&self, at: usize, count: &Count) -> Option<Linked> {
        let noun = count.items.end.checked_sub(1).and_then(|noun| self.items.get(noun))?;
        let next = self.counts.get(at + 1).filter(|next| next.items.start == count.items.end + 1)?;
        let and = self.items.get(count.items.end)?.has(Tag::And);
        let wounded = self.items.get(next.items.end).and_then(outcome_of) == Some(Outcome::Wounded);
        let toll = noun.has(Tag::Bodies) && and && wounded && !self.sentence.has(Tag::Exchange);
        toll.then(|| share(at, count, Outcomes::only(Outcome::Killed), None, BODIES))
    }

    /// The outcomes of the dead and of the wounded of one sentence, if a figure is as large as both.
    fn sum_of_both(&self, count: &Count, linked: &[Linked]) -> Option<Outcomes> {
        let [.., first, second] = linked else { return None };
        let value = |tied: &Linked| Some(self.counts.get(tied.count)?.figure.bounds.midpoint());
        let both = first.outcomes != second.outcomes
            && [first, second].iter().all(|tied| {
                [Outcome::Killed, Outcome::Wounded].iter().any(|one| tied.outcomes == Outcomes::only(*one))
            });
        let sum = value(first)?.saturating_add(value(second)?);
        let near = count.figure.bounds.midpoint().abs_diff(sum) <= sum / 20;
        (both && near).then(|| first.outcomes.iter().chain(second.outcomes.iter()).collect())
    }

    /// Whether the sentence has an outcome of its own.
    fn is_harmed(&self) -> bool {
        self.items.iter().any(|item| item.tags.meets(OUTCOME))
    }

    /// "the Pentagon's figure was more than 600,000", "has a list of 247", "speaks of over 1,580".
    pub(super) fn is_named_figure(&self, count: &Count) -> bool {
        let Some(led) = count.items.start.checked_sub(1) else { return false };
        let has = |at: usize, tag: Tag| self.items.get(at).is_some_and(|item| item.has(tag));
        let paper = |from: usize| {
            (from.saturating_sub(7)..from).rev().find(|at| has(*at, Tag::Report)).is_some_and(|report| {
                // "its strength, which officials estimate at 550,000": a figure of something else.
                let of_another = (report.saturating_sub(4)..report).any(|at| has(at, Tag::Relative));
                if of_another && has(report, Tag::Said) {
                    return false;
                }
                let wall = TagSet::of(&[Tag::Semicolon, Tag::Barrier, Tag::Count, Tag::Colon]).with(OUTCOME);
                !self.items.get(report..from).unwrap_or_default().iter().any(|item| item.tags.meets(wall))
            })
        };
        // "The ministry's number is lower: 709."
        // "the number of visitors inside at about 120" is no toll.
        let of_people = |at: usize| {
            let behind = self.items.get(at + 1..led).unwrap_or_default();
            let noun =
                behind.iter().find(|item| !item.tags.meets(TagSet::of(&[Tag::Article, Tag::Modifier, Tag::Side])));
            // "the number of settlements shelled at nine"
            let things =
                noun.is_some_and(|item| item.tags.meets(TagSet::of(&[Tag::Settlement, Tag::Region, Tag::Thing])));
            things
                || noun.is_some_and(|item| item.has(Tag::People)) && !behind.iter().any(|item| item.tags.meets(OUTCOME))
        };
        // "the number of displaced at 1.2 million": of people whom nobody harmed.
        let unharmed = || (led.saturating_sub(7)..led).any(|at| has(at, Tag::Present));
        // "Mercenaries began to turn up; a panel has put their number at 300": of people whom nothing befell.
        let of_unharmed = |at: usize| {
            let before = self.items.get(..at).unwrap_or_default();
            before.last().is_some_and(|own| own.has(Tag::Own))
                && before.iter().any(|item| item.tags.meets(TagSet::of(&[Tag::People, Tag::Forces])))
                && !self.is_harmed()
        };
        let numbered = || {
            let number =
                |at: usize| !of_unharmed(at) && ((has(at, Tag::NumberOf) && !of_people(at)) || has(at, Tag::Numbers));
            (led.saturating_sub(7)..led).any(number) && !unharmed()
        };
        // "The figure for September was 1,271."
        let of_month = || {
            let month = self.items.get(led.saturating_sub(3)..led).unwrap_or_default();
            matches!(month, [.., number, time] if number.has(Tag::NumberOf) && time.has(Tag::Time))
        };
        let owned = || {
            (led.saturating_sub(7)..led)
                .any(|at| has(at, Tag::Possessive) && (has(at + 1, Tag::NumberOf) || has(at + 1, Tag::Numbers)))
        };
        // "Nine were killed. That has now gone up to 14.", "He later raised that to 14."
        let raised = || {
            let before = self.items.get(..count.items.start).unwrap_or_default();
            let rises = before
                .iter()
                .rposition(|item| item.has(Tag::Raised) || (item.has(Tag::Reach) && item.tokens.len() > 1));
            let that = |at: usize| has(at, Tag::Relative) && has(at, Tag::Article);
            let opens = that(0)
                && rises.is_some_and(|verb| {
                    verb + 1 == before.len() || (verb + 2 == before.len() && has(verb + 1, Tag::To))
                });
            let object = before.len() >= 3 && has(led, Tag::To) && that(led - 1) && has(led - 2, Tag::Raised);
            count.head == Head::Bare && (opens || object)
        };
        raised()
            || self.raises_total(count)
            || (has(led, Tag::Reach) || has(led, Tag::Of) || has(led, Tag::In)) && paper(led)
            // "that the number was above 10,000"
            || has(led, Tag::Be) && led > 0 && has(led - 1, Tag::NumberOf) && count.head == Head::Bare && self.ends(count)
            // "had estimated the number at close to 70,000"
            || (has(led, Tag::In) || has(led, Tag::Reach)) && !has(led, Tag::Be) && numbered() && count.head == Head::Bare
            || has(led, Tag::Colon) && (paper(led) || numbered())
            // "On Saturday the service's count had been seven."
            || has(led, Tag::Be) && count.head == Head::Bare && paper(led) && self.ends(count)
            // "The ministry's number that day was 45,805."
            || has(led, Tag::Be) && count.head == Head::Bare && (owned() || of_month()) && self.ends(count)
            || self.items.get(led).is_some_and(|item| item.has(Tag::Names) || item.has(Tag::Told))
                && !has(led, Tag::Raised)
            || has(led, Tag::Said) && count.head == Head::Bare && self.ends(count) && !is_year(count)
            || has(led, Tag::Reach) && (led.saturating_sub(3)..led).any(|at| has(at, Tag::It))
    }

    /// What befell those of whom somebody else gave a figure like this one shortly before: "Prigozhin boasted 50,000."
    fn rival(&self, at: usize, count: &Count, linked: &[Linked], before: Before) -> Option<Outcomes> {
        let value = count.figure.bounds.midpoint();
        let like = |told: u64| value <= told.saturating_mul(RIVAL_TIMES) && told <= value.saturating_mul(RIVAL_TIMES);
        if count.head != Head::Bare || is_year(count) {
            return None;
        }
        if let Some(previous) = linked.last() {
            let figure = self.counts.get(previous.count)?.figure.bounds.midpoint();
            return like(figure).then_some(previous.outcomes);
        }
        let near = |recent: &&Recent| recent.is_last && recent.ago <= RIVAL_SENTENCES && like(recent.figure);
        before.recent.iter().flatten().find(near).filter(|_| at == 0 && !self.is_harmed()).map(|recent| recent.outcomes)
    }

    /// "Mediazona stops at 111,387", "the Doctors Network has 1,500", "one channel had it at 20": a source and its figure.
    fn is_rival_figure(&self, count: &Count) -> bool {
        let before = self.items.get(..count.items.start).unwrap_or_default();
        let has = |back: usize, tag: Tag| {
            before.len().checked_sub(back).and_then(|at| before.get(at)).is_some_and(|item| item.has(tag))
        };
        let had_it_at = has(1, Tag::In) && (has(2, Tag::Said) || (has(2, Tag::It) && has(3, Tag::Names)));
        let verb = if had_it_at { 2 + usize::from(has(2, Tag::It)) } else { 1 };
        // "He was 19."
        let verbal = had_it_at || has(1, Tag::Have) || (has(1, Tag::Reach) && !has(1, Tag::Be));
        let source = TagSet::of(&[Tag::Claimant, Tag::Name, Tag::Report, Tag::Body, Tag::Officials, Tag::Outlet]);
        let speaks = before.len().checked_sub(verb + 1).and_then(|at| before.get(at));
        verbal && speaks.is_some_and(|item| item.tags.meets(source)) && self.ends(count)
    }

    /// Whether nothing but a time stands between a count and the end of its clause.
    fn ends(&self, count: &Count) -> bool {
        let ends = TagSet::of(&[Tag::Comma, Tag::Semicolon, Tag::Time, Tag::And]);
        let end = count.items.end;
        // "put it at 30,228 on Friday"
        let dated = self.items.get(end).is_some_and(|item| item.tags.meets(TagSet::of(&[Tag::On, Tag::In, Tag::AsOf])))
            && self.items.get(end + 1).is_some_and(|item| item.has(Tag::Time));
        dated || self.items.get(end).is_none_or(|next| next.tags.is_empty() || next.tags.meets(ends))
    }

    /// "bringing the total since hostilities began to 22,500": a verb of raising, and what it raises.
    pub(super) fn raises_total(&self, count: &Count) -> bool {
        let has = |at: usize, tag: Tag| self.items.get(at).is_some_and(|item| item.has(tag));
        let Some(led) = count.items.start.checked_sub(1).filter(|led| has(*led, Tag::To)) else { return false };
        let wall = TagSet::of(&[Tag::Semicolon, Tag::Said, Tag::Count]).with(OUTCOME);
        let verb = (led.saturating_sub(14)..led).rev().find(|at| has(*at, Tag::Raised));
        let clause = verb.and_then(|verb| self.items.get(verb..led)).unwrap_or_default();
        clause.iter().any(|item| item.tags.meets(TagSet::of(&[Tag::NumberOf, Tag::Numbers])))
            && !clause.iter().any(|item| item.tags.meets(wall))
    }
}

/// "recalled 1996": four digits that may be a year.
fn is_year(count: &Count) -> bool {
    let value = count.figure.bounds.midpoint();
    (1900..2100).contains(&value) && !value.is_multiple_of(100)
}
