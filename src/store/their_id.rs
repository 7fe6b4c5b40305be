/// An aggregator's id of an SMS, exactly as it was written: 1 to 200 characters, none of them a
/// control character. Text even where it is a number: some have more digits than a number keeps.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct TheirId(Box<str>);

impl TheirId {
    /// How many characters it has at most.
    pub const MOST: usize = 200;

    /// The text as an id; `None` for what is none. A longer one is not cut: two could be alike then.
    pub fn parse(text: &str) -> Option<Self> {
        let fits = (1..=Self::MOST).contains(&text.chars().count());
        (fits && !text.chars().any(char::is_control)).then(|| Self(text.into()))
    }

    /// As it was written.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A word of an aggregator's that is kept for a person to read: its beginning, in one line. What is
/// longer is no status and no code, and may hold the text of an SMS.
pub(super) fn word(text: &str) -> String {
    let characters = text.chars().take(100);
    let printed = characters.map(|character| {
        if character.is_control() {
            ' '
        } else {
            character
        }
    });
    printed.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_stays_as_it_was_written_or_is_none() {
        let long = "é".repeat(TheirId::MOST);
        for text in ["18446744073709551615", "007", " a ", "ATXid_1/2=", &long] {
            assert_eq!(TheirId::parse(text).unwrap().as_str(), text);
        }
        for text in ["", "a\0", "a\n", &format!("{long}1")] {
            assert_eq!(TheirId::parse(text), None, "{text:?}");
        }
    }

    #[test]
    fn a_word_is_short_and_in_one_line() {
        assert_eq!(word("DELIVRD"), "DELIVRD");
        assert_eq!(word("a\0b\nc"), "a b c");
        assert_eq!(word(&"é".repeat(500)).chars().count(), 100);
    }
}
