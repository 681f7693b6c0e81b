//! One article: fetched, read, its claims recorded.

use std::time::Duration;

use jiff::Timestamp;
use jiff::tz::Offset;
use tracing::warn;
use url::Url;

use crate::extract::{Document, Extraction, Extractor};
use crate::feed;
use crate::fetch::{Body, FetchError, Purpose, Request, Response, Validators};
use crate::model::{Article, FeedEntry, Source};
use crate::poll::manners;
use crate::poll::{Report, World, off_the_workers};
use crate::schedule::{later, wait_after_failure};
use crate::scrape::{self, Page};
use crate::store::{Reading, Reread, StoreError, Unread};
use crate::view::LogEntry;

/// Shortest text that is worth reading instead of a page that cannot be had.
const SHORTEST: usize = 80;

/// How often a page is asked for that fails, over more than a day, before what the feed itself gives must do.
const MOST_TRIES: u32 = 8;

/// Whether an entry is done with, or why it is not.
pub(super) enum Read {
    Done,
    Later(FetchError),
}

/// Reads the article of an entry, after `failures` tries that failed. A page that cannot be had for good is replaced by
/// what the feed itself gives.
pub(super) async fn read_entry(
    world: &World,
    source: &Source,
    entry: &FeedEntry,
    failures: u32,
    now: Timestamp,
    report: &mut Report,
) -> Result<Read, StoreError> {
    let Some(link) = &entry.link else {
        world.store.mark_seen(&source.id, &entry.key, now).await?;
        return Ok(Read::Done);
    };
    let reading = match fetch(world, source, link, Validators::default(), "article", now).await? {
        Ok(Some(body)) => page_reading(world, source, Some(entry), body, now).await,
        Err(error) if error.is_transient() && failures + 1 < MOST_TRIES => {
            report.skipped += 1;
            warn!(event = "article.skipped", source = source.id.as_str(), url = link.as_str(), reason = %error, "will be tried again");
            // What was not asked for did not fail.
            if !error.is_before_asking() {
                put_off(world, source, entry, failures + 1, &error, now).await?;
            }
            return Ok(Read::Later(error));
        }
        Ok(None) => entry_reading(world, source, entry, link, now).await,
        Err(error) => {
            warn!(event = "article.skipped", source = source.id.as_str(), url = link.as_str(), reason = %error, "the feed's own text is read instead");
            entry_reading(world, source, entry, link, now).await
        }
    };
    if let Some(reading) = reading {
        record(world, reading, now, report).await?;
    } else {
        report.skipped += 1;
        world.store.mark_seen(&source.id, &entry.key, now).await?;
    }
    Ok(Read::Done)
}

/// Puts off the next try, longer each time.
async fn put_off(
    world: &World,
    source: &Source,
    entry: &FeedEntry,
    failures: u32,
    error: &FetchError,
    now: Timestamp,
) -> Result<(), StoreError> {
    let interval = source.interval.unwrap_or(world.interval);
    let wait = wait_after_failure(interval, failures, error.retry_after(), false, world.max_interval, 0.0);
    let unread = Unread { failures, due: later(now, wait) };
    world.store.set_unread(&source.id, &entry.key, unread).await
}

/// Reads an article again that was read before. Tells why, if it could not be read for now.
pub(super) async fn reread(
    world: &World,
    source: &Source,
    due: &Reread,
    now: Timestamp,
    report: &mut Report,
) -> Result<Option<FetchError>, StoreError> {
    let validators = Validators { etag: due.etag.clone(), last_modified: due.last_modified.clone(), of: None };
    match fetch(world, source, &due.url, validators, "again", now).await? {
        Ok(None) => world.store.set_reread(&due.url, next_reread(world, due.published, now)).await?,
        Ok(Some(body)) => match page_reading(world, source, None, body, now).await {
            Some(mut reading) => {
                // What a page says of itself may change; the article is the one that was asked for.
                reading.article.url = Some(due.url.clone());
                reading.article.published = due.published.or(reading.article.published);
                reading.reread = next_reread(world, reading.article.published, now);
                record(world, reading, now, report).await?;
            }
            None => world.store.set_reread(&due.url, None).await?,
        },
        Err(error) if error.is_transient() => {
            world.store.set_reread(&due.url, another_try(world, due.published, now)).await?;
            return Ok(Some(error));
        }
        Err(FetchError::Status { status: status @ (404 | 410), .. }) => {
            warn!(
                event = "article.gone",
                source = source.id.as_str(),
                url = due.url.as_str(),
                status,
                "it withdraws nothing"
            );
            world.store.set_gone(&due.url, now).await?;
        }
        Err(_) => world.store.set_reread(&due.url, None).await?,
    }
    Ok(None)
}

