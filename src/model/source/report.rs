use std::fmt::Write as _;

use serde::Serialize;

use super::{Source, Span};

/// How bad a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// It would strand a caller or mislead: nothing is served with it.
    Error,
    /// It works, but its author should know.
    Warning,
}

/// One mistake, as its author gets it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    /// Stable code, such as `M014`.
    pub code: &'static str,
    /// How bad it is.
    pub severity: Severity,
    /// One sentence without its final point: what is wrong.
    pub message: String,
    /// Where.
    pub span: Span,
    /// What the caret line adds: `in Swahili, with the longest name`. Empty for nothing.
    pub label: String,
    /// What to do instead, in the imperative. Empty for nothing.
    pub help: String,
}

/// A report for programs: editors and CI. Lines and columns count from 1, columns in characters.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ReportJson<'a> {
    code: &'a str,
    severity: Severity,
    message: &'a str,
    label: &'a str,
    help: &'a str,
    file: &'a str,
    line: usize,
    column: usize,
    end_line: usize,
    end_column: usize,
}

impl Report {
    /// For a person: code and message, whether it is a warning, `--> file:line:column`, the line with carets, help.
    pub fn print(&self, sources: &[Source]) -> String {
        let warning = match self.severity {
            Severity::Error => "",
            Severity::Warning => "warning: ",
        };
        let mut printed = format!("{} {warning}{}\n", self.code, self.message);
        let Some(source) = sources.get(self.span.source) else {
            return printed;
        };
        let (line, column) = source.position(self.span.start);
        let text = source.line(line);
        let margin = line.to_string().len().max(3);
        let carets = caret_width(source, self.span, line, column);
        let label = if self.label.is_empty() {
            String::new()
        } else {
            format!(" {}", self.label)
        };
        // Writing to a String cannot fail.
        _ = writeln!(printed, "{:margin$}--> {}:{line}:{column}", "", source.name);
        _ = writeln!(printed, "{line:margin$} |  {text}");
        let indent = " ".repeat(column.saturating_sub(1));
        _ = writeln!(
            printed,
            "{:margin$} |  {indent}{}{label}",
            "",
            "^".repeat(carets)
        );
        if !self.help.is_empty() {
            _ = writeln!(printed, "help: {}", self.help);
        }
        printed
    }

    /// For programs.
    pub fn json<'a>(&'a self, sources: &'a [Source]) -> ReportJson<'a> {
        let source = sources.get(self.span.source);
        let place = |offset| source.map_or((1, 1), |source| source.position(offset));
        let ((line, column), (end_line, end_column)) =
            (place(self.span.start), place(self.span.end));
        ReportJson {
            code: self.code,
            severity: self.severity,
            message: &self.message,
            label: &self.label,
            help: &self.help,
            file: source.map_or("", |source| &source.name),
            line,
            column,
            end_line,
            end_column,
        }
    }
}

/// Carets under the span as far as it stays on its first line.
fn caret_width(source: &Source, span: Span, line: usize, column: usize) -> usize {
    let (end_line, end_column) = source.position(span.end);
    let end = if end_line == line {
        end_column
    } else {
        source.line(line).chars().count() + 1
    };
    end.saturating_sub(column).max(1)
}

impl Source {
    /// Line and column of a byte offset, both from 1; the column counts characters.
    pub fn position(&self, offset: usize) -> (usize, usize) {
        let mut end = offset.min(self.text.len());
        while !self.text.is_char_boundary(end) {
            end -= 1;
        }
        let before = self.text.get(..end).unwrap_or_default();
        let line = before.matches('\n').count() + 1;
        let last_line = before.rsplit('\n').next().unwrap_or_default();
        (line, last_line.chars().count() + 1)
    }

    /// The text of a line, counted from 1, without its end; tabs as one space so that carets align.
    pub fn line(&self, line: usize) -> String {
        let text = self
            .text
            .lines()
            .nth(line.saturating_sub(1))
            .unwrap_or_default();
        text.replace('\t', " ")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn report(start: usize, end: usize) -> (Report, Vec<Source>) {
        let source = Source {
            name: "chf/cover.yaml".into(),
            text: "start: who\nçover: {show: \"long\"}\n".into(),
        };
        let span = Span {
            source: 0,
            start,
            end,
        };
        let report = Report {
            code: "M014",
            severity: Severity::Error,
            message: "screen does not fit: 197 of 160 characters".into(),
            span,
            label: "in Swahili".into(),
            help: "shorten it".into(),
        };
        (report, vec![source])
    }

    #[test]
    fn a_report_shows_the_line_and_a_caret() {
        let start = "start: who\nçover: {show: ".len();
        let (report, sources) = report(start, start + 6);
        let expected = "M014 screen does not fit: 197 of 160 characters\n   --> chf/cover.yaml:2:15\n  2 |  çover: {show: \"long\"}\n    |                ^^^^^^ in Swahili\nhelp: shorten it\n";
        assert_eq!(report.print(&sources), expected);
    }

    #[test]
    fn a_warning_says_that_it_is_one() {
        let (report, sources) = report(0, 5);
        let warning = Report {
            severity: Severity::Warning,
            ..report
        };
        let printed = warning.print(&sources);
        assert!(
            printed.starts_with("M014 warning: screen does"),
            "{printed}"
        );
    }

    #[test]
    fn a_report_over_several_lines_marks_the_first() {
        let (report, sources) = report(0, 30);
        assert!(report.print(&sources).contains("^^^^^^^^^^ in Swahili\n"));
    }
}
