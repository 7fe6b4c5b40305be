//! `nyota test`: runs the transcripts beside the menus and the vectors beside the profiles.
//!
//! 1. Every transcript plays on a server of its own, whole and real, with its own scratch database
//!    and a clock that begins on the transcript's day. `prompts` stands beside it: it gives the
//!    answers that the transcript holds, and notes what it comes to.
//! 2. Vectors need no server: the profile answers them (`gateways`).
//! 3. `coverage` says what no transcript comes to; `record` writes a transcript.
//!
//! Left out: reading and writing transcripts (`transcript`) and vectors (`gateway`).

mod clock;
mod coverage;
mod gateways;
mod play;
mod prompts;
mod record;
mod tally;

use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
    process::ExitCode,
    sync::Arc,
};

use anyhow::Context;
use clap::Args;
use tokio::{sync::Semaphore, task::JoinSet};

use self::{
    coverage::Coverage,
    play::{Played, Player, Stage},
    tally::Tally,
};
use super::{Format, files_at, logs, transcript};
use crate::{
    catalogue::{self, Edition},
    config::Settings,
    gateway::vectors::Unused,
    menu,
    model::{
        Language,
        source::{Report, Severity, Source},
    },
    sandbox,
};

/// How many transcripts play at one time: more would make the slow ones miss their cue.
const AT_ONCE: usize = 4;

/// What is to be tested or recorded.
#[derive(Args, Clone, Debug)]
pub(super) struct Arguments {
    /// Transcripts or folders of them, folders of profiles with their vectors; by default all.
    paths: Vec<PathBuf>,
    /// Say which pages, outcomes and keys no transcript comes to. With a number, such as
    /// --coverage=100, less than so many percent of these, or of a profile by its vectors, is a failure.
    #[arg(
        long,
        value_name = "PERCENT",
        num_args = 0..=1,
        require_equals = true,
        default_missing_value = "0",
        value_parser = clap::value_parser!(u8).range(0..=100)
    )]
    coverage: Option<u8>,
    /// The profile that the vectors of a file are played against, wherever both lie.
    #[arg(long, value_name = "FILE", requires = "vectors", conflicts_with_all = ["paths", "coverage"])]
    profile: Option<PathBuf>,
    /// The file of vectors.
    #[arg(long, value_name = "FILE", requires = "profile")]
    vectors: Option<PathBuf>,
    /// Tell of each vector every rule that was tried, with its line and the value that it saw.
    #[arg(long)]
    trace: bool,
    /// How to report.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
    /// Write a transcript instead: of a dialogue by its id in the journal, of the `last` one, or of a
    /// transcript that is played again.
    #[arg(long, value_name = "DIALOGUE", conflicts_with_all = ["paths", "coverage", "format", "profile", "trace"])]
    record: Option<String>,
    /// The database whose journal has the dialogue; by default the one that is served.
    #[arg(long, value_name = "FILE", requires = "record")]
    from: Option<PathBuf>,
    /// The language in which a transcript is played again.
    #[arg(long, value_name = "TAG", requires = "record", value_parser = Language::parse)]
    language: Option<Language>,
    /// Keep the numbers and texts that were typed; otherwise those of the demo alone are kept.
    #[arg(long, requires = "record")]
    keep: bool,
}

/// Runs what is asked for, by default everything.
pub(super) async fn test(settings: &Settings, arguments: &Arguments) -> anyhow::Result<ExitCode> {
    drop(logs::start("off"));
    if let Some(story) = &arguments.record {
        return record::record(settings, story, arguments).await;
    }
    if let (Some(profile), Some(vectors)) = (&arguments.profile, &arguments.vectors) {
        return gateways::test_file(profile, vectors, arguments);
    }
    let sources = found(settings, &arguments.paths)?;
    let mut tally = Tally::new(arguments.format);
    let (transcripts, rest): (Vec<_>, Vec<_>) = sources.into_iter().partition(transcript::is_one);
    let profiles: Vec<_> = rest
        .into_iter()
        .filter(|source| !catalogue::is_menu(source) && !menu::is_installation(source))
        .filter(|source| !source.name.ends_with("/calls.yaml"))
        .collect();
    let unused = gateways::replay(&profiles, arguments.trace, &mut tally);
    let visited = play_all(settings, transcripts, &mut tally).await?;
    if tally.is_empty() {
        println!(
            "Nothing to test was found: transcripts lie in menus/NAME/transcripts, vectors in gateways/NAME."
        );
        return Ok(ExitCode::from(2));
    }
    let coverage = match arguments.coverage {
        Some(_) => covered(settings, &visited)?,
        None => Vec::new(),
    };
    tally.sum_up(&coverage, &unused)?;
    let wanted = usize::from(arguments.coverage.unwrap_or_default());
    let mut percents = coverage.iter().map(Coverage::percent);
    let mut of_profiles = unused.iter().map(Unused::percent);
    let enough = percents.all(|it| it >= wanted) && of_profiles.all(|it| it >= wanted);
    Ok(if tally.failed() == 0 && enough {
        ExitCode::SUCCESS
    } else {
        ExitCode::from(1)
    })
}

