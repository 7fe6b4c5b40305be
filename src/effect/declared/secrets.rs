use std::{collections::BTreeMap, fmt};

/// The secrets of the installation by name. Nothing of them is ever printed.
#[derive(Clone, Default)]
pub struct Secrets(BTreeMap<String, String>);

/// A secret that no header can hold. It names the secret, not what it is.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the secret {0} is empty or holds a character that no HTTP header can hold")]
pub struct UnfitSecret(pub String);

impl Secrets {
    /// Adds the secret `name`.
    pub fn add(&mut self, name: &str, secret: &str) -> Result<(), UnfitSecret> {
        let visible = |byte: u8| byte == b' ' || byte.is_ascii_graphic();
        if secret.trim().is_empty() || !secret.bytes().all(visible) {
            return Err(UnfitSecret(name.to_owned()));
        }
        self.0.insert(name.to_owned(), secret.to_owned());
        Ok(())
    }

    /// Whether there is one of that name.
    pub fn has(&self, name: &str) -> bool {
        self.0.contains_key(name)
    }

    pub(super) fn get(&self, name: &str) -> Option<String> {
        self.0.get(name).cloned()
    }
}

impl fmt::Debug for Secrets {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.0.keys()).finish()
    }
}
