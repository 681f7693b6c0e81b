//! One claim against those the ledger knows: is it new, a step, another sighting, or worded differently?

use jiff::civil::Date;

use crate::model::{Bounds, Claim, ClaimId, Figure, Scope, SeriesId, Step};

/// How many days apart two reports of one total may date it.
const NEAR_DAYS: i32 = 3;
/// How many days a total may be old when an article repeats it without a date of its own.
const RETOLD_DAYS: i32 = 120;

/// A claim of the same thread that the ledger holds.
#[derive(Debug, Clone, PartialEq)]
pub struct Known {
    /// Its id.
    pub id: ClaimId,
    /// Its series.
    pub series: SeriesId,
    /// Its figure.
    pub figure: Figure,
    /// Its first day.
    pub since: Option<Date>,
    /// Its last day.
    pub as_of: Option<Date>,
}

/// What a claim is to the ledger.
#[derive(Debug, Clone, PartialEq)]
pub struct Decision {
    /// Which claim it is, known or new.
    pub id: ClaimId,
    /// Its series.
    pub series: SeriesId,
    /// What is new about it.
    pub verdict: Verdict,
}

/// What is new about a claim.
#[derive(Debug, Clone, PartialEq)]
pub enum Verdict {
    /// The first figure of its series, or one older than the newest.
    New,
    /// A newer figure in a series that had one.
    Step(Step),
    /// A known claim.
    Seen,
    /// A known claim under another hedge.
    Drift,
}

/// Decides what a claim is, given the thread's claims in any order.
pub fn decide(claim: &Claim, own: (ClaimId, SeriesId), thread: &[Known]) -> Decision {
    let (id, series) = own;
    let matching = thread.iter().filter(|known| is_same(claim, known));
    let nearest = matching.min_by_key(|known| (known.figure.bounds != claim.figure.bounds, distance(claim, known)));
    if let Some(known) = nearest {
        let same_hedge = known.figure.bounds == claim.figure.bounds && known.figure.approx == claim.figure.approx;
        let verdict = if same_hedge { Verdict::Seen } else { Verdict::Drift };
        return Decision { id: known.id.clone(), series: known.series.clone(), verdict };
    }
    let series = joined_series(claim, thread).unwrap_or(series);
    let mut points: Vec<&Known> = thread.iter().filter(|known| known.series == series).collect();
    points.sort_by_key(|known| known.as_of);
    let verdict = step(claim, &points).map_or(Verdict::New, Verdict::Step);
    Decision { id, series, verdict }
}

/// What a new figure changes in a series whose points are ordered by day; none if it is the first or not the newest.
pub fn step(claim: &Claim, points: &[&Known]) -> Option<Step> {
    let last = points.last()?;
    (claim.as_of >= last.as_of).then(|| Step::between(last.figure, last.as_of, claim.figure))
}

/// An attack told a day later is the same attack: its figures belong to the series that is there.
fn joined_series(claim: &Claim, thread: &[Known]) -> Option<SeriesId> {
    // A day that the text names makes the series by itself, whatever came before, so that the order of reading does not
    // matter; one that merely follows from the day of publication may be a day off.
    if claim.scope != Scope::Incident || (claim.as_of_stated && claim.since.is_some()) {
        return None;
    }
    thread.iter().find(|known| same_event(claim, known)).map(|known| known.series.clone())
}

fn is_same(claim: &Claim, known: &Known) -> bool {
    if !same_number(&claim.figure, &known.figure) {
        return false;
    }
    match claim.scope {
        Scope::Incident => same_event(claim, known),
        Scope::Period => {
            claim.as_of == known.as_of && (claim.since == known.since || days(claim.since, known.since) <= 1)
        }
        Scope::Cumulative => same_total(claim, known),
    }
}

/// The same printed number, whatever hedge stands before it.
fn same_number(one: &Figure, other: &Figure) -> bool {
    let ranged = |bounds: Bounds| matches!(bounds, Bounds::Between { .. });
    one.vague == other.vague
        && (one.bounds == other.bounds
            || (!ranged(one.bounds) && !ranged(other.bounds) && one.bounds.midpoint() == other.bounds.midpoint()))
}

fn same_event(claim: &Claim, known: &Known) -> bool {
    let give = 1 + i32::from(claim.as_of_days);
    match (claim.since, known.since) {
        (Some(_), Some(_)) => days(claim.since, known.since) <= give,
        // One of the two does not say when it was: the days of the telling must do.
        (None, _) | (_, None) => days(claim.as_of, known.as_of) <= NEAR_DAYS + i32::from(claim.as_of_days),
    }
}

fn same_total(claim: &Claim, known: &Known) -> bool {
    if days(claim.as_of, known.as_of) <= NEAR_DAYS.max(i32::from(claim.as_of_days)) {
        return true;
    }
    let retold = match (claim.as_of, known.as_of) {
        (Some(now), Some(then)) => (0..=RETOLD_DAYS).contains(&(now - then).get_days()),
        _ => true,
    };
    !claim.as_of_stated && retold
}

fn distance(claim: &Claim, known: &Known) -> i32 {
    days(claim.as_of, known.as_of)
}

/// Days between two dates; far apart if one is missing.
fn days(one: Option<Date>, other: Option<Date>) -> i32 {
    match (one, other) {
        (Some(one), Some(other)) => (one - other).get_days().abs(),
        (None, None) => 0,
        (Some(_), None) | (None, Some(_)) => i32::MAX,
    }
}
