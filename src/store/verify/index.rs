//! What is worked out from the records, worked out again: which tellings are which claim, and the counts.

use sqlx::Row as _;

use crate::ledger;
use crate::store::verify::Verification;
use crate::store::{Store, rows};

/// Claims whose counts are not those of their sightings.
const WRONG_COUNTS: &str = "
    SELECT st.claim FROM standing st LEFT JOIN
        (SELECT h.claim, count(DISTINCT a.url) AS sightings, count(DISTINCT a.cluster) AS independent, min(s.id) AS first,
             count(DISTINCT CASE WHEN r.newest = a.id THEN a.url END) AS current
         FROM heads h JOIN sightings s ON s.claim = h.telling JOIN articles a ON a.id = s.article LEFT JOIN rereads r ON r.url = a.url
         GROUP BY h.claim) g ON g.claim = st.claim
    WHERE g.claim IS NULL OR (st.sightings, st.independent, st.first, st.current) IS NOT (g.sightings, g.independent, g.first, g.current)
        OR st.first_seen IS NOT (SELECT f.seen FROM sightings f WHERE f.id = st.first)
    UNION SELECT claim FROM heads WHERE claim NOT IN (SELECT claim FROM standing)";

impl Store {
    pub(super) async fn verify_index(&self, out: &mut Verification) -> Result<(), sqlx::Error> {
        let strands = "SELECT DISTINCT thread, number, scope FROM claims WHERE (thread, number) > (?1, ?2) ORDER BY thread, number LIMIT 500";
        let (mut thread, mut number) = (String::new(), String::new());
        loop {
            let found = sqlx::query(strands).bind(&thread).bind(&number).fetch_all(&self.pool).await?;
            for row in &found {
                (thread, number) = (row.try_get("thread")?, row.try_get("number")?);
                self.verify_strand(&thread, &number, row.try_get("scope")?, out).await?;
            }
            if found.is_empty() {
                break;
            }
        }
        for row in sqlx::query(WRONG_COUNTS).fetch_all(&self.pool).await? {
            let claim: String = row.try_get("claim")?;
            out.find(format!("claim {claim}"), "its counts are not those of its sightings");
        }
        let stale =
            "SELECT url FROM rereads r WHERE newest IS NOT (SELECT max(a.id) FROM articles a WHERE a.url = r.url)";
        for row in sqlx::query(stale).fetch_all(&self.pool).await? {
            out.find(
                format!("article {}", row.try_get::<String, _>("url")?),
                "its newest version is not the one that counts",
            );
        }
        Ok(())
    }

    /// Whether the tellings of one number are the claims that they must be.
    async fn verify_strand(
        &self,
        thread: &str,
        number: &str,
        scope: &str,
        out: &mut Verification,
    ) -> Result<(), sqlx::Error> {
        let query = sqlx::query(
            "SELECT c.id, c.min, c.max, c.approx, c.vague, c.since, c.as_of, c.as_of_days, c.as_of_stated, h.own, h.claim
             FROM claims c LEFT JOIN heads h ON h.telling = c.id WHERE c.thread = ?1 AND c.number = ?2",
        );
        let found = query.bind(thread).bind(number).fetch_all(&self.pool).await?;
        let mut tellings = Vec::with_capacity(found.len());
        for row in &found {
            match rows::telling(row) {
                Ok(telling) => tellings.push((telling, row.try_get::<Option<String>, _>("claim")?)),
                Err(_) => out.find("claims row".to_owned(), "it belongs to no claim"),
            }
        }
        let plain: Vec<_> = tellings.iter().map(|(telling, _)| telling.clone()).collect();
        for group in ledger::arrange(rows::scope(scope), &plain) {
            for (telling, claim) in tellings.iter().filter(|(telling, _)| group.tellings.contains(&telling.id)) {
                if claim.as_deref() != Some(group.claim.as_str()) {
                    out.find(
                        format!("claims row {}", telling.id),
                        "it is listed under another claim than the one it tells",
                    );
                }
            }
        }
        Ok(())
    }
}
