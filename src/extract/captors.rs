//! Whose captives are: the enemies of whoever holds or takes them.

use crate::extract::question::Question;
use crate::extract::scan::Item;
use crate::extract::side::SIDE;
use crate::extract::tag::{Tag, TagSet};
use crate::model::{Outcome, Outcomes, PartyId};

impl Question<'_, '_> {
    /// Hostages are of the side that their captors fight: "97 hostages remain in Gaza", "Hamas took 251 hostages".
    pub(super) fn captors_enemy(&self) -> Option<PartyId> {
        // "Fifty are still held in Gaza"
        let held = self.linked.outcomes == Outcomes::only(Outcome::Captured)
            && self.count.people.is_none()
            && self.sentence.has(Tag::Hold);
        if !self.count.hostages && !held {
            return None;
        }
        if let Some(place) = self.place.filter(|place| self.here && self.war.is_side(place)) {
            return self.war.opponent(place).cloned();
        }
        let before = self.items().get(..self.count.items.start)?;
        let says = |at: usize| {
            before.get(at + 1..(at + 4).min(before.len())).unwrap_or_default().iter().any(|item| item.has(Tag::Said))
        };
        let takes =
            |(at, item): (usize, &Item<'_>)| self.party(item).filter(|side| self.war.is_side(side) && !says(at));
        let captor = before.iter().enumerate().rev().find_map(takes);
        let named = captor.as_ref().or(self.speaker_side());
        let own =
            captor.is_none() && !before.iter().any(|item| item.tags.meets(TagSet::of(&[Tag::They, Tag::It, Tag::We])));
        let enemy = if own { named.cloned() } else { named.and_then(|captor| self.war.opponent(captor)).cloned() };
        // "Around 130 hostages are still held": nobody takes any but from the side that was attacked.
        enemy.or_else(|| self.names.attacked().filter(|_| self.count.hostages && self.place.is_none()).cloned())
    }

    /// "Ukraine holds six more as prisoners of war": the enemies of whoever holds captives.
    pub(super) fn held_by(&self) -> Option<PartyId> {
        if self.linked.outcomes != Outcomes::only(Outcome::Captured) || self.war.is_civil() {
            return None;
        }
        let start = self.count.items.start;
        let near = self.items().get(start.saturating_sub(4)..start)?;
        let holds = near.iter().rposition(|item| item.has(Tag::Hold) && !item.has(Tag::Done))?;
        let holder = near.get(..holds)?.iter().rfind(|item| !item.has(Tag::Auxiliary))?;
        let side = self.party(holder).filter(|_| holder.tags.meets(SIDE));
        self.war.opponent(&side?).cloned()
    }

    /// "We took seven prisoners": whoever says so without a side is mostly of the one attacked.
    pub(super) fn is_ours(&self) -> bool {
        let before = self.items().get(..self.count.items.start).unwrap_or_default();
        matches!(before, [.., we, take] if we.has(Tag::We) && take.has(Tag::Take))
    }
}
