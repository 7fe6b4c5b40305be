//! What an operator must not read: passwords in addresses, and values that are or may be secret.

use crate::model::source::{Source, Span};

/// The source as reports may show it: with stars for what is `hidden`, and for what stands before
/// the `@` of an address. Every byte stays in its place.
pub(super) fn shown(source: &Source, hidden: &[Span]) -> Source {
    let mut bytes = source.text.clone().into_bytes();
    let addresses = addresses(&source.text);
    let hidden = hidden.iter().map(|span| span.start..span.end);
    for range in hidden.chain(addresses) {
        let hidden = bytes.get_mut(range).into_iter().flatten();
        hidden
            .filter(|byte| !matches!(byte, b'\n' | b'\r'))
            .for_each(|byte| *byte = b'*');
    }
    Source {
        name: source.name.clone(),
        // Whole characters are hidden, so what is left is text.
        text: String::from_utf8(bytes).unwrap_or_default(),
    }
}

/// An address, or several with commas between them, without passwords.
pub(super) fn without_password(address: &str) -> String {
    let mut shown = address.to_owned();
    for range in addresses(address).into_iter().rev() {
        let user = address.get(range.clone()).unwrap_or_default();
        let user = user.split_once(':').map_or(user, |(user, _)| user);
        shown.replace_range(range, &format!("{user}:***"));
    }
    shown
}

/// Where user and password stand in addresses: between `://` and the last `@` of the same word.
fn addresses(text: &str) -> Vec<std::ops::Range<usize>> {
    let mut found = Vec::new();
    for (at, scheme) in text.match_indices("://") {
        let start = at + scheme.len();
        let rest = text.get(start..).unwrap_or_default();
        let word = rest.split([' ', '\n', '\r', '\t', '"', '\'', ',']);
        let word = word.take(1).collect::<String>();
        if let Some(end) = word.rfind('@') {
            found.push(start..start + end);
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passwords_are_hidden_and_hosts_are_not() {
        let hidden = without_password("rediss://:s3cret@a:1,rediss://nyota:s3cr@t@b:2,redis://c");
        assert_eq!(hidden, "rediss://:***@a:1,rediss://nyota:***@b:2,redis://c");
    }

    #[test]
    fn what_is_hidden_keeps_every_other_byte_in_its_place() {
        let source = Source {
            name: "nyota.yaml".to_owned(),
            text: "key: çé\nurl: postgres://u:p@h/d\n".to_owned(),
        };
        let hidden = Span {
            source: 0,
            start: 5,
            end: 9,
        };
        let shown = shown(&source, &[hidden]);
        assert_eq!(shown.text, "key: ****\nurl: postgres://***@h/d\n");
    }
}
