use std::{
    path::{Path, PathBuf},
    process::ExitCode,
};

use anyhow::Context;

use super::{Format, files_at, transcript};
use crate::{
    catalogue::{self, Limits},
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
    for path in folders(settings, paths) {
        sources.extend(files_at(path).context("nothing was checked")?);
    }
    if sources.is_empty() {
        println!("Nothing to check was found: menus and profiles are files that end in .yaml.");
        return Ok(ExitCode::from(2));
    }
    let mut reports = catalogue::compile(&sources, Limits::default()).reports;
    reports.extend(transcripts(&sources));
    match format {
        Format::Text => print_text(&reports, &sources),
        Format::Json => print_json(&reports, &sources)?,
    }
    let errors = count(&reports, Severity::Error);
    Ok(if errors == 0 {
        ExitCode::SUCCESS
    } else {
        ExitCode::from(1)
    })
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

fn print_json(reports: &[Report], sources: &[Source]) -> anyhow::Result<()> {
    let reports: Vec<_> = reports.iter().map(|report| report.json(sources)).collect();
    println!("{}", serde_json::to_string_pretty(&reports)?);
    Ok(())
}

fn count(reports: &[Report], severity: Severity) -> usize {
    reports
        .iter()
        .filter(|report| report.severity == severity)
        .count()
}
