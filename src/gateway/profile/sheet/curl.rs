//! A request as a command of curl.

use base64::{Engine, engine::general_purpose::STANDARD};

use crate::gateway::profile::{Forwarded, SECRET};

/// The command that makes a request of an address.
pub(super) fn command(address: &str, request: &Forwarded) -> String {
    let mark = if request.query.is_empty() { "" } else { "?" };
    let address = format!("{address}{mark}{}", request.query).replace(SECRET, "SECRET");
    let mut parts = vec![format!(
        "curl -i -X {} {}",
        request.method,
        quoted(&address)
    )];
    for (name, value) in &request.headers {
        let user = (name == "authorization").then(|| user(value)).flatten();
        parts.push(match user {
            Some(user) => format!("-u {}", quoted(&user)),
            None => format!("-H {}", quoted(&format!("{name}: {value}"))),
        });
    }
    if !request.body.is_empty() {
        parts.push(format!("--data-raw {}", quoted(&request.body)));
    }
    parts.join(" \\\n  ")
}

/// User and password of basic authentication.
fn user(header: &str) -> Option<String> {
    if header == SECRET {
        return Some("USER:PASSWORD".to_owned());
    }
    let pair = STANDARD.decode(header.strip_prefix("Basic ")?).ok()?;
    String::from_utf8(pair).ok()
}

/// As one word of a shell.
fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', "'\\''"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_of_a_shell_stays_one() {
        assert_eq!(quoted("a'b $c\n"), "'a'\\''b $c\n'");
    }
}
