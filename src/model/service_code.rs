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

    /// Its parts: `152` and `00`.
    pub fn parts(&self) -> impl Iterator<Item = &str> {
        let inner = self.0.strip_prefix('*').unwrap_or_default();
        inner.strip_suffix('#').unwrap_or_default().split('*')
    }

    /// What was dialled behind `service`; `None` where this is no code of it. `*152*00*7#` is `7`
    /// behind `*152*00#`.
    pub fn strip(&self, service: &Self) -> Option<Vec<&str>> {
        let mut parts = self.parts();
        for wanted in service.parts() {
            if parts.next() != Some(wanted) {
                return None;
            }
        }
        Some(parts.collect())
    }

    /// As it is dialled.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl std::str::FromStr for ServiceCode {
    type Err = ParseServiceCodeError;

    fn from_str(text: &str) -> Result<Self, ParseServiceCodeError> {
        Self::parse(text)
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
    fn what_is_dialled_behind_a_service_is_told_part_by_part() {
        let code = |text| ServiceCode::parse(text).unwrap();
        let service = code("*152*00#");
        assert_eq!(code("*152*00#").strip(&service), Some(vec![]));
        let deep = code("*152*00*1*070707081#");
        assert_eq!(deep.strip(&service), Some(vec!["1", "070707081"]));
        for other in ["*152#", "*152*001#", "*15*200#"] {
            assert_eq!(code(other).strip(&service), None, "{other}");
        }
    }

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
