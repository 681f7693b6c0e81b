//! Conflict files: a war, its sides, who states figures about it, and where it happens.

use std::collections::BTreeMap;

use crate::config::names::{OR_LANGUAGE, read_names, read_party_names};
use crate::config::problem::At;
use crate::config::table::{Found, Table};
use crate::model::ClaimantId;
use crate::model::Conflict;
use crate::model::ConflictClaimant;
use crate::model::ConflictId;
use crate::model::LangCode;
use crate::model::Party;
use crate::model::PartyId;
use crate::model::Phase;
use crate::model::Place;

/// The conflict that is no single war: the world's countries.
pub(super) const WORLD: &str = "world";

/// How narrow a place can be, narrowest first.
const LEVELS: [&str; 5] = ["site", "city", "region", "front", "country"];

/// A party that a claimant or place names: the key that does, and the value.
pub(super) type Mention = (String, Found<PartyId>);

/// A conflict with the places that are checked once all conflicts are read.
#[derive(Debug)]
pub(super) struct ReadConflict {
    /// The conflict; what was wrong in it is left out.
    pub(super) conflict: Conflict,
    /// Parties named by claimants and places: key, value and place.
    pub(super) named_parties: Vec<Mention>,
}

/// Reads a conflict file whose name before `.toml` is `stem`.
pub(super) fn read_conflict(mut root: Table<'_>, stem: &str) -> Option<ReadConflict> {
    let id = read_id(&mut root, stem);
    let name = root.required("name", "\"Russia – Ukraine\"").map(|found| found.value.to_owned());
    let start = if stem == WORLD { root.date("start") } else { root.required_date("start") };
    let start = start.map(|found| found.value);
    let phases = root.tables("phase").into_iter().filter_map(read_phase).collect();
    let parties = read_parties(&mut root);
    let mut named_parties = Vec::new();
    let places = read_places(&mut root, &mut named_parties);
    let claimants = read_claimants(&mut root, &places, &mut named_parties);
    root.finish("");
    let conflict = Conflict { id: id?, name: name.unwrap_or_default(), start, phases, parties, claimants, places };
    Some(ReadConflict { conflict, named_parties })
}

/// The id: always that of the file name, so that one broken line does not make every source's conflict unknown.
fn read_id(root: &mut Table<'_>, stem: &str) -> Option<ConflictId> {
    let found = root.required("id", &format!("\"{stem}\""));
    if let Some(found) = found
        && found.value != stem
    {
        let message = format!("“{}” is not the name of its file; write \"{stem}\" or rename the file", found.value);
        root.wrong("id", &found.at, message);
    }
    match ConflictId::new(stem) {
        Ok(id) => Some(id),
        Err(error) => {
            root.wrong("id", &root.at().clone(), format_args!("the file name is wrong: {error}"));
            None
        }
    }
}

fn read_phase(mut table: Table<'_>) -> Option<Phase> {
    let name = table.required("name", "\"Donbas war\"").map(|found| found.value.to_owned());
    let start = table.required_date("start");
    let end = table.required_date("end");
    if let (Some(start), Some(end)) = (&start, &end)
        && end.value < start.value
    {
        table.wrong("end", &end.at, format_args!("{} is before start ({})", end.value, start.value));
    }
    table.finish("");
    Some(Phase { name: name?, start: start?.value, end: end?.value })
}

fn read_parties(root: &mut Table<'_>) -> Vec<Party> {
    let mut parties = Vec::new();
    let mut seen = Seen::default();
    for mut table in root.tables("party") {
        let id = table.required_read("id", "\"ukraine\"", |text| PartyId::new(text).map_err(|e| e.to_string()));
        let name = table.required("name", "\"Ukraine\"").map(|found| found.value.to_owned());
        let attacked = table.flag("attacked").unwrap_or_default();
        let army = table.flag("army").unwrap_or_default();
        let names = read_party_names(&mut table);
        if names.is_empty() {
            table.missing("en", "{ country = [\"Ukraine\"] }");
        }
        if let Some(id) = &id {
            seen.check(&table, "id", &id.value.to_string(), id);
        }
        table.finish(OR_LANGUAGE);
        if let (Some(id), Some(name)) = (id, name) {
            parties.push(Party { id: id.value, name, attacked, army, names });
        }
    }
    parties
}

