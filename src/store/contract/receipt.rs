use super::world::{at, handover, job, message, phone, receipt, told};
use crate::store::{
    Handover, JobKind, Kept, Matched, Message, MessageState, NewJob, NewReceipt, Store, TheirId,
    Told, Transaction,
};

use MessageState::{Delivered, Failed, Queued, Sent};

async fn queue(tx: &mut dyn Transaction, key: &str) -> i64 {
    let queued = tx.messages().queue(&message(key, &phone(1))).await;
    queued.unwrap().unwrap()
}

/// Queues a message and writes that the first route took it, with this id.
async fn send(tx: &mut dyn Transaction, their_id: &str) -> i64 {
    let id = queue(tx, their_id).await;
    let state = tx.messages().sent(&handover(id, their_id)).await.unwrap();
    assert_eq!(state, Some(Sent));
    id
}

async fn get(tx: &mut dyn Transaction, id: i64) -> Message {
    tx.messages().get(id).await.unwrap().unwrap()
}

async fn keep(tx: &mut dyn Transaction, told: Told) -> Option<Matched> {
    tx.receipts().keep(&receipt(told)).await.unwrap()
}

/// Keeps a receipt by their id and gives whether it moved its message, and where that is.
async fn moved(
    tx: &mut dyn Transaction,
    their_id: &str,
    state: MessageState,
) -> (bool, MessageState) {
    let matched = keep(tx, told(their_id, state)).await.unwrap();
    (matched.moved, matched.state)
}

/// A receipt that gives our id back, and maybe one of theirs.
fn own(id: i64, their_id: Option<&str>, state: MessageState) -> Told {
    Told {
        own_id: Some(id),
        their_id: their_id.and_then(TheirId::parse),
        ..told("", state)
    }
}

pub(crate) async fn a_message_that_a_route_took_tells_which_and_under_which_id(store: &dyn Store) {
    let mut tx = store.write().await.unwrap();
    let id = queue(&mut *tx, "k").await;
    let before = get(&mut *tx, id).await;
    assert_eq!(
        (before.route, before.their_id, before.error_code),
        (None, None, None)
    );
    for (key, their_id) in [
        ("a", "18446744073709551615"),
        ("b", "0007"),
        ("c", "ATXid_é=/"),
    ] {
        let id = queue(&mut *tx, key).await;
        let state = tx.messages().sent(&handover(id, their_id)).await.unwrap();
        assert_eq!(state, Some(Sent));
        let sent = get(&mut *tx, id).await;
        assert_eq!(sent.route.as_deref(), Some("beem"));
        assert_eq!(sent.their_id.unwrap().as_str(), their_id);
        assert_eq!((sent.state, sent.error_code), (Sent, None));
    }
    let without = Handover {
        their_id: None,
        state: Delivered,
        ..handover(id, "")
    };
    assert_eq!(tx.messages().sent(&without).await.unwrap(), Some(Delivered));
    let nowhere = handover(9_999, "9");
    assert_eq!(tx.messages().sent(&nowhere).await.unwrap(), None);
}

pub(crate) async fn a_receipt_moves_the_message_of_its_route_and_id(store: &dyn Store) {
    let mut tx = store.write().await.unwrap();
    let id = send(&mut *tx, "7").await;
    let other = send(&mut *tx, "8").await;
    let elsewhere = Told {
        route: "ipx".to_owned(),
        ..told("7", Delivered)
    };
    assert_eq!(keep(&mut *tx, elsewhere).await, None);
    assert_eq!(keep(&mut *tx, told("07", Delivered)).await, None);
    let matched = keep(&mut *tx, told("7", Delivered)).await;
    let expected = Matched {
        id,
        state: Delivered,
        moved: true,
    };
    assert_eq!(matched, Some(expected));
    assert_eq!(get(&mut *tx, other).await.state, Sent);
    let kept = tx.receipts().of(id).await.unwrap();
    let [kept] = &kept[..] else {
        panic!("{kept:?}");
    };
    assert_eq!((kept.route.as_str(), kept.state), ("beem", Delivered));
    assert_eq!(kept.their_id, TheirId::parse("7"));
    assert_eq!(kept.raw_status.as_deref(), Some("the raw word"));
    assert_eq!(
        (kept.error_code.as_deref(), kept.received_at),
        (None, at(9))
    );
}

