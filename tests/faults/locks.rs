//! A ledger that another program holds, as a careless backup does.

use std::time::Duration;

use crate::{busy_site, desk, feeds, lines, logged, stopped, until};

/// Starts the daemon on a ledger that is locked, lets go of it after `held`, and gives how often each of these events was
/// told: `store.error`, `store.recovered`.
fn locked(held: Duration) -> (usize, usize) {
    let site = busy_site(6, 0);
    let desk = desk(&feeds(&site, 2));
    assert_eq!(desk.run(&["claims"]).code, 0);
    let log = tempfile::NamedTempFile::new().unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let daemon = runtime.block_on(async {
        let options = sqlx::sqlite::SqliteConnectOptions::new().filename(desk.ledger());
        let pool = sqlx::SqlitePool::connect_with(options).await.unwrap();
        let mut holder = pool.acquire().await.unwrap();
        sqlx::raw_sql("BEGIN IMMEDIATE").execute(&mut *holder).await.unwrap();
        let daemon = logged(&desk, log.path());
        tokio::time::sleep(held).await;
        sqlx::raw_sql("ROLLBACK").execute(&mut *holder).await.unwrap();
        daemon
    });
    let all = until("all claims are there", Duration::from_secs(60), || desk.claims().len() == 6 + 12);
    stopped(daemon);
    assert_eq!(desk.run(&["verify"]).code, 0);
    let count = |event: &str| lines(log.path()).iter().filter(|l| l["event"] == event && l["level"] != "debug").count();
    let told = (count("store.error"), count("store.recovered"));
    eprintln!(
        "ledger locked for {} s: told {} times, all claims {:.1} s after it was free",
        held.as_secs(),
        told.0,
        all.as_secs_f64()
    );
    told
}

#[test]
fn a_ledger_that_another_program_holds_is_waited_for() {
    assert_eq!(locked(Duration::from_secs(4)), (0, 0));
}

/// `cargo test --test faults -- --ignored --nocapture held_for_long`
#[test]
#[ignore = "takes two minutes; the sample above runs always"]
fn a_ledger_that_is_held_for_long_is_told_once_and_polled_for_when_it_is_free() {
    assert_eq!(locked(Duration::from_secs(75)), (1, 1));
}
