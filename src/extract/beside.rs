//! The side that stands beside a word for what happened: "Russian losses", "casualties among Ukrainian troops".

use crate::extract::pattern::OUTCOME;
use crate::extract::question::Question;
use crate::extract::scan::Item;
use crate::extract::side::SIDE;
use crate::extract::tag::{Tag, TagSet};
use crate::model::PartyId;

impl Question<'_, '_> {
    /// A side right before the noun, or behind it after "of", "among", "on the … side".
    pub(super) fn beside(&self, noun: usize) -> Option<PartyId> {
        let items = self.items();
        let skip = TagSet::of(&[Tag::Possessive, Tag::Modifier, Tag::Qualifier, Tag::People, Tag::Body, Tag::Forces]);
        // "Wagner's Bakhmut death toll"
        let skip = skip.with(TagSet::of(&[Tag::Place, Tag::Severity]));
        // "Ukrainian dead and wounded"
        let skip = skip.with(OUTCOME).with(TagSet::of(&[Tag::And, Tag::Or]));
        let mut at = noun;
        while let Some(before) = at.checked_sub(1).and_then(|at| items.get(at)) {
            if before.has(Tag::Enemy) {
                return self.enemy();
            }
            // "Kyiv's tally is higher": a government that counts has lost nobody by that.
            let tells = before.has(Tag::Government) && self.has_tag(noun, Tag::Report);
            if before.tags.meets(SIDE) {
                return self.party(before).filter(|_| !tells);
            }
            if before.tags.meets(TagSet::of(&[Tag::Own, Tag::We])) {
                return self.owner();
            }
            // "Ukrainian casualties, dead and injured, at 200,000"
            let named = at.checked_sub(2).and_then(|at| items.get(at)).is_some_and(|item| item.has(Tag::Noun));
            if before.has(Tag::Comma) && named && self.has_tag(at, Tag::Done) {
                at -= 1;
                continue;
            }
            // "Russia's daily average of casualties"
            let sum = TagSet::of(&[Tag::Word, Tag::Modifier, Tag::Toll, Tag::NumberOf, Tag::Report]);
            let of = before.has(Tag::Of)
                && at.checked_sub(2).is_some_and(|at| items.get(at).is_some_and(|item| item.tags.meets(sum)));
            if of {
                at -= 2;
                continue;
            }
            if !before.tags.meets(skip) {
                break;
            }
            at -= 1;
        }
        let behind = items.get(noun + 1..(noun + 8).min(items.len()))?;
        // "injured on the afternoon of April 17 when Russian troops shelled the city": a clause or a day of its own.
        let apart = TagSet::of(&[Tag::Barrier, Tag::Time]);
        let behind = behind.get(..behind.iter().position(|item| item.tags.meets(apart)).unwrap_or(behind.len()))?;
        let ends = TagSet::of(&[Tag::Auxiliary, Tag::Reach, Tag::Said, Tag::Count, Tag::Comma]).with(OUTCOME);
        let inside = behind.iter().skip(5).take_while(|item| !item.tags.meets(ends)).count();
        let behind = behind.get(..behind.len().min(5) + inside)?;
        // "inflicted 445 casualties on Ukrainian troops", not "eight were wounded on Monday when a Hamas cell attacked"
        let dated = behind.get(1).is_some_and(|item| item.has(Tag::Time));
        let led = TagSet::of(&[Tag::Of, Tag::Among, Tag::On]);
        let opens = !dated && behind.first().is_some_and(|item| item.tags.meets(led));
        // "5,469 casualties were suffered by the Ukrainian troops"
        let suffered =
            behind.windows(2).position(|pair| matches!(pair, [lose, by] if lose.has(Tag::Lose) && by.has(Tag::By)));
        let loser = suffered.and_then(|at| behind.get(at + 2..)).unwrap_or_default();
        if let Some(loser) = loser.iter().take(2).find(|item| item.tags.meets(SIDE)) {
            return self.party(loser);
        }
        // "the deaths that Russia has acknowledged"
        if let [that, side, verb @ ..] = behind
            && that.has(Tag::Relative)
            && side.tags.meets(SIDE)
            && verb.iter().take(3).any(|item| item.has(Tag::Admits))
        {
            return self.party(side);
        }
        // "deaths in the Russian army"
        let within = behind.first().is_some_and(|item| item.has(Tag::In));
        let army = behind.iter().take(3).position(|item| within && item.has(Tag::Forces));
        if let Some(army) = army.filter(|at| !is_attacker(behind, *at)) {
            return behind.get(army).and_then(|item| self.party(item));
        }
        if opens && behind.iter().take(3).any(|item| item.has(Tag::Enemy)) {
            return self.enemy();
        }
        // "1,160 casualties Russian forces suffered"
        let suffers = behind.iter().take(4).any(|item| item.has(Tag::Lose));
        if let Some(side) = behind.first().filter(|item| suffers && item.tags.meets(SIDE)) {
            return self.party(side);
        }
        // In languages with a genitive nothing stands between: "втрати противника".
        let next = behind.iter().find(|item| !item.tags.meets(TagSet::of(&[Tag::Modifier, Tag::Qualifier])));
        if let Some(next) = next.filter(|_| self.names.inflected()) {
            if next.has(Tag::Enemy) {
                return self.enemy();
            }
            if next.tags.meets(SIDE) {
                return self.party(next);
            }
        }
        // "the death of 1,351 soldiers in Ukraine": where they died is not whose they are.
        let situates =
            |at: usize| at.checked_sub(1).and_then(|led| behind.get(led)).is_some_and(|led| led.has(Tag::In));
        let mut sides = behind
            .iter()
            .enumerate()
            .filter(|(at, item)| item.tags.meets(SIDE) && !(item.has(Tag::Country) && situates(*at)))
            .filter(|(at, _)| !is_attacker(behind, *at));
        sides.next().filter(|_| opens).and_then(|(_, item)| self.party(item))
    }
}

/// "the toll of the Russian attack", "victims of the Israeli army's actions": whose attack it is has lost nobody.
fn is_attacker(items: &[Item<'_>], side: usize) -> bool {
    let passed = TagSet::of(&[Tag::Possessive, Tag::Forces, Tag::Modifier, Tag::Qualifier, Tag::Side]);
    let behind = items.get(side + 1..).unwrap_or_default().iter();
    let deed = TagSet::of(&[Tag::Attack, Tag::Battle, Tag::War]);
    behind.take(4).find(|item| !item.tags.meets(passed)).is_some_and(|item| item.tags.meets(deed))
}
