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
    /// Line of the profile that wrote what was seen, from 1; 0 where none did.
    pub line: usize,
}

impl Difference {
    /// The difference of two values, if they differ.
    pub(super) fn between(what: &str, expected: Option<&str>, seen: Option<&str>) -> Option<Self> {
        (expected != seen).then(|| Self {
            what: what.to_owned(),
            expected: expected.unwrap_or_default().to_owned(),
            seen: seen.unwrap_or_default().to_owned(),
            line: 0,
        })
    }

    /// As written by that line of the profile.
    pub(super) fn at(self, line: usize) -> Self {
        Self { line, ..self }
    }
}

impl fmt::Display for Difference {
    /// Both side by side, line by line; `|` marks the lines that differ.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let expected: Vec<&str> = self.expected.split('\n').collect();
        let seen: Vec<&str> = self.seen.split('\n').collect();
        let widths = expected.iter().map(|line| line.chars().count());
        let width = widths.max().unwrap_or_default().max("expected".len());
        match self.line {
            0 => writeln!(f, "  {}", self.what)?,
            line => writeln!(f, "  {}, written by line {line} of the profile", self.what)?,
        }
        writeln!(f, "    {:width$}   seen", "expected")?;
        for line in 0..expected.len().max(seen.len()) {
            let (left, right) = (expected.get(line), seen.get(line));
            let mark = if left == right { ' ' } else { '|' };
            let (left, right) = (left.unwrap_or(&""), right.unwrap_or(&""));
            let row = format!("    {left:width$} {mark} {right}");
            writeln!(f, "{}", row.trim_end())?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_sides_stand_beside_each_other_and_the_profiles_line_above() {
        let difference = Difference::between("body", Some("CON a\nb"), Some("END a\nb"));
        let printed = difference.unwrap().at(7).to_string();
        let expected = "  body, written by line 7 of the profile\n    expected   seen\n    \
            CON a    | END a\n    b          b\n";
        assert_eq!(printed, expected);
        assert_eq!(Difference::between("body", Some("a"), Some("a")), None);
    }
}
