//! `kill -9` at any moment.

use std::collections::BTreeSet;
use std::path::Path;
use std::thread::sleep;
use std::time::{Duration, Instant};

use crate::support::{Desk, Site};
use crate::{busy_site, desk, feeds, lines, logged, stopped};

/// Kills after which the ledger is completed and checked, and a new one begun, so that there always is work to disturb.
const KILLS: u64 = 10;
/// Articles of each of six feeds, and the claims in them: a total that all feeds share, and an attack for each article.
const ARTICLES: u64 = 30;
const CLAIMS: usize = 30 + 6 * 30;

/// Kills the daemon again and again, and compares what it told and what it holds with a run that nobody disturbed.
fn killed(times: u64) {
    let (site, log) = (busy_site(ARTICLES, 0), tempfile::NamedTempFile::new().unwrap());
    let calm = fresh(&site);
    assert_eq!(calm.run(&["once"]).code, 0);
    let (calm, mut current) = (calm.claims(), fresh(&site));
    let (mut ledgers, mut acknowledged, mut disturbed) = (0, 0, 0);
    for round in 0..times {
        let (before, known) = (starts(log.path()), told(log.path()).len());
        let mut daemon = logged(&current, log.path());
        // Every fourth is killed while it starts, the others at their work.
        let begun = Instant::now();
        while round % 4 != 0 && starts(log.path()) == before {
            assert!(begun.elapsed() < Duration::from_secs(60), "never started: {}", last_words(log.path()));
            sleep(Duration::from_millis(5));
        }
        // Moments that differ from round to round without a source of chance.
        sleep(Duration::from_millis((round * 137) % 701));
        daemon.kill().unwrap();
        daemon.wait().unwrap();
        disturbed += usize::from(told(log.path()).len() > known);
        if (round + 1) % KILLS == 0 || round + 1 == times {
            acknowledged += completed(&current, log.path(), &calm);
            ledgers += 1;
            std::fs::write(log.path(), "").unwrap();
            current = fresh(&site);
        }
    }
    eprintln!(
        "{times} × kill -9, {disturbed} of them between two changes that it told, over {ledgers} ledgers: 0 of {acknowledged} acknowledged claims lost, 0 doubled, every change logged"
    );
}

fn fresh(site: &Site) -> Desk {
    desk(&feeds(site, 6))
}

/// Lets the daemon finish in peace, and checks that nothing is lost, doubled or untold. Gives the number of claims that
/// had been acknowledged.
fn completed(desk: &Desk, log: &Path, calm: &[serde_json::Value]) -> usize {
    let mut daemon = logged(desk, log);
    let begun = Instant::now();
    while let Some(missing) = missing(desk, log) {
        let ended = daemon.try_wait().unwrap();
        if begun.elapsed() > Duration::from_secs(180) || ended.is_some() {
            daemon.kill().ok();
            panic!("never complete: {missing}; ended: {ended:?}; {}", last_words(log));
        }
        sleep(Duration::from_millis(200));
    }
    stopped(daemon);
    let news = lines(log).into_iter().filter(|line| matches!(line["event"].as_str(), Some("claim.new" | "claim.step")));
    let acknowledged: BTreeSet<String> = news.map(|line| line["claim"].as_str().unwrap().to_owned()).collect();
    let claims = desk.claims();
    let held: BTreeSet<String> = claims.iter().map(|claim| claim["id"].as_str().unwrap().to_owned()).collect();
    let lost: Vec<&String> = acknowledged.difference(&held).collect();
    assert_eq!(lost, Vec::<&String>::new(), "acknowledged claims that are lost");
    assert_eq!(claims, calm, "lost or doubled");
    assert_eq!(desk.run(&["verify"]).code, 0);
    acknowledged.len()
}

/// What the ledger does not hold yet, or the log does not tell.
fn missing(desk: &Desk, log: &Path) -> Option<String> {
    let claims = desk.claims().len();
    let told = told(log);
    let changes = desk.run(&["log", "--json"]).stdout;
    let held = changes.lines().map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap()["seq"].as_i64());
    let untold: Vec<i64> = held.flatten().filter(|seq| !told.contains(seq)).collect();
    (claims != CLAIMS || !untold.is_empty())
        .then(|| format!("{claims} of {CLAIMS} claims, changes not told: {untold:?}"))
}

/// How often the daemon said that it started, also behind half a line that a kill left.
fn starts(log: &Path) -> usize {
    String::from_utf8_lossy(&std::fs::read(log).unwrap()).matches(r#""event":"start""#).count()
}

/// The changes that the log tells, by their place in the ledger.
fn told(log: &Path) -> BTreeSet<i64> {
    lines(log).iter().filter_map(|line| line["seq"].as_i64()).collect()
}

fn last_words(log: &Path) -> String {
    let text = String::from_utf8_lossy(&std::fs::read(log).unwrap()).into_owned();
    let lines: Vec<&str> = text.lines().collect();
    lines[lines.len().saturating_sub(40)..].join("\n")
}

#[test]
fn ten_kills_lose_nothing_double_nothing_and_leave_nothing_untold() {
    killed(10);
}

/// `cargo test --release --test faults -- --ignored --nocapture thousand_kills`
#[test]
#[ignore = "takes a quarter of an hour; the sample above runs always"]
fn a_thousand_kills_lose_nothing_double_nothing_and_leave_nothing_untold() {
    killed(1_000);
}
