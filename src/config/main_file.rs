//! Reads the tables of the main file.

use std::ops::RangeInclusive;
use std::time::Duration;

use ipnet::IpNet;

use crate::config::settings::Settings;
use crate::config::settings::{HttpConfig, LogConfig, LogFormat, ScheduleConfig, StoreConfig, WebConfig};
use crate::config::table::Table;
use crate::config::value;
use crate::model::Level;

impl Settings {
    /// Reads the settings; what is not there, or wrong and reported, keeps its default.
    pub(super) fn read(root: &mut Table<'_>) -> Self {
        let mut settings = Self::default();
        if let Some(table) = root.table("store") {
            read_store(table, &mut settings.store);
        }
        if let Some(table) = root.table("http") {
            read_http(table, &mut settings.http);
        }
        if let Some(table) = root.table("schedule") {
            read_schedule(table, &mut settings.schedule);
        }
        if let Some(table) = root.table("web") {
            read_web(table, &mut settings.web);
        }
        if let Some(table) = root.table("log") {
            read_log(table, &mut settings.log);
        }
        settings
    }
}

fn set<T>(place: &mut T, value: Option<T>) {
    if let Some(value) = value {
        *place = value;
    }
}

fn read_store(mut table: Table<'_>, store: &mut StoreConfig) {
    set(
        &mut store.url,
        table.read("url", "an address such as \"sqlite:///path/to/ledger.db\"", value::store).map(|found| found.value),
    );
    set(&mut store.min_free, table.read("min_free", "a size such as \"64 MB\"", value::size).map(|found| found.value));
    let wanted = "a duration such as \"90d\"";
    set(&mut store.keep_bodies, table.read("keep_bodies", wanted, value::keep_bodies).map(|found| found.value));
    table.finish("");
}

fn read_http(mut table: Table<'_>, http: &mut HttpConfig) {
    let second = Duration::from_secs(1);
    let up_to_an_hour = second..=Duration::from_hours(1);
    set(&mut http.contact, table.read("contact", "a web or mail address", value::contact).map(|found| found.value));
    set(&mut http.timeout, duration(&mut table, "timeout", &up_to_an_hour));
    set(&mut http.connect_timeout, duration(&mut table, "connect_timeout", &up_to_an_hour));
    set(&mut http.max_body, max_body(&mut table));
    set(&mut http.concurrency, table.whole("concurrency", &(1..=1_024)));
    set(&mut http.per_host, table.whole("per_host", &(1..=64)));
    set(&mut http.per_host_delay, duration(&mut table, "per_host_delay", &(Duration::ZERO..=Duration::from_hours(1))));
    set(&mut http.max_redirects, table.whole("max_redirects", &(0..=20)));
    set(&mut http.robots, table.flag("robots"));
    set(&mut http.allow_networks, networks(&mut table));
    set(&mut http.proxy, table.read("proxy", "an address", value::proxy).map(|found| found.value));
    table.finish("");
}

fn max_body(table: &mut Table<'_>) -> Option<u64> {
    let found = table.read("max_body", "a size such as \"10 MB\"", value::size)?;
    if (1_000..=1_000_000_000).contains(&found.value) {
        return Some(found.value);
    }
    table.wrong("max_body", &found.at, "must be from \"1 kB\" to \"1 GB\"");
    None
}

fn networks(table: &mut Table<'_>) -> Option<Vec<IpNet>> {
    let found = table.texts("allow_networks")?;
    let mut networks = Vec::new();
    for text in found.value {
        match value::network(text.value) {
            Ok(network) => networks.push(network),
            Err(message) => table.wrong("allow_networks", &text.at, message),
        }
    }
    Some(networks)
}

fn read_schedule(mut table: Table<'_>, schedule: &mut ScheduleConfig) {
    let longest = duration(&mut table, "max_interval", &INTERVALS);
    let interval = duration(&mut table, "interval", &INTERVALS);
    // Whoever says how often and no more means every source.
    let silent = duration(&mut table, "without_validators", &INTERVALS).or(interval);
    set(&mut schedule.without_validators, silent);
    set(&mut schedule.interval, interval);
    schedule.max_interval = longest.unwrap_or(schedule.max_interval.max(schedule.interval));
    set(&mut schedule.reread, ages(&mut table));
    set(
        &mut schedule.keep_requests,
        duration(&mut table, "keep_requests", &(Duration::from_hours(1)..=Duration::from_hours(24 * 366))),
    );
    if schedule.max_interval < schedule.interval {
        let (shorter, longer) = (value::in_words(schedule.max_interval), value::in_words(schedule.interval));
        let message = format!("{shorter} is shorter than interval ({longer}); raise it or lower the other");
        table.wrong("max_interval", &table.place_of("max_interval"), message);
    }
    table.finish("");
}

/// The ages at which an article is read again, youngest first.
fn ages(table: &mut Table<'_>) -> Option<Vec<Duration>> {
    let found = table.texts("reread")?;
    let mut ages = Vec::new();
    for text in found.value {
        match value::duration(text.value) {
            Ok(age) => ages.push(age),
            Err(message) => table.wrong("reread", &text.at, message),
        }
    }
    ages.sort();
    Some(ages)
}

fn read_web(mut table: Table<'_>, web: &mut WebConfig) {
    set(&mut web.listen, table.read("listen", "an address with a port", value::listen).map(|found| found.value));
    set(&mut web.hosts, hosts(&mut table));
    table.finish("");
}

/// Names without scheme, port or path.
fn hosts(table: &mut Table<'_>) -> Option<Vec<String>> {
    let found = table.texts("hosts")?;
    let mut names = Vec::new();
    for text in found.value {
        if text.value.is_empty() || text.value.contains([':', '/', ' ']) {
            let message = format!("“{}” is no host name; write one such as \"toll.example.org\"", text.value);
            table.wrong("hosts", &text.at, message);
        } else {
            names.push(text.value.to_owned());
        }
    }
    Some(names)
}

fn read_log(mut table: Table<'_>, log: &mut LogConfig) {
    use LogFormat::{Auto, Journald, Json, Text};
    let formats = [("auto", Auto), ("journald", Journald), ("text", Text), ("json", Json)];
    let levels = [Level::Debug, Level::Info, Level::Warn, Level::Error].map(|level| (level.to_string(), level));
    set(&mut log.format, table.read("format", "a word", |text| choice(text, &formats)).map(|found| found.value));
    set(&mut log.level, table.read("level", "a word", |text| choice(text, &levels)).map(|found| found.value));
    table.finish("");
}

/// How often a source may be polled.
pub(super) const INTERVALS: RangeInclusive<Duration> = Duration::from_secs(1)..=Duration::from_hours(720);

/// A duration within `allowed`.
pub(super) fn duration<'a>(
    table: &mut Table<'a>,
    key: &'a str,
    allowed: &RangeInclusive<Duration>,
) -> Option<Duration> {
    let found = table.read(key, "a duration such as \"15m\"", value::duration)?;
    if allowed.contains(&found.value) {
        return Some(found.value);
    }
    let (least, most) = (value::in_words(*allowed.start()), value::in_words(*allowed.end()));
    table.wrong(key, &found.at, format_args!("must be from \"{least}\" to \"{most}\""));
    None
}

pub(super) fn choice<T: Copy, S: AsRef<str>>(text: &str, known: &[(S, T)]) -> Result<T, String> {
    let words: Vec<&str> = known.iter().map(|(word, _)| word.as_ref()).collect();
    let found = known.iter().find(|(word, _)| word.as_ref() == text).map(|(_, value)| *value);
    found.ok_or_else(|| format!("“{text}” is none of {}", words.join(", ")))
}
