//! The words of the trade: types that carry meaning and no behaviour but their own.

mod article;
mod change;
mod claim;
mod conflict;
mod entry;
mod figure;
mod hints;
mod id;
mod outcome;
mod record;
mod secret;
mod source;

pub use article::{Article, Digest};
pub use change::{Change, Event, Level};
pub use claim::{Claim, Claimant, Quote, Scope, Victims, Wording};
pub use conflict::{Conflict, ConflictClaimant, Names, Party, PartyNames, Phase, Place};
pub use entry::{EntryKey, FeedEntry};
pub use figure::{Bounds, Figure};
pub use hints::{Hints, QuietHours};
pub use id::{ClaimId, ClaimantId, ConflictId, InvalidId, LangCode, OutputId, PartyId, SeriesId, SourceId, TellingId};
pub use outcome::{Outcome, Outcomes};
pub use record::{ClaimRecord, Series, SeriesPoint, Sighting, Status, Step};
pub use secret::{Secret, SecretSource};
pub use source::{Selectors, Source, SourceHealth, SourceState, Trouble};
