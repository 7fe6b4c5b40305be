//! Filling requests and reading answers.

use std::{borrow::Cow, sync::Arc, time::Duration};

use proptest::prelude::*;
use serde_json::json;

use super::*;
use crate::{
    menu::{Field, OneOf, OutcomeKind, Value},
    model::{Amount, Language, NumberRule},
};

fn wording(literal: &str) -> Wording {
    Wording(vec![Slot::Literal(literal.to_owned()), Slot::Argument(0)])
}

/// A call that sends its one argument in every place.
fn everywhere() -> DeclaredCall {
    let down = OutcomeKind {
        name: OutcomeName::Down,
        written: Cow::Borrowed("down"),
        gives: false,
        optional: false,
    };
    DeclaredCall {
        signature: Signature {
            name: Cow::Borrowed("facility.find"),
            takes: vec![Field {
                name: Cow::Borrowed("code"),
                of: Type::Text { longest: 40 },
            }],
            outcomes: vec![down],
            gives: None,
            late: false,
        },
        at: Span::default(),
        request: Request {
            method: Method::Post,
            address: Address {
                secure: true,
                host: "registry.example".to_owned(),
                port: None,
                path: Wording(vec![
                    Slot::Literal("/a/".to_owned()),
                    Slot::Argument(0),
                    Slot::Literal("/b".to_owned()),
                ]),
                at: Span::default(),
            },
            query: vec![
                ("q".to_owned(), wording("x&y=")),
                (
                    "lang".to_owned(),
                    Wording(vec![Slot::Language, Slot::Setting("&x=/".to_owned())]),
                ),
            ],
            headers: vec![("x-code".to_owned(), wording("code "))],
            json: Some(Json::Map(vec![(
                "code".to_owned(),
                Json::Text(wording("c: ")),
            )])),
        },
        timeout: Duration::from_secs(1),
        retries: 0,
        idempotency_key: true,
        cache: None,
        outcomes: Vec::new(),
        gives: None,
    }
}

fn fill(call: &DeclaredCall, argument: &Value) -> Result<FilledRequest, Unfit> {
    call.fill(&Filling {
        arguments: std::slice::from_ref(argument),
        language: Language::SWAHILI,
        secret: &|_| None,
    })
}

proptest! {
    #[test]
    fn no_argument_breaks_out_of_its_place(argument in any::<String>()) {
        let call = everywhere();
        let Ok(filled) = fill(&call, &Value::Text(argument.clone())) else {
            // Only what would be another path is refused.
            prop_assert!(matches!(argument.as_str(), "" | "." | ".."));
            return Ok(());
        };
        // Read as a browser would, which resolves `..` and forgives much.
        let url = reqwest::Url::parse(&format!("https://registry.example{}", filled.target)).unwrap();
        prop_assert_eq!(url.host_str(), Some("registry.example"));
        prop_assert_eq!(url.fragment(), None);
        let segments: Vec<&str> = url.path_segments().unwrap().collect();
        prop_assert_eq!(segments.len(), 3);
        let middle = percent_encoding::percent_decode_str(segments[1]).decode_utf8().unwrap();
        prop_assert_eq!(middle, argument.as_str());
        let pairs: Vec<(String, String)> = url.query_pairs().into_owned().collect();
        let expected = [("q".to_owned(), format!("x&y={argument}")), ("lang".to_owned(), "sw&x=/".to_owned())];
        prop_assert_eq!(pairs, expected);
        let header = &filled.headers[0].1;
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~+:@%".contains(&byte);
        let header = header.strip_prefix("code ").unwrap();
        prop_assert!(header.bytes().all(plain));
        prop_assert_eq!(filled.json.unwrap(), json!({"code": format!("c: {argument}")}));
    }
}

