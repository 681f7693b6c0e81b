//! Markup → tokens, for XML as well as for HTML. Never fails: what is no tag is text, and what is cut off ends with the
//! document. Every byte is looked at a bounded number of times.

use crate::feed::tag::{self, is_tag};

pub(super) use crate::feed::tag::Tag;

/// A piece of a document. Comments and processing instructions say nothing and are left out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Token<'a> {
    /// Text whose references are not resolved.
    Text(&'a str),
    /// Text that is what it is.
    CData(&'a str),
    /// The beginning of an element.
    Open(Tag<'a>),
    /// The end of the element of this name.
    Close(&'a str),
    /// What a document type says between `<!DOCTYPE` and `>`.
    Doctype(&'a str),
}

impl<'a> From<tag::Piece<'a>> for Token<'a> {
    fn from(piece: tag::Piece<'a>) -> Self {
        match piece {
            tag::Piece::Open(tag) => Self::Open(tag),
            tag::Piece::Close(name) => Self::Close(name),
        }
    }
}

/// The tokens of a text. A copy of it is a place to come back to.
#[derive(Debug, Clone)]
pub(super) struct Tokens<'a> {
    text: &'a str,
    /// Where the last token begins.
    start: usize,
    /// Where the next one does.
    at: usize,
    /// Whether the document type, of which there is one, is still to come.
    expects_doctype: bool,
    /// Set once a comment was found to have no end, so that no other is searched for one.
    has_open_comment: bool,
}

impl<'a> Tokens<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Self { text, start: 0, at: 0, expects_doctype: true, has_open_comment: false }
    }

    /// Where the last token begins, in bytes.
    pub(super) fn start(&self) -> usize {
        self.start
    }

    /// Where the last token ends, in bytes.
    pub(super) fn at(&self) -> usize {
        self.at
    }

    /// The source of the last token.
    pub(super) fn source(&self) -> &'a str {
        self.between(self.start, self.at)
    }

    /// The source between two places.
    pub(super) fn between(&self, start: usize, end: usize) -> &'a str {
        self.text.get(start..end).unwrap_or_default()
    }

    /// How long the thing at the beginning of `rest` is, and what it means.
    fn first(&mut self, rest: &'a str) -> (usize, Option<Token<'a>>) {
        if let Some(inner) = rest.strip_prefix("<![CDATA[") {
            let (text, length) = cdata(inner);
            ("<![CDATA[".len() + length, Some(Token::CData(text)))
        } else if let Some(length) = rest.strip_prefix("<!--").and_then(|inner| self.comment(inner)) {
            ("<!--".len() + length, None)
        } else if is_declaration(rest) {
            self.declaration(rest)
        } else if is_tag(rest) {
            let (length, piece) = tag::read(rest);
            (length, piece.map(Token::from))
        } else {
            let end = text_end(rest);
            (end, rest.get(..end).map(Token::Text))
        }
    }

    /// How long a comment is, if it has an end.
    fn comment(&mut self, inner: &str) -> Option<usize> {
        let end = if self.has_open_comment { None } else { inner.find("-->") };
        self.has_open_comment |= end.is_none();
        end.map(|end| end + "-->".len())
    }

    fn declaration(&mut self, rest: &'a str) -> (usize, Option<Token<'a>>) {
        let is_doctype = rest.get(..9).is_some_and(|start| start.eq_ignore_ascii_case("<!doctype"));
        let inner = rest.get(2..).unwrap_or_default();
        let mut end = inner.find(['<', '>']).unwrap_or(inner.len());
        if is_doctype && self.expects_doctype {
            self.expects_doctype = false;
            if inner.get(..end).is_some_and(|head| head.contains('[')) {
                end = subset_end(inner).unwrap_or(end);
            }
        }
        let length = 2 + end + usize::from(inner.get(end..).is_some_and(|rest| rest.starts_with('>')));
        (length, inner.get(..end).filter(|_| is_doctype).map(Token::Doctype))
    }
}

impl<'a> Iterator for Tokens<'a> {
    type Item = Token<'a>;

    fn next(&mut self) -> Option<Token<'a>> {
        loop {
            let rest = self.text.get(self.at..).filter(|rest| !rest.is_empty())?;
            self.start = self.at;
            let (length, token) = self.first(rest);
            self.at += length.max(1);
            if token.is_some() {
                return token;
            }
        }
    }
}

