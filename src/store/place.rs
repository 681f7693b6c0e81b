//! Where a claim of an article belongs: its telling, the claim that this is a telling of, and that claim's standing.

use std::collections::BTreeSet;

use jiff::{Timestamp, ToSpan as _};
use sqlx::Row as _;
use sqlx::sqlite::SqliteRow;

use crate::ledger::{self, Group, Known, NEAR_DAYS, Telling, Thread};
use crate::model::{Claim, ClaimId, ConflictId, Figure, Scope, TellingId};
use crate::store::ingest::Work;
use crate::store::rows;
use crate::store::sealed::TellingRow;

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
    days: BTreeSet<String>,
}

/// Finds the place of a claim and makes it if there is none; `None` if the article told it the same way before.
pub(super) async fn place<'a>(
    work: &mut Work<'_>,
    conflict: &ConflictId,
    claim: &'a Claim,
    before: &[Placed<'_>],
    now: Timestamp,
) -> Result<Option<Placed<'a>>, sqlx::Error> {
    let thread = Thread::of(conflict, claim);
    let telling = thread.telling(claim);
    if before.iter().any(|other| other.telling == telling) {
        return Ok(None);
    }
    let query =
        sqlx::query("SELECT s.claim, s.current FROM heads h JOIN standing s ON s.claim = h.claim WHERE h.telling = ?1");
    if let Some(row) = query.bind(telling.as_str()).fetch_optional(&mut **work).await? {
        let id = rows::claim_id(&row, "claim")?;
        let was_current = row.try_get::<i64, _>("current")? > 0;
        return Ok(Some(Placed {
            claim,
            thread,
            telling,
            id,
            is_known: true,
            was_current,
            is_other_hedge: false,
            changed: Vec::new(),
            days: BTreeSet::new(),
        }));
    }
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
    let mut tellings: Vec<Telling> = strand.iter().map(|(telling, _)| telling.clone()).collect();
    tellings.push(own.clone());
    let groups = ledger::arrange(claim.scope, &tellings);
    let Some(group) = groups.iter().find(|group| group.tellings.contains(&telling)) else { return Ok(None) };
    // The claims, as they were, of which the new telling is one.
    let joined: Vec<&(Telling, ClaimId)> =
        strand.iter().filter(|(known, _)| group.tellings.contains(&known.id)).collect();
    let mut was_current = false;
    for (_, id) in &joined {
        was_current |= is_current(work, id).await?;
    }
    let hedge = |figure: &Figure| (figure.bounds, figure.approx);
    let is_other_hedge =
        !joined.is_empty() && !joined.iter().any(|(known, _)| hedge(&known.figure) == hedge(&claim.figure));
    TellingRow::of(&telling, &thread, conflict, claim, now).insert(work, claim).await?;
    let (changed, days) = regroup(work, &thread, claim.scope, &strand, &own, &groups).await?;
    let (id, is_known) = (group.claim.clone(), !joined.is_empty());
    Ok(Some(Placed { claim, thread, telling, id, is_known, was_current, is_other_hedge, changed, days }))
}

async fn is_current(work: &mut Work<'_>, claim: &ClaimId) -> Result<bool, sqlx::Error> {
    let query = sqlx::query("SELECT 1 FROM standing WHERE claim = ?1 AND current > 0").bind(claim.as_str());
    Ok(query.fetch_optional(&mut **work).await?.is_some())
}

/// All tellings of a number on a thread, each with the claim it is of.
async fn strand(work: &mut Work<'_>, thread: &Thread, figure: &Figure) -> Result<Vec<(Telling, ClaimId)>, sqlx::Error> {
    let query = sqlx::query(
        "SELECT c.id, c.min, c.max, c.approx, c.vague, c.since, c.as_of, c.as_of_days, c.as_of_stated, h.own, h.claim
         FROM claims c JOIN heads h ON h.telling = c.id WHERE c.thread = ?1 AND c.number = ?2",
    );
    let found = query.bind(thread.as_str()).bind(ledger::number(figure)).fetch_all(&mut **work).await?;
    found.iter().map(|row| Ok((rows::telling(row)?, rows::claim_id(row, "claim")?))).collect()
}

