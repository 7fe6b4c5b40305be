//! What is done to a value on its way.

use base64::{
    Engine, alphabet,
    engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig, general_purpose::STANDARD},
};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};
use serde_json::{Number, Value as Json};

use super::{
    Filter, Map, Refused, SettingValue, Source,
    charset::{self, Concrete},
    dates, digest, phone, state,
    value::{Datum, Sources},
};

/// What RFC 3986 calls unreserved stays as it is.
const RESERVED: AsciiSet = NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// Reads with or without the `=` at the end.
const LENIENT: GeneralPurpose = GeneralPurpose::new(
    &alphabet::STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

impl Filter {
    /// What comes of a value; `None` where it cannot be done.
    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "all other filters read a text"
    )]
    pub(super) fn apply(
        &self,
        datum: Datum,
        sources: &dyn Sources,
    ) -> Result<Option<Datum>, Refused> {
        match self {
            Self::Date(dates) => Ok(dates.turn(datum)),
            Self::Epoch => Ok(dates::epoch(datum, 1)),
            Self::EpochMs => Ok(dates::epoch(datum, 1000)),
            Self::Iso => Ok(dates::iso(datum)),
            Self::Signature(signature) => digest::signed(signature, datum, sources),
            Self::Base64 => Ok(bytes(datum, |bytes| STANDARD.encode(bytes))),
            Self::Hex => Ok(bytes(datum, digest::hex)),
            Self::Number => Ok(number(datum)),
            Self::Typed => Ok(datum.into_text().map(typed)),
            Self::Chosen(setting, filters) => chosen((setting, filters), datum, sources),
            Self::Bool => Ok(truth(datum)),
            Self::Next => Ok(next(datum)),
            Self::Opaque => Ok(Some(datum)),
            textual => match datum.into_text() {
                Some(text) => textual.change(text, sources),
                None => Ok(None),
            },
        }
    }

    /// The filters that read a text.
    fn change(&self, text: String, sources: &dyn Sources) -> Result<Option<Datum>, Refused> {
        let changed = match self {
            Self::E164 | Self::Bare | Self::Tel | Self::National => {
                return phone::filtered(self, &text, sources);
            }
            Self::Signed => return state::read(&text, sources),
            Self::AfterCode => return after_code(&text, sources),
            Self::Map(map) => return Ok(map.get(&text).cloned().map(Datum::from)),
            Self::SettingMap(name) => {
                let found = sources.account().setting(name);
                return Ok(found.and_then(|map| mapped(map, &text)));
            }
            Self::Base64Decode => return Ok(LENIENT.decode(text.trim()).ok().map(Datum::Bytes)),
            Self::HexDecode => return Ok(digest::unhex(text.trim()).map(Datum::Bytes)),
            Self::Pattern(pattern) => found(pattern, &text),
            Self::UrlDecode => decoded(&text),
            Self::LastSegment => text.rsplit('/').next().map(str::to_owned),
            Self::Lower => Some(text.to_lowercase()),
            Self::Upper => Some(text.to_uppercase()),
            Self::Trim => Some(text.trim().to_owned()),
            Self::Digits => Some(text.chars().filter(char::is_ascii_digit).collect()),
            Self::Code => Some(code(&text)),
            Self::UrlEncode => Some(utf8_percent_encode(&text, &RESERVED).to_string()),
            Self::Ucs2HexDecode => wide(&text),
            Self::Ucs2Hex => Some(units(&text, |unit| format!("{unit:04X}"))),
            Self::Ascii => Some(ascii(&text)),
            Self::Date(_)
            | Self::Epoch
            | Self::EpochMs
            | Self::Iso
            | Self::Signature(_)
            | Self::Base64
            | Self::Hex
            | Self::Number
            | Self::Text
            | Self::Typed
            | Self::Chosen(..)
            | Self::Bool
            | Self::Next
            | Self::Opaque => Some(text),
        };
        Ok(changed.map(Datum::Text))
    }
}

