//! What befell people by who they are: captives who were killed, prisoners among losses, a town that lost a woman.

use crate::extract::count::{Count, Head};
use crate::extract::link::{Linked, Linker, outcome_of};
use crate::extract::pattern::Link;
use crate::extract::scan::Item;
use crate::extract::share::share;
use crate::extract::tag::{Tag, TagSet};
use crate::model::{Outcome, Outcomes, Victims};

impl Linker<'_, '_> {
    /// "23 men taken away in the summer are missing", "an Israeli hostage had been killed": the predicate behind what only
    /// says who they are.
    pub(super) fn by_predicate(&self, at: usize, count: &Count) -> Option<Linked> {
        let taken = self.items.get(count.items.end).and_then(outcome_of) == Some(Outcome::Captured);
        let behind = self.items.get(count.items.end + 1..).filter(|_| taken && count.head == Head::People)?;
        let wall =
            TagSet::of(&[Tag::Comma, Tag::Semicolon, Tag::Said, Tag::And, Tag::Relative, Tag::Barrier, Tag::Count]);
        let clause = behind.iter().take(10).take_while(|item| !item.tags.meets(wall)).count();
        let be = behind.get(..clause)?.iter().position(|item| item.has(Tag::Auxiliary))?;
        let done = be + behind.get(be..)?.iter().take(3).position(|item| item.has(Tag::Done))?;
        let happened = outcome_of(behind.get(done)?)?;
        let tied = share(at, count, Outcomes::only(happened), None, "people-killed");
        let other = matches!(happened, Outcome::Killed | Outcome::Missing);
        other.then(|| Linked { trigger: Some(count.items.end + 1 + done), skipped: done, ..tied })
    }

    /// "the execution of nine captured drone operators": what was done to captives.
    pub(super) fn are_killed(&self, count: &Count, link: &Link) -> bool {
        let captured = link.outcome == Some(count.items.end)
            && self.items.get(count.items.end).and_then(outcome_of) == Some(Outcome::Captured);
        let noun = |back: usize| count.items.start.checked_sub(back).and_then(|at| self.items.get(at));
        let of = noun(1).is_some_and(|item| item.has(Tag::Of));
        let act = noun(1 + usize::from(of)).filter(|item| item.tags.meets(TagSet::of(&[Tag::Noun, Tag::Verb])));
        captured && act.and_then(outcome_of) == Some(Outcome::Killed)
    }

    /// "Zaporizhzhia lost a woman of 34", "Sumy lost 34 people": whoever loses people who are no soldiers loses them for
    /// good.
    pub(super) fn is_bereft(&self, count: &Count, link: &Link) -> bool {
        let verb = link.outcome.filter(|at| *at < count.items.start).and_then(|at| self.items.get(at));
        let lost = verb.is_some_and(|verb| verb.has(Tag::Lose) && outcome_of(verb) == Some(Outcome::Casualties));
        let (victims, group) = count.kind(self.language);
        // "His unit shot 21 and lost one man": whoever fights has losses.
        let armed = TagSet::of(&[Tag::Body, Tag::Forces, Tag::We]);
        let before = link.outcome.and_then(|verb| self.items.get(verb.saturating_sub(8)..verb)).unwrap_or_default();
        let few = group.is_some()
            || victims == Some(Victims::Civilian)
            || (count.figure.bounds.midpoint() == 1 && !before.iter().any(|item| item.tags.meets(armed)));
        let town = || link.outcome.is_some_and(|verb| loses_residents(self.items, verb));
        lost && (few || town()) && victims != Some(Victims::Military) && count.people.is_some()
    }

    /// "lost 2,300 killed and 150 prisoners": prisoners joined to a figure that has an outcome of its own.
    pub(super) fn is_taken(&self, count: &Count, link: &Link) -> bool {
        let joined = count.items.start.checked_sub(1).and_then(|and| self.items.get(and));
        let own = count.items.start.checked_sub(2).and_then(|done| self.items.get(done));
        let before = link.outcome.is_some_and(|at| at < count.items.start);
        let joins = joined.is_some_and(|item| item.tags.meets(TagSet::of(&[Tag::And, Tag::Comma])));
        before && joins && count.captives && own.is_some_and(|item| item.has(Tag::Done))
    }
}

/// "Sumy had lost 34 people": a town, not a government or an army, is the subject of a verb; not "a platoon near Sumy".
pub(super) fn loses_residents(items: &[Item<'_>], verb: usize) -> bool {
    let auxiliary = TagSet::of(&[Tag::Auxiliary, Tag::Have]);
    let before = items.get(..verb).unwrap_or_default();
    let Some(at) = before.iter().rposition(|item| !item.tags.meets(auxiliary)) else { return false };
    let is =
        |at: Option<usize>, tags: TagSet| at.and_then(|at| before.get(at)).is_some_and(|item| item.tags.meets(tags));
    let armed = TagSet::of(&[Tag::Government, Tag::Country, Tag::Nation, Tag::Forces, Tag::Side]);
    let led = TagSet::of(&[Tag::In, Tag::On, Tag::From, Tag::To, Tag::Preposition]);
    let town = TagSet::of(&[Tag::Place, Tag::Settlement]);
    is(Some(at), town) && !is(Some(at), armed) && !is(at.checked_sub(1), led)
}
