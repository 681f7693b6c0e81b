//! One file as TOML, with every syntax error in it.

use std::sync::Arc;

use serde_spanned::Spanned;
use toml::de::DeTable;

use crate::config::problem::{At, Report, SYNTAX, TextFile};
use crate::config::table::Table;

/// A parsed file, before anybody asks for its keys.
#[derive(Debug)]
pub(super) struct Document<'a> {
    root: Spanned<DeTable<'a>>,
    file: &'a Arc<TextFile>,
    /// Whether all of it is TOML. What is missing from a file that is not may only be unreadable.
    pub(super) whole: bool,
}

impl<'a> Document<'a> {
    /// Parses a file, goes on after syntax errors and reports each.
    pub(super) fn parse(file: &'a Arc<TextFile>, report: &Report) -> Self {
        let (root, errors) = DeTable::parse_recoverable(&file.text);
        for error in &errors {
            let at = At::new(file, error.span().map_or(0, |span| span.start));
            let message = error.message().replace('\n', ", ");
            report.add(at.problem(SYNTAX, format!("{message}; correct the TOML")));
        }
        Self { root, file, whole: errors.is_empty() }
    }

    /// The outermost table.
    pub(super) fn root(&'a self, report: &'a Report) -> Table<'a> {
        Table::root(self.root.get_ref(), At::new(self.file, 0), self.whole, report)
    }
}
