//! What is worked out from the records, worked out again: which tellings are which claim, how claims stand, the counts.

use std::collections::{BTreeMap, BTreeSet};

use jiff::ToSpan as _;
use jiff::civil::Date;
use sqlx::Row as _;
use sqlx::sqlite::SqliteRow;

use crate::ledger::{self, Group, Known, NEAR_DAYS, Telling, Thread};
use crate::model::{Claim, ClaimId};
use crate::store::verify::{Verification, readable};
use crate::store::{Store, rows};

/// Claims whose counts are not those of their sightings, and the copies of claims that are too many or too few.
const WRONG_COUNTS: &str = "
    SELECT st.claim FROM standing st LEFT JOIN
        (SELECT h.claim, count(DISTINCT a.url) AS sightings, count(DISTINCT a.cluster) AS independent, min(s.id) AS first,
             count(DISTINCT CASE WHEN r.newest = a.id THEN a.url END) AS current
         FROM heads h JOIN sightings s ON s.claim = h.telling JOIN articles a ON a.id = s.article LEFT JOIN rereads r ON r.url = a.url
         GROUP BY h.claim) g ON g.claim = st.claim
    WHERE g.claim IS NULL OR (st.sightings, st.independent, st.first, st.current) IS NOT (g.sightings, g.independent, g.first, g.current)
        OR st.first_seen IS NOT (SELECT f.seen FROM sightings f WHERE f.id = st.first)
    UNION SELECT claim FROM heads WHERE claim NOT IN (SELECT claim FROM standing)
    UNION SELECT claim FROM standing WHERE thread NOT IN (SELECT thread FROM claims)
    UNION SELECT claim FROM (SELECT claim, cluster FROM copies EXCEPT
        SELECT h.claim, a.cluster FROM heads h JOIN sightings s ON s.claim = h.telling JOIN articles a ON a.id = s.article)
    UNION SELECT claim FROM (SELECT h.claim, a.cluster FROM heads h JOIN sightings s ON s.claim = h.telling
        JOIN articles a ON a.id = s.article EXCEPT SELECT claim, cluster FROM copies)";

/// Articles of which another version counts than the newest one.
const STALE: &str =
    "SELECT url FROM rereads r WHERE newest IS NOT (SELECT max(a.id) FROM articles a WHERE a.url = r.url)
    UNION SELECT url FROM articles WHERE url NOT IN (SELECT url FROM rereads)";

/// How a claim stands, but for its counts: telling, series, day, last day, whether the day is firm, what it rewords and
/// what it rounds.
type Standing = (String, String, Option<String>, Option<String>, i64, Option<String>, Option<String>);

impl Store {
    pub(super) async fn verify_index(&self, out: &mut Verification) -> Result<(), sqlx::Error> {
        let threads = "SELECT DISTINCT thread FROM claims WHERE thread > ?1 ORDER BY thread LIMIT 500";
        let mut last = String::new();
        loop {
            let found = sqlx::query(threads).bind(&last).fetch_all(&self.pool).await?;
            for row in &found {
                last = row.try_get("thread")?;
                self.verify_thread(&Thread::stored(last.clone()), out).await?;
            }
            if found.is_empty() {
                break;
            }
        }
        for row in sqlx::query(WRONG_COUNTS).fetch_all(&self.pool).await? {
            let claim: String = row.try_get("claim")?;
            out.find(format!("claim {claim}"), "its counts are not those of its sightings");
        }
        for row in sqlx::query(STALE).fetch_all(&self.pool).await? {
            let place = format!("article {}", row.try_get::<String, _>("url")?);
            out.find(place, "its newest version is not the one that counts");
        }
        Ok(())
    }

