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