/// A page, or nothing if it has not changed since the validators.
async fn fetch(
    world: &World,
    source: &Source,
    url: &Url,
    validators: Validators,
    reason: &str,
    now: Timestamp,
) -> Result<Result<Option<Box<Body>>, FetchError>, StoreError> {
    let request = Request {
        validators,
        checks_certificate: source.checks_certificate || url.host() != source.feed.host(),
        ..Request::new(url.clone(), Purpose::Article)
    };
    Ok(manners::get(world, source, request, reason, now).await?.map(|response| match response {
        Response::Full(body) => Some(body),
        Response::NotModified(_) => None,
    }))
}

async fn page_reading(
    world: &World,
    source: &Source,
    entry: Option<&FeedEntry>,
    body: Box<Body>,
    now: Timestamp,
) -> Option<Reading> {
    let (rules, extractor, owner, told) =
        (source.article.clone(), world.extractor.clone(), source.clone(), entry.cloned());
    let validators = body.validators.clone();
    let (raw, original, article, extraction) = off_the_workers(move || {
        let html = scrape::decode(&body.bytes, body.content_type.as_deref());
        let page = scrape::read(&html, Some(&body.url), rules.as_ref());
        let original = original(&page, &body.url);
        let article = completed(page, &body.url, &owner, told.as_ref(), now);
        let extraction = extract(&extractor, &article, &owner);
        (body.bytes, original, article, extraction)
    })
    .await?;
    if article.text.is_empty() && article.title.is_empty() {
        return None;
    }
    let reading = reading(world, source, entry, article, raw, extraction, now);
    Some(Reading { original, etag: validators.etag, last_modified: validators.last_modified, ..reading })
}

/// The page elsewhere that a page names as its original: an article of its own, of which this one is a copy.
fn original(page: &Page, asked: &Url) -> Option<Url> {
    page.article.url.clone().filter(|url| url.host_str() != asked.host_str())
}

/// What the feed itself gives, when the page cannot be had.
async fn entry_reading(
    world: &World,
    source: &Source,
    entry: &FeedEntry,
    link: &Url,
    now: Timestamp,
) -> Option<Reading> {
    let own = entry.content.as_deref().or(entry.summary.as_deref())?.to_owned();
    let text = feed::without_markup(&own);
    if text.trim().len() < SHORTEST {
        return None;
    }
    let article = Article {
        url: Some(link.clone()),
        title: entry.title.clone(),
        description: None,
        published: entry.published.or(Some(now)),
        modified: entry.updated,
        byline: entry.author.clone(),
        lang: source.lang.clone(),
        publisher: Some(source.name.clone()),
        text: text.trim().to_owned(),
    };
    let (extractor, owner) = (world.extractor.clone(), source.clone());
    let (article, extraction) = off_the_workers(move || {
        let extraction = extract(&extractor, &article, &owner);
        (article, extraction)
    })
    .await?;
    Some(reading(world, source, Some(entry), article, own.into_bytes(), extraction, now))
}

