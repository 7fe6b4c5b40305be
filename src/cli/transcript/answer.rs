//! Reads `answer:`, what a call is answered with in the world's place.
//!
//! A built-in call is typed by its signature. A call of `calls.yaml` is answered with what its server
//! would send, so that its own reading of it is tried too.

use serde_json::{Map, Value as Json};

use super::{
    Answer, HttpAnswer, With,
    mistake::Mistake,
    read::{Reader, date, value},
    write::quoted,
};
use crate::{
    menu::{Operation, OutcomeName, Record, Signature, Type, Value},
    model::{
        Amount, ControlNumber, Currency, MemberNumber, Msisdn,
        source::{
            nearest,
            yaml::{Kind, Node},
        },
    },
};

const BUILT_IN: &[&str] = &["call", "with"];
const DECLARED: &[&str] = &["call", "with", "status", "json", "body"];

impl Reader {
    /// `{call: scheme.cover, with: slow}`.
    pub(super) fn answer(&mut self, node: &Node) -> Option<Answer> {
        let entries = self.map(node)?;
        let call = self.required(node, entries, "call");
        let named = call.and_then(|node| self.text(node));
        let with = match (
            Operation::named(named.as_deref()?),
            value(entries, "status"),
        ) {
            (Some(operation), _) => {
                self.keys(entries, BUILT_IN);
                let with = self.required(node, entries, "with")?;
                self.with(operation.signature()?, with)
            }
            (None, Some(status)) => {
                self.keys(entries, DECLARED);
                self.http(status, entries).map(With::Http)
            }
            (None, None) => {
                self.keys(entries, DECLARED);
                let with = self.required(node, entries, "with")?;
                self.plainly(call?, with)
            }
        };
        Some(Answer {
            call: named?,
            with: with?,
        })
    }

    /// What a declared call is answered with where no HTTP answer stands.
    fn plainly(&mut self, call: &Node, node: &Node) -> Option<With> {
        // A name that is nearly a built-in one is a slip of the pen: no set would call its own so.
        let named = call.text().unwrap_or_default();
        let built_in = Operation::signatures().map(|call| call.name.as_ref());
        let is_slip = nearest(named, built_in).is_some() || !named.contains('.');
        match node.text().filter(|_| !is_slip) {
            Some("slow") => Some(With::Slow),
            Some("down") => Some(With::Down),
            Some("nonsense") => Some(With::Nonsense),
            Some(_) | None => {
                self.note(Mistake::UnknownCall(named.to_owned()), call.span);
                None
            }
        }
    }

    fn with(&mut self, call: &'static Signature, node: &Node) -> Option<With> {
        match node.text() {
            Some("slow") if call.late => return Some(With::Slow),
            Some("down") => return Some(With::Down),
            Some("nonsense") => return Some(With::Nonsense),
            Some(_) | None => {}
        }
        let (name, given) = match (&node.kind, node.map()) {
            (_, Some([(name, given)])) => (name, Some(given)),
            (Kind::Scalar { .. }, _) => (node, None),
            (Kind::List(_) | Kind::Map(_), _) => {
                self.kind("one outcome", node);
                return None;
            }
        };
        let outcome = self.outcome(call, name)?;
        self.given(call, outcome, name, given)
    }

    fn outcome(&mut self, call: &'static Signature, node: &Node) -> Option<OutcomeName> {
        let text = node.text().unwrap_or_default();
        let mut outcomes = call.outcomes.iter();
        let named = outcomes.find(|kind| kind.written == text && kind.name != OutcomeName::Slow);
        let known = named.map(|kind| kind.name);
        if known.is_none() {
            let mistake = Mistake::UnknownOutcome {
                call: call.name.to_string(),
                outcome: text.to_owned(),
                known: answers(call),
            };
            self.note(mistake, node.span);
        }
        known
    }

