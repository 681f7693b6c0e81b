//! Where a claim of an article belongs: its telling, and the claim that this is a telling of.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use sqlx::Row as _;
use sqlx::sqlite::SqliteRow;

use crate::ledger::{self, Group, Telling, Thread};
use crate::model::{Claim, ClaimId, ConflictId, Figure, Scope, TellingId};
use crate::store::rows::{self, list};
use crate::store::sealed::TellingRow;
use crate::store::work::Work;

/// A claim of an article with its place in the ledger.
#[derive(Debug)]
pub(super) struct Placed<'a> {
    pub(super) claim: &'a Claim,
    pub(super) thread: Thread,
    pub(super) telling: TellingId,
    /// The claim it is.
    pub(super) id: ClaimId,
    /// The ledger knew the claim before.
    pub(super) is_known: bool,
    /// Some article printed it before this one.
    pub(super) was_current: bool,
    /// No article told it with this hedge before.
    pub(super) is_other_hedge: bool,
    /// Claims whose tellings changed with it: their counts are worked out again.
    pub(super) changed: Vec<ClaimId>,
    /// The days about which claims of the thread came, went or moved.
    pub(super) days: BTreeSet<String>,
}

/// A telling on its strand, with the claim that it is of.
struct Strand {
    telling: Telling,
    claim: ClaimId,
    /// The telling that stands for the claim.
    head: TellingId,
    /// The day under which the claim stands.
    day: Option<String>,
    /// Whether an article prints the claim.
    is_current: bool,
}

/// Finds the places of the claims of an article and makes those that are missing. What the article tells twice in the
/// same way has one place.
pub(super) async fn place_all<'a>(
    work: &mut Work<'_>,
    conflict: &ConflictId,
    claims: &'a [Claim],
    now: Timestamp,
) -> Result<Vec<Placed<'a>>, sqlx::Error> {
    let mut told: Vec<(&'a Claim, Thread, TellingId)> = Vec::with_capacity(claims.len());
    for claim in claims {
        let thread = Thread::of(conflict, claim);
        let telling = thread.telling(claim);
        if !told.iter().any(|(_, _, other)| *other == telling) {
            told.push((claim, thread, telling));
        }
    }
    let ids: Vec<TellingId> = told.iter().map(|(_, _, telling)| telling.clone()).collect();
    let mut known = claims_of(work, &ids).await?;
    let (mut placed, mut moved) = (Vec::with_capacity(told.len()), false);
    for (claim, thread, telling) in told {
        let found = match known.get(&telling) {
            Some((id, is_current)) => Some(Placed {
                claim,
                thread,
                telling,
                id: id.clone(),
                is_known: true,
                was_current: *is_current,
                is_other_hedge: false,
                changed: Vec::new(),
                days: BTreeSet::new(),
            }),
            None => place(work, conflict, (claim, thread, telling), now).await?,
        };
        if found.as_ref().is_some_and(|found| !found.changed.is_empty()) {
            known = claims_of(work, &ids).await?;
            moved = true;
        }
        placed.extend(found);
    }
    if moved {
        // A later claim of the article may have moved the tellings of an earlier one.
        for one in &mut placed {
            let now = known.get(&one.telling);
            one.id = now.map_or_else(|| one.id.clone(), |(id, _)| id.clone());
        }
    }
    Ok(placed)
}

/// The claims that tellings are of, and whether an article prints them now.
async fn claims_of(
    work: &mut Work<'_>,
    tellings: &[TellingId],
) -> Result<BTreeMap<TellingId, (ClaimId, bool)>, sqlx::Error> {
    let ids: Vec<&str> = tellings.iter().map(TellingId::as_str).collect();
    let query = sqlx::query(
        "SELECT h.telling, s.claim, s.current FROM json_each(?1) j CROSS JOIN heads h ON h.telling = j.value
         CROSS JOIN standing s ON s.claim = h.claim",
    );
    let found = query.bind(list(&ids)).fetch_all(&mut **work).await?;
    let read = |row: &SqliteRow| -> Result<_, sqlx::Error> {
        let is_current = row.try_get::<i64, _>("current")? > 0;
        Ok((rows::telling_id(row, "telling")?, (rows::claim_id(row, "claim")?, is_current)))
    };
    found.iter().map(read).collect()
}

/// Makes a place for a telling that is new to the ledger.
async fn place<'a>(
    work: &mut Work<'_>,
    conflict: &ConflictId,
    (claim, thread, telling): (&'a Claim, Thread, TellingId),
    now: Timestamp,
) -> Result<Option<Placed<'a>>, sqlx::Error> {
    let strand = strand(work, &thread, &claim.figure).await?;
    let own = Telling {
        id: telling.clone(),
        own: thread.claim(claim),
        figure: claim.figure,
        since: claim.since,
        as_of: claim.as_of,
        as_of_days: claim.as_of_days,
        stated: claim.as_of_stated,
    };
    let mut tellings: Vec<Telling> = strand.iter().map(|known| known.telling.clone()).collect();
    tellings.push(own.clone());
    let groups = ledger::arrange(claim.scope, &tellings);
    let Some(group) = groups.iter().find(|group| group.tellings.contains(&telling)) else { return Ok(None) };
    // The claims, as they were, of which the new telling is one.
    let joined: Vec<&Strand> = strand.iter().filter(|known| group.tellings.contains(&known.telling.id)).collect();
    let was_current = joined.iter().any(|known| known.is_current);
    let hedge = |figure: &Figure| (figure.bounds, figure.approx);
    let is_other_hedge =
        !joined.is_empty() && !joined.iter().any(|known| hedge(&known.telling.figure) == hedge(&claim.figure));
    TellingRow::of(&telling, &thread, conflict, claim, now).insert(work, claim).await?;
    let (changed, days) = regroup(work, &thread, claim.scope, &strand, &own, &groups).await?;
    let (id, is_known) = (group.claim.clone(), !joined.is_empty());
    Ok(Some(Placed { claim, thread, telling, id, is_known, was_current, is_other_hedge, changed, days }))
}

