//! Reading claims: those that pass a filter, as a list or page by page, and one of them with its sightings.

use std::collections::BTreeMap;

use sqlx::{Row as _, Sqlite, Transaction};

use crate::model::{ClaimId, ClaimRecord, Sighting};
use crate::store::rows::{self, list, stored};
use crate::store::{Filter, Found, Store, StoreError};

/// What the claims `c` of a series share passes a filter.
macro_rules! of_series {
    () => {
        "(?1 IS NULL OR c.conflict = ?1) AND (?2 IS NULL OR c.party = ?2)
       AND (?3 IS NULL OR c.claimant_id = ?3 OR instr(lower(c.claimant), lower(?3)) > 0)
       AND (?4 IS NULL OR instr('+' || c.outcomes || '+', '+' || ?4 || '+') > 0)"
    };
}

/// A claim is printed by a source and with a text. Of the claims since a time each is looked at; to find them among all
/// claims it is quicker to begin at the other end.
macro_rules! printed {
    ($claim:literal) => {
        concat!(
            "(?7 IS NULL OR CASE WHEN ?5 IS NULL
           THEN ",
            $claim,
            " IN (SELECT h.claim FROM articles x JOIN sightings s ON s.article = x.id JOIN heads h ON h.telling = s.claim WHERE x.source = ?7)
           ELSE EXISTS (SELECT 1 FROM heads h JOIN sightings s ON s.claim = h.telling JOIN articles x ON x.id = s.article
               WHERE h.claim = ",
            $claim,
            " AND +x.source = ?7) END)
       AND (?8 IS NULL OR CASE WHEN ?5 IS NULL
           THEN ",
            $claim,
            " IN (SELECT h.claim FROM sightings s JOIN heads h ON h.telling = s.claim WHERE instr(lower(s.quote), lower(?8)) > 0)
           ELSE EXISTS (SELECT 1 FROM heads h JOIN sightings s ON s.claim = h.telling
               WHERE h.claim = ",
            $claim,
            " AND instr(lower(s.quote), lower(?8)) > 0) END)"
        )
    };
}

pub(super) use {of_series, printed};

/// A claim with its standing and its first sighting.
macro_rules! claim_where {
    ($($after:expr),+ $(,)?) => {
        concat!(
            "SELECT st.claim AS claim_id, st.series, coalesce(st.rewords, st.rounds) AS known_as, st.first_seen, st.sightings, st.independent, st.current AS current_count,
                 c.conflict, c.claimant, c.claimant_id, c.attribution, c.party, c.victims, c.grp, c.outcomes, c.min, c.max, c.approx, c.vague,
                 c.scope, c.since, c.as_of, c.as_of_days, c.as_of_stated, c.place, c.rule, c.confidence,
                 f.quote, f.quote_start, f.quote_end, f.figure_wording, f.outcome_wording, f.seen,
                 a.url, a.source, a.publisher, a.published, EXISTS (SELECT 1 FROM rereads r WHERE r.newest = a.id) AS current
             FROM standing st JOIN claims c ON c.id = st.telling JOIN sightings f ON f.id = st.first JOIN articles a ON a.id = f.article ",
            $($after),+
        )
    };
}

/// One claim by its whole id.
const CLAIM_BY_ID: &str = claim_where!("WHERE st.claim = ?1");

/// Claims by their whole ids.
pub(super) const CLAIMS_BY_ID: &str = claim_where!("WHERE st.claim IN (SELECT value FROM json_each(?1))");

/// The claims that pass a filter, after a place in their order.
const CLAIMS: &str = claim_where!(
    "WHERE st.first_seen >= coalesce(?5, '') AND st.first_seen <= min(coalesce(?6, '~'), coalesce(?10, '~'))
       AND (?6 IS NULL OR st.first_seen < ?6) AND (?10 IS NULL OR st.first_seen < ?10 OR st.claim < ?11)
       AND ",
    of_series!(),
    " AND ",
    printed!("st.claim"),
    "
     ORDER BY st.first_seen DESC, st.claim DESC LIMIT ?9"
);

/// Claims on a page.
const PAGE: u32 = 1_000;

type Query<'q> = sqlx::query::Query<'q, sqlx::Sqlite, sqlx::sqlite::SqliteArguments>;

/// Binds the nine values of a filter.
pub(super) fn bound<'q>(query: Query<'q>, filter: &Filter) -> Query<'q> {
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
        let query = bound(sqlx::query(CLAIMS), filter).bind(None::<String>).bind(None::<String>);
        let found = query.fetch_all(&self.pool).await.map_err(|source| self.failed(source))?;
        found.iter().map(rows::record).collect::<Result<_, _>>().map_err(|source| self.failed(source))
    }

    /// The same page by page, so that a large ledger need not fit into memory.
    ///
    /// # Errors
    ///
    /// If the ledger cannot be read.
    pub async fn claim_pages(&self, filter: &Filter) -> Result<ClaimPages, StoreError> {
        let work = self.pool.begin().await.map_err(|source| self.failed(source))?;
        Ok(ClaimPages { store: self.clone(), work, filter: filter.clone(), last: None })
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
}

/// Claims page by page, all as the ledger was when the first page was read.
#[derive(Debug)]
pub struct ClaimPages {
    store: Store,
    work: Transaction<'static, Sqlite>,
    /// What is still to come of it.
    filter: Filter,
    /// The place of the last claim in the order: when it was first seen, and its id.
    last: Option<(String, String)>,
}

impl ClaimPages {
    /// The next claims, each with its first sighting; empty when there are no more.
    ///
    /// # Errors
    ///
    /// If the ledger cannot be read.
    pub async fn next(&mut self) -> Result<Vec<ClaimRecord>, StoreError> {
        let most = self.filter.limit.map_or(PAGE, |left| left.min(PAGE));
        let page = Filter { limit: Some(most), ..self.filter.clone() };
        let (seen, id) = self.last.clone().unzip();
        let found = bound(sqlx::query(CLAIMS), &page).bind(seen).bind(id).fetch_all(&mut *self.work).await;
        let found = found.map_err(|source| self.store.failed(source))?;
        let records: Vec<ClaimRecord> =
            found.iter().map(rows::record).collect::<Result<_, _>>().map_err(|source| self.store.failed(source))?;
        let count = u32::try_from(records.len()).unwrap_or(PAGE);
        self.filter.limit = self.filter.limit.map(|left| left.saturating_sub(count));
        self.last = records.last().map(|last| (stored(last.first_seen), last.id.to_string()));
        Ok(records)
    }

    /// The addresses of the articles that print these claims or printed them, oldest first.
    ///
    /// # Errors
    ///
    /// If the ledger cannot be read.
    pub async fn addresses(&mut self, claims: &[ClaimRecord]) -> Result<BTreeMap<ClaimId, Vec<String>>, StoreError> {
        let ids: Vec<&str> = claims.iter().map(|record| record.id.as_str()).collect();
        let query = sqlx::query(
            "SELECT h.claim, a.url FROM json_each(?1) j CROSS JOIN heads h ON h.claim = j.value JOIN sightings s ON s.claim = h.telling
             JOIN articles a ON a.id = s.article GROUP BY h.claim, a.url ORDER BY h.claim, min(s.id)",
        );
        let found =
            query.bind(list(&ids)).fetch_all(&mut *self.work).await.map_err(|source| self.store.failed(source))?;
        let mut out: BTreeMap<ClaimId, Vec<String>> = BTreeMap::new();
        for row in &found {
            let read = || Ok((rows::claim_id(row, "claim")?, row.try_get("url")?));
            let (claim, url) = read().map_err(|source| self.store.failed(source))?;
            out.entry(claim).or_default().push(url);
        }
        Ok(out)
    }
}
