use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{effect, outbox, payment, session};

/// The options of the modules, each a section of the file.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Sections {
    /// Sessions in the process, where no Redis is named.
    pub sessions: session::Options,
    /// Sessions in Redis.
    pub redis: session::RedisOptions,
    /// What a phone may ask, and how long answers are of use.
    pub effects: effect::Options,
    /// Bills and their submission.
    pub payment: payment::Options,
    /// The durable work.
    pub outbox: outbox::Options,
}
