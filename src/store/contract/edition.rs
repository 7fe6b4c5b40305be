use super::world::at;
use crate::{
    model::source::Source,
    store::{Edition, Store},
};

pub(crate) fn edition(hash: &str) -> Edition {
    let source = |name: &str| Source {
        name: name.to_owned(),
        text: format!("menu: {name} of {hash}\n"),
    };
    Edition {
        hash: hash.to_owned(),
        sources: vec![source("z.yaml"), source("a.yaml")],
        kept_at: at(0),
    }
}

pub(crate) async fn an_edition_is_kept_once_and_reads_as_it_was(store: &dyn Store) {
    let mut tx = store.write().await.unwrap();
    let mut editions = tx.editions();
    assert!(editions.keep(&edition("aa")).await.unwrap());
    assert!(editions.keep(&edition("bb")).await.unwrap());
    assert!(!editions.keep(&edition("aa")).await.unwrap());
    let kept = editions.get("aa").await.unwrap().unwrap();
    assert_eq!((kept.hash.as_str(), kept.kept_at), ("aa", at(0)));
    assert_eq!(kept.sources, edition("aa").sources);
    assert!(editions.get("cc").await.unwrap().is_none());
}

pub(crate) async fn an_edition_is_found_by_the_beginning_of_its_name(store: &dyn Store) {
    let mut tx = store.write().await.unwrap();
    let mut editions = tx.editions();
    for hash in ["ab12", "ab34", "abff", "ac00", "f0"] {
        editions.keep(&edition(hash)).await.unwrap();
    }
    let found = editions.beginning_with("ab").await.unwrap();
    assert_eq!(found, ["ab12", "ab34", "abff"]);
    assert_eq!(editions.beginning_with("ab34").await.unwrap(), ["ab34"]);
    assert_eq!(editions.beginning_with("b").await.unwrap(), [""; 0]);
}
