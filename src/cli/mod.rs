//! The commands, and what wires everything together. The only module that prints.
//!
//! 1. [`main`] reads the command line and runs one command; its exit code is 0 for fine, 1 for
//!    problems found, 2 for used wrongly.
//! 2. `demo` builds the whole server with its demo world; `serve`, `test` and `dial` start it.
//!
//! To add a command: a variant of `Command`, a file here with its verb.

#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a command line prints"
)]

mod backup;
mod bills;
mod check;
mod complaints;
mod config;
mod contracts;
mod database;
mod demo;
mod dial;
mod doctor;
mod entries;
mod explain;
mod gateway;
mod graph;
mod import;
mod keys;
mod ledger;
mod logs;
mod menu;
mod migrate;
mod needs;
mod outbox;
mod payments;
mod phone;
mod progress;
mod quiet;
mod retention;
mod sandbox;
mod schema;
mod schemes;
mod serve;
mod sheet;
mod stored;
mod test;
pub mod transcript;
mod watch;
mod when;

use std::{
    path::{Path, PathBuf},
    process::ExitCode,
    time::Duration,
};

use anyhow::Context;
use clap::{ArgMatches, CommandFactory, FromArgMatches, Parser, Subcommand, ValueEnum};

pub use contracts::Contracts;
pub use database::Database;
pub use demo::{Demo, DemoOptions};
pub use schema::{SchemaOf, schema_of};

use crate::{
    catalogue::{FilesError, read_files},
    config::{ConfigFile, Settings},
    model::source::Source,
};

/// nyota: a USSD and SMS server for health-insurance schemes that run on openIMIS.
///
/// Without a command it serves the demo: dial *152*00# in the simulator that it names.
#[derive(Debug, Parser)]
#[command(name = "nyota", version, disable_version_flag = true)]
struct Line {
    #[command(subcommand)]
    command: Option<Command>,
    #[command(flatten)]
    settings: Settings,
}

