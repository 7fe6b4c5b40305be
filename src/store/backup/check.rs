use std::path::Path;

use super::{
    BackupError, Header,
    read::{Next, Reader},
};
use crate::store::{Sealer, keys::hex};

/// Reads a backup to its end: it is whole, unchanged, and made with keys that are here. Nothing else
/// is touched.
pub fn check(path: &Path, sealer: &Sealer) -> Result<Header, BackupError> {
    let (mut reader, header) = Reader::open(path)?;
    check_keys(path, &header, sealer)?;
    loop {
        match reader.next(sealer)? {
            Next::Table(_) | Next::Row(_) | Next::TableOver => {}
            Next::Over => return Ok(header),
        }
    }
}

fn check_keys(path: &Path, header: &Header, sealer: &Sealer) -> Result<(), BackupError> {
    let other = |why: String| {
        Err(BackupError::OtherKeys {
            path: path.to_owned(),
            why,
        })
    };
    if header.index != hex(&sealer.index_fingerprint()) {
        return other("the index key is another".to_owned());
    }
    for key in &header.keys {
        match sealer.fingerprint(key.id) {
            None => return other(format!("key {} is not here", key.id)),
            Some(ours) if hex(&ours) != key.fingerprint => {
                return other(format!("key {} is another", key.id));
            }
            Some(_) => {}
        }
    }
    Ok(())
}
