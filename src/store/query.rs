//! Reading the ledger: claims, series, one claim, the change log.

use serde_json::Value;
use sqlx::Row as _;
use sqlx::sqlite::SqliteRow;

use crate::model::{ClaimId, ClaimRecord, Level, Series, SeriesId, Sighting};
use crate::store::rows::{self, stored};
use crate::store::{Filter, Found, Store, StoreError};
use crate::view::LogEntry;

/// A claim with its standing and its first sighting.
macro_rules! claim_where {
    ($after:literal) => {
        concat!(
            "SELECT st.claim AS claim_id, st.series, coalesce(st.rewords, st.rounds) AS known_as, st.first_seen, st.sightings, st.independent, st.current AS current_count,
                 c.conflict, c.claimant, c.claimant_id, c.attribution, c.party, c.victims, c.grp, c.outcomes, c.min, c.max, c.approx, c.vague,
                 c.scope, c.since, c.as_of, c.as_of_days, c.as_of_stated, c.place, c.rule, c.confidence,
                 f.quote, f.quote_start, f.quote_end, f.figure_wording, f.outcome_wording, f.seen,
                 a.url, a.source, a.publisher, a.published, EXISTS (SELECT 1 FROM rereads r WHERE r.newest = a.id) AS current
             FROM standing st JOIN claims c ON c.id = st.telling JOIN sightings f ON f.id = st.first JOIN articles a ON a.id = f.article ",
            $after
        )
    };
}

/// One claim by its whole id.
pub(super) const CLAIM_BY_ID: &str = claim_where!("WHERE st.claim = ?1");

/// The claims that pass a filter.
const CLAIMS: &str = claim_where!(
    "WHERE st.first_seen >= coalesce(?5, '') AND st.first_seen < coalesce(?6, '~')
       AND (?1 IS NULL OR c.conflict = ?1) AND (?2 IS NULL OR c.party = ?2)
       AND (?3 IS NULL OR c.claimant_id = ?3 OR instr(lower(c.claimant), lower(?3)) > 0)
       AND (?4 IS NULL OR instr('+' || c.outcomes || '+', '+' || ?4 || '+') > 0)
       AND (?7 IS NULL OR EXISTS (SELECT 1 FROM heads h JOIN sightings s ON s.claim = h.telling JOIN articles x ON x.id = s.article
           WHERE h.claim = st.claim AND +x.source = ?7))
       AND (?8 IS NULL OR EXISTS (SELECT 1 FROM heads h JOIN sightings s ON s.claim = h.telling
           WHERE h.claim = st.claim AND instr(lower(s.quote), lower(?8)) > 0))
     ORDER BY st.first_seen DESC, st.claim LIMIT ?9"
);

/// The series whose newest figures pass a filter.
const SERIES: &str = "SELECT g.series FROM
     (SELECT s.series, max(coalesce(s.as_of, '')) AS newest, s.claim FROM standing s
      WHERE s.rewords IS NULL AND s.rounds IS NULL AND s.current > 0 AND +s.first_seen >= coalesce(?5, '') AND +s.first_seen < coalesce(?6, '~')
        AND (?7 IS NULL OR EXISTS (SELECT 1 FROM heads h JOIN sightings i ON i.claim = h.telling JOIN articles x ON x.id = i.article
            WHERE h.claim = s.claim AND +x.source = ?7))
        AND (?8 IS NULL OR EXISTS (SELECT 1 FROM heads h JOIN sightings i ON i.claim = h.telling
            WHERE h.claim = s.claim AND instr(lower(i.quote), lower(?8)) > 0))
      GROUP BY s.series) g
     JOIN standing st ON st.claim = g.claim JOIN claims c ON c.id = st.telling
     WHERE (?1 IS NULL OR c.conflict = ?1) AND (?2 IS NULL OR c.party = ?2)
       AND (?3 IS NULL OR c.claimant_id = ?3 OR instr(lower(c.claimant), lower(?3)) > 0)
       AND (?4 IS NULL OR instr('+' || c.outcomes || '+', '+' || ?4 || '+') > 0)
     ORDER BY g.newest DESC, g.series LIMIT ?9";

/// Figures that a listing shows of each series: enough to find the step before the latest.
const LATEST: i64 = 8;

type Query<'q> = sqlx::query::Query<'q, sqlx::Sqlite, sqlx::sqlite::SqliteArguments>;

