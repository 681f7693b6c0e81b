//! `check --online`: asks each source once, politely, and says what it would give.

use std::collections::BTreeMap;
use std::io::Write as _;
use std::process::ExitCode;

use jiff::Timestamp;
use tokio::task::JoinSet;

use crate::cli::arguments::Arguments;
use crate::cli::output::{Failure, TROUBLE, out};
use crate::cli::setup;
use crate::config::Config;
use crate::feed::{self, Feed, FeedError};
use crate::fetch::{Body, FetchError, Fetcher, Purpose, Request, Response};
use crate::model::{Source, SourceId};
use crate::store::Store;
use crate::view::sanitised;

/// What a source gives, in words, and whether that is well.
struct Finding {
    is_well: bool,
    lines: Vec<String>,
}

pub(super) fn run(arguments: &Arguments, config: &Config) -> Result<ExitCode, Failure> {
    let log = setup::log(arguments, config);
    let now = setup::clock();
    let findings = setup::runtime()?.block_on(async {
        let world = setup::world(config, Store::open("sqlite::memory:").await?, &log)?;
        let mut asked: JoinSet<(SourceId, Finding)> = JoinSet::new();
        for source in config.enabled() {
            let (fetcher, source) = (world.fetcher.clone(), source.clone());
            asked.spawn(async move { (source.id.clone(), find(&fetcher, &source, now).await) });
        }
        let mut findings = BTreeMap::new();
        while let Some(done) = asked.join_next().await {
            let (source, finding) = done.map_err(|error| Failure::new("a source was not asked", &error))?;
            findings.insert(source, finding);
        }
        Ok::<_, Failure>(findings)
    })?;
    log.flush();
    let mut out = out();
    for (source, finding) in &findings {
        for line in &finding.lines {
            writeln!(out, "{}", sanitised(&format!("{source}: {line}")))?;
        }
    }
    let trouble = findings.values().filter(|finding| !finding.is_well).count();
    writeln!(out, "{} sources asked, {trouble} in trouble", findings.len())?;
    out.flush()?;
    Ok(if trouble > 0 { ExitCode::from(TROUBLE) } else { ExitCode::SUCCESS })
}

async fn find(fetcher: &Fetcher, source: &Source, now: Timestamp) -> Finding {
    let checks_certificate = source.checks_certificate;
    let request = Request { checks_certificate, ..Request::new(source.feed.clone(), Purpose::Feed) };
    let mut finding = match fetcher.get(request).await {
        Ok(Response::Full(body)) => read(&body, now),
        Ok(Response::NotModified(_)) => Finding { is_well: false, lines: vec!["it answered 304".to_owned()] },
        Err(error) => Finding { is_well: false, lines: vec![error.to_string()] },
    };
    if let Err(FetchError::Robots { .. }) = fetcher.ask_robots(&source.feed, checks_certificate).await {
        let rule = "its robots.txt asks not to read this feed; it is read because you configured it";
        finding.lines.push(rule.to_owned());
    }
    finding
}

fn read(body: &Body, now: Timestamp) -> Finding {
    let mut lines = Vec::new();
    if let Some(moved) = &body.moved {
        lines.push(format!("it moved for good to {}: put that into the configuration", FetchError::plain(moved)));
    }
    let is_well = match feed::read(&body.bytes, body.content_type.as_deref(), &body.url) {
        Ok(feed) => {
            lines.insert(0, gives(&feed, body, now));
            lines.extend(feed.notes.iter().map(|note| format!("note: {note}")));
            true
        }
        Err(error) => {
            lines.insert(0, error.to_string());
            lines.extend(suggested(&error, body));
            false
        }
    };
    Finding { is_well, lines }
}

fn gives(feed: &Feed, body: &Body, now: Timestamp) -> String {
    let newest = feed.entries.iter().filter_map(|entry| entry.published).max();
    let newest = newest.map(|newest| format!(", the newest {} h ago", (now.as_second() - newest.as_second()) / 3_600));
    let recognised = body.validators.etag.is_some() || body.validators.last_modified.is_some();
    let repeats =
        if recognised { "" } else { "; it gives no ETag and no Last-Modified, so that every poll reads all of it" };
    format!("{} entries{}, {} bytes{repeats}", feed.entries.len(), newest.unwrap_or_default(), body.bytes.len())
}

/// The feeds that a page names which was configured in place of one.
fn suggested(error: &FeedError, body: &Body) -> Vec<String> {
    if !matches!(error, FeedError::NotAFeed { .. }) {
        return Vec::new();
    }
    let html = feed::decode(&body.bytes, body.content_type.as_deref());
    let found = feed::discover(&html, &body.url);
    found.iter().map(|feed| format!("this page names a feed: feed = \"{}\"", FetchError::plain(feed))).collect()
}
