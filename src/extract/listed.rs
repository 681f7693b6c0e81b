//! Lists: figures that have a name, a place, a side or a day instead of a verb.

use crate::extract::count::{Count, Head};
use crate::extract::link::{Linked, Linker, PART, outcome_of};
use crate::extract::pattern::OUTCOME;
use crate::extract::scan::Item;
use crate::extract::share::share;
use crate::extract::tag::{Tag, TagSet};
use crate::extract::time::TimeExpression;
use crate::model::{Outcome, Outcomes};

/// How many things a list may have before its people.
const MOST_THINGS: usize = 12;

impl Linker<'_, '_> {
    /// An item of a list that has a name or a place instead of a verb.
    pub(super) fn listed(&self, at: usize, count: &Count, linked: &[Linked]) -> Option<Linked> {
        let more = linked.last().filter(|previous| self.is_more(previous.count, count));
        if let Some(previous) = more {
            return Some(share(at, count, previous.outcomes, None, "added"));
        }
        if let Some(tied) = linked.first().and_then(|whole| self.of_both_sides(at, count, whole)) {
            return Some(tied);
        }
        if let Some(tied) = linked.last().and_then(|previous| self.conjoined(at, count, previous)) {
            return Some(tied);
        }
        let since = self.items.get(count.items.end).is_some_and(|item| item.has(Tag::Since));
        // "…, in all about 325,580 since February"
        let in_all = count
            .items
            .start
            .checked_sub(1)
            .is_some_and(|at| self.items.get(at).is_some_and(|item| item.has(Tag::SoFar)));
        // "came to 1,060 in the same period, and to 1,176,230 since February", "at 20,000 in July, and at 112,500 since"
        let to = count.items.start.checked_sub(1).and_then(|at| self.items.get(at));
        // "the killing of 139 civilians in June and of 174 in May"
        let to = to.is_some_and(|item| item.has(Tag::To) || item.has(Tag::Of) || (since && item.has(Tag::In)));
        let skipped = 1 + usize::from(in_all || to);
        let opened = count.items.start.checked_sub(skipped).and_then(|before| self.items.get(before));
        let joined = opened.is_some_and(|item| item.tags.meets(TagSet::of(&[Tag::And, Tag::Comma])));
        // "1,200 were killed on that day, and 456 soldiers since the invasion began"
        let counted =
            count.head == Head::Bare || (count.head == Head::People && ((since && joined) || self.is_led_alone(count)));
        let previous = linked.last().filter(|_| counted && count.part.is_none())?;
        if !self.is_open(previous.count, at) {
            return None;
        }
        if self.by_others(previous.count, count) {
            return Some(share(at, count, previous.outcomes, Some(previous.count), "listed"));
        }
        if let Some(whole) = self.by_means(previous, count) {
            return Some(share(at, count, previous.outcomes, Some(whole), PART));
        }
        let lead = self.lead(count).or_else(|| self.trailing_place(count));
        if let Some(lead) = lead.or_else(|| self.trailing_side(previous.count, count)) {
            let tied = share(at, count, previous.outcomes, Some(previous.count), "listed");
            return Some(Linked { lead: Some(lead), ..tied });
        }
        if self.trailing_day(count) || (since && joined) {
            return Some(share(at, count, previous.outcomes, Some(previous.count), "listed"));
        }
        // "40 deaths on 11 April and a further 16 on the following day"
        self.adds(count).then(|| share(at, count, previous.outcomes, None, "added"))
    }

    /// "More than 10,000 have been killed on the two sides: 8,525 Palestinians and 1,538 Israelis": each side's part.
    fn of_both_sides(&self, at: usize, count: &Count, whole: &Linked) -> Option<Linked> {
        count.party.filter(|_| self.sentence.has(Tag::BothSides))?;
        let all = self.counts.get(whole.count)?;
        let from = whole.end(all);
        let colon = self.items.get(from..count.items.start)?.iter().any(|item| item.has(Tag::Colon));
        (colon && size(all) > size(count)).then(|| share(at, count, whole.outcomes, None, "listed"))
    }

