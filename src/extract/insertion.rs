//! What is put in between two commas, dashes or brackets, over which a pattern goes on.

use crate::extract::pattern::OUTCOME;
use crate::extract::scan::Item;
use crate::extract::tag::{Tag, TagSet};
use crate::extract::walk::{Step, Walk};

impl Walk<'_, '_> {
    /// The boundary beyond an insertion between two commas or dashes that holds a count of its own: "14 people, two of
    /// them children, were wounded".
    pub(super) fn insertion(&self, at: usize) -> Option<usize> {
        if let Step::Left = self.step {
            return self.insertion_before(at);
        }
        let opener = self.items.get(at)?.tags;
        let mark = [Tag::Comma, Tag::Dash, Tag::Bracket].into_iter().find(|mark| opener.has(*mark))?;
        let inside = self.items.get(at + 1..(at + 14).min(self.items.len()))?;
        let closing = inside.iter().position(|item| item.has(mark))?;
        let held = inside.get(..closing)?;
        // "30 men, of whom eleven, he says, were shot": the verb is that of the eleven.
        if matches!(held, [of, count] if of.has(Tag::OfThem) && count.has(Tag::Count)) {
            return None;
        }
        // "578 civilians, of whom 154 were children, have been killed"
        let partly =
            held.first().is_some_and(|item| item.has(Tag::OfThem)) && held.iter().any(|item| item.has(Tag::People));
        // "A soldier of the army, which had tried to hold the crowd back, was shot"
        let about = held.first().is_some_and(|item| item.has(Tag::Relative) && !item.has(Tag::Own))
            && !held.iter().any(|item| item.has(Tag::Count));
        let verbs = if partly || about { TagSet::EMPTY } else { Tag::Auxiliary.set() };
        // "1,508 fighters, 71 of them wounded, gave themselves up"
        let opens = TagSet::of(&[Tag::OfThem, Tag::Done]);
        let part = matches!(held, [count, rest @ ..] if count.has(Tag::Count) && rest.len() <= 3
            && rest.iter().any(|item| item.has(Tag::OfThem)) && rest.iter().all(|item| item.tags.meets(opens)));
        if part {
            return Some(at + closing + 2);
        }
        // "21 of those, the office says, are no longer alive"
        // "180 villagers, five survivors told the group, were killed"
        let told = held.first().is_some_and(|item| item.has(Tag::Count))
            && held.iter().any(|item| item.tags.meets(TagSet::of(&[Tag::Said, Tag::Told])));
        let says = held.len() <= 8 && (told || !held.iter().any(|item| item.has(Tag::Count)));
        let wall = if says { Tag::Semicolon.set() } else { TagSet::of(&[Tag::Semicolon, Tag::Said]) }.with(OUTCOME);
        // "the last group in the town" has no verb.
        let verb = |item: &Item<'_>| item.tags.meets(verbs) && !item.has(Tag::Last);
        let clean = !held.iter().any(|item| item.tags.meets(wall) || verb(item));
        clean.then_some(at + closing + 2)
    }

    /// The same to the left: "losses, meaning killed and wounded soldiers, come to 200".
    fn insertion_before(&self, at: usize) -> Option<usize> {
        // "casualties (killed and wounded) rose to 1,570"
        if self.items.get(at)?.has(Tag::Bracket) {
            let opening = (at.saturating_sub(8)..at)
                .rev()
                .find(|at| self.items.get(*at).is_some_and(|item| item.has(Tag::Bracket)))?;
            let held = self.items.get(opening + 1..at)?;
            return (!held.iter().any(|item| item.has(Tag::Count))).then_some(opening);
        }
        self.items.get(at).filter(|item| item.has(Tag::Comma))?;
        let explains = TagSet::of(&[Tag::Define, Tag::Relative, Tag::Said]);
        let tells = TagSet::of(&[Tag::Said, Tag::According, Tag::Report]);
        let opening = (at.saturating_sub(14)..at).rev().find(|opening| {
            let comma = self.items.get(*opening).is_some_and(|item| item.has(Tag::Comma));
            let inside = self.items.get(opening + 1..at).unwrap_or_default();
            // "losses, it said, came to 510", "the dead, by his account, exceed 350"
            let says = inside.len() <= 6 && inside.iter().any(|item| item.tags.meets(tells));
            // "the dead, the only list built name by name, stood at 95,300"
            let apposed = inside.len() <= 9
                && inside.first().is_some_and(|item| item.has(Tag::Article))
                && !inside.iter().any(|item| item.tags.meets(OUTCOME));
            // "the toll, initially put at nine, rose to 14"
            let earlier = inside.len() <= 9 && inside.iter().any(|item| item.has(Tag::Superseded));
            comma && (earlier || apposed || says || inside.first().is_some_and(|item| item.tags.meets(explains)))
        })?;
        let held = self.items.get(opening + 1..at)?;
        let counts = |item: &Item<'_>| item.has(Tag::Count) && item.number().is_some_and(|numeral| numeral.digits);
        let wall = Tag::Semicolon.set();
        let earlier = held.iter().any(|item| item.has(Tag::Superseded));
        ((earlier || !held.iter().any(counts)) && !held.iter().any(|item| item.tags.meets(wall))).then_some(opening)
    }
}
