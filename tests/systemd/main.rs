//! The unit under a real systemd: how it starts, what it is kept from, how it is reloaded, killed, hung and stopped, what
//! becomes of it when memory, network or journal fail, and what the journal says of it.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stderr,
    clippy::indexing_slicing,
    reason = "a test may fail loudly, and prints what it measured"
)]
#![allow(unreachable_pub, reason = "a test is no library")]

#[path = "../machine/mod.rs"]
mod machine;
#[path = "../support/mod.rs"]
mod support;

mod faults;
mod hostile;
mod journal;
mod keys;
mod life;
mod outputs;
mod package;
mod sandbox;

use machine::Machine;

const CONFIG: &str = "[http]\nper_host = 4\nper_host_delay = \"0s\"\n[schedule]\ninterval = \"2s\"\nmax_interval = \"2s\"\nreread = []\n";

/// Reads the journal lines that a filter of journalctl lets through.
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
    life::starts_and_is_shut_in(&machine);
    sandbox::nothing_gets_out(&machine);
    journal::the_journal_prints_exactly_the_new_claims_of_one_side(&machine);
    life::a_reload_checks_first(&machine);
    hostile::hostile_articles_act_nowhere(&machine);
    life::a_killed_daemon_comes_back_and_no_request_is_lost(&machine);
    life::a_hung_daemon_is_restarted(&machine);
    life::a_stop_waits_for_nobody(&machine);
    life::a_stop_leaves_nothing_behind(&machine);
    life::a_wrong_configuration_is_not_tried_again(&machine);
}