#[test]
fn values_are_sent_as_other_systems_read_them() {
    let call = everywhere();
    let sent = |value: Value| fill(&call, &value).unwrap().headers[0].1.clone();
    let phone = crate::model::Msisdn::parse("+255700000001").unwrap();
    assert_eq!(sent(Value::Phone(phone)), "code +255700000001");
    let day = chrono::NaiveDate::from_ymd_opt(2026, 3, 2).unwrap();
    assert_eq!(sent(Value::Date(day)), "code 2026-03-02");
    let amount = Amount::from_major(30_000, Currency::TZS);
    assert_eq!(
        sent(Value::Amount(amount)),
        format!("code {}", amount.to_decimal())
    );
    assert_eq!(sent(Value::Number(7)), "code 7");
}

#[test]
fn what_is_sent_or_answered_is_in_no_debug_output() {
    let filled = fill(&everywhere(), &Value::Text("110224".to_owned())).unwrap();
    assert!(!format!("{filled:?}").contains("110224"));
    assert_eq!(
        Unfit::NoSecret("registry".to_owned()).to_string(),
        "the secret registry is not set"
    );
}

fn holds(comparison: &str, answer: &serde_json::Value) -> bool {
    Comparison::parse(comparison).unwrap().holds(answer)
}

#[test]
fn a_comparison_is_true_of_the_answers_it_says() {
    let answer = json!({
        "active": true, "level": 3, "kind": "clinic", "to": "2026-03-02T08:00:00Z",
        "visits": [{"left": 2.5}], "none": null,
    });
    for comparison in [
        "active == true",
        "active != false",
        "level == 3",
        "level >= 3",
        "level < 4",
        "kind == clinic",
        "kind == \"clinic\"",
        "kind != \"\"",
        "to == 2026-03-02",
        "to < 2026-03-03",
        "visits[0].left > 2",
        "none == null",
        "missing == null",
        "missing != clinic",
        "visits != null",
    ] {
        assert!(holds(comparison, &answer), "{comparison}");
    }
    for comparison in [
        "active == false",
        "active == \"true\"",
        "level == \"3\"",
        "level > 3",
        "kind < 3",
        "missing == clinic",
        "missing < 3",
        "visits[1].left > 0",
        "kind == Clinic",
        "level != 3",
    ] {
        assert!(!holds(comparison, &answer), "{comparison}");
    }
}

#[test]
fn what_is_no_comparison_says_why() {
    for comparison in [
        "",
        "active",
        "active = true",
        "== true",
        "active ==",
        "a b == 1",
        "a == b c",
        "a == \"b",
        "a < word",
        "a < true",
        "a[x] == 1",
        "a. == 1",
        "a === 1",
    ] {
        assert!(Comparison::parse(comparison).is_err(), "{comparison}");
    }
}

fn read(of: Type, found: impl Into<serde_json::Value>) -> Option<Value> {
    let currency = (of == Type::Amount).then_some(Currency::TZS);
    let field = FieldRule {
        of,
        currency,
        at: JsonPath::parse("at").unwrap(),
        numbers: NumberRule::Chf,
    };
    let rule = OutcomeRule {
        name: OutcomeName::Declared(0),
        statuses: vec![200..=200],
        when: None,
        gives: true,
    };
    let call = DeclaredCall {
        outcomes: vec![rule],
        gives: Some(Shape {
            list: None,
            fields: vec![field],
        }),
        ..everywhere()
    };
    let read = call.outcome(200, Some(&json!({"at": found.into()}))).ok()?;
    read.value?.field(0).cloned()
}