pub(crate) async fn our_id_finds_a_message_before_theirs(store: &dyn Store) {
    let mut tx = store.write().await.unwrap();
    let (one, two) = (send(&mut *tx, "1").await, send(&mut *tx, "2").await);
    let both = keep(&mut *tx, own(one, Some("2"), Delivered))
        .await
        .unwrap();
    assert_eq!((both.id, both.moved), (one, true));
    // One that is not ours, such as another program's on the same account.
    let stranger = keep(&mut *tx, own(9_999, Some("2"), Delivered))
        .await
        .unwrap();
    assert_eq!((stranger.id, stranger.moved), (two, true));
    assert_eq!(keep(&mut *tx, own(9_999, None, Delivered)).await, None);
}

pub(crate) async fn the_newest_message_of_an_id_is_meant(store: &dyn Store) {
    let mut tx = store.write().await.unwrap();
    let old = send(&mut *tx, "1").await;
    let new = queue(&mut *tx, "new").await;
    tx.messages().sent(&handover(new, "1")).await.unwrap();
    assert_eq!(moved(&mut *tx, "1", Delivered).await, (true, Delivered));
    let states = [
        get(&mut *tx, old).await.state,
        get(&mut *tx, new).await.state,
    ];
    assert_eq!(states, [Sent, Delivered]);
}

/// The orders in which things can come.
fn orders(of: &[MessageState]) -> Vec<Vec<MessageState>> {
    if of.is_empty() {
        return vec![Vec::new()];
    }
    let firsts = (0..of.len()).flat_map(|place| {
        let mut rest = of.to_vec();
        let first = rest.remove(place);
        orders(&rest).into_iter().map(move |mut order| {
            order.insert(0, first);
            order
        })
    });
    firsts.collect()
}

pub(crate) async fn receipts_in_any_order_and_twice_leave_their_message_at_its_end(
    store: &dyn Store,
) {
    for (number, order) in orders(&[Queued, Sent, Delivered, Delivered])
        .iter()
        .enumerate()
    {
        let mut tx = store.write().await.unwrap();
        let their_id = number.to_string();
        let id = send(&mut *tx, &their_id).await;
        let mut moves = 0;
        for state in order {
            let (has_moved, now) = moved(&mut *tx, &their_id, *state).await;
            assert_eq!(has_moved, now == Delivered && moves == 0, "{order:?}");
            moves += u32::from(has_moved);
        }
        assert_eq!(moves, 1, "{order:?}");
        assert_eq!(get(&mut *tx, id).await.state, Delivered, "{order:?}");
        assert_eq!(tx.receipts().of(id).await.unwrap().len(), 4);
    }
}

pub(crate) async fn of_two_ends_the_first_that_was_told_stands(store: &dyn Store) {
    let mut tx = store.write().await.unwrap();
    for (their_id, first, second) in [("1", Delivered, Failed), ("2", Failed, Delivered)] {
        let id = send(&mut *tx, their_id).await;
        assert_eq!(moved(&mut *tx, their_id, first).await, (true, first));
        assert_eq!(moved(&mut *tx, their_id, second).await, (false, first));
        assert_eq!(get(&mut *tx, id).await.state, first);
    }
}

pub(crate) async fn a_receipt_of_no_message_is_kept_and_changes_nothing(store: &dyn Store) {
    let mut tx = store.write().await.unwrap();
    let id = send(&mut *tx, "1").await;
    let nameless = Told {
        their_id: None,
        ..told("", Delivered)
    };
    for unknown in [told("2", Delivered), told("2", Delivered), nameless] {
        assert_eq!(keep(&mut *tx, unknown).await, None);
    }
    let mut retention = tx.retention();
    let kept = retention.count(Kept::Receipts, at(10)).await;
    assert_eq!(kept.unwrap(), 3);
    drop(retention);
    assert_eq!(get(&mut *tx, id).await.state, Sent);
}

