use std::{fs, path::Path, process::ExitCode};

use anyhow::Context;

use super::{Arguments, tally::Tally};
use crate::{
    cli::{check::whole_of, files_at},
    gateway::vectors::{self, Played, Run, Unused},
    model::source::Source,
};

/// Has every profile answer its vectors; what of each no vector comes to.
pub(super) fn replay(sources: &[Source], trace: bool, tally: &mut Tally) -> Vec<Unused> {
    let run = vectors::play(sources);
    tell(&run, sources, trace, tally);
    run.unused
}

/// Has a profile answer the vectors of a file, wherever both lie.
pub(super) fn test_file(
    profile: &Path,
    file: &Path,
    arguments: &Arguments,
) -> anyhow::Result<ExitCode> {
    let name = profile.file_stem().unwrap_or_default().to_string_lossy();
    let mut sources = with_presets(profile)?;
    let text = fs::read_to_string(file);
    sources.push(Source {
        name: file.display().to_string(),
        text: text.with_context(|| format!("{} cannot be read", file.display()))?,
    });
    let run = vectors::play_file(&sources, &name);
    let mut tally = Tally::new(arguments.format);
    tell(&run, &sources, arguments.trace, &mut tally);
    if tally.is_empty() {
        println!(
            "Nothing to test was found: {} has no vectors.",
            file.display()
        );
        return Ok(ExitCode::from(2));
    }
    tally.sum_up(&[], &run.unused)?;
    Ok(if tally.failed() == 0 {
        ExitCode::SUCCESS
    } else {
        ExitCode::from(1)
    })
}

/// A profile and the presets of its folder: what is wrong with its neighbours does not matter.
fn with_presets(profile: &Path) -> anyhow::Result<Vec<Source>> {
    let path = profile.display().to_string();
    let sources = files_at(whole_of(profile)).context("nothing was tested")?;
    let mut sources: Vec<_> = sources
        .into_iter()
        .filter(|source| source.name == path || source.name.contains("/presets/"))
        .collect();
    if sources.iter().all(|source| source.name != path) {
        let text = fs::read_to_string(profile).with_context(|| format!("{path} cannot be read"))?;
        sources.push(Source { name: path, text });
    }
    Ok(sources)
}

fn tell(run: &Run, sources: &[Source], trace: bool, tally: &mut Tally) {
    for report in &run.reports {
        tally.count(Some(&report.print(sources)), "a profile or its vectors");
    }
    tally.expect(run.played.len());
    for played in &run.played {
        let failure = (!played.passed()).then(|| played.to_string());
        tally.count(failure.as_deref(), &played.name);
        if trace {
            tally.trace(&Played::traced(played));
        }
    }
}
