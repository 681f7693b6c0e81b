//! What only shows once all files are read: names that must be unique, and names of things that must be there.

use std::collections::{BTreeMap, BTreeSet};

use crate::config::conflicts::{ReadConflict, WORLD};
use crate::config::nearest::hint;
use crate::config::outputs::ReadOutput;
use crate::config::problem::{At, Report};
use crate::config::sources::ReadSource;
use crate::extract::Language;

/// Reports sources with the id of another, with a conflict that nobody configured, and with a language that has no file.
pub(super) fn check_sources(
    sources: &[ReadSource],
    conflicts: &BTreeSet<&str>,
    languages: &BTreeSet<&str>,
    report: &Report,
) {
    let mut seen: BTreeMap<&str, &At> = BTreeMap::new();
    for source in sources {
        let (id, at) = (source.id.value.as_str(), &source.id.at);
        if let Some(first) = seen.get(id) {
            let message = format!("“{id}” is the id of two sources, the other one at {first}; rename or drop one");
            report.add(at.problem("source.id", message));
        } else {
            seen.insert(id, at);
        }
        check_conflicts(source, conflicts, report);
        check_language(source, languages, report);
    }
}

fn check_conflicts(source: &ReadSource, conflicts: &BTreeSet<&str>, report: &Report) {
    let known: Vec<&str> = conflicts.iter().copied().collect();
    for named in &source.conflicts {
        let name = named.value.as_str();
        if !conflicts.contains(name) {
            let hint = hint(name, &known);
            let message = format!("no conflict has the id “{name}” (it would be conflicts/{name}.toml){hint}");
            report.add(named.at.problem("source.conflicts", message));
        }
    }
}

/// A source that is switched off may wait for its language.
fn check_language(source: &ReadSource, languages: &BTreeSet<&str>, report: &Report) {
    let Some(lang) = source.lang.as_ref().filter(|lang| !languages.contains(lang.value.as_str())) else { return };
    let known: Vec<&str> = languages.iter().copied().collect();
    let (code, known) = (&lang.value, known.join(", "));
    let message = format!("there is no languages/{code}.toml (there are: {known}); add it or set enabled = false");
    if source.enabled {
        report.add(lang.at.problem("source.lang", message));
    } else {
        let message = format!("there is no languages/{code}.toml; source “{}” can't be enabled yet", source.id.value);
        report.note(lang.at.problem("source.lang", message));
    }
}

/// Reports parties that claimants and places name but that neither their conflict nor the world has.
pub(super) fn check_parties(conflicts: &[ReadConflict], report: &Report) {
    let of = |read: &ReadConflict| -> Vec<String> {
        read.conflict.parties.iter().map(|party| party.id.to_string()).collect()
    };
    let is_world = |read: &&ReadConflict| read.conflict.id.as_str() == WORLD;
    let world: Vec<String> = conflicts.iter().filter(is_world).flat_map(of).collect();
    let world: BTreeSet<&str> = world.iter().map(String::as_str).collect();
    for read in conflicts {
        let own = of(read);
        let own: BTreeSet<&str> = own.iter().map(String::as_str).collect();
        for (key, named) in &read.named_parties {
            let name = named.value.as_str();
            if own.contains(name) || world.contains(name) {
                continue;
            }
            let near = hint(name, &own.union(&world).copied().collect::<Vec<_>>());
            let own: Vec<&str> = own.iter().copied().collect();
            let hint = if near.contains("did you mean") {
                near
            } else {
                format!("; known: {} and the countries of world.toml", own.join(", "))
            };
            report.add(named.at.problem(key, format!("no party has the id “{name}”{hint}")));
        }
    }
}

/// Reports outputs with the id or the file of another, and conflicts and parties in their filters that nobody configured.
pub(super) fn check_outputs(
    outputs: &[ReadOutput],
    conflicts: &BTreeSet<&str>,
    read: &[ReadConflict],
    report: &Report,
) {
    let known_conflicts: Vec<&str> = conflicts.iter().copied().collect();
    let parties: BTreeSet<&str> =
        read.iter().flat_map(|read| &read.conflict.parties).map(|party| party.id.as_str()).collect();
    let known_parties: Vec<&str> = parties.iter().copied().collect();
    for (nth, output) in outputs.iter().enumerate() {
        let earlier = outputs.iter().take(nth);
        if let Some(first) = earlier.clone().find(|other| other.id.value == output.id.value) {
            let (id, first) = (&output.id.value, &first.id.at);
            let message = format!("“{id}” is the id of two outputs, the other one at {first}; rename or drop one");
            report.add(output.id.at.problem("outputs.id", message));
        }
        if let Some(path) = &output.path
            && let Some(first) = earlier.filter_map(|other| other.path.as_ref()).find(|other| other.value == path.value)
        {
            let message = format!("another output writes this file, at {}; name another file", first.at);
            report.add(path.at.problem("outputs.path", message));
        }
        for named in output.conflicts.iter().filter(|named| !conflicts.contains(named.value.as_str())) {
            let name = named.value.as_str();
            let message = format!("no conflict has the id “{name}”{}", hint(name, &known_conflicts));
            report.add(named.at.problem("outputs.conflicts", message));
        }
        for named in output.parties.iter().filter(|named| !parties.contains(named.value.as_str())) {
            let name = named.value.as_str();
            let message = format!("no party has the id “{name}”{}", hint(name, &known_parties));
            report.add(named.at.problem("outputs.parties", message));
        }
    }
}

/// The codes of the languages that have a file.
pub(super) fn codes(languages: &[Language]) -> BTreeSet<&str> {
    languages.iter().map(|language| language.code().as_str()).collect()
}
