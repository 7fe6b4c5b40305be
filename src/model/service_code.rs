use std::fmt;

/// What a caller dials: `*152*00#`. Parts of digits between `*`, closed by `#`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ServiceCode(Box<str>);

/// The text is no service code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a service code is written as *152*00#")]
pub struct ParseServiceCodeError;

impl ServiceCode {
    /// Reads `*152*00#`.
    pub fn parse(text: &str) -> Result<Self, ParseServiceCodeError> {
        let inner = text
            .strip_prefix('*')
            .and_then(|rest| rest.strip_suffix('#'))
            .ok_or(ParseServiceCodeError)?;
        let part_fits =
            |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
        if text.len() > 40 || !inner.split('*').all(part_fits) {
            return Err(ParseServiceCodeError);
        }
        Ok(Self(text.into()))
    }

    /// As it is dialled.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for ServiceCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_parts_of_digits() {
        assert_eq!(ServiceCode::parse("*152*00#").unwrap().as_str(), "*152*00#");
        for text in [
            "",
            "*",
            "*#",
            "152",
            "*152",
            "152#",
            "*152**00#",
            "*15a#",
            "*152*#",
        ] {
            assert_eq!(
                ServiceCode::parse(text),
                Err(ParseServiceCodeError),
                "{text}"
            );
        }
    }
}
