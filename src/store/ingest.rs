//! One article is one transaction: its version, claims, sightings and changes, and its entry's "seen".

use std::io::Write as _;

use jiff::Timestamp;
use sqlx::{Row as _, Sqlite, Transaction};
use url::Url;

use crate::ledger::{Decision, Known, Thread, Verdict, decide, fingerprint, is_copy};
use crate::model::{Change, Claim, ClaimId, ClaimRecord, ConflictId, Digest, Event, Sighting, Status};
use crate::store::rows::{self, integer, stored};
use crate::store::{Reading, Store, StoreError};
use crate::view::{LogEntry, claim_line};

/// The transaction that a change is part of.
pub(super) type Work<'c> = Transaction<'c, Sqlite>;

/// A claim of the article with what it is to the ledger.
struct Decided<'a> {
    claim: &'a Claim,
    thread: Thread,
    decision: Decision,
    /// The version before this one printed it too.
    printed_before: bool,
    /// An article printed it when this one came.
    was_current: bool,
}

impl Store {
    /// Records an article and tells what it changed, in the order of the change log. An article that was read before
    /// and did not change changes nothing.
    ///
    /// # Errors
    ///
    /// On any error nothing was recorded.
    pub async fn record_article(&self, reading: &Reading, now: Timestamp) -> Result<Vec<LogEntry>, StoreError> {
        let mut work = self.begin().await?;
        let entries = self.ingest(&mut work, reading, now).await.map_err(|source| self.failed(source))?;
        work.commit().await.map_err(|source| self.failed(source))?;
        Ok(entries)
    }

    pub(super) async fn begin(&self) -> Result<Work<'static>, StoreError> {
        self.pool.begin_with("BEGIN IMMEDIATE").await.map_err(|source| self.failed(source))
    }

    async fn ingest(
        &self,
        work: &mut Work<'_>,
        reading: &Reading,
        now: Timestamp,
    ) -> Result<Vec<LogEntry>, sqlx::Error> {
        if let Some(key) = &reading.entry {
            let query = sqlx::query("INSERT OR IGNORE INTO entries (source, key, seen) VALUES (?1, ?2, ?3)");
            query.bind(reading.source.as_str()).bind(&key.0).bind(stored(now)).execute(&mut **work).await?;
        }
        let Some(url) = &reading.article.url else { return Ok(Vec::new()) };
        let document = reading.article.document();
        let text_digest = Digest::of(document.as_bytes());
        let before = newest(work, url).await?;
        if let Some((version, digest)) = &before
            && digest.as_slice() == text_digest.as_bytes()
        {
            remember_newest(work, reading, url, *version).await?;
            return Ok(Vec::new());
        }
        let before = before.map(|(version, _)| version);
        let printed = match before {
            Some(version) => printed_by(work, version).await?,
            None => Vec::new(),
        };
        let decided = decided(work, reading, &printed).await?;
        let article = insert_article(work, reading, url, &document, text_digest, &decided, now).await?;
        remember_newest(work, reading, url, article).await?;
        for one in &decided {
            insert_claim(work, reading, article, one, now).await?;
        }
        let events = events(work, reading, url, before.is_some(), &printed, &decided).await?;
        append(work, events, now).await
    }
}

/// The newest version of an article, with the digest of its text.
async fn newest(work: &mut Work<'_>, url: &Url) -> Result<Option<(i64, Vec<u8>)>, sqlx::Error> {
    let query =
        sqlx::query_as("SELECT a.id, a.text_sha256 FROM rereads r JOIN articles a ON a.id = r.newest WHERE r.url = ?1");
    query.bind(url.as_str()).fetch_optional(&mut **work).await
}

async fn remember_newest(work: &mut Work<'_>, reading: &Reading, url: &Url, version: i64) -> Result<(), sqlx::Error> {
    let query = sqlx::query(
        "INSERT INTO rereads (url, source, newest, due) VALUES (?1, ?2, ?3, ?4)
         ON CONFLICT (url) DO UPDATE SET newest = excluded.newest, due = excluded.due",
    );
    let due = reading.reread.map(stored);
    query.bind(url.as_str()).bind(reading.source.as_str()).bind(version).bind(due).execute(&mut **work).await?;
    Ok(())
}

async fn printed_by(work: &mut Work<'_>, version: i64) -> Result<Vec<ClaimId>, sqlx::Error> {
    let rows = sqlx::query("SELECT claim FROM sightings WHERE article = ?1 ORDER BY id")
        .bind(version)
        .fetch_all(&mut **work)
        .await?;
    rows.iter().map(|row| rows::claim_id(row, "claim")).collect()
}

