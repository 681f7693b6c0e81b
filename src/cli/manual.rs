//! `man`: the manual pages, of the program, of each of its commands, and of its configuration.

use std::fmt::Write as _;
use std::process::ExitCode;

use clap::{Command, CommandFactory as _};
use clap_mangen::Man;

use crate::cli::arguments::{Arguments, ManOptions};
use crate::cli::output::{Failure, bytes};
use crate::config::default_main_file;

/// The page of the configuration, in section 5.
const CONFIGURATION: &str = "tollwatch.toml";

pub(super) fn run(options: &ManOptions) -> Result<ExitCode, Failure> {
    let mut whole = Arguments::command();
    // Names the pages of the commands as the page of the program does.
    whole.build();
    if options.list {
        let mut names = vec![CONFIGURATION.to_owned()];
        list(&whole, &mut names);
        return bytes(format!("{}\n", names.join("\n")).as_bytes());
    }
    match &options.page {
        None => page(whole),
        Some(name) if name == CONFIGURATION => bytes(configuration().as_bytes()),
        Some(name) => match find(&whole, name) {
            Some(command) => page(command.clone()),
            None => Err(Failure::plain(format!("there is no page “{name}”; `tollwatch man --list` names them"), 2)),
        },
    }
}

fn page(command: Command) -> Result<ExitCode, Failure> {
    let mut text = Vec::new();
    Man::new(command).render(&mut text).map_err(|error| Failure::new("cannot write the manual page", &error))?;
    bytes(&text)
}

/// The name of the page of a command: `tollwatch-opml-import`.
fn name(command: &Command) -> &str {
    command.get_display_name().unwrap_or_else(|| command.get_name())
}

fn pages(command: &Command) -> impl Iterator<Item = &Command> {
    command.get_subcommands().filter(|inner| !inner.is_hide_set() && inner.get_name() != "help")
}

fn list(command: &Command, names: &mut Vec<String>) {
    names.push(name(command).to_owned());
    for inner in pages(command) {
        list(inner, names);
    }
}

fn find<'a>(command: &'a Command, wanted: &str) -> Option<&'a Command> {
    if name(command) == wanted {
        return Some(command);
    }
    pages(command).find_map(|inner| find(inner, wanted))
}

/// The commented default says what each key means.
fn configuration() -> String {
    let mut page = format!(
        ".TH tollwatch.toml 5 \"\" \"tollwatch {}\"\n.SH NAME\ntollwatch.toml \\- the configuration of tollwatch\n.SH DESCRIPTION\n.nf\n",
        env!("CARGO_PKG_VERSION")
    );
    for line in default_main_file().lines() {
        // A line that begins with a dot or a quote would be a command.
        let guard = if line.starts_with(['.', '\'']) { "\\&" } else { "" };
        // Writing into a string cannot fail.
        writeln!(page, "{guard}{}", line.replace('\\', "\\e").replace('-', "\\-")).ok();
    }
    page.push_str(".fi\n.SH SEE ALSO\n\\fBtollwatch\\fR(1), \\fBtollwatch\\-check\\fR(1)\n");
    page
}
