//! Who did it: the side that attacked, from whom it follows whose people were harmed.

use crate::extract::pattern::OUTCOME;
use crate::extract::place::is_origin;
use crate::extract::question::Question;
use crate::extract::scan::Item;
use crate::extract::side::{SIDE, TO_HAVE};
use crate::extract::tag::{Tag, TagSet};
use crate::model::PartyId;

/// Words for whoever fights, that a number may count.
const FIGHTERS: TagSet = TagSet::of(&[Tag::Forces, Tag::Nation, Tag::People]);

impl Question<'_, '_> {
    /// "killed by Hezbollah fire", "in Israeli strikes": the side behind the verb that did it.
    pub(super) fn agent(&self) -> Option<PartyId> {
        let from = self.linked.trigger.unwrap_or(self.count.items.end).max(self.count.items.end);
        self.origin().or_else(|| self.launcher(from)).or_else(|| self.doer(from)).or_else(|| self.own_arms())
    }

    /// "Battlegroup Center eliminated 470 soldiers": the soldiers who act on the people counted are their enemies.
    pub(super) fn struck(&self) -> Option<PartyId> {
        let verb = self.linked.trigger.filter(|trigger| *trigger < self.count.items.start)?;
        let item = self.items().get(verb)?;
        if !item.has(Tag::Verb) || item.tags.meets(TagSet::of(&[Tag::Lose, Tag::Noun, Tag::Take])) {
            return None;
        }
        if let Some(target) = self.target() {
            return Some(target);
        }
        // "Strikes by the Ukrainian army on Kherson region killed five": whose land it is tells, occupied or not.
        if self.here && !self.military && self.place.is_some() {
            return None;
        }
        // Whoever fights in a civil war kills people of the country, not of the other army.
        if self.war.is_civil() && !self.military {
            return None;
        }
        // "claimed to have killed 20 rebels", "claimed instead to have killed them"
        let said = self.items().get(..verb)?.iter().rposition(|item| !item.tags.meets(TO_HAVE.with(Tag::Word.set())));
        let to = |said: usize| self.has_tag(said + 1, Tag::To) || self.has_tag(said + 2, Tag::To);
        if said.is_some_and(|said| said + 1 < verb && self.has_tag(said, Tag::Said) && to(said)) {
            return self.speaker_side().and_then(|side| self.war.opponent(side)).cloned();
        }
        // "The war between Israel and Hezbollah has killed 3,000": no army did.
        let wall = TagSet::of(&[Tag::Said, Tag::Semicolon, Tag::Barrier, Tag::Count, Tag::By, Tag::Be]).with(OUTCOME);
        let wall = wall.with(TagSet::of(&[Tag::War, Tag::Between]));
        let near = self.items().get(verb.saturating_sub(14)..verb)?;
        // "killed 170 government soldiers and captured 300": whoever was counted does nothing.
        let counted = near.iter().rposition(|item| item.has(Tag::Count)).map_or(0, |count| {
            let noun = near.get(count..).unwrap_or_default().iter().position(|item| item.tags.meets(FIGHTERS));
            noun.map_or(0, |noun| count + noun + 1)
        });
        // "320 rebels of the Rapid Support Forces and the capture of 41": nor does whose they are.
        let of = near.get(counted).filter(|of| counted > 0 && of.has(Tag::Of));
        let owners = |at: usize| of.is_some() && near.get(counted..at).is_some_and(|items| items.len() <= 3);
        // "had destroyed two tanks and killed three soldiers"
        let done = OUTCOME.with(Tag::Count.set());
        let things = |at: usize| {
            near.get(at..(at + 3).min(near.len())).is_some_and(|items| items.iter().any(|item| item.has(Tag::Thing)))
        };
        let before = near.iter().enumerate().skip(counted).rev().filter(|(at, _)| !owners(*at));
        let before = before.take_while(|(at, item)| !item.tags.meets(wall) || (item.tags.meets(done) && things(*at)));
        // "A bomb stuck to their carrier killed six": whose carrier it was does nothing.
        let led = TagSet::of(&[Tag::To, Tag::On, Tag::In, Tag::From, Tag::Of, Tag::Preposition, Tag::By]);
        let owned = |at: usize| at.checked_sub(1).and_then(|at| near.get(at)).is_some_and(|item| item.tags.meets(led));
        let before = before.filter(|(at, item)| !(item.has(Tag::Own) && owned(*at))).map(|(_, item)| item);
        let actors = TagSet::of(&[Tag::Forces, Tag::Nation, Tag::It, Tag::They, Tag::We, Tag::Own]);
        let reached = near.len() - counted - before.clone().count();
        let between = (counted + reached).checked_sub(1).and_then(|at| near.get(at));
        if between.is_some_and(|item| item.tags.meets(TagSet::of(&[Tag::War, Tag::Between]))) {
            return None;
        }
        // "India had eliminated at least 100 terrorists"
        let acts = near.iter().rposition(|item| !item.has(Tag::Auxiliary) && item.tags != Tag::Word.set());
        // "attacks across Ukraine killed nine", "raids across the Gaza Strip killed 22"
        let led = acts.and_then(|at| near.get(..at)?.iter().rfind(|item| !item.has(Tag::Article)));
        let led = led
            .is_some_and(|led| led.tags.meets(TagSet::of(&[Tag::In, Tag::Preposition, Tag::Of, Tag::From, Tag::On])));
        let acts = acts.and_then(|at| near.get(at)).filter(|_| !led);
        if let Some(country) = acts.filter(|item| item.tags.meets(TagSet::of(&[Tag::Country, Tag::Government]))) {
            return self.war.opponent(&self.party(country)?).cloned();
        }
        let forces = before.filter(|item| item.tags.meets(actors) && !item.has(Tag::Hostages)).last()?;
        if !forces.tags.meets(TagSet::of(&[Tag::Forces, Tag::Nation])) {
            // "The Israeli army says it has killed 14,000 of the men of the armed wing"
            // "It killed three of them, the ministry said": a strike did.
            let says = self.items().get(..verb).unwrap_or_default().iter().any(|item| item.has(Tag::Said));
            let army = (forces.has(Tag::We) || (forces.has(Tag::It) && says))
                && !self.war.is_civil()
                && !self.names.is_world();
            let soldiers = (self.count.people.is_some() && self.military) || army;
            return self.speaker_side().filter(|_| soldiers).and_then(|side| self.war.opponent(side)).cloned();
        }
        self.war.opponent(&self.party(forces)?).cloned()
    }

