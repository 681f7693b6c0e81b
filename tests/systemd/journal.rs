//! What the journal holds, and what becomes of the daemon when it stands still.

use std::collections::BTreeSet;
use std::time::Duration;

use crate::machine::{self, Machine};
use crate::{CONFIG, journal};

pub fn the_journal_prints_exactly_the_new_claims_of_one_side(machine: &Machine) {
    machine.until("[ $(journalctl -u tollwatch TOLLWATCH_EVENT=claim.new -o cat -q | wc -l) -ge 24 ]");
    let claims = |lines: &[serde_json::Value]| {
        let ids: Vec<String> = lines.iter().map(|line| line["TOLLWATCH_CLAIM"].as_str().unwrap().to_owned()).collect();
        let unique: BTreeSet<String> = ids.iter().cloned().collect();
        assert_eq!(unique.len(), ids.len(), "each is printed once");
        unique
    };
    let printed = claims(&journal(machine, "TOLLWATCH_EVENT=claim.new TOLLWATCH_PARTY=russia"));
    let log = machine.tollwatch("log --event claim.new --json");
    let ledger: Vec<serde_json::Value> = log.stdout.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let about = |party: &str| -> BTreeSet<String> {
        ledger
            .iter()
            .filter(|entry| entry["party"] == party)
            .map(|entry| entry["claim"].as_str().unwrap().to_owned())
            .collect()
    };
    assert_eq!(printed, about("russia"));
    assert!(printed.len() >= 10 && about("ukraine").len() >= 10, "{} and {}", printed.len(), about("ukraine").len());
    let all = journal(machine, "TOLLWATCH_EVENT=claim.new");
    assert!(all.iter().all(|line| line["MESSAGE_ID"] == all[0]["MESSAGE_ID"] && line["PRIORITY"] == "5"));
    let explained = machine.must("journalctl -u tollwatch TOLLWATCH_EVENT=claim.new -x -n 1 --no-pager");
    assert!(explained.contains("Subject: A new claim about"), "{explained}");
    eprintln!(
        "TOLLWATCH_EVENT=claim.new TOLLWATCH_PARTY=russia: {} of {} new claims, as in the ledger",
        printed.len(),
        ledger.len()
    );
}

/// `cargo test --test systemd -- --ignored --nocapture frozen_journal`
#[test]
#[ignore = "takes a minute and a half"]
fn a_frozen_journal_holds_up_nobody() {
    const FROZEN: Duration = Duration::from_secs(60);
    if let Some(why) = machine::impossible() {
        eprintln!("skipped: {why}");
        return;
    }
    let machine = Machine::boot(CONFIG, &[("calm", "/feed/calm/24")], "[Service]\nWatchdogSec=10s\n");
    machine.must("systemctl start tollwatch.socket tollwatch.service");
    machine.until("[ $(journalctl -u tollwatch TOLLWATCH_EVENT=claim.new -o cat -q | wc -l) -ge 20 ]");
    let figure = |name: &str| -> u64 {
        let told = machine.must("/usr/bin/python3 /test/ask.py http://127.0.0.1:8787/metrics");
        let line = told.lines().find_map(|line| line.strip_prefix(&format!("tollwatch_{name} ")));
        line.unwrap().parse().unwrap()
    };
    let pid = machine.must("pgrep -u tollwatch");
    let before = (figure("polls_total"), figure("claims_new_total"));
    machine.must("kill -STOP $(pgrep -x systemd-journal)");
    machine.watch(&[("calm", "/feed/calm/24"), ("hostile", "/feed/hostile/100")]);
    machine.must(&format!("kill -HUP {pid}"));
    std::thread::sleep(FROZEN);
    let after = (figure("polls_total"), figure("claims_new_total"));
    assert_eq!(machine.must("pgrep -u tollwatch"), pid, "nobody killed it");
    machine.must("kill -CONT $(pgrep -x systemd-journal)");
    assert!(after.0 > before.0 + 10 && after.1 > before.1 + 50, "{before:?} {after:?}");
    // What waited is told, all of it and in its order.
    let newest = machine.tollwatch("log --json --limit 1").stdout;
    let newest = serde_json::from_str::<serde_json::Value>(newest.trim()).unwrap()["seq"].to_string();
    machine.until(&format!("journalctl --sync; journalctl -u tollwatch TOLLWATCH_SEQ={newest} -o cat -q | grep -q ."));
    let told: Vec<i64> =
        journal(&machine, "").iter().filter_map(|line| line["TOLLWATCH_SEQ"].as_str()?.parse().ok()).collect();
    assert!(told.is_sorted(), "{told:?}");
    assert_eq!(machine.show("NRestarts"), "0");
    eprintln!(
        "journald frozen for {} s (WatchdogSec=10s): pid kept, {} polls and {} claims meanwhile, {} changes told in order afterwards",
        FROZEN.as_secs(),
        after.0 - before.0,
        after.1 - before.1,
        told.len()
    );
}