async fn decided<'a>(
    work: &mut Work<'_>,
    reading: &'a Reading,
    printed: &[ClaimId],
) -> Result<Vec<Decided<'a>>, sqlx::Error> {
    let Some(conflict) = &reading.conflict else { return Ok(Vec::new()) };
    let mut out: Vec<Decided<'a>> = Vec::new();
    for claim in &reading.claims {
        let thread = Thread::of(conflict, claim);
        let mut known = known(work, &thread, claim).await?;
        // Two claims of one article may be points of one series.
        known.extend(out.iter().filter(|other| other.thread == thread).map(|other| as_known(other)));
        let own = (thread.claim(claim), thread.series(claim));
        let decision = decide(claim, own, &known);
        if out.iter().any(|other| other.decision.id == decision.id) {
            continue;
        }
        let printed_before = printed.contains(&decision.id);
        let was_current = match decision.verdict {
            Verdict::Seen | Verdict::Drift => is_current(work, &decision.id, None).await?,
            Verdict::New | Verdict::Step(_) => false,
        };
        out.push(Decided { claim, thread, decision, printed_before, was_current });
    }
    Ok(out)
}

fn as_known(decided: &Decided<'_>) -> Known {
    Known {
        id: decided.decision.id.clone(),
        series: decided.decision.series.clone(),
        figure: decided.claim.figure,
        since: decided.claim.since,
        as_of: decided.claim.as_of,
    }
}

/// The claims of a thread that bear on a new one: those with its number, those of about its day, and the newest.
async fn known(work: &mut Work<'_>, thread: &Thread, claim: &Claim) -> Result<Vec<Known>, sqlx::Error> {
    let query = sqlx::query(
        "SELECT id, series, min, max, approx, vague, since, as_of FROM claims
         WHERE thread = ?1 AND (min IN (?2, ?3) OR max IN (?2, ?3))
         UNION SELECT * FROM (SELECT id, series, min, max, approx, vague, since, as_of FROM claims
             WHERE thread = ?1 AND as_of <= ?4 ORDER BY as_of DESC LIMIT 8)
         UNION SELECT * FROM (SELECT id, series, min, max, approx, vague, since, as_of FROM claims
             WHERE thread = ?1 ORDER BY as_of DESC LIMIT 1)",
    );
    let bounds = claim.figure.bounds;
    let query = query.bind(thread.as_str()).bind(bounds.min().map(integer)).bind(bounds.max().map(integer));
    let later = claim.as_of.and_then(|day| day.checked_add(jiff::ToSpan::days(3)).ok()).map(|day| day.to_string());
    query.bind(later).fetch_all(&mut **work).await?.iter().map(rows::known).collect()
}

/// Whether the newest version of any article prints it, apart from one address.
async fn is_current(work: &mut Work<'_>, claim: &ClaimId, apart_from: Option<&Url>) -> Result<bool, sqlx::Error> {
    let query = sqlx::query(
        "SELECT 1 FROM sightings s JOIN rereads r ON r.newest = s.article WHERE s.claim = ?1 AND r.url IS NOT ?2 LIMIT 1",
    );
    let row = query.bind(claim.as_str()).bind(apart_from.map(Url::as_str)).fetch_optional(&mut **work).await?;
    Ok(row.is_some())
}

async fn insert_article(
    work: &mut Work<'_>,
    reading: &Reading,
    url: &Url,
    document: &str,
    text_digest: Digest,
    decided: &[Decided<'_>],
    now: Timestamp,
) -> Result<i64, sqlx::Error> {
    let (id,): (i64,) = sqlx::query_as("SELECT coalesce(max(id), 0) + 1 FROM articles").fetch_one(&mut **work).await?;
    // Copies keep the body of a story and change its headline.
    let print = fingerprint(&reading.article.text);
    let cluster = cluster(work, print, decided).await?.unwrap_or(id);
    let article = &reading.article;
    let query = sqlx::query(
        "INSERT INTO articles (id, url, source, publisher, title, byline, lang, conflict, published, modified, fetched,
             raw_sha256, text_sha256, text, fingerprint, cluster)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16)",
    );
    let query = query.bind(id).bind(url.as_str()).bind(reading.source.as_str()).bind(article.publisher.as_deref());
    let query = query
        .bind(&article.title)
        .bind(article.byline.as_deref())
        .bind(article.lang.as_ref().map(|lang| lang.as_str().to_owned()));
    let query = query.bind(reading.conflict.as_ref().map(ConflictId::to_string));
    let query = query.bind(article.published.map(stored)).bind(article.modified.map(stored)).bind(stored(now));
    let query =
        query.bind(Digest::of(&reading.raw).as_bytes().to_vec()).bind(text_digest.as_bytes().to_vec()).bind(document);
    query.bind(print.cast_signed()).bind(cluster).execute(&mut **work).await?;
    let query = sqlx::query("INSERT INTO bodies (article, body) VALUES (?1, ?2)");
    query.bind(id).bind(deflated(&reading.raw)).execute(&mut **work).await?;
    Ok(id)
}

