use std::{ops::Range, sync::Arc};

use crate::model::source::{Report, Severity, Source, Span, yaml::Node};

use super::super::Problem;

/// What is wrong so far. Reading goes on after a mistake, so that one run tells all.
#[derive(Debug, Default)]
pub(in crate::gateway) struct Findings {
    sources: Arc<[Source]>,
    reports: Vec<Report>,
}

impl Findings {
    /// None yet, of these files.
    pub(in crate::gateway) fn of(sources: &[Source]) -> Self {
        Self {
            sources: sources.into(),
            reports: Vec::new(),
        }
    }

    /// None yet, of the same files: for what is looked at without being reported.
    pub(in crate::gateway) fn unheard(&self) -> Self {
        Self {
            sources: Arc::clone(&self.sources),
            reports: Vec::new(),
        }
    }

    /// Notes a problem at a place.
    pub(in crate::gateway) fn add(&mut self, span: Span, problem: &Problem) {
        self.reports.push(problem.report(span));
    }

    /// How many mistakes there are: whoever reads a part compares before and after.
    pub(in crate::gateway) fn count(&self) -> usize {
        let mistakes = self.reports.iter();
        mistakes
            .filter(|report| report.severity == Severity::Error)
            .count()
    }

    /// All, in the order of their places and each once: profiles share a preset's mistakes.
    pub(in crate::gateway) fn into_reports(mut self) -> Vec<Report> {
        self.reports.sort_by(|one, other| {
            let key = |report: &'_ Report| (report.span, report.code, report.message.clone());
            key(one).cmp(&key(other))
        });
        self.reports.dedup();
        self.reports
    }

    /// The line of a place, from 1.
    pub(super) fn line(&self, span: Span) -> usize {
        let source = self.sources.get(span.source);
        source.map_or(0, |source| source.position(span.start).0)
    }

    /// The text of a line, from 1, without its indent.
    pub(super) fn whole_line(&self, source: usize, line: usize) -> Option<Span> {
        let text = &self.sources.get(source)?.text;
        let before = text.lines().take(line.checked_sub(1)?);
        // A file with carriage returns has one byte more in each line.
        let end = if text.contains("\r\n") { 2 } else { 1 };
        let begin: usize = before.map(|line| line.len() + end).sum();
        let line = text.get(begin..)?.lines().next()?;
        let indent = line.len() - line.trim_start().len();
        Some(Span {
            source,
            start: begin + indent,
            end: begin + line.trim_end().len(),
        })
    }

    /// Where a part of a text stands, in bytes of the text; the whole where quotes or line breaks hide it.
    pub(super) fn part(&self, node: &Node, part: Range<usize>) -> Span {
        let written = self.sources.get(node.span.source);
        let written = written.and_then(|source| source.text.get(node.span.start..node.span.end));
        let (Some(written), Some(text)) = (written, node.text()) else {
            return node.span;
        };
        let quote = usize::from(written.starts_with(['"', '\'']));
        let inner = written.get(quote..written.len().saturating_sub(quote));
        if inner != Some(text) || part.end > text.len() || part.is_empty() {
            return node.span;
        }
        Span {
            start: node.span.start + quote + part.start,
            end: node.span.start + quote + part.end,
            ..node.span
        }
    }
}
