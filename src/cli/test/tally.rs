use std::{
    io::{IsTerminal, Write},
    time::{Duration, Instant},
};

use serde::Serialize;

use super::coverage::Coverage;
use crate::cli::Format;

/// How the tests went, told while they run.
#[derive(Debug)]
pub(super) struct Tally {
    format: Format,
    /// Whether a line of progress is kept on the terminal.
    progress: bool,
    begun: Instant,
    all: usize,
    tests: Vec<Test>,
    longest_line: usize,
}

/// One test.
#[derive(Debug, Serialize)]
struct Test {
    name: String,
    passed: bool,
    #[serde(skip_serializing_if = "String::is_empty")]
    failure: String,
}

/// The whole run, for machines.
#[derive(Serialize)]
struct Run<'a> {
    passed: usize,
    failed: usize,
    seconds: f64,
    tests: &'a [Test],
    /// In bytes: what the sessions keep of a live caller, at most.
    #[serde(skip_serializing_if = "is_none")]
    longest_line: usize,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    coverage: &'a [Coverage],
}

impl Tally {
    pub(super) fn new(format: Format) -> Self {
        Self {
            format,
            progress: format == Format::Text && std::io::stderr().is_terminal(),
            begun: Instant::now(),
            all: 0,
            tests: Vec::new(),
            longest_line: 0,
        }
    }

    /// So many tests are still to come.
    pub(super) fn expect(&mut self, tests: usize) {
        self.all = self.tests.len() + tests;
    }

    /// One test has ended.
    pub(super) fn count(&mut self, failure: Option<&str>, name: &str) {
        self.tests.push(Test {
            name: name.to_owned(),
            passed: failure.is_none(),
            failure: failure.unwrap_or_default().to_owned(),
        });
        self.clear_progress();
        match (self.format, failure) {
            (Format::Text, Some(failure)) => println!("FAILED  {name}\n{failure}"),
            (Format::Text, None) if !self.progress => println!("ok      {name}"),
            (Format::Text | Format::Json, _) => {}
        }
        self.show_progress(name);
    }

    /// A transcript's callers had lines of at most so many bytes.
    pub(super) fn line(&mut self, bytes: usize) {
        self.longest_line = self.longest_line.max(bytes);
    }

    fn clear_progress(&self) {
        if self.progress {
            eprint!("\r\x1b[K");
        }
    }

    fn show_progress(&self, name: &str) {
        if self.progress && self.tests.len() < self.all {
            eprint!("{} of {}  {name}", self.tests.len(), self.all);
            // Where the terminal is gone there is nobody to see it.
            std::io::stderr().flush().ok();
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.tests.is_empty()
    }

    pub(super) fn failed(&self) -> usize {
        self.tests.iter().filter(|test| !test.passed).count()
    }

    fn passed(&self) -> usize {
        self.tests.len() - self.failed()
    }

    /// Tells the whole.
    pub(super) fn sum_up(&self, coverage: &[Coverage]) -> anyhow::Result<()> {
        let took = self.begun.elapsed();
        match self.format {
            Format::Text => {
                for coverage in coverage {
                    println!("\n{}", coverage.print());
                }
                println!("{}", self.summary(took));
            }
            Format::Json => println!("{}", self.json(coverage, took)?),
        }
        Ok(())
    }

    fn summary(&self, took: Duration) -> String {
        let (passed, failed) = (self.passed(), self.failed());
        let line = match self.longest_line {
            0 => String::new(),
            bytes => format!("; a caller's line took {bytes} bytes at most"),
        };
        let seconds = took.as_secs_f64();
        format!("{passed} passed, {failed} failed in {seconds:.1} s{line}")
    }

    fn json(&self, coverage: &[Coverage], took: Duration) -> serde_json::Result<String> {
        serde_json::to_string_pretty(&Run {
            passed: self.passed(),
            failed: self.failed(),
            seconds: took.as_secs_f64(),
            tests: &self.tests,
            longest_line: self.longest_line,
            coverage,
        })
    }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "as serde calls it")]
fn is_none(bytes: &usize) -> bool {
    *bytes == 0
}
