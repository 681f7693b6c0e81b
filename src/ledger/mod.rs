//! What does this claim change? Identity, series, drift, edits, copies; no disk and no clock.

mod copies;
mod decide;
mod identity;

pub use copies::{COPY_DISTANCE, fingerprint, is_copy};
pub use decide::{Decision, Known, Verdict, decide, step};
pub use identity::{Thread, claimant_key};
