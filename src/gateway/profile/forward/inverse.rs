//! Filters and comparisons, the other way round.

use base64::{Engine, engine::general_purpose::STANDARD};

use super::fields::ANY;
use crate::gateway::profile::{
    Account, Comparison, Filter, Operand, SettingValue, digest, urlencoded, value::Datum,
};

/// What a map gives for anything it knows.
pub(super) fn results(filter: &Filter) -> Vec<String> {
    let Filter::Map(map) = filter else {
        return Vec::new();
    };
    let values = map.entries.iter().map(|(_, to)| Datum::from(to.clone()));
    values.filter_map(Datum::into_text).collect()
}

/// What must stand before a filter for `text` to stand behind it.
#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "most filters leave what is right already as it is"
)]
pub(super) fn unfiltered(filter: &Filter, text: String, account: &Account) -> Option<String> {
    match filter {
        Filter::Map(map) => {
            let mut entries = map.entries.iter();
            let entry = entries.find(|(_, to)| {
                Datum::from(to.clone()).into_text().as_deref() == Some(text.as_str())
            });
            entry.map(|(from, _)| from.clone())
        }
        Filter::SettingMap(name) => match account.setting(name) {
            Some(SettingValue::Map(entries)) => {
                let entry = entries.iter().find(|(_, to)| *to == text);
                entry.map(|(from, _)| from.clone())
            }
            Some(SettingValue::Text(_) | SettingValue::List(_)) | None => None,
        },
        Filter::Date(dates) => {
            let time = chrono::DateTime::parse_from_rfc3339(&text).ok()?;
            dates.write(time.to_utc())
        }
        Filter::Next => Some((text.parse::<i64>().ok()? - 1).to_string()),
        Filter::UrlDecode => Some(urlencoded::escape(&text)),
        Filter::Base64Decode => Some(STANDARD.encode(text)),
        Filter::HexDecode => Some(digest::hex(text.as_bytes())),
        Filter::Ucs2HexDecode => {
            let units = text.encode_utf16().flat_map(u16::to_be_bytes);
            Some(digest::hex(&units.collect::<Vec<u8>>()))
        }
        Filter::AfterCode | Filter::Signature(_) => None,
        _ => Some(text),
    }
}

/// What a value may be for a comparison to pass; `None` for a missing one.
pub(super) fn passing(
    comparison: &Comparison,
    account: &Account,
    code: &str,
) -> Vec<Option<String>> {
    match comparison {
        Comparison::Is(operands) => operands.iter().flat_map(|it| is(it, account)).collect(),
        Comparison::IsNot(_) => vec![None, Some("1".to_owned())],
        Comparison::Starts(operands) => operands.iter().flat_map(|it| is(it, account)).collect(),
        Comparison::Within(from, _) => vec![Some(from.to_string())],
        Comparison::Matches(_) => {
            let texts = [code, code.trim_matches(['*', '#']), "1", ""];
            texts.map(|text| Some(text.to_owned())).to_vec()
        }
    }
}

fn is(operand: &Operand, account: &Account) -> Vec<Option<String>> {
    match operand {
        Operand::Literal(text) => vec![Some(text.clone())],
        Operand::Setting(name) => match account.setting(name) {
            Some(SettingValue::Text(text)) => vec![Some(text.clone())],
            Some(SettingValue::List(texts)) => texts.iter().cloned().map(Some).collect(),
            Some(SettingValue::Map(_)) | None => Vec::new(),
        },
        Operand::Absent => vec![None],
        Operand::Present => ANY.map(|text| Some(text.to_owned())).to_vec(),
        Operand::Empty => vec![Some(String::new())],
    }
}

/// What a value may be for a comparison not to pass.
pub(super) fn failing(comparison: &Comparison) -> Vec<String> {
    match comparison {
        Comparison::IsNot(operands) => {
            let texts = operands.iter().filter_map(|operand| match operand {
                Operand::Literal(text) => Some(text.clone()),
                Operand::Setting(_) | Operand::Absent | Operand::Present | Operand::Empty => None,
            });
            texts.collect()
        }
        Comparison::Is(_) => vec!["0".to_owned(), "1".to_owned()],
        Comparison::Starts(_) | Comparison::Within(..) | Comparison::Matches(_) => Vec::new(),
    }
}
