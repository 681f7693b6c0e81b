//! The unit under a real systemd: how it starts, what it is kept from, how it is reloaded, killed, hung and stopped, and
//! what the journal says of it.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stderr,
    clippy::indexing_slicing,
    reason = "a test may fail loudly, and prints what it measured"
)]

mod machine;
mod support;

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use machine::{Machine, PRIVATE, PUBLIC, sources_file};

const CONFIG: &str = "[http]\nper_host = 4\nper_host_delay = \"0s\"\n[schedule]\ninterval = \"2s\"\nmax_interval = \"2s\"\nreread = []\n";

/// Reads the claims of the journal lines that a filter of journalctl lets through.
fn journal(machine: &Machine, filter: &str) -> Vec<serde_json::Value> {
    machine.must("journalctl --sync");
    let lines = machine.must(&format!("journalctl -u tollwatch {filter} -o json --no-pager"));
    lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[test]
fn the_unit_holds_under_a_real_systemd() {
    if let Some(why) = machine::impossible() {
        eprintln!("skipped: {why}");
        return;
    }
    let machine = Machine::boot(CONFIG, &[("calm", "/feed/calm/24")], "");
    starts_and_is_shut_in(&machine);
    nothing_gets_out(&machine);
    the_journal_prints_exactly_the_new_claims_of_one_side(&machine);
    a_reload_checks_first(&machine);
    hostile_articles_act_nowhere(&machine);
    a_killed_daemon_comes_back_and_no_request_is_lost(&machine);
    a_hung_daemon_is_restarted(&machine);
    a_stop_leaves_nothing_behind(&machine);
    a_wrong_configuration_is_not_tried_again(&machine);
}

fn starts_and_is_shut_in(machine: &Machine) {
    let verified = machine.sh("systemd-analyze verify /usr/lib/systemd/system/tollwatch.service /usr/lib/systemd/system/tollwatch.socket /usr/lib/systemd/system/tollwatch-backup.timer 2>&1 | grep tollwatch");
    assert_eq!(verified.stdout, "", "systemd-analyze verify");
    let begun = Instant::now();
    machine.must("systemctl start tollwatch.socket tollwatch.service");
    let ready = begun.elapsed();
    assert_eq!(machine.show("ActiveState"), "active");
    let exposure = machine.must("systemd-analyze security --no-pager tollwatch.service | grep -o 'level for tollwatch.service: [0-9.]*' | grep -o '[0-9.]*$'");
    assert!(exposure.parse::<f64>().unwrap() <= 1.0, "{exposure}");
    machine.until("systemctl show tollwatch -p StatusText --value | grep -q '1 sources, 0 failing'");
    eprintln!("verify clean; READY after {} ms; exposure {exposure}", ready.as_millis());
}

fn nothing_gets_out(machine: &Machine) {
    machine
        .must(&format!("systemd-run -q --unit=canary /usr/bin/python3 /test/canary.py {} {PUBLIC}", PRIVATE.join(" ")));
    machine.until("journalctl -u canary -o cat | grep -q listening");
    let ended = machine.sh("systemctl start tollwatch-probe");
    machine.must("journalctl --sync");
    let told = machine.must("journalctl -u tollwatch-probe -o cat --no-pager | grep -P '\\t'");
    assert_eq!(ended.code, 0, "{told}\n{}", machine.sh("journalctl -u tollwatch-probe --no-pager | tail -20").stdout);
    let kind = |kind: &str| told.lines().filter(|line| line.starts_with(kind)).collect::<Vec<_>>();
    assert_eq!(kind("OPEN"), Vec::<&str>::new(), "{told}");
    let controls = kind("control");
    assert!(controls.len() == 2 && controls.iter().all(|line| line.ends_with("True")), "{controls:?}");
    assert!(kind("held").len() >= 80, "{told}");
    let hits = machine.must("journalctl -u canary -o cat | grep hit | sort | uniq -c");
    assert!(hits.lines().all(|line| line.contains(PUBLIC)), "{hits}");
    eprintln!("{} probes held, 0 open; the canary was hit by nobody but the control", kind("held").len());
}

fn the_journal_prints_exactly_the_new_claims_of_one_side(machine: &Machine) {
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

fn a_reload_checks_first(machine: &Machine) {
    let pid = machine.show("MainPID");
    let bad = machine.sh("cd /etc/tollwatch; cp tollwatch.toml /root/good; echo '[schedule' > tollwatch.toml; systemctl reload tollwatch");
    assert_ne!(bad.code, 0, "a reload with a wrong configuration fails");
    assert_eq!((machine.show("MainPID"), machine.show("ActiveState")), (pid.clone(), "active".to_owned()));
    machine.must("journalctl --sync");
    let reason = machine.must("journalctl -u tollwatch -o cat -n 20 --no-pager");
    assert!(reason.contains("tollwatch.toml:1:"), "{reason}");
    // Who sends the signal without the check first gets the same answer from the daemon itself.
    machine.must("systemctl kill -s HUP --kill-who=main tollwatch");
    machine.until("journalctl -u tollwatch TOLLWATCH_EVENT=config.rejected -o cat -q | grep -q tollwatch.toml:1:");
    let more = sources_file(&[("calm", "/feed/calm/24"), ("hostile", "/feed/hostile/100")]);
    machine.must(&format!(
        "cp /root/good /etc/tollwatch/tollwatch.toml; cat > /etc/tollwatch/sources/all.toml <<'END'\n{more}\nEND"
    ));
    let begun = Instant::now();
    machine.must("systemctl reload tollwatch");
    let took = begun.elapsed();
    machine
        .until("journalctl -u tollwatch TOLLWATCH_EVENT=config.reloaded -o cat -q | grep -q 'source added: hostile'");
    assert_eq!(machine.show("MainPID"), pid);
    eprintln!("bad reload: exit {}, pid kept; good reload: {} ms, pid kept", bad.code, took.as_millis());
}

/// Whether a terminal, a log or a bidirectional reader would act on it.
fn acts(c: char) -> bool {
    let invisible = matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{e0000}'..='\u{e007f}');
    (c.is_control() && c != '\n') || invisible
}

fn hostile_articles_act_nowhere(machine: &Machine) {
    machine.until("[ $(journalctl -u tollwatch TOLLWATCH_SOURCE=hostile -o cat -q | wc -l) -ge 80 ]");
    let lines = journal(machine, "");
    for line in &lines {
        for (key, value) in line.as_object().unwrap().iter().filter(|(key, _)| !key.starts_with('_')) {
            let text = value.as_str().unwrap_or_else(|| panic!("{key} is no text: {value}"));
            assert!(!text.chars().any(|c| acts(c) || c == '\n'), "{key}: {text:?}");
        }
    }
    let hostile = lines.iter().filter(|line| line["TOLLWATCH_SOURCE"] == "hostile").count();
    let mut forms = vec![("journal, as text", machine.must("journalctl -u tollwatch -o cat --no-pager"))];
    for arguments in [
        "log",
        "log --json",
        "claims --limit 1000",
        "claims --json",
        "claims --csv",
        "series --json",
        "series --csv",
        "sources",
    ] {
        let ended = machine.tollwatch(arguments);
        assert_eq!(ended.code, 0, "{arguments}: {}", ended.stderr);
        forms.push((arguments, ended.stdout));
    }
    forms.push(("page", machine.must("/usr/bin/python3 /test/ask.py http://127.0.0.1:8787/")));
    forms.push(("once, as text", machine.tollwatch("once --log-format text 2>&1").stdout));
    forms.push(("once, as JSON", machine.tollwatch("once --log-format json 2>&1").stdout));
    for (form, text) in &forms {
        let text = if form.contains("csv") { text.replace("\r\n", "\n") } else { text.clone() };
        let found = text.chars().find(|c| acts(*c));
        assert_eq!(
            found,
            None,
            "{form}: …{:?}…",
            found.and_then(|c| text.split(c).next()).map(|before| before.chars().rev().take(60).collect::<String>())
        );
    }
    let page = &forms.iter().find(|(form, _)| *form == "page").unwrap().1;
    assert!(!page.contains("<script") && !page.contains("<img"), "{page}");
    let formulas =
        forms.iter().filter(|(form, _)| form.contains("csv")).flat_map(|(_, text)| text.split(['\n', ','])).filter(
            |cell| {
                let cell = cell.trim().trim_matches('"');
                cell.starts_with(['=', '@', '\t']) || (cell.starts_with(['+', '-']) && cell.parse::<f64>().is_err())
            },
        );
    assert_eq!(formulas.collect::<Vec<_>>(), Vec::<&str>::new());
    eprintln!(
        "100 hostile articles, {hostile} lines about them in the journal, {} forms: 0 control characters, 0 formulas, every field a text",
        forms.len()
    );
}

fn a_killed_daemon_comes_back_and_no_request_is_lost(machine: &Machine) {
    let pid = machine.show("MainPID");
    let begun = Instant::now();
    machine.must("systemctl kill -s KILL --kill-who=main tollwatch");
    let page = machine.must("/usr/bin/python3 /test/ask.py http://127.0.0.1:8787/readyz");
    let answered = begun.elapsed();
    assert!(page.starts_with("200\nready"), "{page}");
    machine.until("[ \"$(systemctl show tollwatch -p SubState --value)\" = running ]");
    assert_eq!(machine.show("NRestarts"), "1");
    assert_ne!(machine.show("MainPID"), pid);
    assert!(answered < Duration::from_secs(30), "{answered:?}");
    let verified = machine.tollwatch("verify");
    assert_eq!(verified.code, 0, "{}", verified.stdout);
    eprintln!(
        "kill -9: running again, and a request made meanwhile answered, after {} ms (RestartSec=5s)",
        answered.as_millis()
    );
}

fn a_hung_daemon_is_restarted(machine: &Machine) {
    machine.must("mkdir -p /etc/systemd/system/tollwatch.service.d; printf '[Service]\\nWatchdogSec=4s\\nRestartSec=200ms\\n' > /etc/systemd/system/tollwatch.service.d/quick.conf; systemctl daemon-reload; systemctl restart tollwatch");
    // Longer than the watchdog waits: only a daemon that speaks lives so long.
    std::thread::sleep(Duration::from_secs(6));
    let pid = machine.show("MainPID");
    assert_eq!(machine.must("journalctl -u tollwatch -o cat --no-pager -q | grep -c 'Watchdog timeout' || true"), "0");
    let begun = Instant::now();
    machine.must("systemctl kill -s STOP --kill-who=main tollwatch");
    machine.until(&format!("p=$(systemctl show tollwatch -p MainPID --value); [ $p != 0 ] && [ $p != {pid} ] && systemctl -q is-active tollwatch"));
    let took = begun.elapsed();
    let told = machine.must("journalctl -u tollwatch -o cat --no-pager -q | grep -c 'Watchdog timeout'");
    assert_eq!(told, "1");
    eprintln!("SIGSTOP: the watchdog (4 s) had it running again after {} ms", took.as_millis());
}

fn a_stop_leaves_nothing_behind(machine: &Machine) {
    machine.must("rm /etc/systemd/system/tollwatch.service.d/quick.conf; systemctl daemon-reload");
    let begun = Instant::now();
    machine.must("systemctl stop tollwatch.socket tollwatch.service");
    let took = begun.elapsed();
    assert!(took < Duration::from_secs(10), "{took:?}");
    assert_eq!((machine.show("Result"), machine.show("ActiveState")), ("success".to_owned(), "inactive".to_owned()));
    let left = machine.must("find /etc /home /opt /root /srv /var /tmp /run /dev -xdev -user tollwatch -not -path '/var/lib/tollwatch*'; pgrep -u tollwatch || true");
    assert_eq!(left, "", "files and processes of the user");
    assert_eq!(machine.must("ls /var/lib/tollwatch"), "ledger.db");
    eprintln!("stop: {} ms, one file in the state folder, nothing elsewhere", took.as_millis());
}

fn a_wrong_configuration_is_not_tried_again(machine: &Machine) {
    machine.must("echo '[schedule' > /etc/tollwatch/tollwatch.toml");
    assert_ne!(machine.sh("systemctl start tollwatch").code, 0);
    machine.until("[ \"$(systemctl show tollwatch -p ActiveState --value)\" = failed ]");
    assert_eq!((machine.show("ExecMainStatus"), machine.show("NRestarts")), ("78".to_owned(), "0".to_owned()));
    eprintln!("a wrong configuration: exit 78, no restart");
}

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
    let more = sources_file(&[("calm", "/feed/calm/24"), ("hostile", "/feed/hostile/100")]);
    machine.must(&format!("cat > /etc/tollwatch/sources/all.toml <<'END'\n{more}\nEND"));
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
