//! What the unit keeps the daemon from.

use crate::machine::{Machine, PRIVATE, PUBLIC};

pub fn nothing_gets_out(machine: &Machine) {
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
