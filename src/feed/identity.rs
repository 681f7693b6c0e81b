//! What makes an item the same item: its own id, else what it links to, else what it says and when.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use url::Url;

use crate::feed::MOST_ENTRIES;
use crate::feed::draft::Item;
use crate::model::{Digest, EntryKey, FeedEntry};

/// Query parameters that say where a reader came from, not what is read; a trailing `_` stands for all that begin so.
const TRACKING: [&str; 25] = [
    "utm_",
    "at_",
    "mtm_",
    "pk_",
    "fbclid",
    "gclid",
    "dclid",
    "yclid",
    "ysclid",
    "msclkid",
    "twclid",
    "igshid",
    "mc_cid",
    "mc_eid",
    "_openstat",
    "cmpid",
    "cmp",
    "emc",
    "ocid",
    "ncid",
    "smid",
    "maca",
    "ref",
    "ref_src",
    "traffic_source",
];

/// Query parameters that are made anew for each request, which leaves a link without identity.
const TOKENS: [&str; 8] =
    ["phpsessid", "jsessionid", "sessionid", "session_id", "token", "access_token", "nonce", "cachebuster"];

/// Longest part of a key that is kept as it is, in bytes.
const LONGEST_KEY: usize = 1024;

/// Gives items their keys and leaves each in once, in the order of the document.
pub(super) fn entries(mut items: Vec<Item>) -> Vec<FeedEntry> {
    newest(&mut items);
    let shared = shared_ids(&items);
    let (mut keys, mut seen) = (HashSet::new(), HashSet::new());
    let mut entries = Vec::with_capacity(items.len());
    for item in items {
        let key = key(&item, &shared);
        let is_new_key = keys.insert(key.clone());
        // A new id on what is otherwise the same is a new name for the same thing.
        let is_new_thing = item.link.as_ref().and_then(link_key).is_none_or(|link| seen.insert((link, content(&item))));
        if is_new_key && is_new_thing {
            entries.push(entry(item, key));
        }
    }
    entries
}

/// What an item says, apart from where and under which id.
fn content(item: &Item) -> Digest {
    let parts = [Some(&item.title), item.published_raw.as_ref(), item.summary.as_ref(), item.content.as_ref()];
    Digest::of(format!("{parts:?}").as_bytes())
}

/// Keeps the newest items in the order of the document; those without a date count as the oldest, the last ones first.
pub(super) fn newest(items: &mut Vec<Item>) {
    if items.len() <= MOST_ENTRIES {
        return;
    }
    let mut order: Vec<usize> = (0..items.len()).collect();
    order.sort_by_key(|at| std::cmp::Reverse(items.get(*at).and_then(Item::latest)));
    let kept: BTreeSet<usize> = order.into_iter().take(MOST_ENTRIES).collect();
    let mut at = 0..;
    items.retain(|_| at.next().is_some_and(|at| kept.contains(&at)));
}

/// Ids that several items with different links have: they name none of them.
fn shared_ids(items: &[Item]) -> BTreeSet<String> {
    let mut links = BTreeMap::new();
    let mut shared = BTreeSet::new();
    for item in items {
        let (Some(id), Some(link)) = (&item.id, &item.link) else { continue };
        let link = canonical(link);
        if links.entry(id.as_str()).or_insert_with(|| link.clone()) != &link {
            shared.insert(id.clone());
        }
    }
    shared
}

fn key(item: &Item, shared: &BTreeSet<String>) -> EntryKey {
    let own = item.id.as_deref().filter(|id| !shared.contains(*id));
    let linked = || item.link.as_ref().and_then(link_key);
    own.map(|id| EntryKey(bounded("id", &id_of(id)))).or_else(linked).unwrap_or_else(|| said(item))
}

/// The key of an entry without an id of its own: what it links to. `None` for a link that says nothing about what is
/// read: to the front page, or with a token made for the request.
pub(super) fn link_key(link: &Url) -> Option<EntryKey> {
    let has_token =
        link.path().contains(";jsessionid=") || link.query_pairs().any(|(name, _)| is_one_of(&TOKENS, &name));
    let is_front = link.path() == "/" && link.query().is_none();
    (!has_token && !is_front).then(|| EntryKey(bounded("link", &canonical(link))))
}

fn said(item: &Item) -> EntryKey {
    let when = item.published.map(|time| time.to_string());
    let when = when.or_else(|| item.published_raw.clone()).unwrap_or_default();
    let summary = || item.summary.clone().or_else(|| item.content.clone()).unwrap_or_default();
    let what = if item.title.is_empty() { summary() } else { item.title.clone() };
    EntryKey(bounded("title", &format!("{what} {when}")))
}

/// An id; if it is an address, whatever its scheme and way of counting visitors.
fn id_of(id: &str) -> String {
    let url = Url::parse(id).ok().filter(|url| matches!(url.scheme(), "http" | "https"));
    url.map_or_else(
        || id.to_owned(),
        |url| match url.fragment() {
            Some(fragment) => format!("{}#{fragment}", canonical(&url)),
            None => canonical(&url),
        },
    )
}

