//! Breakdowns: figures that add up to the one before them are its parts.

use crate::extract::Reason;
use crate::extract::count::{Count, Head};
use crate::extract::link::{Linked, PART};
use crate::extract::read::{Found, Reading};
use crate::extract::scan::Sentence;
use crate::extract::share::share;
use crate::extract::tag::{Tag, TagSet};
use crate::model::PartyId;

/// The counts that add up to the one at `whole` and follow it: "36: 31 Palestinians, four Israelis and one Lebanese".
fn parts(counts: &[Count], whole: usize) -> Option<Vec<usize>> {
    if counts.len() < whole + 3 {
        return None;
    }
    let size = |count: &Count| count.figure.bounds.midpoint();
    let all = counts.get(whole).map(size)?;
    let (mut sum, mut found) = (0_u64, Vec::new());
    for (at, count) in counts.iter().enumerate().skip(whole + 1) {
        match count.head {
            Head::Odd(_) => continue,
            // "Two of the injured, a boy and his sister, were in intensive care."
            Head::People | Head::Bare if !count.related => {}
            // "875 killed in six weeks: 674 near the sites and 201 along the roads"
            Head::Thing | Head::Unknown if found.is_empty() => continue,
            Head::People | Head::Bare | Head::Lives | Head::Thing | Head::Unknown | Head::Replaced => return None,
        }
        sum = sum.saturating_add(size(count));
        found.push(at);
        if sum >= all {
            break;
        }
    }
    (sum == all && found.len() > 1).then_some(found)
}

/// "766 of them around one camp and 244 on the road": ties the figures of a breakdown that no word ties.
pub(super) fn tie_parts(counts: &[Count], linked: &mut Vec<Linked>, rejected: &mut Vec<(usize, Reason)>) {
    let untied = |at: usize, rejected: &[(usize, Reason)]| {
        rejected.iter().position(|(count, reason)| *count == at && *reason == Reason::NoHarm)
    };
    // Most sentences tie all their figures.
    if rejected.iter().all(|(_, reason)| *reason != Reason::NoHarm) {
        return;
    }
    let wholes: Vec<(usize, _)> = linked.iter().map(|whole| (whole.count, whole.outcomes)).collect();
    for (whole, outcomes) in wholes {
        let parts = parts(counts, whole).unwrap_or_default();
        // "killed three and wounded two, one of them critically": what befell others breaks nothing down.
        if linked.iter().any(|other| parts.contains(&other.count) && other.outcomes != outcomes) {
            continue;
        }
        for at in parts {
            let (Some(place), Some(count)) = (untied(at, rejected), counts.get(at)) else { continue };
            rejected.remove(place);
            let behind = linked.iter().position(|other| other.count > at).unwrap_or(linked.len());
            linked.insert(behind, share(at, count, outcomes, Some(whole), PART));
        }
    }
}

/// "Of 82 people injured, 31 were police officers, eight worked for the service and four were soldiers": the further figures
/// of a breakdown that opens with its whole.
pub(super) fn tie_shares(
    sentence: &Sentence<'_>,
    counts: &[Count],
    linked: &mut Vec<Linked>,
    rejected: &mut Vec<(usize, Reason)>,
) {
    let has = |at: usize, tag: Tag| sentence.items.get(at).is_some_and(|item| item.has(tag));
    let Some(whole) = linked.first().filter(|_| has(0, Tag::Of)) else { return };
    let (first, outcomes) = (whole.count, whole.outcomes);
    let opens = counts.get(first).is_some_and(|count| count.items.start <= 2)
        && whole.trigger.is_some_and(|trigger| {
            // "Of the 19 deaths in the capital, two occurred at the hospital"
            let behind = sentence.items.get(trigger + 1..).unwrap_or_default();
            let inside = TagSet::of(&[
                Tag::In,
                Tag::On,
                Tag::Article,
                Tag::Place,
                Tag::Government,
                Tag::Word,
                Tag::Settlement,
                Tag::Region,
            ]);
            behind.iter().take(5).find(|item| !item.tags.meets(inside)).is_some_and(|item| item.has(Tag::Comma))
        });
    if !opens {
        return;
    }
    let joins = TagSet::of(&[Tag::And, Tag::Comma]);
    rejected.retain(|(at, reason)| {
        let Some(count) = counts.get(*at).filter(|_| *at > first && *reason == Reason::NoHarm) else { return true };
        let joined = count.items.start.checked_sub(1).and_then(|and| sentence.items.get(and));
        let joined = joined.is_some_and(|item| item.tags.meets(joins));
        let verb = has(count.items.end, Tag::Auxiliary) || has(count.items.end, Tag::Word);
        let told = verb || count.items.contains(&(count.number + 1));
        // A verb that no list knows looks like a noun: "two occurred".
        let part = joined && told && matches!(count.head, Head::People | Head::Bare | Head::Unknown);
        if part {
            let behind = linked.iter().position(|other| other.count > *at).unwrap_or(linked.len());
            linked.insert(behind, share(*at, count, outcomes, Some(first), PART));
        }
        !part
    });
}

impl Reading<'_, '_> {
    /// "36 journalists: 31 Palestinians, four Israelis and one Lebanese": the whole is of no one side.
    pub(super) fn split_whole(&mut self, counts: &[Count], found: &[Found]) {
        let first = self.drafts.len().saturating_sub(found.len());
        let stated = |at: usize| found.iter().find(|one| one.count == at && one.whose.is_stated());
        let side = |at: usize| stated(at).and_then(|one| one.whose.party.clone());
        // "three Malawian soldiers, two Tanzanians and a Uruguayan" only happen to add up.
        let named = |whole: usize| counts.get(whole).is_some_and(|count| count.party.is_some());
        for (draft, Found { count: whole, .. }) in self.drafts.iter_mut().skip(first).zip(found) {
            if named(*whole) {
                continue;
            }
            let sides: Option<Vec<PartyId>> =
                parts(counts, *whole).and_then(|parts| parts.into_iter().map(side).collect());
            if sides.is_some_and(|sides| sides.iter().any(|side| Some(side) != sides.first())) {
                draft.claim.party = None;
            }
        }
    }
}
