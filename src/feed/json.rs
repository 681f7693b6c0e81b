//! JSON Feed (versions 1 and 1.1), read leniently: one bad field spoils no item, one bad item no feed.

use serde_json::{Map, Value};
use url::Url;

use crate::feed::channel::Channel;
use crate::feed::cut;
use crate::feed::document::Document;
use crate::feed::draft::{Draft, LONGEST_CONTENT, LONGEST_LINE, LONGEST_SUMMARY, address};
use crate::feed::{FeedError, Instead};

/// Most values that a document may have, each of which takes more memory than it takes bytes. Signs within texts count.
const MOST_VALUES: usize = 500_000;

/// Reads a feed that came from `base`.
///
/// # Errors
///
/// If it is no JSON, has more values than any feed, or no items.
pub(super) fn read(text: &str, base: &Url) -> Result<Document, FeedError> {
    if text.bytes().filter(|byte| matches!(byte, b',' | b'[' | b'{')).count() > MOST_VALUES {
        return Err(FeedError::Broken { reason: format!("it has more than {MOST_VALUES} values") });
    }
    let value: Value = serde_json::from_str(text).map_err(|error| FeedError::Broken { reason: error.to_string() })?;
    let Some(items) = value.get("items").and_then(Value::as_array) else {
        return Err(FeedError::NotAFeed { found: Instead::Json });
    };
    let items: Vec<_> =
        items.iter().filter_map(Value::as_object).filter_map(|item| draft(item).finished(base)).collect();
    let line = |name: &str| cut(value.get(name).and_then(Value::as_str).unwrap_or_default(), LONGEST_LINE);
    let address = |name: &str| Some(line(name)).filter(|text| !text.is_empty()).and_then(|text| address(text, base));
    let mut channel = Channel::default();
    (channel.site, channel.older) = (address("home_page_url"), address("next_url"));
    channel.title.offer(line("title"), 0);
    Ok(Document { channel, count: items.len(), items, is_cut: false })
}

fn draft(item: &Map<String, Value>) -> Draft {
    let text =
        |name: &str, longest: usize| item.get(name).and_then(Value::as_str).map_or("", |text| cut(text, longest));
    let line = |name: &str| text(name, LONGEST_LINE);
    let mut draft = Draft::default();
    draft.title.offer(line("title"), 0);
    draft.link.offer(line("url"), 0);
    draft.link.offer(line("external_url"), 1);
    draft.id.offer(&item.get("id").map(id).unwrap_or_default(), 0);
    draft.published.offer(line("date_published"), 0);
    draft.updated.offer(line("date_modified"), 0);
    draft.summary.offer(text("summary", LONGEST_SUMMARY), 0);
    draft.content.offer(text("content_html", LONGEST_CONTENT), 0);
    draft.content.offer(text("content_text", LONGEST_CONTENT), 1);
    draft.author.offer(author(item).unwrap_or_default(), 0);
    draft
}

/// An id, which many write as a number.
fn id(value: &Value) -> String {
    match value {
        Value::String(text) => cut(text, LONGEST_LINE).to_owned(),
        Value::Number(number) => number.to_string(),
        Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => String::new(),
    }
}

fn author(item: &Map<String, Value>) -> Option<&str> {
    let first = item.get("authors").and_then(|authors| authors.get(0)).or_else(|| item.get("author"))?;
    first.get("name").and_then(Value::as_str).map(|name| cut(name, LONGEST_LINE))
}
