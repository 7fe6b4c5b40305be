//! Values: where they come from, what filters do to them, and templates filled with them.

use chrono::{DateTime, SecondsFormat, Utc};
use serde_json::Value as Json;

use super::{
    Account, Chain, Comparison, Operand, Piece, Refused, SettingValue, Source, Template, Test,
    Value,
};

/// A value on its way from its source through its filters.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Datum {
    Text(String),
    /// Typed: a number, a truth value, `null` (which is no value), a list.
    Json(Json),
    Bytes(Vec<u8>),
    Time(DateTime<Utc>),
}

impl Datum {
    /// As text; `None` for `null`, for a list or an object, and for bytes that are no UTF-8.
    pub(super) fn into_text(self) -> Option<String> {
        match self {
            Self::Text(text) => Some(text),
            Self::Json(json) => plain(json),
            Self::Bytes(bytes) => String::from_utf8(bytes).ok(),
            Self::Time(time) => Some(time.to_rfc3339_opts(SecondsFormat::AutoSi, true)),
        }
    }

    /// With its type, for JSON; `null` where there is no value.
    pub(super) fn into_json(self) -> Json {
        match self {
            Self::Json(json) => json,
            other @ (Self::Text(_) | Self::Bytes(_) | Self::Time(_)) => {
                other.into_text().map_or(Json::Null, Json::String)
            }
        }
    }

    /// The bytes that a digest or an encoding works on.
    pub(super) fn into_bytes(self) -> Option<Vec<u8>> {
        match self {
            Self::Bytes(bytes) => Some(bytes),
            other @ (Self::Text(_) | Self::Json(_) | Self::Time(_)) => {
                other.into_text().map(String::into_bytes)
            }
        }
    }
}

impl From<&str> for Datum {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<Json> for Datum {
    /// Texts are texts, all else keeps its type.
    fn from(json: Json) -> Self {
        if let Json::String(text) = json {
            Self::Text(text)
        } else {
            Self::Json(json)
        }
    }
}

fn plain(json: Json) -> Option<String> {
    match json {
        Json::String(text) => Some(text),
        Json::Number(number) => Some(number.to_string()),
        Json::Bool(truth) => Some(truth.to_string()),
        Json::Null | Json::Array(_) | Json::Object(_) => None,
    }
}

/// What values are taken from: a request, a reply, a screen, a message.
pub(super) trait Sources {
    /// The value of a source; `None` where it is not there.
    fn find(&self, source: &Source) -> Result<Option<Datum>, Refused>;

    /// Whose settings count.
    fn account(&self) -> &Account;
}

impl Value {
    /// The first of its places that is there, filtered.
    pub(super) fn get(&self, sources: &dyn Sources) -> Result<Option<Datum>, Refused> {
        Ok(self.chosen(sources)?.map(|(datum, _)| datum))
    }

    /// The same, and which of its places it is.
    pub(super) fn chosen(&self, sources: &dyn Sources) -> Result<Option<(Datum, &Chain)>, Refused> {
        for chain in &self.0 {
            if let Some(datum) = chain.get(sources)? {
                return Ok(Some((datum, chain)));
            }
        }
        Ok(None)
    }
}

impl Chain {
    /// What stands there, filtered; `None` where it is missing or a filter cannot be done.
    pub(super) fn get(&self, sources: &dyn Sources) -> Result<Option<Datum>, Refused> {
        let mut found = self.source.get(sources)?;
        for filter in &self.filters {
            let Some(datum) = found else { return Ok(None) };
            found = filter.apply(datum, sources)?;
        }
        Ok(found)
    }
}

impl Source {
    /// What stands there. Settings and templates are the same wherever a value is used; for the rest `sources` is asked.
    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "all other places are what `sources` knows"
    )]
    pub(super) fn get(&self, sources: &dyn Sources) -> Result<Option<Datum>, Refused> {
        match self {
            Self::Template(template) => template.whole(sources),
            Self::Setting(name) => setting(name, sources),
            other => sources.find(other),
        }
    }
}

/// The value of a setting, its places filled: a text or a list. A map is none: it is used as a filter.
fn setting(name: &str, sources: &dyn Sources) -> Result<Option<Datum>, Refused> {
    let account = sources.account();
    Ok(match account.setting(name) {
        Some(SettingValue::Text(text)) => Some(Datum::Text(account.filled(name, text, sources)?)),
        Some(SettingValue::List(texts)) => Some(Datum::Json(texts.as_slice().into())),
        Some(SettingValue::Map(_)) | None => None,
    })
}

impl Template {
    /// Its text; a place without a value is nothing.
    pub(super) fn text(&self, sources: &dyn Sources) -> Result<String, Refused> {
        let mut text = String::new();
        for piece in &self.0 {
            text.push_str(&piece.text(sources)?.unwrap_or_default());
        }
        Ok(text)
    }

