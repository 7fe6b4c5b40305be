//! What stands in a vector for what only its run knows: `$ANY_ISO8601`, `$NOW_<pattern>`, `$ECHO`, `$MD5(…)`, `$STATE`.

use std::fmt::Write as _;

use chrono::{DateTime, Utc};
use md5::{Digest as _, Md5};
use regex::Regex;

/// What a run knows.
#[derive(Clone, Copy, Debug)]
pub(super) struct Known<'a> {
    /// The clock.
    pub(super) now: DateTime<Utc>,
    /// What the request said, decoded.
    pub(super) request: &'a str,
    /// The token that was got.
    pub(super) token: &'a str,
    /// What is given with the page to be brought back.
    pub(super) state: &'a str,
}

/// The time of a vector that does not say it.
pub(super) const NOW: DateTime<Utc> = DateTime::from_timestamp_nanos(1_795_255_200_000_000_000);

/// What takes the place of each placeholder as a pattern.
const TIME: &str = r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:?\d{2})?";

impl Known<'_> {
    /// What `expected` means in this run: `seen`, where all its placeholders fit.
    pub(super) fn settle(&self, expected: &str, seen: &str) -> String {
        if !expected.contains('$') {
            return expected.to_owned();
        }
        let expected = self.filled(expected);
        if self.fits(&expected, seen) {
            seen.to_owned()
        } else {
            expected
        }
    }

    /// With all that has one value only.
    pub(super) fn filled(&self, text: &str) -> String {
        let text = text.replace("$OAUTH_TOKEN", self.token);
        let text = text.replace("$STATE", self.state);
        let text = replaced(&text, r"\$NOW_<([^>]*)>", |pattern| self.time(pattern));
        let text = replaced(&text, r"\$MD5UPPER\(([^)]*)\)", |joined| {
            md5(joined).to_uppercase()
        });
        replaced(&text, r"\$MD5\(([^)]*)\)", md5)
    }

    fn fits(&self, expected: &str, seen: &str) -> bool {
        let pattern = regex::escape(expected)
            .replace("\\$ANY_ISO8601", TIME)
            .replace("\\$ECHO", "(.+)");
        let Ok(pattern) = Regex::new(&format!("(?s)^{pattern}$")) else {
            return false;
        };
        let Some(found) = pattern.captures(seen) else {
            return false;
        };
        let mut echoes = found.iter().skip(1).flatten();
        echoes.all(|echo| self.request.contains(echo.as_str()))
    }

    /// The clock, by a pattern of strftime or of the letters `yyyyMMddHHmmss`.
    fn time(&self, pattern: &str) -> String {
        let pattern = if pattern.contains('%') {
            pattern.to_owned()
        } else {
            let letters = [
                ("yyyy", "%Y"),
                ("MM", "%m"),
                ("dd", "%d"),
                ("HH", "%H"),
                ("mm", "%M"),
                ("ss", "%S"),
            ];
            let fold = |pattern: String, (from, to): &(&str, &str)| pattern.replace(from, to);
            letters.iter().fold(pattern.to_owned(), fold)
        };
        let mut written = String::new();
        match write!(written, "{}", self.now.format(&pattern)) {
            Ok(()) => written,
            Err(std::fmt::Error) => pattern,
        }
    }
}

fn md5(text: &str) -> String {
    let digest = Md5::digest(text.as_bytes());
    digest.iter().fold(String::new(), |mut text, byte| {
        // Writing to a String cannot fail.
        _ = write!(text, "{byte:02x}");
        text
    })
}

/// With every `$STATE` and `$STATE(N)` of a request: that of the page which stands, or of the Nth.
pub(super) fn stated(text: &str, state: impl Fn(Option<u32>) -> String) -> String {
    let text = replaced(text, r"\$STATE\(([0-9]+)\)", |page| {
        state(page.parse().ok())
    });
    text.replace("$STATE", &state(None))
}

/// With every match of `pattern` replaced by what becomes of its first group.
fn replaced(text: &str, pattern: &str, with: impl Fn(&str) -> String) -> String {
    let Ok(pattern) = Regex::new(pattern) else {
        return text.to_owned();
    };
    let by = |found: &regex::Captures<'_>| with(found.get(1).map_or("", |group| group.as_str()));
    pattern.replace_all(text, by).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settle(expected: &str, seen: &str) -> String {
        let known = Known {
            now: NOW,
            request: "id=77&text=1",
            token: "T0",
            state: "2.0",
        };
        known.settle(expected, seen)
    }

    #[test]
    fn a_placeholder_that_fits_means_what_was_seen() {
        for (expected, seen) in [
            ("at $ANY_ISO8601.", "at 2026-11-21T10:15:00+03:00."),
            ("$NOW_<yyyyMMddHHmmss>", "20261121100000"),
            ("$NOW_<%d/%m/%Y>", "21/11/2026"),
            ("[$ECHO]", "[77]"),
            ("Bearer $OAUTH_TOKEN", "Bearer T0"),
            ("?state=$STATE&text=", "?state=2.0&text="),
            ("$MD5(abc)", "900150983cd24fb0d6963f7d28e17f72"),
            ("$MD5UPPER(abc)", "900150983CD24FB0D6963F7D28E17F72"),
            ("costs 5$", "costs 5$"),
        ] {
            assert_eq!(settle(expected, seen), seen, "{expected}");
        }
    }

    #[test]
    fn one_that_does_not_fit_stays() {
        for (expected, seen) in [
            ("$ANY_ISO8601", "yesterday"),
            ("$ECHO", "78"),
            ("$NOW_<yyyy>", "2025"),
            ("Bearer $OAUTH_TOKEN", "Bearer T1"),
            ("$MD5(abc)", "900150983CD24FB0D6963F7D28E17F72"),
            ("$NOW_<%Q>", "2026"),
        ] {
            assert_ne!(settle(expected, seen), seen, "{expected}");
        }
    }
}
