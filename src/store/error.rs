//! What can go wrong with a ledger, and what to do about it.

use thiserror::Error;

/// A failure of the store. On any of them nothing of the operation was kept.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum StoreError {
    /// The address names no store that tollwatch knows.
    #[error("“{url}” is no store: write sqlite:///path/to/ledger.db")]
    UnknownStore {
        /// What was configured.
        url: String,
    },
    /// The file or its folder cannot be used.
    #[error(
        "cannot open the ledger {path}: check that the folder exists, that this user may write there, and that the file is a tollwatch ledger"
    )]
    Open {
        /// Where.
        path: String,
        /// Why.
        #[source]
        source: sqlx::Error,
    },
    /// The folder cannot be made.
    #[error(
        "cannot create the folder of the ledger {path}: create it and let this user write there, or set [store] url"
    )]
    Folder {
        /// Where.
        path: String,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// A newer tollwatch wrote it.
    #[error(
        "the ledger {path} has format {found}, this tollwatch knows formats up to {known}: use a tollwatch at least as new as the one that wrote it"
    )]
    NewerVersion {
        /// Where.
        path: String,
        /// The format of the file.
        found: i64,
        /// The newest format known.
        known: i64,
    },
    /// Something in it cannot be read back.
    #[error("the ledger {path} holds something unreadable: {what}; run `tollwatch verify`")]
    Damaged {
        /// Where.
        path: String,
        /// What.
        what: String,
    },
    /// The database failed.
    #[error("the ledger {path} failed")]
    Database {
        /// Where.
        path: String,
        /// Why.
        #[source]
        source: sqlx::Error,
    },
    /// A file beside the ledger failed.
    #[error("cannot write {path}")]
    File {
        /// Where.
        path: String,
        /// Why.
        #[source]
        source: std::io::Error,
    },
}

impl StoreError {
    /// Whether trying again later may work: the database was busy or the disk full.
    pub fn is_transient(&self) -> bool {
        match self {
            Self::Database { source, .. } => source.as_database_error().is_some_and(|error| {
                let code = error.code().and_then(|code| code.parse::<i64>().ok()).unwrap_or(0);
                matches!(code & 0xff, 5 | 6 | 10 | 13)
            }),
            Self::UnknownStore { .. }
            | Self::Open { .. }
            | Self::Folder { .. }
            | Self::NewerVersion { .. }
            | Self::Damaged { .. }
            | Self::File { .. } => false,
        }
    }
}
