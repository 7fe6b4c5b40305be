use std::{
    fs, io,
    path::{Path, PathBuf},
};

use crate::model::source::Source;

/// The largest file that is read: a menu or profile is a page or two.
const LARGEST: u64 = 1 << 20;

/// A folder of menus or profiles cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum FilesError {
    /// The system refused.
    #[error("{path} cannot be read", path = path.display())]
    Unreadable {
        /// What was read.
        path: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// Too large to be what it should be.
    #[error("{path} is larger than a menu or profile can be ({LARGEST} bytes)", path = path.display())]
    TooLarge {
        /// The file.
        path: PathBuf,
    },
}

/// Every `.yaml` file below `root`, and the `.json` files of vectors that lie beside a profile, in
/// order of its name, which begins with `root`'s own name: `menus/chf/cover.yaml`. Hidden files are
/// left out.
pub fn read_files(root: &Path) -> Result<Vec<Source>, FilesError> {
    let base = root
        .file_name()
        .map(|name| name.to_string_lossy().into_owned());
    let mut sources = Vec::new();
    // What is not there must not pass for an empty folder.
    fs::metadata(root).map_err(|source| FilesError::Unreadable {
        path: root.to_owned(),
        source,
    })?;
    read_below(root, &base.unwrap_or_default(), &mut sources)?;
    sources.sort_by(|left, right| left.name.cmp(&right.name));
    Ok(sources)
}

fn read_below(path: &Path, name: &str, sources: &mut Vec<Source>) -> Result<(), FilesError> {
    let unreadable = |source| FilesError::Unreadable {
        path: path.to_owned(),
        source,
    };
    if !path.is_dir() {
        if is_read(path) {
            sources.push(read_file(path, name)?);
        }
        return Ok(());
    }
    for entry in fs::read_dir(path).map_err(unreadable)? {
        let entry = entry.map_err(unreadable)?;
        let file = entry.file_name().to_string_lossy().into_owned();
        if !file.starts_with('.') {
            read_below(&entry.path(), &format!("{name}/{file}"), sources)?;
        }
    }
    Ok(())
}

/// YAML, and JSON in `NAME/` where there is `NAME.yaml`.
fn is_read(path: &Path) -> bool {
    let extension = path.extension().and_then(|extension| extension.to_str());
    let beside = |path: &Path| path.parent().map(|folder| folder.with_extension("yaml"));
    match extension {
        Some("yaml") => true,
        Some("json") => beside(path).is_some_and(|profile| profile.is_file()),
        Some(_) | None => false,
    }
}

fn read_file(path: &Path, name: &str) -> Result<Source, FilesError> {
    let unreadable = |source| FilesError::Unreadable {
        path: path.to_owned(),
        source,
    };
    if fs::metadata(path).map_err(unreadable)?.len() > LARGEST {
        return Err(FilesError::TooLarge {
            path: path.to_owned(),
        });
    }
    Ok(Source {
        name: name.to_owned(),
        text: fs::read_to_string(path).map_err(unreadable)?,
    })
}
