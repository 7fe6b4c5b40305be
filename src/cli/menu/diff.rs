use std::process::ExitCode;

use super::{
    callers::tell,
    shelf::{Shelf, files_here, short},
    told,
};
use crate::{catalogue::difference, config::Settings};

/// Shows what publishing the files here would change.
pub(super) async fn diff(settings: &Settings, from: Option<&str>) -> anyhow::Result<ExitCode> {
    let shelf = Shelf::open(settings).await?;
    let (files, compiled) = files_here(settings)?;
    let hash = match from {
        Some(name) => Some(shelf.named(name).await?),
        None => shelf.current().await?.map(|current| current.made.edition),
    };
    let Some(hash) = hash else {
        println!("Nothing is published yet: all that is here would be new.");
        return Ok(ExitCode::from(1));
    };
    let old = shelf.sources(&hash).await?;
    let difference = difference(&old, &files);
    if difference.is_none() {
        println!("The files here are what edition {} is.", short(&hash));
        return Ok(ExitCode::SUCCESS);
    }
    println!("From edition {} to the files here:\n", short(&hash));
    print!("{}", told::whole(&difference));
    print!("\n{}", tell(&difference, &shelf.callers(&old).await?));
    let mistakes = compiled.mistakes();
    if mistakes > 0 {
        println!(
            "\nThe files here have {mistakes} mistakes, so they cannot be published: `nyota check` shows them."
        );
    }
    Ok(ExitCode::from(1))
}
