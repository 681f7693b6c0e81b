//! Damage: whatever is changed in a ledger behind its back, `verify` finds it and says where.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test may fail loudly"
)]

mod claims;

use std::path::{Path, PathBuf};

use tollwatch::store::{Finding, Store};

use claims::small_ledger;

/// Tables of which every column is proof, or an index that follows from it.
const PROOF: [&str; 11] =
    ["articles", "bodies", "changes", "claims", "copies", "ends", "heads", "pruned", "seals", "sightings", "sketches"];
/// The same, with the columns that are.
const PROOF_IN_PART: [(&str, &[&str]); 2] = [
    (
        "standing",
        &[
            "claim",
            "telling",
            "series",
            "thread",
            "day",
            "as_of",
            "firm",
            "rewords",
            "rounds",
            "first_seen",
            "first",
            "sightings",
            "independent",
            "current",
        ],
    ),
    ("rereads", &["url", "newest"]),
];
/// What only helps to poll and to announce.
const STATE: [&str; 9] =
    ["announced", "entries", "formats", "hosts", "outputs", "requests", "robots", "source_state", "unread"];

fn block_on<T>(work: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(work)
}

async fn opened(file: &Path) -> Store {
    Store::open(&format!("sqlite://{}", file.display())).await.unwrap()
}

/// A connection on which nothing keeps anybody from writing, and nobody waits for the disk.
async fn bare(file: &Path) -> sqlx::SqlitePool {
    let options = sqlx::sqlite::SqliteConnectOptions::new().filename(file).foreign_keys(false);
    let options = options.synchronous(sqlx::sqlite::SqliteSynchronous::Off);
    let pool = sqlx::sqlite::SqlitePoolOptions::new().max_connections(1).connect_with(options).await.unwrap();
    let triggers = names(&pool, "SELECT name FROM sqlite_master WHERE type = 'trigger'").await;
    for trigger in triggers {
        sqlx::raw_sql(sqlx::AssertSqlSafe(format!("DROP TRIGGER {trigger}"))).execute(&pool).await.unwrap();
    }
    pool
}

/// Does something to a copy of a ledger and gives what `verify` finds; nothing if it changed no row.
async fn damaged(whole: &Path, damage: &str) -> Option<Vec<Finding>> {
    let copy = PathBuf::from(format!("{}.copy", whole.display()));
    std::fs::copy(whole, &copy).unwrap();
    let pool = bare(&copy).await;
    let done = sqlx::raw_sql(sqlx::AssertSqlSafe(damage.to_owned())).execute(&pool).await.unwrap();
    pool.close().await;
    if done.rows_affected() == 0 {
        return None;
    }
    let store = opened(&copy).await;
    let findings = store.verify().await.unwrap().findings;
    store.close().await;
    Some(findings)
}

async fn names(pool: &sqlx::SqlitePool, sql: &str) -> Vec<String> {
    let found: Vec<(String,)> = sqlx::query_as(sqlx::AssertSqlSafe(sql.to_owned())).fetch_all(pool).await.unwrap();
    found.into_iter().map(|(name,)| name).collect()
}

