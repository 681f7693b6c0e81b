//! Reads one TOML table key by key and reports every mistake in it, so that the first one hides no other.

use std::fmt::Display;

use toml::de::DeTable;
use toml::de::DeValue;

use crate::config::nearest::nearest;
use crate::config::problem::{At, Report};

/// A table whose keys are asked for one by one; what nobody asked for is unknown.
#[derive(Debug)]
pub(super) struct Table<'a> {
    entries: &'a DeTable<'a>,
    at: At,
    path: String,
    whole: bool,
    asked: Vec<&'a str>,
    report: &'a Report,
}

/// A value with the place where it stands.
#[derive(Debug, Clone)]
pub(super) struct Found<T> {
    /// The value.
    pub(super) value: T,
    /// Its place.
    pub(super) at: At,
}

impl<'a> Table<'a> {
    /// The outermost table of a file; `whole` tells whether all of the file is TOML.
    pub(super) fn root(entries: &'a DeTable<'a>, at: At, whole: bool, report: &'a Report) -> Self {
        Table { entries, at, path: String::new(), whole, asked: Vec::new(), report }
    }

    /// Where the table begins.
    pub(super) fn at(&self) -> &At {
        &self.at
    }

    /// Where the value of `key` stands, or the table if it is not there.
    pub(super) fn place_of(&self, key: &str) -> At {
        self.entries.get(key).map_or_else(|| self.at.clone(), |value| self.at.shifted(value.span().start))
    }

    /// The whole name of a key in it, such as `http.timeout`.
    pub(super) fn key(&self, key: &str) -> String {
        if self.path.is_empty() { key.to_owned() } else { format!("{}.{key}", self.path) }
    }

    /// Reports a mistake in the value of `key`.
    pub(super) fn wrong(&self, key: &str, at: &At, message: impl Display) {
        self.report.add(at.problem(&self.key(key), message.to_string()));
    }

    /// Notes something that stops nobody.
    pub(super) fn note(&self, key: &str, at: &At, message: impl Display) {
        self.report.note(at.problem(&self.key(key), message.to_string()));
    }

    /// The value of `key`, whatever it is.
    pub(super) fn get(&mut self, key: &'a str) -> Option<Found<&'a DeValue<'a>>> {
        self.asked.push(key);
        let value = self.entries.get(key)?;
        Some(Found { value: value.get_ref(), at: self.at.shifted(value.span().start) })
    }

    /// Reports a value of the wrong type.
    pub(super) fn mistyped(&self, key: &str, found: &Found<&DeValue<'_>>, wanted: &str) {
        self.wrong(key, &found.at, format_args!("is {}, must be {wanted}", kind(found.value)));
    }

