//! What the parser found → entries, with an identity of our own.

use std::collections::BTreeSet;
use std::time::Duration;

use jiff::Timestamp;
use url::Url;

use crate::feed::{Feed, MOST_ENTRIES};
use crate::model::{EntryKey, FeedEntry};

/// Query parameters that say where a reader came from, not what is read.
const TRACKING: [&str; 12] = [
    "utm_",
    "fbclid",
    "gclid",
    "yclid",
    "mc_cid",
    "mc_eid",
    "at_medium",
    "at_campaign",
    "cmpid",
    "ref",
    "from",
    "traffic_source",
];

pub(super) fn feed(found: feed_rs::model::Feed, base: &Url) -> Feed {
    let mut feed = Feed {
        title: found.title.map(|title| plain(&title.content)),
        ttl: found.ttl.filter(|minutes| *minutes > 0).map(|minutes| Duration::from_secs(u64::from(minutes) * 60)),
        entries: found.entries.into_iter().take(MOST_ENTRIES).map(|entry| one(entry, base)).collect(),
        notes: Vec::new(),
    };
    once(&mut feed.entries);
    feed
}

/// Leaves each entry in once.
pub(super) fn once(entries: &mut Vec<FeedEntry>) {
    let mut seen = BTreeSet::new();
    entries.retain(|entry| seen.insert(entry.key.clone()));
}

fn one(entry: feed_rs::model::Entry, base: &Url) -> FeedEntry {
    let alternate = entry.links.iter().find(|link| link.rel.as_deref().is_none_or(|rel| rel == "alternate"));
    let link = alternate
        .or(entry.links.first())
        .and_then(|link| base.join(link.href.trim()).ok())
        .filter(|url| matches!(url.scheme(), "http" | "https"));
    let title = entry.title.map(|title| plain(&title.content)).unwrap_or_default();
    let published = entry.published.and_then(time);
    // The parser is told to make up no ids, so that an empty one is none.
    let own = Some(entry.id.trim()).filter(|id| !id.is_empty());
    FeedEntry {
        key: key(own, link.as_ref(), &title, published),
        link,
        title,
        published,
        updated: entry.updated.and_then(time),
        published_raw: None,
        summary: entry.summary.map(|summary| summary.content),
        content: entry.content.and_then(|content| content.body),
        author: entry.authors.into_iter().next().and_then(|author| author.name).filter(|name| !name.is_empty()),
    }
}

fn time(time: chrono::DateTime<chrono::Utc>) -> Option<Timestamp> {
    Timestamp::from_second(time.timestamp()).ok()
}

/// An entry's own id, else its canonical link, else its title and date.
pub(super) fn key(own: Option<&str>, link: Option<&Url>, title: &str, published: Option<Timestamp>) -> EntryKey {
    let linked = || link.map(|link| format!("link {}", canonical(link)));
    let titled = || format!("title {title} {}", published.map(|time| time.to_string()).unwrap_or_default());
    EntryKey(own.map(|own| format!("id {own}")).or_else(linked).unwrap_or_else(titled))
}

/// An address without what does not change what is read: scheme, `www.`, fragment, tracking parameters.
pub fn canonical(url: &Url) -> String {
    let host = url.host_str().unwrap_or_default();
    let query: Vec<String> = url
        .query_pairs()
        .filter(|(name, _)| {
            !TRACKING
                .iter()
                .any(|tracking| name == *tracking || (tracking.ends_with('_') && name.starts_with(tracking)))
        })
        .map(|(name, value)| format!("{name}={value}"))
        .collect();
    let query = if query.is_empty() { String::new() } else { format!("?{}", query.join("&")) };
    format!("{}{}{query}", host.strip_prefix("www.").unwrap_or(host), url.path().trim_end_matches('/'))
}

/// A title as plain text on one line.
pub fn plain(text: &str) -> String {
    without_markup(text).split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Text without tags and with its references resolved, also when they were escaped twice; line breaks stay.
pub fn without_markup(text: &str) -> String {
    let mut text = text.to_owned();
    for _ in 0..2 {
        if !text.contains(['<', '&']) {
            break;
        }
        let fragment = scraper::Html::parse_fragment(&text);
        text = fragment.root_element().text().collect();
    }
    text
}
