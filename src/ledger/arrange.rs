//! Which tellings of one number are the same claim. A function of the whole set, so that the order in which articles
//! are read makes no difference.

use jiff::civil::Date;

use crate::ledger::identity::{day, stretch};
use crate::model::{Bounds, ClaimId, Figure, Scope, TellingId};

/// How many days apart two reports of one total may date it.
pub const NEAR_DAYS: i32 = 3;
/// How many days a total may be old when an article repeats it without a date of its own.
pub const RETOLD_DAYS: i32 = 120;

/// One way in which articles tell a claim: a figure with its hedge, and the days it covers.
#[derive(Debug, Clone, PartialEq)]
pub struct Telling {
    /// Its id.
    pub id: TellingId,
    /// The id of the claim if nothing else told it.
    pub own: ClaimId,
    /// The figure as printed.
    pub figure: Figure,
    /// First day covered.
    pub since: Option<Date>,
    /// Last day covered.
    pub as_of: Option<Date>,
    /// How many days that may be off, as the wording leaves it open.
    pub as_of_days: u16,
    /// Whether the text dates the figure; else the days follow from the day of publication.
    pub stated: bool,
}

/// Tellings of one claim.
#[derive(Debug, Clone, PartialEq)]
pub struct Group {
    /// The claim.
    pub claim: ClaimId,
    /// The telling that stands for it: the best dated, then the earliest, then the one that kept its hedge.
    pub head: Telling,
    /// All of them, the head included.
    pub tellings: Vec<TellingId>,
}

/// How well a telling knows its day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Dated {
    /// The text names it.
    Firm,
    /// It follows from the day of publication: the claim may be older.
    Loose,
    /// The text leaves it open ("about two weeks ago").
    Fuzzy,
}

impl Telling {
    fn dated(&self) -> Dated {
        match (self.stated, self.as_of_days) {
            (false, _) => Dated::Loose,
            (true, 0 | 1) => Dated::Firm,
            (true, _) => Dated::Fuzzy,
        }
    }

    /// Whether the text itself names the day.
    pub fn is_firm(&self) -> bool {
        self.dated() == Dated::Firm
    }

    fn rank(&self) -> (Dated, Option<Date>, u8, &TellingId) {
        // Copies lose hedges, they do not add them.
        let hedge = match (self.figure.bounds, self.figure.approx) {
            (Bounds::AtLeast(_) | Bounds::AtMost(_), _) => 0,
            (_, true) => 1,
            (Bounds::Exact(_) | Bounds::Between { .. }, false) => 2,
        };
        (self.dated(), self.as_of, hedge, &self.id)
    }
}

/// Arranges the tellings of one number on one thread into claims.
pub fn arrange(scope: Scope, tellings: &[Telling]) -> Vec<Group> {
    let mut sorted: Vec<&Telling> = tellings.iter().collect();
    sorted.sort_by_key(|telling| telling.rank());
    let clusters = match scope {
        Scope::Period => by_stretch(&sorted),
        Scope::Cumulative => {
            by_day(&sorted, scope, Reach { firm: Firm::Chain(NEAR_DAYS), back: RETOLD_DAYS, ahead: NEAR_DAYS })
        }
        Scope::Incident => by_day(&sorted, scope, Reach { firm: Firm::Span(1), back: NEAR_DAYS, ahead: 1 }),
    };
    clusters.iter().filter_map(|cluster| grouped(cluster)).collect()
}

fn grouped(tellings: &[&Telling]) -> Option<Group> {
    let head = tellings.iter().min_by_key(|telling| telling.rank())?;
    Some(Group {
        claim: head.own.clone(),
        head: (*head).clone(),
        tellings: tellings.iter().map(|telling| telling.id.clone()).collect(),
    })
}

/// Figures for a stretch belong together if they end on the same day and are about as long.
fn by_stretch<'a>(sorted: &[&'a Telling]) -> Vec<Vec<&'a Telling>> {
    let mut out: Vec<Vec<&Telling>> = Vec::new();
    for telling in sorted {
        let key = |one: &Telling| (one.as_of, stretch(one.since, one.as_of));
        match out.iter_mut().find(|members| members.first().is_some_and(|first| key(first) == key(telling))) {
            Some(members) => members.push(telling),
            None => out.push(vec![telling]),
        }
    }
    out
}

