//! The page: the newest claims, each with its sentence and where it was printed.

use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::{CONTENT_TYPE, HeaderName};
use maud::{DOCTYPE, Markup, html};

use crate::model::ClaimRecord;
use crate::store::Filter;
use crate::view::{claim_line, sanitised};
use crate::web::Pages;

/// Claims on the page.
const SHOWN: u32 = 50;

/// How it looks.
pub(super) const STYLE: &str = "body{font:1rem/1.5 sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}\
li{margin:0 0 1.2rem}ol{list-style:none;padding:0}\
small{color:#666}s{color:#888}";

type Html = ([(HeaderName, &'static str); 1], String);

/// The newest claims.
pub(super) async fn claims(State(pages): State<Pages>) -> Result<Html, (StatusCode, &'static str)> {
    let filter = Filter { limit: Some(SHOWN), ..Filter::default() };
    let records = pages.store.claims(&filter).await;
    // The reason may name paths of this machine; it is in the log of the daemon.
    let records =
        records.map_err(|_| (StatusCode::SERVICE_UNAVAILABLE, "the ledger cannot be read at the moment\n"))?;
    Ok(([(CONTENT_TYPE, "text/html; charset=utf-8")], page(&records).into_string()))
}

fn page(records: &[ClaimRecord]) -> Markup {
    html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width";
                title { "tollwatch" }
                link rel="stylesheet" href="/style.css";
            }
            body {
                h1 { "tollwatch" }
                p { "The newest claims. They are claims, not casualties: nobody here adds, averages or judges them." }
                ol { @for record in records { li { (item(record)) } } }
                @if records.is_empty() { p { "There is none yet." } }
            }
        }
    }
}

fn item(record: &ClaimRecord) -> Markup {
    let withdrawn = record.status == crate::model::Status::Withdrawn;
    let line = sanitised(&claim_line(&record.claim));
    html! {
        @if withdrawn { s { (line) } } @else { (line) }
        br;
        small {
            (record.first_seen.strftime("%Y-%m-%d %H:%M UTC")) " · "
            (record.sighting_count) " sightings, " (record.independent) " independent"
            @if let Some(sighting) = record.sightings.first() {
                " · "
                @if matches!(sighting.url.scheme(), "http" | "https") {
                    a href=(sighting.url.as_str()) rel="noopener noreferrer nofollow" { (shown(record)) }
                } @else { (shown(record)) }
            }
        }
    }
}

fn shown(record: &ClaimRecord) -> String {
    let sighting = record.sightings.first();
    let name =
        sighting.and_then(|sighting| sighting.publisher.clone().or_else(|| sighting.url.host_str().map(str::to_owned)));
    sanitised(&name.unwrap_or_default())
}
