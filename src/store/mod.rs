//! The ledger on disk: articles, claims, sightings and changes, only ever added to; the state of sources beside them.

mod backup;
mod changes;
mod entries;
mod error;
mod ingest;
mod keeping;
mod log;
mod manners;
mod outputs;
mod place;
mod query;
mod retention;
mod rows;
mod sealed;
mod series;
mod sketches;
mod source;
mod sqlite;
mod standing;
mod verify;
mod work;

use std::sync::Arc;

use jiff::Timestamp;
use sqlx::SqlitePool;
use tokio::sync::Mutex;

use crate::model::{Article, Claim, ClaimId, ConflictId, EntryKey, Outcome, PartyId, SourceId};

pub use entries::Unread;
pub use error::StoreError;
pub use log::ChangeFilter;
pub use manners::{Hold, KeptRobots, MadeRequest};
pub use outputs::{KeyedChange, OutputState};
pub use query::ClaimPages;
pub use source::SourceRow;
pub use verify::{Finding, Verification};

/// A ledger. Cheap to clone; clones share it.
#[derive(Debug, Clone)]
pub struct Store {
    /// Reads, and writes what is on the disk when the commit returns.
    pool: SqlitePool,
    /// Writes what survives this process, and may be lost in a power cut: a commit does not wait for the disk. The
    /// next commit of `pool` takes it along, for both write the same log.
    light: SqlitePool,
    /// Who may write. SQLite lets its writers wait by chance; here the first to come is the first to write.
    turn: Arc<Mutex<()>>,
    path: String,
}

/// An article with what was found in it, to be recorded as a whole.
#[derive(Debug, Clone)]
pub struct Reading {
    /// The source whose feed led to it.
    pub source: SourceId,
    /// The entry of the feed, to be marked as seen.
    pub entry: Option<EntryKey>,
    /// The article; one without an address is not recorded.
    pub article: Article,
    /// The bytes it was read from.
    pub raw: Vec<u8>,
    /// The conflict it was read as; without one, its claims are not recorded.
    pub conflict: Option<ConflictId>,
    /// The claims found.
    pub claims: Vec<Claim>,
    /// When to read it again.
    pub reread: Option<Timestamp>,
    /// The page elsewhere that this one says it is a copy of.
    pub original: Option<url::Url>,
    /// The `ETag` to ask with when it is read again, byte for byte.
    pub etag: Option<Vec<u8>>,
    /// The `Last-Modified` to ask with, byte for byte.
    pub last_modified: Option<Vec<u8>>,
}

/// Which claims, series or changes to give.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filter {
    /// Of this conflict.
    pub conflict: Option<ConflictId>,
    /// About people of this side.
    pub party: Option<PartyId>,
    /// By this claimant: its id, or a part of its name in any case.
    pub claimant: Option<String>,
    /// With this outcome among theirs.
    pub outcome: Option<Outcome>,
    /// First read at or after.
    pub since: Option<Timestamp>,
    /// First read before.
    pub until: Option<Timestamp>,
    /// Printed by this source.
    pub source: Option<SourceId>,
    /// With this text in the quote, in any case.
    pub grep: Option<String>,
    /// At most so many, the newest.
    pub limit: Option<u32>,
}

/// An article that is due to be read again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reread {
    /// Its address.
    pub url: url::Url,
    /// When it says it was published.
    pub published: Option<Timestamp>,
    /// The `ETag` of its newest version, byte for byte.
    pub etag: Option<Vec<u8>>,
    /// The `Last-Modified` of its newest version, byte for byte.
    pub last_modified: Option<Vec<u8>>,
}

/// A claim by its id, or the ids that a prefix leaves open.
#[derive(Debug, Clone, PartialEq)]
pub enum Found {
    /// Exactly one claim.
    One(Box<crate::model::ClaimRecord>),
    /// None.
    Nothing,
    /// Several ids begin so.
    Many(Vec<ClaimId>),
}
