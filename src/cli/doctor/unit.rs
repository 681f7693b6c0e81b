//! What systemd says of the unit, and the machine of its clock.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;

use ipnet::IpNet;

use crate::cli::doctor::addresses::networks;
use crate::cli::doctor::{Finding, State, finding};
use crate::config::{OutputConfig, OutputKind};

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
            "LoadState,ActiveState,SubState,Result,NRestarts,WatchdogUSec,StatusText,IPAddressAllow,IPAddressDeny,ExecPaths,NoExecPaths,ReadWritePaths,StateDirectory,ProtectSystem",
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

    /// Outputs that the unit keeps from what they need; nothing if there is no unit.
    pub(super) fn outputs(&self, outputs: &[OutputConfig]) -> Vec<Finding> {
        if !self.is_loaded() {
            return Vec::new();
        }
        outputs.iter().filter_map(|output| self.hinders(output)).collect()
    }

    fn hinders(&self, output: &OutputConfig) -> Option<Finding> {
        let id = &output.id;
        let told = match &output.kind {
            OutputKind::Webhook { .. } => return None,
            OutputKind::Jsonl { path } => {
                let state = format!("/var/lib/{}", self.get("StateDirectory"));
                let is_open = self.get("ProtectSystem") != "strict"
                    || path.starts_with(state)
                    || holds(self.get("ReadWritePaths"), path);
                if is_open {
                    return None;
                }
                let folder = path.parent().unwrap_or(path).display();
                format!("the unit keeps {id} from writing {}: add ReadWritePaths={folder} to a drop-in", path.display())
            }
            OutputKind::Command { command, .. } => {
                let named = Path::new(command.first()?);
                // What is run is the file behind a link.
                let program = std::fs::canonicalize(named).unwrap_or_else(|_| named.to_owned());
                if !holds(self.get("NoExecPaths"), &program) || holds(self.get("ExecPaths"), &program) {
                    return None;
                }
                format!(
                    "the unit keeps {id} from running {0}: add ExecPaths={0} to a drop-in, and what interprets it if it is a script",
                    program.display()
                )
            }
        };
        Some(finding("output", State::Wrong, told))
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

/// Whether one of the folders or files of a list, as `systemctl show` prints it, holds a path.
fn holds(list: &str, path: &Path) -> bool {
    list.split_whitespace().any(|folder| path.starts_with(folder.trim_start_matches(['-', '+'])))
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
