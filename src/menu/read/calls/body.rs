use serde_json::Value as Answer;

use super::{Call, Reader};
use crate::{
    menu::{
        declared::{Json, Slot},
        problem::Problem,
    },
    model::source::yaml::{Kind, Node},
};

impl Reader<'_> {
    /// A body: maps, lists, and values. What is written without quotes and is a number, `true`,
    /// `false` or `null` is that; a placeholder alone keeps its argument's type.
    pub(super) fn body(&mut self, node: &Node, call: &mut Call<'_>) -> Option<Json> {
        match &node.kind {
            Kind::Scalar { text, plain } => {
                if *plain && let Some(constant) = constant(text) {
                    return Some(Json::Constant(constant));
                }
                let wording = self.wording(text, node.span, call);
                for slot in &wording.0 {
                    if let Slot::Secret(name, at) = slot {
                        let name = format!("secret.{name}");
                        self.report(*at, Problem::SecretMisplaced(name, "the body"));
                    }
                }
                Some(match wording.0.as_slice() {
                    [Slot::Argument(position)] => Json::Argument(*position),
                    _ => Json::Text(wording),
                })
            }
            Kind::List(items) => {
                let items: Vec<_> = items.iter().map(|item| self.body(item, call)).collect();
                Some(Json::List(items.into_iter().collect::<Option<_>>()?))
            }
            Kind::Map(_) => {
                let mut fields = Vec::new();
                for (name, value) in self.pairs(node)? {
                    let value = self.body(value, call);
                    fields.push((name.text()?.to_owned(), value?));
                }
                Some(Json::Map(fields))
            }
        }
    }
}

fn constant(text: &str) -> Option<Answer> {
    match text {
        "" | "null" => Some(Answer::Null),
        "true" => Some(Answer::Bool(true)),
        "false" => Some(Answer::Bool(false)),
        // A leading zero is a code, not a number.
        _ => text
            .parse::<i64>()
            .ok()
            .filter(|number| number.to_string() == text)
            .map(Answer::from),
    }
}