    /// "Two Palestinians got out of a car and opened fire, killing six", "six died when a settler opened fire": the enemies of
    /// the people who attack.
    pub(super) fn assailed(&self) -> Option<PartyId> {
        let trigger = self.linked.trigger?;
        if self.war.is_civil() || self.names.is_world() || self.count.party.is_some() {
            return None;
        }
        let wall = TagSet::of(&[Tag::Barrier, Tag::Semicolon, Tag::Said, Tag::Colon, Tag::Dash, Tag::Bracket]);
        let separates = |at: usize| self.items().get(at).is_some_and(|item| item.tags.meets(wall));
        let (from, to) = if trigger < self.count.items.start {
            let item = self.items().get(trigger)?;
            if !item.has(Tag::Verb) || item.tags.meets(TagSet::of(&[Tag::Lose, Tag::Noun, Tag::Take])) {
                return None;
            }
            ((0..trigger).rev().find(|at| separates(*at)).map_or(0, |wall| wall + 1), trigger)
        } else {
            let behind = trigger + 1..(trigger + 8).min(self.items().len());
            let when = behind.into_iter().find(|at| self.has_tag(*at, Tag::Barrier))?;
            (when + 1, self.items().len())
        };
        let led = TagSet::of(&[Tag::Article, Tag::One, Tag::Count, Tag::Modifier, Tag::Qualifier]);
        let adjective = |item: &Item<'_>| item.tags.meets(led) || item.is_hedge() || item.tags == Tag::Word.set();
        let clause = self.items().get(from..to)?;
        let at = clause.iter().take(5).position(|item| !adjective(item) || item.tags.meets(SIDE))?;
        let named = clause.get(at).filter(|item| item.tags.meets(TagSet::of(&[Tag::Side, Tag::Nation])))?;
        let people = named.has(Tag::Nation) || clause.get(at + 1)?.has(Tag::People);
        // "opened fire at", or the verb that killed them itself
        let strikes = clause.iter().skip(at + 1).take(18).any(|item| item.has(Tag::Attack));
        let ends = trigger < self.count.items.start && to - from <= at + 4;
        let passive = clause.get(at + 1..(at + 4).min(clause.len()))?.iter().any(|item| item.has(Tag::Be));
        (people && (strikes || ends) && !passive).then(|| self.war.opponent(&self.party(named)?).cloned()).flatten()
    }

