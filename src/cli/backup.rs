use std::{path::Path, process::ExitCode, sync::Arc};

use super::{demo, progress::Progress};
use crate::{
    config::Settings,
    model::{Clock, SystemClock},
    store::{Sealer, backup},
};

/// Writes a backup of the database.
pub(super) async fn backup(settings: &Settings, file: &Path) -> anyhow::Result<ExitCode> {
    let keys = settings.keys()?;
    let (store, sealer) = demo::open_existing(settings).await?;
    let mut progress = Progress::new();
    let say = |table: &str, rows| progress.say(table, rows);
    let copied = backup::write(&*store, &sealer, file, SystemClock.now(), say).await;
    progress.end();
    let copied = copied?;
    println!(
        "{} rows of {} tables are in {}, for its owner only.",
        copied.rows,
        copied.tables,
        file.display()
    );
    println!("The keys are not in it, and without them nobody can read it, you neither.");
    println!("They are in {keys}: keep a copy of that in another place than the backups.");
    Ok(ExitCode::SUCCESS)
}

/// Fills an empty database from a backup.
pub(super) async fn restore(settings: &Settings, file: &Path) -> anyhow::Result<ExitCode> {
    let keys = settings.keys()?;
    let sealer = Arc::new(Sealer::new(&keys.load()?));
    // Before a database is made: it would be marked with keys that are not the backup's.
    let header = backup::check(file, &sealer)?;
    let database = settings.database()?;
    let (store, sealer) = demo::open_store(database, &keys).await?;
    let mut progress = Progress::new();
    let say = |table: &str, rows| progress.say(table, rows);
    let copied = backup::restore(&*store, &sealer, file, say).await;
    progress.end();
    let copied = copied?;
    println!(
        "{} rows of {} tables are in {}, as they were at {}.",
        copied.rows,
        copied.tables,
        database.display(),
        header.made_at.format("%Y-%m-%d %H:%M:%S UTC")
    );
    println!("What was to be sent or told then is sent and told when the service starts.");
    Ok(ExitCode::SUCCESS)
}
