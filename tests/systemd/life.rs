//! How the service starts, is reloaded, killed, hung and stopped.

use std::time::{Duration, Instant};

use crate::CONFIG;
use crate::machine::{self, Machine};

pub fn starts_and_is_shut_in(machine: &Machine) {
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

pub fn a_reload_checks_first(machine: &Machine) {
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
    machine.must("cp /root/good /etc/tollwatch/tollwatch.toml");
    machine.watch(&[("calm", "/feed/calm/24"), ("quiet", "/feed/calm/0")]);
    let begun = Instant::now();
    machine.must("systemctl reload tollwatch");
    let took = begun.elapsed();
    machine.until("journalctl -u tollwatch TOLLWATCH_EVENT=config.reloaded -o cat -q | grep -q 'source added: quiet'");
    assert_eq!(machine.show("MainPID"), pid);
    eprintln!("bad reload: exit {}, pid kept; good reload: {} ms, pid kept", bad.code, took.as_millis());
}

pub fn a_killed_daemon_comes_back_and_no_request_is_lost(machine: &Machine) {
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

pub fn a_hung_daemon_is_restarted(machine: &Machine) {
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

/// A server that never answers, and a log that nobody reads, hold up no stop.
pub fn a_stop_waits_for_nobody(machine: &Machine) {
    machine.watch(&[("calm", "/feed/calm/24"), ("slow", "/never"), ("slower", "/never")]);
    machine.must("systemctl start tollwatch && systemctl reload tollwatch");
    machine.until(
        "/usr/bin/python3 /test/ask.py http://127.0.0.1:8787/metrics | grep -q '^tollwatch_polls_in_flight [2-9]'",
    );
    machine.must("kill -STOP $(pgrep -x systemd-journal)");
    let begun = Instant::now();
    machine.must("systemctl stop tollwatch");
    let took = begun.elapsed();
    machine.must("kill -CONT $(pgrep -x systemd-journal)");
    assert!(took < Duration::from_secs(10), "{took:?}");
    assert_eq!(machine.show("Result"), "success");
    assert_eq!(machine.tollwatch("verify").code, 0);
    eprintln!("stop with two polls that hang and a frozen journald: {} ms", took.as_millis());
}

pub fn a_stop_leaves_nothing_behind(machine: &Machine) {
    machine.must(
        "rm /etc/systemd/system/tollwatch.service.d/quick.conf; systemctl daemon-reload; systemctl start tollwatch",
    );
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

pub fn a_wrong_configuration_is_not_tried_again(machine: &Machine) {
    machine.must("echo '[schedule' > /etc/tollwatch/tollwatch.toml");
    assert_ne!(machine.sh("systemctl start tollwatch").code, 0);
    machine.until("[ \"$(systemctl show tollwatch -p ActiveState --value)\" = failed ]");
    assert_eq!((machine.show("ExecMainStatus"), machine.show("NRestarts")), ("78".to_owned(), "0".to_owned()));
    eprintln!("a wrong configuration: exit 78, no restart");
}

/// Milliseconds from one moment to another, as systemd noted them.
fn between(machine: &Machine, from: &str, to: &str) -> u64 {
    let at = |property: &str| machine.show(&format!("{property}TimestampMonotonic")).parse::<u64>().unwrap();
    at(to).saturating_sub(at(from)) / 1_000
}

/// On a machine that does nothing else: `cargo test --release --test systemd -- --ignored --nocapture quick_as_promised`
#[test]
#[ignore = "needs a machine that does nothing else"]
fn the_service_is_as_quick_as_promised() {
    if let Some(why) = machine::impossible() {
        eprintln!("skipped: {why}");
        return;
    }
    let machine = Machine::boot(CONFIG, &[("calm", "/feed/calm/24")], "");
    machine.must("systemctl start tollwatch.socket");
    let (mut ready, mut stopped, mut back) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..20 {
        machine.must("systemctl start tollwatch");
        ready.push(between(&machine, "InactiveExit", "ActiveEnter"));
        machine.must("systemctl stop tollwatch");
        stopped.push(between(&machine, "ActiveExit", "InactiveEnter"));
    }
    machine.must("systemctl start tollwatch");
    for _ in 0..10 {
        let pid = machine.show("MainPID");
        machine.must("systemctl kill -s KILL --kill-who=main tollwatch");
        machine.until(&format!("p=$(systemctl show tollwatch -p MainPID --value); [ $p != 0 ] && [ $p != {pid} ] && systemctl -q is-active tollwatch"));
        back.push(between(&machine, "ActiveExit", "ActiveEnter"));
    }
    let span = |times: &[u64]| format!("{} to {} ms", times.iter().min().unwrap(), times.iter().max().unwrap());
    eprintln!(
        "20 starts: READY after {}; 20 stops: {}; 10 × kill -9: running again after {} (RestartSec=5s)",
        span(&ready),
        span(&stopped),
        span(&back)
    );
    assert!(ready.iter().all(|ms| *ms < 1_000) && stopped.iter().all(|ms| *ms <= 10_000), "{ready:?} {stopped:?}");
    assert!(back.iter().all(|ms| *ms <= 6_000), "{back:?}");
}
