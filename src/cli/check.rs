use std::{
    path::{Path, PathBuf},
    process::ExitCode,
};

use anyhow::Context;

use super::{Format, files_at, needs, transcript};
use crate::{
    catalogue::{self, Limits, Need},
    config::Settings,
    model::source::{Report, Severity, Source},
};

/// Reports every mistake of the files at `paths`.
pub(super) fn check(
    settings: &Settings,
    paths: &[PathBuf],
    format: Format,
) -> anyhow::Result<ExitCode> {
    let mut sources = Vec::new();
    let mut only = Vec::new();
    for path in folders(settings, paths) {
        let folder = whole_of(path);
        sources.extend(files_at(folder).context("nothing was checked")?);
        if folder != path {
            only.push(path.display().to_string());
        }
    }
    if sources.is_empty() {
        println!("Nothing to check was found: menus and profiles are files that end in .yaml.");
        return Ok(ExitCode::from(2));
    }
    let compiled = catalogue::compile(&sources, Limits::default());
    let mut reports = compiled.reports;
    let lacking = needs::lacking(compiled.needs, &needs::calls(settings)?);
    reports.extend(lacking.iter().map(Need::report));
    reports.extend(transcripts(&sources));
    if !only.is_empty() {
        reports.retain(|report| is_of(report, &sources, &only));
    }
    match format {
        Format::Text => print_text(&reports, &sources),
        Format::Json => println!("{}", json(&reports, &sources)?),
    }
    let errors = count(&reports, Severity::Error);
    Ok(if errors == 0 {
        ExitCode::SUCCESS
    } else {
        ExitCode::from(1)
    })
}

/// What a path is checked with: a file, such as the one open in an editor, with those around it.
fn whole_of(path: &Path) -> &Path {
    match path.parent() {
        Some(folder) if path.is_file() && !folder.as_os_str().is_empty() => folder,
        Some(_) | None => path,
    }
}

fn is_of(report: &Report, sources: &[Source], files: &[String]) -> bool {
    let source = sources.get(report.span.source);
    source.is_some_and(|source| files.contains(&source.name))
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

fn folders<'a>(settings: &'a Settings, paths: &'a [PathBuf]) -> Vec<&'a Path> {
    if paths.is_empty() {
        vec![&settings.menus, &settings.gateways]
    } else {
        paths.iter().map(PathBuf::as_path).collect()
    }
}

fn print_text(reports: &[Report], sources: &[Source]) {
    for report in reports {
        println!("{}", report.print(sources));
    }
    let (errors, warnings) = (
        count(reports, Severity::Error),
        count(reports, Severity::Warning),
    );
    let files = sources.len();
    println!("{files} files checked: {errors} errors, {warnings} warnings.");
}

fn json(reports: &[Report], sources: &[Source]) -> anyhow::Result<String> {
    let reports: Vec<_> = reports.iter().map(|report| report.json(sources)).collect();
    Ok(serde_json::to_string_pretty(&reports)?)
}

fn count(reports: &[Report], severity: Severity) -> usize {
    reports
        .iter()
        .filter(|report| report.severity == severity)
        .count()
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
        let reports = catalogue::compile(&sources, Limits::default()).reports;
        let printed: serde_json::Value =
            serde_json::from_str(&json(&reports, &sources).unwrap()).unwrap();
        let printed = printed.as_array().unwrap();
        assert_eq!(printed.len(), reports.len());
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
