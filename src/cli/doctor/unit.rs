//! What systemd says of the unit, and the machine of its clock.

use std::collections::BTreeMap;
use std::process::Command;

use ipnet::IpNet;

use crate::cli::doctor::addresses::networks;
use crate::cli::doctor::{Finding, State, finding};

/// The properties of the unit, as far as systemd tells them.
pub(super) struct Unit {
    service: BTreeMap<String, String>,
    socket: BTreeMap<String, String>,
}

impl Unit {
    pub(super) fn look() -> Self {
        let service = properties(&[
            "show",
            "tollwatch.service",
            "-p",
            "LoadState,ActiveState,SubState,Result,NRestarts,WatchdogUSec,StatusText,IPAddressAllow,IPAddressDeny",
        ]);
        let socket = properties(&["show", "tollwatch.socket", "-p", "LoadState,ActiveState,Listen"]);
        Self { service, socket }
    }

    fn get(&self, key: &str) -> &str {
        self.service.get(key).map_or("", String::as_str)
    }

    fn is_loaded(&self) -> bool {
        self.get("LoadState") == "loaded"
    }

    /// The lists of addresses of the unit: allowed, denied.
    pub(super) fn addresses(&self) -> Option<(Vec<IpNet>, Vec<IpNet>)> {
        self.is_loaded().then(|| (networks(self.get("IPAddressAllow")), networks(self.get("IPAddressDeny"))))
    }

    pub(super) fn service(&self) -> Finding {
        if !self.is_loaded() {
            return finding("service", State::Unknown, "systemd knows no tollwatch.service here");
        }
        let told = format!(
            "{} ({}), {} restarts; {}",
            self.get("ActiveState"),
            self.get("SubState"),
            self.get("NRestarts"),
            self.get("StatusText")
        );
        let state = if self.get("ActiveState") == "failed" { State::Wrong } else { State::Fine };
        finding("service", state, told.trim_end_matches([';', ' ']).to_owned())
    }

    pub(super) fn watchdog(&self) -> Finding {
        match (self.is_loaded(), self.get("WatchdogUSec")) {
            (false, _) => finding("watchdog", State::Unknown, "no unit"),
            (true, "" | "0" | "infinity") => {
                finding("watchdog", State::Wrong, "the unit has none: a daemon that hangs stays so (WatchdogSec=)")
            }
            (true, limit) => finding("watchdog", State::Fine, format!("restarts a daemon that is silent for {limit}")),
        }
    }

    pub(super) fn page(&self) -> Finding {
        let get = |key: &str| self.socket.get(key).map_or("", String::as_str);
        match (get("LoadState"), get("ActiveState")) {
            ("loaded", "active") => finding("page", State::Fine, format!("served on {}", get("Listen"))),
            ("loaded", state) => finding(
                "page",
                State::Wrong,
                format!(
                    "tollwatch.socket is {state}: the unit keeps the daemon off loopback, so the page is reached by that socket alone"
                ),
            ),
            _ => finding("page", State::Unknown, "no tollwatch.socket; the daemon binds [web] listen itself"),
        }
    }
}

/// Whether the clock is kept right: dates of claims hang on it.
pub(super) fn clock() -> Finding {
    let clock = told("timedatectl", &["show", "-p", "NTPSynchronized"]);
    match clock.get("NTPSynchronized").map(String::as_str) {
        Some("yes") => finding("clock", State::Fine, "kept right by a time service"),
        Some(_) => {
            finding("clock", State::Wrong, "no time service keeps it right: dates of claims without a date hang on it")
        }
        None => finding("clock", State::Unknown, "systemd does not say whether a time service keeps it right"),
    }
}

fn properties(arguments: &[&str]) -> BTreeMap<String, String> {
    told("systemctl", arguments)
}

/// The lines `key=value` that a program prints; none if it is not there or fails.
fn told(program: &str, arguments: &[&str]) -> BTreeMap<String, String> {
    let Ok(output) = Command::new(program).args(arguments).output() else { return BTreeMap::new() };
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    text.lines()
        .filter_map(|line| line.split_once('='))
        .map(|(key, value)| (key.to_owned(), value.to_owned()))
        .collect()
}
