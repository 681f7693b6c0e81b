//! What came instead of a feed, in words that tell an operator where to look.

use std::fmt;

use crate::feed::cut;
use crate::feed::markup::{Token, Tokens};
use crate::feed::text::{is_known, plain};

/// How much of a document is looked at.
const HEAD: usize = 64 * 1024;

/// What pages say that ask whether a reader is a robot: marks of the services that send them.
const CHALLENGES: [&str; 12] = [
    "just a moment...",
    "cf-challenge",
    "cf-browser-verification",
    "challenge-platform",
    "attention required! | cloudflare",
    "checking your browser",
    "ddos-guard",
    "captcha",
    "_incapsula_",
    "sucuri website firewall",
    "enable javascript and cookies",
    "access denied",
];

/// What came instead of a feed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Instead {
    /// A page that asks whether this is a robot, or turns it away.
    Challenge,
    /// A web page.
    Page {
        /// Its title, empty if it has none.
        title: String,
    },
    /// JSON that is no feed.
    Json,
    /// XML that is no feed.
    Xml {
        /// The name of its root.
        root: String,
    },
    /// Something without markup.
    Text,
}

impl fmt::Display for Instead {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Challenge => f.write_str("a page that asks whether this is a robot"),
            Self::Page { title } if title.is_empty() => f.write_str("a web page"),
            Self::Page { title } => write!(f, "a web page, “{title}”"),
            Self::Json => f.write_str("JSON of another kind"),
            Self::Xml { root } => write!(f, "XML of another kind, <{root}>"),
            Self::Text => f.write_str("plain text"),
        }
    }
}

impl Instead {
    /// What a text that is no feed seems to be.
    pub(super) fn of(text: &str) -> Self {
        let head = cut(text, HEAD);
        let Some(first) = first_tag(head) else { return Self::Text };
        if !is_page(head) && !is_known(first) {
            return Self::Xml { root: cut(first, 60).to_owned() };
        }
        let lower = head.to_lowercase();
        if CHALLENGES.iter().any(|mark| lower.contains(mark)) {
            return Self::Challenge;
        }
        Self::Page { title: title(head) }
    }
}

/// Whether a text is a web page: whether a page begins before anything does that is no HTML.
pub(super) fn is_page(text: &str) -> bool {
    let verdict = |token| match token {
        Token::Doctype(text) => text.trim().eq_ignore_ascii_case("doctype html").then_some(true),
        Token::Open(tag) if ["html", "head", "body"].iter().any(|html| tag.name.eq_ignore_ascii_case(html)) => {
            Some(true)
        }
        Token::Open(tag) => (!is_known(tag.name)).then_some(false),
        Token::Text(_) | Token::CData(_) | Token::Close(_) => None,
    };
    Tokens::new(cut(text, HEAD)).find_map(verdict).unwrap_or(false)
}

/// The name of the first element.
fn first_tag(head: &str) -> Option<&str> {
    Tokens::new(head).find_map(|token| match token {
        Token::Open(tag) => Some(tag.name),
        Token::Text(_) | Token::CData(_) | Token::Close(_) | Token::Doctype(_) => None,
    })
}

fn title(head: &str) -> String {
    let mut tokens = Tokens::new(head);
    let found = tokens.find(|token| matches!(token, Token::Open(tag) if tag.name.eq_ignore_ascii_case("title")));
    let inside = found.and_then(|_| tokens.next());
    match inside {
        Some(Token::Text(text)) => cut(&plain(text), 200).to_owned(),
        _ => String::new(),
    }
}
