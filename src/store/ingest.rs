//! One article is one transaction: its version, claims, sightings and changes, and its entry's "seen".

use std::io::Write as _;

use jiff::Timestamp;
use sqlx::Row as _;
use url::Url;

use crate::ledger::Sketch;
use crate::model::{ClaimId, Digest, Event};
use crate::store::changes::{append, events};
use crate::store::place::{Placed, place_all};
use crate::store::rows::{self, list, stored};
use crate::store::sealed::{ArticleRow, SightingRow};
use crate::store::standing::{count, recount, settle};
use crate::store::work::Work;
use crate::store::{Reading, Store, StoreError};
use crate::view::LogEntry;

/// Changes of claims from version to version after which an article that flips between texts is no news any more.
const MOST_FLIPS: i64 = 4;

/// Stories among those that print a claim with which a new article is compared: the first ones, whatever the claim.
const FIRST_STORIES: &str = "SELECT DISTINCT k.article AS cluster, k.sketch FROM json_each(?1) j
     CROSS JOIN json_each((SELECT json_group_array(n.cluster) FROM
         (SELECT cluster FROM copies WHERE claim = j.value ORDER BY cluster LIMIT 200) n)) c
     CROSS JOIN sketches k ON k.article = c.value ORDER BY k.article";

/// The version of an article before the one that is recorded.
struct Before {
    version: i64,
    digest: Vec<u8>,
    cluster: i64,
    flips: i64,
}

impl Store {
    /// Records an article and tells what it changed, in the order of the change log. An article that was read before
    /// and did not change changes nothing.
    ///
    /// # Errors
    ///
    /// On any error nothing was recorded.
    pub async fn record_article(&self, reading: &Reading, now: Timestamp) -> Result<Vec<LogEntry>, StoreError> {
        self.record_articles(std::slice::from_ref(reading), now).await
    }

    /// Records several articles in one transaction, which waits for the disk only once.
    ///
    /// # Errors
    ///
    /// On any error none of them was recorded.
    pub async fn record_articles(&self, readings: &[Reading], now: Timestamp) -> Result<Vec<LogEntry>, StoreError> {
        let mut work = self.begin().await?;
        let mut entries = Vec::new();
        for reading in readings {
            entries.extend(ingest(&mut work, reading, now).await.map_err(|source| self.failed(source))?);
        }
        work.commit().await.map_err(|source| self.failed(source))?;
        Ok(entries)
    }
}

async fn ingest(work: &mut Work<'_>, reading: &Reading, now: Timestamp) -> Result<Vec<LogEntry>, sqlx::Error> {
    let Some(url) = &reading.article.url else {
        begun(work, reading, None, now).await?;
        return Ok(Vec::new());
    };
    let document = reading.article.document();
    let text_digest = Digest::of(document.as_bytes());
    let before = begun(work, reading, Some(url), now).await?;
    if let Some(before) = before.as_ref().filter(|before| before.digest.as_slice() == text_digest.as_bytes()) {
        remember_newest(work, reading, url, before.version, before.flips).await?;
        return Ok(Vec::new());
    }
    let placed = match &reading.conflict {
        Some(conflict) => place_all(work, conflict, &reading.claims, now).await?,
        None => Vec::new(),
    };
    let printed = match &before {
        Some(before) => printed_by(work, before.version).await?,
        None => Vec::new(),
    };
    let article = insert_article(work, reading, url, &document, text_digest, before.as_ref(), &placed, now).await?;
    let claims = once(&placed);
    let edited =
        before.is_some() && (claims.len() != printed.len() || claims.iter().any(|one| !printed.contains(&one.id)));
    let flips = before.as_ref().map_or(0, |before| before.flips) + i64::from(edited);
    remember_newest(work, reading, url, article.id, flips).await?;
    recounted(work, &article, before.is_some(), &printed, &placed).await?;
    if let Some(conflict) = &reading.conflict {
        for one in &placed {
            settle(work, conflict, one).await?;
        }
    }
    let mut events = events(work, reading, url, before.is_some(), &printed, &claims).await?;
    if flips > MOST_FLIPS {
        // The first flips told what there is to tell; only what nobody printed before is news.
        events.retain(|event| matches!(event, Event::ClaimNew { .. } | Event::ClaimStep { .. }));
    }
    append(work, events, now).await
}

/// The claims of an article, each once, however often the article tells it.
fn once<'p, 'a>(placed: &'p [Placed<'a>]) -> Vec<&'p Placed<'a>> {
    let first = |at: usize, id: &ClaimId| !placed.iter().take(at).any(|earlier| earlier.id == *id);
    placed.iter().enumerate().filter(|(at, one)| first(*at, &one.id)).map(|(_, one)| one).collect()
}

