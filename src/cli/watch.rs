//! `nyota check --watch`: checks again whenever a file is saved.
//!
//! 1. The folders are looked at every quarter of a second, by content: this sees what editors do
//!    (write aside and rename), works on shared folders, and bears a folder that goes and comes back.
//! 2. Changes that come together are one; then everything is checked anew.
//! 3. Ctrl-C ends it, as fine.

use std::{
    io::{IsTerminal, stdout},
    path::{Path, PathBuf},
    process::ExitCode,
    time::Duration,
};

use anyhow::Context;
use notify::{Config, PollWatcher, RecursiveMode, Watcher};
use tokio::{
    signal::unix::{SignalKind, signal},
    sync::mpsc::{UnboundedReceiver, unbounded_channel},
    time::timeout,
};

use super::check::{Against, Checked, whole_of};
use crate::model::{Clock, EAST_AFRICA, SystemClock};

/// How often the files are looked at.
const EVERY: Duration = Duration::from_millis(250);
/// Saves that follow each other faster than this are one.
const QUIET: Duration = Duration::from_millis(100);

/// Clears a terminal and begins at its top.
const CLEAR: &str = "\u{1b}[2J\u{1b}[3J\u{1b}[H";

/// Checks what is at `paths`, and again after every change, until it is told to end.
pub(super) async fn watch(paths: Vec<PathBuf>, against: Against) -> anyhow::Result<ExitCode> {
    let (_watcher, mut changes) = changes(&paths)?;
    let mut interrupted = signal(SignalKind::interrupt())?;
    let mut terminated = signal(SignalKind::terminate())?;
    loop {
        show(&paths, &against);
        tokio::select! {
            _ = interrupted.recv() => return Ok(ExitCode::SUCCESS),
            _ = terminated.recv() => return Ok(ExitCode::SUCCESS),
            change = next(&mut changes) => change.context("the files are no longer watched")?,
        }
    }
}

/// Something at `paths` has changed: one message for each change, while the watcher lives.
fn changes(paths: &[PathBuf]) -> anyhow::Result<(PollWatcher, UnboundedReceiver<()>)> {
    let (told, changes) = unbounded_channel();
    let tell = move |event: notify::Result<notify::Event>| {
        // What cannot be read just now is seen when it is back; nobody listens while we end.
        _ = event.map(|_| told.send(()));
    };
    let config = Config::default()
        .with_poll_interval(EVERY)
        .with_compare_contents(true);
    let mut watcher = PollWatcher::new(tell, config).context("files cannot be watched")?;
    for path in paths {
        watch_one(&mut watcher, path)?;
    }
    Ok((watcher, changes))
}

fn watch_one(watcher: &mut PollWatcher, path: &Path) -> anyhow::Result<()> {
    let begun = watcher.watch(whole_of(path), RecursiveMode::Recursive);
    begun.with_context(|| format!("{} cannot be watched", path.display()))
}

/// Waits for a change and for those that come with it. `None` where no more can come.
async fn next(changes: &mut UnboundedReceiver<()>) -> Option<()> {
    changes.recv().await?;
    while let Ok(further) = timeout(QUIET, changes.recv()).await {
        further?;
    }
    Some(())
}

fn show(paths: &[PathBuf], against: &Against) {
    if stdout().is_terminal() {
        print!("{CLEAR}");
    }
    match Checked::at(paths, against) {
        Ok(checked) => print!("{}", checked.text()),
        // An editor may be just between two steps of saving.
        Err(error) => println!("nyota: {error:#}"),
    }
    let time = (SystemClock.now() + EAST_AFRICA).format("%H:%M:%S");
    println!("{time} EAT. It is checked again when a file is saved; Ctrl-C ends it.");
}
