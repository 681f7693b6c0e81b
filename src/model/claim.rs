//! A claim: who says it, whose people, what happened to them, how many, over which time and place.

use std::fmt;
use std::ops::Range;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::model::figure::Figure;
use crate::model::id::{ClaimantId, PartyId};
use crate::model::outcome::Outcomes;

/// One assertion that an article reports, as the extraction found it.
#[derive(Debug, Clone, PartialEq)]
pub struct Claim {
    /// What happened to the people.
    pub outcomes: Outcomes,
    /// How many.
    pub figure: Figure,
    /// The side whose people they are; none for both sides together or if nothing tells.
    pub party: Option<PartyId>,
    /// What kind of people.
    pub victims: Victims,
    /// A narrower group in English ("journalists"), if the text names one.
    pub group: Option<String>,
    /// The origin of the figure; none if the article asserts it in its own voice.
    pub claimant: Option<Claimant>,
    /// Who relayed it, outermost first; the origin is not repeated here.
    pub attribution: Vec<String>,
    /// Which stretch of the war the figure covers.
    pub scope: Scope,
    /// First day that the figure covers.
    pub since: Option<Date>,
    /// Last day that the figure covers.
    pub as_of: Option<Date>,
    /// How many days `as_of` may be off either way, as the wording leaves it open ("about two weeks ago").
    pub as_of_days: u16,
    /// Whether the text itself dates the figure, or `as_of` merely falls back on the day of publication.
    pub as_of_stated: bool,
    /// The narrowest place in English, if narrower than the conflict.
    pub place: Option<String>,
    /// The sentence that carries the figure.
    pub quote: Quote,
    /// The words that were printed for the figure and for the outcome.
    pub wording: Wording,
    /// The rule of the language that found it.
    pub rule: String,
    /// How likely the claim is right, from 0 to 1, calibrated on labelled articles.
    pub confidence: f32,
}

/// Who stands behind a figure.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claimant {
    /// The name as the article gives it.
    pub name: String,
    /// The known claimant behind that name.
    pub id: Option<ClaimantId>,
}

/// A sentence, letter for letter, and where it stands in the article's document (`Article::document`), in bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Quote {
    /// The sentence.
    pub text: String,
    /// Its bytes in the document.
    pub span: Range<usize>,
}

/// The printed words of a claim, kept because copies lose hedges and change outcomes.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Wording {
    /// "at least 264".
    pub figure: String,
    /// "killed".
    pub outcome: String,
}

/// What kind of people were counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Victims {
    /// Soldiers, fighters.
    Military,
    /// Civilians, by word or by kind (children, journalists, police).
    Civilian,
    /// "People": the text does not say.
    Unspecified,
}

impl Victims {
    /// The word used in JSON and in the store.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Military => "military",
            Self::Civilian => "civilian",
            Self::Unspecified => "unspecified",
        }
    }
}

impl fmt::Display for Victims {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Which stretch of the war a figure covers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Scope {
    /// Since the conflict began.
    Cumulative,
    /// A bounded stretch: a day, a month, a year.
    Period,
    /// One attack, battle, operation or event.
    Incident,
}

impl Scope {
    /// The word used in JSON and in the store.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Cumulative => "cumulative",
            Self::Period => "period",
            Self::Incident => "incident",
        }
    }
}

impl fmt::Display for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
