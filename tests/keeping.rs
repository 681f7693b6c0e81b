//! Copies of the ledger: taken, kept, put back, and made by itself before a migration.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test may fail loudly"
)]

mod support;

use std::path::Path;

use support::{Answer, Desk, Site, page, rss};

fn watched() -> (Site, Desk) {
    let site = Site::serve(|seen| {
        let host = seen.header("host").unwrap();
        match seen.path.as_str() {
            "/feed" => Answer::ok("application/rss+xml", rss(&[format!("http://{host}/a")])),
            "/a" => Answer::ok(
                "text/html",
                page(
                    "Station",
                    "2024-03-15T00:00:00Z",
                    "A missile struck Kramatorsk on Tuesday, killing at least 12 people, the regional governor, Vadym Filashkin, said.",
                ),
            ),
            _ => Answer::status(404),
        }
    });
    let desk = Desk::new(&[("wire", site.url("/feed"))]);
    assert_eq!(desk.run(&["once"]).code, 0);
    (site, desk)
}

fn sql(file: &Path, statements: &str) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let options = sqlx::sqlite::SqliteConnectOptions::new().filename(file).create_if_missing(true);
        let pool = sqlx::SqlitePool::connect_with(options).await.unwrap();
        sqlx::raw_sql(sqlx::AssertSqlSafe(statements.to_owned())).execute(&pool).await.unwrap();
        pool.close().await;
    });
}

#[test]
fn a_copy_takes_the_ledgers_place_and_holds_the_same_claims() {
    let (_site, desk) = watched();
    let copy = desk.path().join("copy.db");
    let copied = desk.run(&["backup", copy.to_str().unwrap()]);
    assert_eq!(copied.code, 0, "{}", copied.stderr);
    assert_eq!(desk.run(&["backup", copy.to_str().unwrap()]).code, 1, "a copy is never written over");
    let claims = desk.run(&["claims", "--json"]).stdout;
    assert_eq!(claims.lines().count(), 1);

    let refused = desk.run(&["restore", copy.to_str().unwrap()]);
    assert_eq!(refused.code, 1);
    assert!(refused.stderr.contains("--force puts it aside"), "{}", refused.stderr);
    std::fs::remove_file(desk.ledger()).unwrap();
    let restored = desk.run(&["restore", copy.to_str().unwrap()]);
    assert_eq!(restored.code, 0, "{}", restored.stderr);
    assert_eq!(desk.run(&["claims", "--json"]).stdout, claims);
    assert_eq!(desk.run(&["verify"]).code, 0);
    let forced = desk.run(&["restore", "--force", copy.to_str().unwrap()]);
    assert_eq!(forced.code, 0, "{}", forced.stderr);
    assert!(forced.stderr.contains(".replaced-"), "{}", forced.stderr);
    assert_eq!(desk.run(&["claims", "--json"]).stdout, claims);
}

#[test]
fn a_ledger_in_use_is_not_replaced_and_a_damaged_copy_is_refused() {
    let (_site, desk) = watched();
    let copy = desk.path().join("copy.db");
    assert_eq!(desk.run(&["backup", copy.to_str().unwrap()]).code, 0);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let store = tollwatch::store::Store::open(&format!("sqlite://{}", desk.ledger().display())).await.unwrap();
        let refused = desk.run(&["restore", "--force", copy.to_str().unwrap()]);
        assert_eq!(refused.code, 1);
        assert!(refused.stderr.contains("in use"), "{}", refused.stderr);
        store.close().await;
    });
    let mut bytes = std::fs::read(&copy).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle..middle + 4096].fill(0xaa);
    std::fs::write(&copy, bytes).unwrap();
    std::fs::write(desk.path().join("text.db"), "no ledger at all").unwrap();
    for copy in [copy, desk.path().join("text.db"), desk.path().join("nothing.db")] {
        let refused = desk.run(&["restore", "--force", copy.to_str().unwrap()]);
        assert_eq!(refused.code, 1, "{}", refused.stderr);
        assert!(refused.stderr.contains("cannot be restored"), "{}", refused.stderr);
    }
    assert_eq!(desk.claims().len(), 1, "the ledger is as it was");
}

