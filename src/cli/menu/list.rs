use std::{collections::HashMap, process::ExitCode};

use super::shelf::{Shelf, files_here, local, short};
use crate::{
    catalogue::{Edition, Limits, compile, name},
    config::Settings,
    model::{Clock, source::Source},
    store::{Publication, Switch, SwitchedTo, Way},
};

/// How many are shown where not all are asked for.
const SHOWN: u32 = 20;

/// Shows what was published and which services are off.
pub(super) async fn list(settings: &Settings, all: bool) -> anyhow::Result<ExitCode> {
    let shelf = Shelf::open(settings).await?;
    let publications = shelf.newest(if all { u32::MAX } else { SHOWN }).await?;
    if publications.is_empty() {
        println!(
            "Nothing is published yet. `nyota menu publish` publishes the files here; so does the first start."
        );
        return Ok(ExitCode::SUCCESS);
    }
    let mut sizes: HashMap<String, String> = HashMap::new();
    for publication in &publications {
        let hash = &publication.made.edition;
        if !sizes.contains_key(hash) {
            let sources = shelf.sources(hash).await?;
            sizes.insert(hash.clone(), size(&sources));
        }
    }
    let mut is_current = true;
    for publication in &publications {
        let size = sizes.get(&publication.made.edition);
        print!(
            "{}",
            line(publication, is_current, size.map_or("", String::as_str))
        );
        is_current = false;
    }
    let off = shelf.store.read().await?.switches().off().await?;
    let now = shelf.clock.now();
    for switch in off.iter().filter(|switch| switch.made.is_off(now)) {
        print!("{}", off_line(switch));
    }
    let current = publications.first().map(|current| &current.made.edition);
    say_of_files(settings, current);
    Ok(ExitCode::SUCCESS)
}

fn line(publication: &Publication, is_current: bool, size: &str) -> String {
    let Publication { number, made } = publication;
    let mark = if is_current { "*" } else { " " };
    let how = match made.way {
        Way::Offered => "offered by a node's files",
        Way::Published => "published",
        Way::RolledBack => "rolled back",
    };
    let by = if made.way == Way::Offered {
        String::new()
    } else {
        format!(" by {}", made.who)
    };
    let why = if made.why.is_empty() {
        String::new()
    } else {
        format!(": {}", made.why)
    };
    let (at, edition) = (local(made.at), short(&made.edition));
    format!("{mark} {number:>3}  {edition}  {at}  {size}  {how}{by}{why}\n")
}

/// Files and screens of an edition.
fn size(sources: &[Source]) -> String {
    let edition = compile(sources, &Limits::default()).edition;
    let screens = edition.map_or_else(
        || "does not compile with this version".to_owned(),
        |edition| format!("{} screens", screens(&edition)),
    );
    format!("{} files, {screens}", sources.len())
}

fn screens(edition: &Edition) -> usize {
    let menus = edition.sets().flat_map(|set| &set.menus);
    menus.map(|menu| menu.screens.len()).sum()
}

fn off_line(switch: &Switch) -> String {
    let made = &switch.made;
    let SwitchedTo::Off { texts, until } = &made.to else {
        return String::new();
    };
    let until = until.map_or_else(
        || format!("until `nyota menu on {}`", made.set),
        |until| format!("until {}", local(until)),
    );
    let (set, since, who, why) = (&made.set, local(made.at), &made.who, &made.why);
    let texts = texts.iter().map(|(language, text)| {
        let text = text.replace('\n', "\n      ");
        format!("  {language}: {text}")
    });
    let said = format!("\n{set} is OFF since {since}, {until}; by {who}: {why}");
    let said: Vec<String> = std::iter::once(said).chain(texts).collect();
    said.join("\n") + "\n"
}

fn say_of_files(settings: &Settings, current: Option<&String>) {
    // Where the menus are not here there is nothing to say of them.
    let Ok((files, _)) = files_here(settings) else {
        return;
    };
    let here = name(&files);
    if current.is_some_and(|current| *current != here) {
        println!(
            "\nThe files here are not what is current: `nyota menu diff` shows how they differ, `nyota menu publish` makes them current."
        );
    }
}
