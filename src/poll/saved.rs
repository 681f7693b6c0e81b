//! Saved articles, through the same pipeline as those of feeds.

use jiff::Timestamp;
use serde::Deserialize;
use url::Url;

use crate::extract::Extractor;
use crate::model::{Article, ConflictId, EntryKey, LangCode, Source};
use crate::poll::article::extract;
use crate::scrape;
use crate::store::Reading;

/// Longest first line of a text that may be its headline, in characters.
const LONGEST_TITLE: usize = 200;

/// How an article is saved.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// A page in HTML.
    Page,
    /// Plain text, the headline in its first line.
    Text,
    /// A JSON object with `text`, and as far as known `url, publisher, published, lang, conflict, title`.
    Json,
}

/// A saved article.
#[derive(Debug, Clone)]
pub struct Saved {
    /// What makes it the same article in the next run.
    pub key: EntryKey,
    /// Where it stood; of a file on disk its own address.
    pub url: Option<Url>,
    /// How it is saved.
    pub form: Form,
    /// The media type with which it was served.
    pub content_type: Option<String>,
    /// The bytes.
    pub bytes: Vec<u8>,
    /// When it was saved, as far as that is known.
    pub saved_at: Option<Moment>,
}

/// When an article was saved.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Moment {
    /// The path of the file or the record of the archive says it.
    Told(Timestamp),
    /// The file was last written then, which may be when it was copied.
    Written(Timestamp),
}

/// Where the day of publication came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dated {
    /// From the article.
    Itself,
    /// From the path of the file or the record of the archive.
    ByPlace,
    /// From the time at which the file was last written, for want of a better one.
    ByFile,
    /// From nowhere: nothing in it is resolved against a day.
    Not,
}

/// One line of articles.
#[derive(Debug, Deserialize)]
struct Line {
    text: String,
    url: Option<String>,
    publisher: Option<String>,
    published: Option<String>,
    lang: Option<String>,
    conflict: Option<String>,
    title: Option<String>,
}

/// Reads a saved article and finds its claims. What says that it was published after `latest` says nothing.
///
/// # Errors
///
/// If there is no article in it, in words.
pub fn read_saved(
    extractor: &Extractor,
    source: &Source,
    saved: Saved,
    latest: Timestamp,
) -> Result<(Reading, Dated), String> {
    let text = scrape::decode(&saved.bytes, saved.content_type.as_deref());
    let (mut article, conflict) = match saved.form {
        Form::Page => (scrape::read(&text, saved.url.as_ref(), source.article.as_ref()).article, None),
        Form::Text => (plain(&text), None),
        Form::Json => line(&text)?,
    };
    if article.text.trim().is_empty() {
        return Err("there is no text in it".to_owned());
    }
    article.url = article.url.or(saved.url);
    let own = article.published.filter(|published| *published <= latest);
    let (published, dated) = match (own, saved.saved_at) {
        (Some(own), _) => (Some(own), Dated::Itself),
        (None, Some(Moment::Told(time))) if time <= latest => (Some(time), Dated::ByPlace),
        (None, Some(Moment::Written(time))) if time <= latest => (Some(time), Dated::ByFile),
        (None, Some(_) | None) => (None, Dated::Not),
    };
    article.published = published;
    article.lang = article.lang.or_else(|| source.lang.clone());
    let owner =
        Source { conflicts: conflict.map_or_else(|| source.conflicts.clone(), |id| vec![id]), ..source.clone() };
    let extraction = extract(extractor, &article, &owner);
    let asks_for_world = owner.conflicts.iter().any(|conflict| conflict.as_str() == "world");
    let conflict = extraction.conflict.filter(|conflict| conflict.as_str() != "world" || asks_for_world);
    let reading = Reading {
        source: source.id.clone(),
        entry: Some(saved.key),
        claims: if conflict.is_some() { extraction.claims } else { Vec::new() },
        article: Article { lang: extraction.lang.or(article.lang.clone()), ..article },
        raw: saved.bytes,
        conflict,
        reread: None,
        original: None,
        etag: None,
        last_modified: None,
    };
    Ok((reading, dated))
}

fn plain(text: &str) -> Article {
    let text = text.trim();
    let (first, rest) = text.split_once('\n').unwrap_or((text, ""));
    // A first line that is a paragraph is no headline.
    let is_title =
        first.chars().count() <= LONGEST_TITLE && !first.trim_end().ends_with('.') && !rest.trim().is_empty();
    let (title, body) = if is_title { (first.trim(), rest.trim()) } else { ("", text) };
    bare(title, body)
}

fn bare(title: &str, text: &str) -> Article {
    Article {
        url: None,
        title: title.to_owned(),
        description: None,
        published: None,
        modified: None,
        byline: None,
        lang: None,
        publisher: None,
        text: text.to_owned(),
    }
}

fn line(text: &str) -> Result<(Article, Option<ConflictId>), String> {
    let line: Line = serde_json::from_str(text).map_err(|error| error.to_string())?;
    let title = line.title.as_deref().unwrap_or_default().trim();
    // A text that begins with its headline has it already.
    let title = if line.text.trim().starts_with(title) { "" } else { title };
    let article = Article {
        url: line.url.as_deref().and_then(|url| Url::parse(url).ok()),
        published: line.published.as_deref().and_then(crate::dates::date),
        lang: line.lang.as_deref().and_then(|lang| LangCode::new(lang).ok()),
        publisher: line.publisher,
        ..bare(title, line.text.trim())
    };
    Ok((article, line.conflict.as_deref().and_then(|id| ConflictId::new(id).ok())))
}