#[test]
fn a_timer_keeps_the_newest_copies() {
    let (_site, desk) = watched();
    let folder = desk.path().join("copies");
    std::fs::create_dir(&folder).unwrap();
    for old in ["ledger-20200101T000000Z.db", "ledger-20200102T000000Z.db"] {
        std::fs::write(folder.join(old), "").unwrap();
    }
    let copied = desk.run(&["backup", "--keep", "2", folder.to_str().unwrap()]);
    assert_eq!(copied.code, 0, "{}", copied.stderr);
    let mut names: Vec<String> =
        std::fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    assert_eq!((names.len(), names[0].as_str()), (2, "ledger-20200102T000000Z.db"));
}

/// Eight programs open a ledger at once, use it and let go of it.
fn opened_by_many(file: &Path) {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(4).enable_all().build().unwrap();
    let url = format!("sqlite://{}", file.display());
    runtime.block_on(async {
        let mut programs = tokio::task::JoinSet::new();
        for _ in 0..8 {
            let url = url.clone();
            programs.spawn(async move {
                let store = tollwatch::store::Store::open(&url).await.unwrap();
                store.heartbeat().await.unwrap();
                assert_eq!(store.verify().await.unwrap().findings, []);
                store.close().await;
            });
        }
        programs.join_all().await;
    });
}

#[test]
fn a_ledger_can_be_opened_while_others_make_it_and_let_go_of_it() {
    for _ in 0..10 {
        let folder = tempfile::tempdir().unwrap();
        opened_by_many(&folder.path().join("ledger.db"));
    }
}

#[test]
fn a_ledger_of_an_older_format_can_be_opened_by_many_at_once() {
    for _ in 0..5 {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("ledger.db");
        std::fs::copy(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/stores/1.db"), &file).unwrap();
        opened_by_many(&file);
        let kept = std::fs::read(folder.path().join("ledger.db.format-1.bak")).unwrap();
        assert_eq!(kept[60..64], 1_u32.to_be_bytes(), "the copy is of the format that there was");
        let names: Vec<_> = std::fs::read_dir(folder.path()).unwrap().map(|file| file.unwrap().file_name()).collect();
        assert!(!names.iter().any(|name| name.to_string_lossy().contains("partial")), "{names:?}");
    }
}

#[test]
fn a_ledger_of_the_first_format_is_copied_before_it_is_brought_up_to_date() {
    let desk = Desk::new(&[]);
    let first = include_str!("../src/store/migrations/1.sql");
    sql(&desk.ledger(), &format!("PRAGMA journal_mode = WAL; BEGIN; {first}; PRAGMA user_version = 1; COMMIT;"));
    assert_eq!(desk.run(&["claims"]).code, 0);
    let kept = desk.path().join("ledger.db.format-1.bak");
    assert!(kept.exists(), "the old format is kept");
    let before = std::fs::read(&kept).unwrap();
    // Byte 60 to 63 of the header are the format.
    assert_eq!(before[60..64], 1_u32.to_be_bytes());
    assert_eq!(desk.run(&["doctor"]).stdout.matches("can be written; 0 changes").count(), 1);
}

#[test]
fn the_doctor_names_what_is_wrong() {
    let desk = Desk::new(&[]);
    let config = std::fs::read_to_string(desk.path().join("tollwatch.toml")).unwrap();
    assert_eq!(desk.run(&["claims"]).code, 0);
    std::fs::write(desk.path().join("tollwatch.toml"), config.replace("[http]", "min_free = \"1000000 GB\"\n[http]"))
        .unwrap();
    let looked = desk.run(&["doctor"]);
    assert_eq!(looked.code, 4, "{}", looked.stdout);
    assert!(looked.stdout.contains("!!  room") && looked.stdout.contains("[store] min_free"), "{}", looked.stdout);
}