impl Map {
    /// The value for a value, or for every other.
    pub(super) fn get(&self, key: &str) -> Option<&Json> {
        let found = self.entries.iter().find(|(known, _)| known == key);
        found.map(|(_, value)| value).or(self.otherwise.as_ref())
    }
}

/// What the filter does that a setting chooses.
fn chosen(
    (setting, filters): (&str, &[(String, Filter)]),
    datum: Datum,
    sources: &dyn Sources,
) -> Result<Option<Datum>, Refused> {
    let Some(SettingValue::Text(word)) = sources.account().setting(setting) else {
        return Ok(None);
    };
    match filters.iter().find(|(known, _)| known == word) {
        Some((_, filter)) => filter.apply(datum, sources),
        None => Ok(None),
    }
}

/// A map of an account's own; `default` stands in it for every other, as in a profile's.
fn mapped(map: &SettingValue, key: &str) -> Option<Datum> {
    let SettingValue::Map(entries) = map else {
        return None;
    };
    let at = |name: &str| entries.iter().find(|(known, _)| known == name);
    let (_, value) = at(key).or_else(|| at("default"))?;
    Some(Datum::Text(value.clone()))
}

fn bytes(datum: Datum, written: impl Fn(&[u8]) -> String) -> Option<Datum> {
    let bytes = datum.into_bytes()?;
    Some(Datum::Text(written(&bytes)))
}

/// A number keeps all its digits where it is whole.
fn number(datum: Datum) -> Option<Datum> {
    let text = datum.into_text()?;
    let text = text.trim();
    let whole = text.parse::<i64>().map(Number::from);
    let large = || text.parse::<u64>().map(Number::from).ok();
    let fraction = || Number::from_f64(text.parse().ok()?);
    let digits = text
        .bytes()
        .all(|byte| byte.is_ascii_digit() || b"-.".contains(&byte));
    let number = whole
        .ok()
        .or_else(large)
        .or_else(fraction)
        .filter(|_| digits)?;
    Some(Datum::Json(Json::Number(number)))
}

/// What JSON has a type for: a number, `true` and `false`. `007` is none.
fn typed(text: String) -> Datum {
    match serde_json::from_str(&text) {
        Ok(json @ (Json::Number(_) | Json::Bool(_))) => Datum::Json(json),
        Ok(Json::Null | Json::String(_) | Json::Array(_) | Json::Object(_)) | Err(_) => {
            Datum::Text(text)
        }
    }
}

fn truth(datum: Datum) -> Option<Datum> {
    let truth = match datum.into_text()?.trim().to_lowercase().as_str() {
        "true" | "1" | "yes" => true,
        "false" | "0" | "no" => false,
        _ => return None,
    };
    Some(Datum::Json(Json::Bool(truth)))
}

/// The whole number after it: typed where it was, else a text.
fn next(datum: Datum) -> Option<Datum> {
    let typed = matches!(datum, Datum::Json(_));
    let number: i64 = datum.into_text()?.trim().parse().ok()?;
    let next = number.checked_add(1)?;
    Some(if typed {
        Datum::Json(next.into())
    } else {
        Datum::Text(next.to_string())
    })
}

fn found(pattern: &regex::Regex, text: &str) -> Option<String> {
    let captures = pattern.captures(text)?;
    let group = usize::from(captures.len() > 1);
    Some(captures.get(group)?.as_str().to_owned())
}

fn decoded(text: &str) -> Option<String> {
    let spaced = text.replace('+', " ");
    let decoded = percent_decode_str(&spaced).decode_utf8().ok()?;
    Some(decoded.into_owned())
}

/// `152*00` is `*152*00#`, and so is `*152#00#`, as some aggregators write what was dialled.
pub(super) fn code(text: &str) -> String {
    let inner = text.trim().trim_start_matches('*').trim_end_matches('#');
    format!("*{}#", inner.replace('#', "*"))
}

