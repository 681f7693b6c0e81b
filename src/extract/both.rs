//! Figures of both armies together.

use crate::extract::pattern::OUTCOME;
use crate::extract::question::Question;
use crate::extract::scan::Item;
use crate::extract::tag::{Tag, TagSet};

impl Question<'_, '_> {
    /// "30 people have been killed on both sides".
    pub(super) fn of_both_sides(&self) -> bool {
        if self.names_both() || self.toll_of_both() {
            return true;
        }
        if !self.sentence.has(Tag::BothSides) {
            return false;
        }
        // "Losses of the two armies, taken together, are close to half a million"
        let noun = self.linked.trigger.filter(|noun| self.has_tag(*noun, Tag::Noun) || self.has_tag(*noun, Tag::Toll));
        if noun.is_some_and(|noun| (noun + 1..noun + 4).any(|at| self.has_tag(at, Tag::BothSides))) {
            return true;
        }
        let (start, end) = (self.count.items.start, self.count.items.end);
        let wall = TagSet::of(&[Tag::Comma, Tag::Semicolon, Tag::Colon, Tag::Count, Tag::Said]);
        let open = |item: &&Item<'_>| !item.tags.meets(wall);
        let before = self.items().get(start.saturating_sub(6)..start).unwrap_or_default().iter().rev();
        let behind = self.items().get(end..(end + 8).min(self.items().len())).unwrap_or_default().iter();
        // "Two armies, close to two million casualties"
        let comma = start.checked_sub(1).filter(|comma| self.has_tag(*comma, Tag::Comma));
        if comma.and_then(|comma| comma.checked_sub(1)).is_some_and(|both| self.has_tag(both, Tag::BothSides)) {
            return self.count.party.is_none();
        }
        // "on both sides taken together, the number of troops killed was close to 500,000"
        let led = self.items().get(..start).unwrap_or_default();
        let both = led.iter().rposition(|item| item.has(Tag::BothSides)).and_then(|both| led.get(both + 1..));
        let sums = TagSet::of(&[Tag::NumberOf, Tag::Toll]);
        let clause = both.unwrap_or_default();
        if clause.iter().any(|item| item.tags.meets(sums))
            && !clause.iter().any(|item| item.tags.meets(TagSet::of(&[Tag::Count, Tag::Said])))
        {
            return self.count.party.is_none();
        }
        let mut near = before.take_while(open).chain(behind.take_while(open));
        self.count.party.is_none() && near.any(|item| item.has(Tag::BothSides))
    }

    /// "Thai and Cambodian troops exchanged fire for a third day as the number killed rose to 33": the toll of those who fight.
    fn toll_of_both(&self) -> bool {
        let before = self.items().get(..self.count.items.start).unwrap_or_default();
        let toll = TagSet::of(&[Tag::NumberOf, Tag::Toll]);
        let near =
            before.iter().rev().take(14).take_while(|item| !item.tags.meets(TagSet::of(&[Tag::Said, Tag::Semicolon])));
        let told = !self.attributed && self.count.party.is_none() && near.into_iter().any(|item| item.tags.meets(toll));
        let named = TagSet::of(&[Tag::Side, Tag::Country]);
        let opposed = |one: &Item<'_>, other: &Item<'_>| {
            let opponent = self.party(one).and_then(|party| self.war.opponent(&party).cloned());
            opponent.is_some() && opponent == self.party(other)
        };
        told && before.windows(3).take(16).any(|three| {
            matches!(three, [one, and, other] if one.tags.meets(named) && and.has(Tag::And)
                && other.tags.meets(named.with(Tag::Forces.set())) && opposed(one, other))
        })
    }

    /// "500,000 Russian and Ukrainian soldiers", "soldiers from Russia and Ukraine", "the losses of Russia and Ukraine".
    fn names_both(&self) -> bool {
        let (start, end) = (self.count.items.start, self.count.items.end);
        let from = start.saturating_sub(12);
        let near = self.items().get(from..(end + 14).min(self.items().len())).unwrap_or_default();
        let named = TagSet::of(&[Tag::Side, Tag::Country, Tag::Nation]);
        let of = TagSet::of(&[Tag::Of, Tag::From, Tag::By, Tag::Among]);
        let wall = TagSet::of(&[Tag::Comma, Tag::Semicolon, Tag::Colon, Tag::Said, Tag::Count]);
        let pair = |at: usize| {
            let [first, and, second] = near.get(at..at + 3)? else { return None };
            let (first, second) = (Some(first).filter(|item| item.tags.meets(named))?, second);
            let both = and.has(Tag::And) && second.tags.meets(named.with(Tag::Forces.set()));
            let opponent = self.war.opponent(&self.party(first)?).filter(|_| both)?;
            (self.party(second).as_ref() == Some(opponent)).then_some(at)
        };
        // "up to 7,000 soldiers, Russian and Ukrainian, were dying"
        let apposed = end - from;
        let comma = |at: usize| near.get(at).is_some_and(|item| item.has(Tag::Comma));
        if comma(apposed) && comma(apposed + 4) && pair(apposed + 1).is_some() {
            return true;
        }
        (0..near.len()).filter_map(pair).any(|at| {
            let before = at.checked_sub(1).and_then(|led| near.get(led));
            // "missing in the armed conflict between Russia and Ukraine"
            let war = at.checked_sub(2).and_then(|war| near.get(war)).is_some_and(|item| item.has(Tag::War));
            // "since the war between them began" says when, not who.
            let since = near.get(at.saturating_sub(5)..at).unwrap_or_default().iter().any(|item| item.has(Tag::Since));
            if before.is_some_and(|item| item.has(Tag::Between)) && war && !since && !self.here && from + at > end {
                return true;
            }
            let forces = near.get(at + 2).is_some_and(|item| item.has(Tag::Forces));
            let noun = near.get(at + 3).is_some_and(|item| item.tags.meets(Tag::People.set().with(OUTCOME))) || forces;
            let led = before.is_some_and(|item| item.tags.meets(of)) && noun_before(near, at);
            // Nothing but the count's own words between the two sides and the count.
            let (here, count) = (from + at, start..end);
            let inside = count.contains(&here);
            let between = if here < start { self.items().get(here + 3..start) } else { self.items().get(end..here) };
            let near = between.is_some_and(|items| !items.iter().any(|item| item.tags.meets(wall)));
            inside || ((noun || led) && near && here < end + 6)
        })
    }
}

/// Whether a word for people or for what befell them stands before "of" or "from".
fn noun_before(items: &[Item<'_>], at: usize) -> bool {
    let noun = at.checked_sub(2).and_then(|noun| items.get(noun));
    noun.is_some_and(|item| item.tags.meets(TagSet::of(&[Tag::People, Tag::Forces]).with(OUTCOME)))
}
