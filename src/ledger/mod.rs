//! What does this claim change? Identity, series, drift, copies; no disk and no clock.

mod arrange;
mod copies;
mod identity;
mod increment;
mod settle;

pub use arrange::{Group, NEAR_DAYS, RETOLD_DAYS, Telling, arrange};
pub use copies::Sketch;
pub use identity::{Thread, claimant_key, day, number, stretch};
pub use increment::increment;
pub use settle::{Known, restated, reworded, series_of, step};