    /// Whether the tellings on a thread are the claims that they must be, and these stand as they must.
    async fn verify_thread(&self, thread: &Thread, out: &mut Verification) -> Result<(), sqlx::Error> {
        let query = sqlx::query(
            "SELECT c.*, h.own, h.claim AS listed FROM claims c LEFT JOIN heads h ON h.telling = c.id WHERE c.thread = ?1 ORDER BY c.id",
        );
        let mut strands: BTreeMap<String, Vec<Telling>> = BTreeMap::new();
        let (mut listed, mut example) = (BTreeMap::new(), None);
        for row in &query.bind(thread.as_str()).fetch_all(&self.pool).await? {
            let place = || format!("claims row {}", readable(row, "id").unwrap_or_default());
            let (Ok(telling), Ok(claim)) = (rows::telling(row), rows::claim(row, None)) else {
                out.find(place(), "it belongs to no claim");
                continue;
            };
            // The first format called claims and tellings alike.
            let is_old = telling.own.as_str() == telling.id.as_str();
            if telling.own != thread.claim(&claim) && !is_old {
                out.find(place(), "it is listed with another id than the one that it has");
            }
            listed.insert(telling.id.clone(), readable(row, "listed"));
            strands.entry(readable(row, "number").unwrap_or_default()).or_default().push(telling);
            example = Some((rows::conflict_id(row)?, claim));
        }
        let Some((conflict, example)) = example else { return Ok(()) };
        let mut groups: Vec<(String, Group)> = Vec::new();
        for (number, tellings) in strands {
            for group in ledger::arrange(example.scope, &tellings) {
                for telling in &group.tellings {
                    if listed.get(telling).and_then(Option::as_deref) != Some(group.claim.as_str()) {
                        let place = format!("claims row {telling}");
                        out.find(place, "it is listed under another claim than the one it tells");
                    }
                }
                groups.push((number.clone(), group));
            }
        }
        let unspecified = match Thread::siblings(&conflict, &example).as_slice() {
            [unspecified] => self.on_thread(unspecified).await?,
            _ => BTreeMap::new(),
        };
        let expected = standing(thread, &example, &groups, &unspecified);
        let query = sqlx::query(
            "SELECT claim, telling, series, day, as_of, firm, rewords, rounds FROM standing WHERE thread = ?1",
        );
        let mut found: BTreeMap<String, Option<Standing>> = BTreeMap::new();
        for row in &query.bind(thread.as_str()).fetch_all(&self.pool).await? {
            found.insert(readable(row, "claim").unwrap_or_default(), read(row).ok());
        }
        let claims: BTreeSet<&String> = expected.keys().chain(found.keys()).collect();
        for claim in claims {
            if found.get(claim).and_then(Option::as_ref) != expected.get(claim) {
                out.find(format!("claim {claim}"), "it does not stand as its tellings say");
            }
        }
        Ok(())
    }

    /// The claims on a thread, by their number.
    async fn on_thread(&self, thread: &Thread) -> Result<BTreeMap<String, Vec<Known>>, sqlx::Error> {
        let query = sqlx::query(
            "SELECT s.claim AS id, s.firm, c.number, c.min, c.max, c.approx, c.vague, c.since, c.as_of
             FROM standing s JOIN claims c ON c.id = s.telling WHERE s.thread = ?1",
        );
        let mut out: BTreeMap<String, Vec<Known>> = BTreeMap::new();
        for row in &query.bind(thread.as_str()).fetch_all(&self.pool).await? {
            // What cannot be read is told where it stands.
            if let (Ok(number), Ok(known)) = (row.try_get("number"), rows::known(row)) {
                out.entry(number).or_default().push(known);
            }
        }
        Ok(out)
    }
}

fn read(row: &SqliteRow) -> Result<Standing, sqlx::Error> {
    let (rewords, rounds) = (row.try_get("rewords")?, row.try_get("rounds")?);
    let (day, as_of, firm) = (row.try_get("day")?, row.try_get("as_of")?, row.try_get("firm")?);
    Ok((row.try_get("telling")?, row.try_get("series")?, day, as_of, firm, rewords, rounds))
}

/// How the claims of a thread must stand.
fn standing(
    thread: &Thread,
    example: &Claim,
    groups: &[(String, Group)],
    unspecified: &BTreeMap<String, Vec<Known>>,
) -> BTreeMap<String, Standing> {
    let scope = example.scope;
    let day = |known: &Known| ledger::day(scope, known.since, known.as_of);
    let mut all: Vec<Known> = groups.iter().map(|(_, group)| known(group)).collect();
    all.sort_by(|one, other| (day(one), &one.id).cmp(&(day(other), &other.id)));
    let mut out = BTreeMap::new();
    for (number, group) in groups {
        let (head, own) = (&group.head, known(group));
        let event = day(&own);
        let window = event.map_or(&[][..], |event| around(&all, event, day));
        let series = match event {
            Some(_) => ledger::series_of(thread, scope, &own, window),
            None => thread.series(None),
        };
        let rounds = ledger::restated(scope, &own, window);
        let rewords = unspecified.get(number).and_then(|others| ledger::reworded(scope, &own, others));
        let text = |id: Option<ClaimId>| id.map(|id| id.to_string());
        let dates = (event.map(|day| day.to_string()), head.as_of.map(|day| day.to_string()));
        out.insert(
            group.claim.to_string(),
            (
                head.id.to_string(),
                series.to_string(),
                dates.0,
                dates.1,
                i64::from(own.firm),
                text(rewords),
                text(rounds),
            ),
        );
    }
    out
}

fn known(group: &Group) -> Known {
    let head = &group.head;
    Known { id: group.claim.clone(), figure: head.figure, since: head.since, as_of: head.as_of, firm: head.is_firm() }
}

/// Those of the claims, ordered by day, that are near enough to a day for anything to follow from it.
fn around(all: &[Known], event: Date, day: impl Fn(&Known) -> Option<Date>) -> &[Known] {
    let away = |days: i32| event.checked_add(days.days()).unwrap_or(event);
    let from = all.partition_point(|known| day(known) < Some(away(-2 * NEAR_DAYS)));
    let to = all.partition_point(|known| day(known) <= Some(away(2 * NEAR_DAYS)));
    all.get(from..to).unwrap_or(&[])
}