pub(crate) async fn a_receipt_ahead_of_the_answer_is_found_when_that_is_written(store: &dyn Store) {
    let mut tx = store.write().await.unwrap();
    for (their_id, ahead, end) in [
        ("1", &[Delivered][..], Delivered),
        ("2", &[Queued, Sent], Sent),
        ("3", &[Failed, Delivered], Failed),
        ("4", &[Sent, Delivered, Sent, Failed], Delivered),
    ] {
        for state in ahead {
            assert_eq!(keep(&mut *tx, told(their_id, *state)).await, None);
        }
        let id = queue(&mut *tx, their_id).await;
        let state = tx.messages().sent(&handover(id, their_id)).await.unwrap();
        assert_eq!(state, Some(end), "{ahead:?}");
        let now = get(&mut *tx, id).await;
        let why = (end == Failed).then_some("E13");
        assert_eq!(
            (now.state, now.error_code.as_deref()),
            (end, why),
            "{ahead:?}"
        );
        assert_eq!(tx.receipts().of(id).await.unwrap().len(), ahead.len());
    }
}

pub(crate) async fn a_receipt_of_long_before_is_another_messages(store: &dyn Store) {
    let mut tx = store.write().await.unwrap();
    let old = Told {
        at: at(9 - 3601),
        ..told("1", Delivered)
    };
    assert_eq!(keep(&mut *tx, old).await, None);
    let id = send(&mut *tx, "1").await;
    assert_eq!(get(&mut *tx, id).await.state, Sent);
}

pub(crate) async fn a_receipt_by_our_id_needs_no_answer(store: &dyn Store) {
    let mut tx = store.write().await.unwrap();
    // With their id, and without; then the answer comes, or it was lost.
    for (key, their_id) in [("1", Some("1")), ("2", None)] {
        let id = queue(&mut *tx, key).await;
        let matched = keep(&mut *tx, own(id, their_id, Queued)).await.unwrap();
        assert_eq!((matched.moved, matched.state), (true, Sent));
        let taken = get(&mut *tx, id).await;
        assert_eq!(taken.route.as_deref(), Some("beem"));
        assert_eq!(taken.their_id.as_ref().map(TheirId::as_str), their_id);
        let state = tx.messages().sent(&handover(id, key)).await.unwrap();
        assert_eq!(state, Some(Sent));
        assert_eq!(get(&mut *tx, id).await.their_id, TheirId::parse(key));
        assert_eq!(moved(&mut *tx, key, Delivered).await, (true, Delivered));
    }
}

pub(crate) async fn receipts_may_call_a_message_by_another_id_than_the_answer_did(
    store: &dyn Store,
) {
    let mut tx = store.write().await.unwrap();
    let id = send(&mut *tx, "2a").await;
    let matched = keep(&mut *tx, own(id, Some("42"), Delivered))
        .await
        .unwrap();
    assert_eq!((matched.moved, matched.state), (true, Delivered));
    assert_eq!(get(&mut *tx, id).await.their_id, TheirId::parse("2a"));
}

pub(crate) async fn of_two_answers_the_first_stands(store: &dyn Store) {
    let mut tx = store.write().await.unwrap();
    let id = send(&mut *tx, "1").await;
    let refused = Handover {
        state: Failed,
        error_code: Some("it was sent before".to_owned()),
        ..handover(id, "2")
    };
    let elsewhere = Handover {
        route: "ipx".to_owned(),
        ..handover(id, "1")
    };
    for second in [refused, elsewhere] {
        let state = tx.messages().sent(&second).await.unwrap();
        assert_eq!(state, Some(Sent));
    }
    let now = get(&mut *tx, id).await;
    assert_eq!((now.state, now.error_code), (Sent, None));
    assert_eq!(now.route.as_deref(), Some("beem"));
    assert_eq!(now.their_id, TheirId::parse("1"));
}

