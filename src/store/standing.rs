//! How claims stand: their counts, the series they are points of, and which of them round or reword others.

use jiff::ToSpan as _;
use sqlx::Row as _;
use sqlx::sqlite::SqliteRow;

use crate::ledger::{self, Known, NEAR_DAYS, Thread};
use crate::model::{Claim, ClaimId, ConflictId, Scope};
use crate::store::place::Placed;
use crate::store::rows::{self, list};
use crate::store::work::Work;

/// The counts of claims from their sightings.
const RECOUNT: &str = "DELETE FROM copies WHERE claim IN (SELECT value FROM json_each(?1));
     INSERT INTO copies (claim, cluster)
     SELECT DISTINCT h.claim, a.cluster FROM json_each(?1) j CROSS JOIN heads h ON h.claim = j.value
         CROSS JOIN sightings s ON s.claim = h.telling CROSS JOIN articles a ON a.id = s.article;
     UPDATE standing SET (sightings, first, current) =
         (SELECT count(DISTINCT a.url), min(s.id), count(DISTINCT CASE WHEN r.newest = a.id THEN a.url END)
          FROM heads h CROSS JOIN sightings s ON s.claim = h.telling CROSS JOIN articles a ON a.id = s.article
          LEFT JOIN rereads r ON r.url = a.url WHERE h.claim = standing.claim),
         independent = (SELECT count(*) FROM copies c WHERE c.claim = standing.claim)
     WHERE claim IN (SELECT value FROM json_each(?1));
     UPDATE standing SET first_seen = (SELECT s.seen FROM sightings s WHERE s.id = standing.first)
     WHERE claim IN (SELECT value FROM json_each(?1))";

/// One more article that prints claims.
const COUNT: &str = "UPDATE standing SET sightings = sightings + 1, current = current + 1, independent = independent
         + NOT EXISTS (SELECT 1 FROM copies c WHERE c.claim = standing.claim AND c.cluster = ?2)
     WHERE claim IN (SELECT value FROM json_each(?1));
     INSERT OR IGNORE INTO copies (claim, cluster) SELECT value, ?2 FROM json_each(?1)";

/// Works out the counts of claims from their sightings.
pub(super) async fn recount(work: &mut Work<'_>, claims: &[&ClaimId]) -> Result<(), sqlx::Error> {
    let ids: Vec<&str> = claims.iter().map(|claim| claim.as_str()).collect();
    sqlx::query(RECOUNT).bind(list(&ids)).execute(&mut **work).await?;
    Ok(())
}

/// Counts one more article that prints claims.
pub(super) async fn count(work: &mut Work<'_>, claims: &[&ClaimId], cluster: i64) -> Result<(), sqlx::Error> {
    let ids: Vec<&str> = claims.iter().map(|claim| claim.as_str()).collect();
    sqlx::query(COUNT).bind(list(&ids)).bind(cluster).execute(&mut **work).await?;
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
         FROM standing s JOIN claims c ON c.id = s.telling WHERE s.thread = ?1 AND s.day BETWEEN ?2 AND ?3
         ORDER BY s.day, s.claim",
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
    let all = on_strands(work, &placed.thread, &siblings, placed.claim).await?;
    let of = |thread: &Thread| -> Result<Vec<&SqliteRow>, sqlx::Error> {
        let is_of = |row: &&SqliteRow| row.try_get::<&str, _>("thread").map(|found| found == thread.as_str());
        all.iter().filter_map(|row| is_of(&row).map(|is_of| is_of.then_some(row)).transpose()).collect()
    };
    let own = of(&placed.thread)?;
    let is_unspecified = placed.claim.outcomes.contains(crate::model::Outcome::Casualties);
    for thread in &siblings {
        let others = of(thread)?;
        let (exact, unspecified) = if is_unspecified { (&others, &own) } else { (&own, &others) };
        let known: Vec<Known> = unspecified.iter().copied().map(rows::known).collect::<Result<_, _>>()?;
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

/// The claims of a number on a thread and on its siblings.
async fn on_strands(
    work: &mut Work<'_>,
    thread: &Thread,
    siblings: &[Thread],
    claim: &Claim,
) -> Result<Vec<SqliteRow>, sqlx::Error> {
    let threads: Vec<&str> = std::iter::once(thread).chain(siblings).map(Thread::as_str).collect();
    let query = sqlx::query(
        "SELECT s.claim AS id, s.thread, s.rewords, s.firm, c.min, c.max, c.approx, c.vague, c.since, c.as_of
         FROM json_each(?1) j CROSS JOIN claims c ON c.thread = j.value AND c.number = ?2
         CROSS JOIN heads h ON h.telling = c.id CROSS JOIN standing s ON s.claim = h.claim AND s.telling = c.id",
    );
    query.bind(list(&threads)).bind(ledger::number(&claim.figure)).fetch_all(&mut **work).await
}