    /// "lost 23 tanks, 14 pickup trucks and over 230 servicemen": people at the end of a list of things that were lost.
    pub(super) fn among_things(&self, at: usize, count: &Count) -> Option<Linked> {
        let joins = TagSet::of(&[Tag::And, Tag::Comma]);
        let wall = TagSet::of(&[Tag::Semicolon, Tag::Said, Tag::Barrier, Tag::Auxiliary]);
        let mut first = count;
        for before in self.counts.get(..at)?.iter().rev().take(MOST_THINGS) {
            let between = self.items.get(before.items.end..first.items.start)?;
            let joined = between.last().is_some_and(|item| item.tags.meets(joins))
                && !between.iter().any(|item| item.tags.meets(wall));
            if !joined || !matches!(before.head, Head::Thing | Head::Unknown) {
                break;
            }
            first = before;
        }
        let and = count.items.start.checked_sub(1).and_then(|and| self.items.get(and))?;
        let closes = first.items != count.items && and.has(Tag::And);
        let verb = first.items.start.checked_sub(1).filter(|_| closes)?;
        let lost = self.items.get(verb).filter(|item| item.has(Tag::Verb)).and_then(outcome_of);
        let lost = lost.filter(|outcome| *outcome == Outcome::Casualties && count.head == Head::People)?;
        let tied = share(at, count, Outcomes::only(lost), None, "among-things");
        Some(Linked { trigger: Some(verb), ..tied })
    }

    /// "killed the man who owned the orchard, together with four of his labourers": people whom the same verb befell.
    pub(super) fn together_with(&self, at: usize, count: &Count) -> Option<Linked> {
        let with = count.items.start.checked_sub(1).filter(|_| count.head == Head::People)?;
        let joins = self.items.get(with).is_some_and(|item| item.has(Tag::And) && item.tokens.len() > 1);
        let wall = TagSet::of(&[Tag::Semicolon, Tag::Barrier, Tag::Said, Tag::Count]);
        let before = (with.saturating_sub(16)..with).rev();
        let mut clause = before.take_while(|at| !self.items.get(*at).is_some_and(|item| item.tags.meets(wall)));
        // "five civilians had lost their lives, along with one official"
        let befell = |item: &Item<'_>| item.has(Tag::Done) || (item.has(Tag::Verb) && !item.has(Tag::Lose));
        let verb = clause.find(|at| self.items.get(*at).is_some_and(befell))?;
        let befell = self.items.get(verb).and_then(outcome_of).filter(|_| joins)?;
        let tied = share(at, count, Outcomes::only(befell), None, "together-with");
        Some(Linked { trigger: Some(verb), ..tied })
    }

    /// "In Kherson two people were killed, in Nikopol three women": a place before people of whom no verb of their own tells.
    fn is_led_alone(&self, count: &Count) -> bool {
        let verb = TagSet::of(&[Tag::Auxiliary, Tag::Modal, Tag::Said]).with(OUTCOME);
        let behind = self.items.get(count.items.end..).unwrap_or_default().iter().take(6);
        let ends = TagSet::of(&[Tag::Comma, Tag::Semicolon]);
        let alone = !behind.take_while(|item| !item.tags.meets(ends)).any(|item| item.tags.meets(verb));
        let led = count.items.start.checked_sub(2).and_then(|led| self.items.get(led));
        alone && led.is_some_and(|item| item.has(Tag::In)) && self.lead(count).is_some()
    }

