//! JSON Feed (versions 1 and 1.1), read leniently: one bad field spoils no item.

use serde_json::{Map, Value};
use url::Url;

use crate::dates::date;
use crate::feed::entry::{key, once, plain};
use crate::feed::{Feed, FeedError, MOST_ENTRIES};
use crate::model::FeedEntry;

pub(super) fn read(text: &str, base: &Url) -> Result<Feed, FeedError> {
    let value: Value = serde_json::from_str(text).map_err(|error| FeedError::Broken { reason: error.to_string() })?;
    let not_a_feed = FeedError::NotAFeed { found: "some other JSON" };
    let Some(items) = value.get("items").and_then(Value::as_array) else { return Err(not_a_feed) };
    let mut feed = Feed {
        title: value.get("title").and_then(Value::as_str).map(plain),
        entries: items.iter().filter_map(Value::as_object).take(MOST_ENTRIES).map(|item| entry(item, base)).collect(),
        ..Feed::default()
    };
    once(&mut feed.entries);
    Ok(feed)
}

fn entry(item: &Map<String, Value>, base: &Url) -> FeedEntry {
    let text = |name: &str| item.get(name).and_then(Value::as_str).map(ToOwned::to_owned);
    let link = text("url").or_else(|| text("external_url")).and_then(|url| base.join(url.trim()).ok());
    let title = text("title").map(|title| plain(&title)).unwrap_or_default();
    let published = text("date_published").as_deref().and_then(date);
    let id = item.get("id").map(|id| id.as_str().map_or_else(|| id.to_string(), ToOwned::to_owned));
    let author = item.get("authors").and_then(|authors| authors.get(0)).or_else(|| item.get("author"));
    FeedEntry {
        key: key(id.as_deref().filter(|id| !id.is_empty()), link.as_ref(), &title, published),
        link,
        title,
        published,
        updated: text("date_modified").as_deref().and_then(date),
        published_raw: text("date_published"),
        summary: text("summary"),
        content: text("content_html").or_else(|| text("content_text")),
        author: author.and_then(|author| author.get("name")).and_then(Value::as_str).map(ToOwned::to_owned),
    }
}
