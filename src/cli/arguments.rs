//! The command line: every command, option and its help.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use jiff::civil::Date;

const ABOUT: &str = "\
Watches the news for claims of how many people a war killed, wounded, captured or left missing.

tollwatch polls feeds, reads the articles they link to, finds who claims what about whom, and keeps a ledger: \
each claim once, with the quoted sentence, every article that prints it, and every later change.";

const EXAMPLES: &str = "\
Examples:
  tollwatch demo                       see it work without a network, in about a minute
  tollwatch run                        watch the built-in feeds; the ledger is in your state folder
  tollwatch claims --party russia      what is claimed about Russian losses, newest first
  tollwatch series --claimant zelensky the latest figure of each of his series, with the step before
  tollwatch log --follow               each change as it comes
  tollwatch check --write ./config     a configuration to make your own

Exit codes: 0 done · 1 failed · 2 wrong usage · 4 done, with trouble (some source failed) · 78 wrong configuration";

/// What was typed.
#[derive(Debug, Parser)]
#[command(name = "tollwatch", version, about = "Who claims how many people a war killed, with the sentence that says so", long_about = ABOUT, after_long_help = EXAMPLES, max_term_width = 100)]
pub(super) struct Arguments {
    /// Configuration: a file, or a folder with tollwatch.toml [default: `$TOLLWATCH_CONFIG`, /etc/tollwatch, built in]
    #[arg(long, global = true, value_name = "PATH")]
    pub(super) config: Option<PathBuf>,
    /// Form of the log, before the configured one
    #[arg(long, global = true, value_name = "FORM")]
    pub(super) log_format: Option<LogForm>,
    /// Quietest lines that are logged, before the configured ones
    #[arg(long, global = true, value_name = "LEVEL")]
    pub(super) log_level: Option<LogLevel>,
    #[command(subcommand)]
    pub(super) command: Command,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum LogForm {
    Auto,
    Journald,
    Text,
    Json,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum LogLevel {
    Debug,
    Info,
    Warn,
    Error,
}

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Watch the sources until told to stop: the daemon
    #[command(
        after_long_help = "SIGHUP reads the configuration again, SIGTERM and Ctrl-C stop within ten seconds.\nThe log goes to standard error; under systemd, to the journal with its fields."
    )]
    Run,
    /// Poll every source once, print a summary, end
    #[command(
        after_long_help = "Sources that are not due yet are polled too, but conditionally.\nExit code 4 if some source failed."
    )]
    Once,
    /// Watch a small news site that tollwatch serves to itself: no network, about a minute
    Demo(DemoOptions),
    /// Read the whole configuration and report every mistake
    Check(CheckOptions),
    /// Find the claims in a text, a page, or a stream of articles
    Extract(ExtractOptions),
    /// Show for each number in a text which rule made it a claim, or why it is none
    Explain(ExplainOptions),
    /// Read an article from a page or an address
    Article(ArticleOptions),
    /// List the claims in the ledger, newest first
    Claims(ListOptions),
    /// Show one claim: its quote, every sighting, its series, its changes
    Show(ShowOptions),
    /// List the latest figure of every series, with the step before
    Series(ListOptions),
    /// Print the change log
    Log(LogOptions),
    /// List every source with how it is doing
    Sources(SourcesOptions),
    /// List where changes go beside the log, and how far each output came
    #[command(after_long_help = OUTPUTS)]
    Outputs(OutputsOptions),
    /// Check every quote against the stored text, every digest, and the chain of changes
    #[command(after_long_help = "Exit code 1 if anything does not fit; each finding names its row.")]
    Verify,
    /// Write the whole ledger into a file
    Export(ExportOptions),
    /// Read saved articles: pages, texts, JSON Lines, web archives, folders of them
    #[command(after_long_help = BACKFILL)]
    Backfill(BackfillOptions),
    /// Source lists from and for other feed readers
    #[command(
        subcommand,
        after_long_help = "import prints the sources that the configuration does not have:\n  tollwatch opml import list.opml > /etc/tollwatch/sources/imported.toml"
    )]
    Opml(OpmlCommand),
    /// Copy the ledger while it is in use
    Backup(BackupOptions),
    /// Put a copy of the ledger in its place; the daemon must be stopped
    Restore(RestoreOptions),
    /// Look at what an operator would look at first: configuration, ledger, room, name servers, unit, clock
    #[command(after_long_help = "Exit code 4 if something is wrong; each line says what to do about it.")]
    Doctor(DoctorOptions),
    /// Print completions for a shell
    Completions {
        /// Which shell
        shell: clap_complete::Shell,
    },
    /// Print a page of the manual (roff): tollwatch man | man -l -
    Man(ManOptions),
}

#[derive(Debug, Args)]
pub(super) struct ManOptions {
    /// Which page, such as tollwatch-run or tollwatch.toml [default: tollwatch]
    pub(super) page: Option<String>,
    /// Name the pages that there are
    #[arg(long, conflicts_with = "page")]
    pub(super) list: bool,
}

