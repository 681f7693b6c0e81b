//! The rows that are proof, as they are written and read back, each with a digest over all that it holds.

use jiff::Timestamp;
use sqlx::Row as _;
use sqlx::sqlite::{SqliteConnection, SqliteRow};

use crate::ledger::{Thread, number};
use crate::model::{Claim, ConflictId, Digest, TellingId};
use crate::store::Reading;
use crate::store::rows::{integer, stored};
use crate::store::work::Work;

/// Bytes for a digest, field by field, so that no two rows look alike.
#[derive(Default)]
pub(super) struct Fields(Vec<u8>);

impl Fields {
    pub(super) fn text(&mut self, text: Option<&str>) {
        self.bytes(text.map(str::as_bytes));
    }

    pub(super) fn number(&mut self, number: Option<i64>) {
        self.bytes(number.map(i64::to_be_bytes).as_ref().map(<[u8; 8]>::as_slice));
    }

    pub(super) fn bytes(&mut self, bytes: Option<&[u8]>) {
        match bytes {
            Some(bytes) => {
                self.0.push(1);
                self.0.extend_from_slice(&(bytes.len() as u64).to_be_bytes());
                self.0.extend_from_slice(bytes);
            }
            None => self.0.push(0),
        }
    }

    pub(super) fn digest(&self) -> Digest {
        Digest::of(&self.0)
    }
}

/// A row of `claims`: one telling.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct TellingRow {
    pub(super) id: String,
    texts: [Option<String>; 13],
    numbers: [Option<i64>; 6],
    confidence: f64,
    first_seen: String,
}

/// The columns of `claims` that are text, in the order of `TellingRow::texts`.
const TEXTS: [&str; 13] = [
    "series",
    "thread",
    "conflict",
    "claimant",
    "claimant_id",
    "attribution",
    "party",
    "victims",
    "grp",
    "outcomes",
    "scope",
    "place",
    "rule",
];
/// Those that are numbers.
const NUMBERS: [&str; 6] = ["min", "max", "approx", "vague", "as_of_days", "as_of_stated"];

impl TellingRow {
    pub(super) fn of(id: &TellingId, thread: &Thread, conflict: &ConflictId, claim: &Claim, now: Timestamp) -> Self {
        let claimant = claim.claimant.as_ref();
        let dates = crate::ledger::day(claim.scope, claim.since, claim.as_of);
        let event = dates.filter(|_| claim.scope == crate::model::Scope::Incident);
        let figure = claim.figure;
        Self {
            id: id.to_string(),
            texts: [
                Some(thread.series(event).to_string()),
                Some(thread.as_str().to_owned()),
                Some(conflict.to_string()),
                claimant.map(|claimant| claimant.name.clone()),
                claimant.and_then(|claimant| claimant.id.as_ref()).map(ToString::to_string),
                Some(serde_json::to_string(&claim.attribution).unwrap_or_else(|_| "[]".to_owned())),
                claim.party.as_ref().map(ToString::to_string),
                Some(claim.victims.to_string()),
                claim.group.clone(),
                Some(claim.outcomes.to_string()),
                Some(claim.scope.to_string()),
                claim.place.clone(),
                Some(claim.rule.clone()),
            ],
            numbers: [
                figure.bounds.min().map(integer),
                figure.bounds.max().map(integer),
                Some(i64::from(figure.approx)),
                Some(i64::from(figure.vague)),
                Some(i64::from(claim.as_of_days)),
                Some(i64::from(claim.as_of_stated)),
            ],
            confidence: f64::from(claim.confidence),
            first_seen: stored(now),
        }
    }

    pub(super) fn read(row: &SqliteRow) -> Result<Self, sqlx::Error> {
        let mut texts = <[Option<String>; 13]>::default();
        for (place, name) in texts.iter_mut().zip(TEXTS) {
            *place = row.try_get(name)?;
        }
        let mut numbers = <[Option<i64>; 6]>::default();
        for (place, name) in numbers.iter_mut().zip(NUMBERS) {
            *place = row.try_get(name)?;
        }
        let (confidence, first_seen) = (row.try_get("confidence")?, row.try_get("first_seen")?);
        Ok(Self { id: row.try_get("id")?, texts, numbers, confidence, first_seen })
    }

    /// Over the row, its dates and its number.
    pub(super) fn digest(&self, since: Option<&str>, as_of: Option<&str>, number: &str) -> Digest {
        let mut fields = Fields::default();
        fields.text(Some(&self.id));
        self.texts.iter().for_each(|text| fields.text(text.as_deref()));
        self.numbers.iter().for_each(|number| fields.number(*number));
        fields.bytes(Some(&self.confidence.to_be_bytes()));
        for text in [Some(self.first_seen.as_str()), since, as_of, Some(number)] {
            fields.text(text);
        }
        fields.digest()
    }