/// What was dialled behind the service code of the request, or of the account where it tells none.
fn after_code(text: &str, sources: &dyn Sources) -> Result<Option<Datum>, Refused> {
    let told = sources.find(&Source::Said("code".to_owned()))?;
    let account = sources.account().code.as_ref();
    let known = || account.map(|code| code.as_str().to_owned());
    let Some(service) = told.and_then(Datum::into_text).or_else(known) else {
        return Ok(None);
    };
    let dialled = code(text);
    let service = code(&service);
    let behind = dialled
        .strip_prefix(service.trim_end_matches('#'))
        .and_then(|rest| rest.strip_prefix('*'))
        .map(|rest| rest.trim_end_matches('#'));
    Ok(behind.map(Datum::from))
}

fn units(text: &str, written: impl Fn(u16) -> String) -> String {
    text.encode_utf16().map(written).collect()
}

fn wide(text: &str) -> Option<String> {
    let bytes = digest::unhex(text.trim())?;
    charset::decoded(&bytes, Concrete::Utf16, "body").ok()
}

fn ascii(text: &str) -> String {
    let unit = |unit: u16| match u8::try_from(unit) {
        Ok(byte) if byte.is_ascii() => char::from(byte).to_string(),
        Ok(_) | Err(_) => format!("\\u{unit:04x}"),
    };
    units(text, unit)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;
    use crate::gateway::profile::{Account, fixture, sketch};

    struct Coded(Account);

    impl Sources for Coded {
        fn find(&self, source: &Source) -> Result<Option<Datum>, Refused> {
            let code = *source == Source::Said("code".into());
            Ok(code.then(|| Datum::from("384*1234")))
        }

        fn account(&self) -> &Account {
            &self.0
        }
    }

    fn filtered(filters: &str, datum: Datum) -> Option<Datum> {
        let sources = Coded(fixture::account(fixture::profile(), &[]));
        filters.split(" | ").try_fold(datum, |datum, word| {
            sketch::filter(word).apply(datum, &sources).unwrap()
        })
    }

    fn text(filters: &str, text: &str) -> Option<String> {
        filtered(filters, Datum::from(text)).and_then(Datum::into_text)
    }

    #[test]
    fn filters_do_what_the_manual_says() {
        for (filters, before, after) in [
            ("lower", "ÄbC", "äbc"),
            ("upper", "äbc", "ÄBC"),
            ("trim", " a ", "a"),
            ("digits", "+255 (0) 7x", "25507"),
            ("e164", "0700000001", "+255700000001"),
            ("e164", "255700000001", "+255700000001"),
            ("e164", "00255700000001", "+255700000001"),
            ("e164", "tel:+255700000001", "+255700000001"),
            ("bare", "+255700000001", "255700000001"),
            ("tel", "255700000001", "tel:+255700000001"),
            ("national", "+255700000001", "700000001"),
            ("number", "007", "7"),
            ("bool", "True", "true"),
            ("next", "9", "10"),
            ("last_segment", "https://a.example/b/c-1", "c-1"),
            ("last_segment", "c", "c"),
            ("code", "152*00", "*152*00#"),
            ("code", "*152*00#", "*152*00#"),
            ("after_code", "*384*1234*1*2#", "1*2"),
            ("after_code", "384*1234*1", "1"),
            ("url_decode", "%2A1+2", "*1 2"),
            ("url_encode", "*1 2~é", "%2A1%202~%C3%A9"),
            ("base64", "a:b", "YTpi"),
            ("base64_decode", "YTpiYw", "a:bc"),
            ("hex", "aé", "61c3a9"),
            ("hex_decode", "61C3a9", "aé"),
            ("ucs2_hex", "aé😀", "006100E9D83DDE00"),
            ("ucs2_hex_decode", "006100E9D83DDE00", "aé😀"),
            ("ascii", "aé😀", "a\\u00e9\\ud83d\\ude00"),
            ("epoch | iso", "1700000000", "2023-11-14T22:13:20Z"),
            (
                "epoch_ms | iso",
                "1700000000123",
                "2023-11-14T22:13:20.123Z",
            ),
            ("iso | epoch", "2023-11-15T01:13:20+03:00", "1700000000"),
            ("sent | iso", "2023-11-15 01:13:20", "2023-11-14T22:13:20Z"),
            ("sent | iso", "15/11/2023", "2023-11-14T21:00:00Z"),
            ("sent | iso", "20231115011320+0300", "2023-11-14T22:13:20Z"),
            ("iso | sent", "2023-11-14T22:13:20Z", "2023-11-15 01:13:20"),
            ("state", "1", "delivered"),
            ("quoted", "say \"it\" now", "it"),
        ] {
            assert_eq!(
                text(filters, before).as_deref(),
                Some(after),
                "{before} | {filters}"
            );
        }
    }

    #[test]
    fn what_a_filter_cannot_do_leaves_no_value() {
        for (filters, before) in [
            ("number", "seven"),
            ("number", "1e5"),
            ("number", "inf"),
            ("bool", "maybe"),
            ("next", "x"),
            ("next", "9223372036854775807"),
            ("e164", "JIRANI"),
            ("after_code", "*384*12345#"),
            ("after_code", "*384*1234#"),
            ("url_decode", "%ff"),
            ("base64_decode", "*"),
            ("hex_decode", "abc"),
            ("hex_decode", "é0"),
            ("ucs2_hex_decode", "0061d8"),
            ("epoch", "soon"),
            ("epoch", "9223372036854775807"),
            ("iso", "yesterday"),
            ("sent", "2023-02-30 00:00:00"),
            ("state", "3"),
            ("quoted", "nothing"),
        ] {
            assert_eq!(text(filters, before), None, "{before} | {filters}");
        }
        assert_eq!(filtered("lower", Datum::Json(json!(["A"]))), None);
    }

    #[test]
    fn typed_values_keep_their_type() {
        let typed = |filters, before: &str| filtered(filters, Datum::from(before));
        assert_eq!(typed("typed", "true"), Some(Datum::Json(json!(true))));
        assert_eq!(typed("typed", "2"), Some(Datum::Json(json!(2))));
        assert_eq!(typed("typed", "007"), Some(Datum::from("007")));
        assert_eq!(typed("number | text", "2"), Some(Datum::from("2")));
        assert_eq!(
            typed("number", "16590115252429751"),
            Some(Datum::Json(json!(16_590_115_252_429_751_i64)))
        );
        assert_eq!(typed("number", "1.5"), Some(Datum::Json(json!(1.5))));
        assert_eq!(typed("number | next", "1"), Some(Datum::Json(json!(2))));
        assert_eq!(typed("bool", "0"), Some(Datum::Json(json!(false))));
        assert_eq!(typed("close", "end"), Some(Datum::Json(json!(true))));
    }

    const ALL: &[&str] = &[
        "lower",
        "upper",
        "trim",
        "digits",
        "e164",
        "bare",
        "tel",
        "national",
        "opaque",
        "number",
        "bool",
        "next",
        "last_segment",
        "code",
        "after_code",
        "url_decode",
        "url_encode",
        "base64",
        "base64_decode",
        "hex",
        "hex_decode",
        "ucs2_hex",
        "ascii",
        "epoch",
        "epoch_ms",
        "iso",
        "state",
        "close",
        "quoted",
        "sent",
    ];

    proptest! {
        #[test]
        fn any_text_goes_through_any_filters(
            before in ".{0,24}|[0-9+*#/-]{0,24}",
            filters in prop::collection::vec(prop::sample::select(ALL), 1..4),
        ) {
            let _after = text(&filters.join(" | "), &before);
        }

        #[test]
        fn what_is_encoded_is_decoded(before in any::<String>()) {
            for pair in ["url_encode | url_decode", "base64 | base64_decode", "hex | hex_decode"] {
                let after = text(pair, &before);
                prop_assert_eq!(after.as_deref(), Some(before.as_str()));
            }
        }
    }
}
