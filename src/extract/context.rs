//! What surrounds an article: the conflict it is about, with its parties, claimants and places by their rows.

#![allow(clippy::wildcard_enum_match_arm, reason = "a question about one meaning has the same answer for all others")]

use crate::extract::meaning::Meaning;
use crate::model::{Conflict, ConflictClaimant, LangCode, Party, PartyId, Place};
use jiff::civil::Date;

/// The conflicts whose names a lexicon knows, the article's own first; rows are numbered as the lexicon numbers them.
#[derive(Debug)]
pub(super) struct Names {
    pub(super) start: Option<Date>,
    inflected: bool,
    parties: Vec<Party>,
    claimants: Vec<ConflictClaimant>,
    places: Vec<Place>,
    /// The sides of the conflict itself; none for the world.
    sides: Vec<PartyId>,
    theatre: Option<PartyId>,
    army: Option<PartyId>,
    attacked: Option<PartyId>,
    /// The countries whose soldiers a claimant of the conflict itself counts, each once.
    counted: Vec<PartyId>,
    /// How many parties, claimants and places come from the first conflict.
    own: (usize, usize, usize),
}

impl Names {
    /// Takes over the names of these conflicts.
    pub(super) fn new(conflicts: &[&Conflict], inflected: bool) -> Self {
        let own = conflicts.first();
        let mut counted: Vec<PartyId> = Vec::new();
        for party in own.iter().flat_map(|own| &own.claimants).filter_map(|claimant| claimant.counts.as_ref()) {
            if !counted.contains(party) {
                counted.push(party.clone());
            }
        }
        Self {
            start: own.and_then(|conflict| conflict.start),
            inflected,
            parties: conflicts.iter().flat_map(|conflict| conflict.parties.clone()).collect(),
            claimants: conflicts.iter().flat_map(|conflict| conflict.claimants.clone()).collect(),
            places: conflicts.iter().flat_map(|conflict| conflict.places.clone()).collect(),
            sides: own
                .filter(|conflict| conflict.start.is_some())
                .map(|conflict| conflict.parties.iter().map(|party| party.id.clone()).collect())
                .unwrap_or_default(),
            theatre: own.and_then(|own| theatre(own)),
            attacked: own.and_then(|own| own.parties.iter().find(|party| party.attacked)).map(|party| party.id.clone()),
            army: own.and_then(|own| own.parties.iter().find(|party| party.army)).map(|party| party.id.clone()),
            counted,
            own: own.map_or((0, 0, 0), |own| (own.parties.len(), own.claimants.len(), own.places.len())),
        }
    }

    /// Whether the language of the text has cases.
    pub(super) fn inflected(&self) -> bool {
        self.inflected
    }

    pub(super) fn party(&self, row: u16) -> Option<&PartyId> {
        self.parties.get(usize::from(row)).map(|party| &party.id)
    }

    /// The ids of all parties, those of the conflict itself first.
    pub(super) fn parties(&self) -> impl Iterator<Item = &PartyId> {
        self.parties.iter().map(|party| &party.id)
    }

    pub(super) fn claimant(&self, row: u16) -> Option<&ConflictClaimant> {
        self.claimants.get(usize::from(row))
    }

    /// The spellings of a claimant in a language.
    pub(super) fn spellings(&self, row: u16, lang: &LangCode) -> &[String] {
        self.claimant(row).and_then(|claimant| claimant.names.get(lang)).map_or(&[], Vec::as_slice)
    }

    pub(super) fn place(&self, row: u16) -> Option<&Place> {
        self.places.get(usize::from(row))
    }

    /// Whether a name belongs to the conflict itself rather than to the world.
    pub(super) fn is_own(&self, meaning: Meaning) -> bool {
        match meaning {
            Meaning::Party(_, row) => usize::from(row) < self.own.0,
            Meaning::Claimant(row) => usize::from(row) < self.own.1,
            Meaning::Place(row) => usize::from(row) < self.own.2,
            _ => false,
        }
    }

    /// Whether a country takes part, or has soldiers there whom somebody counts.
    pub(super) fn takes_part(&self, party: &PartyId) -> bool {
        self.is_world() || self.sides.contains(party) || self.counted.contains(party)
    }

    /// The sides of the conflict itself, its main adversaries first.
    pub(super) fn sides(&self) -> &[PartyId] {
        &self.sides
    }

    /// The side whose land the war is fought on: the one most of the conflict's places belong to.
    pub(super) fn theatre(&self) -> Option<&PartyId> {
        self.theatre.as_ref()
    }

    /// The side that the attack of the first day fell on.
    pub(super) fn attacked(&self) -> Option<&PartyId> {
        self.attacked.as_ref()
    }

    /// The side that alone has an army.
    pub(super) fn army(&self) -> Option<&PartyId> {
        self.army.as_ref()
    }

    /// Whether it is fought between states, so that each government speaks of its own people: that of a conflict without
    /// places of its own, or one that has no file.
    pub(super) fn is_between_states(&self) -> bool {
        self.own.2 == 0 || self.is_world()
    }

    /// Whether there is no conflict of its own, only the world's countries.
    pub(super) fn is_world(&self) -> bool {
        self.sides.is_empty()
    }
}

fn theatre(conflict: &Conflict) -> Option<PartyId> {
    conflict.start.filter(|_| !conflict.places.is_empty())?;
    let places = |party: &Party| conflict.places.iter().filter(|place| place.party == party.id).count();
    conflict.parties.iter().max_by_key(|party| places(party)).map(|party| party.id.clone())
}