    /// "A missile hit the Ukrainian brigade's training ground, killing 50": whose what was struck is.
    pub(super) fn target(&self) -> Option<PartyId> {
        let items = self.items();
        let (start, end) = (self.count.items.start, self.count.items.end);
        let wall = TagSet::of(&[Tag::Semicolon, Tag::Barrier]);
        // The clause of the count, and "when" or "after" with what follows.
        let from = items.get(..start)?.iter().rposition(|item| item.tags.meets(wall)).map_or(0, |wall| wall + 1);
        let to = end + items.get(end..)?.iter().position(|item| item.has(Tag::Semicolon)).unwrap_or(items.len() - end);
        let led = TagSet::of(&[Tag::Article, Tag::One, Tag::On, Tag::Versus, Tag::Modifier, Tag::Qualifier]);
        let whose = |at: usize| {
            items.get(at).filter(|item| item.has(Tag::Attack))?;
            let behind = items.get(at + 1..to)?;
            let side = behind.iter().take(4).position(|item| !item.tags.meets(led))?;
            let named = behind.get(side).filter(|item| item.tags.meets(TagSet::of(&[Tag::Side, Tag::Forces])))?;
            let next = behind.get(side + 1)?;
            // "a drone the Russian army said it shot down", "hit Ukrainian drones"
            let speaks =
                behind.iter().skip(side + 1).take(3).any(|item| item.tags.meets(TagSet::of(&[Tag::Said, Tag::Attack])));
            let noun = TagSet::of(&[
                Tag::Word,
                Tag::Body,
                Tag::Thing,
                Tag::Possessive,
                Tag::Forces,
                Tag::Modifier,
                Tag::Qualifier,
            ]);
            let object = side > 0 || named.has(Tag::Side);
            (object && !speaks && next.tags.meets(noun)).then(|| self.party(named)).flatten()
        };
        (from..to).find_map(whose).filter(|side| self.war.is_side(side))
    }

    /// "Ukraine's special forces said 34 officers, among them the commander of the Black Sea Fleet, were killed": the one
    /// army that is named beside the speaker's.
    pub(super) fn other_army(&self) -> Option<PartyId> {
        let own = self.speaker_side()?;
        let armed = TagSet::of(&[Tag::Forces, Tag::Nation]);
        // "on account of the army" tells who did it.
        let acts = |at: usize| {
            let the = usize::from(at.checked_sub(1).is_some_and(|the| self.has_tag(the, Tag::Article)));
            let led = at.checked_sub(1 + the);
            // "in combat with Cambodian troops"
            let with = led.and_then(|led| self.items().get(led)).is_some_and(Item::is_with);
            let by = with || led.is_some_and(|led| self.has_tag(led, Tag::By) || self.has_tag(led, Tag::Preposition));
            let man = led.and_then(|of| of.checked_sub(1)).and_then(|man| self.items().get(man));
            let of = led.is_some_and(|led| self.has_tag(led, Tag::Of));
            by || (of && !man.is_some_and(|item| item.tags.meets(TagSet::of(&[Tag::People, Tag::Title]))))
        };
        let armies = self.items().iter().enumerate().filter(|(at, item)| item.tags.meets(armed) && !acts(*at));
        let mut sides = armies.filter_map(|(_, item)| self.party(item));
        let other = sides.find(|side| side != own && self.war.is_side(side))?;
        Some(other).filter(|_| !sides.any(|side| &side == own))
    }

    /// "Battlegroup Centre inflicted losses of up to 430 troops": those of the other side.
    pub(super) fn inflicted(&self) -> Option<PartyId> {
        let trigger =
            self.linked.trigger.filter(|noun| self.has_tag(*noun, Tag::Noun) || self.has_tag(*noun, Tag::Toll))?;
        let verb = trigger
            .checked_sub(1)
            .filter(|verb| self.has_tag(*verb, Tag::Hostile) && *verb < self.count.items.start)?;
        let subject = self.items().get(..verb)?.iter().rfind(|item| item.tags.meets(SIDE));
        let acts = subject.and_then(|item| self.party(item)).and_then(|party| self.war.opponent(&party).cloned());
        acts.or_else(|| self.enemy())
    }

    /// "Kyiv said its drones hit a column, killing some 40 soldiers": the arms of whoever speaks.
    fn own_arms(&self) -> Option<PartyId> {
        let trigger = self.linked.trigger.filter(|trigger| *trigger < self.count.items.start)?;
        let before = self.items().get(..trigger)?;
        let own = before.iter().rposition(|item| item.tags.meets(TagSet::of(&[Tag::Its, Tag::We])))?;
        let arms = TagSet::of(&[Tag::Attack, Tag::Forces]);
        let near = before.get(own + 1..(own + 4).min(before.len()))?;
        let arms = near.iter().position(|item| item.tags.meets(arms))?;
        let wall = TagSet::of(&[Tag::Semicolon, Tag::Barrier]).with(SIDE);
        let open = !before.get(own + 2 + arms..)?.iter().any(|item| item.tags.meets(wall));
        // "Russia launched its biggest attack, killing four, officials said": of whoever launched it.
        let ahead = before.get(..own)?.iter().rev();
        let subject = ahead.take_while(|item| !item.tags.meets(TagSet::of(&[Tag::Semicolon, Tag::Barrier, Tag::Said])));
        let owner = subject.filter(|item| item.tags.meets(SIDE)).find_map(|item| self.party(item));
        owner.as_ref().or(self.speaker_side()).filter(|side| open && self.war.is_side(side)).cloned()
    }

