//! An article page → an article: what the page says about itself, and the text that belongs to the story.

mod blocks;
mod body;
mod filters;
mod head;
mod metadata;
mod nesting;
mod place;
mod prompt;
mod reader;
mod shape;
mod story;
mod structured;

use dom_query::Document;
use url::Url;

use crate::model::{Article, LangCode, Selectors};
use crate::scrape::body::Known;
use crate::scrape::head::Head;
use crate::scrape::reader::Smoothie;

pub use crate::feed::decode;

/// Largest page that is read, in bytes of text.
const LONGEST: usize = 3 << 20;

/// A page as read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page {
    /// The article.
    pub article: Article,
    /// How its text was found.
    pub method: Method,
    /// What was odd, for people.
    pub warnings: Vec<String>,
}

/// How the text of a page was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Method {
    /// By the selectors that the source configures.
    Rule,
    /// By the generic reader.
    Reader,
    /// In the page's structured data.
    Structured,
    /// By the densest run of paragraphs.
    Paragraphs,
    /// Not at all.
    Nothing,
}

/// Reads a page. Never fails and never panics: a page without a text gives an article without one. It recurses as deep
/// as the page is nested, at most 256 elements: call it where there are 8 MiB of stack.
pub fn read(html: &str, url: Option<&Url>, rules: Option<&Selectors>) -> Page {
    let mut warnings = Vec::new();
    let html = bounded(html, &mut warnings);
    let html = nesting::flattened(html, &mut warnings);
    let document = Document::from(html);
    let head = Head::of(&document);
    let structured = structured::read(&head.data);
    let mut article = metadata::read(&document, &head, &structured, url, rules);
    let known = Known {
        head: &head,
        structured: &structured,
        title: &article.title,
        description: article.description.as_deref(),
    };
    let body = body::read(&document, &known, rules, &Smoothie, &mut warnings);
    let method = body.method;
    article.text = body.text;
    article.description = body.stand_first.or(article.description);
    article.lang = language(&article).or(article.lang);
    Page { article, method, warnings }
}

fn bounded<'h>(html: &'h str, warnings: &mut Vec<String>) -> &'h str {
    if html.len() <= LONGEST {
        return html;
    }
    warnings.push(format!("only the first {LONGEST} bytes were read"));
    let mut end = LONGEST;
    while !html.is_char_boundary(end) {
        end -= 1;
    }
    html.get(..end).unwrap_or_default()
}

/// Codes of three letters, as the detector has them, with those of two letters.
const CODES: [(&str, &str); 12] = [
    ("eng", "en"),
    ("ukr", "uk"),
    ("rus", "ru"),
    ("deu", "de"),
    ("fra", "fr"),
    ("spa", "es"),
    ("ara", "ar"),
    ("heb", "he"),
    ("pol", "pl"),
    ("por", "pt"),
    ("ita", "it"),
    ("tur", "tr"),
];

/// The language of the text itself, where that is beyond doubt.
fn language(article: &Article) -> Option<LangCode> {
    let sample: String = article.text.chars().take(3_000).collect();
    let detected = whatlang::detect(&sample).filter(whatlang::Info::is_reliable)?;
    let three = detected.lang().code();
    let (_, code) = CODES.iter().find(|(known, _)| *known == three)?;
    LangCode::new(code).ok()
}

/// Runs third-party code so that a panic of it is a `None`.
fn guarded<T>(run: impl FnOnce() -> T) -> Option<T> {
    std::panic::catch_unwind(std::panic::AssertUnwindSafe(run)).ok()
}
