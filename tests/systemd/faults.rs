//! What becomes of the service when memory or the network fail.

use std::time::Duration;

use crate::machine::{self, Machine, PUBLIC};
use crate::{CONFIG, journal};

/// How long the network is gone each time: at two seconds an interval as many polls as four hours have by default.
const GONE: Duration = Duration::from_secs(30);

const HOSTS: [&str; 3] = ["news.example.org", "second.example.org", "third.example.org"];

#[test]
fn memory_and_network_may_fail() {
    if let Some(why) = machine::impossible() {
        eprintln!("skipped: {why}");
        return;
    }
    let feeds: Vec<String> = HOSTS.iter().map(|host| format!("http://{host}/feed/calm/24")).collect();
    let sources: Vec<(&str, &str)> =
        ["one", "two", "three"].into_iter().zip(feeds.iter().map(String::as_str)).collect();
    // Connections that were kept open end with the network, but nobody is told: each costs one timeout.
    let machine = Machine::boot(&CONFIG.replace("[http]", "[http]\ntimeout = \"2s\""), &sources, "");
    no_name_can_be_resolved(&machine);
    nobody_can_be_reached(&machine);
    memory_runs_out(&machine);
}

fn figure(machine: &Machine, name: &str) -> u64 {
    let told = machine.must("/usr/bin/python3 /test/ask.py http://127.0.0.1:8787/metrics");
    let line = told.lines().find_map(|line| line.strip_prefix(&format!("tollwatch_{name} ")));
    line.unwrap().parse().unwrap()
}

/// How many lines the daemon wrote.
fn lines(machine: &Machine) -> usize {
    journal(machine, "SYSLOG_IDENTIFIER=tollwatch").len()
}

/// There is no name server when the machine boots, and for long after that.
fn no_name_can_be_resolved(machine: &Machine) {
    machine.must("cp /etc/hosts /root/hosts; printf '127.0.0.1 localhost\n' > /etc/hosts");
    machine.must("systemctl start tollwatch.socket tollwatch.service");
    assert_eq!(machine.show("ActiveState"), "active", "ready without a network");
    std::thread::sleep(GONE);
    let polls = figure(machine, "poll_failures_total");
    let lines = lines(machine);
    assert!(polls >= 20 && lines < 20, "{polls} polls, {lines} lines\n{}", machine.journal());
    let named: Vec<String> = HOSTS.iter().map(|host| format!("{PUBLIC} {host}")).collect();
    machine.must(&format!("printf '{}\n' >> /etc/hosts", named.join("\n")));
    let back = machine.until("journalctl -u tollwatch TOLLWATCH_EVENT=network.up -o cat -q | grep -q .");
    // Each source is asked again within its interval.
    machine.until("systemctl show tollwatch -p StatusText --value | grep -q '3 sources, 0 failing'");
    eprintln!(
        "no name server at the start and for {} s: ready, {polls} polls failed, {lines} lines in the journal; answers {:.1} s after it was there (interval 2 s)",
        GONE.as_secs(),
        back.as_secs_f64()
    );
}

/// The way to the network is gone.
fn nobody_can_be_reached(machine: &Machine) {
    let (before, failed) = (lines(machine), figure(machine, "poll_failures_total"));
    machine.must(&format!("ip addr del {PUBLIC}/32 dev lo"));
    machine.until("journalctl -u tollwatch TOLLWATCH_EVENT=network.down -o cat -q | grep -q .");
    std::thread::sleep(GONE);
    let polls = figure(machine, "poll_failures_total") - failed;
    let lines = lines(machine) - before;
    assert!(polls >= 6 && lines < 20, "{polls} polls, {lines} lines\n{}", machine.journal());
    machine.must(&format!("ip addr add {PUBLIC}/32 dev lo"));
    let back = machine.until("systemctl show tollwatch -p StatusText --value | grep -q '3 sources, 0 failing'");
    eprintln!(
        "no way out for {} s: {polls} polls failed, {lines} lines; all sources work {:.1} s after it was there",
        GONE.as_secs(),
        back.as_secs_f64()
    );
}

/// The daemon needs more memory than the unit gives it: the kernel ends it, again and again, until there is enough.
fn memory_runs_out(machine: &Machine) {
    let claims = |machine: &Machine| machine.tollwatch("claims --json").stdout;
    let before = claims(machine);
    machine.must("systemctl stop tollwatch; systemctl set-property --runtime tollwatch MemoryMax=16M; systemctl start --no-block tollwatch");
    machine.until("[ $(systemctl show tollwatch -p NRestarts --value) -ge 2 ]");
    machine.must("systemctl set-property --runtime tollwatch MemoryMax=512M");
    let back = machine.until("[ \"$(systemctl show tollwatch -p SubState --value)\" = running ]");
    machine.until("systemctl show tollwatch -p StatusText --value | grep -q '3 sources, 0 failing'");
    machine.must("journalctl --sync");
    let told = machine.must("journalctl -u tollwatch -o cat --no-pager");
    // How it is called depends on the kernel's accounting of groups.
    let how: Vec<&str> =
        told.lines().filter(|line| line.contains("oom-kill") || line.contains("status=9/KILL")).collect();
    assert!(how.len() >= 2, "{told}");
    assert_eq!(claims(machine), before, "nothing is lost or doubled");
    assert_eq!(machine.tollwatch("verify").code, 0);
    eprintln!(
        "MemoryMax= reached: {:?}, {} times; running again {:.1} s after there was memory (RestartSec=5s), {} claims as before",
        how[0],
        how.len(),
        back.as_secs_f64(),
        before.lines().count()
    );
}
