use std::process::ExitCode;

use anyhow::bail;

use super::{
    arguments::Account,
    callers::tell,
    shelf::{Shelf, short},
    told,
};
use crate::{
    catalogue::{compile, difference},
    config::Settings,
    model::Clock,
    store::{Edition, Publication, Way},
};

/// How far back the one before is looked for.
const FAR: u32 = 100;

/// Makes an earlier edition current.
pub(super) async fn rollback(
    settings: &Settings,
    to: Option<&str>,
    account: &Account,
) -> anyhow::Result<ExitCode> {
    let shelf = Shelf::open(settings).await?;
    let newest = shelf.newest(FAR).await?;
    let Some(current) = newest.first().map(|current| &current.made.edition) else {
        bail!("nothing is published yet, so there is nothing to go back to");
    };
    let Some(hash) = chosen(&shelf, &newest, to).await? else {
        bail!("nothing else was current before; `nyota menu list --all` shows what was published");
    };
    if hash == *current {
        println!("Edition {} is current already.", short(&hash));
        return Ok(ExitCode::SUCCESS);
    }
    let sources = shelf.sources(&hash).await?;
    let mistakes = compile(&sources, &settings.menu_limits()).mistakes();
    if mistakes > 0 {
        println!(
            "Edition {} does not compile with this version of nyota ({mistakes} mistakes). Nothing was changed.",
            short(&hash)
        );
        return Ok(ExitCode::from(1));
    }
    let old = shelf.sources(current).await?;
    let difference = difference(&old, &sources);
    print!("{}", told::in_short(&difference));
    print!("{}", tell(&difference, &shelf.callers(&old).await?));
    let kept_at = shelf.clock.now();
    let edition = Edition {
        hash,
        sources,
        kept_at,
    };
    let number = shelf.publish(&edition, Way::RolledBack, account).await?;
    println!(
        "Rolled back, as {number}: edition {} is current again. New dialogues begin with it within a second.",
        short(&edition.hash)
    );
    Ok(ExitCode::SUCCESS)
}

/// The edition that is meant; `None` where none was current before this one.
async fn chosen(
    shelf: &Shelf,
    newest: &[Publication],
    to: Option<&str>,
) -> anyhow::Result<Option<String>> {
    if let Some(name) = to {
        return shelf.named(name).await.map(Some);
    }
    let mut editions = newest.iter().map(|publication| &publication.made.edition);
    let current = editions.next();
    Ok(editions.find(|edition| Some(*edition) != current).cloned())
}
