use std::{collections::BTreeMap, ffi::OsString, fs, io, path::PathBuf};

use crate::effect::declared::{Secrets, UnfitSecret};

/// What the environment's names of secrets begin with; `NYOTA_SECRET_REGISTRY` is
/// `{secret.registry}`.
const PREFIX: &str = "NYOTA_SECRET_";
/// What they end with where they name a file.
const FILE: &str = "_FILE";

/// A secret that cannot be used. It names the secret, never what it is.
#[derive(Debug, thiserror::Error)]
pub enum SecretsError {
    /// Its file cannot be read.
    #[error("{name} names a file that cannot be read: {path}", path = path.display())]
    File {
        /// The environment variable.
        name: String,
        /// The file.
        path: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// Set in both ways.
    #[error("{0} and {0}_FILE are both set: unset one of them")]
    Twice(String),
    /// Not UTF-8.
    #[error("{0} is no text")]
    NoText(String),
    /// No header can hold it.
    #[error(transparent)]
    Unfit(#[from] UnfitSecret),
}

/// The secrets among the variables of the environment.
pub(super) fn read(
    variables: impl Iterator<Item = (OsString, OsString)>,
) -> Result<Secrets, SecretsError> {
    let mut found: BTreeMap<String, String> = BTreeMap::new();
    for (variable, value) in variables {
        let variable = variable.to_string_lossy().into_owned();
        let Some(name) = variable.strip_prefix(PREFIX) else {
            continue;
        };
        let (name, secret) = if let Some(name) = name.strip_suffix(FILE) {
            (name, file(&variable, value.into())?)
        } else {
            let secret = value.into_string();
            let secret = secret.map_err(|_| SecretsError::NoText(variable.clone()))?;
            (name, secret)
        };
        if found.insert(name.to_owned(), secret).is_some() {
            return Err(SecretsError::Twice(format!("{PREFIX}{name}")));
        }
    }
    let mut secrets = Secrets::default();
    for (name, secret) in found {
        secrets.add(&name.to_lowercase(), secret.trim_end_matches(['\r', '\n']))?;
    }
    Ok(secrets)
}

fn file(variable: &str, path: PathBuf) -> Result<String, SecretsError> {
    fs::read_to_string(&path).map_err(|source| SecretsError::File {
        name: variable.to_owned(),
        path,
        source,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_from(variables: &[(&str, &str)]) -> Result<Secrets, SecretsError> {
        let variables = variables.iter();
        read(variables.map(|(name, value)| (OsString::from(name), OsString::from(value))))
    }

    #[test]
    fn a_secret_stands_in_the_environment_or_in_a_file() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("token");
        fs::write(&path, "s3cret\n").unwrap();
        let secrets = read_from(&[
            ("NYOTA_SECRET_REGISTRY", "t0ken"),
            ("NYOTA_SECRET_STAFF_FILE", path.to_str().unwrap()),
            ("NYOTA_LISTEN", "127.0.0.1:1"),
        ]);
        let secrets = secrets.unwrap();
        assert!(secrets.has("registry") && secrets.has("staff") && !secrets.has("listen"));
        assert_eq!(format!("{secrets:?}"), "{\"registry\", \"staff\"}");
    }

    #[test]
    fn what_cannot_be_a_secret_is_refused_by_its_name_alone() {
        for variables in [
            &[("NYOTA_SECRET_A_FILE", "/nowhere/hidden")][..],
            &[("NYOTA_SECRET_A", "")][..],
            &[("NYOTA_SECRET_A", "hid\nden")][..],
        ] {
            let refused = read_from(variables).unwrap_err().to_string();
            assert!(refused.contains(['A', 'a']), "{refused}");
            assert!(!refused.contains("hid\nden"), "{refused}");
        }
    }
}
