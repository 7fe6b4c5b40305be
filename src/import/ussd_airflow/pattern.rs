//! Regular expressions of Python made into types and patterns of ours.

/// How many digits a pattern takes, where digits are all that it takes: the least, the most.
pub(super) fn digits(regex: &str) -> Option<(usize, Option<usize>)> {
    let inner = regex.strip_prefix('^')?.strip_suffix('$')?;
    let digit = ["[0-9]", r"\d", "[0123456789]"];
    let rest = digit
        .into_iter()
        .find_map(|digit| inner.strip_prefix(digit))?;
    match rest {
        "" => Some((1, Some(1))),
        "+" => Some((1, None)),
        "*" => Some((0, None)),
        _ => {
            let bounds = rest.strip_prefix('{')?.strip_suffix('}')?;
            let (least, most) = bounds.split_once(',').unwrap_or((bounds, bounds));
            let most = match most.trim() {
                "" => None,
                most => Some(most.parse().ok()?),
            };
            Some((least.trim().parse().ok()?, most))
        }
    }
}

/// A pattern that the whole answer must match, of one that is searched for in it.
pub(super) fn whole(regex: &str) -> Result<String, &'static str> {
    if ["(?=", "(?!", "(?<", "(?P=", "(?("]
        .iter()
        .any(|look| regex.contains(look))
    {
        return Err("a pattern that looks around itself");
    }
    let back = (1..=9).any(|group| regex.contains(&format!("\\{group}")));
    if back {
        return Err("a pattern that repeats what it found");
    }
    if has_loose_choice(regex) {
        return Err("a pattern of several, without brackets around them");
    }
    let (begins, inner) = match regex.strip_prefix('^') {
        Some(inner) => ("", inner),
        None => (".*", regex),
    };
    let closed = inner
        .strip_suffix('$')
        .filter(|inner| !inner.ends_with('\\'));
    let (inner, ends) = match closed {
        Some(inner) => (inner, ""),
        None => (inner, ".*"),
    };
    Ok(format!("{begins}{inner}{ends}"))
}

/// Whether a `|` stands outside of all brackets.
fn has_loose_choice(regex: &str) -> bool {
    let mut depth = 0;
    let mut escaped = false;
    for character in regex.chars() {
        match character {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '(' | '[' => depth += 1,
            ')' | ']' => depth -= 1,
            '|' if depth == 0 => return true,
            _ => {}
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_are_counted() {
        assert_eq!(digits("^[0-9]{1,7}$"), Some((1, Some(7))));
        assert_eq!(digits(r"^\d{9}$"), Some((9, Some(9))));
        assert_eq!(digits("^[0-9]+$"), Some((1, None)));
        assert_eq!(digits("^[0-9]{2,}$"), Some((2, None)));
        assert_eq!(digits("[0-9]+"), None);
        assert_eq!(digits("^[0-9]+[a-z]$"), None);
    }

    #[test]
    fn what_is_searched_for_becomes_what_the_whole_answer_matches() {
        assert_eq!(whole("^[A-Z]{2}$").as_deref(), Ok("[A-Z]{2}"));
        assert_eq!(whole("[A-Z]").as_deref(), Ok(".*[A-Z].*"));
        assert_eq!(whole(r"^a\$").as_deref(), Ok(r"a\$.*"));
        assert_eq!(whole("^(yes|no)$").as_deref(), Ok("(yes|no)"));
        for odd in ["^(?!0)", r"(a)\1", "^a|b$"] {
            assert!(whole(odd).is_err(), "{odd}");
        }
    }
}
