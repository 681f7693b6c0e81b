//! Where a web page says that its feeds are.

use url::Url;

use crate::feed::draft::address;
use crate::feed::markup::{Token, Tokens};
use crate::feed::references::resolve;

/// Most feeds that a page may name.
const MOST_FEEDS: usize = 50;

/// Types of feeds.
const TYPES: [&str; 6] = [
    "application/rss+xml",
    "application/atom+xml",
    "application/rdf+xml",
    "application/feed+json",
    "application/json",
    "text/xml",
];

/// The feeds that a page from `base` names with `<link rel="alternate">`, in its order, each once.
pub fn discover(html: &str, base: &Url) -> Vec<Url> {
    let mut base = base.clone();
    let mut feeds: Vec<Url> = Vec::new();
    for token in Tokens::new(html) {
        let Token::Open(tag) = token else { continue };
        let attribute = |name: &str| tag.attribute(name).map(resolve).unwrap_or_default();
        if tag.name.eq_ignore_ascii_case("base") {
            base = address(&attribute("href"), &base).unwrap_or(base);
        }
        let is_alternate = attribute("rel").split_ascii_whitespace().any(|rel| rel.eq_ignore_ascii_case("alternate"));
        let kind = attribute("type").trim().to_ascii_lowercase();
        if !tag.name.eq_ignore_ascii_case("link") || !is_alternate || !TYPES.iter().any(|feed| kind.starts_with(feed)) {
            continue;
        }
        if let Some(feed) = address(&attribute("href"), &base).filter(|feed| !feeds.contains(feed)) {
            feeds.push(feed);
        }
        if feeds.len() == MOST_FEEDS {
            break;
        }
    }
    feeds
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_names_its_feeds() {
        let page = "<head><base href='https://news.example/en/'><LINK REL='alternate' type=\"application/rss+xml; charset=utf-8\" href='rss?a=1&amp;b=2'>\
            <link rel='alternate' hreflang='de' href='/de'><link rel='alternate' type='application/atom+xml' href='/atom'>\
            <link rel='stylesheet' type='text/css' href='/x.css'><link rel='alternate' type='application/atom+xml' href='/atom'>";
        let feeds = discover(page, &Url::parse("https://other.example/").unwrap());
        let feeds: Vec<&str> = feeds.iter().map(Url::as_str).collect();
        assert_eq!(feeds, ["https://news.example/en/rss?a=1&b=2", "https://news.example/atom"]);
    }
}
