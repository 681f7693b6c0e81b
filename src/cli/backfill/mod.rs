//! `backfill`: saved articles through the same pipeline, with a progress bar, from where it was broken off.

mod files;
mod warc;

use std::path::Path;
use std::process::ExitCode;

use indicatif::{ProgressBar, ProgressStyle};
use jiff::SignedDuration;
use url::Url;

use crate::cli::arguments::{Arguments, BackfillOptions};
use crate::cli::extract::on_a_deep_stack;
use crate::cli::output::{Failure, TROUBLE, told};
use crate::cli::setup;
use crate::config::Config;
use crate::extract::Extractor;
use crate::model::{Source, SourceId};
use crate::poll::{Dated, Saved, read_saved};
use crate::store::{Reading, Store};

use files::{Next, walk};

/// Articles in one transaction.
const BATCH: usize = 64;
/// Bytes of articles in one transaction.
const BATCH_BYTES: usize = 16 << 20;
/// How far ahead of the clock an article may be published.
const AHEAD: SignedDuration = SignedDuration::from_hours(48);
/// Findings that are told one by one.
const MOST_TOLD: usize = 20;

/// What a run did.
#[derive(Default)]
struct Summary {
    read: usize,
    known: usize,
    new_claims: usize,
    seen_claims: usize,
    by_place: usize,
    by_file: usize,
    undated: usize,
    failed: usize,
    passed_over: usize,
}

struct Run<'a> {
    store: &'a Store,
    extractor: &'a Extractor,
    source: Source,
    bar: ProgressBar,
    summary: Summary,
}

pub(super) fn run(arguments: &Arguments, options: &BackfillOptions) -> Result<ExitCode, Failure> {
    let config = setup::config(arguments)?;
    let runtime = setup::runtime()?;
    runtime.block_on(async {
        let store = setup::store(&config).await?;
        let extractor = setup::extractor(&config);
        let (files, passed_over) = walk(&options.paths)?;
        let whole: u64 = files.iter().map(|file| file.bytes).sum();
        let style = ProgressStyle::with_template("{bar:30} {bytes}/{total_bytes} {elapsed} (still {eta}) {msg}");
        let bar = ProgressBar::new(whole).with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
        let source = source(&config, options)?;
        let summary = Summary { passed_over, ..Summary::default() };
        let mut run = Run { store: &store, extractor: &extractor, source, bar, summary };
        let mut done = 0;
        for file in &files {
            run.file(file, done).await?;
            done += file.bytes;
            run.bar.set_position(done);
        }
        run.bar.finish_and_clear();
        let summary = run.summary;
        store.close().await;
        told(&in_words(&summary));
        Ok(if summary.failed > 0 { ExitCode::from(TROUBLE) } else { ExitCode::SUCCESS })
    })
}

fn in_words(summary: &Summary) -> String {
    let Summary { read, known, new_claims, seen_claims, by_place, by_file, undated, failed, passed_over } = summary;
    format!(
        "{read} articles read, {known} read before · {new_claims} new claims, {seen_claims} known · dated by their path or archive: {by_place}, \
         only by the time of their file: {by_file}, without any date: {undated} · {failed} unreadable, {passed_over} files of other kinds passed over"
    )
}

/// The source under which the articles are recorded: a configured one, or one made for them.
fn source(config: &Config, options: &BackfillOptions) -> Result<Source, Failure> {
    let id = SourceId::new(&options.source).map_err(|error| Failure::plain(error.to_string(), 2))?;
    if let Some(source) = config.sources.iter().find(|source| source.id == id) {
        return Ok(source.clone());
    }
    let feed = Url::parse("about:blank").map_err(|error| Failure::plain(error.to_string(), 1))?;
    Ok(Source {
        name: id.to_string(),
        id,
        feed,
        lang: None,
        conflicts: Vec::new(),
        kind: "archive".to_owned(),
        enabled: false,
        interval: None,
        checks_certificate: true,
        article: None,
    })
}

impl Run<'_> {
    /// Reads a file, before which so many bytes were read.
    async fn file(&mut self, file: &files::File, before: u64) -> Result<(), Failure> {
        let (mut articles, read) = match file.articles() {
            Ok(opened) => opened,
            Err(reason) => {
                self.failed(&file.path, &reason);
                return Ok(());
            }
        };
        loop {
            let (mut batch, mut bytes, mut ended) = (Vec::new(), 0, false);
            while batch.len() < BATCH && bytes < BATCH_BYTES {
                match articles() {
                    Next::Article(saved) => {
                        bytes += saved.bytes.len();
                        batch.push(*saved);
                    }
                    Next::Unreadable(reason) => self.failed(&file.path, &reason),
                    Next::End => {
                        ended = true;
                        break;
                    }
                }
            }
            self.record(file, batch).await?;
            self.bar.set_position(before.saturating_add(read.get()));
            if ended {
                return Ok(());
            }
        }
    }

    async fn record(&mut self, file: &files::File, batch: Vec<Saved>) -> Result<(), Failure> {
        let keys: Vec<_> = batch.iter().map(|saved| saved.key.clone()).collect();
        let seen = self.store.seen(&self.source.id, &keys).await?;
        self.summary.known += seen.iter().filter(|seen| **seen).count();
        let fresh: Vec<Saved> = batch.into_iter().zip(seen).filter(|(_, seen)| !seen).map(|(saved, _)| saved).collect();
        if fresh.is_empty() {
            return Ok(());
        }
        let (extractor, source, now) = (self.extractor, &self.source, setup::clock());
        let latest = now.checked_add(AHEAD).unwrap_or(now);
        let read = on_a_deep_stack(|| {
            fresh.into_iter().map(|saved| read_saved(extractor, source, saved, latest)).collect::<Vec<_>>()
        })?;
        let mut readings: Vec<Reading> = Vec::with_capacity(read.len());
        for one in read {
            match one {
                Ok((reading, dated)) => {
                    self.summary.by_place += usize::from(dated == Dated::ByPlace);
                    self.summary.by_file += usize::from(dated == Dated::ByFile);
                    self.summary.undated += usize::from(dated == Dated::Not);
                    readings.push(reading);
                }
                Err(reason) => self.failed(&file.path, &reason),
            }
        }
        for entry in self.store.record_articles(&readings, now).await? {
            match entry.event.as_str() {
                "claim.new" | "claim.step" => self.summary.new_claims += 1,
                "claim.seen" | "claim.drift" => self.summary.seen_claims += 1,
                _ => {}
            }
        }
        self.summary.read += readings.len();
        self.bar.set_message(format!("{} articles, {} new claims", self.summary.read, self.summary.new_claims));
        Ok(())
    }

    fn failed(&mut self, path: &Path, reason: &str) {
        self.summary.failed += 1;
        if self.summary.failed <= MOST_TOLD {
            self.bar.suspend(|| told(&crate::view::sanitised(&format!("{}: {reason}", path.display()))));
        }
    }
}