/// How far tellings of a claim may be apart.
#[derive(Debug, Clone, Copy)]
struct Reach {
    firm: Firm,
    /// How many days before its publication the claim of an undated report may lie.
    back: i32,
    /// How many after.
    ahead: i32,
}

/// How far days that texts name may be apart.
#[derive(Debug, Clone, Copy)]
enum Firm {
    /// From one to the next.
    Chain(i32),
    /// From the first to the last.
    Span(i32),
}

struct Cluster<'a> {
    first: Option<Date>,
    last: Option<Date>,
    members: Vec<&'a Telling>,
}

fn by_day<'a>(sorted: &[&'a Telling], scope: Scope, reach: Reach) -> Vec<Vec<&'a Telling>> {
    let mut clusters: Vec<Cluster<'a>> = Vec::new();
    for dated in [Dated::Firm, Dated::Loose, Dated::Fuzzy] {
        let mut now: Vec<(Option<Date>, &'a Telling)> = sorted
            .iter()
            .filter(|telling| telling.dated() == dated)
            .map(|telling| (day(scope, telling.since, telling.as_of), *telling))
            .collect();
        now.sort_by_key(|(day, telling)| (*day, &telling.id));
        for (day, telling) in now {
            let found = match dated {
                Dated::Firm => firm(&clusters, day, reach.firm),
                Dated::Loose => loose(&clusters, day, reach),
                Dated::Fuzzy => fuzzy(&clusters, day, i32::from(telling.as_of_days).max(NEAR_DAYS)),
            };
            match found.and_then(|at| clusters.get_mut(at)) {
                Some(cluster) => {
                    cluster.members.push(telling);
                    if dated == Dated::Firm {
                        cluster.last = day;
                    }
                }
                None => clusters.push(Cluster { first: day, last: day, members: vec![telling] }),
            }
        }
    }
    clusters.into_iter().map(|cluster| cluster.members).collect()
}

/// The cluster that a named day continues; days come in order, so only the last one can be it.
fn firm(clusters: &[Cluster<'_>], day: Option<Date>, reach: Firm) -> Option<usize> {
    let at = clusters.len().checked_sub(1)?;
    let cluster = clusters.get(at)?;
    let (from, most) = match reach {
        Firm::Chain(days) => (cluster.last, days),
        Firm::Span(days) => (cluster.first, days),
    };
    (days_after(day, from)? <= most).then_some(at)
}

/// The newest cluster that an undated report can repeat.
fn loose(clusters: &[Cluster<'_>], day: Option<Date>, reach: Reach) -> Option<usize> {
    let can = |cluster: &Cluster<'_>| {
        let (first, last) = (days_after(day, cluster.first), days_after(day, cluster.last));
        first.is_some_and(|days| days >= -reach.ahead) && last.is_some_and(|days| days <= reach.back)
    };
    let candidates = clusters.iter().enumerate().filter(|(_, cluster)| can(cluster));
    candidates.max_by_key(|(_, cluster)| cluster.first).map(|(at, _)| at)
}

/// The nearest cluster within the days that the wording leaves open.
fn fuzzy(clusters: &[Cluster<'_>], day: Option<Date>, most: i32) -> Option<usize> {
    let distance = |cluster: &Cluster<'_>| {
        let (after_first, after_last) = (days_after(day, cluster.first)?, days_after(day, cluster.last)?);
        Some(if after_first < 0 { -after_first } else { after_last.max(0) })
    };
    let near = clusters.iter().enumerate().filter_map(|(at, cluster)| Some((distance(cluster)?, cluster.first, at)));
    near.filter(|(days, _, _)| *days <= most).min().map(|(_, _, at)| at)
}

/// Days from one to the other; two unknown days are the same, and no known day is near an unknown one.
fn days_after(day: Option<Date>, from: Option<Date>) -> Option<i32> {
    match (day, from) {
        (Some(day), Some(from)) => Some((day - from).get_days()),
        (None, None) => Some(0),
        (Some(_), None) | (None, Some(_)) => None,
    }
}
