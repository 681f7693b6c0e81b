//! A ledger of a million sightings, as a person meets it: `cargo test --release --test scale -- --ignored --nocapture`
//! prints what it measures. `TOLLWATCH_SIGHTINGS` sets another size, `TOLLWATCH_LEDGER` names a file to keep and use again.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::cast_precision_loss,
    reason = "a test may fail loudly"
)]
#![allow(clippy::disallowed_methods, reason = "the size is for the person who runs the test")]
#![allow(clippy::print_stderr, reason = "figures for the person who runs the test")]

mod claims;
mod support;

use std::io::{BufRead as _, Read as _};
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Instant;

use jiff::{Timestamp, ToSpan};
use tollwatch::model::{Claim, Outcome, Outcomes, Scope};
use tollwatch::store::{Filter, Reading, Store};

use claims::{claim, reading};
use support::tollwatch;

/// Claims that an article prints.
const CLAIMS: usize = 4;
/// Articles that print the same claims.
const ARTICLES: usize = 20;
/// Long series of each kind.
const SERIES: usize = 250;
/// Seconds between two articles.
const BETWEEN: i64 = 600;
/// What a person waits for an answer, in milliseconds.
const MOST_MS: f64 = 100.0;

fn time(at: usize) -> Timestamp {
    Timestamp::from_second(1_600_000_000 + i64::try_from(at).unwrap() * BETWEEN).unwrap()
}

/// The claims that articles print in turn: a total, the losses of a day, and the tolls of two attacks.
fn block(number: usize) -> Vec<Claim> {
    let day = jiff::tz::Offset::UTC.to_datetime(time(number * ARTICLES)).date();
    let series = number % SERIES;
    (0..CLAIMS)
        .map(|kind| {
            let mut claim = claim(u64::try_from(10_007 + number * CLAIMS + kind).unwrap(), day);
            match kind {
                0 => claim.place = Some(format!("Front {series}")),
                1 => {
                    claim.place = Some(format!("Front {series}"));
                    (claim.scope, claim.since) = (Scope::Period, day.checked_sub(1.day()).ok());
                }
                _ => {
                    claim.outcomes = Outcomes::only(Outcome::Killed);
                    (claim.scope, claim.since) = (Scope::Incident, Some(day));
                    claim.place = Some(format!("Town {number} {kind}"));
                }
            }
            claim
        })
        .collect()
}

/// An article; each tenth one repeats a claim of long ago.
fn article(at: usize) -> Reading {
    let number = at / ARTICLES;
    let mut claims = block(number);
    if at.is_multiple_of(10) && number > 0 {
        claims.push(block(at.wrapping_mul(7_919) % number).remove(0));
    }
    let mut reading = reading(&format!("https://paper-{}.example/{number}", at % ARTICLES), at, claims);
    reading.source = tollwatch::model::SourceId::new(&format!("paper-{}", at % ARTICLES)).unwrap();
    reading.article.published = Some(time(at));
    reading
}

/// Microseconds a sighting.
async fn record(store: &Store, articles: std::ops::Range<usize>) -> f64 {
    let begun = Instant::now();
    let all: Vec<usize> = articles.collect();
    let (mut took, mut sightings) = (0.0, 0);
    for batch in all.chunks(100) {
        let readings: Vec<Reading> = batch.iter().map(|at| article(*at)).collect();
        sightings += readings.iter().map(|reading| reading.claims.len()).sum::<usize>();
        let begun = Instant::now();
        store.record_articles(&readings, time(batch[0])).await.unwrap();
        took += begun.elapsed().as_secs_f64();
    }
    eprintln!("  {} articles, {sightings} sightings, {:.0} s", all.len(), begun.elapsed().as_secs_f64());
    took * 1e6 / sightings as f64
}

/// What running the program took: the middle of five runs in milliseconds, the most memory of the last one in MB.
struct Took {
    ms: f64,
    mb: f64,
    lines: usize,
}

