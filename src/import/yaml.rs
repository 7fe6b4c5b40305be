//! Writes YAML as a person would: short things in one line, texts plain where they can be, comments.
//!
//! What is written reads back as what it was ([`crate::model::source::yaml::read`]); a test holds that.

use std::fmt::Write as _;

/// A line is not made longer than this where it can be broken.
const WIDTH: usize = 100;

/// A value to write.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Yaml {
    /// A word that is meant plain: a number, a flag, a name, a path.
    Word(String),
    /// A text, quoted only where it must be.
    Text(String),
    /// A text in quotes: what a reader could take for a number or a name.
    Quoted(String),
    /// A list in one line.
    List(Vec<Yaml>),
    /// A list whose items stand below each other.
    Items(Vec<Yaml>),
    /// Entries in one line where they fit.
    Short(Vec<Entry>),
    /// Entries below each other.
    Long(Vec<Entry>),
}

/// A key and its value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Entry {
    /// What stands above it, line by line, without `# `.
    pub(super) comments: Vec<String>,
    /// Whether an empty line stands above it.
    pub(super) apart: bool,
    /// Whether it is written as a comment as a whole.
    pub(super) hidden: bool,
    pub(super) key: String,
    pub(super) value: Yaml,
}

impl Entry {
    pub(super) fn new(key: impl Into<String>, value: Yaml) -> Self {
        Self {
            comments: Vec::new(),
            apart: false,
            hidden: false,
            key: key.into(),
            value,
        }
    }

    pub(super) fn word(key: &str, word: impl Into<String>) -> Self {
        Self::new(key, Yaml::Word(word.into()))
    }

    pub(super) fn text(key: &str, text: impl Into<String>) -> Self {
        Self::new(key, Yaml::Text(text.into()))
    }

    pub(super) fn apart(self) -> Self {
        Self {
            apart: true,
            ..self
        }
    }

    pub(super) fn about(mut self, comment: impl Into<String>) -> Self {
        self.comments.push(comment.into());
        self
    }

    /// A line that is too long for one is broken; so is one with a comment in it.
    fn is_broken(&self, indent: usize) -> bool {
        match &self.value {
            Yaml::Long(_) => true,
            Yaml::Short(entries) => {
                let line = indent + key(&self.key).chars().count() + 2;
                entries
                    .iter()
                    .any(|entry| !entry.comments.is_empty() || entry.hidden)
                    || line + in_line(&self.value).chars().count() > WIDTH
            }
            Yaml::Word(_) | Yaml::Text(_) | Yaml::Quoted(_) | Yaml::List(_) | Yaml::Items(_) => {
                false
            }
        }
    }
}

/// A whole file: `title` as comments above the entries.
pub(super) fn file(title: &[&str], entries: &[Entry]) -> String {
    let mut written = String::new();
    for line in title {
        comment(&mut written, line, 0);
    }
    block(&mut written, entries, 0);
    written
}

fn block(written: &mut String, entries: &[Entry], indent: usize) {
    for entry in entries {
        if entry.apart && !written.is_empty() {
            written.push('\n');
        }
        if entry.hidden {
            let mut hidden = String::new();
            lines(&mut hidden, entry, indent);
            for line in hidden.lines() {
                comment(written, line.get(indent..).unwrap_or(line), indent);
            }
        } else {
            lines(written, entry, indent);
        }
    }
}

/// An entry with its comments.
fn lines(written: &mut String, entry: &Entry, indent: usize) {
    for line in &entry.comments {
        comment(written, line, indent);
    }
    let margin = " ".repeat(indent);
    let key = key(&entry.key);
    // Writing to a String cannot fail.
    _ = write!(written, "{margin}{key}:");
    match &entry.value {
        Yaml::Long(entries) | Yaml::Short(entries) if entry.is_broken(indent) => {
            written.push('\n');
            block(written, entries, indent + 2);
        }
        Yaml::Items(items) => {
            written.push('\n');
            for item in items {
                _ = writeln!(written, "{margin}  - {}", in_line(item));
            }
        }
        Yaml::Text(text) if is_literal(text) => literal(written, text, indent + 2),
        Yaml::Text(text) => _ = writeln!(written, " {}", scalar(text, false)),
        value @ (Yaml::Word(_)
        | Yaml::Quoted(_)
        | Yaml::List(_)
        | Yaml::Short(_)
        | Yaml::Long(_)) => _ = writeln!(written, " {}", in_line(value)),
    }
}

