//! `nyota config`: a file of settings to begin with, or a check of those in use.

use std::process::ExitCode;

use clap::Command;

use crate::config::{Settings, commented};

/// Prints the commented file; or, to `check`, says that the settings in use can be served.
pub(super) fn config(
    settings: &Settings,
    check: bool,
    command: &Command,
) -> anyhow::Result<ExitCode> {
    if check {
        settings.check(false)?;
        println!("The settings can be served.");
    } else {
        print!("{}", commented(command));
    }
    Ok(ExitCode::SUCCESS)
}
