//! `export`: the whole ledger as CSV, JSON Lines or SQLite.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;
use std::process::ExitCode;

use crate::cli::arguments::{Arguments, ExportFormat, ExportOptions};
use crate::cli::output::{Failure, out, told};
use crate::cli::setup;
use crate::config::Config;
use crate::model::ClaimRecord;
use crate::store::Filter;
use crate::view::{CLAIM_COLUMNS, ClaimView, claim_row, csv_line};

pub(super) fn run(arguments: &Arguments, options: &ExportOptions) -> Result<ExitCode, Failure> {
    let config = setup::config(arguments)?;
    let to_stdout = options.file.as_os_str() == "-";
    let runtime = setup::runtime()?;
    if options.format == ExportFormat::Sqlite {
        if to_stdout {
            return Err(Failure::plain("a database cannot be written to standard output: name a file", 2));
        }
        runtime.block_on(async { Ok::<_, Failure>(setup::store(&config).await?.backup(&options.file).await?) })?;
        told(&format!("wrote {}", options.file.display()));
        return Ok(ExitCode::SUCCESS);
    }
    let records = runtime.block_on(records(&config, options.format))?;
    if to_stdout {
        write(&mut out(), options.format, &records)?;
    } else {
        write(&mut create(&options.file)?, options.format, &records)?;
        told(&format!("wrote {} claims to {}", records.len(), options.file.display()));
    }
    Ok(ExitCode::SUCCESS)
}

/// The claims; for JSON Lines each with all its sightings.
async fn records(config: &Config, format: ExportFormat) -> Result<Vec<ClaimRecord>, Failure> {
    let store = setup::store(config).await?;
    let mut records = store.claims(&Filter::default()).await?;
    if format == ExportFormat::Jsonl {
        for record in &mut records {
            record.sightings = store.sightings(&record.id).await?;
        }
    }
    Ok(records)
}

fn create(file: &Path) -> Result<BufWriter<File>, Failure> {
    let created = File::options().write(true).create_new(true).open(file);
    created.map(BufWriter::new).map_err(|error| Failure::new(&format!("cannot write {}", file.display()), &error))
}

fn write(out: &mut impl Write, format: ExportFormat, records: &[ClaimRecord]) -> Result<(), Failure> {
    if format == ExportFormat::Csv {
        write!(out, "{}", csv_line(&CLAIM_COLUMNS))?;
    }
    for record in records {
        if format == ExportFormat::Csv {
            write!(out, "{}", csv_line(&claim_row(record)))?;
        } else {
            let mut value = serde_json::to_value(ClaimView::from(record))
                .map_err(|error| Failure::new("cannot write a claim", &error))?;
            if let Some(object) = value.as_object_mut() {
                let urls: Vec<&str> = record.sightings.iter().map(|sighting| sighting.url.as_str()).collect();
                object.insert("urls".to_owned(), serde_json::json!(urls));
            }
            writeln!(out, "{}", crate::view::safe_json(&value))?;
        }
    }
    out.flush()?;
    Ok(())
}