    /// An outcome with what it gives, where it gives something and only there.
    fn given(
        &mut self,
        call: &'static Signature,
        name: OutcomeName,
        written: &Node,
        given: Option<&Node>,
    ) -> Option<With> {
        let kind = call.outcomes.iter().find(|kind| kind.name == name)?;
        let word = name.as_str();
        let (why, form) = match (call.gives.as_ref().filter(|_| kind.gives), given) {
            (None, None) => return Some(With::Outcome { name, value: None }),
            (Some(of), Some(node)) => {
                let value = Some(self.value(of, node)?);
                return Some(With::Outcome { name, value });
            }
            (None, Some(_)) => (format!("`{word}` gives nothing"), format!("`with: {word}`")),
            (Some(of), None) => {
                let form = format!("`with: {{{word}: {}}}`", form(of));
                (format!("`{word}` gives something"), form)
            }
        };
        self.note(Mistake::Given { why, form }, written.span);
        None
    }

    fn value(&mut self, of: &Type, node: &Node) -> Option<Value> {
        match (of, &node.kind) {
            (Type::Record(record), Kind::Map(entries)) => self.record(record, node, entries),
            (Type::List(record), Kind::List(items)) => {
                let rows = items.iter().map(|item| match item.map() {
                    Some(entries) => self.record(record, item, entries),
                    None => self.not(of, item),
                });
                let rows: Vec<_> = rows.collect();
                rows.into_iter().collect::<Option<_>>().map(Value::List)
            }
            (_, Kind::Scalar { text, .. }) => match scalar(of, text) {
                Some(value) => Some(value),
                None => self.not(of, node),
            },
            (_, Kind::Map(_) | Kind::List(_)) => self.not(of, node),
        }
    }

    fn not(&mut self, of: &Type, node: &Node) -> Option<Value> {
        let why = format!("this is no {}", of.name());
        let form = format!("`{}`", form(of));
        self.note(Mistake::Given { why, form }, node.span);
        None
    }

    fn record(&mut self, record: &Record, node: &Node, entries: &[(Node, Node)]) -> Option<Value> {
        let mut whole = true;
        for (key, _) in entries {
            let named = key.text().unwrap_or_default();
            if record.field(named).is_none() {
                whole = false;
                let why = format!("`{}` has no field `{named}`", record.name);
                let form = format!("`{}`", form_of(record));
                self.note(Mistake::Given { why, form }, key.span);
            }
        }
        let fields: Vec<_> = record
            .fields
            .iter()
            .map(|field| {
                if let Some(node) = value(entries, &field.name) {
                    return self.value(&field.of, node);
                }
                let why = format!("`{}` is missing", field.name);
                let form = format!("`{}`", form_of(record));
                self.note(Mistake::Given { why, form }, node.span);
                None
            })
            .collect();
        let fields: Option<Vec<_>> = fields.into_iter().collect();
        fields.filter(|_| whole).map(Value::Record)
    }

    fn http(&mut self, status: &Node, entries: &[(Node, Node)]) -> Option<HttpAnswer> {
        let status = self.parsed(status, http_status);
        let (json, body) = (value(entries, "json"), value(entries, "body"));
        if let (Some(_), Some(body)) = (json, body) {
            let why = "an answer has one body".to_owned();
            let form = "`json:` or `body:`".to_owned();
            self.note(Mistake::Given { why, form }, body.span);
            return None;
        }
        let (media_type, body) = match (json, body) {
            (Some(node), _) => ("application/json", json_of(node).to_string()),
            (None, Some(node)) => ("text/plain", self.text(node)?),
            (None, None) => ("text/plain", String::new()),
        };
        Some(HttpAnswer {
            status: status?,
            media_type,
            body,
        })
    }
}

/// An answer as it is read.
pub(super) fn written(answer: &Answer) -> String {
    let Answer { call, with } = answer;
    let with = match with {
        With::Slow => "with: slow".to_owned(),
        With::Down => "with: down".to_owned(),
        With::Nonsense => "with: nonsense".to_owned(),
        With::Outcome { name, value: None } => format!("with: {}", name.as_str()),
        With::Outcome {
            name,
            value: Some(value),
        } => {
            let of = Operation::named(call).and_then(Operation::signature);
            let of = of.and_then(|call| call.gives.as_ref());
            let value = of.map_or_else(String::new, |of| value_of(of, value));
            format!("with: {{{}: {value}}}", name.as_str())
        }
        With::Http(http) => {
            let body = if http.media_type == "application/json" {
                format!("json: {}", http.body)
            } else {
                format!("body: {}", quoted(&http.body))
            };
            format!("status: {}, {body}", http.status)
        }
    };
    format!("{{call: {call}, {with}}}")
}

