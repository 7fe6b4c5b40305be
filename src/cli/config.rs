//! `nyota config`: a file of settings to begin with, or what is in force.

use std::process::ExitCode;

use clap::Command;

use crate::config::{InForce, SecretSource, Settings, commented};

/// Prints the commented file.
pub(super) fn print(command: &Command) -> ExitCode {
    print!("{}", commented(command));
    ExitCode::SUCCESS
}

/// Says what is in force and from where, and whether it can be served.
pub(super) fn check(settings: &Settings) -> anyhow::Result<ExitCode> {
    let in_force = settings.in_force()?;
    let width = in_force.iter().map(|setting| setting.key.len()).max();
    let width = width.unwrap_or_default();
    for InForce { key, value, origin } in &in_force {
        let value = if value.is_empty() { "-" } else { value };
        println!("{key:<width$}  {value:<28}  {origin}");
    }
    print_gateways(settings);
    println!();
    if let Err(error) = settings.check(false) {
        println!("This cannot be served: {error}.");
        return Ok(ExitCode::FAILURE);
    }
    println!("These settings can be served.");
    Ok(ExitCode::SUCCESS)
}

fn print_gateways(settings: &Settings) {
    for (name, gateway) in &settings.gateway_settings {
        println!("\ngateways.{name}: profile {}", gateway.profile);
        for (name, setting) in &gateway.settings {
            let from = match &setting.source {
                SecretSource::Plain => "in the file itself".to_owned(),
                elsewhere @ (SecretSource::Environment(_) | SecretSource::File(_)) => {
                    format!("from {elsewhere}")
                }
            };
            println!("  {name}: ***, {from}");
        }
    }
}