/// What to do.
#[derive(Debug, Subcommand)]
enum Command {
    /// Serve (the default): the demo, with a phone in the browser.
    Serve {
        /// A live service: refuses to start with anything of the demo.
        #[arg(long)]
        live: bool,
    },
    /// Check menus and aggregator profiles, and report every mistake.
    Check {
        /// Folders of a menu set or of profiles; by default the menus and the profiles that are served.
        paths: Vec<PathBuf>,
        /// How to report.
        #[arg(long, value_enum, default_value_t = Format::Text)]
        format: Format,
        /// Check again whenever a file is saved, until Ctrl-C.
        #[arg(long, conflicts_with = "format")]
        watch: bool,
        /// Say more of one problem, by its code, and check nothing: M014.
        #[arg(long, value_name = "CODE", conflicts_with_all = ["paths", "format", "watch"])]
        explain: Option<String>,
    },
    /// Print the JSON Schema of a kind of file, for editors.
    Schema {
        /// The kind of file.
        #[arg(value_enum)]
        of: SchemaOf,
    },
    /// Run the transcripts beside the menus and the vectors beside the profiles.
    ///
    /// `nyota test gateways` runs the vectors of every profile and says what of a profile none comes
    /// to. `nyota test --profile FILE --vectors FILE --trace` runs one file against one profile and
    /// tells every rule that was tried. Ends with 0 if all passed, with 1 if something failed, with 2
    /// if there was nothing to run.
    Test(test::Arguments),
    /// Dial with a phone in the terminal.
    Dial {
        /// The code, in quotes: '*152*00#'.
        code: String,
        /// The phone's number.
        #[arg(long, default_value = "+255700000009")]
        phone: String,
        /// The gateway to dial through.
        #[arg(long, default_value = "africastalking")]
        gateway: String,
        /// What to type on each page, with spaces between: "1 2 070707081". Prints each page and
        /// ends; without it the keys are read from the terminal.
        #[arg(long)]
        keys: Option<String>,
    },
    /// Turn a journey of another program into a menu set of ours.
    ///
    /// Writes a folder of menu files and says line by line what could not be carried over, and what
    /// was done instead. Ends with 0 if everything was, with 1 if something was not.
    Import {
        /// The program whose format it is.
        #[arg(value_enum)]
        from: import::From,
        /// The journey's file.
        file: PathBuf,
        /// The folder to make; its name is the set's. By default one named as the file, here.
        #[arg(long, value_name = "FOLDER")]
        into: Option<PathBuf>,
        /// What callers dial, in quotes: '*123#'. By default a placeholder.
        #[arg(long, value_name = "CODE")]
        service: Option<String>,
    },
    /// Draw the menus as a picture: screens, keys, calls and outcomes.
    Graph(graph::Drawing),
    /// See the gateways, what came from them, and what their engineers need to know.
    #[command(subcommand)]
    Gateway(gateway::Command),
    /// See the work that the outbox gave up, and have it tried again or dropped.
    #[command(subcommand)]
    Outbox(outbox::Command),
    /// See bills, cancel them, and take over those of a predecessor.
    #[command(subcommand)]
    Bills(bills::Command),
    /// See payments, decide about those that wait, have money go back, and compare a day with the gateway.
    #[command(subcommand)]
    Payments(payments::Command),
    /// Prove that the books agree, and export them.
    #[command(subcommand)]
    Ledger(ledger::Command),
    /// Delete what was kept long enough: the service does it once a day by itself.
    Retention {
        /// Delete nothing and say what would go.
        #[arg(long)]
        dry_run: bool,
    },
    /// Publish menus, go back, and switch services off, on all nodes at once.
    Menu {
        #[command(subcommand)]
        command: menu::MenuCommand,
    },
    /// Run the demo's outside world by itself, for those who have none.
    #[command(subcommand)]
    Sandbox(sandbox::Command),
    /// Bring the database's schema up to date, and nothing else.
    Migrate,
    /// The keys that seal phones, names and texts in the database: see them, and change them.
    ///
    /// To change the key while the service runs: `add`; copy the key file to every node and restart
    /// each; `use`; copy and restart again; `reseal`; and when no dialogue is left that began before,
    /// `drop` the old one; copy and restart.
    Keys {
        #[command(subcommand)]
        command: keys::KeysCommand,
    },
    /// Write all that the database holds into a file, without the keys.
    ///
    /// The service may run meanwhile. The file is for its owner only. Sealed values stay sealed in it:
    /// without the key file, which is not in it, nobody can read them. Keep a copy of the key file in
    /// another place.
    Backup {
        /// The file to write; one that is there is left as it is.
        file: PathBuf,
    },
    /// Fill an empty database from a backup, of either engine.
    ///
    /// The database is the one that `DATABASE_URL` names, new or empty, and the key file must be the one
    /// that belongs to the backup. All of it is restored or nothing.
    Restore {
        /// A file that `nyota backup` wrote.
        file: PathBuf,
    },
    /// Try a whole installation and say in sentences what is wrong with it: database, Redis, schemes,
    /// gateways, SMS, backup, disk, certificates. Ends with 0 if all is well, with 1 if something is
    /// wrong.
    Doctor(doctor::Saying),
    /// Try the schemes.
    Scheme {
        #[command(subcommand)]
        command: doctor::SchemeCommand,
    },
    /// See what callers complained of.
    Complaints {
        #[command(subcommand)]
        command: complaints::Command,
    },
    /// Print a file of settings with every default, to be kept as nyota.yaml; or say what is in force.
    Config {
        /// Check the settings in use, and say what each is and what sets it: a flag, a variable, a line
        /// of the file or the default. Passwords and what gateways are given are not shown.
        #[arg(long)]
        check: bool,
    },
    /// Print the version.
    Version,
}

/// How `check` and `test` report.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people.
    Text,
    /// For editors and CI: JSON.
    Json,
}

/// Runs the command that the command line names.
pub fn main() -> ExitCode {
    match line().and_then(|line| run(&line)) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("nyota: {error:#}");
            ExitCode::from(2)
        }
    }
}

/// The command line, with what `nyota.yaml` and the environment say where no flag does.
fn line() -> anyhow::Result<Line> {
    let command = Line::command();
    let given = read(&command.clone().get_matches());
    if given.is_without_settings() {
        return Ok(given);
    }
    let path = given.settings.config.as_deref();
    let file = ConfigFile::read(path, &command, std::env::vars_os())?;
    let matches = file.defaults(command.clone()).get_matches();
    let mut line = read(&matches);
    file.complete(&mut line.settings, (&command, &matches));
    Ok(line)
}