#[derive(Debug, Args)]
pub(super) struct DemoOptions {
    /// Run through it in a few seconds, without the pauses that let one read along
    #[arg(long)]
    pub(super) fast: bool,
    /// Where to put the demo's ledger and configuration [default: a new temporary folder]
    #[arg(long, value_name = "DIR")]
    pub(super) dir: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(super) struct CheckOptions {
    /// Write the built-in configuration into a folder, to make it your own; existing files are never overwritten
    #[arg(long, value_name = "DIR")]
    pub(super) write: Option<PathBuf>,
    /// Say nothing unless something is wrong
    #[arg(long, short)]
    pub(super) quiet: bool,
    /// Ask each source once and say what it gives
    #[arg(long)]
    pub(super) online: bool,
}

#[derive(Debug, Args)]
pub(super) struct TextOptions {
    /// Read HTML, whatever the file is called
    #[arg(long)]
    pub(super) html: bool,
    /// Day of publication, against which relative dates are read (YYYY-MM-DD) [default: the page's own, else today]
    #[arg(long, value_name = "DATE")]
    pub(super) published: Option<Date>,
    /// Language of the text, such as en [default: detected]
    #[arg(long, value_name = "CODE")]
    pub(super) lang: Option<String>,
    /// Conflict the text is about, such as russia-ukraine [default: detected]
    #[arg(long, value_name = "ID")]
    pub(super) conflict: Option<String>,
    /// Headline [default: the page's own, or the first line of a text]
    #[arg(long, value_name = "TEXT")]
    pub(super) title: Option<String>,
}

const JSONL: &str = "\
With --jsonl, each line of standard input is an article as one JSON object: id and text, and as far as known url, \
publisher, published, lang, conflict, title. Each gives one line {\"id\": …, \"claims\": […]}, in order. A line that \
is no such object gives {\"id\": null, \"error\": …, \"claims\": []} and exit code 4 at the end.";

#[derive(Debug, Args)]
#[command(after_long_help = JSONL)]
pub(super) struct ExtractOptions {
    /// Text or HTML files (.html, .htm); standard input if none
    pub(super) files: Vec<PathBuf>,
    #[command(flatten)]
    pub(super) text: TextOptions,
    /// Print claims as JSON, one object a file
    #[arg(long)]
    pub(super) json: bool,
    /// Read articles from standard input, one JSON object a line, and answer one line each
    #[arg(long, conflicts_with_all = ["files", "html", "json"])]
    pub(super) jsonl: bool,
}

#[derive(Debug, Args)]
pub(super) struct ExplainOptions {
    /// A text or HTML file; - for standard input
    pub(super) file: PathBuf,
    #[command(flatten)]
    pub(super) text: TextOptions,
}

#[derive(Debug, Args)]
pub(super) struct ArticleOptions {
    /// A saved page, or an address to fetch
    #[arg(value_name = "FILE_OR_URL")]
    pub(super) place: String,
    /// Print JSON: url, title, published, modified, byline, lang, publisher, text
    #[arg(long)]
    pub(super) json: bool,
    /// The address that a saved page had
    #[arg(long, value_name = "URL")]
    pub(super) url: Option<url::Url>,
}

#[derive(Debug, Clone, Args)]
pub(super) struct FilterOptions {
    /// Only of this conflict, such as russia-ukraine
    #[arg(long, value_name = "ID")]
    pub(super) conflict: Option<String>,
    /// Only about people of this side, such as russia
    #[arg(long, value_name = "ID")]
    pub(super) party: Option<String>,
    /// Only by this claimant: an id, or a part of the name
    #[arg(long, value_name = "NAME")]
    pub(super) claimant: Option<String>,
    /// Only with this outcome: killed, wounded, captured, missing, casualties
    #[arg(long, value_name = "WORD", value_parser = ["killed", "wounded", "captured", "missing", "casualties"])]
    pub(super) outcome: Option<String>,
    /// Only first read at or after this time: a day, a time, or a span back from now (36h, 7d)
    #[arg(long, value_name = "WHEN")]
    pub(super) since: Option<String>,
    /// Only first read before this time
    #[arg(long, value_name = "WHEN")]
    pub(super) until: Option<String>,
    /// Only printed by this source
    #[arg(long, value_name = "ID")]
    pub(super) source: Option<String>,
    /// Only with this text in the quote, in any case
    #[arg(long, value_name = "TEXT")]
    pub(super) grep: Option<String>,
}

#[derive(Debug, Args)]
pub(super) struct ListOptions {
    #[command(flatten)]
    pub(super) filter: FilterOptions,
    /// At most so many [default: 100 in a table, all otherwise]
    #[arg(long, value_name = "N")]
    pub(super) limit: Option<u32>,
    /// Print JSON Lines
    #[arg(long, conflicts_with = "csv")]
    pub(super) json: bool,
    /// Print CSV with a header; columns are only ever added at the end
    #[arg(long)]
    pub(super) csv: bool,
}

#[derive(Debug, Args)]
pub(super) struct ShowOptions {
    /// The claim's id, or the beginning of it
    pub(super) id: String,
    /// Print JSON
    #[arg(long)]
    pub(super) json: bool,
}

#[derive(Debug, Args)]
pub(super) struct LogOptions {
    /// Go on printing changes as they come, until Ctrl-C
    #[arg(long)]
    pub(super) follow: bool,
    /// Only changes at or after this time: a day, a time, or a span back from now (36h, 7d)
    #[arg(long, value_name = "WHEN")]
    pub(super) since: Option<String>,
    /// Only changes of this kind, such as claim.new
    #[arg(long, value_name = "NAME", value_parser = clap::builder::PossibleValuesParser::new(crate::model::Event::NAMES))]
    pub(super) event: Option<String>,
    /// At most so many, the newest
    #[arg(long, value_name = "N")]
    pub(super) limit: Option<u32>,
    /// Print JSON Lines
    #[arg(long)]
    pub(super) json: bool,
}

#[derive(Debug, Args)]
pub(super) struct SourcesOptions {
    /// Print JSON Lines
    #[arg(long)]
    pub(super) json: bool,
    /// Also list sources that are switched off
    #[arg(long)]
    pub(super) all: bool,
    /// List what was asked for lately, request by request
    #[arg(long)]
    pub(super) requests: bool,
    /// Only these sources [default: all]
    #[arg(value_name = "ID")]
    pub(super) ids: Vec<String>,
}

const OUTPUTS: &str = "\
The daemon (`run`) delivers each change at least once and in order, from where an output stopped. One that fails is tried again after \
longer and longer waits; what it does not take waits in the ledger. \"behind\" counts the changes that are newer than the last one it took.";

#[derive(Debug, Args)]
pub(super) struct OutputsOptions {
    /// Print JSON Lines
    #[arg(long)]
    pub(super) json: bool,
    /// Let an output be tried again now, however long it was to wait
    #[arg(long, value_name = "ID", group = "act")]
    pub(super) retry: Option<String>,
    /// Let an output go on after the change that it does not take
    #[arg(long, value_name = "ID", group = "act")]
    pub(super) skip: Option<String>,
    /// Forget how far an output came; if it is configured, it begins as a new one
    #[arg(long, value_name = "ID", group = "act")]
    pub(super) forget: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum ExportFormat {
    Csv,
    Jsonl,
    Sqlite,
}

#[derive(Debug, Args)]
pub(super) struct ExportOptions {
    /// csv: the claims; jsonl: the claims with their sightings; sqlite: everything
    #[arg(long)]
    pub(super) format: ExportFormat,
    /// The file to write; it must not exist. - for standard output (csv, jsonl)
    pub(super) file: PathBuf,
}

#[derive(Debug, Args)]
pub(super) struct BackupOptions {
    /// The file to write; it must not exist. With --keep, the folder to write it into
    pub(super) file: PathBuf,
    /// Name the copy after the time, and keep so many of the newest in its folder
    #[arg(long, value_name = "N")]
    pub(super) keep: Option<usize>,
}

#[derive(Debug, Args)]
pub(super) struct RestoreOptions {
    /// A copy made by `backup`, or the one that was made before a migration
    pub(super) file: PathBuf,
    /// Put a ledger that is there already aside; it is kept under another name
    #[arg(long)]
    pub(super) force: bool,
}

#[derive(Debug, Args)]
pub(super) struct DoctorOptions {
    /// Write the drop-in that lets the unit reach the name servers of this machine
    #[arg(long)]
    pub(super) write: bool,
}

const BACKFILL: &str = "\
Files are told apart by their endings: .html .htm .xhtml, .txt .md (headline in the first line), .jsonl .ndjson (objects as for \
`extract --jsonl`, with `url`), .warc .warc.gz. Relative days are read against the day of publication: the page's own, else the one in \
the file's path or the archive's record, else the time at which the file was last written; the summary says how many had none of their \
own. A run that was broken off goes on where it was; a file that was changed is read again. Exit code 4 if something could not be read.";

#[derive(Debug, Args)]
pub(super) struct BackfillOptions {
    /// Files and folders
    #[arg(required = true, value_name = "PATH")]
    pub(super) paths: Vec<PathBuf>,
    /// Source under which the articles are recorded; a configured one lends its language, conflicts and selectors
    #[arg(long, value_name = "ID", default_value = "backfill")]
    pub(super) source: String,
}

#[derive(Debug, Subcommand)]
pub(super) enum OpmlCommand {
    /// Print the feeds of a list that the configuration does not have, as a file for sources/
    Import {
        /// The list; - for standard input
        file: PathBuf,
    },
    /// Print all configured sources as OPML
    Export,
}