/// The copies among the articles that print the same claims, for only there it matters who is independent of whom.
async fn cluster(work: &mut Work<'_>, print: u64, decided: &[Decided<'_>]) -> Result<Option<i64>, sqlx::Error> {
    for one in decided {
        let query = sqlx::query(
            "SELECT a.fingerprint, a.cluster FROM sightings s JOIN articles a ON a.id = s.article
             WHERE s.claim = ?1 ORDER BY s.id DESC LIMIT 100",
        );
        for row in query.bind(one.decision.id.as_str()).fetch_all(&mut **work).await? {
            let other: i64 = row.try_get("fingerprint")?;
            if is_copy(print, other.cast_unsigned()) {
                return row.try_get("cluster").map(Some);
            }
        }
    }
    Ok(None)
}

fn deflated(raw: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::DeflateEncoder::new(Vec::new(), flate2::Compression::fast());
    // Writing into memory cannot fail; if it did, an empty body would be reported by `verify`.
    encoder.write_all(raw).and_then(|()| encoder.finish()).unwrap_or_default()
}

async fn insert_claim(
    work: &mut Work<'_>,
    reading: &Reading,
    article: i64,
    one: &Decided<'_>,
    now: Timestamp,
) -> Result<(), sqlx::Error> {
    let claim = one.claim;
    if matches!(one.decision.verdict, Verdict::New | Verdict::Step(_)) {
        let query = sqlx::query(
            "INSERT OR IGNORE INTO claims (id, series, thread, conflict, claimant, claimant_id, attribution, party, victims, grp,
                 outcomes, min, max, approx, vague, scope, since, as_of, as_of_days, as_of_stated, place, rule, confidence, first_seen)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21, ?22, ?23, ?24)",
        );
        let claimant = claim.claimant.as_ref();
        let query = query.bind(one.decision.id.as_str()).bind(one.decision.series.as_str()).bind(one.thread.as_str());
        let query = query.bind(reading.conflict.as_ref().map(ConflictId::to_string));
        let query = query.bind(claimant.map(|claimant| claimant.name.clone()));
        let query = query.bind(claimant.and_then(|claimant| claimant.id.as_ref()).map(ToString::to_string));
        let query = query.bind(serde_json::to_string(&claim.attribution).unwrap_or_else(|_| "[]".to_owned()));
        let query = query
            .bind(claim.party.as_ref().map(ToString::to_string))
            .bind(claim.victims.as_str())
            .bind(claim.group.as_deref());
        let query = query.bind(claim.outcomes.to_string());
        let query = query.bind(claim.figure.bounds.min().map(integer)).bind(claim.figure.bounds.max().map(integer));
        let query = query.bind(claim.figure.approx).bind(claim.figure.vague).bind(claim.scope.as_str());
        let query = query.bind(claim.since.map(|day| day.to_string())).bind(claim.as_of.map(|day| day.to_string()));
        let query = query.bind(i64::from(claim.as_of_days)).bind(claim.as_of_stated).bind(claim.place.as_deref());
        query.bind(&claim.rule).bind(f64::from(claim.confidence)).bind(stored(now)).execute(&mut **work).await?;
    }
    let query = sqlx::query(
        "INSERT OR IGNORE INTO sightings (claim, article, quote_start, quote_end, quote, figure_wording, outcome_wording, seen)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
    );
    let offset = |at: usize| i64::try_from(at).unwrap_or(i64::MAX);
    let query = query.bind(one.decision.id.as_str()).bind(article);
    let query = query.bind(offset(claim.quote.span.start)).bind(offset(claim.quote.span.end)).bind(&claim.quote.text);
    query.bind(&claim.wording.figure).bind(&claim.wording.outcome).bind(stored(now)).execute(&mut **work).await?;
    Ok(())
}