/// A comment, each line of it by itself: nothing of it may become an entry.
fn comment(written: &mut String, text: &str, indent: usize) {
    let margin = " ".repeat(indent);
    let plain = text.replace(must_escape, " ");
    for line in plain.split('\n') {
        _ = writeln!(written, "{}", format!("{margin}# {line}").trim_end());
    }
}

/// Whether a text of several lines can stand as it is below `|-`.
fn is_literal(text: &str) -> bool {
    let fits = |line: &str| line.trim_end() == line && !line.chars().any(must_escape);
    let begins = !text.starts_with([' ', '\n', '\t']);
    text.contains('\n') && begins && !text.ends_with('\n') && text.split('\n').all(fits)
}

fn literal(written: &mut String, text: &str, indent: usize) {
    let margin = " ".repeat(indent);
    written.push_str(" |-\n");
    for line in text.split('\n') {
        _ = writeln!(written, "{}", format!("{margin}{line}").trim_end());
    }
}

fn in_line(value: &Yaml) -> String {
    match value {
        Yaml::Word(word) => word.clone(),
        Yaml::Text(text) => scalar(text, true),
        Yaml::Quoted(text) => quoted(text),
        Yaml::List(items) | Yaml::Items(items) => {
            let items: Vec<String> = items.iter().map(in_line).collect();
            format!("[{}]", items.join(", "))
        }
        Yaml::Short(entries) | Yaml::Long(entries) => {
            let entries = entries.iter();
            let entries: Vec<String> = entries
                .map(|entry| format!("{}: {}", key(&entry.key), in_line(&entry.value)))
                .collect();
            format!("{{{}}}", entries.join(", "))
        }
    }
}

/// A key. Readers of ours take `yes` and `on` for themselves, as menu files are full of them.
fn key(key: &str) -> String {
    if is_word_of_yaml(key) {
        key.to_owned()
    } else {
        scalar(key, true)
    }
}

/// A text, plain where it can be; `inside` of brackets fewer can.
fn scalar(text: &str, inside: bool) -> String {
    if is_plain(text, inside) {
        text.to_owned()
    } else {
        quoted(text)
    }
}

fn is_plain(text: &str, inside: bool) -> bool {
    let begins = text.starts_with(|first: char| first.is_alphabetic() || first == '(');
    let ends = !text.ends_with([' ', ':']);
    let breaks = |character: char| must_escape(character) || character == '\n';
    let structure = |character: char| inside && "{}[],".contains(character);
    begins
        && ends
        && !is_word_of_yaml(text)
        && !text.contains(": ")
        && !text.contains(" #")
        && !text
            .chars()
            .any(|character| breaks(character) || structure(character))
}

/// What other readers of YAML take for something else than a text.
fn is_word_of_yaml(text: &str) -> bool {
    let word = text.to_ascii_lowercase();
    matches!(
        word.as_str(),
        "true" | "false" | "yes" | "no" | "on" | "off" | "y" | "n" | "null"
    )
}

fn must_escape(character: char) -> bool {
    (character.is_control() && character != '\n')
        || matches!(character, '\u{85}' | '\u{2028}' | '\u{2029}' | '\u{feff}')
}

