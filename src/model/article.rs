//! An article as it was read from a page or a feed.

use std::fmt;
use std::sync::Arc;

use jiff::Timestamp;
use sha2::{Digest as _, Sha256};
use url::Url;

use crate::model::id::LangCode;

/// One news text with what its page says about itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Article {
    /// Where it stands: the canonical address if the page names one, else the one that was asked for.
    pub url: Option<Url>,
    /// The headline, empty if there is none.
    pub title: String,
    /// The stand-first or summary, which often carries a toll that the body lacks.
    pub description: Option<String>,
    /// When it was published.
    pub published: Option<Timestamp>,
    /// When the page says it was last changed.
    pub modified: Option<Timestamp>,
    /// Who wrote it.
    pub byline: Option<String>,
    /// The language of the text.
    pub lang: Option<LangCode>,
    /// The outlet by its own name.
    pub publisher: Option<String>,
    /// The body, paragraphs separated by blank lines.
    pub text: String,
}

impl Article {
    /// The one text that is stored, hashed and quoted from: title, description and body, separated by blank lines. A
    /// description that the body repeats is left out.
    pub fn document(&self) -> String {
        let description = self.description.as_deref().map(str::trim).filter(|d| !d.is_empty());
        let description = description.filter(|d| !self.text.contains(*d) && *d != self.title.trim());
        let parts = [Some(self.title.trim()), description, Some(self.text.trim())];
        let parts: Vec<&str> = parts.into_iter().flatten().filter(|part| !part.is_empty()).collect();
        parts.join("\n\n")
    }
}

/// A SHA-256 digest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Digest([u8; 32]);

impl Digest {
    /// Of these bytes.
    pub fn of(bytes: &[u8]) -> Self {
        Self(Sha256::digest(bytes).into())
    }

    /// The first 64 bits as 16 hexadecimal digits.
    pub(super) fn short(&self) -> Arc<str> {
        self.to_string().chars().take(16).collect::<String>().into()
    }

    /// Takes over raw bytes, if they are as many as a digest has.
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        bytes.try_into().ok().map(Self)
    }

    /// The raw bytes.
    pub fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

/// As 64 hexadecimal digits.
impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_document_says_nothing_twice() {
        let article = Article {
            url: None,
            title: "Title".into(),
            description: Some("Body.".into()),
            published: None,
            modified: None,
            byline: None,
            lang: None,
            publisher: None,
            text: "Body.\n\nMore.".into(),
        };
        assert_eq!(article.document(), "Title\n\nBody.\n\nMore.");
        let with_lead = Article { description: Some("Lead.".into()), ..article };
        assert_eq!(with_lead.document(), "Title\n\nLead.\n\nBody.\n\nMore.");
    }

    #[test]
    fn a_digest_is_written_as_hexadecimal() {
        assert!(Digest::of(b"").to_string().starts_with("e3b0c442"));
    }
}