    /// Its value: with its type where one place stands alone, and then `None` where that has none; else its text.
    pub(super) fn value(&self, sources: &dyn Sources) -> Result<Option<Datum>, Refused> {
        match self.alone() {
            Some(value) => value.get(sources),
            None => Ok(Some(Datum::Text(self.text(sources)?))),
        }
    }

    /// The place that is all there is of it.
    pub(super) fn alone(&self) -> Option<&Value> {
        match self.0.as_slice() {
            [Piece::Slot(value)] => Some(value),
            _ => None,
        }
    }

    /// Its text, where all its places are.
    fn whole(&self, sources: &dyn Sources) -> Result<Option<Datum>, Refused> {
        let texts = self.0.iter().map(|piece| piece.text(sources));
        let whole: Option<String> = texts.collect::<Result<_, _>>()?;
        Ok(whole.map(Datum::Text))
    }
}

impl Piece {
    fn text(&self, sources: &dyn Sources) -> Result<Option<String>, Refused> {
        match self {
            Self::Literal(text) => Ok(Some(text.clone())),
            Self::Slot(value) => Ok(value.get(sources)?.and_then(Datum::into_text)),
        }
    }
}

/// What a test made of a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Tried {
    /// Whether it passed.
    pub passed: bool,
    /// The value that it passed for, else the last that it saw; `None` where none is there.
    pub saw: Option<String>,
}

/// What a test looks at.
enum Seen {
    Missing,
    Text(String),
    /// A list or an object: there, and equal to nothing.
    Several,
}

impl Test {
    /// Whether it passes. What is known of the session is not known here: [`Test::SessionNew`] always passes, and
    /// its event is [`BeginOrInput`](super::Event::BeginOrInput).
    pub(super) fn passes(&self, sources: &dyn Sources) -> Result<bool, Refused> {
        Ok(self.tried(sources)?.passed)
    }

    /// Whether it passes, and the value it saw.
    pub(super) fn tried(&self, sources: &dyn Sources) -> Result<Tried, Refused> {
        let Self::Compared { any, comparison } = self else {
            return Ok(Tried {
                passed: true,
                saw: None,
            });
        };
        let mut saw = None;
        for chain in any {
            let seen = Seen::read(chain, sources)?;
            let passed = comparison.passes(&seen, sources.account());
            saw = seen.text().or(saw);
            if passed {
                return Ok(Tried { passed, saw });
            }
        }
        Ok(Tried { passed: false, saw })
    }
}

impl Seen {
    fn read(chain: &Chain, sources: &dyn Sources) -> Result<Self, Refused> {
        match chain.get(sources) {
            Err(Refused::NotPlain(_)) => Ok(Self::Several),
            Err(other) => Err(other),
            Ok(None | Some(Datum::Json(Json::Null))) => Ok(Self::Missing),
            Ok(Some(datum)) => Ok(datum.into_text().map_or(Self::Several, Self::Text)),
        }
    }

    fn text(self) -> Option<String> {
        match self {
            Self::Text(text) => Some(text),
            Self::Missing | Self::Several => None,
        }
    }
}

impl Comparison {
    fn passes(&self, seen: &Seen, account: &Account) -> bool {
        let text = match seen {
            Seen::Text(text) => Some(text.as_str()),
            Seen::Missing | Seen::Several => None,
        };
        match self {
            Self::Is(operands) => operands.iter().any(|operand| operand.is(seen, account)),
            Self::IsNot(operands) => !operands.iter().any(|operand| operand.is(seen, account)),
            Self::Starts(operands) => {
                let starts = |start: &str| text.is_some_and(|text| text.starts_with(start));
                operands
                    .iter()
                    .any(|operand| operand.texts(account).into_iter().any(starts))
            }
            Self::Within(from, to) => text
                .and_then(|text| text.parse::<i64>().ok())
                .is_some_and(|number| (*from..=*to).contains(&number)),
            Self::Matches(pattern) => text.is_some_and(|text| pattern.is_match(text)),
        }
    }
}

impl Operand {
    fn is(&self, seen: &Seen, account: &Account) -> bool {
        match (self, seen) {
            (Self::Absent, seen) => matches!(seen, Seen::Missing),
            (Self::Present, seen) => !matches!(seen, Seen::Missing),
            (Self::Empty, Seen::Text(text)) => text.is_empty(),
            (Self::Literal(_) | Self::Setting(_), Seen::Text(text)) => {
                self.texts(account).contains(&text.as_str())
            }
            (Self::Empty | Self::Literal(_) | Self::Setting(_), Seen::Missing | Seen::Several) => {
                false
            }
        }
    }

