//! Checking the ledger against itself: every quote against the stored text, every digest, the chain of changes.

mod index;
mod seals;

use std::io::Read as _;

use sqlx::Row as _;
use sqlx::sqlite::SqliteRow;

use crate::model::Digest;
use crate::store::changes::chained;
use crate::store::retention::digest as pruning_digest;
use crate::store::{Store, StoreError};

/// Longest body that `verify` inflates.
const LONGEST_BODY: u64 = 64 << 20;

/// What `verify` looked at and found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Verification {
    /// Rows of claims checked: ways in which articles tell them.
    pub tellings: u64,
    /// Article versions checked.
    pub articles: u64,
    /// Raw bodies checked.
    pub bodies: u64,
    /// Raw bodies that were dropped because of their age.
    pub pruned: u64,
    /// Quotes checked.
    pub quotes: u64,
    /// Changes checked.
    pub changes: u64,
    /// What is wrong, and where.
    pub findings: Vec<Finding>,
}

/// Something that does not fit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// The row.
    pub place: String,
    /// What is wrong with it.
    pub what: String,
}

impl Verification {
    pub(super) fn find(&mut self, place: String, what: &str) {
        self.findings.push(Finding { place, what: what.to_owned() });
    }
}

impl Store {
    /// Checks the whole ledger.
    ///
    /// # Errors
    ///
    /// If it cannot be read at all; what is wrong inside is in the answer.
    pub async fn verify(&self) -> Result<Verification, StoreError> {
        let mut out = Verification::default();
        let checks = async {
            self.verify_file(&mut out).await?;
            self.verify_articles(&mut out).await?;
            self.verify_quotes(&mut out).await?;
            self.verify_claims(&mut out).await?;
            self.verify_seals(&mut out).await?;
            self.verify_index(&mut out).await?;
            self.verify_changes(&mut out).await
        };
        checks.await.map_err(|source: sqlx::Error| self.failed(source))?;
        Ok(out)
    }

    async fn verify_file(&self, out: &mut Verification) -> Result<(), sqlx::Error> {
        let rows = sqlx::query("PRAGMA integrity_check").fetch_all(&self.pool).await?;
        for row in &rows {
            let text: String = row.try_get(0)?;
            if text != "ok" {
                out.find("database file".to_owned(), &text);
            }
        }
        Ok(())
    }

    async fn verify_articles(&self, out: &mut Verification) -> Result<(), sqlx::Error> {
        let sql = "SELECT a.id, a.url, a.text, a.text_sha256, a.raw_sha256, b.body, p.at AS pruned_at, p.digest AS pruned_digest
                   FROM articles a LEFT JOIN bodies b ON b.article = a.id LEFT JOIN pruned p ON p.article = a.id
                   WHERE a.id > ?1 ORDER BY a.id LIMIT 200";
        let mut last = 0;
        loop {
            let rows = sqlx::query(sql).bind(last).fetch_all(&self.pool).await?;
            for row in &rows {
                last = row.try_get("id")?;
                verify_article(row, out)?;
            }
            if rows.is_empty() {
                return Ok(());
            }
        }
    }

    async fn verify_quotes(&self, out: &mut Verification) -> Result<(), sqlx::Error> {
        let sql = "SELECT s.id, s.claim, s.quote, s.quote_start, s.quote_end, a.text FROM sightings s LEFT JOIN articles a ON a.id = s.article
                   WHERE s.id > ?1 ORDER BY s.id LIMIT 500";
        let mut last: i64 = 0;
        loop {
            let rows = sqlx::query(sql).bind(last).fetch_all(&self.pool).await?;
            for row in &rows {
                last = row.try_get("id")?;
                let text = readable(row, "text");
                let offset =
                    |column: &str| row.try_get::<i64, _>(column).map(|at| usize::try_from(at).unwrap_or(usize::MAX));
                let span = offset("quote_start")?..offset("quote_end")?;
                let quote = readable(row, "quote");
                out.quotes += 1;
                if quote.is_none() || text.as_deref().and_then(|text| text.get(span)) != quote.as_deref() {
                    let claim = readable(row, "claim").unwrap_or_default();
                    out.find(
                        format!("sighting {last} of claim {claim}"),
                        "its quote is not what the stored text says at its place",
                    );
                }
            }
            if rows.is_empty() {
                return Ok(());
            }
        }
    }

