//! What an argument looks like in each place of a request.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use crate::menu::Value;

/// Everything but what RFC 3986 (section 2.3) calls unreserved.
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// In a header a phone's `+` and a date's `:` are meant as they are; separators are not.
const IN_HEADER: &AsciiSet = &RESERVED.remove(b'+').remove(b':').remove(b'@');

/// For the path and the query.
pub(super) fn in_address(text: &str) -> String {
    utf8_percent_encode(text, RESERVED).to_string()
}

/// For a header.
pub(super) fn in_header(text: &str) -> String {
    utf8_percent_encode(text, IN_HEADER).to_string()
}

/// A value as other systems read it; `None` for what has no one form.
pub(in crate::menu) fn plain(value: &Value) -> Option<String> {
    Some(match value {
        Value::Text(text) => text.clone(),
        Value::Number(number) => number.to_string(),
        Value::Amount(amount) => amount.to_decimal(),
        Value::Date(date) => date.to_string(),
        Value::Member(number) => number.to_string(),
        Value::Control(number) => number.to_string(),
        Value::Phone(phone) => phone.e164(),
        Value::Record(_) | Value::List(_) => return None,
    })
}