    /// "killed a man in Nikopol overnight and three women in Bilozerka": people to whom the same verb did the same elsewhere.
    fn conjoined(&self, at: usize, count: &Count, previous: &Linked) -> Option<Linked> {
        let first = self.counts.get(previous.count).filter(|_| previous.count + 1 == at)?;
        let from = previous.trigger.map_or(first.items.end, |trigger| first.items.end.max(trigger + 1));
        let (and, between) = self.items.get(from..count.items.start)?.split_last()?;
        let inside = TagSet::of(&[
            Tag::In,
            Tag::On,
            Tag::Of,
            Tag::Place,
            Tag::Name,
            Tag::Region,
            Tag::Settlement,
            Tag::Direction,
            Tag::Article,
            Tag::Time,
            Tag::Comma,
        ]);
        let placed = between.iter().any(|item| item.tags.meets(TagSet::of(&[Tag::Place, Tag::Name, Tag::Time])));
        let joins =
            and.tags.meets(TagSet::of(&[Tag::And, Tag::Comma])) && between.iter().all(|item| item.tags.meets(inside));
        let people = count.head == Head::People && count.part.is_none() && first.part.is_none();
        let verb = TagSet::of(&[Tag::Auxiliary, Tag::Modal, Tag::Said]).with(OUTCOME);
        let behind = self.items.get(count.items.end..).unwrap_or_default();
        let plain = !behind.iter().take(6).take_while(|item| !item.has(Tag::Comma)).any(|item| item.tags.meets(verb));
        let lead = self.trailing_place(count).filter(|_| people && placed && joins && plain)?;
        let tied = share(at, count, previous.outcomes, Some(previous.count), "listed");
        Some(Linked { lead: Some(lead), ..tied })
    }

    /// "killed 20,000 combatants in battle and another 1,600 terrorists inside Israel": more of the same, with no verb.
    fn is_more(&self, previous: usize, count: &Count) -> bool {
        let more = self.items.get(count.items.clone()).unwrap_or_default().iter().any(|item| item.has(Tag::Another));
        let joined =
            count.items.start.checked_sub(1).and_then(|at| self.items.get(at)).is_some_and(|item| item.has(Tag::And));
        let verb = TagSet::of(&[Tag::Auxiliary, Tag::Modal, Tag::Said]).with(OUTCOME);
        let behind = self.items.get(count.items.end..).unwrap_or_default();
        let from = self.counts.get(previous).map_or(0, |previous| previous.items.end);
        let between = self.items.get(from..count.items.start).unwrap_or_default();
        let near = between.len() <= 8 && !between.iter().any(|item| item.tags.meets(verb));
        let others = self.is_others(count);
        more && joined
            && near
            && !others
            && count.head == Head::People
            && !behind.iter().take(3).any(|item| item.tags.meets(verb))
    }

    /// "711 were killed by soldiers and 11 by settlers".
    fn by_others(&self, previous: usize, count: &Count) -> bool {
        let has = |at: usize, tag: Tag| self.items.get(at).is_some_and(|item| item.has(tag));
        let by = has(count.items.end, Tag::By)
            && self.items.get(count.items.end + 1..(count.items.end + 4).min(self.items.len())).is_some_and(|items| {
                items
                    .iter()
                    .any(|item| item.tags.meets(TagSet::of(&[Tag::People, Tag::Forces, Tag::Nation, Tag::Attack])))
            });
        let from = self.counts.get(previous).map_or(0, |previous| previous.items.end);
        let told = self.items.get(from..count.items.start).unwrap_or_default();
        let joined = count.items.start.checked_sub(1).is_some_and(|and| has(and, Tag::And));
        by && joined && told.iter().any(|item| item.has(Tag::By))
    }