    async fn verify_changes(&self, out: &mut Verification) -> Result<(), sqlx::Error> {
        let sql = "SELECT seq, at, event, payload, prev_hash, hash FROM changes WHERE seq > ?1 ORDER BY seq LIMIT 500";
        let (mut last, mut previous): (i64, Vec<u8>) = (0, vec![0; 32]);
        loop {
            let rows = sqlx::query(sql).bind(last).fetch_all(&self.pool).await?;
            for row in &rows {
                let seq: i64 = row.try_get("seq")?;
                let stored: (Vec<u8>, Vec<u8>) = (row.try_get("prev_hash")?, row.try_get("hash")?);
                let payload = readable(row, "payload").unwrap_or_default();
                out.changes += 1;
                if seq != last + 1 {
                    out.find(format!("change {seq}"), "changes before it are missing");
                }
                if stored.0 != previous {
                    out.find(format!("change {seq}"), "it does not continue the chain of the change before it");
                }
                if chained(&stored.0, seq, &payload).as_bytes().as_slice() != stored.1.as_slice() {
                    out.find(format!("change {seq}"), "its content does not have the hash that was recorded");
                }
                if !agrees(row, &payload) {
                    out.find(format!("change {seq}"), "its event or time is not that of its content");
                }
                (last, previous) = (seq, stored.1);
            }
            if rows.is_empty() {
                return Ok(());
            }
        }
    }
}

/// A text column, if it still is text.
pub(super) fn readable(row: &SqliteRow, column: &str) -> Option<String> {
    row.try_get::<String, _>(column).ok()
}

/// Whether the columns of a change say what its payload says.
fn agrees(row: &SqliteRow, payload: &str) -> bool {
    let Ok(payload) = serde_json::from_str::<serde_json::Value>(payload) else { return false };
    let in_payload = |key: &str| payload.get(key).and_then(serde_json::Value::as_str).unwrap_or_default().to_owned();
    let at = |text: &str| text.parse::<jiff::Timestamp>().ok().map(|time| time.as_millisecond());
    let column = |name: &str| readable(row, name).unwrap_or_default();
    in_payload("event") == column("event") && at(&in_payload("ts")) == at(&column("at"))
}

fn verify_article(row: &SqliteRow, out: &mut Verification) -> Result<(), sqlx::Error> {
    let id: i64 = row.try_get("id")?;
    let place = || format!("article version {id}, {}", readable(row, "url").unwrap_or_default());
    let text: Vec<u8> = readable(row, "text").map(String::into_bytes).unwrap_or_default();
    let (text_digest, raw_digest): (Vec<u8>, Vec<u8>) = (row.try_get("text_sha256")?, row.try_get("raw_sha256")?);
    out.articles += 1;
    if Digest::of(&text).as_bytes().as_slice() != text_digest.as_slice() {
        out.find(place(), "its text does not have the SHA-256 that was recorded");
    }
    let pruned = row.try_get::<Option<String>, _>("pruned_at").ok().flatten();
    match (row.try_get::<Option<Vec<u8>>, _>("body")?, pruned) {
        (Some(body), pruned) => {
            out.bodies += 1;
            if !is_body(&body, &raw_digest) {
                out.find(place(), "its raw body does not have the SHA-256 that was recorded");
            }
            if pruned.is_some() {
                out.find(place(), "its raw body is there although it is recorded as pruned");
            }
        }
        (None, Some(at)) => {
            out.pruned += 1;
            let digest: Option<Vec<u8>> = row.try_get("pruned_digest").ok();
            if digest.as_deref() != Some(pruning_digest(id, &at, &raw_digest).as_bytes().as_slice()) {
                out.find(place(), "the record that its raw body was pruned does not have the digest that was recorded");
            }
        }
        (None, None) => out.find(place(), "its raw body is missing, and nothing says that it was pruned"),
    }
    Ok(())
}

/// Whether a stored body has the SHA-256 that was recorded.
fn is_body(deflated: &[u8], digest: &[u8]) -> bool {
    let mut raw = Vec::new();
    let inflated = flate2::read::DeflateDecoder::new(deflated).take(LONGEST_BODY).read_to_end(&mut raw);
    inflated.is_ok() && Digest::of(&raw).as_bytes().as_slice() == digest
}