/// All tellings of a number on a thread, each with the claim it is of.
async fn strand(work: &mut Work<'_>, thread: &Thread, figure: &Figure) -> Result<Vec<Strand>, sqlx::Error> {
    let query = sqlx::query(
        "SELECT c.id, c.min, c.max, c.approx, c.vague, c.since, c.as_of, c.as_of_days, c.as_of_stated, h.own, h.claim, s.telling, s.day, s.current
         FROM claims c JOIN heads h ON h.telling = c.id JOIN standing s ON s.claim = h.claim WHERE c.thread = ?1 AND c.number = ?2",
    );
    let found = query.bind(thread.as_str()).bind(ledger::number(figure)).fetch_all(&mut **work).await?;
    let read = |row: &SqliteRow| -> Result<Strand, sqlx::Error> {
        let (telling, claim, head) =
            (rows::telling(row)?, rows::claim_id(row, "claim")?, rows::telling_id(row, "telling")?);
        Ok(Strand { telling, claim, head, day: row.try_get("day")?, is_current: row.try_get::<i64, _>("current")? > 0 })
    };
    found.iter().map(read).collect()
}

/// Writes down which tellings are the same claim now, and tells which claims that changed, and about which days.
async fn regroup(
    work: &mut Work<'_>,
    thread: &Thread,
    scope: Scope,
    strand: &[Strand],
    new: &Telling,
    groups: &[Group],
) -> Result<(Vec<ClaimId>, BTreeSet<String>), sqlx::Error> {
    let owner = |telling: &TellingId| strand.iter().find(|known| known.telling.id == *telling);
    let stood = |claim: &ClaimId| strand.iter().find(|known| known.claim == *claim).and_then(|known| known.day.clone());
    let (mut changed, mut days) = (Vec::new(), BTreeSet::new());
    for group in groups {
        let was = strand.iter().filter(|known| known.claim == group.claim).count();
        let moved: Vec<(&str, &str)> = group
            .tellings
            .iter()
            .filter(|telling| owner(telling).is_none_or(|known| known.claim != group.claim))
            .map(|telling| (telling.as_str(), owner(telling).map_or(&new.own, |known| &known.telling.own).as_str()))
            .collect();
        if moved.is_empty() && was == group.tellings.len() {
            continue;
        }
        let stands = strand.iter().any(|known| known.claim == group.claim && known.head == group.head.id);
        if stands && was + 1 == group.tellings.len() && moved.iter().all(|(telling, _)| *telling == new.id.as_str()) {
            // One more way to tell a claim that goes on to stand as it did.
            tell(work, &group.claim, &moved).await?;
            continue;
        }
        days.extend(stood(&group.claim));
        days.extend(ledger::day(scope, group.head.since, group.head.as_of).map(|day| day.to_string()));
        stand(work, thread, scope, group, &moved).await?;
        changed.push(group.claim.clone());
    }
    let was: BTreeSet<&ClaimId> = strand.iter().map(|known| &known.claim).collect();
    for gone in was.into_iter().filter(|claim| !groups.iter().any(|group| group.claim == **claim)) {
        days.extend(stood(gone));
        let query = sqlx::query("DELETE FROM standing WHERE claim = ?1; DELETE FROM copies WHERE claim = ?1");
        query.bind(gone.as_str()).execute(&mut **work).await?;
    }
    Ok((changed, days))
}

/// Writes down the tellings that are new to a claim, each with the claim that it would be alone.
async fn tell(work: &mut Work<'_>, claim: &ClaimId, moved: &[(&str, &str)]) -> Result<(), sqlx::Error> {
    let query = sqlx::query(
        "INSERT OR REPLACE INTO heads (telling, own, claim) SELECT j.value ->> 0, j.value ->> 1, ?1 FROM json_each(?2) j",
    );
    query.bind(claim.as_str()).bind(serde_json::json!(moved).to_string()).execute(&mut **work).await?;
    Ok(())
}

/// Writes down the tellings that are new to a claim, each with the claim that it would be alone, and the claim itself
/// without its counts, which `recount` works out.
async fn stand(
    work: &mut Work<'_>,
    thread: &Thread,
    scope: Scope,
    group: &Group,
    moved: &[(&str, &str)],
) -> Result<(), sqlx::Error> {
    let head = &group.head;
    let day = ledger::day(scope, head.since, head.as_of);
    let series = thread.series(day.filter(|_| scope == Scope::Incident));
    let query = sqlx::query(
        "INSERT OR REPLACE INTO heads (telling, own, claim) SELECT j.value ->> 0, j.value ->> 1, ?1 FROM json_each(?8) j;
         INSERT INTO standing (claim, telling, series, thread, day, as_of, firm, first_seen, first, sightings, independent, current)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, '', 0, 0, 0, 0)
         ON CONFLICT (claim) DO UPDATE SET telling = excluded.telling, day = excluded.day, as_of = excluded.as_of, firm = excluded.firm",
    );
    let query = query.bind(group.claim.as_str()).bind(head.id.as_str()).bind(series.to_string()).bind(thread.as_str());
    let query = query.bind(day.map(|day| day.to_string())).bind(head.as_of.map(|day| day.to_string()));
    query.bind(head.is_firm()).bind(serde_json::json!(moved).to_string()).execute(&mut **work).await?;
    Ok(())
}