#[test]
fn whatever_changes_in_a_column_of_proof_is_found() {
    block_on(async {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("ledger.db");
        small_ledger(&file).await;
        // What keeps people from writing is dropped once for all copies.
        bare(&file).await.close().await;
        let copy = folder.path().join("names.db");
        std::fs::copy(&file, &copy).unwrap();
        let pool = bare(&copy).await;
        let tables =
            names(&pool, "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'").await;
        let (mut tried, mut missed) = (0, Vec::new());
        for table in &tables {
            let all = names(&pool, &format!("SELECT name FROM pragma_table_info('{table}')")).await;
            let in_part = PROOF_IN_PART.iter().find(|(name, _)| name == table);
            let columns = match in_part {
                Some((_, columns)) => columns.iter().map(|&column| column.to_owned()).collect(),
                None if PROOF.contains(&table.as_str()) => all,
                None => {
                    assert!(STATE.contains(&table.as_str()), "is {table} proof?");
                    continue;
                }
            };
            for column in columns {
                for which in [
                    format!("(SELECT min({column}) FROM {table})"),
                    format!("(SELECT max({column}) FROM {table})"),
                    "NULL".into(),
                ] {
                    let damage = format!(
                        "UPDATE OR IGNORE {table} SET {column} = CASE typeof({column}) WHEN 'integer' THEN {column} + 1 WHEN 'real' THEN {column} / 2
                         WHEN 'null' THEN 'x' WHEN 'blob' THEN CAST(substr({column}, 1, length({column}) - 1) || CASE hex(substr({column}, -1)) WHEN '00' THEN x'01' ELSE x'00' END AS BLOB)
                         ELSE substr({column}, 1, length({column}) - 1) || CASE substr({column}, -1) WHEN 'x' THEN 'y' ELSE 'x' END END
                         WHERE {column} IS {which}"
                    );
                    let Some(findings) = damaged(&file, &damage).await else { continue };
                    tried += 1;
                    if findings.is_empty() {
                        missed.push(format!("{table}.{column} where it is {which}"));
                    }
                }
            }
            for end in ["min", "max"] {
                let key =
                    names(&pool, &format!("SELECT name FROM pragma_table_info('{table}') ORDER BY pk = 0, pk LIMIT 1"))
                        .await
                        .remove(0);
                let damage = format!("DELETE FROM {table} WHERE {key} = (SELECT {end}({key}) FROM {table})");
                let findings = damaged(&file, &damage).await.unwrap();
                tried += 1;
                if findings.is_empty() {
                    missed.push(format!("{table} without its {end} row"));
                }
            }
        }
        pool.close().await;
        assert_eq!(missed, Vec::<String>::new());
        assert!(tried >= 150, "{tried}");
    });
}

/// What can be damaged, and what `verify` must then speak of.
const DAMAGE: [(&str, &str); 26] = [
    ("UPDATE articles SET text = replace(text, 'lost', 'lust') WHERE id = 1", "article version 1"),
    ("UPDATE articles SET title = 'x' WHERE id = 2", "article version 2"),
    ("UPDATE articles SET published = '2024-03-24T12:00:00.000Z' WHERE id = 1", "article version 1"),
    ("UPDATE articles SET text_sha256 = zeroblob(32) WHERE id = 2", "article version 2"),
    ("UPDATE bodies SET body = substr(body, 1, 9) || x'00' || substr(body, 11) WHERE article = 2", "raw body"),
    ("DELETE FROM bodies WHERE article = 2", "raw body is missing"),
    ("UPDATE sightings SET quote_start = quote_start + 1 WHERE id = 1", "sighting 1"),
    ("UPDATE sightings SET quote = replace(quote, '427840', '427841') WHERE id = 1", "sighting 1"),
    ("UPDATE sightings SET figure_wording = '5' WHERE id = 1", "article version 1"),
    ("UPDATE sightings SET seen = '2025-01-01T00:00:00.000Z' WHERE id = 2", "article version 2"),
    ("DELETE FROM sightings WHERE id = 2", "article version 2"),
    ("UPDATE claims SET max = max + 1 WHERE scope = 'cumulative'", "claims row"),
    ("UPDATE claims SET claimant = 'Nobody'", "claims row"),
    ("UPDATE changes SET payload = replace(payload, '427840', '427841') WHERE seq = 1", "change 1"),
    ("UPDATE changes SET event = 'claim.seen' WHERE seq = 1", "change 1"),
    ("DELETE FROM changes WHERE seq = 1", "change 2"),
    ("DELETE FROM changes WHERE seq = (SELECT max(seq) FROM changes)", "it is not the last one that was recorded"),
    (
        "DELETE FROM sightings WHERE article = 6; DELETE FROM seals WHERE article = 6; DELETE FROM bodies WHERE article = 6;
         DELETE FROM articles WHERE id = 6",
        "article version 5: it is not the last one that was recorded",
    ),
    ("UPDATE changes SET claim = 'ffffffffffffffff' WHERE seq = 2", "change 2"),
    ("UPDATE standing SET rewords = NULL WHERE rewords IS NOT NULL", "it does not stand as its tellings say"),
    ("UPDATE standing SET rounds = NULL WHERE rounds IS NOT NULL", "it does not stand as its tellings say"),
    ("UPDATE heads SET own = 'ffffffffffffffff'", "it is listed with another id"),
    ("UPDATE sketches SET sketch = zeroblob(9) WHERE article = 1", "article version 1: its sketch"),
    ("INSERT INTO copies (claim, cluster) SELECT min(claim), 4 FROM copies", "its counts are not those"),
    ("UPDATE standing SET sightings = 7", "claim "),
    ("UPDATE heads SET claim = '0000000000000000' WHERE telling = (SELECT min(telling) FROM heads)", "claims row"),
];

