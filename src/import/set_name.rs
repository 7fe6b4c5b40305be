use std::fmt;

/// A set's name, which its folder and its root file bear: small letters, digits and `_`, a letter
/// first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SetName(String);

/// The text is no name of a set.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a set's folder is named in small letters, digits and _, a letter first")]
pub struct ParseSetNameError;

impl SetName {
    /// Reads a name.
    pub fn parse(text: &str) -> Result<Self, ParseSetNameError> {
        let first = text.starts_with(|first: char| first.is_ascii_lowercase());
        let rest = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_';
        if first && text.bytes().all(rest) {
            Ok(Self(text.to_owned()))
        } else {
            Err(ParseSetNameError)
        }
    }

    /// The name that is nearest to a text, such as a file's: `Fees-2` is `fees_2`.
    pub fn like(text: &str) -> Self {
        let fits = |letter: char| letter.is_ascii_alphanumeric();
        let small = text.to_ascii_lowercase();
        let words: Vec<&str> = small.split(|letter| !fits(letter)).collect();
        let words: Vec<&str> = words.into_iter().filter(|word| !word.is_empty()).collect();
        let name = words.join("_");
        Self::parse(&name)
            .unwrap_or_else(|_| Self(format!("set_{name}").trim_end_matches('_').to_owned()))
    }

    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for SetName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_must_be_a_name_of_ours() {
        assert_eq!(SetName::parse("fees_2").unwrap().as_str(), "fees_2");
        for text in ["", "Fees", "2fees", "fees-2", "..", "fee s"] {
            assert_eq!(SetName::parse(text), Err(ParseSetNameError), "{text}");
        }
    }

    #[test]
    fn a_file_gives_its_set_a_name() {
        for (text, name) in [
            ("Fees-2", "fees_2"),
            ("2fees", "set_2fees"),
            ("é", "set"),
            ("a.b", "a_b"),
        ] {
            let like = SetName::like(text);
            assert_eq!(like.as_str(), name);
            assert_eq!(SetName::parse(name), Ok(like));
        }
    }
}
