//! Outcomes that describe a noun before it comes: "5,937 dead soldiers", "32 captured Ukrainians were shot".

use crate::extract::count::{Builder, Count, Head};
use crate::extract::link::outcome_of;
use crate::extract::pattern::OUTCOME;
use crate::extract::tag::{Tag, TagSet};
use crate::model::Outcome;

impl Builder<'_, '_> {
    /// "32 captured Ukrainians were shot": what they were before something else befell them.
    pub(super) fn is_captives_fate(&self, at: usize) -> bool {
        let earlier = [Some(Outcome::Captured), Some(Outcome::Wounded)];
        let captured = self.get(at).is_some_and(|item| item.has(Tag::Done) && earlier.contains(&outcome_of(item)));
        let people = TagSet::of(&[Tag::People, Tag::Nation, Tag::Forces]);
        let noun = (at + 1..at + 3).find(|at| self.get(*at).is_some_and(|item| item.tags.meets(people)));
        let behind = noun.and_then(|noun| self.items.get(noun + 1..)).unwrap_or_default();
        let ends = TagSet::of(&[Tag::Comma, Tag::Semicolon, Tag::Said]);
        let mut clause = behind.iter().take(9).take_while(|item| !item.tags.meets(ends));
        captured && clause.any(|item| item.has(Tag::Done) && outcome_of(item) == Some(Outcome::Killed))
    }

    /// "5,937 dead soldiers", "12 wounded Ukrainian troops": the outcome stands between the number and its noun.
    pub(super) fn noun_behind(&self, count: &mut Count, outcome: usize) {
        // "15 fell fighting Hamas militants" is no adjective.
        if !self.get(outcome).is_some_and(|item| item.has(Tag::Done) && item.tokens.len() == 1) {
            return;
        }
        for at in outcome + 1..outcome + 4 {
            let Some(item) = self.get(at) else { return };
            if let Some(row) = item.people() {
                count.people = Some(row);
                Self::note_side(count, item);
                // "a wounded soldier was captured": of one person more than the adjective is told, or nothing.
                let behind = self.items.get(at + 1..).unwrap_or_default().iter().take(5);
                let mut clause = behind.take_while(|item| !item.tags.meets(TagSet::of(&[Tag::Comma, Tag::Said])));
                let told = clause.any(|item| item.has(Tag::Done) && item.tags.meets(OUTCOME));
                if told && self.has(count.number, Tag::One) && self.is_one_person(at) {
                    count.head = Head::People;
                    count.items.end = at + 1;
                }
                return;
            }
            Self::note_side(count, item);
            // "one wounded dog"
            if item.has(Tag::Thing) {
                count.head = Head::Thing;
                return;
            }
            if item.tags.meets(TagSet::of(&[Tag::Forces, Tag::Nation])) {
                count.head = Head::People;
                return;
            }
            if !item.tags.meets(TagSet::of(&[Tag::Side, Tag::Modifier])) {
                return;
            }
        }
    }
}
