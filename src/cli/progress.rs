use std::{
    io::{IsTerminal, Write},
    time::{Duration, Instant},
};

/// How often a line that is written over changes, and how often a log gets a new one.
const ON_A_TERMINAL: Duration = Duration::from_millis(200);
const IN_A_LOG: Duration = Duration::from_secs(10);

/// A line on standard error that says how far a long command is.
#[derive(Debug)]
pub(super) struct Progress {
    on_a_terminal: bool,
    said: Instant,
    is_open: bool,
}

impl Progress {
    pub(super) fn new() -> Self {
        Self {
            on_a_terminal: std::io::stderr().is_terminal(),
            said: Instant::now(),
            is_open: false,
        }
    }

    /// Says how far it is, unless it has just done so.
    pub(super) fn say(&mut self, what: &str, number: u64) {
        let pause = if self.on_a_terminal {
            ON_A_TERMINAL
        } else {
            IN_A_LOG
        };
        if self.said.elapsed() < pause {
            return;
        }
        self.said = Instant::now();
        if self.on_a_terminal {
            // Back to the line's beginning, and what stood there is gone.
            eprint!("\r\x1b[K{what}: {number}");
            self.is_open = true;
            drop(std::io::stderr().flush());
        } else {
            eprintln!("{what}: {number}");
        }
    }

    /// Ends the line, before anything else is printed.
    pub(super) fn end(&mut self) {
        if std::mem::take(&mut self.is_open) {
            eprint!("\r\x1b[K");
        }
    }
}