/// What the log says of the article, edits first.
async fn events(
    work: &mut Work<'_>,
    reading: &Reading,
    url: &Url,
    reread: bool,
    printed: &[ClaimId],
    decided: &[Decided<'_>],
) -> Result<Vec<Event>, sqlx::Error> {
    let mut events = Vec::new();
    let removed: Vec<&ClaimId> =
        printed.iter().filter(|id| !decided.iter().any(|one| one.decision.id == **id)).collect();
    let added: Vec<&Decided<'_>> = decided.iter().filter(|one| !one.printed_before).collect();
    if reread && !(removed.is_empty() && added.is_empty()) {
        let mut gone = Vec::with_capacity(removed.len());
        for id in &removed {
            gone.push(claim_line(&record(work, id).await?.claim));
        }
        let new = added.iter().map(|one| claim_line(one.claim)).collect();
        events.push(Event::ArticleEdited {
            source: reading.source.clone(),
            url: url.clone(),
            removed: gone,
            added: new,
        });
    }
    for id in removed {
        if !is_current(work, id, Some(url)).await? {
            events.push(Event::ClaimWithdrawn { record: Box::new(record(work, id).await?) });
        }
    }
    for one in added {
        let record = Box::new(record(work, &one.decision.id).await?);
        events.push(match &one.decision.verdict {
            Verdict::New => Event::ClaimNew { record },
            Verdict::Step(step) => Event::ClaimStep { record, step: *step },
            Verdict::Seen | Verdict::Drift if !one.was_current => Event::ClaimRestored { record },
            Verdict::Seen => Event::ClaimSeen { record },
            Verdict::Drift => Event::ClaimDrift {
                record,
                wording: format!("{} {}", one.claim.wording.figure, one.claim.wording.outcome),
            },
        });
    }
    Ok(events)
}

/// A claim with its first and its newest sighting, and how many there are.
async fn record(work: &mut Work<'_>, id: &ClaimId) -> Result<ClaimRecord, sqlx::Error> {
    let row = sqlx::query("SELECT * FROM claims WHERE id = ?1").bind(id.as_str()).fetch_one(&mut **work).await?;
    let query = sqlx::query(
        "SELECT s.*, a.url, a.source, a.publisher, a.published, 1 AS current FROM sightings s JOIN articles a ON a.id = s.article
         WHERE s.id IN ((SELECT min(id) FROM sightings WHERE claim = ?1), (SELECT max(id) FROM sightings WHERE claim = ?1)) ORDER BY s.id",
    );
    let sightings = query.bind(id.as_str()).fetch_all(&mut **work).await?;
    let sightings: Vec<Sighting> = sightings.iter().map(rows::sighting).collect::<Result<_, _>>()?;
    let counts = sqlx::query_as(
        "SELECT count(DISTINCT a.url), count(DISTINCT a.cluster) FROM sightings s JOIN articles a ON a.id = s.article WHERE s.claim = ?1",
    );
    let (count, independent): (i64, i64) = counts.bind(id.as_str()).fetch_one(&mut **work).await?;
    let first_seen: String = row.try_get("first_seen")?;
    Ok(ClaimRecord {
        id: id.clone(),
        series: rows::series_id(&row, "series")?,
        conflict: rows::conflict_id(&row)?,
        claim: rows::claim(&row, sightings.last())?,
        status: if is_current(work, id, None).await? { Status::Current } else { Status::Withdrawn },
        first_seen: rows::time(&first_seen).unwrap_or_default(),
        sightings,
        sighting_count: u32::try_from(count).unwrap_or(u32::MAX),
        independent: u32::try_from(independent).unwrap_or(u32::MAX),
    })
}

/// Adds events to the change log, each with the hash of the one before.
pub(super) async fn append(
    work: &mut Work<'_>,
    events: Vec<Event>,
    now: Timestamp,
) -> Result<Vec<LogEntry>, sqlx::Error> {
    let mut entries = Vec::with_capacity(events.len());
    if events.is_empty() {
        return Ok(entries);
    }
    let last: Option<(i64, Vec<u8>)> =
        sqlx::query_as("SELECT seq, hash FROM changes ORDER BY seq DESC LIMIT 1").fetch_optional(&mut **work).await?;
    let (mut seq, mut previous) = last.unwrap_or_else(|| (0, vec![0; 32]));
    for event in events {
        seq += 1;
        let entry = LogEntry::from(&Change { seq, at: now, event });
        let payload = entry.json().to_string();
        let hash = chained(&previous, seq, &payload);
        let claim = entry.field("claim");
        let query = sqlx::query(
            "INSERT INTO changes (seq, at, event, claim, payload, prev_hash, hash) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        );
        let query = query.bind(seq).bind(stored(now)).bind(&entry.event).bind(claim).bind(&payload).bind(&previous);
        query.bind(hash.as_bytes().to_vec()).execute(&mut **work).await?;
        previous = hash.as_bytes().to_vec();
        entries.push(entry);
    }
    Ok(entries)
}

/// The hash of a change: over the hash before, its place and its payload (which holds time and event).
pub(super) fn chained(previous: &[u8], seq: i64, payload: &str) -> Digest {
    let mut bytes = previous.to_vec();
    bytes.extend_from_slice(&seq.to_be_bytes());
    bytes.extend_from_slice(payload.as_bytes());
    Digest::of(&bytes)
}
