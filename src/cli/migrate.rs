use std::process::ExitCode;

use super::Database;
use crate::config::Settings;

/// Brings the database's schema up to date.
pub(super) async fn migrate(settings: &Settings) -> anyhow::Result<ExitCode> {
    let database = Database::of(settings)?;
    database.open().await?;
    println!("{} is up to date.", database.address);
    Ok(ExitCode::SUCCESS)
}
