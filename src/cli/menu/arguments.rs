use std::process::ExitCode;

use clap::{Args, Subcommand};

use super::{
    diff, list, publish, rollback,
    switch::{self, Said},
};
use crate::config::{Settings, system_user};

/// What to do with published menus.
#[derive(Debug, Subcommand)]
pub(in crate::cli) enum MenuCommand {
    /// Check the menus and profiles here and make them current on every node.
    ///
    /// Says first what changes, and which callers are on a screen that changes. New dialogues begin
    /// with the new files within a second; those that have begun end with the old ones. Ends with 1,
    /// and changes nothing, where the files have mistakes.
    Publish {
        #[command(flatten)]
        account: Account,
    },
    /// Show what was published, newest first, by whom and why; and which services are off.
    List {
        /// Show all, not only the newest twenty.
        #[arg(long)]
        all: bool,
    },
    /// Make an earlier edition current again.
    ///
    /// Ends with 1, and changes nothing, where that edition does not compile with this version of
    /// nyota.
    Rollback {
        /// Its number in `nyota menu list`, or the beginning of its edition's name; by default what
        /// was current before.
        to: Option<String>,
        /// Why, for the list.
        #[arg(long)]
        why: String,
        /// Who; by default the user of this system.
        #[arg(long)]
        by: Option<String>,
    },
    /// Show what publishing the files here would change, and for whom.
    ///
    /// Ends as `diff` does: with 0 if nothing differs, with 1 if something does.
    Diff {
        /// A number in `nyota menu list`, or the beginning of an edition's name; by default what is
        /// current.
        from: Option<String>,
    },
    /// Switch a service off: every turn of it ends with a text, at once and on every node.
    Off {
        /// The menu set: chf.
        set: String,
        /// What callers read, by language: --text "sw=Huduma imefungwa." The set's first language
        /// must be there; it is read in every language that is not.
        #[arg(long = "text", value_name = "LANGUAGE=TEXT", required = true)]
        texts: Vec<Said>,
        /// Until when, in the scheme's time: 18:00, "2026-12-24 18:00", or 90m, 2h, 3d from now. By
        /// default until `nyota menu on`.
        #[arg(long)]
        until: Option<String>,
        /// Why, for the list.
        #[arg(long)]
        why: String,
        /// Who; by default the user of this system.
        #[arg(long)]
        by: Option<String>,
    },
    /// Switch a service on again.
    On {
        /// The menu set: chf.
        set: String,
        #[command(flatten)]
        account: Account,
    },
}

/// Who does it, and why.
#[derive(Args, Debug)]
pub(in crate::cli) struct Account {
    /// Why, for the list.
    #[arg(long, default_value = "")]
    pub(super) why: String,
    /// Who; by default the user of this system.
    #[arg(long)]
    pub(super) by: Option<String>,
}

/// Runs one of them.
pub(in crate::cli) async fn run(
    settings: &Settings,
    command: &MenuCommand,
) -> anyhow::Result<ExitCode> {
    match command {
        MenuCommand::Publish { account } => publish::publish(settings, account).await,
        MenuCommand::List { all } => list::list(settings, *all).await,
        MenuCommand::Rollback { to, why, by } => {
            let account = Account::new(why, by.as_deref());
            rollback::rollback(settings, to.as_deref(), &account).await
        }
        MenuCommand::Diff { from } => diff::diff(settings, from.as_deref()).await,
        MenuCommand::Off {
            set,
            texts,
            until,
            why,
            by,
        } => {
            let account = Account::new(why, by.as_deref());
            switch::off(settings, set, (texts, until.as_deref()), &account).await
        }
        MenuCommand::On { set, account } => switch::on(settings, set, account).await,
    }
}

/// The longest name and the longest reason that are kept.
const LONGEST: usize = 200;

impl Account {
    fn new(why: &str, by: Option<&str>) -> Self {
        Self {
            why: why.to_owned(),
            by: by.map(str::to_owned),
        }
    }

    /// Who, on one line.
    pub(super) fn who(&self) -> String {
        let who = self.by.clone().or_else(system_user);
        let who = who.map(|who| one_line(&who));
        who.filter(|who| !who.is_empty())
            .unwrap_or_else(|| "unknown".to_owned())
    }

    /// Why, on one line.
    pub(super) fn why(&self) -> String {
        one_line(&self.why)
    }
}

fn one_line(text: &str) -> String {
    let clean = crate::model::gsm7::clean(text);
    clean.trim().chars().take(LONGEST).collect()
}
