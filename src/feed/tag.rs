//! One tag: its name, its attributes, and where it ends.

/// How far behind a tag within quotes their end is searched for, in bytes.
const LONGEST_LOOK: usize = 1_000;

/// The beginning of an element.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Tag<'a> {
    /// The name with its prefix, as written.
    pub(super) name: &'a str,
    /// Whether it is an element without content: `<a/>`.
    pub(super) is_empty: bool,
    attributes: &'a str,
}

impl<'a> Tag<'a> {
    /// The raw value of the first attribute of this name, whatever its case.
    pub(super) fn attribute(&self, name: &str) -> Option<&'a str> {
        self.attributes().find(|(found, _)| found.eq_ignore_ascii_case(name)).map(|(_, value)| value)
    }

    /// Names and raw values, quoted or not.
    pub(super) fn attributes(&self) -> Attributes<'a> {
        Attributes { rest: self.attributes }
    }
}

/// The attributes of a tag.
#[derive(Debug, Clone)]
pub(super) struct Attributes<'a> {
    rest: &'a str,
}

impl<'a> Iterator for Attributes<'a> {
    type Item = (&'a str, &'a str);

    fn next(&mut self) -> Option<Self::Item> {
        let rest = self.rest.trim_start_matches(|c: char| c.is_whitespace() || matches!(c, '/' | '=' | '"' | '\''));
        if rest.is_empty() {
            return None;
        }
        let (name, rest) = split_where(rest, |c| c.is_whitespace() || matches!(c, '=' | '/'));
        let Some(value) = rest.trim_start().strip_prefix('=') else {
            self.rest = rest;
            return Some((name, ""));
        };
        let value = value.trim_start();
        let quote = value.chars().next().filter(|c| matches!(c, '"' | '\''));
        let (value, rest) = match quote {
            Some(quote) => value.get(1..).and_then(|value| value.split_once(quote)).unwrap_or((value, "")),
            None => split_where(value, char::is_whitespace),
        };
        self.rest = rest;
        Some((name, value))
    }
}

/// A tag of either kind.
#[derive(Debug)]
pub(super) enum Piece<'a> {
    Open(Tag<'a>),
    Close(&'a str),
}

/// Whether a tag begins here, rather than a sign for “less than”.
pub(super) fn is_tag(rest: &str) -> bool {
    let mut chars = rest.chars();
    let is_markup = chars.next() == Some('<');
    let first = match chars.next() {
        Some('/') => chars.next(),
        other => other,
    };
    is_markup && first.is_some_and(|c| c.is_ascii_alphabetic() || c == '_')
}

/// How long the tag at the beginning of `rest` is, and what it is.
pub(super) fn read(rest: &str) -> (usize, Option<Piece<'_>>) {
    let is_close = rest.starts_with("</");
    let inner = rest.get(if is_close { 2 } else { 1 }..).unwrap_or_default();
    let (name, rest_of_tag) =
        split_where(inner, |c| c.is_whitespace() || matches!(c, '/' | '>' | '<' | '=' | '"' | '\''));
    let name_end = rest.len() - rest_of_tag.len();
    let (end, next) = tag_end(rest_of_tag);
    if is_close {
        return (name_end + next, Some(Piece::Close(name)));
    }
    let attributes = rest_of_tag.get(..end).unwrap_or_default();
    let before = attributes.strip_suffix('/');
    // In `<a href=http://x/>` the stroke belongs to the address.
    let ends_value = |before: &str| {
        !before.contains('=') || before.ends_with(|c: char| c.is_whitespace() || matches!(c, '"' | '\''))
    };
    let tag = Tag { name, is_empty: before.is_some_and(ends_value), attributes };
    // A tag that the end of the document cuts off says nothing reliable.
    (name_end + next, (next > end || next < rest_of_tag.len()).then_some(Piece::Open(tag)))
}

/// Where the inside of a tag ends, and where what follows it begins. Another tag ends it too, and also between quotes
/// if they are unbalanced.
fn tag_end(text: &str) -> (usize, usize) {
    let mut from = 0;
    let mut previous = ' ';
    while let Some(c) = text.get(from..).and_then(|rest| rest.chars().next()) {
        match c {
            '>' => return (from, from + 1),
            '<' => return (from, from),
            '"' | '\'' if previous == '=' => match quoted(text.get(from + 1..).unwrap_or_default(), c) {
                Ok(length) => from += length + 1,
                Err(length) => return (from + 1 + length, from + 1 + length),
            },
            _ => {}
        }
        previous = if c.is_whitespace() { previous } else { c };
        from += c.len_utf8();
    }
    (text.len(), text.len())
}

/// How long a quoted value is; as an error, if its quotes are unbalanced, how far it is to the next tag. They are if
/// there is a tag in it and what follows it cannot follow a value.
fn quoted(text: &str, quote: char) -> Result<usize, usize> {
    let mut tag = None;
    for (at, c) in text.char_indices() {
        if c == quote {
            let rest = text.get(at + 1..).unwrap_or_default();
            let may_follow = rest.starts_with(|c: char| c.is_whitespace() || matches!(c, '/' | '>'));
            return tag.filter(|_| !may_follow).map_or(Ok(at), Err);
        }
        if c == '<' && tag.is_none() && is_tag(text.get(at..).unwrap_or_default()) {
            tag = Some(at);
        }
        if tag.is_some_and(|tag| at > tag + LONGEST_LOOK) {
            break;
        }
    }
    Err(tag.unwrap_or(text.len()))
}

fn split_where(text: &str, ends: impl Fn(char) -> bool) -> (&str, &str) {
    text.split_at(text.find(ends).unwrap_or(text.len()))
}