    /// "Rockets fired from Gaza killed two": whose land it came from.
    fn origin(&self) -> Option<PartyId> {
        let origin = |(at, item): (usize, &Item<'_>)| {
            if is_origin(self.items(), at) { self.party(item).or_else(|| self.land_of(item)) } else { None }
        };
        let launched = self.sentence.has(Tag::From) && self.sentence.has(Tag::Attack);
        if launched { self.items().iter().enumerate().find_map(origin) } else { None }
    }

    /// "wounded on Monday when Russia launched 40 missiles", "after Russian shelling".
    fn launcher(&self, from: usize) -> Option<PartyId> {
        let wall = TagSet::of(&[Tag::Semicolon, Tag::Said, Tag::According]).with(OUTCOME);
        let behind = self.items().get(from + 1..(from + 14).min(self.items().len()))?;
        let behind = behind.get(..behind.iter().position(|item| item.tags.meets(wall)).unwrap_or(behind.len()))?;
        let by = TagSet::of(&[Tag::Side, Tag::Country, Tag::Forces]);
        // "19 soldiers have died since Israel resumed its offensive": that only says since when.
        let since = |at: usize| at.checked_sub(1).map_or(from, |before| from + 1 + before);
        let (_, side) = behind
            .iter()
            .enumerate()
            .find(|(at, item)| item.tags.meets(by) && strikes(behind, *at) && !self.has_tag(since(*at), Tag::Since))?;
        self.party(side)
    }

    /// The side behind "by" or "in".
    fn doer(&self, from: usize) -> Option<PartyId> {
        let behind = self.items().get(from..(from + 8).min(self.items().len()))?;
        let by = behind.iter().position(|item| item.tags.meets(TagSet::of(&[Tag::By, Tag::In])))?;
        // "had died after pagers used by Hezbollah members blew up": what they used did it, not they.
        let used = by.checked_sub(1).and_then(|at| behind.get(at)).is_some_and(|item| item.tags == Tag::Word.set());
        let struck = behind.get(..by)?.iter().any(|item| item.has(Tag::Attack));
        if used && by > 1 && !struck && behind.get(by)?.has(Tag::By) {
            return None;
        }
        let act = behind.get(by + 1..(by + 5).min(behind.len()))?;
        let side = act.iter().find(|item| item.tags.meets(SIDE))?;
        // "deaths in the Russian army"
        let within = side.has(Tag::Forces) && behind.get(by)?.has(Tag::In);
        if within && self.linked.trigger.is_some_and(|trigger| self.has_tag(trigger, Tag::Noun)) {
            return None;
        }
        let attacks = act.iter().any(|item| item.tags.meets(TagSet::of(&[Tag::Attack, Tag::Forces])));
        (attacks || behind.get(by)?.has(Tag::By)).then(|| self.party(side)).flatten()
    }

    /// The side that attacked, where the sentence names one before its verb.
    pub(super) fn attacker(&self) -> Option<PartyId> {
        let end = self.linked.trigger.unwrap_or(self.count.items.start).min(self.count.items.start);
        let before = self.items().get(..end)?;
        let attack = TagSet::of(&[Tag::Attack, Tag::Forces, Tag::Battle]);
        let by = TagSet::of(&[Tag::Side, Tag::Country, Tag::Forces]);
        // "Russia attacked Ukraine with drones": whoever is attacked does not attack.
        let object = |at: usize| {
            let on = TagSet::of(&[Tag::Attack, Tag::On, Tag::In, Tag::Versus]);
            at.checked_sub(1).and_then(|led| before.get(led)).is_some_and(|led| led.tags.meets(on))
        };
        let mut pairs = before.iter().enumerate().filter(|(at, item)| !(item.has(Tag::Country) && object(*at))).filter(
            |(at, item)| {
                let next = before.get(at + 1..(at + 4).min(before.len())).unwrap_or_default();
                item.tags.meets(by) && (item.has(Tag::Forces) || next.iter().any(|next| next.tags.meets(attack)))
            },
        );
        pairs.next_back().and_then(|(_, item)| self.party(item))
    }
}

/// "Russia launched missiles", "Russian shelling", but not "in Russia strikes": whether what is named there does it.
pub(super) fn strikes(items: &[Item<'_>], at: usize) -> bool {
    let led = at.checked_sub(1).and_then(|before| items.get(before)).is_some_and(|before| before.has(Tag::In));
    let attack = TagSet::of(&[Tag::Attack, Tag::Start]);
    !led && items.get(at + 1).is_some_and(|next| next.tags.meets(attack))
}
