//! Whether the process lives, whether it does its work, and how much of it, for machines.

use std::fmt::Write as _;

use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::{CONTENT_TYPE, HeaderName};
use jiff::Timestamp;

use crate::telemetry::Pulse;
use crate::web::Pages;

/// Whoever gets an answer at all knows that the process lives.
pub(super) async fn alive() -> &'static str {
    "ok\n"
}

/// Whether the ledger can be written and polls go on.
pub(super) async fn ready(State(pages): State<Pages>) -> (StatusCode, String) {
    let pulse = pages.vitals.look();
    match trouble(&pulse) {
        None => (StatusCode::OK, format!("ready: {} sources, {} failing\n", pulse.sources, pulse.failing)),
        Some(why) => (StatusCode::SERVICE_UNAVAILABLE, format!("not ready: {why}\n")),
    }
}

fn trouble(pulse: &Pulse) -> Option<String> {
    if pulse.started.is_none() {
        return Some("starting".to_owned());
    }
    pulse.paused.clone()
}

/// The figures in the text format of Prometheus.
pub(super) async fn metrics(State(pages): State<Pages>) -> ([(HeaderName, &'static str); 1], String) {
    (
        [(CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")],
        figures(&pages.vitals.look(), crate::telemetry::dropped()),
    )
}

fn figures(pulse: &Pulse, dropped: u64) -> String {
    let mut out = String::new();
    let mut put = |name: &str, kind: &str, help: &str, value: u64| {
        // Writing into a string cannot fail.
        write!(out, "# HELP tollwatch_{name} {help}\n# TYPE tollwatch_{name} {kind}\ntollwatch_{name} {value}\n").ok();
    };
    let count = |n: usize| u64::try_from(n).unwrap_or(u64::MAX);
    let time = |time: Option<Timestamp>| time.map_or(0, |time| u64::try_from(time.as_second()).unwrap_or(0));
    put("sources", "gauge", "Sources that are polled.", count(pulse.sources));
    put("sources_failing", "gauge", "Sources whose last poll failed.", count(pulse.failing));
    put("polls_in_flight", "gauge", "Polls in flight.", count(pulse.in_flight));
    put("polls_total", "counter", "Polls that worked.", pulse.polls);
    put("poll_failures_total", "counter", "Polls that failed.", pulse.failures);
    put("articles_total", "counter", "Articles read.", pulse.articles);
    put("claims_new_total", "counter", "Claims new to the ledger.", pulse.new_claims);
    put("log_lines_dropped_total", "counter", "Lines that the log could not take in time.", dropped);
    put(
        "paused",
        "gauge",
        "1 while nothing is polled because the ledger cannot be written.",
        u64::from(pulse.paused.is_some()),
    );
    put("ledger_free_bytes", "gauge", "Free bytes where the ledger is.", pulse.free_bytes.unwrap_or(0));
    put("start_time_seconds", "gauge", "When the process was ready.", time(pulse.started));
    put("last_poll_time_seconds", "gauge", "When the last poll ended.", time(pulse.last_poll));
    put("last_ledger_answer_time_seconds", "gauge", "When the ledger last answered.", time(pulse.last_beat));
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_process_is_ready_once_it_has_started_and_while_nothing_holds_it_up() {
        let mut pulse = Pulse::default();
        assert_eq!(trouble(&pulse).as_deref(), Some("starting"));
        pulse.started = Some(Timestamp::UNIX_EPOCH);
        assert_eq!(trouble(&pulse), None);
        pulse.paused = Some("the disk is full".to_owned());
        assert_eq!(trouble(&pulse).as_deref(), Some("the disk is full"));
    }

    #[test]
    fn each_figure_has_its_help_and_its_kind() {
        let text = figures(&Pulse { polls: 3, ..Pulse::default() }, 2);
        assert!(text.contains("# TYPE tollwatch_polls_total counter\ntollwatch_polls_total 3\n"), "{text}");
        assert!(text.contains("\ntollwatch_log_lines_dropped_total 2\n"));
        assert_eq!(text.matches("# HELP").count(), text.matches("# TYPE").count());
    }
}