fn quoted(text: &str) -> String {
    let mut written = String::from("\"");
    for character in text.chars() {
        match character {
            '"' => written.push_str("\\\""),
            '\\' => written.push_str("\\\\"),
            '\n' => written.push_str("\\n"),
            other if must_escape(other) => _ = write!(written, "\\u{:04x}", u32::from(other)),
            other => written.push(other),
        }
    }
    written.push('"');
    written
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::model::source::yaml;

    fn text_back(written: &str) -> Option<String> {
        let root = yaml::read(written, 0).unwrap_or_else(|error| panic!("{error:?}\n{written}"));
        let (_, value) = root.map()?.first()?;
        let value = match value.map() {
            Some(entries) => &entries.first()?.1,
            None => value,
        };
        value.text().map(str::to_owned)
    }

    #[test]
    fn a_text_is_written_as_a_person_would() {
        let cases = [
            ("Karibu", "a: Karibu\n"),
            ("Weka namba:", "a: \"Weka namba:\"\n"),
            ("Namba: {bill.number}", "a: \"Namba: {bill.number}\"\n"),
            ("Habari {name}, karibu", "a: Habari {name}, karibu\n"),
            ("00", "a: \"00\"\n"),
            ("No", "a: \"No\"\n"),
            ("a\nb: c", "a: |-\n  a\n  b: c\n"),
            (" a\nb", "a: \" a\\nb\"\n"),
        ];
        for (text, written) in cases {
            assert_eq!(file(&[], &[Entry::text("a", text)]), written);
        }
    }

    #[test]
    fn a_text_in_one_line_is_quoted_where_brackets_would_end_it() {
        let short = Yaml::Short(vec![Entry::text("text", "Habari {name}, karibu")]);
        let written = file(&[], &[Entry::new("1", short)]);
        assert_eq!(written, "\"1\": {text: \"Habari {name}, karibu\"}\n");
    }

    #[test]
    fn a_line_that_is_too_long_is_broken() {
        let short = Yaml::Short(vec![Entry::text("end", "m".repeat(100))]);
        let written = file(&[], &[Entry::new("bye", short)]);
        assert_eq!(written, format!("bye:\n  end: {}\n", "m".repeat(100)));
    }

    #[test]
    fn a_comment_of_several_lines_stays_one() {
        let entry = Entry::word("a", "1").about("one\nb: 2\rc: 3\u{2028}d: 4");
        let written = file(&[], &[entry]);
        assert_eq!(written, "# one\n# b: 2 c: 3 d: 4\na: 1\n");
    }

    #[test]
    fn what_is_hidden_reads_as_nothing_and_loses_no_line() {
        let entry = Entry::new("bye", Yaml::Long(vec![Entry::text("end", "a\n\nb")]));
        let hidden = Entry {
            hidden: true,
            ..entry
        };
        let written = file(&[], &[Entry::new("screens", Yaml::Long(vec![hidden]))]);
        assert_eq!(
            written,
            "screens:\n  # bye:\n  #   end: |-\n  #     a\n  #\n  #     b\n"
        );
    }

    proptest! {
        #[test]
        fn every_text_reads_back(text in "[ -~\n\té\u{85}\u{2028}:#{}\\[\\],&*!|>'\"%@`-]{0,40}") {
            let long = file(&["About"], &[Entry::text("a", text.clone()), Entry::word("b", "1")]);
            prop_assert_eq!(text_back(&long), Some(text.clone()));
            let inner = vec![Entry::text("a", text.clone()), Entry::word("b", "1")];
            let short = file(&[], &[Entry::new("0", Yaml::Short(inner.clone()))]);
            prop_assert_eq!(text_back(&short), Some(text.clone()));
            let deep = file(&[], &[Entry::new("x", Yaml::Long(inner))]);
            prop_assert_eq!(text_back(&deep), Some(text));
        }

        #[test]
        fn every_key_reads_back(key in "[ -~\né]{1,12}") {
            let written = file(&[], &[Entry::word(&key, "1")]);
            let root = yaml::read(&written, 0).unwrap();
            prop_assert_eq!(root.map().unwrap()[0].0.text(), Some(key.as_str()));
        }
    }
}
