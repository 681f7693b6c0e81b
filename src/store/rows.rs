//! Rows ↔ the words of the model: how times, sets and optional values are written in the database.

use jiff::Timestamp;
use jiff::civil::Date;
use sqlx::Row;
use sqlx::sqlite::SqliteRow;
use url::Url;

use crate::ledger::Known;
use crate::model::{
    Bounds, Claim, ClaimId, Claimant, ClaimantId, ConflictId, Figure, Outcome, Outcomes, PartyId, Quote, Scope,
    SeriesId, Sighting, SourceId, Victims, Wording,
};

/// A time as text that sorts: UTC, to the millisecond.
pub(super) fn stored(time: Timestamp) -> String {
    time.strftime("%Y-%m-%dT%H:%M:%S%.3fZ").to_string()
}

pub(super) fn time(text: &str) -> Option<Timestamp> {
    text.parse().ok()
}

pub(super) fn outcomes(text: &str) -> Outcomes {
    text.split('+').filter_map(Outcome::from_word).collect()
}

fn date(row: &SqliteRow, column: &str) -> Result<Option<Date>, sqlx::Error> {
    let text: Option<String> = row.try_get(column)?;
    Ok(text.and_then(|text| text.parse().ok()))
}

fn number(row: &SqliteRow, column: &str) -> Result<Option<u64>, sqlx::Error> {
    let number: Option<i64> = row.try_get(column)?;
    Ok(number.and_then(|number| u64::try_from(number).ok()))
}

/// A number as the database holds it.
pub(super) fn integer(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

fn broken(what: &str) -> sqlx::Error {
    sqlx::Error::Decode(format!("cannot read back {what}").into())
}

pub(super) fn figure(row: &SqliteRow) -> Result<Figure, sqlx::Error> {
    let bounds = Bounds::from_min_max(number(row, "min")?, number(row, "max")?)
        .ok_or_else(|| broken("a figure without bounds"))?;
    Ok(Figure { bounds, approx: row.try_get("approx")?, vague: row.try_get("vague")? })
}

pub(super) fn known(row: &SqliteRow) -> Result<Known, sqlx::Error> {
    Ok(Known {
        id: claim_id(row, "id")?,
        series: series_id(row, "series")?,
        figure: figure(row)?,
        since: date(row, "since")?,
        as_of: date(row, "as_of")?,
    })
}

pub(super) fn claim_id(row: &SqliteRow, column: &str) -> Result<ClaimId, sqlx::Error> {
    ClaimId::new(row.try_get(column)?).map_err(|error| broken(&error.to_string()))
}

pub(super) fn series_id(row: &SqliteRow, column: &str) -> Result<SeriesId, sqlx::Error> {
    SeriesId::new(row.try_get(column)?).map_err(|error| broken(&error.to_string()))
}

pub(super) fn conflict_id(row: &SqliteRow) -> Result<ConflictId, sqlx::Error> {
    ConflictId::new(row.try_get("conflict")?).map_err(|error| broken(&error.to_string()))
}

pub(super) fn scope(text: &str) -> Scope {
    [Scope::Cumulative, Scope::Period].into_iter().find(|scope| scope.as_str() == text).unwrap_or(Scope::Incident)
}

pub(super) fn victims(text: &str) -> Victims {
    [Victims::Military, Victims::Civilian]
        .into_iter()
        .find(|victims| victims.as_str() == text)
        .unwrap_or(Victims::Unspecified)
}

/// A claim as it is stored, with the quote of its first sighting.
pub(super) fn claim(row: &SqliteRow, first: Option<&Sighting>) -> Result<Claim, sqlx::Error> {
    let name: Option<String> = row.try_get("claimant")?;
    let id: Option<String> = row.try_get("claimant_id")?;
    let party: Option<String> = row.try_get("party")?;
    let attribution: String = row.try_get("attribution")?;
    Ok(Claim {
        outcomes: outcomes(row.try_get("outcomes")?),
        figure: figure(row)?,
        party: party.and_then(|party| PartyId::new(&party).ok()),
        victims: victims(row.try_get("victims")?),
        group: row.try_get("grp")?,
        claimant: name.map(|name| Claimant { name, id: id.and_then(|id| ClaimantId::new(&id).ok()) }),
        attribution: serde_json::from_str(&attribution).unwrap_or_default(),
        scope: scope(row.try_get("scope")?),
        since: date(row, "since")?,
        as_of: date(row, "as_of")?,
        as_of_days: u16::try_from(row.try_get::<i64, _>("as_of_days")?).unwrap_or(u16::MAX),
        as_of_stated: row.try_get("as_of_stated")?,
        place: row.try_get("place")?,
        quote: first.map_or_else(|| Quote { text: String::new(), span: 0..0 }, |first| first.quote.clone()),
        wording: first.map(|first| first.wording.clone()).unwrap_or_default(),
        rule: row.try_get("rule")?,
        confidence: row.try_get("confidence")?,
    })
}

/// A sighting joined with its article.
pub(super) fn sighting(row: &SqliteRow) -> Result<Sighting, sqlx::Error> {
    let offset = |column: &str| row.try_get::<i64, _>(column).map(|at| usize::try_from(at).unwrap_or(0));
    let source: String = row.try_get("source")?;
    let url: String = row.try_get("url")?;
    let published: Option<String> = row.try_get("published")?;
    let seen: String = row.try_get("seen")?;
    Ok(Sighting {
        source: SourceId::new(&source).map_err(|error| broken(&error.to_string()))?,
        publisher: row.try_get("publisher")?,
        url: Url::parse(&url).map_err(|_| broken("the address of an article"))?,
        published: published.as_deref().and_then(time),
        seen: time(&seen).ok_or_else(|| broken("the time of a sighting"))?,
        quote: Quote { text: row.try_get("quote")?, span: offset("quote_start")?..offset("quote_end")? },
        wording: Wording { figure: row.try_get("figure_wording")?, outcome: row.try_get("outcome_wording")? },
        current: row.try_get("current")?,
    })
}
