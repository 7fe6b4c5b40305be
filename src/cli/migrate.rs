use std::process::ExitCode;

use super::demo;
use crate::config::Settings;

/// Brings the database's schema up to date.
pub(super) async fn migrate(settings: &Settings) -> anyhow::Result<ExitCode> {
    let path = settings.database()?;
    demo::open_store(path, &settings.keys()?).await?;
    println!("{} is up to date.", path.display());
    Ok(ExitCode::SUCCESS)
}
