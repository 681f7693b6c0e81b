//! Whose people they are by where they come from, whom they fight for and what is said of them before the figure.

use crate::extract::question::Question;
use crate::extract::side::SIDE;
use crate::extract::tag::{Tag, TagSet};
use crate::model::PartyId;

impl Question<'_, '_> {
    /// "four farm workers from Thailand": the country that people come from.
    pub(super) fn comes_from(&self) -> Option<PartyId> {
        let end = self.count.items.end;
        // "40 personnel of the Pakistan Army"
        let army = end + 1 + usize::from(self.has_tag(end + 1, Tag::Article));
        if self.military
            && self.has_tag(end, Tag::Of)
            && (self.has_tag(army, Tag::Claimant) || self.has_tag(army, Tag::Forces))
        {
            return self.items().get(army).and_then(|item| self.party(item));
        }
        self.items().get(end).filter(|item| item.has(Tag::From) && self.count.people.is_some())?;
        let from = end + 1 + usize::from(self.has_tag(end + 1, Tag::Article));
        let country = self.items().get(from).filter(|item| item.tags.meets(TagSet::of(&[Tag::Country, Tag::Place])))?;
        self.party(country).or_else(|| self.land_of(country))
    }

    /// "four workers died in Kherson, all Thai nationals": the nationality behind the comma.
    pub(super) fn nationals(&self) -> Option<PartyId> {
        // "Two farm workers, both Poles, died"
        if let Some([comma, both, nation, closing]) = self.items().get(self.count.items.end..self.count.items.end + 4)
            && comma.has(Tag::Comma)
            && closing.has(Tag::Comma)
            && nation.has(Tag::Nation)
            && (both.is_hedge() || both.tags.meets(TagSet::of(&[Tag::Auxiliary, Tag::OfThem])))
        {
            return self.party(nation);
        }
        let from = self.count.items.end.max(self.linked.trigger.map_or(0, |trigger| trigger + 1));
        let behind = self.items().get(from..(from + 9).min(self.items().len()))?;
        let where_and_when = TagSet::of(&[Tag::In, Tag::On, Tag::Place, Tag::Time, Tag::Name]);
        let comma =
            behind.iter().position(|item| !item.tags.meets(where_and_when)).filter(|_| self.count.people.is_some())?;
        let behind = behind.get(comma..).filter(|behind| behind.first().is_some_and(|item| item.has(Tag::Comma)))?;
        let side = behind.iter().position(|item| item.has(Tag::Side))?;
        let people = behind.get(side + 1).is_some_and(|item| item.people().is_some());
        let all = behind
            .get(1..side)?
            .iter()
            .all(|item| item.is_hedge() || item.tags.meets(TagSet::of(&[Tag::OfThem, Tag::Of])));
        behind.get(side).filter(|_| people && all && side > 1).and_then(|item| self.party(item))
    }

    /// "intercepted a group of Ukrainian saboteurs, shooting four of them": the people named last before, by their side.
    pub(super) fn them(&self) -> Option<PartyId> {
        let before = self.items().get(..self.count.items.start)?;
        let named = |at: usize| {
            let item = before.get(at)?;
            let people = item.tags.meets(TagSet::of(&[Tag::Forces, Tag::Nation]))
                || (item.has(Tag::Side) && before.get(at + 1).is_some_and(|next| next.has(Tag::People)));
            if people { self.party(item) } else { None }
        };
        let clause = before.iter().rposition(|item| item.has(Tag::Semicolon)).unwrap_or(0);
        (clause..before.len())
            .rev()
            .find_map(named)
            .filter(|side| self.war.is_side(side) && self.speaker_side() != Some(side))
    }

    /// "mercenaries who had come to fight for Kyiv", "foreigners serving in the Ukrainian army".
    pub(super) fn fights_for(&self) -> Option<PartyId> {
        let (end, trigger) = (self.count.items.end, self.linked.trigger?);
        let behind = self.items().get(end..trigger.max(end))?;
        let fights = behind.iter().position(|item| item.has(Tag::Battle))?;
        let side = behind.get(fights + 1..(fights + 5).min(behind.len()))?;
        let side = side.iter().find(|item| item.tags.meets(SIDE.with(Tag::Place.set())))?;
        self.party(side).or_else(|| self.land_of(side))
    }

