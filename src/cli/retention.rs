use std::{process::ExitCode, sync::Arc};

use super::stored;
use crate::{
    config::Settings,
    model::SystemClock,
    retention::{Retention, Row},
};

/// Deletes what was kept long enough, or only says what would go.
pub(super) async fn retention(settings: &Settings, dry_run: bool) -> anyhow::Result<ExitCode> {
    let store = stored::open(settings).await?;
    let retention = Retention::new(store, Arc::new(SystemClock), settings.retention());
    let rows = if dry_run {
        retention.count().await?
    } else {
        retention.run().await?
    };
    print(&rows, if dry_run { "would go" } else { "deleted" });
    Ok(ExitCode::SUCCESS)
}

fn print(rows: &[Row], went: &str) {
    println!("{:<18}{:>10}{:>12}", "", "days kept", went);
    for Row { kept, days, old } in rows {
        println!("{:<18}{days:>10}{old:>12}", kept.as_str());
    }
    println!();
    println!("Bills, payments, the ledger and proved notices are never deleted.");
    println!(
        "NYOTA_KEEP_DAYS sets the days, NYOTA_KEEP_DAYS=journal=30,texts=30, or `retention` in nyota.yaml."
    );
}
