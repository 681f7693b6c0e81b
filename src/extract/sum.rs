//! Sums: what a war or a campaign has done so far, and what a verb brings a figure to.

use crate::extract::dated::Question;
use crate::extract::scan::Item;
use crate::extract::stretch::Stretch;
use crate::extract::tag::{Tag, TagSet};
use crate::model::Victims;

impl Question<'_, '_> {
    /// "The conflict has killed 14,600 people": what a war did so far is its total.
    pub(super) fn is_of_war(&self) -> bool {
        if self.war_before && self.it_has() {
            return true;
        }
        if !self.sentence.has(Tag::War) {
            return self.is_of_campaign();
        }
        if self.has_done(Tag::War) || self.in_the_war() {
            return true;
        }
        let before = self.items().get(..self.count.items.start).unwrap_or_default();
        // "put the number of dead in the whole war at 150,000"
        let sum = before.iter().rposition(|item| item.has(Tag::NumberOf)).and_then(|sum| before.get(sum..));
        let in_war = |pair: &[Item<'_>]| matches!(pair, [led, war] if led.has(Tag::In) && war.has(Tag::War));
        if !self.here && sum.is_some_and(|sum| sum.len() <= 9 && sum.windows(2).any(in_war)) {
            return true;
        }
        let wall = TagSet::of(&[Tag::Comma, Tag::Semicolon, Tag::Colon, Tag::Said, Tag::Count, Tag::Time, Tag::Place]);
        let clause = before.iter().rev().take(10).take_while(|item| !item.tags.meets(wall));
        let clause: Vec<&Item<'_>> = clause.collect();
        let acts = TagSet::of(&[Tag::Perfect, Tag::Verb, Tag::Take]);
        clause.windows(2).any(|pair| matches!(pair, [verb, war] if verb.tags.meets(acts) && war.has(Tag::War)))
    }

    /// "have been killed in the war", "as a result of the full-scale aggression", where no time is told.
    fn in_the_war(&self) -> bool {
        let from = self.count.items.end;
        let behind = self.items().get(from..(from + 16).min(self.items().len())).unwrap_or_default();
        let wall = TagSet::of(&[Tag::Comma, Tag::Semicolon, Tag::Said, Tag::Attack, Tag::Barrier]);
        let clause = behind.iter().position(|item| item.tags.meets(wall)).unwrap_or(behind.len());
        let clause = behind.get(..clause).unwrap_or_default();
        // "During the war, 140 civilians were killed"
        let opening = self.items().get(..3.min(self.items().len())).unwrap_or_default();
        let during = |items: &[Item<'_>]| {
            items.windows(2).any(|pair| matches!(pair, [led, war] if led.tags.meets(TagSet::of(&[Tag::Preposition, Tag::Last])) && !led.has(Tag::In) && war.has(Tag::War)))
                || items.windows(3).any(|three| matches!(three, [led, the, war] if led.tags.meets(TagSet::of(&[Tag::Preposition, Tag::In]))
                    && the.has(Tag::Article) && war.has(Tag::War)))
        };
        let timed = clause.iter().any(|item| item.has(Tag::Time) || item.has(Tag::Between));
        if !self.here && !timed && !self.sentence.has(Tag::Attack) && (during(clause) || during(opening)) {
            return true;
        }
        let Some(war) = clause.iter().position(|item| item.has(Tag::War)) else { return false };
        let led = clause.get(..war).unwrap_or_default();
        let inside = TagSet::of(&[Tag::Article, Tag::Modifier, Tag::Word, Tag::Side]);
        let lead = led.iter().rposition(|item| !item.tags.meets(inside) || item.has(Tag::Of));
        let leads = |at: usize| {
            let result = matches!(led.get(..at), Some([.., one, _]) if one.has(Tag::One));
            led.get(at).is_some_and(|item| item.has(Tag::In) || (item.has(Tag::Of) && result))
        };
        !timed && lead.is_some_and(|at| led.len() - at <= 4 && leads(at))
    }

    /// "Israel's offensive has killed 48,577 people": so many die in no single battle.
    fn is_of_campaign(&self) -> bool {
        self.sentence.has(Tag::Battle)
            && self.count.figure.bounds.midpoint() >= 10_000
            && !self.here
            && self.has_done(Tag::Battle)
    }

    /// "The war between the army and the rebels has killed 14,600 people": a sentence about what a war has done.
    fn has_done(&self, what: Tag) -> bool {
        let before = self.items().get(..self.count.items.start).unwrap_or_default();
        let Some(war) = before.iter().take(6).position(|item| item.has(what)) else { return false };
        let clause = before.get(war + 1..).unwrap_or_default();
        let wall = TagSet::of(&[Tag::Semicolon, Tag::Said, Tag::Barrier]);
        // "has killed 48,000 and wounded 112,000", but nothing told of another event.
        let next = TagSet::of(&[Tag::Comma, Tag::Time, Tag::Attack, Tag::Place]);
        let counted = clause.iter().position(|item| item.has(Tag::Count)).unwrap_or(clause.len());
        let behind = clause.get(counted..).unwrap_or_default();
        let open = !clause.iter().any(|item| item.tags.meets(wall)) && !behind.iter().any(|item| item.tags.meets(next));
        // "The four-day war that ended on Saturday killed 40 civilians"
        let over = what == Tag::War
            && self.names.is_between_states()
            && counted == clause.len()
            && clause.last().is_some_and(|verb| verb.tags.meets(TagSet::of(&[Tag::Verb, Tag::Take, Tag::Leave])));
        open && (over || Self::acts_perfectly(clause))
    }

    /// "It has killed at least 15,000 people", right behind a sentence about the war.
    fn it_has(&self) -> bool {
        let before = self.items().get(..self.count.items.start.min(6)).unwrap_or_default();
        before.first().is_some_and(|item| item.has(Tag::It)) && Self::acts_perfectly(before)
    }

    /// "has killed", "has left", "has claimed".
    fn acts_perfectly(clause: &[Item<'_>]) -> bool {
        let acts = TagSet::of(&[Tag::Verb, Tag::Take, Tag::Leave, Tag::Lose]);
        let perfect = clause.iter().rposition(|item| item.has(Tag::Perfect));
        let behind = perfect.and_then(|perfect| clause.get(perfect..)).unwrap_or_default();
        behind.iter().take(3).any(|item| item.tags.meets(acts) && !item.has(Tag::Perfect) || item.has(Tag::Lose))
    }

    /// "bringing the number of troops killed to 294": an army's losses up to now.
    pub(super) fn brings_total(&self) -> bool {
        let army = self.victims == Some(Victims::Military) && (self.stated || self.own);
        (army || self.brings_much()) && self.brings().is_some_and(|of_one| !of_one)
    }

    /// "bringing the number of soldiers killed in the ground operation to 154", "since the siege began": of a battle so far.
    pub(super) fn is_of_battle(&self) -> bool {
        let since =
            self.items().iter().position(|item| item.has(Tag::Since)).filter(|_| self.sentence.has(Tag::Battle));
        let behind = since.and_then(|since| self.items().get(since..)).unwrap_or_default();
        self.brings() == Some(true) || behind.iter().take(5).any(|item| item.has(Tag::Battle) && !item.has(Tag::War))
    }

    /// "killed 166 people in the past day, bringing the toll to 20,424": what dwarfs a day's figure is the war's.
    fn brings_much(&self) -> bool {
        let day = self.before.is_some_and(Stretch::is_a_day);
        let size = self.count.figure.bounds.midpoint();
        day && size >= 1_000 && size >= self.size_before.saturating_mul(5)
    }

    /// Whether a verb brings a sum to this figure, and whether the sum is said to be that of one event.
    fn brings(&self) -> Option<bool> {
        if !self.sentence.has(Tag::Raised) {
            return None;
        }
        let before = self.items().get(..self.count.items.start).unwrap_or_default();
        let total = |item: &Item<'_>| item.tags.meets(TagSet::of(&[Tag::NumberOf, Tag::Toll, Tag::Noun]));
        let led = before.last().is_some_and(|item| item.has(Tag::To) || item.has(Tag::Reach));
        let verb = before.iter().rposition(|item| item.has(Tag::Raised));
        let object = verb.and_then(|verb| before.get(verb + 1..)).unwrap_or_default();
        let any = |tags: TagSet| object.iter().any(|item| item.tags.meets(tags));
        let of_one = any(TagSet::of(&[Tag::Attack, Tag::Battle])) && !any(Tag::Since.set());
        let brings = object.iter().any(total) && !any(TagSet::of(&[Tag::Semicolon, Tag::Count]));
        (led && brings).then_some(of_one)
    }
}
