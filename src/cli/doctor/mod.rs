//! `nyota doctor`: tries a whole installation, and says in sentences what is missing.
//!
//! Each part of it is a file here: it gives [`Finding`]s, good and bad. What a scheme finds is the
//! scheme's own (`scheme::Scheme::look`).

mod certificates;
mod database;
mod gateways;
mod machine;
mod messages;
mod redis;
mod schemes;

use std::process::ExitCode;

use clap::{Args, Subcommand};
use serde_json::json;

use super::Format;
use crate::{
    config::Settings,
    model::{Clock, SystemClock},
    scheme::Finding,
};

/// How it is said.
#[derive(Args, Debug)]
pub(super) struct Saying {
    /// How to report.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

/// See whether the schemes can be served.
#[derive(Debug, Subcommand)]
pub(super) enum SchemeCommand {
    /// Try each scheme of the settings: its address, our account there, its rights, one enquiry.
    ///
    /// Ends with 0 if all is well, with 1 if something is wrong.
    Check {
        /// One of them; left out, all.
        name: Option<String>,
        #[command(flatten)]
        saying: Saying,
    },
}

/// A part of the installation and what was found of it.
#[derive(Debug)]
struct Part {
    name: String,
    findings: Vec<Finding>,
}

impl Part {
    fn new(name: impl Into<String>, findings: Vec<Finding>) -> Self {
        let name = name.into();
        Self { name, findings }
    }
}

/// Looks at all of it.
pub(super) async fn doctor(settings: &Settings, saying: &Saying) -> anyhow::Result<ExitCode> {
    let now = SystemClock.now();
    let mut parts = Vec::new();
    let (found, store) = database::look(settings).await;
    parts.push(Part::new("database", found));
    parts.push(Part::new("redis", redis::look(settings).await));
    if let Some(store) = &store {
        parts.extend(schemes::look(settings, store, None).await?);
        parts.push(Part::new(
            "gateways",
            gateways::look(settings, &**store, now).await,
        ));
        parts.push(Part::new(
            "sms and other work",
            messages::look(&**store).await,
        ));
        parts.push(Part::new("backup", machine::backup(&**store, now).await));
    }
    parts.push(Part::new("disk", machine::disk(settings)));
    parts.push(Part::new("certificates", certificates::look(settings, now)));
    say(&parts, saying)
}

/// Looks at the schemes alone, or at the one that is named.
pub(super) async fn scheme(
    settings: &Settings,
    command: &SchemeCommand,
) -> anyhow::Result<ExitCode> {
    let SchemeCommand::Check { name, saying } = command;
    let (found, store) = database::look(settings).await;
    let Some(store) = store else {
        return say(&[Part::new("database", found)], saying);
    };
    say(
        &schemes::look(settings, &store, name.as_deref()).await?,
        saying,
    )
}

fn say(parts: &[Part], saying: &Saying) -> anyhow::Result<ExitCode> {
    match saying.format {
        Format::Text => print!("{}", text(parts)),
        Format::Json => println!("{}", serde_json::to_string_pretty(&json(parts))?),
    }
    let all_good = parts
        .iter()
        .flat_map(|part| &part.findings)
        .all(|it| it.good);
    Ok(if all_good {
        ExitCode::SUCCESS
    } else {
        ExitCode::from(1)
    })
}

fn text(parts: &[Part]) -> String {
    let mut lines = Vec::new();
    for part in parts.iter().filter(|part| !part.findings.is_empty()) {
        lines.push(part.name.clone());
        for finding in &part.findings {
            let mark = if finding.good { "ok " } else { "BAD" };
            lines.push(format!("  {mark}  {}", finding.says));
        }
    }
    let all = parts.iter().flat_map(|part| &part.findings);
    let bad = all.filter(|finding| !finding.good).count();
    lines.push(match bad {
        0 => "All is well.".to_owned(),
        1 => "One thing is wrong.".to_owned(),
        _ => format!("{bad} things are wrong."),
    });
    lines.join("\n") + "\n"
}

fn json(parts: &[Part]) -> serde_json::Value {
    let findings = parts.iter().flat_map(|part| {
        part.findings
            .iter()
            .map(|it| json!({"part": part.name, "good": it.good, "says": it.says}))
    });
    findings.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_wrong_is_marked_and_counted() {
        let parts = [
            Part::new("database", vec![Finding::good("It opens.")]),
            Part::new("redis", Vec::new()),
            Part::new("backup", vec![Finding::bad("There is none.")]),
        ];
        let expected =
            "database\n  ok   It opens.\nbackup\n  BAD  There is none.\nOne thing is wrong.\n";
        assert_eq!(text(&parts), expected);
        let expected = json!([
            {"part": "database", "good": true, "says": "It opens."},
            {"part": "backup", "good": false, "says": "There is none."},
        ]);
        assert_eq!(json(&parts), expected);
    }
}
