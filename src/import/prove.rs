//! Checks the files that were made, so that nothing is found in them later that was not said.

use super::{Found, Imported, Problem, ussd_airflow};
use crate::{
    menu::{self, CheckOptions},
    model::source::{Severity, Source, Span},
};

impl Imported {
    /// Checks the files as `nyota check` does and adds each mistake that is left, at its screen of the
    /// journey.
    pub fn prove(&mut self, options: CheckOptions) {
        if self.files.is_empty() {
            return;
        }
        for wrong in menu::compile(&self.files, options).problems {
            if wrong.problem.severity() == Severity::Warning {
                continue;
            }
            let report = wrong.report();
            let message = [report.message, report.label]
                .join(" ")
                .trim_end()
                .to_owned();
            let long = matches!(
                wrong.problem,
                menu::Problem::DoesNotFit(_) | menu::Problem::SmsTooLong(_)
            );
            let problem = if long {
                Problem::TooLong(message)
            } else {
                Problem::CheckFinds(report.code, message)
            };
            let at = self.place(wrong.at);
            self.found.push(Found { problem, at });
        }
        ussd_airflow::sort(&mut self.found);
    }

    /// Where in the journey stands what a place in our files comes from: its screen or call. The
    /// journey's beginning for what the files have besides.
    fn place(&self, at: Span) -> Span {
        let text = self
            .files
            .get(at.source)
            .map_or("", |Source { text, .. }| text);
        let before = text.get(..at.end.max(at.start)).unwrap_or(text);
        let mut name = None;
        for line in before.lines().rev() {
            match line.strip_prefix("  ") {
                Some(inner) if name.is_none() && !inner.starts_with([' ', '#']) => {
                    name = inner.split(':').next();
                }
                Some(_) => {}
                None if line.is_empty() || line.starts_with('#') => {}
                None if matches!(line, "screens:" | "calls:") => break,
                None => return Span::default(),
            }
        }
        let mut places = self.places.iter();
        let found = places.find(|(known, _)| Some(known.as_str()) == name);
        found.map_or(Span::default(), |(_, at)| *at)
    }
}
