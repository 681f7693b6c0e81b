//! The configuration: what it holds, where it comes from, and every mistake in it at once.
//!
//! The default is `config/` of this repository, embedded in the binary.

mod changes;
mod check;
mod conflicts;
mod default;
mod document;
mod files;
mod main_file;
mod names;
mod nearest;
mod outputs;
mod problem;
mod scalar;
mod settings;
mod sources;
mod table;
#[cfg(test)]
mod tests;
mod value;

use std::collections::BTreeMap;
use std::collections::BTreeSet;
use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

pub use crate::config::default::{WriteError, default_main_file, write_default};
pub use crate::config::outputs::{OutputConfig, OutputKind, Passes};
pub use crate::config::problem::{ConfigErrors, Problem};
pub use crate::config::settings::{HttpConfig, LogConfig, LogFormat, ScheduleConfig, StoreConfig, WebConfig};

use crate::config::changes::digests;
use crate::config::check::{check_outputs, check_parties, check_sources, codes};
use crate::config::conflicts::{ReadConflict, WORLD, read_conflict};
use crate::config::document::Document;
use crate::config::files::Files;
use crate::config::outputs::{ReadOutput, read_outputs};
use crate::config::problem::{At, Report, TextFile};
use crate::config::settings::Settings;
use crate::config::sources::{ReadSource, read_sources};
use crate::extract::Language;
use crate::model::Conflict;
use crate::model::Digest;
use crate::model::LangCode;
use crate::model::Source;

/// Where the packages put a configuration.
const SYSTEM_FOLDER: &str = "/etc/tollwatch";

/// Everything that a person may want to change.
#[derive(Debug, Clone)]
pub struct Config {
    /// Where the ledger is kept.
    pub store: StoreConfig,
    /// How other people's servers are asked.
    pub http: HttpConfig,
    /// When sources are polled.
    pub schedule: ScheduleConfig,
    /// The pages for people.
    pub web: WebConfig,
    /// The log.
    pub log: LogConfig,
    /// Where changes go beside the log.
    pub outputs: Vec<OutputConfig>,
    /// All sources, also those that are switched off, in the order of their files.
    pub sources: Vec<Source>,
    /// All conflicts in the order of their ids, `world` last.
    pub conflicts: Vec<Conflict>,
    /// All languages that have a file.
    pub languages: Vec<Language>,
    /// Where it came from.
    pub origin: Origin,
    /// What is no mistake but worth a look.
    pub notes: Vec<Problem>,
    /// How many files were read, the embedded ones among them.
    pub files: usize,
    /// The digests of the files of conflicts and languages, by their names.
    digests: BTreeMap<String, Digest>,
}

/// Where a configuration came from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    /// The default inside the binary.
    Embedded,
    /// The main file; what stands beside it goes before the default.
    File(PathBuf),
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Embedded => f.write_str("the default inside tollwatch"),
            Self::File(path) => write!(f, "{}", path.display()),
        }
    }
}

impl Config {
    /// Reads the configuration at `path` (`--config`: a file, or a folder with `tollwatch.toml`), else the one at
    /// `env_path` (`$TOLLWATCH_CONFIG`), else that in `/etc/tollwatch` if there is one, else the default.
    ///
    /// # Errors
    ///
    /// Every mistake in any of its files.
    pub fn load(path: Option<&Path>, env_path: Option<&Path>) -> Result<Self, ConfigErrors> {
        let system = Some(Path::new(SYSTEM_FOLDER)).filter(|folder| files::is_configured(folder));
        let env_path = env_path.filter(|path| !path.as_os_str().is_empty());
        let Some(named) = path.or(env_path).or(system) else { return Self::embedded() };
        let report = Report::default();
        let main = files::main_of(named);
        let files = Files::beside(&main, &report);
        understand(&files, Origin::File(main), report)
    }

    /// Whether it is that of this machine, which its service shares with whoever types commands.
    pub fn is_of_the_machine(&self) -> bool {
        matches!(&self.origin, Origin::File(path) if path.starts_with(SYSTEM_FOLDER))
    }