pub(crate) async fn why_a_message_failed_is_in_the_aggregators_words(store: &dyn Store) {
    let mut tx = store.write().await.unwrap();
    let told_of = send(&mut *tx, "1").await;
    assert_eq!(moved(&mut *tx, "1", Failed).await, (true, Failed));
    let refused = queue(&mut *tx, "2").await;
    let refusal = Handover {
        their_id: None,
        state: Failed,
        error_code: Some("E13".to_owned()),
        ..handover(refused, "")
    };
    tx.messages().sent(&refusal).await.unwrap();
    for id in [told_of, refused] {
        let failed = get(&mut *tx, id).await;
        assert_eq!(
            (failed.state, failed.error_code.as_deref()),
            (Failed, Some("E13"))
        );
        assert!(tx.messages().requeue(id, at(3600), at(10)).await.unwrap());
        assert_eq!(get(&mut *tx, id).await.error_code, None);
    }
    // What is no code is not kept whole.
    let long = NewReceipt {
        raw_status: Some("stat:\0".repeat(100)),
        ..receipt(Told {
            error_code: Some("x\n".repeat(100)),
            ..own(told_of, Some("9"), Failed)
        })
    };
    tx.receipts().keep(&long).await.unwrap();
    let kept = tx.receipts().of(told_of).await.unwrap().pop().unwrap();
    assert_eq!(kept.error_code.unwrap(), "x ".repeat(50));
    assert_eq!(kept.raw_status.unwrap().len(), 100);
    assert_eq!(get(&mut *tx, told_of).await.error_code.unwrap().len(), 100);
}

pub(crate) async fn receipts_of_the_time_before_do_not_move_a_message_that_is_sent_again(
    store: &dyn Store,
) {
    let mut tx = store.write().await.unwrap();
    let id = send(&mut *tx, "1").await;
    assert_eq!(moved(&mut *tx, "1", Failed).await, (true, Failed));
    assert!(tx.messages().requeue(id, at(3600), at(10)).await.unwrap());
    let late = [
        told("1", Failed),
        told("1", Sent),
        own(id, Some("1"), Failed),
        own(id, None, Delivered),
    ];
    for receipt in late.clone() {
        let matched = keep(&mut *tx, receipt).await.unwrap();
        assert_eq!((matched.moved, matched.state), (false, Queued));
    }
    let again = tx.messages().sent(&handover(id, "2")).await.unwrap();
    assert_eq!(again, Some(Sent));
    assert_eq!(keep(&mut *tx, told("1", Failed)).await, None);
    let twice = keep(&mut *tx, own(id, Some("1"), Failed)).await.unwrap();
    assert_eq!((twice.moved, twice.state), (false, Sent));
    assert_eq!(moved(&mut *tx, "2", Delivered).await, (true, Delivered));
}

pub(crate) async fn a_message_that_went_by_another_route_is_not_moved_by_the_first(
    store: &dyn Store,
) {
    let mut tx = store.write().await.unwrap();
    let id = send(&mut *tx, "1").await;
    assert_eq!(moved(&mut *tx, "1", Failed).await, (true, Failed));
    assert!(tx.messages().requeue(id, at(3600), at(10)).await.unwrap());
    let elsewhere = Handover {
        route: "ipx".to_owned(),
        ..handover(id, "1")
    };
    tx.messages().sent(&elsewhere).await.unwrap();
    let late = keep(&mut *tx, own(id, Some("1"), Sent)).await.unwrap();
    assert_eq!((late.moved, late.state), (false, Sent));
    let late = keep(&mut *tx, own(id, Some("3"), Failed)).await.unwrap();
    assert_eq!((late.moved, late.state), (false, Sent));
    // Ahead of the answer of the time that counts.
    let anew = queue(&mut *tx, "anew").await;
    tx.messages().sent(&elsewhere_refused(anew)).await.unwrap();
    assert!(tx.messages().requeue(anew, at(3600), at(10)).await.unwrap());
    let ahead = keep(&mut *tx, own(anew, Some("5"), Delivered))
        .await
        .unwrap();
    assert_eq!((ahead.moved, ahead.state), (true, Delivered));
    assert_eq!(get(&mut *tx, anew).await.route.as_deref(), Some("beem"));
}

fn elsewhere_refused(id: i64) -> Handover {
    Handover {
        route: "ipx".to_owned(),
        their_id: None,
        state: Failed,
        ..handover(id, "")
    }
}

pub(crate) async fn a_message_that_a_receipt_moved_is_in_its_phones_inbox(store: &dyn Store) {
    let mut tx = store.write().await.unwrap();
    let id = queue(&mut *tx, "k").await;
    let sending = NewJob {
        kind: JobKind::SendMessage,
        ..job(&id.to_string())
    };
    tx.jobs().add(&sending).await.unwrap();
    keep(&mut *tx, own(id, Some("1"), Delivered)).await;
    let inbox = tx.messages().inbox(&phone(1), 0).await.unwrap();
    assert_eq!(inbox.len(), 1);
}
