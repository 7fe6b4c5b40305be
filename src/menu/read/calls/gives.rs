use std::{borrow::Cow, sync::Arc};

use super::{Reader, types::bare};
use crate::{
    menu::{
        DeclaredCall, Field, Operation, Record, Type,
        declared::{FieldRule, JsonPath, Shape},
        problem::Problem,
        read::entries::Entries,
    },
    model::{NumberRule, source::yaml::Node},
};

/// More fields than this are not read.
const MOST_FIELDS: usize = 30;

impl Reader<'_> {
    /// What the call gives. The outer `None` where it says nothing, the inner where that cannot be
    /// read.
    #[expect(clippy::option_option, reason = "absent and unreadable are two things")]
    pub(super) fn gives(&mut self, entries: &mut Entries<'_>) -> Option<Option<(Shape, Type)>> {
        let node = entries.take("gives")?;
        Some(self.shape(node))
    }

    fn shape(&mut self, node: &Node) -> Option<(Shape, Type)> {
        let pairs = self.pairs(node)?;
        let list = pairs.iter().find(|(key, _)| key.text() == Some("list"));
        let list = list.map(|(_, path)| self.json_path(path));
        let mut records = pairs.iter().filter(|(key, _)| key.text() != Some("list"));
        let (Some((name, fields)), None) = (records.next(), records.next()) else {
            let problem = Problem::WrongShape("one record with its fields", "none or several");
            self.report(node.span, problem);
            return None;
        };
        let name = self.name(name);
        let read = self.fields(fields)?;
        let (rules, fields): (Vec<FieldRule>, Vec<Field>) = read.into_iter().unzip();
        let record = Arc::new(Record {
            name: Cow::Owned(name?.text),
            fields,
        });
        let of = match &list {
            Some(_) => Type::List(record),
            None => Type::Record(record),
        };
        let list = match list {
            Some(path) => Some(path?),
            None => None,
        };
        Some((
            Shape {
                list,
                fields: rules,
            },
            of,
        ))
    }

    fn fields(&mut self, node: &Node) -> Option<Vec<(FieldRule, Field)>> {
        let pairs = self.pairs(node)?;
        if pairs.is_empty() || pairs.len() > MOST_FIELDS {
            let problem = Problem::WrongShape("one to 30 fields", "none or more");
            self.report(node.span, problem);
        }
        let mut fields = Vec::new();
        for (name, node) in pairs {
            fields.push(self.field(name, node));
        }
        fields.into_iter().collect()
    }

    /// `name: {text: 40, at: facility.name}`; without `at` the field's own name.
    fn field(&mut self, name: &Node, node: &Node) -> Option<(FieldRule, Field)> {
        let name = self.name(name);
        let mut entries = self.entries(node, "a field")?;
        let of = self.given_type(&mut entries);
        let at = entries.take("at").map(|node| self.json_path(node));
        self.finish(&entries);
        let (name, (of, currency)) = (name?, of?);
        let at = match at {
            Some(at) => at?,
            None => JsonPath::parse(&name.text)?,
        };
        let field = Field {
            name: Cow::Owned(name.text),
            of: of.clone(),
        };
        let rule = FieldRule {
            of,
            currency,
            at,
            numbers: NumberRule::default(),
        };
        Some((rule, field))
    }

    fn json_path(&mut self, node: &Node) -> Option<JsonPath> {
        let text = self.scalar(node)?;
        let path = JsonPath::parse(text);
        if path.is_none() {
            let why = format!("`{text}` is no place in an answer");
            self.report(node.span, Problem::UnreadableField(why));
        }
        path
    }

    /// Reports records of one name that differ: a menu that takes one would not know which.
    pub(super) fn same_records(&mut self, declared: &[DeclaredCall]) {
        let known = Operation::ALL.into_iter().filter_map(Operation::signature);
        let mut seen: Vec<Arc<Record>> = Vec::new();
        for gives in known.filter_map(|known| known.gives.as_ref()) {
            seen.extend(gives.record().cloned());
        }
        for call in declared {
            let Some(record) = call.signature.gives.as_ref().and_then(Type::record) else {
                continue;
            };
            let same = seen.iter().find(|known| known.name == record.name);
            let is_type = record.name == "secret" || bare(&record.name).is_some();
            match same {
                Some(known) if known == record => {}
                None if !is_type => seen.push(Arc::clone(record)),
                Some(_) | None => {
                    self.report(call.at, Problem::RecordClash(record.name.to_string()));
                }
            }
        }
    }
}
