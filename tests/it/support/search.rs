//! Looks for secrets where none may be.

use std::{fs, path::Path};

use super::demo::Home;

/// A phone as it is written here and there: with its country, without, and with the zero before it.
pub(crate) fn written_forms(phone: &str) -> Vec<String> {
    let digits = phone.trim_start_matches('+');
    let national = digits.trim_start_matches("255");
    vec![
        digits.to_owned(),
        national.to_owned(),
        format!("0{national}"),
    ]
}

/// Whether the text stands in it.
pub(crate) fn holds(bytes: &[u8], text: &str) -> bool {
    let mut windows = bytes.windows(text.len());
    windows.any(|window| window == text.as_bytes())
}

/// Fails where one of the secrets stands in clear, and shows what stands around it.
pub(crate) fn assert_holds_none(what: &str, bytes: &[u8], secrets: &[String]) {
    for secret in secrets {
        let mut windows = bytes.windows(secret.len());
        if let Some(at) = windows.position(|window| window == secret.as_bytes()) {
            let around = &bytes[at.saturating_sub(200)..bytes.len().min(at + 200)];
            let around = String::from_utf8_lossy(around);
            panic!("{what} holds {secret:?}:\n{around}");
        }
    }
}

/// The same of every file in the folder of the data that the program keeps.
pub(crate) fn assert_files_hold_none(home: &Home, secrets: &[String]) {
    assert_folder_holds_none(&home.data(), secrets);
}

/// The same of every file below a folder.
pub(crate) fn assert_folder_holds_none(folder: &Path, secrets: &[String]) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            assert_folder_holds_none(&path, secrets);
        } else {
            let bytes = fs::read(&path).unwrap();
            assert_holds_none(&path.display().to_string(), &bytes, secrets);
        }
    }
}
