//! Where elements end, also those that nobody closed.

use crate::feed::markup::{Tag, Token, Tokens};
use crate::feed::names::{Names, field, is_item, is_root};

/// How often an end is searched for in vain before elements that seem to have none are taken for empty. Each search
/// goes through the rest of an item, which may be the rest of the document.
const MOST_SEARCHES: usize = 8;

/// The tokens of a feed, element by element.
#[derive(Debug)]
pub(super) struct Elements<'a> {
    tokens: Tokens<'a>,
    searches: usize,
}

impl<'a> Iterator for Elements<'a> {
    type Item = Token<'a>;

    fn next(&mut self) -> Option<Token<'a>> {
        self.tokens.next()
    }
}

impl<'a> Elements<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Self { tokens: Tokens::new(text), searches: 0 }
    }

    /// The source inside the element that was just opened, behind which reading goes on. What belongs to a feed but not
    /// in there ends it too: for a line, the next field of its item.
    pub(super) fn inside(&mut self, tag: &Tag<'a>, is_line: bool, names: &Names) -> &'a str {
        let before = self.tokens.clone();
        let (inside, has_end) = self.end(tag, is_line, names);
        if has_end || is_line || self.searches >= MOST_SEARCHES {
            return inside;
        }
        // A text that nobody closed is read like a line.
        self.searches += 1;
        self.tokens = before;
        self.end(tag, true, names).0
    }

    /// Goes on behind the element that was just opened, or inside it if it has no end.
    pub(super) fn pass(&mut self, tag: &Tag<'a>, names: &Names) {
        if self.searches >= MOST_SEARCHES {
            return;
        }
        let before = self.tokens.clone();
        let (_, has_end) = self.end(tag, false, names);
        if !has_end {
            self.tokens = before;
            self.searches += 1;
        }
    }

    /// Goes to the end of an element; gives the source inside it and whether it has an end of its own.
    fn end(&mut self, tag: &Tag<'a>, is_line: bool, names: &Names) -> (&'a str, bool) {
        let start = self.tokens.at();
        if tag.is_empty {
            return ("", true);
        }
        let is_same = |name: &str| name.eq_ignore_ascii_case(tag.name);
        let mut depth: usize = 0;
        loop {
            let before = self.tokens.clone();
            let Some(token) = self.tokens.next() else { return (self.tokens.between(start, before.at()), false) };
            let end = self.tokens.start();
            let is_beyond = match token {
                Token::Close(name) if is_same(name) && depth == 0 => return (self.tokens.between(start, end), true),
                Token::Close(name) if is_same(name) => {
                    depth -= 1;
                    false
                }
                Token::Close(name) => is_item(name) || is_root(name),
                Token::Open(inner) if is_item(inner.name) => true,
                Token::Open(inner) => {
                    depth += usize::from(!inner.is_empty && is_same(inner.name));
                    is_line && is_field(&inner, names)
                }
                Token::Text(_) | Token::CData(_) | Token::Doctype(_) => false,
            };
            if is_beyond {
                self.tokens = before;
                return (self.tokens.between(start, end), false);
            }
        }
    }
}

fn is_field(tag: &Tag<'_>, names: &Names) -> bool {
    let (vocabulary, word) = names.word(tag.name);
    field(vocabulary, &word).is_some()
}