fn run(config: &Path, arguments: &[&str], runs: usize) -> Took {
    let mut times = Vec::new();
    let (mut peak_kb, mut lines) = (0_u64, 0);
    for _ in 0..runs {
        let begun = Instant::now();
        let mut child = tollwatch(arguments)
            .arg("--config")
            .arg(config)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let (status, out) = (format!("/proc/{}/status", child.id()), child.stdout.take().unwrap());
        let reader = std::thread::spawn(move || std::io::BufReader::new(out).split(b'\n').count());
        let ended = loop {
            // The peak only ever grows, so that the last look before the end is what counts.
            let peak = std::fs::read_to_string(&status).ok().and_then(|text| {
                let line = text.lines().find(|line| line.starts_with("VmHWM:"))?.to_owned();
                line.split_whitespace().nth(1)?.parse::<u64>().ok()
            });
            peak_kb = peak_kb.max(peak.unwrap_or(0));
            if let Some(ended) = child.try_wait().unwrap() {
                break ended;
            }
            std::thread::sleep(std::time::Duration::from_micros(500));
        };
        times.push(begun.elapsed().as_secs_f64() * 1e3);
        lines = reader.join().unwrap();
        let mut stderr = String::new();
        child.stderr.take().unwrap().read_to_string(&mut stderr).unwrap();
        assert!(ended.success(), "{arguments:?}: {stderr}");
    }
    times.sort_by(f64::total_cmp);
    let took = Took { ms: times[times.len() / 2], mb: peak_kb as f64 / 1024.0, lines };
    eprintln!("{:>9.1} ms {:>6.1} MB {:>8} lines  {}", took.ms, took.mb, took.lines, arguments.join(" "));
    took
}

/// Fills a ledger, or goes on with one that is filled, and tells what a sighting costs in it.
async fn filled(file: &Path, wanted: usize) -> Option<(f64, f64)> {
    let store = Store::open(&format!("sqlite://{}", file.display())).await.unwrap();
    let (few, some) = (10_000 / CLAIMS, 1_000);
    let many = wanted / CLAIMS;
    let is_new = store.last_change().await.unwrap() == 0;
    let costs = if is_new {
        for source in 0..ARTICLES {
            let id = tollwatch::model::SourceId::new(&format!("paper-{source}")).unwrap();
            store.record_poll(&id, &tollwatch::model::SourceState::default(), None, time(0)).await.unwrap();
        }
        record(&store, 0..few).await;
        let early = record(&store, few..few + some).await;
        record(&store, few + some..many).await;
        Some((early, record(&store, many..many + some).await))
    } else {
        None
    };
    store.close().await;
    costs
}