    /// "19 Nepalis have died fighting in the Russian army", "64 Colombians fighting for Ukraine": of a country that sends no
    /// army of its own, in the army of a side.
    pub(super) fn serves(&self) -> Option<PartyId> {
        let country = match self.count.party {
            Some((row, _)) => self.names.party(row),
            None if self.names_own() => self.speaker_side(),
            None => None,
        };
        country.filter(|party| !self.names.takes_part(party))?;
        let from = self.count.number + 1;
        let behind = self.items().get(from..(from + 14).min(self.items().len()))?;
        let wall = TagSet::of(&[Tag::Said, Tag::Count, Tag::Semicolon]);
        let behind = behind.get(..behind.iter().position(|item| item.tags.meets(wall)).unwrap_or(behind.len()))?;
        let has = |at: usize, tag: Tag| behind.get(at).is_some_and(|item| item.has(tag));
        let side = |at: usize| {
            let item = behind.get(at)?;
            self.party(item).or_else(|| self.land_of(item)).filter(|party| self.war.is_side(party))
        };
        behind.iter().enumerate().find_map(|(at, item)| {
            let named = at + 1 + usize::from(has(at + 1, Tag::Article));
            let army = has(named, Tag::Forces) || has(named + 1, Tag::Forces);
            // "killed in the Russian army's strike"
            let army = army && !has(named + 1, Tag::Possessive) && !has(named + 2, Tag::Possessive);
            // "killed in clashes with the Russian army" fought against it.
            let fought = at.checked_sub(1).is_some_and(|before| has(before, Tag::Attack));
            let within = self.count.party.is_some()
                && (item.has(Tag::In) || (item.has(Tag::Preposition) && !item.has(Tag::By) && !fought));
            side(named).filter(|_| (within && army) || (item.has(Tag::Battle) && (army || named == at + 1)))
        })
    }

    /// "16 of its citizens", "two deaths among its nationals".
    fn names_own(&self) -> bool {
        let behind = self.items().get(self.count.number..(self.count.number + 5).min(self.items().len()));
        behind.unwrap_or_default().iter().any(|item| item.has(Tag::Own))
    }

    /// "the worst month for Ukraine's civilians, with 228 killed": whose people they were said to be.
    pub(super) fn of_people_before(&self) -> Option<PartyId> {
        let bare = self.count.people.is_none() && self.linked.antecedent.is_none() && !self.linked.from_before;
        let before = self.items().get(..self.count.items.start).filter(|_| bare)?;
        let from = before.iter().rposition(|item| item.has(Tag::Count) || item.has(Tag::Said)).map_or(0, |at| at + 1);
        let people = before.iter().rposition(|item| item.has(Tag::People)).filter(|at| *at > from)?;
        let inside = TagSet::of(&[Tag::Possessive, Tag::Modifier, Tag::Qualifier]);
        let owner = (from..people).rev().find(|at| before.get(*at).is_some_and(|item| !item.tags.meets(inside)))?;
        before.get(owner).filter(|item| item.tags.meets(SIDE)).and_then(|item| self.party(item))
    }

    /// "May was Russia's bloodiest month yet, with more than 1,200 killed and wounded a day".
    pub(super) fn worst_of(&self) -> Option<PartyId> {
        let bare = self.count.people.is_none() && self.linked.antecedent.is_none() && !self.linked.from_before;
        let before = self.items().get(..self.count.items.start).filter(|_| bare)?;
        let worst = before.iter().rposition(|item| item.has(Tag::Superlative))?;
        let owns = worst.checked_sub(1).filter(|at| before.get(*at).is_some_and(|item| item.has(Tag::Possessive)))?;
        let owner = before.get(owns.checked_sub(1)?)?;
        let told = before.get(worst..)?.iter().any(|item| item.has(Tag::Count));
        if told || !owner.tags.meets(SIDE) { None } else { self.party(owner) }
    }
}
