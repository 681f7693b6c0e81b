//! What stands inside an element → text, with markup kept as HTML.

use std::borrow::Cow;

use crate::feed::base64;
use crate::feed::cut;
use crate::feed::draft::LONGEST_LINE;
use crate::feed::markup::{Tag, Token, Tokens, starts_with};
use crate::feed::names::local;
use crate::feed::references::Entities;

/// The value of an element: text with references resolved, sections as they are, and elements that should have been
/// escaped, or need not be, as markup.
pub(super) fn value<'a>(tag: &Tag<'_>, inside: &'a str, entities: &Entities) -> Cow<'a, str> {
    if !inside.contains('<') && !is_markup(tag) {
        let binary = is_binary(tag).then(|| base64::decoded(inside)).flatten();
        return binary.map_or_else(|| entities.resolve(inside), Cow::Owned);
    }
    let mut out = String::with_capacity(inside.len());
    let mut tokens = Tokens::new(inside);
    let is_markup = is_markup(tag);
    while let Some(token) = tokens.next() {
        match token {
            // In markup, an escaped sign is still to be escaped.
            Token::Text(text) if is_markup => out.push_str(text),
            Token::Text(text) => out.push_str(&entities.resolve(text)),
            Token::CData(text) => out.push_str(text),
            Token::Open(_) | Token::Close(_) => out.push_str(tokens.source()),
            Token::Doctype(_) => {}
        }
    }
    Cow::Owned(out)
}

/// Whether an element says that what is in it is markup rather than escaped markup.
fn is_markup(tag: &Tag<'_>) -> bool {
    let kind = tag.attribute("type").unwrap_or_default();
    kind.eq_ignore_ascii_case("xhtml") || kind.eq_ignore_ascii_case("application/xhtml+xml")
}

/// Whether an element says that its text is encoded: Atom 0.3 by its mode, Atom 1.0 by a type that is no text.
fn is_binary(tag: &Tag<'_>) -> bool {
    let is_base64 = tag.attribute("mode").is_some_and(|mode| mode.eq_ignore_ascii_case("base64"));
    is_base64 || tag.attribute("type").is_some_and(|kind| starts_with(kind, "application/octet-stream"))
}

/// Where a link leads, and its rank: what is to be read goes before what is related; `None` if it leads to the feed or
/// to a file.
pub(super) fn link(tag: &Tag<'_>, text: &str, entities: &Entities) -> Option<(String, u8)> {
    let href = tag.attribute("href").map(|href| entities.resolve(cut(href, LONGEST_LINE)).into_owned());
    let href = href.unwrap_or_else(|| text.trim().to_owned());
    let kind = tag.attribute("type").unwrap_or("text/html");
    let rank = match tag.attribute("rel").unwrap_or("alternate").to_ascii_lowercase().as_str() {
        "alternate" | "" if kind.contains("html") => 1,
        "alternate" | "" => 2,
        "via" | "related" => 5,
        _ => return None,
    };
    Some((href, rank))
}

/// Who wrote it: the names of an Atom author, or the name behind the address of an RSS author.
pub(super) fn author(inside: &str, entities: &Entities) -> String {
    if let Some(name) = child(inside, "name") {
        return entities.resolve(name).trim().to_owned();
    }
    let text = child(inside, "email").unwrap_or(inside);
    let text = Tokens::new(text).fold(String::new(), |mut text, token| {
        match token {
            Token::Text(part) => text.push_str(&entities.resolve(part)),
            Token::CData(part) => text.push_str(part),
            Token::Open(_) | Token::Close(_) | Token::Doctype(_) => {}
        }
        text
    });
    let name = text.split_once('(').filter(|(address, _)| address.contains('@'));
    let name = name.and_then(|(_, name)| name.split_once(')')).map(|(name, _)| name.trim().to_owned());
    name.filter(|name| !name.is_empty()).unwrap_or_else(|| text.trim().to_owned())
}

/// The source inside the first element of this name.
fn child<'a>(inside: &'a str, name: &str) -> Option<&'a str> {
    let mut tokens = Tokens::new(inside);
    let is_it = |found: &str| local(found).eq_ignore_ascii_case(name);
    tokens.find(|token| matches!(token, Token::Open(tag) if is_it(tag.name)))?;
    let start = tokens.at();
    let end = tokens
        .find(|token| matches!(token, Token::Close(name) if is_it(name)))
        .map_or(inside.len(), |_| tokens.start());
    inside.get(start..end)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn first(source: &str) -> (Tag<'_>, &str) {
        let mut tokens = Tokens::new(source);
        let Some(Token::Open(tag)) = tokens.next() else { panic!("no tag: {source}") };
        let start = tokens.at();
        (tag, source.get(start..).unwrap())
    }

    fn read(source: &str) -> String {
        let (tag, inside) = first(source);
        value(&tag, inside, &Entities::default()).into_owned()
    }

    #[test]
    fn a_value_is_html_however_it_was_put_into_xml() {
        assert_eq!(read("<a>&lt;b&gt;1&lt;/b&gt; &amp;amp; 2"), "<b>1</b> &amp; 2");
        assert_eq!(read("<a><![CDATA[<b>1</b> &amp; 2]]>"), "<b>1</b> &amp; 2");
        assert_eq!(read("<a>НАТО: <b>1</b> &amp;amp; 2"), "НАТО: <b>1</b> &amp; 2");
        assert_eq!(read("<a type='xhtml'><b>1</b> &amp; &lt;2"), "<b>1</b> &amp; &lt;2");
    }

    #[test]
    fn the_article_is_linked_before_what_is_related() {
        let rank = |source| link(&first(source).0, "", &Entities::default());
        assert_eq!(rank("<link href='/a?b&amp;c'>"), Some(("/a?b&c".to_owned(), 1)));
        assert_eq!(rank("<link rel='alternate' type='text/html' href='/a'>").map(|(_, rank)| rank), Some(1));
        assert_eq!(rank("<link rel='self' href='/a'>"), None);
        assert_eq!(rank("<link rel='enclosure' href='/a.mp3'>"), None);
    }

    #[test]
    fn an_author_is_a_name_rather_than_an_address() {
        let read = |inside| author(inside, &Entities::default());
        assert_eq!(read("<name>J. &amp; D.</name><email>j@x.example</email>"), "J. & D.");
        assert_eq!(read("j@x.example (Jane Doe)"), "Jane Doe");
        assert_eq!(read("<![CDATA[Jane Doe]]>"), "Jane Doe");
        assert_eq!(read("Jane Doe (Kyiv)"), "Jane Doe (Kyiv)");
    }
}
