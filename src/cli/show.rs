//! `show`: one claim with its quote, sightings, series and changes.

use std::io::Write as _;
use std::process::ExitCode;

use serde_json::json;

use crate::cli::arguments::{Arguments, ShowOptions};
use crate::cli::output::{Failure, out};
use crate::cli::setup;
use crate::model::{ClaimRecord, Series};
use crate::store::Found;
use crate::view::{ClaimView, LogEntry, SeriesView, claim_line, sanitised};

pub(super) fn run(arguments: &Arguments, options: &ShowOptions) -> Result<ExitCode, Failure> {
    let config = setup::config(arguments)?;
    let (record, series, changes) = setup::runtime()?.block_on(async {
        let store = setup::store(&config).await?;
        let record = match store.claim(&options.id).await? {
            Found::One(record) => *record,
            Found::Nothing => {
                return Err(Failure::plain(
                    format!("no claim has an id that begins with “{}”; `tollwatch claims` lists them", options.id),
                    1,
                ));
            }
            Found::Many(ids) => {
                let ids: Vec<String> = ids.iter().map(ToString::to_string).collect();
                return Err(Failure::plain(format!("several claims begin so: {}", ids.join(", ")), 1));
            }
        };
        let series = store.one_series(&record.series).await?;
        let changes = store.changes_of(&record.id).await?;
        Ok((record, series, changes))
    })?;
    let mut out = out();
    let lines = if options.json {
        vec![as_json(&record, series.as_ref(), &changes)]
    } else {
        for_people(&record, series.as_ref(), &changes)
    };
    for line in lines {
        writeln!(out, "{}", crate::view::sanitised(&line))?;
    }
    out.flush()?;
    Ok(ExitCode::SUCCESS)
}

fn as_json(record: &ClaimRecord, series: Option<&Series>, changes: &[LogEntry]) -> String {
    let sightings: Vec<_> = record
        .sightings
        .iter()
        .map(|sighting| {
            json!({
                "source": sighting.source.as_str(), "publisher": sighting.publisher, "url": sighting.url.as_str(), "published": sighting.published,
                "seen": sighting.seen, "quote": sighting.quote.text, "start": sighting.quote.span.start, "end": sighting.quote.span.end,
                "figure": sighting.wording.figure, "outcome": sighting.wording.outcome, "current": sighting.current,
            })
        })
        .collect();
    let points: Vec<_> = series
        .iter()
        .flat_map(|series| &series.points)
        .map(|point| json!({ "claim": point.claim.as_str(), "min": point.figure.bounds.min(), "max": point.figure.bounds.max(), "as_of": point.as_of }))
        .collect();
    crate::view::safe_json(&json!({
        "claim": ClaimView::from(record),
        "sightings": sightings,
        "series": series.map(SeriesView::from),
        "points": points,
        "changes": changes.iter().map(LogEntry::json).collect::<Vec<_>>(),
    }))
}

fn for_people(record: &ClaimRecord, series: Option<&Series>, changes: &[LogEntry]) -> Vec<String> {
    let claim = &record.claim;
    let mut lines = vec![
        claim_line(claim),
        format!("id {} · {} · {} · {}", record.id, record.conflict, claim.scope, record.status.as_str()),
        format!(
            "since {} · found by the rule {} · confidence {:.2}",
            claim.since.map_or_else(|| "unknown".to_owned(), |day| day.to_string()),
            claim.rule,
            claim.confidence
        ),
        String::new(),
        format!("“{}”", sanitised(&claim.quote.text)),
        String::new(),
        format!("printed by {} articles, {} of them independent:", record.sighting_count, record.independent),
    ];
    for sighting in &record.sightings {
        let published = sighting.published.map(|time| time.strftime("%Y-%m-%d").to_string()).unwrap_or_default();
        let gone = if sighting.current { "" } else { " (no longer)" };
        let publisher = sighting.publisher.as_deref().unwrap_or(sighting.source.as_str());
        lines.push(sanitised(&format!(
            "  {published} {publisher}: “{} {}”{gone} {}",
            sighting.wording.figure, sighting.wording.outcome, sighting.url
        )));
    }
    if let Some(series) = series {
        lines.push(String::new());
        lines.push(format!("series {} with {} figures:", series.id, series.points.len()));
        for point in &series.points {
            let mark = if point.claim == record.id { " ← this claim" } else { "" };
            let day = point.as_of.map_or_else(|| "undated".to_owned(), |day| day.to_string());
            lines.push(format!("  {day}  {}{mark}", point.figure));
        }
    }
    lines.push(String::new());
    lines.push("changes:".to_owned());
    for change in changes {
        lines.push(format!("  {} {}", change.at.strftime("%Y-%m-%d %H:%M:%S"), change.line()));
    }
    lines
}
