use std::{fs, io, path::Path, path::PathBuf};

use super::{
    KeyError, KeyFile, Keys,
    keys::Trusted,
    options::{GatewayKey, KeyOptions},
};

/// Why the keys that the settings name cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum LoadError {
    /// A file cannot be read.
    #[error(
        "the file {path} of the payment gateway's keys cannot be read; check its name and who may read it"
    )]
    File {
        /// The file.
        path: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// What is in them cannot be used.
    #[error(transparent)]
    Key(#[from] KeyError),
}

impl Keys {
    /// Reads the files that the settings name. It reads disks, so it is for the start.
    pub fn load(options: &KeyOptions) -> Result<Self, LoadError> {
        let own_password = password(options.own_password.as_deref())?;
        let bytes = read(&options.own)?;
        let name = options.own.display().to_string();
        let own = KeyFile::new(&name, &bytes)
            .with_password(&own_password)
            .private_key()
            .map_err(KeyError::from)?;
        let mut partner = Vec::new();
        for key in &options.gateway {
            partner.extend(trusted(key)?);
        }
        Ok(Self::trusting(own, partner)?.with_digests(options.digests))
    }
}

fn trusted(key: &GatewayKey) -> Result<Vec<Trusted>, LoadError> {
    let password = password(key.password.as_deref())?;
    let bytes = read(&key.file)?;
    let name = key.file.display().to_string();
    let found = KeyFile::new(&name, &bytes)
        .with_password(&password)
        .trusted()
        .map_err(KeyError::from)?;
    let dated = found.into_iter().map(|trusted| Trusted {
        from: key.from.or(trusted.from),
        until: key.until.or(trusted.until),
        ..trusted
    });
    Ok(dated.collect())
}

fn read(path: &Path) -> Result<Vec<u8>, LoadError> {
    fs::read(path).map_err(|source| LoadError::File {
        path: path.to_owned(),
        source,
    })
}

/// The password in a file, without the line's end that an editor adds.
fn password(path: Option<&Path>) -> Result<String, LoadError> {
    let Some(path) = path else {
        return Ok(String::new());
    };
    let bytes = read(path)?;
    let text = String::from_utf8_lossy(&bytes);
    Ok(text.trim_end_matches(['\r', '\n']).to_owned())
}
