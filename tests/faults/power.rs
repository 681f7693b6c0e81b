//! Losses of power, replayed from a record of every write.

use std::path::Path;
use std::process::{Command, Stdio};

use crate::{busy_site, desk, feeds, with_store};

/// Records a run and replays losses of power; tells how it ended and what it printed.
fn replayed(points: u32, tries: u32, ignore_syncs: bool) -> Option<(i32, String)> {
    let found = |tool: &str| {
        Command::new("sh").args(["-c", &format!("command -v {tool}")]).stdout(Stdio::null()).status().unwrap().success()
    };
    if !found("strace") || !found("python3") {
        assert!(std::env::var_os("CI").is_none(), "strace or python3 is missing");
        return None;
    }
    let site = busy_site(10, 0);
    let desk = desk(&feeds(&site, 3));
    std::fs::create_dir(desk.path().join("state")).unwrap();
    with_store(&desk, &desk.path().join("state/ledger.db"), "");
    let mut command = Command::new("python3");
    command.arg(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/faults/crashreplay.py"));
    command.args(["--points", &points.to_string(), "--tries", &tries.to_string()]);
    command.args(ignore_syncs.then_some("--ignore-syncs"));
    command
        .arg(desk.path().join("state"))
        .args(["ledger.db", "--", env!("CARGO_BIN_EXE_tollwatch"), "once", "--log-format", "json", "--config"])
        .arg(desk.path());
    let output = command.output().unwrap();
    let told = format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    eprintln!("{}{told}", if ignore_syncs { "control, as with synchronous = OFF:\n" } else { "" });
    Some((output.status.code().unwrap(), told))
}

fn power_losses(points: u32, tries: u32) {
    let Some((code, told)) = replayed(points, tries, false) else { return };
    assert_eq!(code, 0, "{told}");
    assert!(told.contains(&format!("power: {} faults, {} survived", points * tries, points * tries)), "{told}");
    assert!(!told.contains("'ack': 0") && told.contains("'ack'"), "claims were acknowledged: {told}");
    let (code, told) = replayed(points, tries, true).unwrap();
    assert_eq!(code, 1, "the control must fail: {told}");
}

#[test]
fn a_loss_of_power_loses_nothing_that_was_told() {
    power_losses(30, 5);
}

#[test]
#[ignore = "takes minutes"]
fn a_thousand_losses_of_power_lose_nothing_that_was_told() {
    power_losses(200, 5);
}
