use std::{path::Path, sync::Arc};

use crate::{cli::Database, config::Settings, scheme::Finding, store::Store};

/// Whether it opens with its keys and takes what must last; the store, if it opens.
pub(super) async fn look(settings: &Settings) -> (Vec<Finding>, Option<Arc<dyn Store>>) {
    let database = match Database::of(settings) {
        Ok(database) => database,
        Err(error) => return (vec![Finding::bad(format!("{error:#}."))], None),
    };
    let store = match database.open_existing().await {
        Ok((store, _)) => store,
        Err(error) => return (vec![Finding::bad(format!("{error:#}."))], None),
    };
    let mut found = vec![written(&*store).await];
    found.extend(schema(&*store).await);
    found.extend(database.address.file().and_then(size));
    (found, Some(store))
}

async fn written(store: &dyn Store) -> Finding {
    match store.answer().await {
        Ok(()) => Finding::good("It opens with its keys and can be written."),
        Err(error) => Finding::bad(format!(
            "It opens, but it cannot be written: {error}. See its disk, and that its user may write."
        )),
    }
}

async fn schema(store: &dyn Store) -> Option<Finding> {
    let mut transaction = store.read().await.ok()?;
    let newest = transaction.copies().schema().await.ok()?;
    Some(Finding::good(format!(
        "Its tables are at migration {newest}."
    )))
}

/// How large the file is, with what was written and is not in it yet.
fn size(file: &Path) -> Option<Finding> {
    let beside = |end: &str| {
        let mut name = file.as_os_str().to_owned();
        name.push(end);
        std::fs::metadata(name).map_or(0, |file| file.len())
    };
    let bytes = std::fs::metadata(file).ok()?.len() + beside("-wal");
    let mebibytes = bytes.div_ceil(1024 * 1024);
    Some(Finding::good(format!("Its file has {mebibytes} MiB.")))
}