/// Brings the counts of all claims up to date that the new version touches.
async fn recounted(
    work: &mut Work<'_>,
    article: &ArticleRow,
    reread: bool,
    printed: &[ClaimId],
    placed: &[Placed<'_>],
) -> Result<(), sqlx::Error> {
    let changed: Vec<&ClaimId> = placed.iter().flat_map(|one| &one.changed).collect();
    let claims = once(placed);
    let (again, more): (Vec<&ClaimId>, Vec<&ClaimId>) =
        claims.iter().map(|one| &one.id).partition(|id| reread || changed.contains(id));
    let rest = changed.iter().copied().chain(printed).filter(|id| !claims.iter().any(|one| one.id == **id));
    let again: Vec<&ClaimId> = again.into_iter().chain(rest).collect();
    if !more.is_empty() {
        count(work, &more, article.cluster).await?;
    }
    if !again.is_empty() {
        recount(work, &again).await?;
    }
    Ok(())
}

/// Marks the entry of an article as read, and gives the newest version of the article.
async fn begun(
    work: &mut Work<'_>,
    reading: &Reading,
    url: Option<&Url>,
    now: Timestamp,
) -> Result<Option<Before>, sqlx::Error> {
    let query = sqlx::query(
        "INSERT OR IGNORE INTO entries (source, key, seen) SELECT ?1, ?2, ?3 WHERE ?2 IS NOT NULL;
         DELETE FROM unread WHERE source = ?1 AND key = ?2;
         SELECT a.id, a.text_sha256, a.cluster, r.flips FROM rereads r JOIN articles a ON a.id = r.newest WHERE r.url = ?4",
    );
    let key = reading.entry.as_ref().map(|key| key.0.as_str());
    let query = query.bind(reading.source.as_str()).bind(key).bind(stored(now)).bind(url.map(Url::as_str));
    let Some(row) = query.fetch_optional(&mut **work).await? else { return Ok(None) };
    Ok(Some(Before {
        version: row.try_get("id")?,
        digest: row.try_get("text_sha256")?,
        cluster: row.try_get("cluster")?,
        flips: row.try_get("flips")?,
    }))
}

async fn remember_newest(
    work: &mut Work<'_>,
    reading: &Reading,
    url: &Url,
    version: i64,
    flips: i64,
) -> Result<(), sqlx::Error> {
    let query = sqlx::query(
        "INSERT INTO rereads (url, source, newest, due, etag, last_modified, flips) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
         ON CONFLICT (url) DO UPDATE SET newest = excluded.newest, due = excluded.due, gone = NULL, etag = excluded.etag,
             last_modified = excluded.last_modified, flips = excluded.flips",
    );
    let query = query.bind(url.as_str()).bind(reading.source.as_str()).bind(version).bind(reading.reread.map(stored));
    let query = query.bind(reading.etag.as_deref()).bind(reading.last_modified.as_deref());
    query.bind(flips).execute(&mut **work).await?;
    Ok(())
}

/// The claims that a version prints.
async fn printed_by(work: &mut Work<'_>, version: i64) -> Result<Vec<ClaimId>, sqlx::Error> {
    let query = sqlx::query(
        "SELECT DISTINCT h.claim FROM sightings s JOIN heads h ON h.telling = s.claim WHERE s.article = ?1 ORDER BY s.id",
    );
    let rows = query.bind(version).fetch_all(&mut **work).await?;
    rows.iter().map(|row| rows::claim_id(row, "claim")).collect()
}

#[allow(clippy::too_many_arguments, reason = "a row has as many parts")]
async fn insert_article(
    work: &mut Work<'_>,
    reading: &Reading,
    url: &Url,
    document: &str,
    text_digest: Digest,
    before: Option<&Before>,
    placed: &[Placed<'_>],
    now: Timestamp,
) -> Result<ArticleRow, sqlx::Error> {
    let id = work.ends.article + 1;
    let sketch = Sketch::of(document);
    let cluster = match before {
        // A later version is no other source.
        Some(before) => before.cluster,
        None => cluster(work, reading, &sketch, placed).await?.unwrap_or(id),
    };
    let article = ArticleRow::of((id, cluster), url, reading, text_digest, now);
    let sightings: Vec<SightingRow> = placed.iter().map(|one| SightingRow::of(&one.telling, one.claim, now)).collect();
    let sketch = (cluster == id).then(|| sketch.to_bytes());
    article.insert(work, document, &deflated(&reading.raw), sketch.as_deref(), &sightings).await?;
    SightingRow::insert(&sightings, work, id).await?;
    Ok(article)
}

/// The copies among the articles that print the same claims, for only there it matters who is independent of whom; and
/// the article that the page itself names as its original.
async fn cluster(
    work: &mut Work<'_>,
    reading: &Reading,
    sketch: &Sketch,
    placed: &[Placed<'_>],
) -> Result<Option<i64>, sqlx::Error> {
    if let Some(original) = &reading.original {
        let query = sqlx::query("SELECT a.cluster FROM rereads r JOIN articles a ON a.id = r.newest WHERE r.url = ?1");
        if let Some(row) = query.bind(original.as_str()).fetch_optional(&mut **work).await? {
            return Ok(Some(row.try_get("cluster")?));
        }
    }
    let known: Vec<&str> = placed.iter().filter(|one| one.is_known).map(|one| one.id.as_str()).collect();
    if known.is_empty() {
        return Ok(None);
    }
    for row in sqlx::query(FIRST_STORIES).bind(list(&known)).fetch_all(&mut **work).await? {
        let other: Vec<u8> = row.try_get("sketch")?;
        if sketch.is_copy(&Sketch::from_bytes(&other)) {
            return Ok(Some(row.try_get("cluster")?));
        }
    }
    Ok(None)
}

fn deflated(raw: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::DeflateEncoder::new(Vec::new(), flate2::Compression::fast());
    // Writing into memory cannot fail; if it did, an empty body would be reported by `verify`.
    encoder.write_all(raw).and_then(|()| encoder.finish()).unwrap_or_default()
}
