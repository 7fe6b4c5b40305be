//! Whole numbers as callers type them.

/// Whether a text is digits, at least one, and nothing else.
pub(super) fn are_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// A whole number in digits alone.
pub(super) fn number(text: &str) -> Option<i64> {
    text.parse().ok().filter(|_| are_digits(text))
}

/// A whole number whose thousands may be set apart by commas or by spaces: `30,000`. A point is
/// refused: half of the world reads it as the beginning of cents.
pub(super) fn grouped(text: &str) -> Option<i64> {
    let separator = [',', ' '].into_iter().find(|mark| text.contains(*mark));
    let Some(separator) = separator else {
        return number(text);
    };
    let mut groups = text.split(separator);
    let first = groups.next()?;
    let whole = (1..=3).contains(&first.len()) && groups.all(|group| group.len() == 3);
    number(&text.replace(separator, "")).filter(|_| whole)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thousands_may_be_set_apart_in_one_way() {
        for (text, number) in [
            ("30000", 30_000),
            ("30,000", 30_000),
            ("1 030 000", 1_030_000),
            ("0,007", 7),
        ] {
            assert_eq!(grouped(text), Some(number), "{text}");
        }
        for text in [
            "",
            ",",
            "30,00",
            ",300",
            "3000,000",
            "1,030 000",
            "30.000",
            "30,000,",
        ] {
            assert_eq!(grouped(text), None, "{text}");
        }
    }
}
