use std::{
    fs,
    net::TcpListener,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
};

use anyhow::{Context, bail};

/// The program that is measured.
pub(super) fn nyota(given: Option<&Path>) -> anyhow::Result<PathBuf> {
    if let Some(given) = given {
        let whole = given.canonicalize();
        return whole.with_context(|| format!("{} is not there", given.display()));
    }
    let own = std::env::current_exe().ok();
    let beside = own.and_then(|own| own.parent().map(|folder| folder.join("nyota")));
    let usual = PathBuf::from("target/release/nyota");
    for place in beside.into_iter().chain([usual]) {
        if let Ok(found) = place.canonicalize() {
            return Ok(found);
        }
    }
    bail!("there is no nyota to measure: cargo build --release, or name one by --nyota FILE")
}

/// A port that was free a moment ago.
pub(super) fn free_port() -> anyhow::Result<u16> {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    Ok(listener.local_addr()?.port())
}

/// Lets every user through a folder.
pub(super) fn open_to_all(folder: &Path) -> anyhow::Result<()> {
    fs::set_permissions(folder, fs::Permissions::from_mode(0o755))?;
    Ok(())
}