#[test]
#[ignore = "takes minutes and gigabytes; it is run when the store changes"]
fn a_million_sightings_answer_as_quickly_as_ten_thousand() {
    let wanted: usize = std::env::var("TOLLWATCH_SIGHTINGS").ok().and_then(|n| n.parse().ok()).unwrap_or(1_000_000);
    let folder = tempfile::tempdir().unwrap();
    let file = std::env::var("TOLLWATCH_LEDGER").map_or_else(|_| folder.path().join("ledger.db"), PathBuf::from);
    std::fs::write(folder.path().join("tollwatch.toml"), format!("[store]\nurl = \"sqlite://{}\"\n", file.display()))
        .unwrap();
    let config = folder.path();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    let costs = runtime.block_on(filled(&file, wanted));
    let bytes = std::fs::metadata(&file).unwrap().len();
    eprintln!("{bytes} bytes, {} a sighting", bytes / u64::try_from(wanted).unwrap());

    let end = time(wanted / CLAIMS + 1_000);
    let since = end.checked_sub(24.hours()).unwrap().to_string();
    let newest = runtime.block_on(async {
        let store = Store::open(&format!("sqlite://{}", file.display())).await.unwrap();
        let newest = store.claims(&Filter { limit: Some(1), ..Filter::default() }).await.unwrap().remove(0);
        store.close().await;
        newest.id
    });
    run(config, &["--version"], 5);
    let bounded: [&[&str]; 7] = [
        &["claims", "--since", &since],
        &["claims", "--since", &since, "--json"],
        &["series"],
        &["series", "--since", &since],
        &["series", "--limit", "100", "--json"],
        &["show", newest.as_str()],
        &["log", "--since", &since],
    ];
    let slow: Vec<String> = bounded
        .iter()
        .map(|arguments| (arguments, run(config, arguments, 5)))
        .filter(|(_, took)| took.ms >= MOST_MS)
        .map(|(arguments, took)| format!("{} took {:.0} ms", arguments.join(" "), took.ms))
        .collect();
    let others: [&[&str]; 10] = [
        &["claims"],
        &["claims", "--party", "russia"],
        &["claims", "--source", "paper-3"],
        &["claims", "--grep", "10007"],
        &["series", "--json"],
        &["sources"],
        &["log", "--limit", "100"],
        &["log", "--event", "claim.step", "--limit", "10"],
        &["verify"],
        &["log"],
    ];
    for arguments in others {
        run(config, arguments, 1);
    }
    for format in ["csv", "jsonl", "sqlite"] {
        let out = folder.path().join(format!("export.{format}"));
        run(config, &["export", "--format", format, out.to_str().unwrap()], 1);
        eprintln!("  {} bytes", std::fs::metadata(&out).unwrap().len());
        std::fs::remove_file(&out).unwrap();
    }
    if let Some((early, late)) = costs {
        let more = (late / early - 1.0) * 100.0;
        eprintln!("a new sighting: {early:.0} µs at 10,000, {late:.0} µs at {wanted} ({more:+.0} %)");
        assert!(more <= 20.0, "{more:+.0} %");
    }
    assert!(slow.is_empty(), "{slow:?}");
}

/// A web archive: pages of 50 kB, and somewhere in it a film.
fn web_archive(file: &Path, bytes: u64) {
    use std::io::Write as _;
    let mut out = std::io::BufWriter::new(std::fs::File::create(file).unwrap());
    let (mut written, mut at, mut has_film) = (0_u64, 0_u64, false);
    while written < bytes {
        let total = 100_000 + at;
        let said = format!(
            "Russia has lost {total} troops in Ukraine since the beginning of its full-scale invasion, Ukraine's General Staff said on Thursday."
        );
        let filler = format!("<p>Paragraph {at} tells what else happened on that day, and nobody was hurt by it. It goes on for a while.</p>").repeat(450);
        let html = support::page("The war today", "2024-03-15T10:00:00Z", &said)
            .replace("</article>", &format!("{filler}</article>"));
        let answer = format!("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n{html}");
        let head = |length: usize| {
            format!(
                "WARC/1.0\r\nWARC-Type: response\r\nWARC-Date: 2024-03-17T08:00:00Z\r\nWARC-Target-URI: https://archive.example/{at}\r\nContent-Length: {length}\r\n\r\n"
            )
        };
        write!(out, "{}{answer}\r\n\r\n", head(answer.len())).unwrap();
        written += answer.len() as u64;
        if !has_film && written > bytes / 2 {
            let film = vec![b'x'; 300 << 20];
            out.write_all(head(film.len()).as_bytes()).unwrap();
            out.write_all(&film).unwrap();
            out.write_all(b"\r\n\r\n").unwrap();
            has_film = true;
        }
        at += 1;
    }
    out.flush().unwrap();
}

#[test]
#[ignore = "takes minutes; it is run when backfill changes"]
fn a_large_archive_is_read_in_little_memory() {
    let folder = tempfile::tempdir().unwrap();
    let ledger = folder.path().join("ledger.db");
    std::fs::write(folder.path().join("tollwatch.toml"), format!("[store]\nurl = \"sqlite://{}\"\n", ledger.display()))
        .unwrap();
    let archive = folder.path().join("crawl.warc");
    web_archive(&archive, 300 << 20);
    eprintln!("{} bytes", std::fs::metadata(&archive).unwrap().len());
    let took = run(folder.path(), &["backfill", archive.to_str().unwrap()], 1);
    assert!(took.mb < 150.0, "{} MB", took.mb);
}
