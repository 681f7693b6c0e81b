//! The digests of tellings and the chain of seals over articles and sightings.

use std::collections::BTreeMap;

use sqlx::Row as _;
use sqlx::sqlite::SqliteRow;

use crate::store::Store;
use crate::store::sealed::{ArticleRow, SightingRow, TellingRow, digest_of};
use crate::store::verify::{Verification, readable};

impl Store {
    pub(super) async fn verify_claims(&self, out: &mut Verification) -> Result<(), sqlx::Error> {
        let mut last = String::new();
        loop {
            let query = sqlx::query("SELECT * FROM claims WHERE id > ?1 ORDER BY id LIMIT 500").bind(&last);
            let rows = query.fetch_all(&self.pool).await?;
            for row in &rows {
                out.tellings += 1;
                let digest = TellingRow::read(row).and_then(|telling| digest_of(&telling, row));
                let stored: Option<Vec<u8>> = row.try_get("digest").ok().flatten();
                if digest.ok().map(|digest| digest.as_bytes().to_vec()) != stored || stored.is_none() {
                    let place = format!("claims row {}", readable(row, "id").unwrap_or_default());
                    out.find(place, "its columns do not have the digest that was recorded");
                }
            }
            match rows.last().map(|row| row.try_get::<String, _>("id")) {
                Some(Ok(id)) => last = id,
                Some(Err(_)) | None => return Ok(()),
            }
        }
    }

    pub(super) async fn verify_seals(&self, out: &mut Verification) -> Result<(), sqlx::Error> {
        let sql = "SELECT a.*, a.id AS id, l.prev_hash, l.hash FROM articles a LEFT JOIN seals l ON l.article = a.id
                   WHERE a.id > ?1 ORDER BY a.id LIMIT 200";
        let (mut last, mut previous): (i64, Vec<u8>) = (0, vec![0; 32]);
        loop {
            let rows = sqlx::query(sql).bind(last).fetch_all(&self.pool).await?;
            let Some(end) = rows.last().map(|row| row.try_get::<i64, _>("id")).transpose()? else { break };
            let query =
                sqlx::query("SELECT * FROM sightings WHERE article > ?1 AND article <= ?2 ORDER BY article, id");
            let mut of_article: BTreeMap<i64, Vec<SqliteRow>> = BTreeMap::new();
            for sighting in query.bind(last).bind(end).fetch_all(&self.pool).await? {
                of_article.entry(sighting.try_get("article")?).or_default().push(sighting);
            }
            for row in &rows {
                let id: i64 = row.try_get("id")?;
                let sightings = of_article.remove(&id).unwrap_or_default();
                previous = check(row, id, &sightings, &previous, out);
            }
            last = end;
        }
        let missing = sqlx::query(
            "SELECT article FROM seals WHERE article NOT IN (SELECT id FROM articles)
             UNION SELECT article FROM sightings WHERE article NOT IN (SELECT id FROM articles)",
        );
        for row in missing.fetch_all(&self.pool).await? {
            out.find(format!("article version {}", row.try_get::<i64, _>(0)?), "it is missing");
        }
        Ok(())
    }
}

/// Checks the seal of one article and gives its hash for the next.
fn check(row: &SqliteRow, id: i64, sightings: &[SqliteRow], previous: &[u8], out: &mut Verification) -> Vec<u8> {
    let place = || format!("article version {id}, {}", readable(row, "url").unwrap_or_default());
    let stored = |column: &str| row.try_get::<Option<Vec<u8>>, _>(column).ok().flatten();
    let (Some(before), Some(hash)) = (stored("prev_hash"), stored("hash")) else {
        out.find(place(), "it has no seal");
        return previous.to_vec();
    };
    if before != previous {
        out.find(place(), "its seal does not continue the chain of the article before it");
    }
    let sightings = sightings.iter().map(SightingRow::read).collect::<Result<Vec<_>, _>>();
    let sealed = ArticleRow::read(row).and_then(|article| Ok(article.seal(&before, &sightings?)));
    if !sealed.is_ok_and(|digest| digest.as_bytes().as_slice() == hash.as_slice()) {
        out.find(place(), "the article or its sightings do not have the seal that was recorded");
    }
    hash
}
