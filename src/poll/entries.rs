//! The entries of a feed that were not read before, also those that only its older pages still have.

use std::collections::{HashMap, HashSet};

use jiff::Timestamp;
use tracing::warn;
use url::Url;

use crate::feed::{self, Feed};
use crate::fetch::{FetchError, Fetcher, Purpose, Request, Response};
use crate::model::{EntryKey, FeedEntry, Source};
use crate::poll::article::{self, Read};
use crate::poll::manners;
use crate::poll::{Report, World, off_the_workers};
use crate::store::StoreError;

/// Most new entries that one poll reads; what is left is read by the next.
const MOST_ENTRIES: usize = 200;
/// Most articles that one poll reads again.
const MOST_REREADS: u32 = 20;
/// Most older pages of a feed that one poll reads.
const MOST_PAGES: usize = 3;
/// Failures of a host after which a poll asks it for no more articles.
const MOST_FAILURES: u32 = 3;

/// An entry that was not read before, and all keys under which later polls may meet it.
struct New {
    entry: FeedEntry,
    keys: Vec<EntryKey>,
}

/// Reads the entries that were not read before. `url` is the address that answered. Tells whether none is left for the
/// next poll.
pub(super) async fn read_new(
    world: &World,
    source: &Source,
    feed: Feed,
    url: &Url,
    now: Timestamp,
    report: &mut Report,
) -> Result<bool, StoreError> {
    report.entries = feed.entries.len();
    let older = feed.older.clone();
    let (mut new, is_continued) = sifted(world, source, feed).await?;
    if !is_continued && world.store.has_entries(&source.id).await? {
        if new.is_empty() {
            warn!(event = "feed.empty", source = source.id.as_str(), "the feed has no entries any more");
        } else {
            new.extend(before(world, source, older, url, now).await?);
        }
    }
    // Feeds list the newest first; the ledger reads better in the order of events.
    new.reverse();
    let mut all_read = new.len() <= MOST_ENTRIES;
    let mut patience = Patience::default();
    for New { entry, keys } in new.into_iter().take(MOST_ENTRIES) {
        let unread = world.store.unread(&source.id, &entry.key).await?;
        let is_put_off = unread.is_some_and(|unread| unread.due > now);
        if is_put_off || entry.link.as_ref().is_some_and(|link| patience.is_over(link)) {
            all_read = false;
            continue;
        }
        let failures = unread.map_or(0, |unread| unread.failures);
        match article::read_entry(world, source, &entry, failures, now, report).await? {
            Read::Done => {
                for key in keys.iter().filter(|key| **key != entry.key) {
                    world.store.mark_seen(&source.id, key, now).await?;
                }
            }
            Read::Later(error) => {
                all_read = false;
                if let Some(link) = &entry.link {
                    patience.fail(link, &error);
                }
            }
        }
    }
    Ok(all_read)
}

/// Reads articles again that are due for it.
pub(super) async fn reread(
    world: &World,
    source: &Source,
    now: Timestamp,
    report: &mut Report,
) -> Result<(), StoreError> {
    let mut patience = Patience::default();
    for due in world.store.rereads(&source.id, now, MOST_REREADS).await? {
        if !patience.is_over(&due.url)
            && let Some(error) = article::reread(world, source, &due, now, report).await?
        {
            patience.fail(&due.url, &error);
        }
    }
    Ok(())
}

/// The entries that were not read before, in their order, and whether there was one that was.
async fn sifted(world: &World, source: &Source, feed: Feed) -> Result<(Vec<New>, bool), StoreError> {
    let keys = feed.keys();
    let flat: Vec<EntryKey> = keys.iter().flatten().cloned().collect();
    let mut seen = world.store.seen(&source.id, &flat).await?.into_iter();
    let mut new = Vec::new();
    let mut is_continued = false;
    for (entry, keys) in feed.entries.into_iter().zip(keys) {
        if seen.by_ref().take(keys.len()).fold(false, |any, one| any | one) {
            is_continued = true;
        } else {
            new.push(New { entry, keys });
        }
    }
    Ok((new, is_continued))
}

/// What older pages of a feed have that shows nothing of what it had at the last poll: page by page, until one does.
async fn before(
    world: &World,
    source: &Source,
    mut older: Option<Url>,
    url: &Url,
    now: Timestamp,
) -> Result<Vec<New>, StoreError> {
    let mut new = Vec::new();
    let mut asked = HashSet::from([url.clone()]);
    for _ in 0..MOST_PAGES {
        // A feed speaks for its own host only.
        let Some(page) = older.take().filter(|page| page.host() == url.host()) else { break };
        if !asked.insert(page.clone()) {
            break;
        }
        let Some(feed) = older_page(world, source, page, now).await? else { break };
        older.clone_from(&feed.older);
        let (more, is_continued) = sifted(world, source, feed).await?;
        new.extend(more);
        if is_continued {
            return Ok(new);
        }
    }
    let what = "the feed has nothing that it had at the last poll; entries may have been missed";
    warn!(event = "feed.gap", source = source.id.as_str(), pages = asked.len() - 1, "{what}");
    Ok(new)
}

async fn older_page(world: &World, source: &Source, url: Url, now: Timestamp) -> Result<Option<Feed>, StoreError> {
    let request = Request { checks_certificate: source.checks_certificate, ..Request::new(url, Purpose::Feed) };
    let Ok(Response::Full(body)) = manners::get(world, source, request, "older", now).await? else { return Ok(None) };
    let read = move || feed::read(&body.bytes, body.content_type.as_deref(), &body.url).ok();
    Ok(off_the_workers(read).await.flatten())
}

/// How often the hosts of articles failed in one poll: one that fails again and again is left alone until the next.
#[derive(Debug, Default)]
struct Patience {
    failures: HashMap<String, u32>,
}

impl Patience {
    fn is_over(&self, url: &Url) -> bool {
        self.failures.get(&Fetcher::host(url)).is_some_and(|failures| *failures >= MOST_FAILURES)
    }

    fn fail(&mut self, url: &Url, error: &FetchError) {
        let failures = self.failures.entry(Fetcher::host(url)).or_default();
        *failures += if error.is_before_asking() { MOST_FAILURES } else { 1 };
    }
}
