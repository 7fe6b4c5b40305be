use std::{
    path::{Path, PathBuf},
    process::ExitCode,
};

use anyhow::Context;

use super::{Format, files_at, needs, transcript};
use crate::{
    catalogue::{self, Limits, Need},
    config::Settings,
    effect::declared,
    gateway::vectors,
    model::source::{Report, Severity, Source},
};

/// What was found in the files at some paths.
pub(super) struct Checked {
    sources: Vec<Source>,
    reports: Vec<Report>,
}

/// What files are checked against.
pub(super) struct Against {
    /// Where declared calls may go, and with which secrets.
    calls: declared::Options,
    /// How long pages are, and which numbers members have.
    limits: Limits,
}

impl Against {
    /// As the settings say.
    pub(super) fn of(settings: &Settings) -> anyhow::Result<Self> {
        Ok(Self {
            calls: needs::calls(settings)?,
            limits: settings.menu_limits(),
        })
    }
}

/// Reports every mistake of the files at `paths`.
pub(super) fn check(
    settings: &Settings,
    paths: &[PathBuf],
    format: Format,
) -> anyhow::Result<ExitCode> {
    let checked = Checked::at(&folders(settings, paths), &Against::of(settings)?)?;
    if checked.sources.is_empty() {
        println!("{NOTHING}");
        return Ok(ExitCode::from(2));
    }
    match format {
        Format::Text => print!("{}", checked.text()),
        Format::Json => println!("{}", checked.json()?),
    }
    Ok(if checked.mistakes() == 0 {
        ExitCode::SUCCESS
    } else {
        ExitCode::from(1)
    })
}

const NOTHING: &str = "Nothing to check was found: menus and profiles are files that end in .yaml.";

impl Checked {
    /// Reads and checks what is at `paths`.
    pub(super) fn at(paths: &[PathBuf], against: &Against) -> anyhow::Result<Self> {
        let mut sources = Vec::new();
        let mut only = Vec::new();
        for path in paths {
            let folder = whole_of(path);
            sources.extend(files_at(folder).context("nothing was checked")?);
            if folder != path {
                only.push(path.display().to_string());
            }
        }
        let compiled = catalogue::compile(&sources, &against.limits);
        let mut reports = compiled.reports;
        let lacking = needs::lacking(compiled.needs, &against.calls);
        reports.extend(lacking.iter().map(Need::report));
        // A transcript that lies alone is still no profile.
        reports.retain(|report| !is_of_transcript(report, &sources));
        reports.extend(transcripts(&sources));
        reports.extend(of_vectors(&sources));
        if !only.is_empty() {
            reports.retain(|report| is_of(report, &sources, &only));
        }
        Ok(Self { sources, reports })
    }

    /// For a person: every report, then how many there are of what.
    pub(super) fn text(&self) -> String {
        if self.sources.is_empty() {
            return format!("{NOTHING}\n");
        }
        let mut printed: Vec<String> = self
            .reports
            .iter()
            .map(|it| it.print(&self.sources))
            .collect();
        let hint =
            |first: &Report| format!("More on one of these: nyota check --explain {}", first.code);
        let last = self.reports.first().map(hint);
        printed.push(
            last.into_iter()
                .chain([self.summary()])
                .collect::<Vec<_>>()
                .join("\n"),
        );
        printed.join("\n") + "\n"
    }

    /// How many errors there are.
    pub(super) fn mistakes(&self) -> usize {
        self.count(Severity::Error)
    }

    fn summary(&self) -> String {
        let files = counted(self.sources.len(), "file");
        let errors = counted(self.count(Severity::Error), "error");
        let warnings = counted(self.count(Severity::Warning), "warning");
        format!("{files} checked: {errors}, {warnings}.")
    }

    /// For programs: one array.
    fn json(&self) -> anyhow::Result<String> {
        let reports = self.reports.iter();
        let reports: Vec<_> = reports.map(|report| report.json(&self.sources)).collect();
        Ok(serde_json::to_string_pretty(&reports)?)
    }

    fn count(&self, severity: Severity) -> usize {
        let reports = self.reports.iter();
        reports.filter(|report| report.severity == severity).count()
    }
}

fn counted(count: usize, of: &str) -> String {
    let plural = if count == 1 { "" } else { "s" };
    format!("{count} {of}{plural}")
}

/// What a path is checked with: a file, such as the one open in an editor, with those around it.
pub(super) fn whole_of(path: &Path) -> &Path {
    match path.parent() {
        Some(folder) if path.is_file() && !folder.as_os_str().is_empty() => folder,
        Some(_) | None => path,
    }
}

fn is_of(report: &Report, sources: &[Source], files: &[String]) -> bool {
    let source = sources.get(report.span.source);
    source.is_some_and(|source| files.contains(&source.name))
}

fn is_of_transcript(report: &Report, sources: &[Source]) -> bool {
    let source = sources.get(report.span.source);
    source.is_some_and(transcript::is_one)
}

/// Mistakes in transcripts, which `nyota test` could not play.
fn transcripts(sources: &[Source]) -> Vec<Report> {
    let found = sources.iter().enumerate();
    found
        .filter(|(_, source)| transcript::is_one(source))
        .filter_map(|(index, source)| transcript::read(source, index).err())
        .flatten()
        .collect()
}

/// Mistakes in the vectors beside profiles.
fn of_vectors(sources: &[Source]) -> Vec<Report> {
    let of_profiles = |source: &Source| !catalogue::is_menu(source) && !transcript::is_one(source);
    let (places, profiles): (Vec<usize>, Vec<Source>) = (0..)
        .zip(sources.iter().cloned())
        .filter(|(_, source)| of_profiles(source))
        .unzip();
    let mut reports = vectors::check(&profiles);
    for report in &mut reports {
        let place = places.get(report.span.source).copied();
        report.span.source = place.unwrap_or_default();
    }
    reports
}

/// The paths that are checked: by default what is served.
pub(super) fn folders(settings: &Settings, paths: &[PathBuf]) -> Vec<PathBuf> {
    if paths.is_empty() {
        vec![settings.menus.clone(), settings.gateways.clone()]
    } else {
        paths.to_vec()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_program_gets_every_problem_with_its_place() {
        let sources = [Source {
            name: "menus/chf/chf.yaml".into(),
            text: "menu: chf\nwrong: \"1\"\n".into(),
        }];
        let reports = catalogue::compile(&sources, &Limits::default()).reports;
        let found = reports.len();
        let checked = Checked {
            sources: sources.into(),
            reports,
        };
        let printed: serde_json::Value = serde_json::from_str(&checked.json().unwrap()).unwrap();
        let printed = printed.as_array().unwrap();
        assert_eq!(printed.len(), found);
        let unknown = printed
            .iter()
            .find(|found| found["code"] == "M002")
            .unwrap();
        assert_eq!(unknown["file"], "menus/chf/chf.yaml");
        assert_eq!(
            (&unknown["line"], &unknown["severity"]),
            (&2.into(), &"error".into())
        );
    }
}
