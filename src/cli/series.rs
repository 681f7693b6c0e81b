//! `series`: the latest figure of every series.

use std::io::Write as _;
use std::process::ExitCode;

use crate::cli::arguments::{Arguments, ListOptions};
use crate::cli::claims::TABLE_LIMIT;
use crate::cli::output::{Failure, out, table};
use crate::cli::setup;
use crate::model::Series;
use crate::store::{Filter, Store};
use crate::view::{SERIES_COLUMNS, SeriesView, csv_line, safe_json, series_row};

/// Series that are read at once.
const AT_ONCE: usize = 500;

pub(super) fn run(arguments: &Arguments, options: &ListOptions) -> Result<ExitCode, Failure> {
    let config = setup::config(arguments)?;
    let for_people = !options.json && !options.csv;
    let filter = setup::filter(&options.filter, options.limit.or(for_people.then_some(TABLE_LIMIT)), setup::clock())?;
    setup::runtime()?.block_on(async {
        let store = setup::store(&config).await?;
        if for_people { as_table(&store, &filter).await } else { as_lines(&store, &filter, options.csv).await }
    })?;
    Ok(ExitCode::SUCCESS)
}

/// JSON Lines or CSV, some series at a time: all of a large ledger need not fit into memory.
async fn as_lines(store: &Store, filter: &Filter, csv: bool) -> Result<(), Failure> {
    let mut out = out();
    if csv {
        write!(out, "{}", csv_line(&SERIES_COLUMNS))?;
    }
    for ids in store.series_ids(filter).await?.chunks(AT_ONCE) {
        for series in &store.latest(ids).await? {
            if csv {
                write!(out, "{}", csv_line(&series_row(series)))?;
            } else {
                writeln!(out, "{}", safe_json(&SeriesView::from(series)))?;
            }
        }
    }
    out.flush()?;
    Ok(())
}

async fn as_table(store: &Store, filter: &Filter) -> Result<(), Failure> {
    let (mut out, all) = (out(), store.series(filter).await?);
    let rows: Vec<Vec<String>> = all.iter().map(row).collect();
    for line in table(
        &["as of", "claimant", "figure", "outcome", "whose", "scope", "place", "points", "step"],
        &rows,
        setup::width(),
    ) {
        writeln!(out, "{line}")?;
    }
    out.flush()?;
    Ok(())
}

fn row(series: &Series) -> Vec<String> {
    let last = series.points.last();
    let party = series.party.as_ref().map_or_else(|| "?".to_owned(), ToString::to_string);
    let people = series.group.clone().unwrap_or_else(|| series.victims.to_string());
    let step = series.latest_step().map(|step| {
        let day = step.from_as_of.map(|day| format!(" ({day})")).unwrap_or_default();
        format!("{:+} since {}{day}", step.difference, step.from)
    });
    vec![
        last.and_then(|point| point.as_of).map(|day| day.to_string()).unwrap_or_default(),
        series.claimant.clone().unwrap_or_else(|| "(articles)".to_owned()),
        last.map(|point| point.figure.to_string()).unwrap_or_default(),
        series.outcomes.to_string(),
        format!("{party} {people}"),
        series.scope.to_string(),
        series.place.clone().unwrap_or_default(),
        series.count.to_string(),
        step.unwrap_or_default(),
    ]
}
