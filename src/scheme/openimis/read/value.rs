use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;

use crate::{
    model::{Amount, Currency, MemberNumber, gsm7},
    scheme::openimis::Failure,
};

/// How long a name may be.
const NAME: usize = 60;
/// How many rows of one answer are looked at.
const ROWS: usize = 500;

/// A number exactly as it was written: `4000.0`, `"10000.00"`.
pub(super) type Exact = Box<RawValue>;

/// The rows of a connection, without relay's wrapping.
#[derive(Debug)]
pub(in crate::scheme::openimis) struct Edges<T>(pub(super) Vec<T>);

#[derive(Deserialize)]
struct Connection<T> {
    edges: Vec<Option<Edge<T>>>,
}

#[derive(Deserialize)]
struct Edge<T> {
    node: Option<T>,
}

impl<T> Default for Edges<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Edges<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let connection = Connection::deserialize(deserializer)?;
        let nodes = connection
            .edges
            .into_iter()
            .flatten()
            .filter_map(|edge| edge.node);
        Ok(Self(nodes.take(ROWS).collect()))
    }
}

/// An amount, digit by digit.
pub(super) fn amount(
    exact: &RawValue,
    currency: Currency,
    what: &'static str,
) -> Result<Amount, Failure> {
    let text = exact.get().trim_matches('"');
    Amount::parse_decimal(text, currency).map_err(|_| Failure::Unreadable(what))
}

/// A name as a phone may show it.
pub(super) fn name(text: Option<&str>) -> String {
    let head: String = text.unwrap_or_default().chars().take(NAME * 4).collect();
    let name: String = gsm7::clean(&head).chars().take(NAME).collect();
    name.trim_end().to_owned()
}

/// A member's number; none where it is not one that any scheme gives.
pub(super) fn member(text: Option<&str>) -> Option<MemberNumber> {
    text.and_then(|text| MemberNumber::parse(text.trim()).ok())
}

/// Whether a code or an id of theirs is short and plain, so that it may stand in keys and sentences.
pub(super) fn is_plain(text: &str) -> bool {
    (1..=50).contains(&text.len())
        && text
            .bytes()
            .all(|byte| byte.is_ascii_graphic() || byte == b' ')
}

/// A plain code or id of theirs.
pub(super) fn plain(text: Option<String>, what: &'static str) -> Result<String, Failure> {
    text.filter(|text| is_plain(text))
        .ok_or(Failure::Unreadable(what))
}

/// The number in an id of relay's: `UHJvZHVjdEdRTFR5cGU6NA==` is `ProductGQLType:4`.
pub(super) fn id(text: &str, what: &'static str) -> Result<i64, Failure> {
    let decoded = STANDARD
        .decode(text)
        .ok()
        .and_then(|bytes| String::from_utf8(bytes).ok());
    let number = decoded
        .as_deref()
        .and_then(|text| text.split_once(':'))
        .map(|(_, number)| number);
    let number = number.unwrap_or(text).parse().ok();
    number
        .filter(|number: &i64| *number >= 0)
        .ok_or(Failure::Unreadable(what))
}
