//! A claim as JSON and as a line for people.

use jiff::Timestamp;
use jiff::civil::Date;
use serde::Serialize;

use crate::model::{Claim, ClaimRecord, Figure, Outcomes, Series, Sighting, Step};
use crate::view::sanitise::{sanitised, shortened};

/// A claim with the fields of its JSON form; what only the ledger knows is absent for a claim that was just extracted.
#[derive(Debug, Serialize)]
pub struct ClaimView<'a> {
    /// The claim's id.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<&'a str>,
    /// Its series.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub series: Option<&'a str>,
    /// The war.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub conflict: Option<&'a str>,
    /// What happened.
    pub outcomes: Vec<&'static str>,
    /// Lower bound.
    pub min: Option<u64>,
    /// Upper bound.
    pub max: Option<u64>,
    /// Whether the text marks the figure as approximate.
    pub approx: bool,
    /// Whether only a size word was given.
    pub vague: bool,
    /// Whose people.
    pub party: Option<&'a str>,
    /// What kind of people.
    pub victims: &'static str,
    /// A narrower group.
    pub group: Option<&'a str>,
    /// The origin of the figure.
    pub claimant: Option<&'a str>,
    /// The known claimant behind the name.
    pub claimant_id: Option<&'a str>,
    /// Who relayed it, outermost first.
    pub attribution: &'a [String],
    /// cumulative, period or incident.
    pub scope: &'static str,
    /// First day covered.
    pub since: Option<Date>,
    /// Last day covered.
    pub as_of: Option<Date>,
    /// Where.
    pub place: Option<&'a str>,
    /// The sentence.
    pub quote: &'a str,
    /// The rule that found it.
    pub rule: &'a str,
    /// How likely it is right.
    pub confidence: f64,
    /// current or withdrawn.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<&'static str>,
    /// The first article.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<&'a str>,
    /// Its source.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<&'a str>,
    /// Its outlet.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub publisher: Option<&'a str>,
    /// When the first article says it was published.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub published: Option<Timestamp>,
    /// When tollwatch first read it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub first_seen: Option<Timestamp>,
    /// How many articles print it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sightings: Option<u32>,
    /// How many of them are not copies of each other.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub independent: Option<u32>,
    /// The claim that this one merely rounds or rewords.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub known_as: Option<&'a str>,
}

impl<'a> From<&'a Claim> for ClaimView<'a> {
    fn from(claim: &'a Claim) -> Self {
        Self {
            id: None,
            series: None,
            conflict: None,
            outcomes: words(claim.outcomes),
            min: claim.figure.bounds.min(),
            max: claim.figure.bounds.max(),
            approx: claim.figure.approx,
            vague: claim.figure.vague,
            party: claim.party.as_ref().map(|party| party.as_str()),
            victims: claim.victims.as_str(),
            group: claim.group.as_deref(),
            claimant: claim.claimant.as_ref().map(|claimant| claimant.name.as_str()),
            claimant_id: claim.claimant.as_ref().and_then(|claimant| claimant.id.as_ref()).map(|id| id.as_str()),
            attribution: &claim.attribution,
            scope: claim.scope.as_str(),
            since: claim.since,
            as_of: claim.as_of,
            place: claim.place.as_deref(),
            quote: &claim.quote.text,
            rule: &claim.rule,
            confidence: (f64::from(claim.confidence) * 100.0).round() / 100.0,
            status: None,
            url: None,
            source: None,
            publisher: None,
            published: None,
            first_seen: None,
            sightings: None,
            independent: None,
            known_as: None,
        }
    }
}

impl<'a> From<&'a ClaimRecord> for ClaimView<'a> {
    fn from(record: &'a ClaimRecord) -> Self {
        let first: Option<&Sighting> = record.sightings.first();
        Self {
            id: Some(record.id.as_str()),
            series: Some(record.series.as_str()),
            conflict: Some(record.conflict.as_str()),
            status: Some(record.status.as_str()),
            url: first.map(|sighting| sighting.url.as_str()),
            source: first.map(|sighting| sighting.source.as_str()),
            publisher: first.and_then(|sighting| sighting.publisher.as_deref()),
            published: first.and_then(|sighting| sighting.published),
            first_seen: Some(record.first_seen),
            sightings: Some(record.sighting_count),
            independent: Some(record.independent),
            known_as: record.known_as.as_ref().map(|id| id.as_str()),
            ..Self::from(&record.claim)
        }
    }
}

