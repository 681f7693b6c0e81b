//! What a person types: one subcommand a file.

mod arguments;
mod article;
mod backfill;
mod backup;
mod check;
mod claims;
mod demo;
mod doctor;
mod environment;
mod explain;
mod export;
mod extract;
mod log;
mod manual;
mod once;
mod online;
mod opml;
mod output;
mod outputs;
mod restore;
mod run;
mod series;
mod setup;
mod show;
mod sources;
mod verify;

use std::process::ExitCode;

use clap::{CommandFactory as _, Parser as _};

use arguments::{Arguments, Command};
use output::Failure;

/// Runs the command that was typed and gives the exit code: 0 done, 1 failed, 2 wrong usage, 4 done with trouble,
/// 78 wrong configuration.
pub fn main() -> ExitCode {
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) => {
            let code = if error.use_stderr() { 2 } else { 0 };
            // Help goes to a reader that may have gone away; that is no failure.
            drop(error.print());
            return ExitCode::from(code);
        }
    };
    output::finished(dispatch(&arguments))
}

fn dispatch(arguments: &Arguments) -> Result<ExitCode, Failure> {
    match &arguments.command {
        Command::Run => run::run(arguments),
        Command::Once => once::run(arguments),
        Command::Demo(options) => demo::run(arguments, options),
        Command::Check(options) => check::run(arguments, options),
        Command::Extract(options) => extract::run(arguments, options),
        Command::Explain(options) => explain::run(arguments, options),
        Command::Article(options) => article::run(arguments, options),
        Command::Claims(options) => claims::run(arguments, options),
        Command::Show(options) => show::run(arguments, options),
        Command::Series(options) => series::run(arguments, options),
        Command::Log(options) => log::run(arguments, options),
        Command::Sources(options) => sources::run(arguments, options),
        Command::Outputs(options) => outputs::run(arguments, options),
        Command::Verify => verify::run(arguments),
        Command::Export(options) => export::run(arguments, options),
        Command::Backfill(options) => backfill::run(arguments, options),
        Command::Opml(command) => opml::run(arguments, command),
        Command::Backup(options) => backup::run(arguments, options),
        Command::Restore(options) => restore::run(arguments, options),
        Command::Doctor(options) => doctor::run(arguments, options),
        Command::Completions { shell } => {
            let mut text = Vec::new();
            clap_complete::generate(*shell, &mut Arguments::command(), "tollwatch", &mut text);
            output::bytes(&text)
        }
        Command::Man(options) => manual::run(options),
    }
}
