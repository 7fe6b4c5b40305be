use std::{pin::pin, time::Duration};

use tokio::time::timeout;

use super::world::at;
use crate::{
    model::Language,
    store::{NewSwitch, Store, SwitchedTo},
};

fn off(set: &str, text: &str) -> NewSwitch {
    NewSwitch {
        set: set.to_owned(),
        to: SwitchedTo::Off {
            texts: vec![
                (Language::SWAHILI, text.to_owned()),
                (Language::ENGLISH, "Closed".to_owned()),
            ],
            until: Some(at(60)),
        },
        at: at(0),
        who: "asha".to_owned(),
        why: "the scheme is away".to_owned(),
    }
}

fn on(set: &str) -> NewSwitch {
    NewSwitch {
        to: SwitchedTo::On,
        ..off(set, "")
    }
}

async fn switch(store: &dyn Store, new: &NewSwitch) -> u64 {
    let mut tx = store.write().await.unwrap();
    let number = tx.switches().switch(new).await.unwrap();
    tx.commit().await.unwrap();
    number
}

async fn sets_off(store: &dyn Store) -> Vec<String> {
    let mut tx = store.read().await.unwrap();
    let off = tx.switches().off().await.unwrap();
    off.into_iter().map(|switch| switch.made.set).collect()
}

pub(crate) async fn the_newest_switch_of_a_set_holds(store: &dyn Store) {
    assert_eq!(sets_off(store).await, [""; 0]);
    switch(store, &off("ombi", "Imefungwa")).await;
    switch(store, &off("chf", "Imefungwa")).await;
    assert_eq!(sets_off(store).await, ["chf", "ombi"]);
    switch(store, &on("ombi")).await;
    assert_eq!(sets_off(store).await, ["chf"]);
    switch(store, &off("ombi", "Tena")).await;
    assert_eq!(sets_off(store).await, ["chf", "ombi"]);
}

pub(crate) async fn a_switch_reads_as_it_was_made_also_when_it_is_over(store: &dyn Store) {
    let number = switch(store, &off("chf", "Imefungwa")).await;
    let later = switch(store, &on("chf")).await;
    assert!(number < later);
    let mut tx = store.read().await.unwrap();
    let found = tx.switches().numbered(number).await.unwrap().unwrap();
    assert_eq!(
        (found.number, found.made),
        (number, off("chf", "Imefungwa"))
    );
    let found = tx.switches().numbered(later).await.unwrap().unwrap();
    assert_eq!(found.made, on("chf"));
    assert_eq!(tx.switches().numbered(later + 1).await.unwrap(), None);
    let standing = tx.publications().standing().await.unwrap();
    assert_eq!(standing.switch, later);
}

pub(crate) async fn switches_are_seen_in_the_order_of_their_numbers(store: &dyn Store) {
    let mut first = store.write().await.unwrap();
    let before = first.switches().switch(&off("chf", "A")).await.unwrap();
    let ombi = off("ombi", "B");
    let mut second = pin!(switch(store, &ombi));
    // It waits, so that nobody sees its number and passes over the one before.
    let waited = timeout(Duration::from_millis(300), &mut second).await;
    assert!(waited.is_err());
    first.commit().await.unwrap();
    assert!(before < second.await);
}
