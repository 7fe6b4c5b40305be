use schemars::{JsonSchema, generate::SchemaSettings};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::{
    effect::{self, declared},
    model::source::yaml::{self, Node},
    outbox, payment, retention, session, sms, store, turn,
    web::{door, limits},
};

/// The options of the modules, each a section of the file.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Sections {
    /// Postgres, where the database is one.
    pub postgres: store::Options,
    /// Sessions in the process, where no Redis is named.
    pub sessions: session::Options,
    /// Sessions in Redis.
    pub redis: session::RedisOptions,
    /// Copies of callers' lines beside Redis, which spare most turns a round trip.
    pub copies: session::CopiesOptions,
    /// Who may connect, and how often.
    pub door: door::Options,
    /// How many turns phones and gateways may take.
    pub limits: limits::Options,
    /// Turns, and the lines that callers have between them.
    pub turns: turn::Options,
    /// What a phone may ask, and how long answers are of use.
    pub effects: effect::Options,
    /// The calls that menus declare.
    pub calls: declared::Options,
    /// Messages to phones.
    pub sms: sms::Options,
    /// Bills and their submission.
    pub payment: payment::Options,
    /// The durable work.
    pub outbox: outbox::Options,
    /// For how many days what is old is kept.
    pub retention: retention::Options,
}

impl Sections {
    /// What of them stands in a file, by section and key.
    pub(super) fn written(&self) -> Map<String, Value> {
        match serde_json::to_value(self) {
            Ok(Value::Object(written)) => written,
            // Options have names for keys, so they are an object.
            Ok(_) | Err(_) => Map::new(),
        }
    }

    /// The same in the order in which they are declared, which is the one to read them in.
    pub(super) fn in_order(&self) -> Vec<(String, Vec<(String, Value)>)> {
        let mut written = self.written();
        // JSON is YAML, and our reader of that keeps the order.
        let json = serde_json::to_string(self).unwrap_or_default();
        let read = yaml::read(&json, 0).ok();
        let sections = read.iter().flat_map(names);
        let ordered = sections.map(|(section, node)| {
            let mut values = written.remove(section).unwrap_or_default();
            let keys = names(node).map(|(key, _)| {
                let value = values.get_mut(key).map(Value::take);
                (key.to_owned(), value.unwrap_or_default())
            });
            (section.to_owned(), keys.collect())
        });
        ordered.collect()
    }

    /// Their shape, with what a key is in its place.
    pub(super) fn shape() -> Value {
        let settings = SchemaSettings::draft2020_12();
        let settings = settings.with(|settings| settings.inline_subschemas = true);
        let generator = settings.into_generator();
        generator.into_root_schema_for::<Self>().to_value()
    }
}

fn names(node: &Node) -> impl Iterator<Item = (&str, &Node)> {
    let entries = node.map().unwrap_or_default().iter();
    entries.map(|(name, of)| (name.text().unwrap_or_default(), of))
}
