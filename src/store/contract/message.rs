use std::num::NonZeroU32;

use futures_util::future::join_all;

use super::world::{at, job, message, phone};
use crate::store::{JobKind, Message, MessageState, NewJob, Store, Transaction};

/// Queues a message for the first phone and moves it to `state`.
async fn put(tx: &mut dyn Transaction, key: &str, state: MessageState) -> i64 {
    let queued = tx.messages().queue(&message(key, &phone(1))).await.unwrap();
    let id = queued.unwrap();
    tx.messages().advance(id, state, at(1)).await.unwrap();
    id
}

fn texts(messages: &[Message]) -> Vec<&str> {
    messages
        .iter()
        .map(|message| message.text.as_str())
        .collect()
}

pub(crate) async fn a_message_is_queued_once_for_its_key_and_phone(store: &dyn Store) {
    let mut tx = store.write().await.unwrap();
    let mut messages = tx.messages();
    let id = messages
        .queue(&message("k", &phone(1)))
        .await
        .unwrap()
        .unwrap();
    let mut again = message("k", &phone(1));
    again.text = "other words".to_owned();
    assert_eq!(messages.queue(&again).await.unwrap(), None);
    let other = messages.queue(&message("k", &phone(2))).await.unwrap();
    assert!(other.unwrap() > id);
    let kept = messages.get(id).await.unwrap().unwrap();
    assert_eq!(
        (kept.id, kept.to, kept.text.as_str()),
        (id, phone(1), "Text of k")
    );
    assert_eq!((kept.queued_at, kept.not_after), (at(0), at(3600)));
    assert_eq!(kept.state, MessageState::Queued);
    assert!(messages.get(id + 99).await.unwrap().is_none());
}

pub(crate) async fn a_message_moves_on_and_never_back(store: &dyn Store) {
    use MessageState::{Delivered, Failed, Queued, Sent};
    let mut tx = store.write().await.unwrap();
    for (number, from) in MessageState::ALL.into_iter().enumerate() {
        for to in MessageState::ALL {
            let id = put(&mut *tx, &format!("{number} {to:?}"), from).await;
            let may = matches!(
                (from, to),
                (Queued, Sent | Delivered | Failed) | (Sent, Delivered | Failed)
            );
            let moved = tx.messages().advance(id, to, at(2)).await.unwrap();
            assert_eq!(moved, may, "{from:?} to {to:?}");
            let state = tx.messages().get(id).await.unwrap().unwrap().state;
            assert_eq!(state, if may { to } else { from });
        }
    }
    assert!(!tx.messages().advance(9_999, Sent, at(2)).await.unwrap());
}

pub(crate) async fn an_inbox_is_the_phones_own_in_order(store: &dyn Store) {
    let mut tx = store.write().await.unwrap();
    let first = put(&mut *tx, "first", MessageState::Delivered).await;
    put(&mut *tx, "unsent", MessageState::Queued).await;
    put(&mut *tx, "failed", MessageState::Failed).await;
    put(&mut *tx, "second", MessageState::Sent).await;
    let inbox = tx.messages().inbox(&phone(1), 0).await.unwrap();
    assert_eq!(texts(&inbox), ["Text of first", "Text of second"]);
    let rest = tx.messages().inbox(&phone(1), first).await.unwrap();
    assert_eq!(texts(&rest), ["Text of second"]);
    let other = tx.messages().inbox(&phone(2), 0).await.unwrap();
    assert_eq!(other.len(), 0);
}

pub(crate) async fn an_inbox_is_read_fifty_at_a_time(store: &dyn Store) {
    let mut tx = store.write().await.unwrap();
    for number in 0..51 {
        put(&mut *tx, &number.to_string(), MessageState::Sent).await;
    }
    let page = tx.messages().inbox(&phone(1), 0).await.unwrap();
    assert_eq!(page.len(), 50);
    let rest = tx.messages().inbox(&phone(1), page[49].id).await.unwrap();
    assert_eq!(texts(&rest), ["Text of 50"]);
}

