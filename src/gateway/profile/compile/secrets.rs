use crate::model::source::yaml::Node;

use super::{
    super::{Piece, Problem, Template},
    findings::Findings,
};

/// Parts of names under which aggregators take what nobody else may know.
const WORDS: &[&str] = &[
    "password",
    "passwd",
    "secret",
    "authorization",
    "credential",
];
/// Ends of such names.
const ENDS: &[&str] = &["key", "token", "pwd", "pass", "pin"];

/// Whether what stands under a name is likely a secret.
pub(super) fn is_secret(name: &str) -> bool {
    let name = name.rsplit(['.', ':']).next().unwrap_or_default();
    let letters = name.chars().filter(char::is_ascii_alphanumeric);
    let name = letters.collect::<String>().to_ascii_lowercase();
    WORDS.iter().any(|word| name.contains(word)) || ENDS.iter().any(|end| name.ends_with(end))
}

/// Notes a text that is a secret and stands in the file.
pub(super) fn never_literal(text: &Template, what: &str, node: &Node, findings: &mut Findings) {
    let is_filled = text.0.iter().any(|piece| matches!(piece, Piece::Slot(_)));
    if !is_filled && !text.0.is_empty() {
        let what = what.to_owned();
        findings.add(node.span, &Problem::SecretInFile { what });
    }
}

/// The same where its name says that it is one.
pub(super) fn named(name: &str, text: &Template, node: &Node, findings: &mut Findings) {
    if is_secret(name) {
        never_literal(text, &format!("`{name}`"), node, findings);
    }
}

/// Notes a secret that stands in an address: a password before the host, or a field of the query.
pub(super) fn in_address(address: &Template, node: &Node, findings: &mut Findings) {
    let pieces = address.0.iter().map(|piece| match piece {
        Piece::Literal(text) => text.as_str(),
        Piece::Slot(_) => FILLED,
    });
    let written: String = pieces.collect();
    let (_, behind) = written.split_once("://").unwrap_or(("", &written));
    let host = behind.split(['/', '?']).next().unwrap_or_default();
    let user = host
        .rsplit_once('@')
        .and_then(|(user, _)| user.split_once(':'));
    let mut literals =
        Vec::from_iter(user.map(|(_, password)| ("the password".to_owned(), password)));
    let query = written.split_once('?').map_or("", |(_, query)| query);
    let fields = query.split('&').filter_map(|field| field.split_once('='));
    let fields = fields.filter(|(name, _)| is_secret(name));
    literals.extend(fields.map(|(name, value)| (format!("`{name}`"), value)));
    for (what, value) in literals {
        if !value.is_empty() && !value.contains(FILLED) {
            findings.add(node.span, &Problem::SecretInFile { what });
        }
    }
}

/// Stands for a placeholder.
const FILLED: &str = "\0";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_are_known_by_their_names() {
        for name in [
            "password",
            "api-key",
            "X-API-KEY",
            "Authorization",
            "auth_token",
            "query.pwd",
        ] {
            assert!(is_secret(name), "{name}");
        }
        for name in [
            "username",
            "keyword",
            "grant_type",
            "tokens",
            "from",
            "text",
        ] {
            assert!(!is_secret(name), "{name}");
        }
    }
}
