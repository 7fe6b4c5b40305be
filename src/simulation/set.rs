use std::{
    path::Path,
    sync::{Arc, LazyLock},
};

use crate::{
    catalogue::{Edition, Limits, compile, read_files},
    menu::MenuSet,
    store::{Keys, Sealer},
};

static SHARED: LazyLock<(Arc<Sealer>, Arc<Edition>)> = LazyLock::new(|| {
    let keys = Keys::one(1, [7; 32], [9; 32]);
    let menus = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/simulation/menus");
    let compiled = compile(&read_files(&menus).unwrap(), &Limits::default());
    let edition = compiled
        .edition
        .expect("the set of the simulation is whole");
    (Arc::new(Sealer::new(&keys)), Arc::new(edition))
});

/// The keys and the menus of every run: both are the same for all and dear to make.
pub(super) fn sealer_and_edition() -> (Arc<Sealer>, Arc<Edition>) {
    (Arc::clone(&SHARED.0), Arc::clone(&SHARED.1))
}

/// The one set that is dialled.
pub(super) fn menus(edition: &Edition) -> Arc<MenuSet> {
    Arc::clone(edition.first())
}
