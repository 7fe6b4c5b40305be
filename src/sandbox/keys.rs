use std::{
    fs::{self, DirBuilder},
    io::{self, ErrorKind, Write},
    os::unix::fs::DirBuilderExt,
    path::{Path, PathBuf},
};

use rsa::{
    RsaPrivateKey, RsaPublicKey,
    pkcs8::{DecodePrivateKey, EncodePrivateKey, EncodePublicKey, LineEnding},
};

use crate::payment::gepg::{self, KeyError, Trusted};

/// The length of keys, in bits.
const BITS: usize = 2048;

/// This installation's key pairs of the demo: ours and the gateway's. The same value makes both
/// sides' keys.
#[derive(Clone)]
pub struct Keys {
    provider: RsaPrivateKey,
    gateway: RsaPrivateKey,
}

impl std::fmt::Debug for Keys {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Keys(of the demo)")
    }
}

/// Why there are no demo keys.
#[derive(Debug, thiserror::Error)]
pub enum KeysError {
    /// A key file could not be read or written.
    #[error("the demo's key file {path} could not be {tried}")]
    File {
        /// The file.
        path: PathBuf,
        /// `read` or `written`.
        tried: &'static str,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// A key file holds something else.
    #[error("the demo's key file {path} holds no RSA key; remove it to have a new one made")]
    Damaged {
        /// The file.
        path: PathBuf,
        /// Why.
        #[source]
        source: rsa::pkcs8::Error,
    },
    /// No key could be made.
    #[error("no RSA key could be made")]
    Generation(#[from] rsa::Error),
    /// The thread that made them ended.
    #[error("making the demo's keys was interrupted")]
    Interrupted(#[from] tokio::task::JoinError),
}

impl Keys {
    /// Reads the pairs from `folder`; makes those that are not there, with mode 0600, and it with 0700.
    pub async fn load_or_make(folder: &Path) -> Result<Self, KeysError> {
        let (provider, gateway) = tokio::try_join!(
            pair(folder.join("demo-provider.pem")),
            pair(folder.join("demo-gateway.pem")),
        )?;
        Ok(Self { provider, gateway })
    }

    /// What we sign and verify with.
    pub fn of_provider(&self) -> Result<gepg::Keys, KeyError> {
        let partner = RsaPublicKey::from(&self.gateway);
        gepg::Keys::new(self.provider.clone(), vec![partner])
    }

    /// What the gateway signs and verifies with.
    pub fn of_gateway(&self) -> Result<gepg::Keys, KeyError> {
        let partner = RsaPublicKey::from(&self.provider);
        gepg::Keys::new(self.gateway.clone(), vec![partner])
    }

    /// The same where the provider has a key of its own.
    pub fn of_gateway_for(&self, provider: Vec<Trusted>) -> Result<gepg::Keys, KeyError> {
        gepg::Keys::trusting(self.gateway.clone(), provider)
    }

    /// The gateway's public key, for those who verify what it posts.
    pub fn gateway_public_pem(&self) -> Result<String, KeysError> {
        let pem = RsaPublicKey::from(&self.gateway).to_public_key_pem(LineEnding::LF);
        pem.map_err(|_| KeysError::Generation(rsa::Error::Internal))
    }
}

async fn pair(path: PathBuf) -> Result<RsaPrivateKey, KeysError> {
    tokio::task::spawn_blocking(move || load_or_make(&path)).await?
}

fn load_or_make(path: &Path) -> Result<RsaPrivateKey, KeysError> {
    let file_error = |tried| {
        move |source| KeysError::File {
            path: path.to_owned(),
            tried,
            source,
        }
    };
    match fs::read_to_string(path) {
        Ok(pem) => parse(path, &pem),
        Err(error) if error.kind() == ErrorKind::NotFound => {
            let key = RsaPrivateKey::new(&mut rand::rng(), BITS)?;
            let pem = key
                .to_pkcs8_pem(LineEnding::LF)
                .map_err(|source| damaged(path, source))?;
            save(path, &pem).map_err(file_error("written"))?;
            // What is there now: another process may have been faster.
            parse(path, &fs::read_to_string(path).map_err(file_error("read"))?)
        }
        Err(error) => Err(file_error("read")(error)),
    }
}

fn parse(path: &Path, pem: &str) -> Result<RsaPrivateKey, KeysError> {
    RsaPrivateKey::from_pkcs8_pem(pem).map_err(|source| damaged(path, source))
}

fn damaged(path: &Path, source: rsa::pkcs8::Error) -> KeysError {
    KeysError::Damaged {
        path: path.to_owned(),
        source,
    }
}

/// Writes the file whole or not at all, for its owner only, and never over another.
fn save(path: &Path, pem: &str) -> io::Result<()> {
    let folder = path.parent().unwrap_or(Path::new("."));
    DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(folder)?;
    let mut file = tempfile::NamedTempFile::new_in(folder)?;
    file.write_all(pem.as_bytes())?;
    file.as_file().sync_all()?;
    match file.persist_noclobber(path) {
        Ok(_) => Ok(()),
        Err(error) if error.error.kind() == ErrorKind::AlreadyExists => Ok(()),
        Err(error) => Err(error.error),
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    #[tokio::test]
    async fn pairs_are_made_once_for_their_owner_only_and_fit_each_other() {
        let home = tempfile::tempdir().unwrap();
        let folder = home.path().join("data");
        let made = Keys::load_or_make(&folder).await.unwrap();
        let loaded = Keys::load_or_make(&folder).await.unwrap();
        for file in ["demo-provider.pem", "demo-gateway.pem"] {
            let metadata = fs::metadata(folder.join(file)).unwrap();
            assert_eq!(metadata.permissions().mode() & 0o777, 0o600, "{file}");
        }
        let now = "2026-03-02T08:00:00Z".parse().unwrap();
        let message = "<gepgBillSubReqAck><TrxStsCode>7101</TrxStsCode></gepgBillSubReqAck>";
        let sealed = made.of_gateway().unwrap().seal(message).unwrap();
        assert_eq!(
            loaded
                .of_provider()
                .unwrap()
                .open(&sealed, now)
                .unwrap()
                .message,
            message
        );
        assert!(loaded.of_gateway().unwrap().open(&sealed, now).is_err());
    }

    #[tokio::test]
    async fn a_damaged_key_file_is_refused_and_left_as_it_is() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("demo-gateway.pem");
        fs::write(&path, "nothing").unwrap();
        let error = Keys::load_or_make(folder.path()).await.unwrap_err();
        assert!(matches!(error, KeysError::Damaged { .. }), "{error}");
        assert_eq!(fs::read_to_string(&path).unwrap(), "nothing");
    }
}
