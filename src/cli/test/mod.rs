//! `nyota test`: runs the transcripts beside the menus and the recorded requests beside the profiles.
//!
//! 1. Every transcript plays on a server of its own, whole and real, with its own scratch database
//!    and a clock that begins on the transcript's day.
//! 2. Recorded requests need no server: the profile answers them.
//!
//! Left out: reading transcripts (`transcript`) and recordings (`gateway`).

mod play;

use std::{path::PathBuf, process::ExitCode, sync::Arc};

use anyhow::Context;
use tokio::sync::Semaphore;

use self::play::{Player, Stage};
use super::{files_at, logs, transcript};
use crate::{
    catalogue::{self, Limits},
    config::Settings,
    gateway::recorded,
    menu,
    model::source::{Report, Severity, Source},
    sandbox,
};

/// How many transcripts play at one time: more would make the slow ones miss their cue.
const AT_ONCE: usize = 4;

/// How the tests went.
#[derive(Clone, Copy, Debug, Default)]
struct Tally {
    passed: usize,
    failed: usize,
}

impl Tally {
    fn count(&mut self, failure: Option<&str>, name: &str) {
        match failure {
            None => {
                self.passed += 1;
                println!("ok      {name}");
            }
            Some(failure) => {
                self.failed += 1;
                println!("FAILED  {name}\n{failure}");
            }
        }
    }
}

/// Runs what is at `paths`, by default everything.
pub(super) async fn test(settings: &Settings, paths: &[PathBuf]) -> anyhow::Result<ExitCode> {
    logs::start("off");
    let sources = found(settings, paths)?;
    let mut tally = Tally::default();
    let (transcripts, rest): (Vec<_>, Vec<_>) = sources.into_iter().partition(transcript::is_one);
    let profiles: Vec<_> = rest
        .into_iter()
        .filter(|source| !catalogue::is_menu(source) && !menu::is_installation(source))
        .collect();
    replay(&profiles, &mut tally);
    play_all(settings, transcripts, &mut tally).await?;
    println!("{} passed, {} failed", tally.passed, tally.failed);
    if tally.passed + tally.failed == 0 {
        println!(
            "Nothing to test was found: transcripts lie in menus/NAME/transcripts, recorded requests in gateways/NAME."
        );
        return Ok(ExitCode::from(2));
    }
    Ok(if tally.failed == 0 {
        ExitCode::SUCCESS
    } else {
        ExitCode::from(1)
    })
}

fn found(settings: &Settings, paths: &[PathBuf]) -> anyhow::Result<Vec<Source>> {
    let all = [settings.menus.clone(), settings.gateways.clone()];
    let paths = if paths.is_empty() { &all[..] } else { paths };
    let mut sources = Vec::new();
    for path in paths {
        sources.extend(files_at(path).context("nothing was tested")?);
    }
    Ok(sources)
}

async fn play_all(
    settings: &Settings,
    transcripts: Vec<Source>,
    tally: &mut Tally,
) -> anyhow::Result<()> {
    if transcripts.is_empty() {
        return Ok(());
    }
    if let Some(mistakes) = mistakes(settings)? {
        tally.count(Some(&mistakes), "transcripts: no server can play them");
        return Ok(());
    }
    let folder = tempfile::tempdir().context("no scratch folder could be made")?;
    let keys = sandbox::Keys::load_or_make(folder.path()).await?;
    let stage = Arc::new(Stage {
        menus: settings.menus.clone(),
        gateways: settings.gateways.clone(),
        keys: Arc::new(keys),
        room: Semaphore::new(AT_ONCE),
    });
    let playing: Vec<_> = transcripts
        .into_iter()
        .map(|source| {
            let stage = Arc::clone(&stage);
            let name = source.name.clone();
            (name, tokio::spawn(play_one(stage, source)))
        })
        .collect();
    for (name, played) in playing {
        let failure = played.await.context("a transcript ended the player")?;
        tally.count(failure.as_deref(), &name);
    }
    Ok(())
}

/// The mistakes that keep the files from being served, once for all transcripts.
fn mistakes(settings: &Settings) -> anyhow::Result<Option<String>> {
    let sources = found(settings, &[])?;
    let compiled = catalogue::compile(&sources, Limits::default());
    let error = |report: &&Report| report.severity == Severity::Error;
    let printed: Vec<_> = compiled
        .reports
        .iter()
        .filter(error)
        .map(|report| report.print(&sources))
        .collect();
    Ok((compiled.mistakes() > 0).then(|| printed.join("\n")))
}

/// Plays one transcript; gives what went otherwise than written.
async fn play_one(stage: Arc<Stage>, source: Source) -> Option<String> {
    let sources = [source];
    let [source] = &sources;
    let transcript = match transcript::read(source, 0) {
        Ok(transcript) => transcript,
        Err(reports) => {
            let printed: Vec<_> = reports
                .iter()
                .map(|report| report.print(&sources))
                .collect();
            return Some(printed.join("\n"));
        }
    };
    let _room = stage.room.acquire().await.ok()?;
    match Player::start(&stage, &transcript).await {
        Ok(player) => player.play(&transcript, source).await,
        Err(error) => Some(format!("the server did not start: {error:#}\n")),
    }
}

/// Has every profile answer the requests that were recorded for it.
fn replay(sources: &[Source], tally: &mut Tally) {
    let run = recorded::play(sources);
    for report in &run.reports {
        tally.count(
            Some(&report.print(sources)),
            "a profile or its recorded requests",
        );
    }
    for played in &run.played {
        let failure = (!played.differences.is_empty()).then(|| played.to_string());
        tally.count(
            failure.as_deref(),
            &format!("{}: {}", played.file, played.name),
        );
    }
}
