//! Reading series: which pass a filter, and their figures.

use std::collections::BTreeMap;

use sqlx::Row as _;
use sqlx::sqlite::SqliteRow;

use crate::model::{Series, SeriesId};
use crate::store::query::{bound, of_series, printed};
use crate::store::{Filter, Store, StoreError, rows};

/// The series whose newest figure passes a filter of what all figures of a series share. Figures are walked from the
/// newest day on, and each is asked whether it is the newest of its series.
const NEWEST: &str = concat!(
    "SELECT s.series FROM standing s JOIN claims c ON c.id = s.telling
     WHERE s.rewords IS NULL AND s.rounds IS NULL AND s.current > 0
       AND s.claim = (SELECT n.claim FROM standing n
           WHERE n.series = s.series AND n.rewords IS NULL AND n.rounds IS NULL AND n.current > 0
           ORDER BY n.as_of DESC, n.first_seen DESC, n.claim DESC LIMIT 1)
       AND ",
    of_series!(),
    " ORDER BY s.as_of DESC, s.series LIMIT ?9"
);

/// The series of which some figure passes a filter of single figures.
const WITH_FIGURES: &str = concat!(
    "SELECT g.series FROM
     (SELECT s.series, max(coalesce(s.as_of, '')) AS newest, s.claim FROM standing s
      WHERE s.rewords IS NULL AND s.rounds IS NULL AND s.current > 0 AND s.first_seen >= coalesce(?5, '') AND s.first_seen < coalesce(?6, '~')
        AND ",
    printed!("s.claim"),
    " GROUP BY s.series) g
     JOIN standing st ON st.claim = g.claim JOIN claims c ON c.id = st.telling
     WHERE ",
    of_series!(),
    " ORDER BY g.newest DESC, g.series LIMIT ?9"
);

/// The latest figures of series, the newest first.
const LATEST: &str =
    "SELECT g.value AS series, s.claim AS id, s.firm, s.first_seen, c.conflict, c.claimant, c.party, c.victims, c.grp,
         c.outcomes, c.scope, c.place, c.min, c.max, c.approx, c.vague, c.since, c.as_of
     FROM json_each(?1) g
     CROSS JOIN json_each((SELECT json_group_array(n.claim) FROM (SELECT claim FROM standing
         WHERE series = g.value AND rewords IS NULL AND rounds IS NULL AND current > 0
         ORDER BY as_of DESC, first_seen DESC, claim DESC LIMIT ?2) n)) j
     CROSS JOIN standing s ON s.claim = j.value CROSS JOIN claims c ON c.id = s.telling
     ORDER BY g.key, j.key";

/// How many figures series have.
const COUNTS: &str = "SELECT g.value AS series, (SELECT count(*) FROM standing s
         WHERE s.series = g.value AND s.rewords IS NULL AND s.rounds IS NULL AND s.current > 0) AS count
     FROM json_each(?1) g";

/// Figures that a listing shows of each series: enough to find the step before the latest.
const SHOWN: i64 = 8;
/// Series that are read at once.
const AT_ONCE: usize = 500;

impl Store {
    /// The series with figures that pass a filter, the one with the newest figure first, each with its latest figures.
    ///
    /// # Errors
    ///
    /// If the ledger cannot be read.
    pub async fn series(&self, filter: &Filter) -> Result<Vec<Series>, StoreError> {
        let ids = self.series_ids(filter).await?;
        let mut out = Vec::with_capacity(ids.len());
        for some in ids.chunks(AT_ONCE) {
            out.extend(self.latest(some).await?);
        }
        Ok(out)
    }

    /// Which series have figures that pass a filter, the one with the newest figure first.
    ///
    /// # Errors
    ///
    /// If the ledger cannot be read.
    pub async fn series_ids(&self, filter: &Filter) -> Result<Vec<SeriesId>, StoreError> {
        let of_figures =
            filter.since.is_some() || filter.until.is_some() || filter.source.is_some() || filter.grep.is_some();
        let query = sqlx::query(if of_figures { WITH_FIGURES } else { NEWEST });
        let found = bound(query, filter).fetch_all(&self.pool).await.map_err(|source| self.failed(source))?;
        let ids = found.iter().map(|row| rows::series_id(row, "series")).collect::<Result<_, _>>();
        ids.map_err(|source| self.failed(source))
    }

    /// These series, each with its latest figures; one that has none is left out.
    ///
    /// # Errors
    ///
    /// If the ledger cannot be read.
    pub async fn latest(&self, ids: &[SeriesId]) -> Result<Vec<Series>, StoreError> {
        self.with_figures(ids, SHOWN).await.map_err(|source| self.failed(source))
    }

    /// One series with all its figures; figures that no article prints any more, and such as only round or reword
    /// others, are left out.
    ///
    /// # Errors
    ///
    /// If the ledger cannot be read.
    pub async fn one_series(&self, id: &SeriesId) -> Result<Option<Series>, StoreError> {
        let found = self.with_figures(std::slice::from_ref(id), -1).await;
        found.map(|mut found| found.pop()).map_err(|source| self.failed(source))
    }

    async fn with_figures(&self, ids: &[SeriesId], most: i64) -> Result<Vec<Series>, sqlx::Error> {
        let list = rows::list(&ids.iter().map(SeriesId::as_str).collect::<Vec<_>>());
        let mut counts: BTreeMap<String, u32> = BTreeMap::new();
        for row in sqlx::query(COUNTS).bind(&list).fetch_all(&self.pool).await? {
            let count: i64 = row.try_get("count")?;
            counts.insert(row.try_get("series")?, u32::try_from(count).unwrap_or(u32::MAX));
        }
        let mut figures: BTreeMap<String, Vec<SqliteRow>> = BTreeMap::new();
        for row in sqlx::query(LATEST).bind(&list).bind(most).fetch_all(&self.pool).await? {
            figures.entry(row.try_get("series")?).or_default().push(row);
        }
        let mut out = Vec::with_capacity(ids.len());
        for id in ids {
            let Some(mut figures) = figures.remove(id.as_str()) else { continue };
            figures.reverse();
            out.extend(rows::series(id, &figures, counts.get(id.as_str()).copied().unwrap_or(0))?);
        }
        Ok(out)
    }
}
