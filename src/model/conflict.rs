//! A war as the configuration describes it: its sides, who states figures about it, and where it happens.

use std::collections::BTreeMap;

use jiff::civil::Date;

use crate::model::id::{ClaimantId, ConflictId, LangCode, PartyId};

/// Spellings by language. A word that ends in `*` stands for every ending, so that inflected languages need one
/// spelling a name.
pub type Names = BTreeMap<LangCode, Vec<String>>;

/// One war.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Conflict {
    /// Its short name.
    pub id: ConflictId,
    /// Its name for people.
    pub name: String,
    /// First day; what "since the war began" means. None for `world`, which is no single war.
    pub start: Option<Date>,
    /// Earlier stretches of the same conflict, oldest first.
    pub phases: Vec<Phase>,
    /// Its sides.
    pub parties: Vec<Party>,
    /// Who states figures about it.
    pub claimants: Vec<ConflictClaimant>,
    /// Where it happens.
    pub places: Vec<Place>,
}

/// An earlier stretch of a conflict.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Phase {
    /// Its name for people.
    pub name: String,
    /// Its first day.
    pub start: Date,
    /// Its last day.
    pub end: Date,
}

/// A side of a conflict, or a country.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Party {
    /// Its short name.
    pub id: PartyId,
    /// Its name for people.
    pub name: String,
    /// Whether the attack that the war began with fell on it: "1,195 people were killed in the attack of October 7".
    pub attacked: bool,
    /// Whether it alone has an army, so that "soldiers" of whom nothing else is said are its own.
    pub army: bool,
    /// How texts speak of it, by language.
    pub names: BTreeMap<LangCode, PartyNames>,
}

/// How the texts of one language speak of a side.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PartyNames {
    /// The country or movement itself: "Russia".
    pub country: Vec<String>,
    /// The word before a noun: "Russian".
    pub adjective: Vec<String>,
    /// Its people, civilians or soldiers: "Russians".
    pub people: Vec<String>,
    /// Words that stand for its government when they speak: "Moscow", "the Kremlin".
    pub government: Vec<String>,
    /// Its armed people and armies: "Russian army", "Hamas", "invaders".
    pub forces: Vec<String>,
    /// Words by which its own press is known, whatever they mean: "special military operation", "Artyomovsk".
    pub voice: Vec<String>,
}

/// A known claimant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConflictClaimant {
    /// Its short name.
    pub id: ClaimantId,
    /// Its name for people, in English.
    pub name: String,
    /// What it is: government, military, intelligence, media, monitor, ngo …
    pub kind: String,
    /// The side it speaks for; none for third parties.
    pub side: Option<PartyId>,
    /// The side whose losses it counts, where it counts only one's.
    pub counts: Option<PartyId>,
    /// The place, as claims carry it, that its totals are of, where that is not the whole country.
    pub area: Option<String>,
    /// Spellings by language.
    pub names: Names,
}

/// A place of the war.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// Its name in English, as claims carry it.
    pub name: String,
    /// The side whose people live there.
    pub party: PartyId,
    /// site, city, region, front or country: how narrow it is.
    pub level: String,
    /// Spellings by language.
    pub names: Names,
}