    /// A text.
    pub(super) fn text(&mut self, key: &'a str) -> Option<Found<&'a str>> {
        self.text_of(key, "a text in quotes")
    }

    /// A text; `wanted` says what kind of text if the value is none.
    fn text_of(&mut self, key: &'a str, wanted: &str) -> Option<Found<&'a str>> {
        let found = self.get(key)?;
        if let DeValue::String(text) = found.value {
            return Some(Found { value: text.as_ref(), at: found.at });
        }
        self.mistyped(key, &found, wanted);
        None
    }

    /// A text that must be there and not be empty; `example` goes into the report if it is not.
    pub(super) fn required(&mut self, key: &'a str, example: &str) -> Option<Found<&'a str>> {
        self.expect(key, example);
        let found = self.text(key)?;
        if found.value.trim().is_empty() {
            self.wrong(key, &found.at, format_args!("is empty; write one such as {example}"));
            return None;
        }
        Some(found)
    }

    /// Reports `key` if it is not there.
    pub(super) fn expect(&self, key: &str, example: &str) {
        if self.entries.get(key).is_none() {
            self.missing(key, example);
        }
    }

    /// Reports that `key` is not there, at the line where its table begins.
    pub(super) fn missing(&self, key: &str, example: &str) {
        if self.whole {
            self.wrong(key, &self.at, format_args!("is missing; add a line such as {key} = {example}"));
        }
    }

    /// A text that `read` understands; `wanted` says what it may be.
    pub(super) fn read<T>(
        &mut self,
        key: &'a str,
        wanted: &str,
        read: impl Fn(&str) -> Result<T, String>,
    ) -> Option<Found<T>> {
        let found = self.text_of(key, &format!("{wanted}, in quotes"))?;
        self.understand(key, &found, read)
    }

    /// A text that must be there and that `read` understands.
    pub(super) fn required_read<T>(
        &mut self,
        key: &'a str,
        example: &str,
        read: impl Fn(&str) -> Result<T, String>,
    ) -> Option<Found<T>> {
        let found = self.required(key, example)?;
        self.understand(key, &found, read)
    }

    fn understand<T>(
        &self,
        key: &str,
        found: &Found<&str>,
        read: impl Fn(&str) -> Result<T, String>,
    ) -> Option<Found<T>> {
        match read(found.value) {
            Ok(value) => Some(Found { value, at: found.at.clone() }),
            Err(message) => {
                self.wrong(key, &found.at, message);
                None
            }
        }
    }

    /// A list of texts, each with its place.
    pub(super) fn texts(&mut self, key: &'a str) -> Option<Found<Vec<Found<&'a str>>>> {
        let found = self.get(key)?;
        let wanted = "a list of texts such as [\"one\", \"two\"]";
        let DeValue::Array(items) = found.value else {
            self.mistyped(key, &found, wanted);
            return None;
        };
        let mut texts = Vec::new();
        for item in items {
            let item = Found { value: item.get_ref(), at: self.at.shifted(item.span().start) };
            if let DeValue::String(text) = item.value {
                texts.push(Found { value: text.as_ref(), at: item.at });
            } else {
                self.wrong(key, &item.at, format_args!("holds {}, must be {wanted}", kind(item.value)));
            }
        }
        Some(Found { value: texts, at: found.at })
    }

    /// The tables of a list: `[[key]]` blocks, or `key = [{ … }]`.
    pub(super) fn tables(&mut self, key: &'a str) -> Vec<Table<'a>> {
        let Some(found) = self.get(key) else { return Vec::new() };
        let wanted = format!("a list of tables, each under its own [[{}]]", self.key(key));
        let DeValue::Array(items) = found.value else {
            self.mistyped(key, &found, &wanted);
            return Vec::new();
        };
        let mut tables = Vec::new();
        for item in items {
            let at = self.at.shifted(item.span().start);
            if let DeValue::Table(entries) = item.get_ref() {
                tables.push(self.inner(key, entries, at));
            } else {
                self.wrong(key, &at, format_args!("holds {}, must be {wanted}", kind(item.get_ref())));
            }
        }
        tables
    }

    /// One table: a `[key]` block, or `key = { … }`.
    pub(super) fn table(&mut self, key: &'a str) -> Option<Table<'a>> {
        let found = self.get(key)?;
        if let DeValue::Table(entries) = found.value {
            return Some(self.inner(key, entries, found.at));
        }
        self.mistyped(key, &found, &format!("a table under [{}]", self.key(key)));
        None
    }

    fn inner(&self, key: &str, entries: &'a DeTable<'a>, at: At) -> Table<'a> {
        Table { entries, at, path: self.key(key), whole: self.whole, asked: Vec::new(), report: self.report }
    }

    /// The keys that nobody asked for yet and that `fits`.
    pub(super) fn remaining(&self, fits: impl Fn(&str) -> bool) -> Vec<&'a str> {
        let keys = self.entries.keys().map(|key| key.get_ref().as_ref());
        keys.filter(|key| !self.asked.contains(key) && fits(key)).collect()
    }

    /// Reports the keys that nobody asked for. `others` says what else could stand here.
    pub(super) fn finish(self, others: &str) {
        for key in self.entries.keys() {
            let name = key.get_ref().as_ref();
            if self.asked.contains(&name) {
                continue;
            }
            let hint = match nearest(name, self.asked.iter().copied()) {
                Some(near) => format!("did you mean “{near}”?"),
                // The header of its own table may be in the part that is no TOML.
                None if !self.whole => continue,
                None => format!("known here: {}{others}", self.asked.join(", ")),
            };
            let at = self.at.shifted(key.span().start);
            self.wrong(name, &at, format_args!("unknown key; {hint}"));
        }
    }
}

/// What a value is, for people.
fn kind(value: &DeValue<'_>) -> &'static str {
    match value {
        DeValue::String(_) => "a text",
        DeValue::Integer(_) => "a whole number",
        DeValue::Float(_) => "a number with a fraction",
        DeValue::Boolean(_) => "true or false",
        DeValue::Datetime(_) => "a date or time",
        DeValue::Array(_) => "a list",
        DeValue::Table(_) => "a table",
    }
}
