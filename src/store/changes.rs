//! The change log: what an article changed, and the chain of hashes that every change continues.

use std::collections::BTreeMap;

use jiff::Timestamp;
use url::Url;

use crate::ledger::{self, Known, increment, stretch};
use crate::model::{Change, Claim, ClaimId, ClaimRecord, Digest, Event, Scope, Sighting, Step};
use crate::store::Reading;
use crate::store::place::Placed;
use crate::store::query::CLAIMS_BY_ID;
use crate::store::rows::{self, list, stored};
use crate::store::work::Work;
use crate::view::{LogEntry, claim_line};

/// What the log says of an article, edits first.
pub(super) async fn events(
    work: &mut Work<'_>,
    reading: &Reading,
    url: &Url,
    reread: bool,
    printed: &[ClaimId],
    claims: &[&Placed<'_>],
) -> Result<Vec<Event>, sqlx::Error> {
    let mut events = Vec::new();
    let removed: Vec<&ClaimId> = printed.iter().filter(|id| !claims.iter().any(|one| one.id == **id)).collect();
    let added: Vec<&Placed<'_>> = claims.iter().copied().filter(|one| !printed.contains(&one.id)).collect();
    let ids: Vec<&str> = removed.iter().map(|id| id.as_str()).chain(added.iter().map(|one| one.id.as_str())).collect();
    let mut records = if ids.is_empty() { BTreeMap::new() } else { records(work, &ids).await? };
    // A claim that became another one by what was read since is not withdrawn.
    let gone: Vec<ClaimRecord> = removed.into_iter().filter_map(|id| records.remove(id)).collect();
    if reread && !(gone.is_empty() && added.is_empty()) {
        events.push(Event::ArticleEdited {
            source: reading.source.clone(),
            url: url.clone(),
            removed: gone.iter().map(|record| claim_line(&record.claim)).collect(),
            added: added.iter().map(|one| claim_line(one.claim)).collect(),
        });
    }
    let withdrawn = gone.into_iter().filter(|record| record.status == crate::model::Status::Withdrawn);
    events.extend(withdrawn.map(|record| Event::ClaimWithdrawn { record: Box::new(record) }));
    for (at, one) in added.iter().enumerate() {
        let Some(mut record) = records.remove(&one.id) else { continue };
        let sighting = sighting(reading, url, one.claim, reading.article.published);
        if record.sightings.first().is_none_or(|first| first.url != sighting.url) {
            record.sightings.push(sighting);
        }
        let later: Vec<&ClaimId> =
            added.iter().skip(at + 1).filter(|other| !other.is_known).map(|other| &other.id).collect();
        events.push(event(work, reading, one, record, &later).await?);
    }
    Ok(events)
}

async fn event(
    work: &mut Work<'_>,
    reading: &Reading,
    one: &Placed<'_>,
    record: ClaimRecord,
    later: &[&ClaimId],
) -> Result<Event, sqlx::Error> {
    let (record, wording) = (Box::new(record), format!("{} {}", one.claim.wording.figure, one.claim.wording.outcome));
    Ok(match (one.is_known, one.was_current) {
        (true, false) => Event::ClaimRestored { record },
        (true, true) if one.is_other_hedge => Event::ClaimDrift { record, wording },
        (true, true) => Event::ClaimSeen { record },
        (false, _) if record.known_as.is_some() => Event::ClaimDrift { record, wording },
        (false, _) => match step(work, reading, &record, one.claim, later).await? {
            Some(step) => Event::ClaimStep { record, step },
            None => Event::ClaimNew { record },
        },
    })
}

/// What a new claim changed in its series, if it is its newest figure.
async fn step(
    work: &mut Work<'_>,
    reading: &Reading,
    record: &ClaimRecord,
    claim: &Claim,
    later: &[&ClaimId],
) -> Result<Option<Step>, sqlx::Error> {
    let query = sqlx::query(
        "SELECT s.claim AS id, s.firm, c.min, c.max, c.approx, c.vague, c.since, c.as_of
         FROM standing s JOIN claims c ON c.id = s.telling
         WHERE s.series = ?1 AND s.rewords IS NULL AND s.rounds IS NULL AND s.current > 0 ORDER BY s.as_of DESC, s.first_seen DESC LIMIT 12",
    );
    let found = query.bind(record.series.as_str()).fetch_all(&mut **work).await?;
    let known: Vec<Known> = found.iter().map(rows::known).collect::<Result<_, _>>()?;
    let own = Known {
        id: record.id.clone(),
        figure: record.claim.figure,
        since: record.claim.since,
        as_of: record.claim.as_of,
        firm: true,
    };
    let alike = |known: &&Known| {
        claim.scope != Scope::Period || stretch(known.since, known.as_of) == stretch(own.since, own.as_of)
    };
    let mut others = known.iter().filter(|known| known.id != record.id && !later.contains(&&known.id));
    let Some(newest) = others.find(alike) else { return Ok(None) };
    let step = ledger::step(claim.scope, &own, newest);
    Ok(step.map(|step| checked(step, reading, claim)))
}

/// A total is checked against the increment that its article prints, if the figure before is of the day before.
fn checked(step: Step, reading: &Reading, claim: &Claim) -> Step {
    let is_next_day = claim.as_of.zip(step.from_as_of).is_some_and(|(now, then)| (now - then).get_days() == 1);
    if claim.scope != Scope::Cumulative || !is_next_day {
        return step;
    }
    let of_the_day = |other: &&Claim| {
        other.scope == Scope::Period
            && stretch(other.since, other.as_of) == 1
            && (&other.party, other.victims, other.outcomes, other.as_of)
                == (&claim.party, claim.victims, claim.outcomes, claim.as_of)
            && ledger::claimant_key(other) == ledger::claimant_key(claim)
    };
    let told = || reading.claims.iter().find(of_the_day).map(|other| other.figure.bounds.midpoint());
    let printed = increment(&claim.quote.text, &claim.wording.figure).or_else(told);
    Step { printed: printed.filter(|printed| i64::try_from(*printed) != Ok(step.difference)), ..step }
}

fn sighting(reading: &Reading, url: &Url, claim: &Claim, published: Option<Timestamp>) -> Sighting {
    Sighting {
        source: reading.source.clone(),
        publisher: reading.article.publisher.clone(),
        url: url.clone(),
        published,
        seen: Timestamp::UNIX_EPOCH,
        quote: claim.quote.clone(),
        wording: claim.wording.clone(),
        current: true,
    }
}

/// Claims with their first sightings and counts; such as are no claims any more are left out.
async fn records(work: &mut Work<'_>, ids: &[&str]) -> Result<BTreeMap<ClaimId, ClaimRecord>, sqlx::Error> {
    let found = sqlx::query(CLAIMS_BY_ID).bind(list(ids)).fetch_all(&mut **work).await?;
    found.iter().map(|row| rows::record(row).map(|record| (record.id.clone(), record))).collect()
}

/// Adds events to the change log, each with the hash of the one before.
pub(super) async fn append(
    work: &mut Work<'_>,
    events: Vec<Event>,
    now: Timestamp,
) -> Result<Vec<LogEntry>, sqlx::Error> {
    let mut entries = Vec::with_capacity(events.len());
    let mut rows: Vec<ChangeRow> = Vec::with_capacity(events.len());
    for event in events {
        let seq = work.ends.change + 1;
        let entry = LogEntry::from(&Change { seq, at: now, event });
        let payload = entry.json().to_string();
        let hash = chained(&work.ends.hash, seq, &payload).as_bytes().to_vec();
        let previous = std::mem::replace(&mut work.ends.hash, hash.clone());
        work.ends.change = seq;
        rows.push(ChangeRow { seq, event: entry.event.clone(), claim: entry.field("claim"), payload, previous, hash });
        entries.push(entry);
    }
    let at = stored(now);
    for some in rows.chunks(4) {
        // Four at once wait only once.
        let (sql, rows) = if some.len() == 4 { (CHANGES, some.len()) } else { (CHANGE, 1) };
        for rows in some.chunks(rows) {
            let query = rows.iter().fold(sqlx::query(sql), |query, row| {
                let query = query.bind(row.seq).bind(at.as_str()).bind(row.event.as_str()).bind(row.claim.as_deref());
                query.bind(row.payload.as_str()).bind(row.previous.as_slice()).bind(row.hash.as_slice())
            });
            query.execute(&mut **work).await?;
        }
    }
    Ok(entries)
}

/// A row of `changes` without its time.
struct ChangeRow {
    seq: i64,
    event: String,
    claim: Option<String>,
    payload: String,
    previous: Vec<u8>,
    hash: Vec<u8>,
}

const CHANGE: &str =
    "INSERT INTO changes (seq, at, event, claim, payload, prev_hash, hash) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)";
const CHANGES: &str = "INSERT INTO changes (seq, at, event, claim, payload, prev_hash, hash)
     VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7), (?8, ?9, ?10, ?11, ?12, ?13, ?14), (?15, ?16, ?17, ?18, ?19, ?20, ?21),
         (?22, ?23, ?24, ?25, ?26, ?27, ?28)";

/// The hash of a change: over the hash before, its place and its payload (which holds time and event).
pub(super) fn chained(previous: &[u8], seq: i64, payload: &str) -> Digest {
    let mut bytes = previous.to_vec();
    bytes.extend_from_slice(&seq.to_be_bytes());
    bytes.extend_from_slice(payload.as_bytes());
    Digest::of(&bytes)
}
