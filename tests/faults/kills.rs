//! `kill -9` at any moment.

use std::collections::BTreeSet;
use std::thread::sleep;
use std::time::Duration;

use crate::support::Desk;
use crate::{busy_site, desk, feeds, lines, logged, stopped, until};

/// Kills the daemon again and again, and compares what it told and what it holds with a run that nobody disturbed.
fn killed(times: u64) {
    let (site, log) = (busy_site(12, 0), tempfile::NamedTempFile::new().unwrap());
    let feeds = feeds(&site, 6);
    let calm = desk(&feeds);
    assert_eq!(calm.run(&["once"]).code, 0);
    let stormy = desk(&feeds);
    let mut acknowledged = BTreeSet::new();
    let mut round = 0;
    let mut ledgers = 0;
    let mut previous: Option<Desk> = None;
    let mut current = stormy;
    while round < times {
        let mut daemon = logged(&current, log.path());
        // Moments that differ from round to round without a source of chance.
        sleep(Duration::from_millis(300 + (round * 137) % 900));
        daemon.kill().unwrap();
        daemon.wait().unwrap();
        round += 1;
        // Every forty kills the ledger is complete, checked, and a new one begun, so that there always is work to disturb.
        if round % 40 == 0 || round == times {
            let last = logged(&current, log.path());
            until("all changes are told", Duration::from_secs(60), || {
                let told: BTreeSet<i64> = lines(log.path()).iter().filter_map(|line| line["seq"].as_i64()).collect();
                let all = current.run(&["log", "--json"]);
                let held: BTreeSet<i64> = all
                    .stdout
                    .lines()
                    .map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap()["seq"].as_i64().unwrap())
                    .collect();
                current.claims().len() == 84 && held.is_subset(&told)
            });
            stopped(last);
            for line in lines(log.path())
                .iter()
                .filter(|line| matches!(line["event"].as_str(), Some("claim.new" | "claim.step")))
            {
                acknowledged.insert(line["claim"].as_str().unwrap().to_owned());
            }
            let held: BTreeSet<String> =
                current.claims().iter().map(|claim| claim["id"].as_str().unwrap().to_owned()).collect();
            let lost: Vec<&String> = acknowledged.difference(&held).collect();
            assert_eq!(lost, Vec::<&String>::new(), "acknowledged claims that are lost");
            assert_eq!(current.claims(), calm.claims(), "lost or doubled");
            assert_eq!(current.run(&["verify"]).code, 0);
            ledgers += 1;
            std::fs::write(log.path(), "").unwrap();
            previous = Some(std::mem::replace(&mut current, desk(&feeds)));
        }
    }
    drop(previous);
    eprintln!(
        "{times} × kill -9 over {ledgers} ledgers: 0 of {} acknowledged claims lost, 0 doubled, every change logged",
        acknowledged.len()
    );
}

#[test]
fn ten_kills_lose_nothing_double_nothing_and_leave_nothing_untold() {
    killed(10);
}

#[test]
#[ignore = "takes a quarter of an hour"]
fn a_thousand_kills_lose_nothing_double_nothing_and_leave_nothing_untold() {
    killed(1_000);
}
