use std::{collections::BTreeMap, process::ExitCode};

use anyhow::{Context, bail};
use clap::Subcommand;

use super::{Database, in_runtime, progress::Progress};
use crate::{
    config::Settings,
    store::{KeyFile, KeySource, RowKey, SealedColumn, Store, count_keys, reseal},
};

/// How many unreadable rows are named; of more, only their number.
const NAMED: usize = 20;

/// What to do with the keys.
#[derive(Debug, Subcommand)]
pub(super) enum KeysCommand {
    /// Show the keys by id, which one seals, and how many values each has sealed in each table.
    List,
    /// Make one more key. It opens and does not seal yet, so that every node can have it first.
    Add,
    /// Have this key seal from now on.
    Use {
        /// Its id, as `list` shows it.
        id: u8,
    },
    /// Seal again, with the key that seals now, what others have sealed. The service may run; the
    /// command may be stopped and run again.
    Reseal,
    /// Forget a key with which nothing is sealed any more.
    Drop {
        /// Its id, as `list` shows it.
        id: u8,
    },
}

/// How many values each key has sealed, by table.
type Counts = BTreeMap<&'static str, BTreeMap<u8, u64>>;

pub(super) fn run(settings: &Settings, command: &KeysCommand) -> anyhow::Result<ExitCode> {
    match command {
        KeysCommand::List => in_runtime(list(settings)),
        KeysCommand::Add => add(settings),
        KeysCommand::Use { id } => choose(settings, *id),
        KeysCommand::Reseal => in_runtime(reseal_all(settings)),
        KeysCommand::Drop { id } => in_runtime(drop_key(settings, *id)),
    }
}

async fn list(settings: &Settings) -> anyhow::Result<ExitCode> {
    let source = settings.keys()?;
    let keys = source.load()?;
    let (store, _) = Database::of(settings)?.open_existing().await?;
    let counts = count_all(&*store).await?;
    println!("Keys in {source}:");
    for id in keys.ids() {
        let seals = if id == keys.current() {
            "seals and opens"
        } else {
            "opens only"
        };
        println!("  key {id:<3} {seals}");
    }
    println!("\nValues sealed with them:");
    let mut is_lost = false;
    for (table, counts) in &counts {
        for (id, number) in counts {
            let is_here = keys.ids().any(|known| known == *id);
            let note = if is_here {
                ""
            } else {
                "  THIS KEY IS NOT HERE"
            };
            is_lost |= !is_here;
            println!("  {table:<16} key {id:<3} {number:>10}{note}");
        }
    }
    if is_lost {
        println!(
            "\nValues of a key that is not here cannot be read: put it back, from a copy of the key file."
        );
        return Ok(ExitCode::FAILURE);
    }
    Ok(ExitCode::SUCCESS)
}

fn add(settings: &Settings) -> anyhow::Result<ExitCode> {
    let source = settings.keys()?;
    let file = changeable(&source)?;
    let id = file.change(|keys| anyhow::Ok(keys.add(&mut rand::rng())?))?;
    println!("Key {id} is in {source}. It opens, and seals nothing yet.");
    println!("Next: give every node this file and restart each; then `nyota keys use {id}`.");
    println!("Keep a copy of the file in another place than the backups.");
    Ok(ExitCode::SUCCESS)
}

fn choose(settings: &Settings, id: u8) -> anyhow::Result<ExitCode> {
    let source = settings.keys()?;
    let file = changeable(&source)?;
    file.change(|keys| anyhow::Ok(keys.choose(id)?))
        .with_context(|| format!("{source} stays as it is"))?;
    println!("Key {id} seals from now on, on each node that starts with {source}.");
    println!("Next: give every node this file and restart each; then `nyota keys reseal`.");
    Ok(ExitCode::SUCCESS)
}

/// The rows of a column that do not open.
type Unreadable = Vec<(SealedColumn, RowKey)>;

async fn reseal_all(settings: &Settings) -> anyhow::Result<ExitCode> {
    let (store, sealer) = Database::of(settings)?.open_existing().await?;
    let mut progress = Progress::new();
    let mut changed = 0;
    let mut unreadable = Unreadable::new();
    for column in SealedColumn::ALL {
        let say = |done: &crate::store::Resealed| progress.say(&column.domain(), done.changed);
        let done = reseal(&*store, &sealer, column, say).await?;
        changed += done.changed;
        unreadable.extend(done.unreadable.into_iter().map(|row| (column, row)));
    }
    progress.end();
    println!(
        "{changed} values were sealed again; key {} seals now.",
        sealer.current()
    );
    if unreadable.is_empty() {
        println!(
            "Next: when every node has had this key for half an hour, `nyota keys list`, and `drop` the old one."
        );
        return Ok(ExitCode::SUCCESS);
    }
    tell_unreadable(&unreadable);
    Ok(ExitCode::FAILURE)
}

fn tell_unreadable(unreadable: &Unreadable) {
    println!(
        "{} values do not open and are left as they are:",
        unreadable.len()
    );
    for (column, row) in unreadable.iter().take(NAMED) {
        println!("  {}, row {row} ({})", column.domain(), column.key.name());
    }
    if let Some(more) = unreadable.len().checked_sub(NAMED).filter(|more| *more > 0) {
        println!("  and {more} more");
    }
    println!(
        "Each was damaged, or sealed with a key that is not here; a copy of the key file or a backup may help."
    );
}

async fn drop_key(settings: &Settings, id: u8) -> anyhow::Result<ExitCode> {
    let source = settings.keys()?;
    let file = changeable(&source)?;
    let (store, _) = Database::of(settings)?.open_existing().await?;
    let mut counts = count_all(&*store).await?;
    counts.retain(|_, counts| counts.contains_key(&id));
    if !counts.is_empty() {
        let tables: Vec<_> = counts.into_keys().collect();
        println!(
            "Key {id} is kept: values in {} are sealed with it. Run `nyota keys reseal` first; if there are some again afterwards, a node still seals with it.",
            tables.join(", ")
        );
        return Ok(ExitCode::FAILURE);
    }
    file.change(|keys| anyhow::Ok(keys.drop(id)?))
        .with_context(|| format!("{source} stays as it is"))?;
    println!("Key {id} is not in {source} any more.");
    println!(
        "Next: give every node this file and restart each. A dialogue that began before the new key begins again; after half an hour there is none."
    );
    println!("Backups of before need the old file: keep the copy that belongs to them.");
    Ok(ExitCode::SUCCESS)
}

async fn count_all(store: &dyn Store) -> anyhow::Result<Counts> {
    let mut counts = Counts::new();
    for column in SealedColumn::ALL {
        let of_table = counts.entry(column.table).or_default();
        for (id, number) in count_keys(store, column).await? {
            *of_table.entry(id).or_default() += number;
        }
    }
    Ok(counts)
}

fn changeable(source: &KeySource) -> anyhow::Result<&KeyFile> {
    match source.file() {
        Some(file) => Ok(file),
        None => bail!(
            "the keys are in NYOTA_KEYS, which no command can change: write its text into a file (mode 600), change that with NYOTA_KEYS_FILE set instead, and put the new text into NYOTA_KEYS"
        ),
    }
}
