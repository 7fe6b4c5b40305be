use std::path::{Path, PathBuf};

use chrono::{DateTime, TimeDelta, Utc};

use super::gateways::spoken;
use crate::{
    cli::Database,
    config::Settings,
    scheme::Finding,
    store::{Done, Store},
};

/// The least of a disk that is to be free, in MiB.
const FREE: u64 = 1024;
/// A backup that is older is too old: it is to be made each night.
const OLD: TimeDelta = TimeDelta::hours(36);

/// How much is free where the data is.
pub(super) fn disk(settings: &Settings) -> Vec<Finding> {
    let Ok(database) = Database::of(settings) else {
        return Vec::new();
    };
    let folder = there(&database.folder());
    vec![match rustix::fs::statvfs(&folder) {
        Ok(disk) => free(&folder, disk.f_bavail.saturating_mul(disk.f_frsize)),
        Err(error) => Finding::bad(format!(
            "The disk of {} cannot be looked at: {error}.",
            folder.display()
        )),
    }]
}

fn free(folder: &Path, bytes: u64) -> Finding {
    let (mebibytes, folder) = (bytes / (1024 * 1024), folder.display());
    if mebibytes >= FREE {
        return Finding::good(format!("{mebibytes} MiB are free in {folder}."));
    }
    Finding::bad(format!(
        "Only {mebibytes} MiB are free in {folder}: a full disk ends the service. Make room, or shorten what is kept (`nyota retention --dry-run`)."
    ))
}

/// The folder, or the nearest above it that is there.
fn there(folder: &Path) -> PathBuf {
    let mut here = folder;
    while !here.exists() {
        match here.parent() {
            Some(above) if !above.as_os_str().is_empty() => here = above,
            Some(_) | None => return PathBuf::from("."),
        }
    }
    here.to_owned()
}

/// How old the last backup is.
pub(super) async fn backup(store: &dyn Store, now: DateTime<Utc>) -> Vec<Finding> {
    let last = async { store.read().await?.marks().last(Done::Backup).await };
    vec![match last.await {
        Ok(last) => age(last, now),
        Err(error) => Finding::bad(format!("When it was made last cannot be read: {error}.")),
    }]
}

fn age(last: Option<DateTime<Utc>>, now: DateTime<Utc>) -> Finding {
    let Some(last) = last else {
        return Finding::bad(
            "None was made. Have `nyota backup FILE` run each night, and keep the files on another machine.",
        );
    };
    let ago = spoken(now - last);
    if now - last <= OLD {
        return Finding::good(format!("The last was made {ago} ago."));
    }
    Finding::bad(format!(
        "The last was made {ago} ago. Have `nyota backup FILE` run each night, and see why it did not."
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_backup_of_last_night_is_good_and_none_is_not() {
        let now: DateTime<Utc> = "2026-03-02T12:00:00Z".parse().unwrap();
        assert!(age(Some(now - TimeDelta::hours(30)), now).good);
        assert!(!age(Some(now - TimeDelta::hours(40)), now).good);
        assert!(!age(None, now).good);
    }

    #[test]
    fn little_room_is_told() {
        assert!(free(Path::new("data"), 2 << 30).good);
        assert!(!free(Path::new("data"), 9 << 20).good);
    }
}
