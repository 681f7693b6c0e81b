//! The sketches of texts: what a ledger of an older format lacks, and whether they are those of the texts.

use sqlx::Row as _;
use sqlx::sqlite::SqliteConnection;

use crate::ledger::Sketch;
use crate::store::Store;
use crate::store::verify::{Verification, readable};

/// The articles that are no copies, after one of them, each with its sketch.
const STORIES: &str = "SELECT a.id, a.text, k.sketch FROM articles a LEFT JOIN sketches k ON k.article = a.id
     WHERE a.id > ?1 AND a.cluster = a.id ORDER BY a.id LIMIT 200";

/// Makes the sketches of what was read before there were any.
pub(super) async fn sketch_older(connection: &mut SqliteConnection) -> Result<(), sqlx::Error> {
    let mut last: i64 = 0;
    loop {
        let rows = sqlx::query(STORIES).bind(last).fetch_all(&mut *connection).await?;
        for row in &rows {
            last = row.try_get("id")?;
            let sketch = Sketch::of(row.try_get("text")?).to_bytes();
            let query = sqlx::query("INSERT INTO sketches (article, sketch) VALUES (?1, ?2)").bind(last);
            query.bind(sketch).execute(&mut *connection).await?;
        }
        if rows.is_empty() {
            return Ok(());
        }
    }
}

impl Store {
    pub(super) async fn verify_sketches(&self, out: &mut Verification) -> Result<(), sqlx::Error> {
        let mut last: i64 = 0;
        loop {
            let rows = sqlx::query(STORIES).bind(last).fetch_all(&self.pool).await?;
            for row in &rows {
                last = row.try_get("id")?;
                let stored = row.try_get::<Option<Vec<u8>>, _>("sketch").ok().flatten();
                if stored != readable(row, "text").map(|text| Sketch::of(&text).to_bytes()) {
                    out.find(format!("article version {last}"), "its sketch is not that of its text");
                }
            }
            if rows.is_empty() {
                break;
            }
        }
        let more = "SELECT article FROM sketches WHERE article NOT IN (SELECT id FROM articles WHERE cluster = id)";
        for row in sqlx::query(more).fetch_all(&self.pool).await? {
            out.find(format!("article version {}", row.try_get::<i64, _>(0)?), "it has a sketch and should have none");
        }
        Ok(())
    }
}