/// Writes down which tellings are the same claim now, and tells which claims that changed, and about which days.
async fn regroup(
    work: &mut Work<'_>,
    thread: &Thread,
    scope: Scope,
    strand: &[(Telling, ClaimId)],
    new: &Telling,
    groups: &[Group],
) -> Result<(Vec<ClaimId>, BTreeSet<String>), sqlx::Error> {
    let owner = |telling: &TellingId| strand.iter().find(|(known, _)| known.id == *telling);
    let (mut changed, mut days) = (Vec::new(), BTreeSet::new());
    for group in groups {
        let was = strand.iter().filter(|(_, claim)| *claim == group.claim).count();
        let moved: Vec<&TellingId> = group
            .tellings
            .iter()
            .filter(|telling| owner(telling).is_none_or(|(_, claim)| *claim != group.claim))
            .collect();
        if moved.is_empty() && was == group.tellings.len() {
            continue;
        }
        for telling in moved {
            let own = owner(telling).map_or(&new.own, |(known, _)| &known.own);
            let query = sqlx::query("INSERT OR REPLACE INTO heads (telling, own, claim) VALUES (?1, ?2, ?3)");
            query.bind(telling.as_str()).bind(own.as_str()).bind(group.claim.as_str()).execute(&mut **work).await?;
        }
        days.extend(standing_day(work, &group.claim).await?);
        days.extend(ledger::day(scope, group.head.since, group.head.as_of).map(|day| day.to_string()));
        stand(work, thread, scope, group).await?;
        changed.push(group.claim.clone());
    }
    let was: BTreeSet<&ClaimId> = strand.iter().map(|(_, claim)| claim).collect();
    for gone in was.into_iter().filter(|claim| !groups.iter().any(|group| group.claim == **claim)) {
        days.extend(standing_day(work, gone).await?);
        for sql in ["DELETE FROM standing WHERE claim = ?1", "DELETE FROM copies WHERE claim = ?1"] {
            sqlx::query(sql).bind(gone.as_str()).execute(&mut **work).await?;
        }
    }
    Ok((changed, days))
}

/// The day under which a claim stands.
async fn standing_day(work: &mut Work<'_>, claim: &ClaimId) -> Result<Option<String>, sqlx::Error> {
    let query = sqlx::query("SELECT day FROM standing WHERE claim = ?1").bind(claim.as_str());
    let row = query.fetch_optional(&mut **work).await?;
    Ok(row.map(|row| row.try_get("day")).transpose()?.flatten())
}

/// A claim without its counts, which `recount` works out.
async fn stand(work: &mut Work<'_>, thread: &Thread, scope: Scope, group: &Group) -> Result<(), sqlx::Error> {
    let head = &group.head;
    let day = ledger::day(scope, head.since, head.as_of);
    let series = thread.series(day.filter(|_| scope == Scope::Incident));
    let query = sqlx::query(
        "INSERT INTO standing (claim, telling, series, thread, day, as_of, firm, first_seen, first, sightings, independent, current)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, '', 0, 0, 0, 0)
         ON CONFLICT (claim) DO UPDATE SET telling = excluded.telling, day = excluded.day, as_of = excluded.as_of, firm = excluded.firm",
    );
    let query = query.bind(group.claim.as_str()).bind(head.id.as_str()).bind(series.to_string()).bind(thread.as_str());
    let query = query.bind(day.map(|day| day.to_string())).bind(head.as_of.map(|day| day.to_string()));
    query.bind(head.is_firm()).execute(&mut **work).await?;
    Ok(())
}

/// Works out the counts of a claim from its sightings.
pub(super) async fn recount(work: &mut Work<'_>, claim: &ClaimId) -> Result<(), sqlx::Error> {
    for sql in [
        "DELETE FROM copies WHERE claim = ?1",
        "INSERT INTO copies (claim, cluster, fingerprint)
         SELECT ?1, a.cluster, min(a.fingerprint) FROM heads h JOIN sightings s ON s.claim = h.telling JOIN articles a ON a.id = s.article
         WHERE h.claim = ?1 GROUP BY a.cluster",
        "UPDATE standing SET (sightings, first, current) =
             (SELECT count(DISTINCT a.url), min(s.id), count(DISTINCT CASE WHEN r.newest = a.id THEN a.url END)
              FROM heads h JOIN sightings s ON s.claim = h.telling JOIN articles a ON a.id = s.article
              LEFT JOIN rereads r ON r.url = a.url WHERE h.claim = ?1),
             independent = (SELECT count(*) FROM copies WHERE claim = ?1)
         WHERE claim = ?1",
        "UPDATE standing SET first_seen = (SELECT s.seen FROM sightings s WHERE s.id = standing.first) WHERE claim = ?1",
    ] {
        sqlx::query(sql).bind(claim.as_str()).execute(&mut **work).await?;
    }
    Ok(())
}

