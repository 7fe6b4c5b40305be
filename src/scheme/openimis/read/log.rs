use serde::Deserialize;

use super::value::Edges;
use crate::scheme::openimis::failure::bounded;

/// What became of a mutation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::scheme::openimis) enum Log {
    /// It never arrived.
    Absent,
    /// It waits, or runs.
    Pending,
    /// It was done.
    Done,
    /// It was refused, for this reason.
    Failed(String),
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::scheme::openimis) struct LogAnswer {
    mutation_logs: Edges<LogNode>,
}

#[derive(Debug, Deserialize)]
struct LogNode {
    status: i64,
    error: Option<String>,
}

#[derive(Deserialize)]
struct Reason {
    #[serde(default)]
    message: String,
    #[serde(default)]
    detail: Option<String>,
}

impl LogAnswer {
    /// Of several under one id, one that was done counts before one that waits, and that before a failure.
    pub(in crate::scheme::openimis) fn read(self) -> Log {
        let logs: Vec<Log> = self
            .mutation_logs
            .0
            .into_iter()
            .map(LogNode::read)
            .collect();
        let mut found = Log::Absent;
        for log in logs {
            if log.weight() > found.weight() {
                found = log;
            }
        }
        found
    }
}

impl LogNode {
    fn read(self) -> Log {
        match self.status {
            2 => Log::Done,
            1 => Log::Failed(reason(self.error.as_deref())),
            _ => Log::Pending,
        }
    }
}

impl Log {
    fn weight(&self) -> u8 {
        match self {
            Self::Absent => 0,
            Self::Failed(_) => 1,
            Self::Pending => 2,
            Self::Done => 3,
        }
    }
}

/// The reason is JSON in a string: `[{"message": "…", "detail": "…"}]`.
fn reason(text: Option<&str>) -> String {
    let text = text.unwrap_or("no reason was given");
    let reasons: Vec<Reason> = serde_json::from_str(text).unwrap_or_default();
    let said = reasons.iter().map(|reason| match &reason.detail {
        Some(detail) => format!("{}: {detail}", reason.message),
        None => reason.message.clone(),
    });
    let said = said.collect::<Vec<String>>().join("; ");
    bounded(if said.is_empty() { text } else { &said })
}
