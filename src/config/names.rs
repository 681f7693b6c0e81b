//! Spellings of a party, claimant or place in the languages that the configuration knows.

use std::collections::BTreeMap;

use crate::config::table::Table;
use crate::model::LangCode;
use crate::model::Names;
use crate::model::PartyNames;

/// The two-letter codes of ISO 639-1, each with one space behind it.
const LANGUAGES: &str = "aa ab ae af ak am an ar as av ay az ba be bg bh bi bm bn bo br bs ca ce ch co cr cs cu cv cy \
    da de dv dz ee el en eo es et eu fa ff fi fj fo fr fy ga gd gl gn gu gv ha he hi ho hr ht hu hy hz ia id ie ig ii \
    ik io is it iu ja jv ka kg ki kj kk kl km kn ko kr ks ku kv kw ky la lb lg li ln lo lt lu lv mg mh mi mk ml mn mr \
    ms mt my na nb nd ne ng nl nn no nr nv ny oc oj om or os pa pi pl ps pt qu rm rn ro ru rw sa sc sd se sg si sk sl \
    sm sn so sq sr ss st su sv sw ta te tg th ti tk tl tn to tr ts tt tw ty ug uk ur uz ve vi vo wa wo xh yi yo za zh zu";

/// What else may stand beside the known keys, for reports of unknown ones.
pub(super) const OR_LANGUAGE: &str = ", or a language code such as en, uk, ru";

/// Whether `text` is the code of a language.
pub(super) fn is_language(text: &str) -> bool {
    text.len() == 2 && LANGUAGES.as_bytes().chunks(3).any(|code| code.starts_with(text.as_bytes()))
}

/// The lists of spellings in a table whose other keys were asked for already: `en = […]`, `uk = […]`.
pub(super) fn read_names(table: &mut Table<'_>) -> Names {
    let mut names = Names::new();
    for key in table.remaining(is_language) {
        let spellings = read_spellings(table, key);
        if let Ok(code) = LangCode::new(key) {
            names.insert(code, spellings);
        }
    }
    names
}

/// The spellings of a party: `[party.en]` with `country`, `adjective` and so on.
pub(super) fn read_party_names(table: &mut Table<'_>) -> BTreeMap<LangCode, PartyNames> {
    let mut names = BTreeMap::new();
    for key in table.remaining(is_language) {
        let Some(mut inner) = table.table(key) else { continue };
        let spoken = PartyNames {
            country: read_spellings(&mut inner, "country"),
            adjective: read_spellings(&mut inner, "adjective"),
            people: read_spellings(&mut inner, "people"),
            government: read_spellings(&mut inner, "government"),
            forces: read_spellings(&mut inner, "forces"),
            voice: read_spellings(&mut inner, "voice"),
        };
        inner.finish("");
        if let Ok(code) = LangCode::new(key) {
            names.insert(code, spoken);
        }
    }
    names
}

fn read_spellings<'a>(table: &mut Table<'a>, key: &'a str) -> Vec<String> {
    let Some(found) = table.texts(key) else { return Vec::new() };
    if found.value.is_empty() {
        table.wrong(key, &found.at, "is an empty list; give at least one spelling or leave the key out");
    }
    let mut spellings: Vec<String> = Vec::new();
    for text in found.value {
        if let Some(message) = mistake(text.value) {
            table.wrong(key, &text.at, format_args!("“{}” {message}", text.value));
        } else if spellings.iter().any(|known| known == text.value) {
            table.wrong(key, &text.at, format_args!("“{}” is there twice; drop one", text.value));
        } else {
            spellings.push(text.value.to_owned());
        }
    }
    spellings
}

/// What is wrong with a spelling.
fn mistake(text: &str) -> Option<&'static str> {
    if text.trim().is_empty() {
        return Some("is empty; write a name");
    }
    if text.trim() != text || text.contains("  ") || text.chars().any(char::is_control) {
        return Some("has spaces to spare; write single spaces, none at the ends");
    }
    let is_stem = |word: &str| word.strip_suffix('*').is_none_or(|stem| stem.chars().count() >= 2);
    let stars_end_words = text.split(' ').all(|word| word.matches('*').count() <= 1 && is_stem(word));
    let misplaced = text.split(' ').any(|word| word.contains('*') && !word.ends_with('*'));
    if misplaced || !stars_end_words {
        return Some("has “*” where it cannot stand; it ends a word, after at least two letters");
    }
    None
}
