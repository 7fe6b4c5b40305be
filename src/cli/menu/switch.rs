use std::{process::ExitCode, str::FromStr};

use anyhow::{Context, bail};

use super::{
    arguments::Account,
    shelf::{Shelf, local},
    until::until,
    words::{self, Words},
};
use crate::{
    catalogue::{Edition, Limits, compile},
    config::Settings,
    model::{Clock, Language},
    store::{NewSwitch, SwitchedTo},
};

/// A text and its language, as they are given: `sw=Huduma imefungwa.`
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::cli) struct Said {
    pub(super) language: Language,
    pub(super) text: String,
}

impl FromStr for Said {
    type Err = String;

    fn from_str(said: &str) -> Result<Self, String> {
        let (language, text) = said
            .split_once('=')
            .ok_or("write the language, =, and the text: \"sw=Huduma imefungwa.\"")?;
        Ok(Self {
            language: Language::parse(language.trim()).map_err(|error| error.to_string())?,
            text: text.trim().to_owned(),
        })
    }
}

/// Switches a service off.
pub(super) async fn off(
    settings: &Settings,
    set: &str,
    (texts, ends): (&[Said], Option<&str>),
    account: &Account,
) -> anyhow::Result<ExitCode> {
    if account.why().is_empty() {
        bail!("say why with --why: it is what others find in `nyota menu list`");
    }
    let shelf = Shelf::open(settings).await?;
    let now = shelf.clock.now();
    let ends = ends.map(|text| until(text, now)).transpose()?;
    let edition = shelf.served().await?;
    let menus = edition.set(set).with_context(|| unknown(set, &edition))?;
    let Words { texts, notes } = match words::check(texts, menus, &edition) {
        Ok(words) => words,
        Err(mistakes) => {
            println!("{}", mistakes.join("\n"));
            println!("Nothing was changed.");
            return Ok(ExitCode::from(1));
        }
    };
    print!("{notes}");
    shelf
        .switch(set, SwitchedTo::Off { texts, until: ends }, account)
        .await?;
    let ends = ends.map_or_else(
        || format!("`nyota menu on {set}` switches it on again"),
        |ends| format!("it is on again from {}", local(ends)),
    );
    println!("{set} is off within a second, on every node; {ends}.");
    Ok(ExitCode::SUCCESS)
}

/// Switches a service on again.
pub(super) async fn on(
    settings: &Settings,
    set: &str,
    account: &Account,
) -> anyhow::Result<ExitCode> {
    let shelf = Shelf::open(settings).await?;
    let now = shelf.clock.now();
    let off = shelf.store.read().await?.switches().off().await?;
    let is_it = off
        .iter()
        .any(|switch| switch.made.set == set && switch.made.is_off(now));
    if !is_it {
        println!("{set} is not off. Nothing was changed.");
        return Ok(ExitCode::from(1));
    }
    shelf.switch(set, SwitchedTo::On, account).await?;
    println!("{set} is on again within a second, on every node.");
    Ok(ExitCode::SUCCESS)
}

impl Shelf {
    /// What is current, compiled.
    async fn served(&self) -> anyhow::Result<Edition> {
        let current = self.current().await?;
        let current =
            current.context("nothing is published yet, so nothing can be switched off")?;
        let sources = self.sources(&current.made.edition).await?;
        let edition = compile(&sources, &Limits::default()).edition;
        edition.context("what is published does not compile with this version of nyota")
    }

    async fn switch(&self, set: &str, to: SwitchedTo, account: &Account) -> anyhow::Result<()> {
        let new = NewSwitch {
            set: set.to_owned(),
            to,
            at: self.clock.now(),
            who: account.who(),
            why: account.why(),
        };
        let mut transaction = self.store.write().await?;
        transaction.switches().switch(&new).await?;
        Ok(transaction.commit().await?)
    }
}

fn unknown(set: &str, edition: &Edition) -> String {
    let known: Vec<&str> = edition.sets().map(|known| known.name.as_str()).collect();
    format!("there is no menu set {set}; known: {}", known.join(", "))
}
