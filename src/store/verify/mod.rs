//! Checking the ledger against itself: every quote against the stored text, every digest, the chain of changes.

mod index;
mod seals;

use std::io::Read as _;

use sqlx::Row as _;
use sqlx::sqlite::SqliteRow;

use crate::model::Digest;
use crate::store::changes::chained;
use crate::store::retention::digest as pruning_digest;
use crate::store::rows::{stored, time};
use crate::store::work::{Ends, FOUND_ENDS, KEPT_ENDS};
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
        let done = self.verify_file(&mut out).await;
        self.checked("the file", done, &mut out)?;
        let done = self.verify_articles(&mut out).await;
        self.checked("articles", done, &mut out)?;
        let done = self.verify_quotes(&mut out).await;
        self.checked("sightings", done, &mut out)?;
        let done = self.verify_claims(&mut out).await;
        self.checked("claims", done, &mut out)?;
        let done = self.verify_seals(&mut out).await;
        self.checked("seals", done, &mut out)?;
        let done = self.verify_changes(&mut out).await;
        self.checked("changes", done, &mut out)?;
        let done = self.verify_ends(&mut out).await;
        self.checked("the ends of the chains", done, &mut out)?;
        let done = self.verify_sketches(&mut out).await;
        self.checked("sketches", done, &mut out)?;
        let done = self.verify_index(&mut out).await;
        self.checked("how claims stand", done, &mut out)?;
        Ok(out)
    }

    /// What is so broken that a check cannot go on is a finding, and the next check goes on.
    fn checked(&self, what: &str, done: Result<(), sqlx::Error>, out: &mut Verification) -> Result<(), StoreError> {
        match done {
            Err(error) if is_damage(&error) => {
                out.find("database file".to_owned(), &format!("{what} cannot be read to the end: {error}"));
                Ok(())
            }
            done => done.map_err(|source| self.failed(source)),
        }
    }

    async fn verify_file(&self, out: &mut Verification) -> Result<(), sqlx::Error> {
        for row in &sqlx::query("PRAGMA integrity_check").fetch_all(&self.pool).await? {
            let text: String = row.try_get(0)?;
            if text != "ok" {
                out.find("database file".to_owned(), &text);
            }
        }
        let dangling = "SELECT \"table\", rowid, parent FROM pragma_foreign_key_check";
        for row in &sqlx::query(dangling).fetch_all(&self.pool).await? {
            let place =
                format!("{} row {}", row.try_get::<String, _>(0)?, row.try_get::<Option<i64>, _>(1)?.unwrap_or(0));
            out.find(place, &format!("what it belongs to is not among the {}", row.try_get::<String, _>(2)?));
        }
        Ok(())
    }

    /// Whether the chains end where they were left.
    async fn verify_ends(&self, out: &mut Verification) -> Result<(), sqlx::Error> {
        let found = sqlx::query(FOUND_ENDS).fetch_one(&self.pool).await?;
        let kept = sqlx::query(KEPT_ENDS).fetch_optional(&self.pool).await?;
        let found = Ends::read(&found)?;
        let nothing = || Ends { article: 0, seal: vec![0; 32], change: 0, hash: vec![0; 32] };
        let kept = kept.as_ref().map_or_else(|| Ok(nothing()), Ends::read).ok();
        let differs = |part: fn(&Ends) -> (i64, &[u8])| kept.as_ref().map(part) != Some(part(&found));
        if differs(|ends| (ends.article, &ends.seal)) {
            out.find(format!("article version {}", found.article), "it is not the last one that was recorded");
        }
        if differs(|ends| (ends.change, &ends.hash)) {
            out.find(format!("change {}", found.change), "it is not the last one that was recorded");
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
        let sql = "SELECT s.id, s.claim, s.article, s.quote, s.quote_start, s.quote_end, a.text FROM sightings s LEFT JOIN articles a ON a.id = s.article
                   WHERE s.id > ?1 ORDER BY s.id LIMIT 500";
        let (mut last, mut article): (i64, i64) = (0, 0);
        loop {
            let rows = sqlx::query(sql).bind(last).fetch_all(&self.pool).await?;
            for row in &rows {
                let (id, of): (i64, i64) = (row.try_get("id")?, row.try_get("article").unwrap_or(0));
                if id != last + 1 || of < article {
                    out.find(format!("sighting {id}"), "it does not follow the sighting before it");
                }
                (last, article) = (id, of);
                let text = readable(row, "text");
                let offset = |column: &str| usize::try_from(row.try_get::<i64, _>(column).unwrap_or(-1));
                let span = offset("quote_start").unwrap_or(usize::MAX)..offset("quote_end").unwrap_or(usize::MAX);
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
        let sql =
            "SELECT seq, at, event, claim, payload, prev_hash, hash FROM changes WHERE seq > ?1 ORDER BY seq LIMIT 500";
        let (mut last, mut previous): (i64, Vec<u8>) = (0, vec![0; 32]);
        loop {
            let rows = sqlx::query(sql).bind(last).fetch_all(&self.pool).await?;
            for row in &rows {
                let seq: i64 = row.try_get("seq")?;
                let stored = (bytes(row, "prev_hash"), bytes(row, "hash"));
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
                    out.find(format!("change {seq}"), "its event, claim or time is not that of its content");
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

/// A column of bytes; none if it holds something else.
pub(super) fn bytes(row: &SqliteRow, column: &str) -> Vec<u8> {
    row.try_get(column).unwrap_or_default()
}

/// Whether the columns of a change say what its payload says.
fn agrees(row: &SqliteRow, payload: &str) -> bool {
    let Ok(payload) = serde_json::from_str::<serde_json::Value>(payload) else { return false };
    let in_payload = |key: &str| payload.get(key).and_then(serde_json::Value::as_str);
    let at = in_payload("ts").and_then(time).map(stored);
    let columns = ["event", "claim", "at"].map(|column| row.try_get::<Option<String>, _>(column).ok());
    columns == [in_payload("event").map(str::to_owned), in_payload("claim").map(str::to_owned), at].map(Some)
}

/// Whether an error comes from what is in the file, and not from the way to it.
fn is_damage(error: &sqlx::Error) -> bool {
    // SQLITE_CORRUPT and SQLITE_NOTADB with their extended codes.
    let code = error.as_database_error().and_then(|error| error.code()?.parse::<u32>().ok());
    code.is_some_and(|code| matches!(code & 0xff, 11 | 26))
        || matches!(error, sqlx::Error::Decode(_) | sqlx::Error::ColumnDecode { .. })
}

fn verify_article(row: &SqliteRow, out: &mut Verification) -> Result<(), sqlx::Error> {
    let id: i64 = row.try_get("id")?;
    let place = || format!("article version {id}, {}", readable(row, "url").unwrap_or_default());
    let text: Vec<u8> = readable(row, "text").map(String::into_bytes).unwrap_or_default();
    let (text_digest, raw_digest) = (bytes(row, "text_sha256"), bytes(row, "raw_sha256"));
    out.articles += 1;
    if Digest::of(&text).as_bytes().as_slice() != text_digest.as_slice() {
        out.find(place(), "its text does not have the SHA-256 that was recorded");
    }
    let pruned = row.try_get::<Option<String>, _>("pruned_at").ok().flatten();
    let body = row.try_get::<Option<Vec<u8>>, _>("body").unwrap_or_else(|_| Some(Vec::new()));
    match (body, pruned) {
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
