//! `explain`: each number of a text, with the rule that made it a claim or the reason why it is none.

use std::io::Write as _;
use std::process::ExitCode;

use crate::cli::arguments::{Arguments, ExplainOptions};
use crate::cli::extract::{extracted, read};
use crate::cli::output::{Failure, out};
use crate::cli::setup;
use crate::extract::Extraction;
use crate::view::{claim_line, sanitised};

pub(super) fn run(arguments: &Arguments, options: &ExplainOptions) -> Result<ExitCode, Failure> {
    let config = setup::config(arguments)?;
    let extractor = setup::extractor(&config);
    let article = read(&options.file, &options.text)?;
    let document = article.document();
    let extraction = extracted(&extractor, &article, &document, &options.text)?;
    let mut out = out();
    let lang = extraction.lang.as_ref().map_or("no rules for its language", |lang| lang.as_str());
    let conflict = extraction.conflict.as_ref().map_or("none", |conflict| conflict.as_str());
    writeln!(out, "language: {lang} · conflict: {conflict}")?;
    for line in lines(&extraction, &document) {
        writeln!(out, "{line}")?;
    }
    writeln!(out, "{} claims, {} numbers turned down", extraction.claims.len(), extraction.rejected.len())?;
    out.flush()?;
    Ok(ExitCode::SUCCESS)
}

/// Claims and rejections in the order of the text.
fn lines(extraction: &Extraction, document: &str) -> Vec<String> {
    let claims = extraction.claims.iter().map(|claim| {
        let place = claim.quote.span.start + claim.quote.text.find(&claim.wording.figure).unwrap_or(0);
        let found = format!("{} → {}", claim.wording.figure, claim_line(claim));
        (
            place,
            format!(
                "✓ {found}\n    rule: {} · scope: {} · since: {} · confidence: {:.2}",
                claim.rule,
                claim.scope,
                shown(claim.since),
                claim.confidence
            ),
        )
    });
    let rejected = extraction.rejected.iter().map(|rejection| {
        let around = around(document, &rejection.span);
        (rejection.span.start, format!("✗ not {}: {}\n    {}", rejection.text, rejection.reason, sanitised(&around)))
    });
    let mut lines: Vec<(usize, String)> = claims.chain(rejected).collect();
    lines.sort_by_key(|(place, _)| *place);
    lines.into_iter().map(|(_, line)| line).collect()
}

fn shown(day: Option<jiff::civil::Date>) -> String {
    day.map_or_else(|| "unknown".to_owned(), |day| day.to_string())
}

/// The words around a number.
fn around(document: &str, span: &std::ops::Range<usize>) -> String {
    let mut start = span.start.saturating_sub(40);
    let mut end = (span.end + 40).min(document.len());
    while !document.is_char_boundary(start) {
        start -= 1;
    }
    while !document.is_char_boundary(end) {
        end += 1;
    }
    format!("… {} …", document.get(start..end).unwrap_or_default().trim())
}