    /// The texts that it stands for; several for a setting that is a list.
    fn texts<'a>(&'a self, account: &'a Account) -> Vec<&'a str> {
        match self {
            Self::Literal(text) => vec![text],
            Self::Setting(name) => match account.setting(name) {
                Some(SettingValue::Text(text)) => vec![text],
                Some(SettingValue::List(texts)) => texts.iter().map(String::as_str).collect(),
                Some(SettingValue::Map(_)) | None => Vec::new(),
            },
            Self::Absent | Self::Present | Self::Empty => Vec::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::gateway::profile::{Filter, fixture, sketch};

    /// Values by name.
    struct Known(Account, Vec<(&'static str, Datum)>);

    fn known() -> Known {
        let account = fixture::account(fixture::profile(), &[("a", "x{ref}"), ("none", "")]);
        let values = vec![
            ("a", Datum::from("Abc")),
            ("empty", Datum::from("")),
            ("number", Datum::from("21")),
            ("null", Datum::Json(Json::Null)),
            ("list", Datum::Json(json!(["p", "q"]))),
        ];
        Known(account, values)
    }

    impl Sources for Known {
        fn find(&self, source: &Source) -> Result<Option<Datum>, Refused> {
            if *source == Source::Ref {
                return Ok(Some(Datum::from("m-1")));
            }
            let Source::Said(name) = source else {
                return Ok(None);
            };
            if name == "map" {
                return Err(Refused::NotPlain(name.clone()));
            }
            let found = self.1.iter().find(|(known, _)| known == name);
            Ok(found.map(|(_, datum)| datum.clone()))
        }

        fn account(&self) -> &Account {
            &self.0
        }
    }

    #[test]
    fn the_first_place_that_is_there_counts() {
        let value = |places: &[&str]| {
            let value = Value(places.iter().map(|place| sketch::chain(place)).collect());
            value.get(&known()).unwrap().and_then(Datum::into_text)
        };
        assert_eq!(value(&["no", "a | lower", "empty"]).as_deref(), Some("abc"));
        assert_eq!(
            value(&["a | number", "number | next"]).as_deref(),
            Some("22")
        );
        assert_eq!(value(&["no"]), None);
        assert_eq!(value(&["setting.a"]).as_deref(), Some("xm-1"));
        assert_eq!(value(&["setting.none"]), None);
    }

    #[test]
    fn a_place_that_stands_alone_keeps_its_type_and_one_without_a_value_is_nothing() {
        let alone = |place: &str| Template(vec![Piece::Slot(Value(vec![sketch::chain(place)]))]);
        let value = |template: &Template| template.value(&known()).unwrap().map(Datum::into_json);
        assert_eq!(value(&alone("number | number")), Some(json!(21)));
        assert_eq!(value(&alone("list")), Some(json!(["p", "q"])));
        assert_eq!(value(&alone("no")), None);
        let mut two = alone("no");
        two.0.push(Piece::Literal("-".into()));
        two.0.extend(alone("a").0);
        assert_eq!(two.text(&known()), Ok("-Abc".to_owned()));
        let whole = |template: Template| Source::Template(Box::new(template)).get(&known());
        assert_eq!(whole(two), Ok(None));
        assert_eq!(whole(alone("a")), Ok(Some(Datum::from("Abc"))));
    }

    #[test]
    fn tests_pass_as_the_manual_says() {
        for (test, passes) in [
            ("a is Abc", true),
            ("a is abc or Abc", true),
            ("a | lower is abc", true),
            ("a is abc", false),
            ("no is abc or absent", true),
            ("no is abc", false),
            ("no is not abc", true),
            ("no is not abc or absent", false),
            ("a is not abc", true),
            ("a is not Abc", false),
            ("no or a is present", true),
            ("no is present", false),
            ("null is absent", true),
            ("empty is present", true),
            ("empty is empty", true),
            ("empty is absent", false),
            ("a is empty", false),
            ("map is present", true),
            ("map is absent", false),
            ("map is not x", true),
            ("list is present", true),
            ("a starts Ab", true),
            ("a starts b", false),
            ("no starts b", false),
            ("number in 20..21", true),
            ("number in 22..30", false),
            ("a in 0..9", false),
            ("a matches ^A.c$", true),
            ("no matches .*", false),
            ("session is new", true),
        ] {
            assert_eq!(sketch::test(test).passes(&known()), Ok(passes), "{test}");
        }
    }

    #[test]
    fn a_test_tells_what_it_saw() {
        let tried = |test: &str| sketch::test(test).tried(&known()).unwrap().saw;
        assert_eq!(tried("no or a is x").as_deref(), Some("Abc"));
        assert_eq!(tried("no is x"), None);
    }

    #[test]
    fn data_become_text_where_they_can() {
        for (datum, text) in [
            (Datum::Json(json!(1.5)), Some("1.5")),
            (Datum::Json(json!(true)), Some("true")),
            (Datum::Json(json!(null)), None),
            (Datum::Json(json!({})), None),
            (Datum::Bytes(vec![0xff]), None),
            (Datum::Bytes(b"a".to_vec()), Some("a")),
            (
                Datum::Time(DateTime::UNIX_EPOCH),
                Some("1970-01-01T00:00:00Z"),
            ),
        ] {
            assert_eq!(datum.into_text().as_deref(), text);
        }
        let opaque = Filter::Opaque.apply(Datum::from("x"), &known());
        assert_eq!(opaque, Ok(Some(Datum::from("x"))));
    }
}
