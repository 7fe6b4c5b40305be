use std::fmt;

/// What was expected and what was seen instead.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// Of what: `input`, `body`.
    pub what: String,
    /// Empty for nothing.
    pub expected: String,
    /// Empty for nothing.
    pub seen: String,
}

impl Difference {
    /// The difference of two values, if they differ.
    pub(super) fn between(what: &str, expected: Option<&str>, seen: Option<&str>) -> Option<Self> {
        (expected != seen).then(|| Self {
            what: what.to_owned(),
            expected: expected.unwrap_or_default().to_owned(),
            seen: seen.unwrap_or_default().to_owned(),
        })
    }
}

impl fmt::Display for Difference {
    /// Both side by side, line by line; `|` marks the lines that differ.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let expected: Vec<&str> = self.expected.split('\n').collect();
        let seen: Vec<&str> = self.seen.split('\n').collect();
        let widths = expected.iter().map(|line| line.chars().count());
        let width = widths.max().unwrap_or_default().max("expected".len());
        writeln!(f, "  {}", self.what)?;
        writeln!(f, "    {:width$}   seen", "expected")?;
        for line in 0..expected.len().max(seen.len()) {
            let (left, right) = (expected.get(line), seen.get(line));
            let mark = if left == right { ' ' } else { '|' };
            let (left, right) = (left.unwrap_or(&""), right.unwrap_or(&""));
            writeln!(
                f,
                "{}",
                format!("    {left:width$} {mark} {right}").trim_end()
            )?;
        }
        Ok(())
    }
}
