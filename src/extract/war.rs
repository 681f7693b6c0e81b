//! Who fights, and on whose land: from the conflict file, or for a war without one from what the article speaks of.

#![allow(clippy::wildcard_enum_match_arm, reason = "a question about one meaning has the same answer for all others")]

use std::collections::BTreeMap;

use crate::extract::context::Names;
use crate::extract::meaning::Meaning;
use crate::extract::scan::Scan;
use crate::model::{ConflictId, PartyId};

/// The sides of the war that an article tells of.
#[derive(Debug, Clone, Default)]
pub(super) struct War {
    sides: Vec<PartyId>,
    land: Option<PartyId>,
    voice: Option<PartyId>,
    /// Armies of one country fight on its own land.
    is_civil: bool,
    /// The name of the conflict, of which there is no file, says who they are: "myanmar".
    called: bool,
}

/// How often a country must be named to be a side of a war that has no file.
const NAMED: usize = 3;

impl War {
    /// The war of a conflict file; without one, or between states whose land it names nowhere, the countries that the article
    /// names most.
    pub(super) fn new(names: &Names, scan: &Scan<'_>, conflicts: &[ConflictId]) -> Self {
        if !names.is_between_states() {
            let sides = names.sides().to_vec();
            let land = setting(names, scan.named()).or(names.theatre()).cloned();
            return Self::of(sides, land, voice(names, scan.named()).cloned());
        }
        let mut named: BTreeMap<&PartyId, usize> = BTreeMap::new();
        scan.named().for_each(|meaning| {
            let party = match meaning {
                Meaning::Party(_, row) => names.party(row),
                Meaning::Place(row) => names.place(row).map(|place| &place.party),
                Meaning::Claimant(row) => names.claimant(row).and_then(|claimant| claimant.side.as_ref()),
                _ => None,
            };
            if let Some(party) = party {
                *named.entry(party).or_default() += 1;
            }
        });
        let mut ranked: Vec<(&PartyId, usize)> = named.into_iter().collect();
        ranked.sort_by(|one, other| other.1.cmp(&one.1).then_with(|| one.0.cmp(other.0)));
        let called = |party: &PartyId| {
            names.sides().contains(party) || conflicts.iter().any(|id| is_named_by(id.as_str(), party.as_str()))
        };
        let mut sides: Vec<PartyId> =
            ranked.iter().filter(|(party, _)| called(party)).map(|(party, _)| (*party).clone()).collect();
        // "india-pakistan" has two sides, whichever of them the article names.
        let unnamed = names.parties().filter(|party| called(party) && !named_at_all(&ranked, party));
        sides.extend(unnamed.cloned());
        let is_called = !sides.is_empty();
        if sides.is_empty() {
            let often = ranked.iter().take(2).filter(|(_, times)| *times >= NAMED);
            sides = often.map(|(party, _)| (*party).clone()).collect();
        }
        let land = sides.first().cloned().or_else(|| ranked.first().map(|(party, _)| (*party).clone()));
        Self { called: is_called, ..Self::of(sides, land, None) }
    }

    fn of(sides: Vec<PartyId>, land: Option<PartyId>, voice: Option<PartyId>) -> Self {
        let of_land = |land: &PartyId| sides.iter().take(2).any(|side| side == land);
        let is_civil = sides.len() > 2 && land.as_ref().is_some_and(|land| !of_land(land));
        Self { sides, land, voice, is_civil, called: false }
    }

    /// The side whose press the article is of, by the words that it uses.
    pub(super) fn voice(&self) -> Option<&PartyId> {
        self.voice.as_ref()
    }

    /// Whether a country takes part in it, or has soldiers there whom somebody counts; any may, where nothing says who does.
    pub(super) fn takes_part(&self, names: &Names, party: &PartyId) -> bool {
        if self.called { self.is_side(party) } else { names.takes_part(party) }
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
        self.is_civil
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

/// How many places an article must name to have a setting of its own, and which share of them.
const PLACES: usize = 3;
const MOST_OF_THEM: usize = 3;

/// The side whose land an article is set in, if it is not the one on whose land most of the war is fought: of Belgorod
/// or of a kibbutz.
fn setting(names: &Names, named: impl Iterator<Item = Meaning>) -> Option<&PartyId> {
    let mut places: BTreeMap<&PartyId, usize> = BTreeMap::new();
    for meaning in named {
        let Meaning::Place(row) = meaning else { continue };
        let place = names.place(row).filter(|place| names.is_own(meaning) && place.level != "country");
        if let Some(place) = place {
            *places.entry(&place.party).or_default() += 1;
        }
    }
    let all: usize = places.values().sum();
    let (party, times) = places.into_iter().max_by_key(|(party, times)| (*times, *party))?;
    (all >= PLACES && times * (MOST_OF_THEM + 1) >= all * MOST_OF_THEM).then_some(party)
}

/// How many words of a side's press make an article one of it.
const VOICED: usize = 2;

/// The side whose press alone speaks as the article does.
fn voice(names: &Names, named: impl Iterator<Item = Meaning>) -> Option<&PartyId> {
    let mut heard: BTreeMap<&PartyId, usize> = BTreeMap::new();
    for meaning in named {
        if let Meaning::Voice(row) = meaning
            && let Some(party) = names.party(row)
        {
            *heard.entry(party).or_default() += 1;
        }
    }
    let mut heard = heard.into_iter();
    let (party, times) = heard.next()?;
    (times >= VOICED && heard.next().is_none()).then_some(party)
}

fn named_at_all(ranked: &[(&PartyId, usize)], party: &PartyId) -> bool {
    ranked.iter().any(|(named, _)| *named == party)
}

/// "india-pakistan" is named by its two sides.
fn is_named_by(conflict: &str, party: &str) -> bool {
    conflict == party
        || conflict.strip_prefix(party).is_some_and(|rest| rest.starts_with('-'))
        || conflict.strip_suffix(party).is_some_and(|rest| rest.ends_with('-'))
}
