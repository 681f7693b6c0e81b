//! `export`: the whole ledger as CSV, JSON Lines or SQLite.

use std::ffi::OsString;
use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use crate::cli::arguments::{Arguments, ExportFormat, ExportOptions};
use crate::cli::output::{Failure, out, told};
use crate::cli::setup;
use crate::model::ClaimRecord;
use crate::store::{Filter, Store};
use crate::view::{CLAIM_COLUMNS, ClaimView, claim_row, csv_line};

pub(super) fn run(arguments: &Arguments, options: &ExportOptions) -> Result<ExitCode, Failure> {
    let config = setup::config(arguments)?;
    let to_stdout = options.file.as_os_str() == "-";
    if options.format == ExportFormat::Sqlite && to_stdout {
        return Err(Failure::plain("a database cannot be written to standard output: name a file", 2));
    }
    setup::runtime()?.block_on(async {
        let store = setup::store(&config).await?;
        if options.format == ExportFormat::Sqlite {
            store.backup(&options.file).await?;
            told(&format!("wrote {}", options.file.display()));
        } else if to_stdout {
            write(&mut out(), options.format, &store).await?;
        } else {
            let count = into_file(&options.file, options.format, &store).await?;
            told(&format!("wrote {count} claims to {}", options.file.display()));
        }
        Ok(ExitCode::SUCCESS)
    })
}

/// Writes a new file that appears under its name only when it is whole.
async fn into_file(file: &Path, format: ExportFormat, store: &Store) -> Result<usize, Failure> {
    let failed = |error: &io::Error| Failure::new(&format!("cannot write {}", file.display()), error);
    if file.exists() {
        return Err(failed(&io::Error::from(io::ErrorKind::AlreadyExists)));
    }
    let mut name = OsString::from(file.as_os_str());
    name.push(".partial");
    let partial = PathBuf::from(name);
    let mut out = BufWriter::new(File::create(&partial).map_err(|error| failed(&error))?);
    match write(&mut out, format, store).await {
        Ok(count) => {
            fs::rename(&partial, file).map_err(|error| failed(&error))?;
            Ok(count)
        }
        Err(failure) => {
            // Half an export is of no use to anybody, and a disk that is full needs the room.
            fs::remove_file(&partial).map_err(|error| failed(&error))?;
            Err(failure)
        }
    }
}

/// Writes all claims and tells how many; in JSON Lines each with the addresses of all articles that print it.
async fn write(out: &mut impl Write, format: ExportFormat, store: &Store) -> Result<usize, Failure> {
    let (mut pages, mut count) = (store.claim_pages(&Filter::default()).await?, 0);
    if format == ExportFormat::Csv {
        write!(out, "{}", csv_line(&CLAIM_COLUMNS))?;
    }
    loop {
        let claims = pages.next().await?;
        if claims.is_empty() {
            break;
        }
        count += claims.len();
        if format == ExportFormat::Csv {
            for record in &claims {
                write!(out, "{}", csv_line(&claim_row(record)))?;
            }
            continue;
        }
        let addresses = pages.addresses(&claims).await?;
        for record in &claims {
            writeln!(out, "{}", json_line(record, addresses.get(&record.id).map_or(&[], Vec::as_slice))?)?;
        }
    }
    out.flush()?;
    Ok(count)
}

fn json_line(record: &ClaimRecord, urls: &[String]) -> Result<String, Failure> {
    let mut value =
        serde_json::to_value(ClaimView::from(record)).map_err(|error| Failure::new("cannot write a claim", &error))?;
    if let Some(object) = value.as_object_mut() {
        object.insert("urls".to_owned(), serde_json::json!(urls));
    }
    Ok(crate::view::safe_json(&value))
}
