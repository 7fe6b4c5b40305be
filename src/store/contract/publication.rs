use std::{pin::pin, time::Duration};

use tokio::time::timeout;

use super::{edition::edition, world::at};
use crate::store::{NewPublication, Standing, Store, Way};

fn new(edition: &str, way: Way) -> NewPublication {
    NewPublication {
        edition: edition.to_owned(),
        way,
        at: at(1),
        who: "asha".to_owned(),
        why: "the price".to_owned(),
    }
}

/// Makes an edition current, its files kept.
async fn publish(store: &dyn Store, hash: &str, way: Way) -> u64 {
    let mut tx = store.write().await.unwrap();
    tx.editions().keep(&edition(hash)).await.unwrap();
    let number = tx.publications().publish(&new(hash, way)).await.unwrap();
    tx.commit().await.unwrap();
    number
}

/// Offers an edition and gives whether it is current by that.
async fn offer(store: &dyn Store, hash: &str, again: bool) -> bool {
    let mut tx = store.write().await.unwrap();
    tx.editions().keep(&edition(hash)).await.unwrap();
    let offer = new(hash, Way::Offered);
    let taken = tx.publications().offer(&offer, again).await.unwrap();
    tx.commit().await.unwrap();
    taken
}

async fn current(store: &dyn Store) -> Option<String> {
    let mut tx = store.read().await.unwrap();
    let current = tx.publications().current().await.unwrap();
    current.map(|current| current.made.edition)
}

pub(crate) async fn the_newest_publication_is_current(store: &dyn Store) {
    assert_eq!(current(store).await, None);
    let first = publish(store, "bb", Way::Published).await;
    let second = publish(store, "aa", Way::Published).await;
    let third = publish(store, "bb", Way::RolledBack).await;
    assert!(first < second && second < third);
    assert_eq!(current(store).await.as_deref(), Some("bb"));
    let mut tx = store.read().await.unwrap();
    let newest = tx.publications().newest(2).await.unwrap();
    let numbers: Vec<u64> = newest
        .iter()
        .map(|publication| publication.number)
        .collect();
    assert_eq!(numbers, [third, second]);
    assert_eq!(newest[0].made, new("bb", Way::RolledBack));
    let found = tx.publications().numbered(first).await.unwrap().unwrap();
    assert_eq!(found.made, new("bb", Way::Published));
    assert_eq!(tx.publications().numbered(99).await.unwrap(), None);
}

pub(crate) async fn only_what_was_never_current_is_offered(store: &dyn Store) {
    assert!(offer(store, "aa", false).await);
    assert!(offer(store, "bb", false).await);
    assert!(!offer(store, "aa", false).await);
    assert!(!offer(store, "bb", false).await);
    assert_eq!(current(store).await.as_deref(), Some("bb"));
}

pub(crate) async fn what_changed_since_the_last_offer_is_offered_again(store: &dyn Store) {
    assert!(offer(store, "aa", true).await);
    assert!(offer(store, "bb", true).await);
    assert!(!offer(store, "bb", true).await);
    // An edit that is undone.
    assert!(offer(store, "aa", true).await);
    // A person publishes and goes back: both are known.
    publish(store, "cc", Way::Published).await;
    publish(store, "bb", Way::RolledBack).await;
    for known in ["aa", "bb", "cc"] {
        assert!(!offer(store, known, true).await, "{known}");
    }
    assert_eq!(current(store).await.as_deref(), Some("bb"));
}

pub(crate) async fn what_is_not_kept_is_not_published(store: &dyn Store) {
    let mut tx = store.write().await.unwrap();
    let refused = tx.publications().publish(&new("aa", Way::Published)).await;
    assert!(refused.is_err());
}

pub(crate) async fn the_standing_moves_with_what_nodes_follow(store: &dyn Store) {
    let standing = async || {
        let mut tx = store.read().await.unwrap();
        tx.publications().standing().await.unwrap()
    };
    assert_eq!(standing().await, Standing::default());
    let publication = publish(store, "aa", Way::Published).await;
    let after = standing().await;
    assert_eq!((after.publication, after.switch), (publication, 0));
}

pub(crate) async fn publications_are_seen_in_the_order_of_their_numbers(store: &dyn Store) {
    publish(store, "aa", Way::Published).await;
    publish(store, "bb", Way::Published).await;
    let mut first = store.write().await.unwrap();
    let new = new("aa", Way::RolledBack);
    let before = first.publications().publish(&new).await.unwrap();
    let mut second = pin!(publish(store, "bb", Way::RolledBack));
    // It waits, so that nobody sees its number and passes over the one before.
    let waited = timeout(Duration::from_millis(300), &mut second).await;
    assert!(waited.is_err());
    first.commit().await.unwrap();
    assert!(before < second.await);
}