fn read(matches: &ArgMatches) -> Line {
    Line::from_arg_matches(matches).unwrap_or_else(|error| error.exit())
}

impl Line {
    /// Whether the command says the same whatever is set, so that mistakes do not hold it up.
    fn is_without_settings(&self) -> bool {
        matches!(
            self.command,
            Some(Command::Version | Command::Config { check: false } | Command::Schema { .. })
        )
    }
}

fn run(line: &Line) -> anyhow::Result<ExitCode> {
    let settings = &line.settings;
    match &line.command {
        None => in_runtime(serve::serve(settings, false)),
        Some(Command::Serve { live }) => in_runtime(serve::serve(settings, *live)),
        Some(Command::Check {
            explain: Some(code),
            ..
        }) => Ok(explain::explain(code)),
        Some(Command::Check {
            paths, watch: true, ..
        }) => {
            let against = check::Against::of(settings)?;
            in_runtime(watch::watch(check::folders(settings, paths), against))
        }
        Some(Command::Schema { of }) => schema::schema(*of),
        Some(Command::Check { paths, format, .. }) => check::check(settings, paths, *format),
        Some(Command::Test(arguments)) => in_runtime(test::test(settings, arguments)),
        Some(Command::Dial {
            code,
            phone,
            gateway,
            keys,
        }) => in_runtime(dial::dial(settings, code, phone, gateway, keys.as_deref())),
        Some(Command::Import {
            from,
            file,
            into,
            service,
        }) => import::import(*from, file, into.as_deref(), service.as_deref()),
        Some(Command::Graph(drawing)) => graph::graph(settings, drawing),
        Some(Command::Gateway(command)) => in_runtime(gateway::gateway(settings, command)),
        Some(Command::Outbox(command)) => in_runtime(outbox::outbox(settings, command)),
        Some(Command::Bills(command)) => in_runtime(bills::bills(settings, command)),
        Some(Command::Payments(command)) => in_runtime(payments::payments(settings, command)),
        Some(Command::Ledger(command)) => in_runtime(ledger::ledger(settings, command)),
        Some(Command::Retention { dry_run }) => {
            in_runtime(retention::retention(settings, *dry_run))
        }
        Some(Command::Menu { command }) => in_runtime(menu::run(settings, command)),
        Some(Command::Sandbox(command)) => in_runtime(sandbox::run(command)),
        Some(Command::Migrate) => in_runtime(migrate::migrate(settings)),
        Some(Command::Keys { command }) => keys::run(settings, command),
        Some(Command::Doctor(saying)) => in_runtime(doctor::doctor(settings, saying)),
        Some(Command::Scheme { command }) => in_runtime(doctor::scheme(settings, command)),
        Some(Command::Complaints { command }) => {
            in_runtime(complaints::complaints(settings, command))
        }
        Some(Command::Backup { file }) => in_runtime(backup::backup(settings, file)),
        Some(Command::Restore { file }) => in_runtime(backup::restore(settings, file)),
        Some(Command::Config { check: true }) => config::check(settings),
        Some(Command::Config { check: false }) => Ok(config::print(&Line::command())),
        Some(Command::Version) => {
            println!("nyota {}", env!("CARGO_PKG_VERSION"));
            Ok(ExitCode::SUCCESS)
        }
    }
}

fn in_runtime(command: impl Future<Output = anyhow::Result<ExitCode>>) -> anyhow::Result<ExitCode> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .context("the runtime could not start")?;
    let ended = runtime.block_on(command);
    // What a command did not wait for is not waited for here either.
    runtime.shutdown_background();
    ended
}

/// The files at `path`, named as the reader of a report can open them.
fn files_at(path: &Path) -> Result<Vec<Source>, FilesError> {
    let mut sources = read_files(path)?;
    let folder = path
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty());
    if let Some(folder) = folder {
        for source in &mut sources {
            source.name = format!("{}/{}", folder.display(), source.name);
        }
    }
    Ok(sources)
}

/// The client for every outgoing request: bounded in time, and it follows no redirect.
fn http_client() -> anyhow::Result<reqwest::Client> {
    reqwest::Client::builder()
        .connect_timeout(Duration::from_secs(2))
        .timeout(Duration::from_secs(20))
        .redirect(reqwest::redirect::Policy::none())
        .no_proxy()
        .build()
        .context("the HTTP client could not be made")
}