pub(crate) async fn an_inbox_passes_over_no_message_that_is_still_to_be_sent(store: &dyn Store) {
    let mut tx = store.write().await.unwrap();
    let slow = put(&mut *tx, "slow", MessageState::Queued).await;
    let sending = NewJob {
        kind: JobKind::SendMessage,
        ..job(&slow.to_string())
    };
    tx.jobs().add(&sending).await.unwrap();
    put(&mut *tx, "fast", MessageState::Sent).await;
    let held_back = tx.messages().inbox(&phone(1), 0).await.unwrap();
    assert_eq!(held_back.len(), 0);
    let sent = MessageState::Sent;
    tx.messages().advance(slow, sent, at(2)).await.unwrap();
    let inbox = tx.messages().inbox(&phone(1), 0).await.unwrap();
    assert_eq!(texts(&inbox), ["Text of slow", "Text of fast"]);
}

/// Whether the first phone has room for one of `limit` messages after the moment 0.
async fn has_room(tx: &mut dyn Transaction, limit: u32) -> bool {
    let limit = NonZeroU32::new(limit).unwrap();
    let mut messages = tx.messages();
    messages.has_room(&phone(1), at(0), limit).await.unwrap()
}

/// Queues a message for the first phone, so many seconds after the moment 0.
async fn queue_at(tx: &mut dyn Transaction, key: &str, seconds: i64) -> i64 {
    let mut new = message(key, &phone(1));
    new.queued_at = at(seconds);
    tx.messages().queue(&new).await.unwrap().unwrap()
}

pub(crate) async fn a_phone_has_room_for_so_many_messages_after_a_moment(store: &dyn Store) {
    let mut tx = store.write().await.unwrap();
    assert!(has_room(&mut *tx, 1).await);
    queue_at(&mut *tx, "at the moment", 0).await;
    assert!(has_room(&mut *tx, 1).await);
    queue_at(&mut *tx, "first", 1).await;
    assert!(has_room(&mut *tx, 2).await && !has_room(&mut *tx, 1).await);
    queue_at(&mut *tx, "second", 2).await;
    assert!(has_room(&mut *tx, 3).await && !has_room(&mut *tx, 2).await);
    let (other, one) = (phone(2), NonZeroU32::MIN);
    let mut messages = tx.messages();
    assert!(messages.has_room(&other, at(0), one).await.unwrap());
}

pub(crate) async fn a_refused_message_says_why_and_takes_no_room(store: &dyn Store) {
    let mut tx = store.write().await.unwrap();
    let id = queue_at(&mut *tx, "refused", 1).await;
    assert!(!has_room(&mut *tx, 1).await);
    tx.messages().refuse(id, "too many", at(2)).await.unwrap();
    assert!(has_room(&mut *tx, 1).await);
    let kept = tx.messages().get(id).await.unwrap().unwrap();
    assert_eq!(
        (kept.state, kept.why.as_str()),
        (MessageState::Failed, "too many")
    );
    let sent = put(&mut *tx, "sent", MessageState::Sent).await;
    tx.messages().refuse(sent, "late", at(3)).await.unwrap();
    let kept = tx.messages().get(sent).await.unwrap().unwrap();
    assert_eq!((kept.state, kept.why.as_str()), (MessageState::Sent, ""));
    assert_eq!(tx.messages().refused().await.unwrap(), 1);
}

pub(crate) async fn the_room_of_a_phone_is_kept_when_all_queue_at_once(store: &dyn Store) {
    let senders = (0..15).map(|number: i32| async move {
        let mut tx = store.write().await.unwrap();
        let room = has_room(&mut *tx, 10).await;
        if room {
            queue_at(&mut *tx, &number.to_string(), 1).await;
        }
        tx.commit().await.unwrap();
        room
    });
    let queued = join_all(senders).await;
    assert_eq!(queued.into_iter().filter(|room| *room).count(), 10);
}
