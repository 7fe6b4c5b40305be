//! The files of a folder of this package, as tests read them.

use std::{fs, path::Path};

use nyota::model::source::Source;

/// Every YAML file below a folder of this package, by name.
pub(crate) fn below(folder: &str) -> Vec<Source> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut sources = Vec::new();
    collect(root, &root.join(folder), &mut sources);
    sources.sort_by(|one, other| one.name.cmp(&other.name));
    sources
}

fn collect(root: &Path, folder: &Path, sources: &mut Vec<Source>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(root, &path, sources);
        } else if path
            .extension()
            .is_some_and(|extension| extension == "yaml")
        {
            let name = path.strip_prefix(root).unwrap().to_str().unwrap();
            sources.push(Source {
                name: name.to_owned(),
                text: fs::read_to_string(&path).unwrap(),
            });
        }
    }
}
