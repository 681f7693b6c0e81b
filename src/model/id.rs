//! Identifiers: short names that people write in the configuration, and keys that the ledger computes.

use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::model::article::Digest;

/// A text that is no valid identifier.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("“{text}” is no id: use 1 to 64 of a-z, 0-9, “-” and “+”, starting with a letter or digit")]
pub struct InvalidId {
    /// What was written.
    pub text: String,
}

fn checked(text: &str) -> Result<Arc<str>, InvalidId> {
    let is_part = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '-' | '+');
    let starts_well = text.starts_with(|c: char| c.is_ascii_lowercase() || c.is_ascii_digit());
    if starts_well && text.len() <= 64 && text.chars().all(is_part) {
        Ok(Arc::from(text))
    } else {
        Err(InvalidId { text: text.to_owned() })
    }
}

macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(Arc<str>);

        impl $name {
            /// Checks and takes over an id.
            ///
            /// # Errors
            ///
            /// If it is empty, too long or has a character that an id may not have.
            pub fn new(text: &str) -> Result<Self, InvalidId> {
                checked(text).map(Self)
            }

            /// The id as written.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl FromStr for $name {
            type Err = InvalidId;
            fn from_str(text: &str) -> Result<Self, InvalidId> {
                Self::new(text)
            }
        }

        impl TryFrom<String> for $name {
            type Error = InvalidId;
            fn try_from(text: String) -> Result<Self, InvalidId> {
                Self::new(&text)
            }
        }

        impl From<$name> for String {
            fn from(id: $name) -> Self {
                id.0.as_ref().to_owned()
            }
        }
    };
}

id! {
    /// A feed in the configuration, such as `kyiv-independent`.
    SourceId
}
id! {
    /// A war, such as `russia-ukraine`; the name of its file in `config/conflicts`.
    ConflictId
}
id! {
    /// A side of a conflict or a country, such as `russia` or `north-korea`.
    PartyId
}
id! {
    /// A known office, person or list that states figures, such as `ua-general-staff`.
    ClaimantId
}
id! {
    /// Where changes go beside the log, such as `desk`.
    OutputId
}
id! {
    /// A language by its ISO 639-1 code, such as `uk`; the name of its file in `config/languages`.
    LangCode
}
id! {
    /// A claim: the hash of its identity, so that the same claim has the same id in every store.
    ClaimId
}
id! {
    /// One way of telling a claim: the hash of all that an article may say differently about it.
    TellingId
}
id! {
    /// A series of figures by one claimant about one thing: the hash of what they share.
    SeriesId
}

impl ClaimId {
    /// The first 64 bits of a digest, in hexadecimal.
    pub fn of_digest(digest: &Digest) -> Self {
        Self(digest.short())
    }
}

impl TellingId {
    /// The first 64 bits of a digest, in hexadecimal.
    pub fn of_digest(digest: &Digest) -> Self {
        Self(digest.short())
    }
}

impl SeriesId {
    /// The first 64 bits of a digest, in hexadecimal.
    pub fn of_digest(digest: &Digest) -> Self {
        Self(digest.short())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_lower_case_ascii() {
        assert!(PartyId::new("north-korea").is_ok());
        assert!(ClaimantId::new("mediazona+bbc-named").is_ok());
        for wrong in ["", "North", "a b", "-a", "é", &"a".repeat(65)] {
            assert!(PartyId::new(wrong).is_err(), "{wrong}");
        }
    }
}
