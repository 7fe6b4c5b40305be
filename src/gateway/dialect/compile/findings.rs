use crate::model::source::{Report, Span};

use super::super::Problem;

/// What is wrong so far. Reading goes on after a mistake, so that one run tells all.
#[derive(Debug, Default)]
pub(in crate::gateway) struct Findings(Vec<Report>);

impl Findings {
    /// Notes a problem at a place.
    pub(in crate::gateway) fn add(&mut self, span: Span, problem: &Problem) {
        self.0.push(problem.report(span));
    }

    /// How many there are: whoever reads a part compares before and after.
    pub(in crate::gateway) fn count(&self) -> usize {
        self.0.len()
    }

    /// All, in the order of their places and each once: profiles share a preset's mistakes.
    pub(in crate::gateway) fn into_reports(mut self) -> Vec<Report> {
        self.0.sort_by_key(|report| (report.span, report.code));
        self.0.dedup();
        self.0
    }
}
