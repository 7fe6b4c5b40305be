use std::time::Duration;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// How a node uses Postgres. Whoever waits, waits no longer than these say. SQLite, one file in one
/// process, has nothing to set.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Options {
    /// How many connections a node opens at most.
    #[schemars(range(min = 1))]
    pub connections: u32,
    /// How long a transaction waits for one of them, a new one included, in milliseconds. Short, so
    /// that what cannot be served is refused at once instead of queueing.
    #[schemars(range(min = 1))]
    pub acquire_millis: u64,
    /// How long one statement may run, waiting for another's locks included, in milliseconds.
    #[schemars(range(min = 1))]
    pub statement_millis: u64,
    /// How long a transaction may do nothing before the server ends it, in milliseconds.
    #[schemars(range(min = 1))]
    pub idle_millis: u64,
    /// How long connecting may take at the start, in milliseconds.
    #[schemars(range(min = 1))]
    pub connect_millis: u64,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            connections: 16,
            acquire_millis: 300,
            statement_millis: 2_000,
            idle_millis: 10_000,
            connect_millis: 5_000,
        }
    }
}

impl Options {
    pub(super) fn acquire(&self) -> Duration {
        Duration::from_millis(self.acquire_millis)
    }

    pub(super) fn connect(&self) -> Duration {
        Duration::from_millis(self.connect_millis)
    }

    /// How long an answer is waited for: the server gives up before, unless it cannot be heard.
    pub(super) fn answer(&self) -> Duration {
        Duration::from_millis(self.statement_millis.saturating_add(1_000))
    }
}