#[test]
fn a_field_is_of_its_type_or_refused() {
    let text = || Type::Text { longest: 6 };
    assert_eq!(
        read(text(), json!("Zahanati")),
        Some(Value::Text("Zahan.".to_owned()))
    );
    assert_eq!(read(text(), json!(42)), Some(Value::Text("42".to_owned())));
    for nonsense in [json!(null), json!(true), json!(["a"]), json!({"a": 1})] {
        assert_eq!(read(text(), nonsense), None);
    }
    let number = || Type::Number { digits: 2 };
    assert_eq!(read(number(), json!(99)), Some(Value::Number(99)));
    for nonsense in [json!(100), json!(-1), json!(1.5), json!("9"), json!(null)] {
        assert_eq!(read(number(), nonsense), None);
    }
    let amount = Some(Value::Amount(Amount::from_major(30_000, Currency::TZS)));
    assert_eq!(read(Type::Amount, json!(30000)), amount);
    assert_eq!(read(Type::Amount, json!("30000.00")), amount);
    for nonsense in [
        json!("30,000"),
        json!(100_000_000),
        json!(-5),
        json!("12.5"),
        json!(true),
    ] {
        assert_eq!(read(Type::Amount, nonsense), None);
    }
    assert!(read(Type::Date, json!("2026-03-02")).is_some());
    assert!(read(Type::Date, json!("2026-03-02T00:00:00Z")).is_some());
    for nonsense in [json!("02/03/2026"), json!("2026-13-01"), json!(20_260_302)] {
        assert_eq!(read(Type::Date, nonsense), None);
    }
    assert!(read(Type::Member, json!("070707081")).is_some());
    assert_eq!(read(Type::Member, json!("070707082")), None);
    let words = || {
        let words = ["true".to_owned(), "open".to_owned()].into();
        Type::OneOf(Arc::new(OneOf {
            words,
            labels: Vec::new(),
        }))
    };
    assert_eq!(
        read(words(), json!(true)),
        Some(Value::Text("true".to_owned()))
    );
    assert_eq!(
        read(words(), json!("open")),
        Some(Value::Text("open".to_owned()))
    );
    assert_eq!(read(words(), json!("shut")), None);
}

#[test]
fn a_list_is_read_row_by_row_and_one_wrong_row_is_nonsense() {
    let rule = OutcomeRule {
        name: OutcomeName::Declared(0),
        statuses: vec![200..=299],
        when: None,
        gives: true,
    };
    let name = FieldRule {
        of: Type::Text { longest: 40 },
        currency: None,
        at: JsonPath::parse("name").unwrap(),
        numbers: NumberRule::Chf,
    };
    let call = DeclaredCall {
        outcomes: vec![rule],
        gives: Some(Shape {
            list: JsonPath::parse("page.items"),
            fields: vec![name],
        }),
        ..everywhere()
    };
    let rows = |rows: serde_json::Value| {
        let answer = json!({"page": {"items": rows}});
        call.outcome(201, Some(&answer))
            .map(|read| match read.value {
                Some(Value::List(rows)) => rows.len(),
                _ => 0,
            })
    };
    assert_eq!(rows(json!([{"name": "A"}, {"name": "B"}])), Ok(2));
    assert_eq!(rows(json!([{"name": "A"}, {}])), Err(Nonsense::Field(1)));
    assert_eq!(rows(json!({"name": "A"})), Err(Nonsense::NoList));
    let many: Vec<_> = (0..99).map(|_| json!({"name": "A"})).collect();
    assert_eq!(rows(many.into()), Ok(30));
    assert_eq!(call.outcome(404, None), Err(Nonsense::NoOutcome(404)));
}

#[test]
fn a_place_in_an_answer_is_names_and_positions() {
    let answer = json!({"a": {"b-c": [[1, 2]]}});
    let at = |path: &str| JsonPath::parse(path).unwrap().find(&answer).cloned();
    assert_eq!(at("a.b-c[0][1]"), Some(json!(2)));
    assert_eq!(at("."), Some(answer.clone()));
    assert_eq!(at("a.b-c[1]"), None);
    for path in [
        "", "a.", ".a", "a..b", "a[", "a[0", "a[0]b", "a[x]", "[0]", "a b",
    ] {
        assert_eq!(JsonPath::parse(path), None, "{path}");
    }
}
