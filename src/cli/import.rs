use std::{
    fs,
    path::{Path, PathBuf},
    process::ExitCode,
};

use anyhow::{Context, bail};
use clap::ValueEnum;

use crate::{
    import::{
        Found, Imported, SetName,
        ussd_airflow::{self, Wanted},
    },
    menu::CheckOptions,
    model::{
        ServiceCode,
        source::{Severity, Source},
    },
};

/// The programs whose formats are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum From {
    /// ussd_airflow: a YAML map of screens by name.
    UssdAirflow,
}

/// A journey is a page or twenty; what is longer is something else.
const LARGEST: u64 = 4 << 20;

/// Turns the journey at `file` into a set in the folder `into`, and reports what was not carried over.
pub(super) fn import(
    from: From,
    file: &Path,
    into: Option<&Path>,
    service: Option<&str>,
) -> anyhow::Result<ExitCode> {
    let folder = into.map_or_else(|| named_as(file), |into| Ok(into.to_owned()))?;
    if folder.exists() {
        bail!(
            "{} is there already, and nothing is written over: name another folder with --into",
            folder.display()
        );
    }
    let wanted = Wanted {
        set: set_of(&folder)?,
        service: service
            .map(ServiceCode::parse)
            .transpose()
            .context("--service")?,
    };
    let source = read(file)?;
    let From::UssdAirflow = from;
    let mut imported = ussd_airflow::translate(&source, &wanted);
    imported.prove(CheckOptions::default());
    for found in &imported.found {
        println!("{}", found.report().print(std::slice::from_ref(&source)));
    }
    write(&imported, &folder)?;
    say(&imported, &folder, &wanted);
    let lost = count(&imported, Severity::Error);
    Ok(if lost == 0 {
        ExitCode::SUCCESS
    } else {
        ExitCode::from(1)
    })
}

/// The folder for a file where none is named: as the file, here.
fn named_as(file: &Path) -> anyhow::Result<PathBuf> {
    let stem = file.file_stem().context("the journey is a file")?;
    Ok(PathBuf::from(
        SetName::like(&stem.to_string_lossy()).as_str(),
    ))
}

fn set_of(folder: &Path) -> anyhow::Result<SetName> {
    let name = folder.file_name().unwrap_or_default();
    let name = name.to_string_lossy();
    SetName::parse(&name).with_context(|| format!("`{name}` can be no set's name"))
}

fn read(file: &Path) -> anyhow::Result<Source> {
    let unreadable = || format!("{} cannot be read", file.display());
    let about = fs::metadata(file).with_context(unreadable)?;
    if about.len() > LARGEST {
        bail!("{} is too long for a journey", file.display());
    }
    Ok(Source {
        name: file.display().to_string(),
        text: fs::read_to_string(file).with_context(unreadable)?,
    })
}

fn write(imported: &Imported, folder: &Path) -> anyhow::Result<()> {
    if imported.files.is_empty() {
        return Ok(());
    }
    let unwritable = || format!("{} cannot be written", folder.display());
    fs::create_dir_all(folder).with_context(unwritable)?;
    for Source { name, text } in &imported.files {
        let name = name.rsplit('/').next().unwrap_or_default();
        fs::write(folder.join(name), text).with_context(unwritable)?;
    }
    Ok(())
}

/// What came of it, and what to do next.
fn say(imported: &Imported, folder: &Path, wanted: &Wanted) {
    let (lost, noted) = (
        count(imported, Severity::Error),
        count(imported, Severity::Warning),
    );
    if imported.files.is_empty() {
        println!("Nothing was written.");
        return;
    }
    let count = &imported.count;
    let languages = count.languages.join(", ");
    println!(
        "{} of {} screens carried over, {} kept as comments, {} added; languages: {languages}.",
        count.carried, count.screens, count.kept_as_comments, count.added
    );
    if lost + noted == 0 {
        println!("Nothing was left out.");
    } else {
        println!("{lost} things left out or to mend, {noted} to look at: see above.");
    }
    for Source { name, .. } in &imported.files {
        let name = name.rsplit('/').next().unwrap_or_default();
        println!("  {}", folder.join(name).display());
    }
    if imported
        .files
        .iter()
        .any(|file| file.name.ends_with("/calls.yaml"))
    {
        println!("The hosts of its calls are reached once --call-hosts names them.");
    }
    let code = wanted.service.as_ref().map_or("*123#", ServiceCode::as_str);
    if wanted.service.is_none() {
        println!(
            "What is dialled is not in the journey: {code} stands in the root as a placeholder."
        );
    }
    let folder = folder.display();
    println!("Next: nyota check {folder}");
    println!(
        "      nyota --menus {folder} --database-url sqlite:data/{}.db dial '{code}'",
        wanted.set
    );
}

fn count(imported: &Imported, severity: Severity) -> usize {
    let reports = imported.found.iter().map(Found::report);
    reports.filter(|report| report.severity == severity).count()
}