/// Counts one more article that prints a claim.
pub(super) async fn count(work: &mut Work<'_>, claim: &ClaimId, cluster: i64, print: u64) -> Result<(), sqlx::Error> {
    let query = sqlx::query("INSERT OR IGNORE INTO copies (claim, cluster, fingerprint) VALUES (?1, ?2, ?3)");
    let added = query.bind(claim.as_str()).bind(cluster).bind(print.cast_signed()).execute(&mut **work).await?;
    let query = sqlx::query(
        "UPDATE standing SET sightings = sightings + 1, current = current + 1, independent = independent + ?2 WHERE claim = ?1",
    );
    let more = i64::try_from(added.rows_affected()).unwrap_or(0);
    query.bind(claim.as_str()).bind(more).execute(&mut **work).await?;
    Ok(())
}

/// Works out the series of the claims about one day of a thread, and which of them merely round or reword others.
pub(super) async fn settle(work: &mut Work<'_>, conflict: &ConflictId, placed: &Placed<'_>) -> Result<(), sqlx::Error> {
    for day in &placed.days {
        settle_around(work, &placed.thread, placed.claim.scope, day).await?;
    }
    reword(work, conflict, placed).await
}

async fn settle_around(work: &mut Work<'_>, thread: &Thread, scope: Scope, day: &str) -> Result<(), sqlx::Error> {
    let Ok(day) = day.parse::<jiff::civil::Date>() else { return Ok(()) };
    let away = |days: i32| day.checked_add(days.days()).map_or_else(|_| day.to_string(), |day| day.to_string());
    let query = sqlx::query(
        "SELECT s.claim AS id, s.day, s.series, s.rounds, s.firm, c.min, c.max, c.approx, c.vague, c.since, c.as_of
         FROM standing s JOIN claims c ON c.id = s.telling WHERE s.thread = ?1 AND s.day BETWEEN ?2 AND ?3",
    );
    let query = query.bind(thread.as_str()).bind(away(-2 * NEAR_DAYS)).bind(away(2 * NEAR_DAYS));
    let rows = query.fetch_all(&mut **work).await?;
    let window: Vec<Known> = rows.iter().map(rows::known).collect::<Result<_, _>>()?;
    let (from, to) = (away(-NEAR_DAYS), away(NEAR_DAYS));
    for (row, known) in rows.iter().zip(&window) {
        let day: String = row.try_get("day")?;
        if day < from || day > to {
            continue;
        }
        let series = ledger::series_of(thread, scope, known, &window).to_string();
        let rounds = ledger::restated(scope, known, &window).map(|id| id.to_string());
        let was: (String, Option<String>) = (row.try_get("series")?, row.try_get("rounds")?);
        if was != (series.clone(), rounds.clone()) {
            let query = sqlx::query("UPDATE standing SET series = ?2, rounds = ?3 WHERE claim = ?1");
            query.bind(known.id.as_str()).bind(series).bind(rounds).execute(&mut **work).await?;
        }
    }
    Ok(())
}

/// Links the claims that tell the outcome of another one otherwise: the unspecified "casualties" is the one that stays.
async fn reword(work: &mut Work<'_>, conflict: &ConflictId, placed: &Placed<'_>) -> Result<(), sqlx::Error> {
    let siblings = Thread::siblings(conflict, placed.claim);
    if siblings.is_empty() || placed.changed.is_empty() {
        return Ok(());
    }
    let own = on_strand(work, &placed.thread, placed.claim).await?;
    let is_unspecified = placed.claim.outcomes.contains(crate::model::Outcome::Casualties);
    for thread in &siblings {
        let others = on_strand(work, thread, placed.claim).await?;
        let (exact, unspecified) = if is_unspecified { (&others, &own) } else { (&own, &others) };
        let known: Vec<Known> = unspecified.iter().map(rows::known).collect::<Result<_, _>>()?;
        for row in exact {
            let claim = rows::known(row)?;
            let rewords = ledger::reworded(placed.claim.scope, &claim, &known).map(|id| id.to_string());
            if row.try_get::<Option<String>, _>("rewords")? != rewords {
                let query = sqlx::query("UPDATE standing SET rewords = ?2 WHERE claim = ?1");
                query.bind(claim.id.as_str()).bind(rewords).execute(&mut **work).await?;
            }
        }
    }
    Ok(())
}

/// The claims of a number on a thread.
async fn on_strand(work: &mut Work<'_>, thread: &Thread, claim: &Claim) -> Result<Vec<SqliteRow>, sqlx::Error> {
    let query = sqlx::query(
        "SELECT s.claim AS id, s.rewords, s.firm, c.min, c.max, c.approx, c.vague, c.since, c.as_of
         FROM claims c JOIN heads h ON h.telling = c.id JOIN standing s ON s.claim = h.claim AND s.telling = c.id
         WHERE c.thread = ?1 AND c.number = ?2",
    );
    query.bind(thread.as_str()).bind(ledger::number(&claim.figure)).fetch_all(&mut **work).await
}
