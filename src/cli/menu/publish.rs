use std::process::ExitCode;

use super::{
    arguments::Account,
    callers::tell,
    shelf::{Shelf, files_here, short},
    told,
};
use crate::{
    catalogue::{difference, name},
    cli::check::{self, Against, Checked},
    config::Settings,
    model::Clock,
    store::{Edition, Way},
};

/// Checks the files here, says what changes, and makes them current.
pub(super) async fn publish(settings: &Settings, account: &Account) -> anyhow::Result<ExitCode> {
    let checked = Checked::at(&check::folders(settings, &[]), &Against::of(settings)?)?;
    if checked.mistakes() > 0 {
        print!("{}", checked.text());
        println!("\nNothing was published: the files have mistakes.");
        return Ok(ExitCode::from(1));
    }
    let (sources, compiled) = files_here(settings)?;
    if compiled.edition.is_none() {
        println!(
            "Nothing was published: there is no menu in {}.",
            settings.menus.display()
        );
        return Ok(ExitCode::from(1));
    }
    let shelf = Shelf::open(settings).await?;
    let current = shelf.current().await?;
    let hash = name(&sources);
    let edition = Edition {
        hash: hash.clone(),
        sources,
        kept_at: shelf.clock.now(),
    };
    if let Some(current) = current {
        if current.made.edition == hash {
            println!(
                "The files here are current already: edition {}.",
                short(&hash)
            );
            return Ok(ExitCode::SUCCESS);
        }
        let old = shelf.sources(&current.made.edition).await?;
        let difference = difference(&old, &edition.sources);
        print!("{}", told::in_short(&difference));
        print!("{}", tell(&difference, &shelf.callers(&old).await?));
    }
    let number = shelf.publish(&edition, Way::Published, account).await?;
    println!(
        "Published as {number}: edition {}. New dialogues begin with it within a second.",
        short(&hash)
    );
    Ok(ExitCode::SUCCESS)
}