/// The outcomes as words.
pub(super) fn words(outcomes: Outcomes) -> Vec<&'static str> {
    outcomes.iter().map(crate::model::Outcome::as_str).collect()
}

/// A series with its latest figure and what it changed.
#[derive(Debug, Serialize)]
pub struct SeriesView<'a> {
    /// The series.
    pub series: &'a str,
    /// The war.
    pub conflict: &'a str,
    /// The origin of the figures.
    pub claimant: Option<&'a str>,
    /// Whose people.
    pub party: Option<&'a str>,
    /// What kind of people.
    pub victims: &'static str,
    /// A narrower group.
    pub group: Option<&'a str>,
    /// What happened.
    pub outcomes: Vec<&'static str>,
    /// cumulative, period or incident.
    pub scope: &'static str,
    /// Where.
    pub place: Option<&'a str>,
    /// Lower bound of the latest figure.
    pub min: Option<u64>,
    /// Upper bound of the latest figure.
    pub max: Option<u64>,
    /// Whether it is approximate.
    pub approx: bool,
    /// Its last day.
    pub as_of: Option<Date>,
    /// The claim that gives it.
    pub claim: Option<&'a str>,
    /// How many figures the series has.
    pub points: usize,
    /// What the latest figure changed.
    pub step: Option<StepView>,
}

/// What a figure changed in its series.
#[derive(Debug, Clone, Serialize)]
pub struct StepView {
    /// Lower bound of the figure before.
    pub from_min: Option<u64>,
    /// Upper bound of the figure before.
    pub from_max: Option<u64>,
    /// The last day of the figure before.
    pub from_as_of: Option<Date>,
    /// The new figure less the old one.
    pub difference: i64,
    /// The increment that the article itself prints, if it is another one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub printed: Option<u64>,
}

impl From<&Step> for StepView {
    fn from(step: &Step) -> Self {
        Self {
            from_min: step.from.bounds.min(),
            from_max: step.from.bounds.max(),
            from_as_of: step.from_as_of,
            difference: step.difference,
            printed: step.printed,
        }
    }
}

impl<'a> From<&'a Series> for SeriesView<'a> {
    fn from(series: &'a Series) -> Self {
        let last = series.points.last();
        Self {
            series: series.id.as_str(),
            conflict: series.conflict.as_str(),
            claimant: series.claimant.as_deref(),
            party: series.party.as_ref().map(|party| party.as_str()),
            victims: series.victims.as_str(),
            group: series.group.as_deref(),
            outcomes: words(series.outcomes),
            scope: series.scope.as_str(),
            place: series.place.as_deref(),
            min: last.and_then(|point| point.figure.bounds.min()),
            max: last.and_then(|point| point.figure.bounds.max()),
            approx: last.is_some_and(|point| point.figure.approx),
            as_of: last.and_then(|point| point.as_of),
            claim: last.map(|point| point.claim.as_str()),
            points: series.count as usize,
            step: series.latest_step().as_ref().map(StepView::from),
        }
    }
}

/// What a claim says in one line: `NATO: 7,000–15,000 killed · russia military · as of 2022-03-23 · "…"`.
pub fn claim_line(claim: &Claim) -> String {
    let mut parts = vec![figure_line(claim)];
    let people = match (&claim.party, &claim.group) {
        (Some(party), Some(group)) => format!("{party} {group}"),
        (Some(party), None) => format!("{party} {}", claim.victims),
        (None, Some(group)) => group.clone(),
        (None, None) => claim.victims.to_string(),
    };
    parts.push(people);
    if let Some(place) = &claim.place {
        parts.push(place.clone());
    }
    if let Some(as_of) = claim.as_of {
        parts.push(format!("as of {as_of}"));
    }
    parts.push(format!("“{}”", shortened(&claim.quote.text)).replace(['“', '”'], "\""));
    sanitised(&parts.join(" · "))
}

fn figure_line(claim: &Claim) -> String {
    let said = figure_words(&claim.figure, claim.outcomes);
    match &claim.claimant {
        Some(claimant) => format!("{}: {said}", claimant.name),
        None => said,
    }
}

/// `7,000–15,000 killed`, `~30,000–40,000 killed or wounded`.
pub(super) fn figure_words(figure: &Figure, outcomes: Outcomes) -> String {
    format!("{figure} {}", words(outcomes).join(" or "))
}
