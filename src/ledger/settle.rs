//! How claims of one thread stand to each other: which attack an undated toll belongs to, which claim merely rounds or
//! rewords another, and what a new figure changes.

use jiff::civil::Date;

use crate::ledger::arrange::NEAR_DAYS;
use crate::ledger::identity::{Thread, day, stretch};
use crate::model::{Bounds, ClaimId, Figure, Scope, SeriesId, Step};

/// A claim among those of its thread.
#[derive(Debug, Clone, PartialEq)]
pub struct Known {
    /// Its id.
    pub id: ClaimId,
    /// Its figure.
    pub figure: Figure,
    /// Its first day.
    pub since: Option<Date>,
    /// Its last day.
    pub as_of: Option<Date>,
    /// Whether a text names its day.
    pub firm: bool,
}

/// The series of a claim. An attack told a day later is the same attack: a toll that no text dates belongs to the
/// newest attack of the thread of which it can be a toll.
pub fn series_of(thread: &Thread, scope: Scope, claim: &Known, thread_claims: &[Known]) -> SeriesId {
    if scope != Scope::Incident {
        return thread.series(None);
    }
    let event = |known: &Known| day(scope, known.since, known.as_of);
    let own = event(claim);
    if claim.firm {
        return thread.series(own);
    }
    let reachable = |known: &&Known| days(own, event(known)).is_some_and(|days| (0..=NEAR_DAYS).contains(&days));
    let dated = thread_claims.iter().filter(|known| known.firm).filter(reachable).filter_map(event).max();
    let told = || thread_claims.iter().filter(|known| !known.firm).filter(reachable).filter_map(event).min();
    thread.series(dated.or_else(told).or(own))
}

/// The claim of the same thread that this one merely rounds ("nearly 428,000" over 427,840), if there is one.
pub fn restated(scope: Scope, claim: &Known, thread_claims: &[Known]) -> Option<ClaimId> {
    if scope == Scope::Incident || claim.figure.vague {
        return None;
    }
    let apart = |known: &Known| days(claim.as_of, known.as_of).map(i32::abs);
    let near = |known: &&Known| {
        // A figure that says itself that it is rounded may be a few days off; a bare one must be of the same day.
        let most = if is_hedged(&claim.figure) && scope == Scope::Cumulative { NEAR_DAYS } else { 0 };
        let alike =
            scope == Scope::Cumulative || stretch(claim.since, claim.as_of) == stretch(known.since, known.as_of);
        known.id != claim.id && alike && apart(known).is_some_and(|days| days <= most)
    };
    let rounded = thread_claims.iter().filter(near).filter(|known| rounds(&claim.figure, &known.figure));
    rounded.min_by_key(|known| (apart(known), known.as_of, known.figure.bounds)).map(|known| known.id.clone())
}

fn is_hedged(figure: &Figure) -> bool {
    figure.approx || matches!(figure.bounds, Bounds::AtLeast(_) | Bounds::AtMost(_))
}

/// Whether one figure is the other with fewer digits.
fn rounds(round: &Figure, exact: &Figure) -> bool {
    let (Some(n), Some(m)) = (single(round), single(exact)) else { return false };
    let unit = granularity(n);
    let right_side = match round.bounds {
        Bounds::AtLeast(_) => m >= n,
        Bounds::AtMost(_) => m <= n,
        Bounds::Exact(_) | Bounds::Between { .. } => true,
    };
    unit >= 10 && granularity(m) < unit && n.abs_diff(m) < unit && n.abs_diff(m) <= m / 20 && right_side
}

fn single(figure: &Figure) -> Option<u64> {
    match figure.bounds {
        Bounds::Exact(n) | Bounds::AtLeast(n) | Bounds::AtMost(n) => Some(n),
        Bounds::Between { .. } => None,
    }
}

/// The largest power of ten that divides a number.
fn granularity(n: u64) -> u64 {
    let mut unit = 1_u64;
    while n != 0 && n.is_multiple_of(unit.saturating_mul(10)) {
        unit = unit.saturating_mul(10);
    }
    unit
}

/// Among claims with the same number whose outcome is told more or less exactly: the one of about the same day.
pub fn reworded(scope: Scope, claim: &Known, siblings: &[Known]) -> Option<ClaimId> {
    let apart = |known: &Known| {
        let event = |known: &Known| day(scope, known.since, known.as_of);
        days(event(claim), event(known)).map(i32::abs)
    };
    let most = if scope == Scope::Incident { 1 } else { NEAR_DAYS };
    let near = siblings.iter().filter(|known| apart(known).is_some_and(|days| days <= most));
    near.min_by_key(|known| (apart(known), known.as_of, &known.id)).map(|known| known.id.clone())
}

/// What a new figure changes in its series, given the newest figure before it; nothing if it is older than that one,
/// for then it is a point in the past.
pub fn step(scope: Scope, claim: &Known, newest: &Known) -> Option<Step> {
    let comparable = scope != Scope::Period || stretch(claim.since, claim.as_of) == stretch(newest.since, newest.as_of);
    (comparable && claim.as_of >= newest.as_of).then(|| Step::between(newest.figure, newest.as_of, claim.figure))
}

fn days(one: Option<Date>, other: Option<Date>) -> Option<i32> {
    one.zip(other).map(|(one, other)| (one - other).get_days())
}