    pub(super) async fn insert(self, work: &mut Work<'_>, claim: &Claim) -> Result<(), sqlx::Error> {
        let day = |day: Option<jiff::civil::Date>| day.map(|day| day.to_string());
        let (since, as_of, number) = (day(claim.since), day(claim.as_of), number(&claim.figure));
        let digest = self.digest(since.as_deref(), as_of.as_deref(), &number);
        let mut query = sqlx::query(
            "INSERT INTO claims (id, confidence, first_seen, since, as_of, number, digest, series, thread, conflict, claimant,
                 claimant_id, attribution, party, victims, grp, outcomes, scope, place, rule, min, max, approx, vague, as_of_days, as_of_stated)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21, ?22, ?23, ?24, ?25, ?26)",
        );
        query = query.bind(self.id).bind(self.confidence).bind(self.first_seen).bind(since).bind(as_of).bind(number);
        query = query.bind(digest.as_bytes().to_vec());
        for text in self.texts {
            query = query.bind(text);
        }
        for number in self.numbers {
            query = query.bind(number);
        }
        query.execute(&mut **work).await?;
        Ok(())
    }
}

/// A row of `articles` without its text, which has a digest of its own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct ArticleRow {
    pub(super) id: i64,
    texts: [Option<String>; 10],
    raw_sha256: Vec<u8>,
    text_sha256: Vec<u8>,
    /// What formats before 8 told copies by; 0 since then.
    fingerprint: i64,
    pub(super) cluster: i64,
}

const ARTICLE_TEXTS: [&str; 10] =
    ["url", "source", "publisher", "title", "byline", "lang", "conflict", "published", "modified", "fetched"];

impl ArticleRow {
    pub(super) fn of(
        (id, cluster): (i64, i64),
        url: &url::Url,
        reading: &Reading,
        text_digest: Digest,
        now: Timestamp,
    ) -> Self {
        let article = &reading.article;
        Self {
            id,
            texts: [
                Some(url.to_string()),
                Some(reading.source.to_string()),
                article.publisher.clone(),
                Some(article.title.clone()),
                article.byline.clone(),
                article.lang.as_ref().map(ToString::to_string),
                reading.conflict.as_ref().map(ToString::to_string),
                article.published.map(stored),
                article.modified.map(stored),
                Some(stored(now)),
            ],
            raw_sha256: Digest::of(&reading.raw).as_bytes().to_vec(),
            text_sha256: text_digest.as_bytes().to_vec(),
            fingerprint: 0,
            cluster,
        }
    }

    pub(super) fn read(row: &SqliteRow) -> Result<Self, sqlx::Error> {
        let mut texts = <[Option<String>; 10]>::default();
        for (place, name) in texts.iter_mut().zip(ARTICLE_TEXTS) {
            *place = row.try_get(name)?;
        }
        Ok(Self {
            id: row.try_get("id")?,
            texts,
            raw_sha256: row.try_get("raw_sha256")?,
            text_sha256: row.try_get("text_sha256")?,
            fingerprint: row.try_get("fingerprint")?,
            cluster: row.try_get("cluster")?,
        })
    }

    /// Writes the article with its body, its seal and if it is no copy its sketch, and continues the chain with it.
    pub(super) async fn insert(
        &self,
        work: &mut Work<'_>,
        document: &str,
        body: &[u8],
        sketch: Option<&[u8]>,
        sightings: &[SightingRow],
    ) -> Result<(), sqlx::Error> {
        let seal = self.seal(&work.ends.seal, sightings).as_bytes().to_vec();
        let mut query = sqlx::query(
            "INSERT INTO articles (id, url, source, publisher, title, byline, lang, conflict, published, modified, fetched,
                 raw_sha256, text_sha256, text, fingerprint, cluster)
             VALUES (?1, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20);
             INSERT INTO bodies (article, body) VALUES (?1, ?2);
             INSERT INTO seals (article, prev_hash, hash) VALUES (?1, ?3, ?4);
             INSERT INTO sketches (article, sketch) SELECT ?1, ?5 WHERE ?5 IS NOT NULL",
        );
        let previous = std::mem::replace(&mut work.ends.seal, seal.clone());
        query = query.bind(self.id).bind(body).bind(previous).bind(seal).bind(sketch);
        for text in &self.texts {
            query = query.bind(text.as_deref());
        }
        query = query.bind(self.raw_sha256.as_slice()).bind(self.text_sha256.as_slice()).bind(document);
        query.bind(self.fingerprint).bind(self.cluster).execute(&mut **work).await?;
        work.ends.article = self.id;
        Ok(())
    }

    /// The seal of the article with its sightings, chained to the one before.
    pub(super) fn seal(&self, previous: &[u8], sightings: &[SightingRow]) -> Digest {
        let mut fields = Fields::default();
        fields.bytes(Some(previous));
        fields.number(Some(self.id));
        self.texts.iter().for_each(|text| fields.text(text.as_deref()));
        fields.bytes(Some(&self.raw_sha256));
        fields.bytes(Some(&self.text_sha256));
        fields.number(Some(self.fingerprint));
        fields.number(Some(self.cluster));
        for sighting in sightings {
            sighting.texts.iter().for_each(|text| fields.text(Some(text)));
            fields.number(Some(sighting.span.0));
            fields.number(Some(sighting.span.1));
        }
        fields.digest()
    }
}

