//! Rows of comma-separated values with stable columns, which no spreadsheet takes for formulas.

use crate::model::{ClaimRecord, Series};
use crate::view::claim::{ClaimView, SeriesView};
use crate::view::sanitise::sanitised;

/// The columns of `claims --csv` and `export --format csv`; new ones are only ever added at the end.
pub const CLAIM_COLUMNS: [&str; 27] = [
    "id",
    "series",
    "conflict",
    "outcomes",
    "min",
    "max",
    "approx",
    "vague",
    "party",
    "victims",
    "group",
    "claimant",
    "claimant_id",
    "scope",
    "since",
    "as_of",
    "place",
    "quote",
    "rule",
    "confidence",
    "status",
    "url",
    "source",
    "publisher",
    "first_seen",
    "sightings",
    "independent",
];

/// The columns of `series --csv`; new ones are only ever added at the end.
pub const SERIES_COLUMNS: [&str; 17] = [
    "series",
    "conflict",
    "claimant",
    "party",
    "victims",
    "group",
    "outcomes",
    "scope",
    "place",
    "min",
    "max",
    "approx",
    "as_of",
    "claim",
    "points",
    "step_from",
    "step_difference",
];

/// The cells of a claim, in the order of `CLAIM_COLUMNS`.
pub fn claim_row(record: &ClaimRecord) -> Vec<String> {
    let view = ClaimView::from(record);
    vec![
        shown(view.id),
        shown(view.series),
        shown(view.conflict),
        view.outcomes.join("+"),
        shown(view.min),
        shown(view.max),
        view.approx.to_string(),
        view.vague.to_string(),
        shown(view.party),
        view.victims.to_owned(),
        shown(view.group),
        shown(view.claimant),
        shown(view.claimant_id),
        view.scope.to_owned(),
        shown(view.since),
        shown(view.as_of),
        shown(view.place),
        view.quote.to_owned(),
        view.rule.to_owned(),
        format!("{:.2}", view.confidence),
        shown(view.status),
        shown(view.url),
        shown(view.source),
        shown(view.publisher),
        shown(view.first_seen),
        shown(view.sightings),
        shown(view.independent),
    ]
}

/// The cells of a series, in the order of `SERIES_COLUMNS`.
pub fn series_row(series: &Series) -> Vec<String> {
    let view = SeriesView::from(series);
    let step = view.step.as_ref();
    vec![
        view.series.to_owned(),
        view.conflict.to_owned(),
        shown(view.claimant),
        shown(view.party),
        view.victims.to_owned(),
        shown(view.group),
        view.outcomes.join("+"),
        view.scope.to_owned(),
        shown(view.place),
        shown(view.min),
        shown(view.max),
        view.approx.to_string(),
        shown(view.as_of),
        shown(view.claim),
        view.points.to_string(),
        shown(step.and_then(|step| step.from_min.or(step.from_max))),
        shown(step.map(|step| step.difference)),
    ]
}

fn shown<T: std::fmt::Display>(value: Option<T>) -> String {
    value.map(|value| value.to_string()).unwrap_or_default()
}

/// One line of CSV (RFC 4180) with its line end. A text cell that a spreadsheet would read as a formula gets a leading
/// apostrophe; numbers stay numbers.
pub fn csv_line<S: AsRef<str>>(cells: &[S]) -> String {
    let cells: Vec<String> = cells.iter().map(|cell| csv_cell(cell.as_ref())).collect();
    format!("{}\r\n", cells.join(","))
}

fn csv_cell(cell: &str) -> String {
    let cell = sanitised(cell);
    let is_number = cell.parse::<f64>().is_ok();
    let is_formula =
        !is_number && cell.starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '\0', '＝', '＋', '－', '＠']);
    let cell = if is_formula { format!("'{cell}") } else { cell };
    if cell.contains([',', '"', '\n', '\r']) { format!("\"{}\"", cell.replace('"', "\"\"")) } else { cell }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_spreadsheet_sees_no_formula() {
        assert_eq!(
            csv_line(&["=1+1", "-5", "+cmd", "a,b", "say \"x\""]),
            "'=1+1,-5,'+cmd,\"a,b\",\"say \"\"x\"\"\"\r\n"
        );
    }
}
