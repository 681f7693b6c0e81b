//! The one outer shape of claims and changes: JSON, CSV rows, log lines.

mod claim;
mod csv;
mod log;
mod sanitise;

pub use claim::{ClaimView, SeriesView, StepView, claim_line};
pub use csv::{CLAIM_COLUMNS, SERIES_COLUMNS, claim_row, csv_line, series_row};
pub use log::LogEntry;
pub use sanitise::{safe_json, sanitised, shortened};
