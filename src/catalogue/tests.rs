use std::sync::Arc;

use async_trait::async_trait;
use chrono::{DateTime, TimeDelta, Utc};
use futures_util::future::join_all;

use super::{Catalogue, FilesStand, Limits, Missing, kept};
use crate::{
    model::{FixedClock, Language, source::Source},
    store::{
        self, Keys, NewPublication, NewSwitch, Sealer, Store, SwitchedTo, Transaction, Way,
        sqlite::SqliteStore,
    },
};

/// A store that several nodes serve from.
#[derive(Debug)]
struct Shared(Arc<SqliteStore>);

#[async_trait]
impl Store for Shared {
    async fn read(&self) -> store::Result<Box<dyn Transaction + '_>> {
        self.0.read().await
    }

    async fn write(&self) -> store::Result<Box<dyn Transaction + '_>> {
        self.0.write().await
    }

    async fn answer(&self) -> store::Result<()> {
        self.0.answer().await
    }
}

async fn own() -> Arc<SqliteStore> {
    let keys = Keys::one(1, [1; 32], [1; 32]);
    let store = SqliteStore::temporary(Arc::new(Sealer::new(&keys))).await;
    Arc::new(store.unwrap())
}

fn now() -> DateTime<Utc> {
    DateTime::from_timestamp(1_772_441_417, 0).unwrap()
}

/// The files of a set whose last page says `bye`.
fn files(bye: &str) -> Vec<Source> {
    let text = include_str!("codes.test.yaml");
    let text = text
        .replace("NAME", "chf")
        .replace("SERVICE", "*152*00#")
        .replace("Kwaheri", bye);
    vec![Source {
        name: "menus/chf/chf.yaml".to_owned(),
        text,
    }]
}

/// A node that starts with these files.
async fn node(store: &Arc<dyn Store>, files: Vec<Source>) -> Catalogue {
    let clock = FixedClock::new(now());
    let opened = Catalogue::open(Arc::clone(store), &clock, files, Limits::default());
    opened.await.unwrap()
}

fn name(files: &[Source]) -> String {
    kept(files, &FixedClock::new(now())).hash
}

async fn publish(store: &dyn Store, files: &[Source], way: Way) {
    let edition = kept(files, &FixedClock::new(now()));
    let new = NewPublication {
        edition: edition.hash.clone(),
        way,
        at: now(),
        who: "asha".to_owned(),
        why: String::new(),
    };
    let mut tx = store.write().await.unwrap();
    tx.editions().keep(&edition).await.unwrap();
    tx.publications().publish(&new).await.unwrap();
    tx.commit().await.unwrap();
}

#[tokio::test]
async fn an_edit_is_served_at_the_next_start_and_so_is_its_undoing() {
    let store: Arc<dyn Store> = own().await;
    for bye in ["Kwaheri", "Asante", "Kwaheri"] {
        let node = node(&store, files(bye)).await;
        assert_eq!(node.current().name, name(&files(bye)));
        assert_eq!(node.files(), FilesStand::Served);
    }
}

#[tokio::test]
async fn what_a_person_went_back_from_is_not_served_at_the_next_start() {
    let store: Arc<dyn Store> = own().await;
    node(&store, files("Kwaheri")).await;
    publish(&*store, &files("Asante"), Way::Published).await;
    publish(&*store, &files("Kwaheri"), Way::RolledBack).await;
    let node = node(&store, files("Asante")).await;
    assert_eq!(node.current().name, name(&files("Kwaheri")));
    assert_eq!(node.files(), FilesStand::Differ);
}

#[tokio::test]
async fn nodes_with_different_files_do_not_take_turns() {
    let store: Arc<dyn Store> = Arc::new(Shared(own().await));
    for bye in ["Kwaheri", "Asante"] {
        node(&store, files(bye)).await;
    }
    for bye in ["Kwaheri", "Asante", "Kwaheri"] {
        let node = node(&store, files(bye)).await;
        assert_eq!(node.current().name, name(&files("Asante")), "{bye}");
        let stand = if bye == "Asante" {
            FilesStand::Served
        } else {
            FilesStand::Differ
        };
        assert_eq!(node.files(), stand);
    }
}

