//! Rows ↔ the words of the model: how times, sets and optional values are written in the database.

use jiff::Timestamp;
use jiff::civil::Date;
use sqlx::Row;
use sqlx::sqlite::SqliteRow;
use url::Url;

use crate::ledger::{Known, Telling};
use crate::model::{
    Bounds, Claim, ClaimId, ClaimRecord, Claimant, ClaimantId, ConflictId, Figure, Outcome, Outcomes, PartyId, Quote,
    Scope, Series, SeriesId, SeriesPoint, Sighting, SourceId, Status, TellingId, Victims, Wording,
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

/// Ids as one value, for `json_each`: any number of them is one statement.
pub(super) fn list(ids: &[&str]) -> String {
    serde_json::json!(ids).to_string()
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
        figure: figure(row)?,
        since: date(row, "since")?,
        as_of: date(row, "as_of")?,
        firm: row.try_get("firm")?,
    })
}

pub(super) fn telling(row: &SqliteRow) -> Result<Telling, sqlx::Error> {
    Ok(Telling {
        id: telling_id(row, "id")?,
        own: claim_id(row, "own")?,
        figure: figure(row)?,
        since: date(row, "since")?,
        as_of: date(row, "as_of")?,
        as_of_days: u16::try_from(row.try_get::<i64, _>("as_of_days")?).unwrap_or(u16::MAX),
        stated: row.try_get("as_of_stated")?,
    })
}

/// A claim with its counts and its first sighting.
pub(super) fn record(row: &SqliteRow) -> Result<ClaimRecord, sqlx::Error> {
    let count = |column: &str| row.try_get::<i64, _>(column).map(|count| u32::try_from(count).unwrap_or(u32::MAX));
    let first = sighting(row)?;
    let first_seen: String = row.try_get("first_seen")?;
    let known_as: Option<String> = row.try_get("known_as")?;
    Ok(ClaimRecord {
        id: claim_id(row, "claim_id")?,
        series: series_id(row, "series")?,
        conflict: conflict_id(row)?,
        claim: claim(row, Some(&first))?,
        status: if row.try_get::<i64, _>("current_count")? > 0 { Status::Current } else { Status::Withdrawn },
        first_seen: time(&first_seen).unwrap_or_default(),
        sightings: vec![first],
        sighting_count: count("sightings")?,
        independent: count("independent")?,
        known_as: known_as.and_then(|id| ClaimId::new(&id).ok()),
    })
}

pub(super) fn telling_id(row: &SqliteRow, column: &str) -> Result<TellingId, sqlx::Error> {
    TellingId::new(row.try_get(column)?).map_err(|error| broken(&error.to_string()))
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

/// A series from the rows of its figures, oldest first; none if it has none.
pub(super) fn series(id: &SeriesId, found: &[SqliteRow], count: u32) -> Result<Option<Series>, sqlx::Error> {
    let Some(last) = found.last() else { return Ok(None) };
    let party: Option<String> = last.try_get("party")?;
    let point = |row: &SqliteRow| -> Result<SeriesPoint, sqlx::Error> {
        let known = known(row)?;
        let first_seen: String = row.try_get("first_seen")?;
        let first_seen = time(&first_seen).unwrap_or_default();
        Ok(SeriesPoint { claim: known.id, figure: known.figure, since: known.since, as_of: known.as_of, first_seen })
    };
    Ok(Some(Series {
        id: id.clone(),
        conflict: conflict_id(last)?,
        claimant: last.try_get("claimant")?,
        party: party.and_then(|party| PartyId::new(&party).ok()),
        victims: victims(last.try_get("victims")?),
        group: last.try_get("grp")?,
        outcomes: outcomes(last.try_get("outcomes")?),
        scope: scope(last.try_get("scope")?),
        place: last.try_get("place")?,
        points: found.iter().map(point).collect::<Result<_, _>>()?,
        count,
    }))
}
