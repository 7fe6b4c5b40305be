use std::{path::PathBuf, process::ExitCode};

use anyhow::{Context, bail};
use clap::{Args, ValueEnum};

use super::files_at;
use crate::{
    catalogue::{self, Edition},
    config::Settings,
    menu::{
        MenuId, MenuSet,
        picture::{Picture, Style},
    },
    model::Language,
};

/// What is drawn, and how.
#[derive(Debug, Args)]
pub(super) struct Drawing {
    /// The menu, such as `renewal`; all menus of the set if it is left out.
    menu: Option<String>,
    /// The set, by its folder's name; needed where several are served.
    #[arg(long)]
    set: Option<String>,
    /// As a picture, or as text for places that draw it themselves.
    #[arg(long, value_enum, default_value_t = Format::Svg)]
    format: Format,
    /// The language of the texts, such as `en`; the set's first if it is left out.
    #[arg(long)]
    language: Option<String>,
    /// The file to write; without it the picture is printed.
    #[arg(long)]
    output: Option<PathBuf>,
}

/// How a picture is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    /// A picture that any browser shows.
    Svg,
    /// A Mermaid flowchart.
    Mermaid,
}

/// Draws the menus of a set.
pub(super) fn graph(settings: &Settings, drawing: &Drawing) -> anyhow::Result<ExitCode> {
    let sources = files_at(&settings.menus).context("nothing was drawn")?;
    let Some(edition) = catalogue::compile(&sources, &settings.menu_limits()).edition else {
        eprintln!("nyota: nothing was drawn: the menus have mistakes; `nyota check` shows them");
        return Ok(ExitCode::from(1));
    };
    let (set, menu) = chosen(&edition, drawing)?;
    let picture = Picture::of(set, menu, language(set, drawing)?);
    let written = match drawing.format {
        Format::Svg => picture.svg(Style::Inside),
        Format::Mermaid => picture.mermaid(),
    };
    match &drawing.output {
        Some(file) => std::fs::write(file, written)
            .with_context(|| format!("{} could not be written", file.display()))?,
        None => print!("{written}"),
    }
    Ok(ExitCode::SUCCESS)
}

/// The set that is meant, and the menu of it.
fn chosen<'e>(
    edition: &'e Edition,
    drawing: &Drawing,
) -> anyhow::Result<(&'e MenuSet, Option<MenuId>)> {
    let sets: Vec<&MenuSet> = edition.sets().map(|set| &**set).collect();
    let of_name = |set: &&MenuSet| drawing.set.as_ref().is_none_or(|name| set.name == *name);
    let named = sets.iter().copied().filter(of_name);
    let found: Vec<_> = match &drawing.menu {
        Some(menu) => named
            .filter_map(|set| Some((set, Some(position(set, menu)?))))
            .collect(),
        None => named.map(|set| (set, None)).collect(),
    };
    match found[..] {
        [one] => Ok(one),
        [] => bail!("there is no such menu; there are {}", all(&sets)),
        [_, _, ..] => {
            let several: Vec<_> = found.iter().map(|(set, _)| set.name.as_str()).collect();
            bail!("say which set is meant with --set: {}", several.join(", "))
        }
    }
}

fn position(set: &MenuSet, name: &str) -> Option<MenuId> {
    let menus = (0..).zip(&set.menus);
    let mut named = menus.filter(|(_, menu)| menu.name == name);
    named.next().map(|(id, _)| id)
}

/// Every menu of every set, for whoever named none of them.
fn all(sets: &[&MenuSet]) -> String {
    let sets = sets.iter().map(|set| {
        let menus: Vec<_> = set.menus.iter().map(|menu| menu.name.as_str()).collect();
        format!("{} (in the set {})", menus.join(", "), set.name)
    });
    sets.collect::<Vec<_>>().join("; ")
}

fn language(set: &MenuSet, drawing: &Drawing) -> anyhow::Result<Language> {
    let Some(tag) = &drawing.language else {
        return Ok(set.fallback());
    };
    let mut known = set.languages.iter().map(|known| known.language);
    let meant = known.clone().find(|language| language.as_str() == tag);
    meant.with_context(|| {
        let known: Vec<_> = known.by_ref().map(|known| known.to_string()).collect();
        format!(
            "the set {} has no language {tag}; it has {}",
            set.name,
            known.join(", ")
        )
    })
}