#[tokio::test]
async fn a_publication_is_followed_and_what_was_begun_stays() {
    let store: Arc<dyn Store> = own().await;
    let node = node(&store, files("Kwaheri")).await;
    let begun = node.current();
    publish(&*store, &files("Asante"), Way::Published).await;
    assert_eq!(node.current().name, begun.name);
    node.look().await.unwrap();
    assert_eq!(node.current().name, name(&files("Asante")));
    assert_eq!(node.files(), FilesStand::Differ);
    // Without being compiled again.
    let still = node.edition(&begun.name).await.unwrap();
    assert!(Arc::ptr_eq(&still, &begun));
    // And on a node that never served it.
    let other = self::node(&store, files("Asante")).await;
    assert_eq!(other.edition(&begun.name).await.unwrap().name, begun.name);
}

#[tokio::test]
async fn a_publication_that_does_not_compile_changes_nothing() {
    let store: Arc<dyn Store> = own().await;
    let node = node(&store, files("Kwaheri")).await;
    let broken = files("Kwaheri, {nobody}");
    publish(&*store, &broken, Way::Published).await;
    for _ in 0..2 {
        node.look().await.unwrap();
        assert_eq!(node.current().name, name(&files("Kwaheri")));
        assert_eq!(node.refused().unwrap().made.edition, name(&broken));
    }
    // Neither does it at a start.
    let next = self::node(&store, files("Kwaheri")).await;
    assert_eq!(next.current().name, name(&files("Kwaheri")));
    assert_eq!(next.refused(), node.refused());
    publish(&*store, &files("Asante"), Way::Published).await;
    node.look().await.unwrap();
    assert_eq!(node.current().name, name(&files("Asante")));
    assert_eq!(node.refused(), None);
}

#[tokio::test]
async fn files_with_mistakes_leave_what_is_served() {
    let store: Arc<dyn Store> = own().await;
    node(&store, files("Kwaheri")).await;
    let node = node(&store, files("Kwaheri, {nobody}")).await;
    assert_eq!(node.current().name, name(&files("Kwaheri")));
    assert_eq!(node.files(), FilesStand::Mistaken(1));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_old_edition_is_compiled_once_when_a_thousand_ask_for_it() {
    let store: Arc<dyn Store> = own().await;
    node(&store, files("Kwaheri")).await;
    let node = node(&store, files("Asante")).await;
    let old = name(&files("Kwaheri"));
    let asked = (0..1000).map(|_| node.edition(&old));
    let found: Vec<_> = join_all(asked).await;
    let first = found[0].clone().unwrap();
    for edition in found {
        assert!(Arc::ptr_eq(&first, &edition.unwrap()));
    }
}

#[tokio::test]
async fn what_is_gone_is_told_from_what_cannot_be_read_just_now() {
    let sqlite = own().await;
    let store: Arc<dyn Store> = Arc::clone(&sqlite) as Arc<dyn Store>;
    node(&store, files("Kwaheri")).await;
    let node = node(&store, files("Asante")).await;
    assert_eq!(node.edition("nowhere").await.unwrap_err(), Missing::Gone);
    sqlite.close().await;
    let old = name(&files("Kwaheri"));
    assert_eq!(node.edition(&old).await.unwrap_err(), Missing::Away);
    // What is current goes on.
    assert!(node.look().await.is_err());
    assert_eq!(node.current().name, name(&files("Asante")));
}

#[tokio::test]
async fn a_service_is_off_from_the_next_look_until_its_time() {
    let store: Arc<dyn Store> = own().await;
    let node = node(&store, files("Kwaheri")).await;
    assert!(node.off("chf", now()).is_none());
    let switch = NewSwitch {
        set: "chf".to_owned(),
        to: SwitchedTo::Off {
            texts: vec![(Language::SWAHILI, "Imefungwa".to_owned())],
            until: Some(now() + TimeDelta::seconds(60)),
        },
        at: now(),
        who: "asha".to_owned(),
        why: "away".to_owned(),
    };
    let mut tx = store.write().await.unwrap();
    let number = tx.switches().switch(&switch).await.unwrap();
    tx.commit().await.unwrap();
    node.look().await.unwrap();
    let off = node.off("chf", now()).unwrap();
    assert_eq!((off.number, &off.made), (number, &switch));
    assert_eq!(off.made.text(Language::ENGLISH), Some("Imefungwa"));
    assert!(node.off("ombi", now()).is_none());
    assert!(node.off("chf", now() + TimeDelta::seconds(60)).is_none());
    assert_eq!(node.switch(number).await.unwrap(), Some(off));
}