#[test]
fn every_kind_of_damage_is_found_and_named() {
    block_on(async {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("ledger.db");
        small_ledger(&file).await;
        for (damage, expected) in DAMAGE {
            let findings = damaged(&file, damage).await;
            let findings = findings.unwrap_or_else(|| panic!("{damage} damages nothing"));
            let named =
                findings.iter().any(|finding| format!("{}: {}", finding.place, finding.what).contains(expected));
            assert!(named, "{damage}: {findings:?}");
        }
    });
}

#[test]
fn proof_can_only_be_added_to() {
    block_on(async {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("ledger.db");
        small_ledger(&file).await;
        let options = sqlx::sqlite::SqliteConnectOptions::new().filename(&file);
        let pool = sqlx::SqlitePool::connect_with(options).await.unwrap();
        for table in ["articles", "claims", "sightings", "changes", "seals"] {
            let column = match table {
                "changes" => "event",
                "seals" => "hash",
                "articles" => "title",
                "sightings" => "quote",
                _ => "rule",
            };
            for sql in [format!("UPDATE {table} SET {column} = 'x'"), format!("DELETE FROM {table}")] {
                let refused = sqlx::raw_sql(sqlx::AssertSqlSafe(sql.clone())).execute(&pool).await;
                assert!(refused.is_err(), "{sql}");
            }
        }
    });
}

#[test]
fn a_flipped_byte_of_proof_anywhere_in_the_file_is_reported() {
    block_on(async {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("ledger.db");
        small_ledger(&file).await;
        let pool = bare(&file).await;
        // What was deleted or written over leaves bytes behind that nobody reads.
        sqlx::raw_sql("VACUUM").execute(&pool).await.unwrap();
        let mut needles: Vec<(&str, Vec<u8>)> = Vec::new();
        for sql in [
            "SELECT CAST(text AS BLOB) FROM articles",
            "SELECT body FROM bodies",
            "SELECT text_sha256 FROM articles",
            "SELECT raw_sha256 FROM articles",
            "SELECT hash FROM changes",
            "SELECT hash FROM seals",
            "SELECT digest FROM claims",
            "SELECT CAST(payload AS BLOB) FROM changes",
            "SELECT CAST(quote AS BLOB) FROM sightings",
        ] {
            let found: Vec<(Vec<u8>,)> = sqlx::query_as(sql).fetch_all(&pool).await.unwrap();
            needles.extend(found.into_iter().map(|(bytes,)| (sql, bytes)));
        }
        pool.close().await;
        let whole = std::fs::read(&file).unwrap();
        let mut flips = 0;
        for (sql, needle) in needles {
            // Long ones may be broken over pages; their beginning is in one piece. Pages keep old bytes where nobody reads.
            let head = &needle[..needle.len().min(24)];
            let places: Vec<usize> =
                whole.windows(head.len()).enumerate().filter(|(_, window)| *window == head).map(|(at, _)| at).collect();
            assert!(!places.is_empty(), "{sql}");
            for offset in [0, head.len() / 2, head.len() - 1] {
                let mut flipped = whole.clone();
                for at in &places {
                    flipped[at + offset] ^= 1;
                }
                let copy = folder.path().join(format!("flip-{flips}.db"));
                std::fs::write(&copy, flipped).unwrap();
                flips += 1;
                let found = opened(&copy).await.verify().await;
                assert!(found.is_err() || !found.unwrap().findings.is_empty(), "byte {offset} of {sql}: {needle:?}");
            }
        }
        assert!(flips >= 40, "{flips}");
    });
}
