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
        "the ledger {path} has format {found}, this is tollwatch {} and knows formats up to {known}: install {}",
        env!("CARGO_PKG_VERSION"),
        newer(needs.as_deref())
    )]
    NewerVersion {
        /// Where.
        path: String,
        /// The format of the file.
        found: i64,
        /// The newest format known.
        known: i64,
        /// The version of tollwatch that brought the format, if the ledger says it.
        needs: Option<String>,
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
    /// A copy cannot take the ledger's place.
    #[error("{path} cannot be restored: {what}")]
    Unfit {
        /// The copy.
        path: String,
        /// Why not.
        what: String,
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

fn newer(version: Option<&str>) -> String {
    version.map_or_else(
        || "a tollwatch at least as new as the one that wrote it".to_owned(),
        |version| format!("tollwatch {version} or newer"),
    )
}

impl StoreError {
    /// Whether only another version of the program can open the ledger: trying again is of no use.
    pub fn needs_newer_program(&self) -> bool {
        matches!(self, Self::NewerVersion { .. })
    }

    /// Whether it is one that room on the disk would cure.
    pub fn is_full(&self) -> bool {
        match self {
            Self::Database { source, .. } => primary_code(source) == Some(13),
            Self::UnknownStore { .. }
            | Self::Open { .. }
            | Self::Folder { .. }
            | Self::NewerVersion { .. }
            | Self::Damaged { .. }
            | Self::Unfit { .. }
            | Self::File { .. } => false,
        }
    }

    /// Whether trying again later may work: the database was busy or the disk full.
    pub fn is_transient(&self) -> bool {
        match self {
            Self::Database { source, .. } => {
                matches!(source, sqlx::Error::PoolTimedOut) || matches!(primary_code(source), Some(5 | 6 | 10 | 13))
            }
            Self::UnknownStore { .. }
            | Self::Open { .. }
            | Self::Folder { .. }
            | Self::NewerVersion { .. }
            | Self::Damaged { .. }
            | Self::Unfit { .. }
            | Self::File { .. } => false,
        }
    }
}

/// Whether somebody else has a lock on the database.
pub(super) fn is_locked(error: &sqlx::Error) -> bool {
    matches!(primary_code(error), Some(5 | 6))
}

/// SQLite's primary result code: 5 and 6 are locks, 10 is input and output, 13 is a full disk.
fn primary_code(error: &sqlx::Error) -> Option<i64> {
    let code = error.as_database_error()?.code()?.parse::<i64>().ok()?;
    Some(code & 0xff)
}
