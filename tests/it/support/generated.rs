//! Files of this package that are made from its source, and kept so that people and editors find
//! them.
//!
//! They are compared, and written where `INSTA_UPDATE=always` is set, as snapshots are:
//!
//!     INSTA_UPDATE=always cargo test --test it fresh

use std::{env, fs, path::Path};

/// Fails where the file at `path` is not what its source gives.
pub(crate) fn assert_fresh(path: &str, made: &str) {
    let whole = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    if env::var_os("INSTA_UPDATE").is_some_and(|update| update == "always") {
        fs::create_dir_all(whole.parent().unwrap()).unwrap();
        fs::write(&whole, made).unwrap();
    }
    let kept = fs::read_to_string(&whole).unwrap_or_default();
    assert!(
        kept == made,
        "{path} is not what its source gives. To write it anew: INSTA_UPDATE=always cargo test --test it fresh"
    );
}