fn value_of(of: &Type, value: &Value) -> String {
    match (of, value) {
        (Type::Record(record) | Type::List(record), Value::Record(values)) => {
            let fields = record.fields.iter().zip(values);
            let fields: Vec<_> = fields
                .map(|(field, value)| format!("{}: {}", field.name, value_of(&field.of, value)))
                .collect();
            format!("{{{}}}", fields.join(", "))
        }
        (of, Value::List(rows)) => {
            let rows: Vec<_> = rows.iter().map(|row| value_of(of, row)).collect();
            format!("[{}]", rows.join(", "))
        }
        (_, Value::Text(text)) => quoted(text),
        (_, Value::Number(number)) => number.to_string(),
        (_, Value::Amount(amount)) => {
            let decimal = amount.to_decimal();
            decimal.strip_suffix(".00").unwrap_or(&decimal).to_owned()
        }
        (_, Value::Date(date)) => date.to_string(),
        (_, Value::Member(number)) => quoted(&number.to_string()),
        (_, Value::Control(number)) => quoted(&number.to_string()),
        (_, Value::Phone(phone)) => quoted(&phone.e164()),
        (_, Value::Record(_)) => String::new(),
    }
}

fn answers(call: &Signature) -> String {
    let outcomes = call.outcomes.iter().map(|kind| kind.name.as_str());
    let outcomes: Vec<_> = outcomes.chain(["nonsense"]).collect();
    outcomes.join(", ")
}

/// How a value of a type is written.
fn form(of: &Type) -> String {
    match of {
        Type::Text { .. } => "some text".to_owned(),
        Type::Number { .. } => "3".to_owned(),
        Type::Amount => "30000".to_owned(),
        Type::Date => "2026-03-02".to_owned(),
        Type::Member => "\"070707081\"".to_owned(),
        Type::Control => "\"991000000001\"".to_owned(),
        Type::Phone => "\"+255700000001\"".to_owned(),
        Type::OneOf(words) => words.words.first().cloned().unwrap_or_default(),
        Type::Secret { .. } => "a secret".to_owned(),
        Type::Record(record) => form_of(record),
        Type::List(record) => format!("[{}]", form_of(record)),
    }
}

fn form_of(record: &Record) -> String {
    let fields = record.fields.iter();
    let fields: Vec<_> = fields
        .map(|field| format!("{}: {}", field.name, form(&field.of)))
        .collect();
    format!("{{{}}}", fields.join(", "))
}

fn scalar(of: &Type, text: &str) -> Option<Value> {
    match of {
        Type::Text { longest } => {
            (text.chars().count() <= *longest).then(|| Value::Text(text.to_owned()))
        }
        Type::Number { digits } => {
            let number: i64 = text.parse().ok().filter(|_| text.len() <= *digits)?;
            Some(Value::Number(number))
        }
        Type::Amount => {
            let amount = Amount::parse_decimal(text, Currency::TZS).ok()?;
            Some(Value::Amount(amount))
        }
        Type::Date => date(text).ok().map(Value::Date),
        Type::Member => MemberNumber::parse(text).ok().map(Value::Member),
        Type::Control => ControlNumber::parse(text).ok().map(Value::Control),
        Type::Phone => Msisdn::parse(text).ok().map(Value::Phone),
        Type::OneOf(words) => {
            let known = words.words.iter().any(|word| word == text);
            known.then(|| Value::Text(text.to_owned()))
        }
        Type::Secret { .. } | Type::Record(_) | Type::List(_) => None,
    }
}

