use std::{
    path::{Path, PathBuf},
    process::ExitCode,
};

use anyhow::Context;

use super::{Format, files_at};
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
    let compiled = catalogue::compile(&sources, Limits::default());
    match format {
        Format::Text => print_text(&compiled.reports, &sources),
        Format::Json => print_json(&compiled.reports, &sources)?,
    }
    let errors = count(&compiled.reports, Severity::Error);
    Ok(if errors == 0 {
        ExitCode::SUCCESS
    } else {
        ExitCode::from(1)
    })
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
