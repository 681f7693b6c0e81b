//! HTML → plain text, for headlines and summaries: markup out, references resolved, also where they were escaped twice.

use crate::feed::markup::{Tag, Token, Tokens};
use crate::feed::references::resolve;

/// Elements that stand on lines of their own.
const BLOCKS: [&str; 31] = [
    "address",
    "article",
    "aside",
    "blockquote",
    "br",
    "dd",
    "div",
    "dl",
    "dt",
    "figcaption",
    "figure",
    "footer",
    "form",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "header",
    "hr",
    "li",
    "main",
    "ol",
    "p",
    "pre",
    "section",
    "table",
    "td",
    "tr",
    "ul",
];

/// Elements within a line, or without one.
const INLINE: [&str; 79] = [
    "a", "abbr", "acronym", "applet", "area", "audio", "b", "base", "bdi", "bdo", "big", "blink", "body", "button",
    "canvas", "caption", "center", "cite", "code", "col", "colgroup", "data", "del", "details", "dfn", "em", "embed",
    "fieldset", "font", "frame", "frameset", "head", "html", "i", "iframe", "img", "input", "ins", "kbd", "label",
    "legend", "link", "map", "mark", "marquee", "meta", "nav", "nobr", "object", "option", "param", "picture", "q",
    "rp", "rt", "ruby", "s", "samp", "select", "small", "source", "span", "strike", "strong", "sub", "summary", "sup",
    "tbody", "textarea", "tfoot", "th", "thead", "time", "title", "tt", "u", "var", "video", "wbr",
];

/// Elements whose content nobody reads.
const UNREAD: [&str; 5] = ["script", "style", "template", "noscript", "svg"];

/// A headline as plain text on one line. No-break spaces stay, because they hold numbers together.
pub fn plain(html: &str) -> String {
    let text = without_markup(html);
    text.split(|c: char| c.is_ascii_whitespace() || matches!(c, '\u{b}' | '\u{85}' | '\u{2028}' | '\u{2029}'))
        .filter(|word| !word.is_empty())
        .collect::<Vec<_>>()
        .join(" ")
}

/// Text without tags and with its references resolved, also when they were escaped twice. What stood in blocks of its
/// own stands on lines of its own, with a blank line between.
pub fn without_markup(html: &str) -> String {
    let once = stripped(html);
    // What is still escaped was escaped twice; a third time would be text about markup.
    if once.contains('&') || Tokens::new(&once).any(|token| matches!(&token, Token::Open(tag) if is_html(tag))) {
        return stripped(&once);
    }
    once
}

fn stripped(html: &str) -> String {
    let mut out = String::with_capacity(html.len());
    let mut unread: Option<&str> = None;
    let mut tokens = Tokens::new(html);
    while let Some(token) = tokens.next() {
        match token {
            Token::Close(name) if unread.is_some_and(|open| open.eq_ignore_ascii_case(name)) => unread = None,
            _ if unread.is_some() => {}
            Token::Text(text) | Token::CData(text) => out.push_str(&resolve(text)),
            Token::Open(tag) if is_in(&UNREAD, tag.name) => unread = (!tag.is_empty).then_some(tag.name),
            Token::Open(tag) if is_in(&BLOCKS, tag.name) => break_line(&mut out, tag.name),
            // “<Unknown> fighters” is no markup.
            Token::Open(tag) if !is_html(&tag) => out.push_str(&resolve(tokens.source())),
            Token::Close(name) if is_in(&BLOCKS, name) => break_line(&mut out, name),
            Token::Open(_) | Token::Close(_) | Token::Doctype(_) => {}
        }
    }
    out.truncate(out.trim_end().len());
    out
}

/// Whether this is markup rather than a word in angle brackets.
fn is_html(tag: &Tag<'_>) -> bool {
    let has_values = || tag.attributes().any(|(_, value)| !value.is_empty());
    tag.is_empty || tag.name.contains([':', '-']) || is_known(tag.name) || has_values()
}

/// Whether HTML has an element of this name.
pub(super) fn is_known(name: &str) -> bool {
    is_in(&BLOCKS, name) || is_in(&INLINE, name) || is_in(&UNREAD, name)
}

fn is_in(names: &[&str], name: &str) -> bool {
    names.iter().any(|known| known.eq_ignore_ascii_case(name))
}

/// Ends a line, or a paragraph, that has anything in it.
fn break_line(out: &mut String, name: &str) {
    out.truncate(out.trim_end_matches([' ', '\t', '\r', '\n']).len());
    if !out.is_empty() {
        out.push_str(if name.eq_ignore_ascii_case("br") { "\n" } else { "\n\n" });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_headline_is_one_line_of_plain_text() {
        assert_eq!(plain(" НАТО:\n <b>7&nbsp;000</b> убитих "), "НАТО: 7\u{a0}000 убитих");
        assert_eq!(plain("<p>One</p><p>Two<br/>three</p>"), "One Two three");
        assert_eq!(plain("<![CDATA[7,000]]> dead<script>a < b</script>"), "7,000 dead");
    }

    #[test]
    fn what_was_escaped_twice_is_read_too() {
        assert_eq!(plain("NATO &amp;quot;7,000&amp;quot; &amp;amp; more"), "NATO \"7,000\" & more");
        assert_eq!(plain("&lt;b&gt;7,000&lt;/b&gt; dead"), "7,000 dead");
    }

    #[test]
    fn what_only_looks_like_markup_stays() {
        assert_eq!(plain("5 < 6 & <Unknown> fighters, R&D"), "5 < 6 & <Unknown> fighters, R&D");
    }

    #[test]
    fn blocks_become_paragraphs() {
        assert_eq!(without_markup("<div><p>One. </p>\n<p>Two.<br>Three.</p></div>"), "One.\n\nTwo.\nThree.");
    }
}