/// A row of `sightings`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct SightingRow {
    /// Telling, quote, wording of the figure, wording of the outcome, time.
    texts: [String; 5],
    span: (i64, i64),
}

impl SightingRow {
    pub(super) fn of(telling: &TellingId, claim: &Claim, now: Timestamp) -> Self {
        let offset = |at: usize| i64::try_from(at).unwrap_or(i64::MAX);
        Self {
            texts: [
                telling.to_string(),
                claim.quote.text.clone(),
                claim.wording.figure.clone(),
                claim.wording.outcome.clone(),
                stored(now),
            ],
            span: (offset(claim.quote.span.start), offset(claim.quote.span.end)),
        }
    }

    pub(super) fn read(row: &SqliteRow) -> Result<Self, sqlx::Error> {
        let mut texts = <[String; 5]>::default();
        for (place, name) in texts.iter_mut().zip(["claim", "quote", "figure_wording", "outcome_wording", "seen"]) {
            *place = row.try_get(name)?;
        }
        Ok(Self { texts, span: (row.try_get("quote_start")?, row.try_get("quote_end")?) })
    }

    /// Writes the sightings of an article.
    pub(super) async fn insert(all: &[Self], work: &mut Work<'_>, article: i64) -> Result<(), sqlx::Error> {
        for some in all.chunks(4) {
            // Four at once wait only once; the article is the last value of each.
            let (sql, rows) = if some.len() == 4 { (SIGHTINGS, some.len()) } else { (SIGHTING, 1) };
            for rows in some.chunks(rows) {
                let query = rows.iter().fold(sqlx::query(sql), |query, one| {
                    let query = one.texts.iter().fold(query, |query, text| query.bind(text.as_str()));
                    query.bind(one.span.0).bind(one.span.1).bind(article)
                });
                query.execute(&mut **work).await?;
            }
        }
        Ok(())
    }
}

const SIGHTING: &str =
    "INSERT INTO sightings (claim, quote, figure_wording, outcome_wording, seen, quote_start, quote_end, article)
     VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)";
const SIGHTINGS: &str =
    "INSERT INTO sightings (claim, quote, figure_wording, outcome_wording, seen, quote_start, quote_end, article)
     VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8), (?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16), (?17, ?18, ?19, ?20, ?21, ?22, ?23, ?24),
         (?25, ?26, ?27, ?28, ?29, ?30, ?31, ?32)";

/// Seals what a format without seals wrote.
pub(super) async fn seal_older(connection: &mut SqliteConnection) -> Result<(), sqlx::Error> {
    for row in sqlx::query("SELECT * FROM claims WHERE digest IS NULL").fetch_all(&mut *connection).await? {
        let telling = TellingRow::read(&row)?;
        let digest = digest_of(&telling, &row)?;
        let query = sqlx::query("UPDATE claims SET digest = ?2 WHERE id = ?1").bind(telling.id);
        query.bind(digest.as_bytes().to_vec()).execute(&mut *connection).await?;
    }
    let mut previous = vec![0; 32];
    let rows = sqlx::query("SELECT * FROM articles WHERE id NOT IN (SELECT article FROM seals) ORDER BY id");
    for row in rows.fetch_all(&mut *connection).await? {
        let article = ArticleRow::read(&row)?;
        let sightings = sqlx::query("SELECT * FROM sightings WHERE article = ?1 ORDER BY id").bind(article.id);
        let sightings = sightings.fetch_all(&mut *connection).await?;
        let sightings = sightings.iter().map(SightingRow::read).collect::<Result<Vec<_>, _>>()?;
        let hash = article.seal(&previous, &sightings).as_bytes().to_vec();
        let query = sqlx::query("INSERT INTO seals (article, prev_hash, hash) VALUES (?1, ?2, ?3)");
        query.bind(article.id).bind(previous).bind(&hash).execute(&mut *connection).await?;
        previous = hash;
    }
    Ok(())
}

/// The digest that a row of `claims` must have.
pub(super) fn digest_of(telling: &TellingRow, row: &SqliteRow) -> Result<Digest, sqlx::Error> {
    let (since, as_of): (Option<String>, Option<String>) = (row.try_get("since")?, row.try_get("as_of")?);
    let number: String = row.try_get("number")?;
    Ok(telling.digest(since.as_deref(), as_of.as_deref(), &number))
}
