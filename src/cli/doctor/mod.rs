//! `doctor`: what an operator would look at first, looked at.

mod addresses;
mod unit;

use std::fs;
use std::io::Write as _;
use std::path::Path;
use std::process::ExitCode;

use crate::cli::arguments::{Arguments, DoctorOptions};
use crate::cli::output::{Failure, TROUBLE, out, told};
use crate::cli::outputs;
use crate::cli::setup;
use crate::config::Config;
use crate::store::Store;
use crate::telemetry::journal_answers;

/// Where the drop-in with the addresses of the name servers belongs.
const DROP_IN: &str = "/etc/systemd/system/tollwatch.service.d/name-servers.conf";

/// One thing that was looked at.
struct Finding {
    what: &'static str,
    state: State,
    told: String,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Fine,
    /// Nothing to say, because it is not there or cannot be seen from here.
    Unknown,
    Wrong,
}

fn finding(what: &'static str, state: State, told: impl Into<String>) -> Finding {
    Finding { what, state, told: told.into() }
}

pub(super) fn run(arguments: &Arguments, options: &DoctorOptions) -> Result<ExitCode, Failure> {
    if options.write {
        return write_drop_in();
    }
    let mut findings = Vec::new();
    let unit = unit::Unit::look();
    match setup::config(arguments) {
        Ok(config) => {
            findings.push(finding(
                "configuration",
                State::Fine,
                format!("{} ({} sources are polled)", config.origin, config.enabled().count()),
            ));
            findings.extend(setup::runtime()?.block_on(ledger(&config)));
            findings.extend(unit.outputs(&config.outputs));
        }
        Err(failure) => findings.push(finding("configuration", State::Wrong, failure.to_string())),
    }
    findings.push(name_servers(&unit));
    findings.push(if journal_answers() {
        finding("journal", State::Fine, "journald answers")
    } else {
        finding("journal", State::Unknown, "no journald here; the log goes to standard error")
    });
    findings.push(unit.service());
    findings.push(unit.watchdog());
    findings.push(unit.page());
    findings.push(unit::clock());
    let mut out = out();
    for found in &findings {
        let mark = match found.state {
            State::Fine => "ok",
            State::Unknown => "--",
            State::Wrong => "!!",
        };
        writeln!(out, "{mark}  {:<14} {}", found.what, crate::view::sanitised(&found.told))?;
    }
    out.flush()?;
    let wrong = findings.iter().any(|found| found.state == State::Wrong);
    Ok(if wrong { ExitCode::from(TROUBLE) } else { ExitCode::SUCCESS })
}

/// The folder of the ledger, its room, and the ledger itself. Nothing is made that is not there.
async fn ledger(config: &Config) -> Vec<Finding> {
    let url = match setup::store_url(config) {
        Ok(url) => url,
        Err(failure) => return vec![finding("ledger", State::Wrong, failure.to_string())],
    };
    let path = url.trim_start_matches("sqlite:").trim_start_matches("//").to_owned();
    if !Path::new(&path).exists() {
        return vec![finding("ledger", State::Unknown, format!("{path} is not there yet; the daemon makes it"))];
    }
    let store = match Store::open(&url).await {
        Ok(store) => store,
        Err(error) => return vec![finding("ledger", State::Wrong, Failure::from(error).to_string())],
    };
    let (beat, last) = (store.heartbeat().await, store.last_change().await);
    let state = match (beat, last) {
        (Ok(()), Ok(last)) => {
            finding("ledger", State::Fine, format!("{path} can be written; {last} changes on record"))
        }
        (Err(error), _) | (_, Err(error)) => finding("ledger", State::Wrong, Failure::from(error).to_string()),
    };
    let room = match store.free_bytes() {
        Some(free) if free < config.store.min_free => {
            let (free, least) = (free / 1_000_000, config.store.min_free / 1_000_000);
            finding(
                "room",
                State::Wrong,
                format!("{free} MB are free, {least} MB is the least with which polls go on ([store] min_free)"),
            )
        }
        Some(free) => finding("room", State::Fine, format!("{} MB are free", free / 1_000_000)),
        None => finding("room", State::Unknown, "the operating system does not say how much is free"),
    };
    let mut findings = vec![state, room];
    findings.extend(delivered(&store, config).await);
    store.close().await;
    findings
}

/// How far the outputs came, if there are any.
async fn delivered(store: &Store, config: &Config) -> Option<Finding> {
    if config.outputs.is_empty() {
        return None;
    }
    Some(match outputs::doing(store, config).await {
        Ok((true, told)) => finding("outputs", State::Fine, told),
        Ok((false, told)) => finding("outputs", State::Wrong, told),
        Err(failure) => finding("outputs", State::Wrong, failure.to_string()),
    })
}

/// Whether the unit lets the daemon reach the name servers of this machine.
fn name_servers(unit: &unit::Unit) -> Finding {
    let servers = addresses::name_servers(&fs::read_to_string("/etc/resolv.conf").unwrap_or_default());
    let listed = |servers: &[std::net::IpAddr]| servers.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
    let Some((allowed, denied)) = unit.addresses() else {
        return finding(
            "name servers",
            State::Unknown,
            format!("{} in /etc/resolv.conf; no unit to compare them with", listed(&servers)),
        );
    };
    let shut_out = addresses::shut_out(&servers, &allowed, &denied);
    if servers.is_empty() {
        finding("name servers", State::Unknown, "none in /etc/resolv.conf")
    } else if shut_out.is_empty() {
        finding("name servers", State::Fine, format!("{} can be reached by the unit", listed(&servers)))
    } else {
        let told =
            format!("the unit cannot reach {}: run `tollwatch doctor --write`, then restart it", listed(&shut_out));
        finding("name servers", State::Wrong, told)
    }
}

/// Writes the drop-in that lets the unit reach the name servers of this machine.
fn write_drop_in() -> Result<ExitCode, Failure> {
    let servers = addresses::name_servers(&fs::read_to_string("/etc/resolv.conf")?);
    let failed = |error: std::io::Error| Failure::new(&format!("cannot write {DROP_IN}"), &error);
    let path = Path::new(DROP_IN);
    let text = addresses::drop_in(&servers);
    if fs::read_to_string(path).is_ok_and(|old| old == text) {
        told(&format!("{DROP_IN} is as it should be"));
        return Ok(ExitCode::SUCCESS);
    }
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).map_err(failed)?;
    }
    fs::write(path, text).map_err(failed)?;
    told(&format!("wrote {DROP_IN}; now: systemctl daemon-reload && systemctl restart tollwatch"));
    Ok(ExitCode::SUCCESS)
}