    /// The default.
    ///
    /// # Errors
    ///
    /// None, unless the binary was built from a wrong `config/`.
    pub fn embedded() -> Result<Self, ConfigErrors> {
        understand(&Files::embedded(), Origin::Embedded, Report::default())
    }

    /// The sources that are polled.
    pub fn enabled(&self) -> impl Iterator<Item = &Source> {
        self.sources.iter().filter(|source| source.enabled)
    }
}

/// Turns files into a configuration, going on after each mistake so that all are found.
fn understand(files: &Files, origin: Origin, report: Report) -> Result<Config, ConfigErrors> {
    let (settings, mut sources, outputs) = read_main(files.main.as_ref(), &report);
    // Whoever names sources of their own, in the main file or beside it, gets none of ours.
    if files.own_sources || sources.is_empty() {
        sources.extend(files.sources.iter().flat_map(|file| read_source_file(file, &report)));
    }
    let mut conflicts: Vec<ReadConflict> =
        files.conflicts.values().filter_map(|file| read_conflict_file(file, &report)).collect();
    conflicts.sort_by_key(|read| read.conflict.id.as_str() == WORLD);
    let languages = read_languages(&files.languages, &report);

    // A file with a mistake still has a name that sources may use.
    let conflict_ids: BTreeSet<&str> = files.conflicts.keys().map(String::as_str).collect();
    let mut language_codes = codes(&languages);
    language_codes.extend(files.languages.keys().map(String::as_str));
    check_sources(&sources, &conflict_ids, &language_codes, &report);
    check_parties(&conflicts, &report);
    check_outputs(&outputs, &conflict_ids, &conflicts, &report);

    let notes = report.close()?;
    let Settings { store, http, schedule, web, log } = settings;
    Ok(Config {
        store,
        http,
        schedule,
        web,
        log,
        outputs: outputs.into_iter().filter_map(|read| read.output).collect(),
        sources: sources.into_iter().filter_map(|read| read.source).collect(),
        conflicts: conflicts.into_iter().map(|read| read.conflict).collect(),
        languages,
        origin,
        notes,
        files: files.count(),
        digests: digests(files),
    })
}

fn read_main(file: Option<&Arc<TextFile>>, report: &Report) -> (Settings, Vec<ReadSource>, Vec<ReadOutput>) {
    let Some(file) = file else { return (Settings::default(), Vec::new(), Vec::new()) };
    let document = Document::parse(file, report);
    let mut root = document.root(report);
    let (settings, outputs, sources) = (Settings::read(&mut root), read_outputs(&mut root), read_sources(&mut root));
    root.finish("");
    (settings, sources, outputs)
}

fn read_source_file(file: &Arc<TextFile>, report: &Report) -> Vec<ReadSource> {
    let document = Document::parse(file, report);
    let mut root = document.root(report);
    let sources = read_sources(&mut root);
    root.finish("");
    sources
}

fn read_conflict_file(file: &Arc<TextFile>, report: &Report) -> Option<ReadConflict> {
    let document = Document::parse(file, report);
    let mut read = read_conflict(document.root(report), &file.stem)?;
    if !document.whole {
        // The party that a place names may be in the part that is no TOML.
        read.named_parties.clear();
    }
    Some(read)
}

fn read_languages(files: &BTreeMap<String, Arc<TextFile>>, report: &Report) -> Vec<Language> {
    files.values().filter_map(|file| read_language(file, report)).collect()
}

fn read_language(file: &Arc<TextFile>, report: &Report) -> Option<Language> {
    let code = LangCode::new(&file.stem).ok().filter(|code| names::is_language(code.as_str()));
    let Some(code) = code else {
        let message =
            "a language file is called by the two letters of ISO 639-1, such as en.toml or uk.toml".to_owned();
        report.add(At::new(file, 0).problem("file name", message));
        return None;
    };
    match Language::parse(code, &file.text) {
        Ok(language) => Some(language),
        Err(problems) => {
            for problem in problems {
                let start = problem.span.map_or(0, |span| span.start);
                report.add(At::new(file, start).problem(&problem.key, problem.message));
            }
            None
        }
    }
}
