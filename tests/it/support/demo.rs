//! The demo as a newcomer starts it: the real program, with no settings but a free port, in a folder
//! of its own.

use std::{
    process::{ExitStatus, Stdio},
    time::Duration,
};

use tempfile::TempDir;
use tokio::{
    io::{AsyncBufReadExt, BufReader},
    process::{Child, ChildStdout, Command},
    time::timeout,
};

/// A running demo. Dropping it ends it.
pub(crate) struct Demo {
    /// Where it serves: `http://127.0.0.1:41237`.
    pub(crate) address: String,
    process: Child,
    _folder: TempDir,
}

impl Demo {
    /// Starts it and waits until it says where it serves.
    pub(crate) async fn start() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let root = env!("CARGO_MANIFEST_DIR");
        for files in ["menus", "gateways"] {
            std::os::unix::fs::symlink(format!("{root}/{files}"), folder.path().join(files))
                .unwrap();
        }
        let mut process = Command::new(env!("CARGO_BIN_EXE_nyota"))
            .current_dir(folder.path())
            .env("NYOTA_LISTEN", "127.0.0.1:0")
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .unwrap();
        let stdout = process.stdout.take().unwrap();
        let said = timeout(Duration::from_secs(30), address(stdout)).await;
        Self {
            address: said.expect("the demo says within 30 seconds where it serves"),
            process,
            _folder: folder,
        }
    }

    /// Asks it to end, as a service manager does, and says how it did: within `patience`, or it
    /// never would have.
    pub(crate) async fn end(mut self, patience: Duration) -> ExitStatus {
        let id = self.process.id().unwrap().to_string();
        let asked = Command::new("kill").args(["-TERM", &id]).status().await;
        assert!(asked.unwrap().success());
        let ended = timeout(patience, self.process.wait()).await;
        ended.expect("the demo ends in time").unwrap()
    }
}

/// The first address that it prints, without a path.
async fn address(stdout: ChildStdout) -> String {
    const BEFORE: &str = "http://127.0.0.1:";
    let mut lines = BufReader::new(stdout).lines();
    while let Ok(Some(line)) = lines.next_line().await {
        if let Some((_, rest)) = line.split_once(BEFORE) {
            tokio::spawn(async move { while let Ok(Some(_)) = lines.next_line().await {} });
            let port = rest.split(|character: char| !character.is_ascii_digit());
            return format!("{BEFORE}{}", port.into_iter().next().unwrap_or_default());
        }
    }
    panic!("the demo ended without saying where it serves");
}
