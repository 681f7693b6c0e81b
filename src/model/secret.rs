//! A text that nobody but its user may read: it never shows itself.

use std::fmt;

/// A secret. Whatever prints it prints stars.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// Takes a text for a secret.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The text itself, for whoever must hand it on.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

impl fmt::Display for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

/// Where a secret comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SecretSource {
    /// It stands in the configuration itself.
    Here(Secret),
    /// systemd hands it over (`LoadCredential=`) under this name.
    Credential(String),
}

impl SecretSource {
    /// Reads `credential:NAME`; anything else is the secret itself.
    pub fn read(text: &str) -> Self {
        text.strip_prefix("credential:")
            .map_or_else(|| Self::Here(Secret::new(text)), |name| Self::Credential(name.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_shows_itself_to_nobody() {
        let source = SecretSource::read("http://me:hunter2@proxy:3128");
        assert!(!format!("{source:?}").contains("hunter2"));
        assert!(
            matches!(&source, SecretSource::Here(secret) if secret.expose().contains("hunter2") && !secret.to_string().contains("hunter2"))
        );
        assert_eq!(SecretSource::read("credential:proxy"), SecretSource::Credential("proxy".to_owned()));
    }
}