/// Fills in from the feed what the page does not say.
fn completed(page: Page, asked: &Url, source: &Source, entry: Option<&FeedEntry>, now: Timestamp) -> Article {
    let mut article = page.article;
    // A canonical address on another site belongs to the original of a copy, which is an article of its own.
    let same_site = |url: &Url| url.host_str() == asked.host_str() && url.port() == asked.port();
    article.url = article.url.filter(same_site).or_else(|| Some(untracked(asked)));
    if let Some(entry) = entry {
        if article.title.is_empty() {
            article.title.clone_from(&entry.title);
        }
        let summary = || entry.summary.as_deref().map(feed::plain).filter(|summary| !summary.is_empty());
        article.description = article.description.or_else(summary);
        article.published = article.published.or(entry.published);
        article.byline = article.byline.or_else(|| entry.author.clone());
    }
    // Without any date the day on which it was first seen must do.
    article.published =
        article.published.filter(|published| *published <= later(now, Duration::from_secs(2 * 86_400))).or(Some(now));
    article.lang = source.lang.clone().or(article.lang);
    article.publisher = Some(source.name.clone());
    article
}

/// An address without what only tells where the reader came from.
fn untracked(url: &Url) -> Url {
    const TRACKING: [&str; 7] = ["fbclid", "gclid", "yclid", "igshid", "mc_cid", "mc_eid", "cmpid"];
    let mut plain = url.clone();
    plain.set_fragment(None);
    let kept: Vec<(String, String)> = url
        .query_pairs()
        .filter(|(key, _)| !key.starts_with("utm_") && !TRACKING.contains(&key.as_ref()))
        .map(|(key, value)| (key.into_owned(), value.into_owned()))
        .collect();
    if kept.is_empty() {
        plain.set_query(None);
    } else if kept.len() < url.query_pairs().count() {
        plain.query_pairs_mut().clear().extend_pairs(kept);
    }
    plain
}

pub(super) fn extract(extractor: &Extractor, article: &Article, source: &Source) -> Extraction {
    let document = article.document();
    extractor.extract(&Document {
        text: &document,
        title: article.title.trim(),
        published: article.published.map(|published| Offset::UTC.to_datetime(published).date()),
        lang: article.lang.as_ref(),
        conflicts: &source.conflicts,
        publisher: article.publisher.as_deref(),
    })
}

fn reading(
    world: &World,
    source: &Source,
    entry: Option<&FeedEntry>,
    article: Article,
    raw: Vec<u8>,
    extraction: Extraction,
    now: Timestamp,
) -> Reading {
    let asks_for_world = source.conflicts.iter().any(|conflict| conflict.as_str() == "world");
    let conflict = extraction.conflict.filter(|conflict| conflict.as_str() != "world" || asks_for_world);
    Reading {
        source: source.id.clone(),
        entry: entry.map(|entry| entry.key.clone()),
        reread: next_reread(world, article.published, now),
        claims: if conflict.is_some() { extraction.claims } else { Vec::new() },
        article: Article { lang: extraction.lang.or(article.lang.clone()), ..article },
        raw,
        conflict,
        original: None,
        etag: None,
        last_modified: None,
    }
}

/// The next of the configured ages that an article has not reached yet.
fn next_reread(world: &World, published: Option<Timestamp>, now: Timestamp) -> Option<Timestamp> {
    let published = published?;
    world.reread.iter().map(|age| later(published, *age)).find(|due| *due > now)
}

/// When an article is asked for again that could not be had: the older it is, the later, and none too often.
fn another_try(world: &World, published: Option<Timestamp>, now: Timestamp) -> Option<Timestamp> {
    let age = Duration::try_from(now.duration_since(published?)).unwrap_or_default();
    let last = world.reread.last()?;
    (age < *last * 2).then(|| later(now, world.interval.max(age / 6)))
}

async fn record(world: &World, reading: Reading, now: Timestamp, report: &mut Report) -> Result<(), StoreError> {
    let entries = world.store.record_article(&reading, now).await?;
    report.articles += 1;
    for entry in &entries {
        count(entry, report);
        (world.announce)(entry);
    }
    Ok(())
}

fn count(entry: &LogEntry, report: &mut Report) {
    match entry.event.as_str() {
        "claim.new" | "claim.step" => report.new_claims += 1,
        "claim.seen" | "claim.drift" => report.seen_claims += 1,
        _ => {}
    }
}