/// An address without what does not change what is read: scheme, `www.`, fragment, tracking parameters.
pub fn canonical(url: &Url) -> String {
    let host = url.host_str().unwrap_or_default();
    let port = url.port().map(|port| format!(":{port}")).unwrap_or_default();
    let wanted = |pair: &&str| !pair.is_empty() && !is_one_of(&TRACKING, pair.split('=').next().unwrap_or_default());
    let query: Vec<&str> = url.query().unwrap_or_default().split('&').filter(wanted).collect();
    let query = if query.is_empty() { String::new() } else { format!("?{}", query.join("&")) };
    format!("{}{port}{}{query}", host.strip_prefix("www.").unwrap_or(host), url.path().trim_end_matches('/'))
}

fn is_one_of(names: &[&str], name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    names.iter().any(|known| name == *known || (known.ends_with('_') && name.starts_with(known)))
}

/// A key of bounded length: what is too long is told apart by its digest.
fn bounded(kind: &str, text: &str) -> String {
    if text.len() <= LONGEST_KEY {
        return format!("{kind} {text}");
    }
    format!("{kind} {}", Digest::of(text.as_bytes()))
}

fn entry(item: Item, key: EntryKey) -> FeedEntry {
    FeedEntry {
        key,
        link: item.link,
        title: item.title,
        published: item.published,
        updated: item.updated,
        published_raw: item.published_raw,
        summary: item.summary,
        content: item.content,
        author: item.author,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::feed::draft::Draft;

    fn item(id: &str, link: &str, title: &str, date: &str) -> Item {
        let mut draft = Draft::default();
        draft.id.offer(id, 0);
        draft.link.offer(link, 0);
        draft.title.offer(title, 0);
        draft.published.offer(date, 0);
        draft.finished(&Url::parse("https://news.example/").unwrap()).unwrap()
    }

    fn keys(items: Vec<Item>) -> Vec<String> {
        entries(items).into_iter().map(|entry| entry.key.0).collect()
    }

    #[test]
    fn an_address_is_the_same_however_a_reader_came_there() {
        let one = |url| canonical(&Url::parse(url).unwrap());
        for url in [
            "https://www.News.example/a/?utm_source=rss&b=1&fbclid=x#top",
            "http://news.example/a?b=1",
            "https://news.example/a/?at_medium=RSS&b=1&at_campaign=KARANGA",
        ] {
            assert_eq!(one(url), "news.example/a?b=1", "{url}");
        }
        assert_ne!(one("http://news.example:81/a"), one("http://news.example/a"));
    }

    #[test]
    fn an_id_goes_before_a_link_and_a_link_before_a_title() {
        let keys = keys(vec![
            item("g1", "/1", "One", ""),
            item("https://www.news.example/2", "/b", "Two", ""),
            item("", "/3?utm_source=rss", "Three", ""),
            item("", "", "Four", "23 Mar 2022"),
        ]);
        assert_eq!(keys, ["id g1", "id news.example/2", "link news.example/3", "title Four 2022-03-23T00:00:00Z"]);
    }

    #[test]
    fn a_link_that_is_made_for_the_request_or_leads_to_the_front_page_is_no_identity() {
        let keys = keys(vec![
            item("", "/a?token=1f3", "One", ""),
            item("", "/", "Two", ""),
            item("", "/a;jsessionid=2", "Three", ""),
        ]);
        assert_eq!(keys, ["title One ", "title Two ", "title Three "]);
    }

    #[test]
    fn an_item_that_stands_twice_in_a_document_is_there_once() {
        assert_eq!(keys(vec![item("g", "/a", "One", ""), item("g", "/a", "One, edited", "")]), ["id g"]);
        assert_eq!(keys(vec![item("g1", "/a", "One", ""), item("g2", "/a#top", "One", "")]), ["id g1"]);
        assert_eq!(keys(vec![item("", "", "One", ""); 2]), ["title One "]);
    }

    #[test]
    fn an_id_that_everything_has_names_nothing() {
        assert_eq!(
            keys(vec![item("0", "/a", "One", ""), item("0", "/b", "Two", "")]),
            ["link news.example/a", "link news.example/b"]
        );
    }

    #[test]
    fn of_too_many_the_newest_stay_in_their_order() {
        let dated = |day: usize| item(&format!("g{day}"), "", "", &format!("20{:02}-01-{:02}", day / 28, day % 28 + 1));
        let mut items: Vec<Item> = (0..1_200).map(dated).collect();
        items.insert(0, item("undated", "", "", ""));
        newest(&mut items);
        let ids: Vec<&str> = items.iter().filter_map(|item| item.id.as_deref()).collect();
        assert_eq!((ids.len(), ids[0], ids[999]), (1_000, "g200", "g1199"));
    }

    #[test]
    fn a_long_id_becomes_a_short_key() {
        assert_eq!(keys(vec![item(&"x".repeat(3_000), "", "", "")])[0].len(), "id ".len() + 64);
    }
}