fn bound<'q>(query: Query<'q>, filter: &Filter) -> Query<'q> {
    let query = query
        .bind(filter.conflict.as_ref().map(ToString::to_string))
        .bind(filter.party.as_ref().map(ToString::to_string));
    let query = query.bind(filter.claimant.clone()).bind(filter.outcome.map(|outcome| outcome.as_str().to_owned()));
    let query = query.bind(filter.since.map(stored)).bind(filter.until.map(stored));
    let query = query.bind(filter.source.as_ref().map(ToString::to_string)).bind(filter.grep.clone());
    query.bind(filter.limit.map_or(-1, i64::from))
}

impl Store {
    /// The claims that pass a filter, newest first, each with its first sighting.
    ///
    /// # Errors
    ///
    /// If the ledger cannot be read.
    pub async fn claims(&self, filter: &Filter) -> Result<Vec<ClaimRecord>, StoreError> {
        let found = bound(sqlx::query(CLAIMS), filter).fetch_all(&self.pool).await;
        let found = found.map_err(|source| self.failed(source))?;
        found.iter().map(rows::record).collect::<Result<_, _>>().map_err(|source| self.failed(source))
    }

    /// One claim with all its sightings, by its id or the beginning of it. An id under which the claim was known
    /// before it turned out to be older leads to it too.
    ///
    /// # Errors
    ///
    /// If the ledger cannot be read.
    pub async fn claim(&self, prefix: &str) -> Result<Found, StoreError> {
        let failed = |source| self.failed(source);
        // What sorts right after everything that begins so; ids are hexadecimal.
        let query = sqlx::query(
            "SELECT DISTINCT claim FROM (SELECT claim FROM standing WHERE claim >= ?1 AND claim < ?1 || '~'
                 UNION ALL SELECT claim FROM heads WHERE own >= ?1 AND own < ?1 || '~') ORDER BY claim LIMIT 20",
        );
        let found = query.bind(prefix).fetch_all(&self.pool).await.map_err(failed)?;
        let ids: Vec<ClaimId> =
            found.iter().map(|row| rows::claim_id(row, "claim")).collect::<Result<_, _>>().map_err(failed)?;
        match ids.as_slice() {
            [] => Ok(Found::Nothing),
            [id] => {
                let row = sqlx::query(CLAIM_BY_ID).bind(id.as_str()).fetch_one(&self.pool).await.map_err(failed)?;
                let mut record = rows::record(&row).map_err(failed)?;
                record.sightings = self.sightings(id).await?;
                Ok(Found::One(Box::new(record)))
            }
            _ => Ok(Found::Many(ids)),
        }
    }

    /// The articles that print a claim or printed it, oldest first.
    ///
    /// # Errors
    ///
    /// If the ledger cannot be read.
    pub async fn sightings(&self, claim: &ClaimId) -> Result<Vec<Sighting>, StoreError> {
        let query = sqlx::query(
            "SELECT s.*, a.url, a.source, a.publisher, a.published, EXISTS (SELECT 1 FROM rereads r WHERE r.newest = a.id) AS current
             FROM heads h JOIN sightings s ON s.claim = h.telling JOIN articles a ON a.id = s.article WHERE h.claim = ?1 ORDER BY s.id",
        );
        let found = query.bind(claim.as_str()).fetch_all(&self.pool).await.map_err(|source| self.failed(source))?;
        let mut at = std::collections::BTreeMap::new();
        let mut sightings: Vec<Sighting> = Vec::with_capacity(found.len());
        for row in &found {
            let sighting = rows::sighting(row).map_err(|source| self.failed(source))?;
            // A later version of the same article stands for the earlier ones.
            let place = *at.entry(sighting.url.to_string()).or_insert(sightings.len());
            match sightings.get_mut(place) {
                Some(known) => known.current |= sighting.current,
                None => sightings.push(sighting),
            }
        }
        Ok(sightings)
    }

    /// The series with figures that pass a filter, the one with the newest figure first, each with its latest figures.
    ///
    /// # Errors
    ///
    /// If the ledger cannot be read.
    pub async fn series(&self, filter: &Filter) -> Result<Vec<Series>, StoreError> {
        let found = bound(sqlx::query(SERIES), filter).fetch_all(&self.pool).await;
        let found = found.map_err(|source| self.failed(source))?;
        let mut out = Vec::with_capacity(found.len());
        for row in &found {
            let id = rows::series_id(row, "series").map_err(|source| self.failed(source))?;
            out.extend(self.some_series(&id, LATEST).await?);
        }
        Ok(out)
    }

    /// One series with all its figures; figures that no article prints any more, and such as only round or reword
    /// others, are left out.
    ///
    /// # Errors
    ///
    /// If the ledger cannot be read.
    pub async fn one_series(&self, id: &SeriesId) -> Result<Option<Series>, StoreError> {
        self.some_series(id, -1).await
    }

    async fn some_series(&self, id: &SeriesId, most: i64) -> Result<Option<Series>, StoreError> {
        let failed = |source| self.failed(source);
        let query = sqlx::query(
            "SELECT s.claim AS id, s.firm, s.first_seen, c.conflict, c.claimant, c.party, c.victims, c.grp, c.outcomes, c.scope, c.place,
                 c.min, c.max, c.approx, c.vague, c.since, c.as_of
             FROM standing s JOIN claims c ON c.id = s.telling WHERE s.series = ?1 AND s.rewords IS NULL AND s.rounds IS NULL AND s.current > 0
             ORDER BY s.as_of DESC, s.first_seen DESC, s.claim DESC LIMIT ?2",
        );
        let mut found = query.bind(id.as_str()).bind(most).fetch_all(&self.pool).await.map_err(failed)?;
        found.reverse();
        let query = sqlx::query_as(
            "SELECT count(*) FROM standing WHERE series = ?1 AND rewords IS NULL AND rounds IS NULL AND current > 0",
        );
        let (count,): (i64,) = query.bind(id.as_str()).fetch_one(&self.pool).await.map_err(failed)?;
        rows::series(id, &found, u32::try_from(count).unwrap_or(u32::MAX)).map_err(failed)
    }

    /// The change log after a place in it, oldest first; filtered by event, claim and time.
    ///
    /// # Errors
    ///
    /// If the ledger cannot be read.
    pub async fn changes(
        &self,
        after: i64,
        event: Option<&str>,
        claim: Option<&ClaimId>,
        filter: &Filter,
    ) -> Result<Vec<LogEntry>, StoreError> {
        // Two statements, for only the second can use the index of claims; a claim may have been known by other ids.
        let sql = if claim.is_none() {
            "SELECT * FROM (SELECT seq, at, event, payload FROM changes
                 WHERE seq > ?1 AND (?2 IS NULL OR event = ?2) AND ?3 IS NULL
                   AND (?4 IS NULL OR at >= ?4) AND (?5 IS NULL OR at < ?5)
                 ORDER BY seq DESC LIMIT ?6) ORDER BY seq"
        } else {
            "SELECT * FROM (SELECT seq, at, event, payload FROM changes
                 WHERE claim IN (SELECT own FROM heads WHERE claim = ?3 UNION SELECT ?3) AND +seq > ?1 AND (?2 IS NULL OR event = ?2)
                   AND (?4 IS NULL OR at >= ?4) AND (?5 IS NULL OR at < ?5)
                 ORDER BY +seq DESC LIMIT ?6) ORDER BY seq"
        };
        let query = sqlx::query(sql);
        let query = query.bind(after).bind(event).bind(claim.map(ToString::to_string));
        let query = query
            .bind(filter.since.map(stored))
            .bind(filter.until.map(stored))
            .bind(filter.limit.map_or(-1, i64::from));
        let rows = query.fetch_all(&self.pool).await.map_err(|source| self.failed(source))?;
        rows.iter().map(|row| self.entry(row)).collect()
    }

    pub(super) fn entry(&self, row: &SqliteRow) -> Result<LogEntry, StoreError> {
        let read = || -> Result<(i64, String, String, String), sqlx::Error> {
            Ok((row.try_get("seq")?, row.try_get("at")?, row.try_get("event")?, row.try_get("payload")?))
        };
        let (seq, at, event, payload) = read().map_err(|source| self.failed(source))?;
        let broken = || self.damaged(format!("change {seq}"));
        let Ok(Value::Object(mut fields)) = serde_json::from_str(&payload) else { return Err(broken()) };
        let mut taken = |key: &str| fields.remove(key).and_then(|value| value.as_str().map(ToOwned::to_owned));
        let message = taken("message").unwrap_or_default();
        let level = match taken("level").as_deref() {
            Some("debug") => Level::Debug,
            Some("warn") => Level::Warn,
            Some("error") => Level::Error,
            Some(_) | None => Level::Info,
        };
        for key in ["ts", "event", "seq"] {
            fields.remove(key);
        }
        Ok(LogEntry { seq, at: rows::time(&at).ok_or_else(broken)?, level, event, message, fields })
    }

    /// The place of the last change in the log, 0 if there is none.
    ///
    /// # Errors
    ///
    /// If the ledger cannot be read.
    pub async fn last_change(&self) -> Result<i64, StoreError> {
        let query = sqlx::query_as("SELECT coalesce(max(seq), 0) FROM changes");
        let (seq,): (i64,) = query.fetch_one(&self.pool).await.map_err(|source| self.failed(source))?;
        Ok(seq)
    }
}
