//! Who fights, and on whose land: from the conflict file, or for a war without one from what the article speaks of.

#![allow(clippy::wildcard_enum_match_arm, reason = "a question about one meaning has the same answer for all others")]

use std::collections::HashMap;

use crate::extract::context::Names;
use crate::extract::lexicon::Meaning;
use crate::extract::scan::Scan;
use crate::model::{ConflictId, PartyId};

/// The sides of the war that an article tells of.
#[derive(Debug, Clone, Default)]
pub(super) struct War {
    sides: Vec<PartyId>,
    land: Option<PartyId>,
}

/// How often a country must be named to be a side of a war that has no file.
const NAMED: usize = 3;

impl War {
    /// The war of a conflict file; without one, the countries that the article names most.
    pub(super) fn new(names: &Names, scan: &Scan<'_>, conflicts: &[ConflictId]) -> Self {
        if !names.is_world() {
            return Self { sides: names.sides().to_vec(), land: names.theatre().cloned() };
        }
        let mut named: HashMap<&PartyId, usize> = HashMap::new();
        scan.senses().flat_map(|sense| &sense.meanings).for_each(|meaning| {
            let party = match meaning {
                Meaning::Party(_, row) => names.party(*row),
                Meaning::Place(row) => names.place(*row).map(|place| &place.party),
                _ => None,
            };
            if let Some(party) = party {
                *named.entry(party).or_default() += 1;
            }
        });
        let mut ranked: Vec<(&PartyId, usize)> = named.into_iter().collect();
        ranked.sort_by(|one, other| other.1.cmp(&one.1).then_with(|| one.0.cmp(other.0)));
        let called = |party: &PartyId| conflicts.iter().any(|id| is_named_by(id.as_str(), party.as_str()));
        let mut sides: Vec<PartyId> =
            ranked.iter().filter(|(party, _)| called(party)).map(|(party, _)| (*party).clone()).collect();
        if sides.is_empty() {
            let often = ranked.iter().take(2).filter(|(_, times)| *times >= NAMED);
            sides = often.map(|(party, _)| (*party).clone()).collect();
        }
        let land = sides.first().cloned().or_else(|| ranked.first().map(|(party, _)| (*party).clone()));
        Self { sides, land }
    }

    /// Whether a party fights in it.
    pub(super) fn is_side(&self, party: &PartyId) -> bool {
        self.sides.contains(party)
    }

    /// The side whose land it is fought on.
    pub(super) fn land(&self) -> Option<&PartyId> {
        self.land.as_ref()
    }

    /// Whether armies of one country fight on its own land.
    pub(super) fn is_civil(&self) -> bool {
        self.sides.len() > 2
            && self.land.as_ref().is_some_and(|land| !self.sides.iter().take(2).any(|side| side == land))
    }

    /// The main opponent: the first of the two first sides that is not this one. A conflict file lists its main
    /// adversaries first; allies of one stand behind them.
    pub(super) fn opponent(&self, party: &PartyId) -> Option<&PartyId> {
        if !self.is_side(party) {
            return None;
        }
        self.sides.iter().take(2).find(|side| *side != party)
    }
}

/// "india-pakistan" is named by its two sides.
fn is_named_by(conflict: &str, party: &str) -> bool {
    conflict == party
        || conflict.strip_prefix(party).is_some_and(|rest| rest.starts_with('-'))
        || conflict.strip_suffix(party).is_some_and(|rest| rest.ends_with('-'))
}