/// Whether a comment, a section, a document type or an instruction begins here.
fn is_declaration(rest: &str) -> bool {
    let is_start = |c: char| c.is_ascii_alphabetic() || matches!(c, '-' | '[' | '_');
    rest.strip_prefix("<!").or_else(|| rest.strip_prefix("<?")).is_some_and(|inner| inner.starts_with(is_start))
}

fn text_end(rest: &str) -> usize {
    let is_markup = |at: &usize| {
        let rest = rest.get(*at..).unwrap_or_default();
        is_tag(rest) || is_declaration(rest)
    };
    rest.match_indices('<').map(|(at, _)| at).filter(|at| *at > 0).find(is_markup).unwrap_or(rest.len())
}

/// The text of a CDATA section and the length to where the document goes on. The end of an item ends a section that
/// nobody closed.
fn cdata(inner: &str) -> (&str, usize) {
    let is_end = |at: &usize| {
        let here = inner.get(*at..).unwrap_or_default();
        here.starts_with("]]>") || starts_with(here, "</item>") || starts_with(here, "</entry>")
    };
    let end = inner.match_indices([']', '<']).map(|(at, _)| at).find(is_end).unwrap_or(inner.len());
    let rest = inner.get(end..).unwrap_or_default();
    (inner.get(..end).unwrap_or_default(), end + if rest.starts_with(']') { 3 } else { 0 })
}

/// Where a document type with declarations of its own ends.
fn subset_end(inner: &str) -> Option<usize> {
    let closes = |at: &usize| inner.get(at + 1..).is_some_and(|rest| rest.trim_start().starts_with('>'));
    let bracket = inner.match_indices(']').map(|(at, _)| at).find(closes)?;
    inner.get(bracket..)?.find('>').map(|more| bracket + more)
}

/// Whether a text begins with an ASCII word, whatever its case.
pub(super) fn starts_with(text: &str, word: &str) -> bool {
    text.get(..word.len()).is_some_and(|start| start.eq_ignore_ascii_case(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str) -> Vec<String> {
        let show = |token: Token<'_>| match token {
            Token::Text(text) => format!("text {text}"),
            Token::CData(text) => format!("cdata {text}"),
            Token::Close(name) => format!("close {name}"),
            Token::Doctype(text) => format!("doctype {text}"),
            Token::Open(tag) => {
                let attributes: Vec<_> = tag.attributes().map(|(name, value)| format!(" {name}={value}")).collect();
                format!("{} {}{}", if tag.is_empty { "empty" } else { "open" }, tag.name, attributes.concat())
            }
        };
        Tokens::new(text).map(show).collect()
    }

    #[test]
    fn attributes_are_read_however_they_are_written() {
        assert_eq!(shown("<a b=\"1\" c = '2' d=3 e f=http://x/>"), ["open a b=1 c=2 d=3 e= f=http://x/"]);
        assert_eq!(shown("<a b='>'/><c/>"), ["empty a b=>", "empty c"]);
    }

    #[test]
    fn a_sign_that_begins_no_tag_is_text() {
        assert_eq!(shown("1 < 2 <3 <b>x"), ["text 1 < 2 <3 ", "open b", "text x"]);
    }

    #[test]
    fn a_tag_within_quotes_is_none_unless_they_are_unbalanced() {
        assert_eq!(shown("<a b=\"1<br/>2\" c=''>d"), ["open a b=1<br/>2 c=", "text d"]);
        assert_eq!(shown("<a b=\"x><c d=\"y\">"), ["open a b=\"x>", "open c d=y"]);
        assert_eq!(shown("<a b=\"x><c>d</c>"), ["open a b=\"x>", "open c", "text d", "close c"]);
    }

    #[test]
    fn sections_comments_and_declarations_are_told_apart() {
        assert_eq!(shown("<?xml version='1.0'?><!-- <a> --><![CDATA[<b>]]>c"), ["cdata <b>", "text c"]);
        assert_eq!(
            shown("<!DOCTYPE rss [<!ENTITY a \">\"> ] ><rss>"),
            ["doctype DOCTYPE rss [<!ENTITY a \">\"> ] ", "open rss"]
        );
        assert_eq!(shown("<!-- never closed <a>"), ["open a"]);
    }

    #[test]
    fn an_item_ends_a_section_that_nobody_closed() {
        assert_eq!(shown("<![CDATA[a</item><item>"), ["cdata a", "close item", "open item"]);
    }

    #[test]
    fn a_tag_that_the_end_cuts_off_is_dropped() {
        assert_eq!(shown("a<b c=\"d"), ["text a"]);
    }
}
