use super::world::at;
use crate::{
    model::source::Source,
    store::{Edition, Store},
};

fn edition(hash: &str) -> Edition {
    let source = |name: &str| Source {
        name: name.to_owned(),
        text: format!("menu: {name} of {hash}\n"),
    };
    Edition {
        hash: hash.to_owned(),
        sources: vec![source("z.yaml"), source("a.yaml")],
        published_at: at(0),
    }
}

pub(crate) async fn the_last_published_edition_is_current(store: &dyn Store) {
    let mut tx = store.write().await.unwrap();
    assert_eq!(tx.editions().current().await.unwrap(), None);
    for hash in ["bb", "aa"] {
        assert!(tx.editions().publish(&edition(hash)).await.unwrap());
        let current = tx.editions().current().await.unwrap();
        assert_eq!(current.as_deref(), Some(hash));
    }
}

pub(crate) async fn an_edition_is_published_once_and_reads_as_it_was(store: &dyn Store) {
    let mut tx = store.write().await.unwrap();
    let mut editions = tx.editions();
    editions.publish(&edition("aa")).await.unwrap();
    editions.publish(&edition("bb")).await.unwrap();
    assert!(!editions.publish(&edition("aa")).await.unwrap());
    assert_eq!(editions.current().await.unwrap().as_deref(), Some("bb"));
    let kept = editions.get("aa").await.unwrap().unwrap();
    assert_eq!((kept.hash.as_str(), kept.published_at), ("aa", at(0)));
    assert_eq!(kept.sources, edition("aa").sources);
    assert!(editions.get("cc").await.unwrap().is_none());
}