fn read_claimants(root: &mut Table<'_>, places: &[Place], mentions: &mut Vec<Mention>) -> Vec<ConflictClaimant> {
    let mut claimants = Vec::new();
    let mut seen = Seen::default();
    for mut table in root.tables("claimant") {
        let id = table.required_read("id", "\"un\"", |text| ClaimantId::new(text).map_err(|e| e.to_string()));
        let name = table.required("name", "\"United Nations\"").map(|found| found.value.to_owned());
        let kind = table.required("kind", "\"monitor\"").map(|found| found.value.to_owned());
        let side = read_party_id(&mut table, "side", mentions);
        let counts = read_party_id(&mut table, "counts", mentions);
        let area = read_area(&mut table, places);
        let names = read_names(&mut table);
        if names.is_empty() {
            table.missing("en", "[\"United Nations\", \"UN\"]");
        }
        if let Some(id) = &id {
            seen.check(&table, "id", &id.value.to_string(), id);
        }
        table.finish(OR_LANGUAGE);
        if let (Some(id), Some(name), Some(kind)) = (id, name, kind) {
            claimants.push(ConflictClaimant { id: id.value, name, kind, side, counts, area, names });
        }
    }
    claimants
}

/// The place that a claimant's totals are of.
fn read_area(table: &mut Table<'_>, places: &[Place]) -> Option<String> {
    let found = table.text("area")?;
    if !places.iter().any(|place| place.name == found.value) {
        let message =
            format!("no place of this conflict has the name “{}”; write one as it stands under place", found.value);
        table.wrong("area", &found.at, message);
        return None;
    }
    Some(found.value.to_owned())
}

fn read_places(root: &mut Table<'_>, mentions: &mut Vec<Mention>) -> Vec<Place> {
    let mut places = Vec::new();
    let mut seen = Seen::default();
    let english = LangCode::new("en").ok();
    for mut table in root.tables("place") {
        let name = table.required("name", "\"Kharkiv\"");
        table.expect("party", "\"ukraine\"");
        let party = read_party_id(&mut table, "party", mentions);
        let level = table.required_read("level", "\"city\"", level);
        let mut names = read_names(&mut table);
        if let Some(name) = &name {
            seen.check(&table, "name", name.value, name);
            // The name is an English spelling by itself.
            let spellings = english.clone().map(|code| names.entry(code).or_default());
            if let Some(spellings) = spellings.filter(|known| !known.iter().any(|known| known == name.value)) {
                spellings.insert(0, name.value.to_owned());
            }
        }
        table.finish(OR_LANGUAGE);
        if let (Some(name), Some(party), Some(level)) = (name, party, level) {
            places.push(Place { name: name.value.to_owned(), party, level: level.value, names });
        }
    }
    places
}

fn level(text: &str) -> Result<String, String> {
    let known = LEVELS.contains(&text).then(|| text.to_owned());
    known.ok_or_else(|| format!("“{text}” is none of {}", LEVELS.join(", ")))
}

fn read_party_id<'a>(table: &mut Table<'a>, key: &'a str, mentions: &mut Vec<Mention>) -> Option<PartyId> {
    let found = table.read(key, "a party's id", |text| PartyId::new(text).map_err(|error| error.to_string()))?;
    mentions.push((table.key(key), found.clone()));
    Some(found.value)
}

/// Names that may stand only once, with the place where they do.
#[derive(Default)]
struct Seen(BTreeMap<String, At>);

impl Seen {
    /// Reports `name` if it was seen before, with the earlier place.
    fn check<T>(&mut self, table: &Table<'_>, key: &str, name: &str, found: &Found<T>) {
        if let Some(first) = self.0.get(name) {
            table.wrong(key, &found.at, format_args!("“{name}” is there twice, first at {first}; rename or drop one"));
        } else {
            self.0.insert(name.to_owned(), found.at.clone());
        }
    }
}
