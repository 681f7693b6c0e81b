//! Source blocks: one feed each.

use crate::config::main_file::{INTERVALS, duration};
use crate::config::names::is_language;
use crate::config::table::{Found, Table};
use crate::config::value;
use crate::model::ConflictId;
use crate::model::LangCode;
use crate::model::Selectors;
use crate::model::Source;
use crate::model::SourceId;

/// A source with the places that other files are checked against.
#[derive(Debug)]
pub(super) struct ReadSource {
    /// The id, also of a source with other mistakes.
    pub(super) id: Found<SourceId>,
    /// The language as named.
    pub(super) lang: Option<Found<LangCode>>,
    /// The conflicts as named.
    pub(super) conflicts: Vec<Found<ConflictId>>,
    /// Whether it is polled.
    pub(super) enabled: bool,
    /// The source, unless something of it is missing.
    pub(super) source: Option<Source>,
}

/// Reads every `[[source]]` of a file.
pub(super) fn read_sources(root: &mut Table<'_>) -> Vec<ReadSource> {
    root.tables("source").into_iter().filter_map(read_source).collect()
}

fn read_source(mut table: Table<'_>) -> Option<ReadSource> {
    let id = table.required_read("id", "\"kyiv-independent\"", |text| SourceId::new(text).map_err(|e| e.to_string()));
    let name = table.text("name").map(|found| found.value.to_owned());
    let feed = table.required_read("feed", "\"https://example.org/rss\"", value::web_address);
    let lang = table.read("lang", "a language code", language);
    let conflicts = conflicts(&mut table);
    let kind = table.text("kind").map_or_else(|| "media".to_owned(), |found| found.value.to_owned());
    let enabled = table.flag("enabled").unwrap_or(true);
    let interval = duration(&mut table, "interval", &INTERVALS);
    let checks_certificate = table.flag("check_certificate").unwrap_or(true);
    let article = table.table("article").map(read_selectors);
    table.finish("");
    let id = id?;
    let source = feed.map(|feed| Source {
        id: id.value.clone(),
        name: name.unwrap_or_else(|| id.value.to_string()),
        feed: feed.value,
        lang: lang.as_ref().map(|found| found.value.clone()),
        conflicts: conflicts.iter().map(|found| found.value.clone()).collect(),
        kind,
        enabled,
        interval,
        checks_certificate,
        article,
    });
    Some(ReadSource { id, lang, conflicts, enabled, source })
}

fn language(text: &str) -> Result<LangCode, String> {
    let wrong =
        || format!("“{text}” is no language code; write the two letters of ISO 639-1, such as \"en\" or \"uk\"");
    if is_language(text) { LangCode::new(text).map_err(|_| wrong()) } else { Err(wrong()) }
}

fn conflicts(table: &mut Table<'_>) -> Vec<Found<ConflictId>> {
    let mut conflicts = Vec::new();
    for text in table.texts("conflicts").map(|found| found.value).unwrap_or_default() {
        match ConflictId::new(text.value) {
            Ok(value) => conflicts.push(Found { value, at: text.at }),
            Err(error) => table.wrong("conflicts", &text.at, error),
        }
    }
    conflicts
}

fn read_selectors(mut table: Table<'_>) -> Selectors {
    let mut one = |key| {
        let found = table.text(key)?;
        if found.value.trim().is_empty() {
            table.wrong(key, &found.at, "is empty; write a CSS selector or leave the key out");
        }
        Some(found.value.to_owned())
    };
    let (body, title, published, byline) = (one("body"), one("title"), one("published"), one("byline"));
    let remove = table.texts("remove").map(|found| found.value).unwrap_or_default();
    let remove = remove.into_iter().map(|text| text.value.to_owned()).collect();
    table.finish("");
    Selectors { body, remove, title, published, byline }
}