/// The coverage of every set that is served.
fn covered(
    settings: &Settings,
    visited: &BTreeSet<coverage::Item>,
) -> anyhow::Result<Vec<Coverage>> {
    let sources = found(settings, &[])?;
    let edition = catalogue::compile(&sources, &settings.menu_limits()).edition;
    let sets = edition.iter().flat_map(Edition::sets);
    Ok(sets.map(|set| Coverage::of(set, visited)).collect())
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
) -> anyhow::Result<BTreeSet<coverage::Item>> {
    let mut visited = BTreeSet::new();
    if transcripts.is_empty() {
        return Ok(visited);
    }
    if let Some(mistakes) = mistakes(settings)? {
        tally.count(Some(&mistakes), "transcripts: no server can play them");
        return Ok(visited);
    }
    let folder = tempfile::tempdir().context("no scratch folder could be made")?;
    let stage = Arc::new(stage(settings, folder.path()).await?);
    tally.expect(transcripts.len());
    let mut playing = JoinSet::new();
    for source in transcripts {
        let stage = Arc::clone(&stage);
        playing.spawn(async move {
            let name = source.name.clone();
            (name, play_one(stage, source).await)
        });
    }
    while let Some(played) = playing.join_next().await {
        let (name, played) = played.context("a transcript ended the player")?;
        tally.count(played.failure.as_deref(), &name);
        tally.line(played.longest_line);
        visited.extend(played.visited);
    }
    Ok(visited)
}

async fn stage(settings: &Settings, scratch: &Path) -> anyhow::Result<Stage> {
    Ok(Stage {
        menus: settings.menus.clone(),
        gateways: settings.gateways.clone(),
        limits: settings.menu_limits(),
        keys: Arc::new(sandbox::Keys::load_or_make(scratch).await?),
        room: Semaphore::new(AT_ONCE),
    })
}

/// The mistakes that keep the files from being served, once for all transcripts.
fn mistakes(settings: &Settings) -> anyhow::Result<Option<String>> {
    let sources = found(settings, &[])?;
    let compiled = catalogue::compile(&sources, &settings.menu_limits());
    let error = |report: &&Report| report.severity == Severity::Error;
    let printed: Vec<_> = compiled
        .reports
        .iter()
        .filter(error)
        .map(|report| report.print(&sources))
        .collect();
    Ok((compiled.mistakes() > 0).then(|| printed.join("\n")))
}

/// Plays one transcript.
async fn play_one(stage: Arc<Stage>, source: Source) -> Played {
    let failed = |failure| Played {
        failure: Some(failure),
        ..Played::default()
    };
    let sources = [source];
    let [source] = &sources;
    let transcript = match transcript::read(source, 0) {
        Ok(transcript) => transcript,
        Err(reports) => return failed(printed(&reports, &sources)),
    };
    let Ok(_room) = stage.room.acquire().await else {
        return Played::default();
    };
    match Player::start(&stage, &transcript).await {
        Ok(player) => player.play(&transcript, source).await,
        Err(error) => failed(format!("the server did not start: {error:#}\n")),
    }
}

fn printed(reports: &[Report], sources: &[Source]) -> String {
    let printed: Vec<_> = reports.iter().map(|report| report.print(sources)).collect();
    printed.join("\n")
}
