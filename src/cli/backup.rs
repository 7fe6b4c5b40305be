use std::{path::Path, process::ExitCode};

use super::{Database, progress::Progress};
use crate::{
    config::Settings,
    model::{Clock, SystemClock},
    store::{Done, Sealer, Store, backup},
};

/// Writes a backup of the database.
pub(super) async fn backup(settings: &Settings, file: &Path) -> anyhow::Result<ExitCode> {
    let database = Database::of(settings)?;
    let (store, sealer) = database.open_existing().await?;
    let mut progress = Progress::new();
    let say = |table: &str, rows| progress.say(table, rows);
    let copied = backup::write(&*store, &sealer, file, SystemClock.now(), say).await;
    progress.end();
    let copied = copied?;
    noted(&*store).await;
    println!(
        "{} rows of {} tables are in {}, for its owner only.",
        copied.rows,
        copied.tables,
        file.display()
    );
    println!("The keys are not in it, and without them nobody can read it, you neither.");
    println!(
        "They are in {}: keep a copy of that in another place than the backups.",
        database.keys
    );
    Ok(ExitCode::SUCCESS)
}

/// Notes when it was made, for `nyota doctor`. The backup is there, whether that can be noted or not.
async fn noted(store: &dyn Store) {
    let noted = async {
        let mut transaction = store.write().await?;
        let now = SystemClock.now();
        transaction.marks().mark(Done::Backup, now).await?;
        transaction.commit().await
    };
    if let Err(error) = noted.await {
        eprintln!("When it was made could not be noted: {error}");
    }
}

/// Fills an empty database from a backup.
pub(super) async fn restore(settings: &Settings, file: &Path) -> anyhow::Result<ExitCode> {
    let database = Database::of(settings)?;
    let sealer = Sealer::new(&database.keys.load()?);
    // Before a database is made: it would be marked with keys that are not the backup's.
    let header = backup::check(file, &sealer)?;
    let (store, sealer) = database.open_to_fill().await?;
    let mut progress = Progress::new();
    let say = |table: &str, rows| progress.say(table, rows);
    let copied = backup::restore(&*store, &sealer, file, say).await;
    progress.end();
    let copied = copied?;
    println!(
        "{} rows of {} tables are in {}, as they were at {}.",
        copied.rows,
        copied.tables,
        database.address,
        header.made_at.format("%Y-%m-%d %H:%M:%S UTC")
    );
    println!("What was to be sent or told then is sent and told when the service starts.");
    Ok(ExitCode::SUCCESS)
}
