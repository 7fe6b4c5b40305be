use std::{ffi::OsString, fmt, fs, path::PathBuf};

/// A value that nobody may read in a log: [`Secret::expose`] gives it, and nothing prints it.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// A value that is known.
    pub fn new(value: impl Into<String>) -> Self {
        Self(value.into())
    }

    /// The value, for whoever sends or compares it.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

/// Where a value stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SecretSource {
    /// In the file of settings itself.
    Plain,
    /// In this variable of the environment: `{env: NAME}`.
    Environment(String),
    /// In this file: `{file: PATH}`, from where nyota is started.
    File(PathBuf),
}

impl SecretSource {
    /// The value there, without the line's end that a file has; `Plain` has none. The error is a
    /// sentence that names the place, never what is there.
    pub(super) fn read(
        &self,
        environment: &dyn Fn(&str) -> Option<OsString>,
    ) -> Result<Secret, String> {
        let text = match self {
            Self::Plain => return Err("it has no other place".to_owned()),
            Self::Environment(name) => {
                let value = environment(name);
                let value = value.ok_or_else(|| format!("the variable {name} is not set"))?;
                let text = value.into_string();
                text.map_err(|_| format!("the variable {name} is no text"))?
            }
            Self::File(path) => fs::read_to_string(path)
                .map_err(|error| format!("{} cannot be read: {error}", path.display()))?,
        };
        let text = text.strip_suffix('\n').unwrap_or(&text);
        let text = text.strip_suffix('\r').unwrap_or(text);
        if text.is_empty() {
            return Err(format!("{self} is empty"));
        }
        Ok(Secret::new(text))
    }
}

impl fmt::Display for SecretSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Plain => f.write_str("the file of settings"),
            Self::Environment(name) => write!(f, "the variable {name}"),
            Self::File(path) => write!(f, "{}", path.display()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn nothing(_: &str) -> Option<OsString> {
        None
    }

    #[test]
    fn a_file_gives_its_text_without_its_last_lines_end() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("key");
        for (written, read) in [
            ("k3y\n", "k3y"),
            ("k3y\r\n", "k3y"),
            (" k3y \n\n", " k3y \n"),
        ] {
            fs::write(&path, written).unwrap();
            let secret = SecretSource::File(path.clone()).read(&nothing).unwrap();
            assert_eq!(secret.expose(), read);
        }
        fs::write(&path, "\n").unwrap();
        let refused = SecretSource::File(path).read(&nothing).unwrap_err();
        assert!(refused.ends_with("key is empty"), "{refused}");
    }

    #[test]
    fn a_variable_gives_its_value_or_is_named() {
        let source = SecretSource::Environment("AT_KEY".to_owned());
        let found = source.read(&|name| (name == "AT_KEY").then(|| "k3y".into()));
        assert_eq!(found, Ok(Secret::new("k3y")));
        let refused = source.read(&nothing);
        assert_eq!(refused, Err("the variable AT_KEY is not set".to_owned()));
    }

    #[test]
    fn nothing_prints_a_secret() {
        let secret = Secret::new("k3y");
        assert_eq!(
            format!("{secret:?} {:#?}", Some(&secret))
                .matches("k3y")
                .count(),
            0
        );
    }
}