    /// "1,842 civilians: 1,107 by shelling, 462 in drone strikes": a part told by what killed it, and its whole.
    fn by_means(&self, previous: &Linked, count: &Count) -> Option<usize> {
        let led = count.items.start.checked_sub(1).and_then(|led| self.items.get(led))?;
        let means = self.items.get(count.items.end..(count.items.end + 4).min(self.items.len()))?;
        let by = means.first()?.tags.meets(TagSet::of(&[Tag::By, Tag::In]));
        let attack = means.iter().any(|item| item.has(Tag::Attack) && !item.has(Tag::Place));
        let whole = previous.antecedent.filter(|_| previous.rule == PART).unwrap_or(previous.count);
        let smaller = self.counts.get(whole).is_some_and(|whole| size(whole) > size(count));
        let opens =
            led.has(Tag::Colon) || (previous.rule == PART && led.tags.meets(TagSet::of(&[Tag::Comma, Tag::And])));
        (by && attack && smaller && opens).then_some(whole)
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
        // "ahead of Tatarstan (6,410)"
        let joins =
            TagSet::of(&[Tag::Preposition, Tag::Reach, Tag::Colon, Tag::Dash, Tag::Possessive, Tag::In, Tag::Bracket]);
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
            let set_off = comma && side_ahead(self.items, at);
            if !(item.tags.meets(joins) || set_off) {
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
        let named = TagSet::of(&[Tag::Place, Tag::Name, Tag::Country, Tag::Forces]);
        let opens = TagSet::of(&[Tag::Comma, Tag::And, Tag::Semicolon, Tag::Colon]);
        let opened = count.items.start.checked_sub(1).and_then(|before| self.items.get(before));
        opened.filter(|before| before.tags.meets(opens))?;
        // "and 15 more in Khan Younis", "3 — in Sloviansk"
        let more = TagSet::of(&[Tag::Another, Tag::Dash]);
        let more = usize::from(self.items.get(count.items.end).is_some_and(|item| item.tags.meets(more)));
        let end = self.over_parts(count.items.end + more);
        // "more than 410 for West"
        let led = self.items.get(end)?;
        if led.has(Tag::Preposition) && self.items.get(end + 1).is_some_and(|item| item.has(Tag::Direction)) {
            return Some(end + 1);
        }
        if !led.tags.meets(TagSet::of(&[Tag::In, Tag::On, Tag::By])) {
            return None;
        }
        let zone = usize::from((end + 1..end + 4).any(|at| self.items.get(at).is_some_and(|item| item.has(Tag::Of))));
        (end + 1..end + 4 + zone).find(|at| self.items.get(*at).is_some_and(|item| item.tags.meets(named)))
    }

    /// "and 413, including 78 children and 41 women, in Gaza": where the words behind the parts begin.
    fn over_parts(&self, end: usize) -> usize {
        let has = |at: usize, tag: Tag| self.items.get(at).is_some_and(|item| item.has(tag));
        let opens = has(end, Tag::Comma) && has(end + 1, Tag::Including);
        let closing = (end + 2..end + 11).find(|at| opens && has(*at, Tag::Comma));
        closing.map_or(end, |closing| closing + 1)
    }

    /// "3 people were killed on Monday and 31 on Sunday".
    fn trailing_day(&self, count: &Count) -> bool {
        let opens = TagSet::of(&[Tag::Comma, Tag::And, Tag::Semicolon, Tag::Colon, Tag::Raised, Tag::From]);
        // "of 139 in June and of 174 in May"
        let of = usize::from(matches!(self.items.get(..count.items.start), Some([.., and, of])
            if and.has(Tag::And) && of.has(Tag::Of)));
        let opened = count.items.start.checked_sub(1 + of).and_then(|before| self.items.get(before));
        let on = self.items.get(count.items.end).is_some_and(|item| item.tags.meets(TagSet::of(&[Tag::On, Tag::In])));
        let dates = |time: TimeExpression| !matches!(time, TimeExpression::Length { .. } | TimeExpression::Past { .. });
        let day = self.items.get(count.items.end + 1).and_then(Item::time).is_some_and(dates);
        opened.is_some_and(|before| before.tags.meets(opens)) && on && day
    }

    /// "100,000 for Ukraine and around 180,000 for Russia": the side that stands behind each.
    fn trailing_side(&self, previous: usize, count: &Count) -> Option<usize> {
        let sides = TagSet::of(&[Tag::Side, Tag::Country, Tag::Forces, Tag::Nation]);
        let side = |count: &Count| {
            let leads = self.items.get(count.items.end).is_some_and(|item| item.has(Tag::Preposition));
            let named = self.items.get(count.items.end + 1).is_some_and(|item| item.tags.meets(sides));
            (leads && named).then_some(count.items.end + 1)
        };
        self.counts.get(previous).and_then(side).and(side(count))
    }

    /// "and a further 16 on the following day".
    fn adds(&self, count: &Count) -> bool {
        let more = self.items.get(count.items.clone()).unwrap_or_default().iter().any(|item| item.has(Tag::Another));
        let next = |at: usize, tags: &[Tag]| self.items.get(at).is_some_and(|item| item.tags.meets(TagSet::of(tags)));
        let end = count.items.end;
        more && (next(end, &[Tag::Time])
            || (next(end, &[Tag::On, Tag::In, Tag::AsOf]) && !next(end + 1, &[Tag::Thing])))
    }

    /// "In Dnipro, in January 2023: 46." after a sentence that said what happened; "the mission arrived at 46".
    pub(super) fn continues_list(&self, count: &Count) -> bool {
        let verbs = TagSet::of(&[Tag::Auxiliary, Tag::Said, Tag::Modal, Tag::Relative]).with(OUTCOME);
        let verbless = !self.items.iter().any(|item| item.tags.meets(verbs));
        let led = count.items.start.checked_sub(1).and_then(|at| self.items.get(at));
        let set_off = led.is_some_and(|item| item.tags.meets(TagSet::of(&[Tag::Colon, Tag::Comma, Tag::Dash])));
        let situated =
            self.items.iter().any(|item| item.has(Tag::Place)) && self.items.iter().any(|item| item.has(Tag::Time));
        let named = led.is_some_and(|item| item.has(Tag::Names) && !item.has(Tag::Raised));
        // "Krasny Liman: over 70."
        let place = led.is_some_and(|item| item.has(Tag::Colon))
            && count.items.start <= 4
            && self.items.first().is_some_and(|item| item.tags.meets(TagSet::of(&[Tag::Place, Tag::Name])));
        // "Tuva has 1,640", "Bashkortostan leads all regions with 7,201"
        let region = self.items.first().is_some_and(|item| item.tags.meets(TagSet::of(&[Tag::Place, Tag::Name])));
        let held = matches!(self.items.get(..count.items.start), Some([_, have]) if have.has(Tag::Have));
        let leads = led.is_some_and(Item::is_with) && count.items.start <= 6 && verbless;
        if region && (held || leads) {
            return true;
        }
        // "Tatarstan is second with 4,480."
        let ranked = matches!(self.items.get(..count.items.start), Some([name, .., be, _, with])
            if name.tags.meets(TagSet::of(&[Tag::Place, Tag::Name])) && be.has(Tag::Be) && with.is_with()
                && count.items.start <= 5);
        ranked || (verbless && place) || (verbless && set_off && situated) || named
    }

    /// Whether nothing but "and" or a comma stands between two counts of people.
    pub(super) fn is_next_in_list(&self, previous: usize, at: usize) -> bool {
        let (Some(first), Some(second)) = (self.counts.get(previous), self.counts.get(at)) else { return false };
        let joiners = TagSet::of(&[Tag::And, Tag::Comma, Tag::Another, Tag::Versus, Tag::Own]);
        let between = self.items.get(first.items.end..second.items.start).unwrap_or_default();
        let versus = between.iter().rev().take(3).any(|item| item.has(Tag::Versus));
        // "a toll of 53: 14 children, 15 women and 24 others"
        let broken_down = matches!(between, [colon] if colon.has(Tag::Colon));
        // "three journalists of the state broadcaster and two officers"
        let wall = TagSet::of(&[Tag::Comma, Tag::Semicolon, Tag::Said, Tag::Auxiliary, Tag::Relative, Tag::Barrier])
            .with(OUTCOME);
        let of = matches!(between, [of, inside @ .., and]
            if of.tags.meets(TagSet::of(&[Tag::Of, Tag::From])) && and.has(Tag::And) && inside.len() <= 4
                && !inside.iter().any(|item| item.tags.meets(wall)));
        let joined = broken_down || of || (!between.is_empty() && between.iter().all(|item| item.tags.meets(joiners)));
        // "among them nine children and three muezzins"
        let unknown = second.head == Head::Unknown && first.part.is_some();
        (joined && (second.head == Head::People || unknown)) || versus
    }
}

fn size(count: &Count) -> u64 {
    count.figure.bounds.midpoint()
}

/// "on the Israeli side," or "; of Center,": a comma that sets off the lead of a list's item.
fn side_ahead(items: &[Item<'_>], comma: usize) -> bool {
    let before = items.get(comma.saturating_sub(4)..comma).unwrap_or_default();
    let side = before.windows(2).any(|pair| matches!(pair, [one, other] if one.has(Tag::Side) && other.has(Tag::Body)));
    let of =
        before.windows(2).any(|pair| matches!(pair, [one, other] if one.has(Tag::Semicolon) && other.has(Tag::Of)));
    side || of
}
