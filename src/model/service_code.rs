use std::fmt;

/// What a caller dials: `*152*00#`. Parts of digits between `*`, closed by `#`.
///
/// What is dialled behind a set's own code is the caller's: it may be a number that she means, so it
/// is never logged.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct ServiceCode(Box<str>);

/// What a phone can dial in one go, in characters.
const LONGEST: usize = 182;

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
        if text.len() > LONGEST || !inner.split('*').all(part_fits) {
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

    /// The code with these parts dialled behind it, as in `1*070707081`; `None` where they are none.
    pub fn with_extras(&self, extras: &str) -> Option<Self> {
        let own = self.0.trim_end_matches('#');
        let extras = extras.trim_start_matches('*').trim_end_matches('#');
        Self::parse(&format!("{own}*{extras}#")).ok()
    }
}

impl fmt::Debug for ServiceCode {
    /// The first two parts: what stands behind them may be a number that its caller means.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let first: Vec<&str> = self.parts().take(2).collect();
        let more = self.parts().skip(2).count();
        write!(f, "ServiceCode(*{}, {more} more)", first.join("*"))
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

    fn code(text: &str) -> ServiceCode {
        ServiceCode::parse(text).unwrap()
    }

    #[test]
    fn what_is_dialled_behind_a_code_is_left_when_it_is_stripped() {
        let service = code("*152*00#");
        assert_eq!(service.strip(&service), Some(Vec::new()));
        let deeper = code("*152*00*1*070707081#");
        assert_eq!(deeper.strip(&service), Some(vec!["1", "070707081"]));
        assert_eq!(code("*152*001#").strip(&service), None);
        assert_eq!(code("*152#").strip(&service), None);
    }

    #[test]
    fn a_code_takes_what_was_dialled_behind_it() {
        let service = code("*152*00#");
        for extras in ["1*2", "1*2#", "*1*2#"] {
            assert_eq!(service.with_extras(extras), Some(code("*152*00*1*2#")));
        }
        for none in ["", "#", "1**2", "a"] {
            assert_eq!(service.with_extras(none), None, "{none}");
        }
    }

    #[test]
    fn what_was_dialled_behind_a_code_never_prints() {
        let printed = format!("{:?}", code("*152*00*1*070707081#"));
        assert_eq!(printed, "ServiceCode(*152*00, 2 more)");
    }

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
