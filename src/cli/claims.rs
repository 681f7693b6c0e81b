//! `claims`: the claims in the ledger.

use std::io::Write as _;
use std::process::ExitCode;

use crate::cli::arguments::{Arguments, ListOptions};
use crate::cli::output::{Failure, out, table, told};
use crate::cli::setup;
use crate::model::ClaimRecord;
use crate::store::{Filter, Store};
use crate::view::{CLAIM_COLUMNS, ClaimView, claim_row, csv_line, safe_json};

/// Rows of a table, if nobody says how many.
pub(super) const TABLE_LIMIT: u32 = 100;

pub(super) fn run(arguments: &Arguments, options: &ListOptions) -> Result<ExitCode, Failure> {
    let config = setup::config(arguments)?;
    let for_people = !options.json && !options.csv;
    let limit = options.limit.or(for_people.then_some(TABLE_LIMIT));
    let filter = setup::filter(&options.filter, limit, setup::clock())?;
    setup::runtime()?.block_on(async {
        let store = setup::store(&config).await?;
        if for_people { as_table(&store, &filter, options).await } else { as_lines(&store, &filter, options.csv).await }
    })?;
    Ok(ExitCode::SUCCESS)
}

/// JSON Lines or CSV, page by page: a large ledger need not fit into memory.
async fn as_lines(store: &Store, filter: &Filter, csv: bool) -> Result<(), Failure> {
    let (mut out, mut pages) = (out(), store.claim_pages(filter).await?);
    if csv {
        write!(out, "{}", csv_line(&CLAIM_COLUMNS))?;
    }
    loop {
        let records = pages.next().await?;
        for record in &records {
            if csv {
                write!(out, "{}", csv_line(&claim_row(record)))?;
            } else {
                writeln!(out, "{}", safe_json(&ClaimView::from(record)))?;
            }
        }
        if records.is_empty() {
            out.flush()?;
            return Ok(());
        }
    }
}

async fn as_table(store: &Store, filter: &Filter, options: &ListOptions) -> Result<(), Failure> {
    let (mut out, records) = (out(), store.claims(filter).await?);
    let rows: Vec<Vec<String>> = records.iter().map(row).collect();
    for line in table(
        &["claim", "as of", "claimant", "figure", "outcome", "whose", "place", "seen", "quote"],
        &rows,
        setup::width(),
    ) {
        writeln!(out, "{line}")?;
    }
    if records.len() == TABLE_LIMIT as usize && options.limit.is_none() {
        told(&format!("the newest {TABLE_LIMIT}; more with --limit"));
    }
    out.flush()?;
    Ok(())
}

fn row(record: &ClaimRecord) -> Vec<String> {
    let claim = &record.claim;
    let people = claim.group.clone().unwrap_or_else(|| claim.victims.to_string());
    let party = claim.party.as_ref().map_or_else(|| "?".to_owned(), ToString::to_string);
    let seen = if record.status == crate::model::Status::Withdrawn {
        "withdrawn".to_owned()
    } else {
        format!("{}×", record.sighting_count)
    };
    vec![
        record.id.as_str().chars().take(8).collect(),
        claim.as_of.map(|day| day.to_string()).unwrap_or_default(),
        claim.claimant.as_ref().map_or_else(|| "(the article)".to_owned(), |claimant| claimant.name.clone()),
        claim.figure.to_string(),
        claim.outcomes.to_string(),
        format!("{party} {people}"),
        claim.place.clone().unwrap_or_default(),
        seen,
        claim.quote.text.clone(),
    ]
}