fn http_status(text: &str) -> Result<u16, String> {
    let status = text
        .parse()
        .ok()
        .filter(|status| (200..=599).contains(status));
    status.ok_or_else(|| "a status is a number from 200 to 599".to_owned())
}

/// A tree as JSON: what stands plainly and reads as a number, `true`, `false` or `null` is one.
fn json_of(node: &Node) -> Json {
    match &node.kind {
        Kind::Scalar { text, plain: true } if text.is_empty() => Json::Null,
        Kind::Scalar { text, plain: true } => {
            serde_json::from_str(text).unwrap_or_else(|_| Json::String(text.clone()))
        }
        Kind::Scalar { text, plain: false } => Json::String(text.clone()),
        Kind::List(items) => items.iter().map(json_of).collect(),
        Kind::Map(entries) => {
            let entries = entries.iter().filter_map(|(key, value)| {
                let key = key.text()?.to_owned();
                Some((key, json_of(value)))
            });
            Json::Object(entries.collect::<Map<_, _>>())
        }
    }
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;

    use super::*;
    use crate::{
        cli::transcript::{Action, read},
        model::source::Source,
    };

    fn answer(written: &str) -> Answer {
        let source = Source {
            name: "t.yaml".into(),
            text: format!("transcript: T\nsteps:\n  - answer: {written}\n"),
        };
        let transcript = read(&source, 0).unwrap();
        let Action::Answer(answer) = &transcript.steps[0].action else {
            panic!("an answer");
        };
        answer.clone()
    }

    #[test]
    fn an_outcome_is_given_with_its_fields_by_name() {
        let written = "{call: scheme.cover, with: {active: {first_name: Asha, initial: J, \
            member: '070707081', as_of: 2026-03-02, to: 2026-12-01, from: 2025-12-02}}}";
        let day = |text: &str| Value::Date(text.parse::<NaiveDate>().unwrap());
        let fields = vec![
            Value::Member(MemberNumber::parse("070707081").unwrap()),
            Value::Text("Asha".into()),
            Value::Text("J".into()),
            day("2025-12-02"),
            day("2026-12-01"),
            day("2026-03-02"),
        ];
        let with = With::Outcome {
            name: OutcomeName::Active,
            value: Some(Value::Record(fields)),
        };
        assert_eq!(answer(written).with, with);
    }

    #[test]
    fn an_outcome_that_gives_nothing_is_a_word() {
        let with = answer("{call: payment.bill, with: refused}").with;
        let refused = With::Outcome {
            name: OutcomeName::Refused,
            value: None,
        };
        assert_eq!(with, refused);
    }

    #[test]
    fn a_declared_call_is_answered_as_its_server_would() {
        let written = "{call: facility.find, status: 200, json: {name: Kijiji, level: 2, \
            code: '07', tags: [a, true], none: }}";
        let With::Http(http) = answer(written).with else {
            panic!("an HTTP answer");
        };
        assert_eq!((http.status, http.media_type), (200, "application/json"));
        let json: Json = serde_json::from_str(&http.body).unwrap();
        let wanted = serde_json::json!(
            {"name": "Kijiji", "level": 2, "code": "07", "tags": ["a", true], "none": null}
        );
        assert_eq!(json, wanted);
        assert_eq!(answer("{call: facility.find, with: down}").with, With::Down);
    }

    #[test]
    fn what_is_written_reads_the_same() {
        for text in [
            "{call: scheme.cover, with: slow}",
            "{call: scheme.cover, with: nonsense}",
            "{call: payment.bill, with: refused}",
            "{call: caller.member, with: {linked: '070707081'}}",
            "{call: payment.bills, with: {found: [{number: '991000000001', amount: 30000, \
                initials: N.M., from: 2026-03-02, to: 2027-03-01, pay_by: 2026-04-01}]}}",
            "{call: facility.find, status: 404}",
            "{call: facility.find, status: 200, json: {a: [1, 'x']}}",
        ] {
            let read = answer(text);
            assert_eq!(answer(&written(&read)), read, "{}", written(&read));
        }
    }
}
