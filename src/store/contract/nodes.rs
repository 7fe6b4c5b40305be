use std::time::Duration;

use futures_util::future::join;

use super::world::{
    add, at, at_most, bill, control_number, day, handover, incoming, intent, job, key, make,
    message, payment, phone, receipt, told,
};
use crate::store::{BillState, MessageState, Recorded, Store};

/// Long enough for the other to read as well, if it may.
async fn meanwhile() {
    tokio::time::sleep(Duration::from_millis(40)).await;
}

/// Claims jobs one by one until there are none, and gives their subjects.
async fn claim_all(store: &dyn Store) -> Vec<String> {
    let mut subjects = Vec::new();
    loop {
        let mut tx = store.write().await.unwrap();
        let claimed = tx.jobs().claim(&at_most(1), at(1)).await.unwrap();
        tx.commit().await.unwrap();
        if claimed.is_empty() {
            return subjects;
        }
        subjects.extend(claimed.into_iter().map(|job| job.subject));
    }
}

pub(crate) async fn two_nodes_never_claim_one_job(one: &dyn Store, other: &dyn Store) {
    let jobs: Vec<_> = (0..40).map(|number| job(&number.to_string())).collect();
    add(one, &jobs).await;
    let (mut subjects, more) = join(claim_all(one), claim_all(other)).await;
    subjects.extend(more);
    let claimed = subjects.len();
    subjects.sort();
    subjects.dedup();
    assert_eq!((claimed, subjects.len()), (40, 40));
}

/// Asks about ten numbers, from `first` on, and gives how many it may.
async fn ask_ten(store: &dyn Store, first: u32) -> u32 {
    let mut allowed = 0;
    for number in first..first + 10 {
        let mut tx = store.write().await.unwrap();
        let mut enquiries = tx.enquiries();
        let on = day("2026-03-02");
        let may = enquiries.ask(&phone(1), on, &number.to_string(), 10).await;
        allowed += u32::from(may.unwrap());
        drop(enquiries);
        tx.commit().await.unwrap();
    }
    allowed
}

pub(crate) async fn a_write_that_reads_first_is_not_overtaken_by_another_node(
    one: &dyn Store,
    other: &dyn Store,
) {
    let (some, more) = join(ask_ten(one, 0), ask_ten(other, 10)).await;
    assert_eq!(some + more, 10);
}

/// Whether there was no bill of the period, and it made one.
async fn make_if_none(store: &dyn Store, id: &str) -> bool {
    let mut tx = store.write().await.unwrap();
    let wanted = bill(id, 1);
    let none = tx.bills().newest(&wanted.key).await.unwrap().is_none();
    meanwhile().await;
    if none {
        tx.bills().make(&wanted).await.unwrap();
    }
    tx.commit().await.unwrap();
    none
}

pub(crate) async fn of_two_that_look_for_a_bill_before_they_make_it_the_second_finds_it(
    one: &dyn Store,
    other: &dyn Store,
) {
    let (some, more) = join(make_if_none(one, "b1"), make_if_none(other, "b2")).await;
    assert!(some != more, "{some} {more}");
}

async fn assign(store: &dyn Store, id: &str) -> bool {
    let mut tx = store.write().await.unwrap();
    let number = control_number("991000000001");
    let assigned = tx.bills().assign_number(id, number).await.unwrap();
    meanwhile().await;
    tx.commit().await.unwrap();
    assigned
}

pub(crate) async fn of_two_bills_given_one_number_at_once_one_has_it(
    one: &dyn Store,
    other: &dyn Store,
) {
    make(one, &bill("b1", 1)).await;
    make(one, &bill("b2", 2)).await;
    let (some, more) = join(assign(one, "b1"), assign(other, "b2")).await;
    assert!(some != more, "{some} {more}");
}

/// Records a payment with the reference that both have, and gives whether it was the first.
async fn record_first(store: &dyn Store, id: &str) -> bool {
    let mut tx = store.write().await.unwrap();
    let mut payments = tx.payments();
    let known = payments.by_reference("gepg", "ref").await.unwrap();
    meanwhile().await;
    let mut told = payment(id);
    "ref".clone_into(&mut told.reference);
    assert_eq!(payments.record(&told).await.unwrap(), Recorded::New);
    drop(payments);
    tx.commit().await.unwrap();
    known.is_none()
}

pub(crate) async fn of_two_payments_with_one_reference_at_once_the_second_knows_of_the_first(
    one: &dyn Store,
    other: &dyn Store,
) {
    let (some, more) = join(record_first(one, "p1"), record_first(other, "p2")).await;
    assert!(some != more, "{some} {more}");
}

/// Whether the bill was queued when it was read; then it is what it was read as until it is moved.
async fn settle_if_queued(store: &dyn Store) -> bool {
    let mut tx = store.write().await.unwrap();
    let state = tx.bills().get("b1").await.unwrap().unwrap().state;
    meanwhile().await;
    let queued = [BillState::Queued];
    let moved = tx
        .bills()
        .advance("b1", &queued, BillState::Settled, at(1))
        .await;
    assert_eq!(moved.unwrap(), state == BillState::Queued);
    tx.commit().await.unwrap();
    state == BillState::Queued
}

pub(crate) async fn a_row_that_a_write_has_read_stays_as_it_was_read(
    one: &dyn Store,
    other: &dyn Store,
) {
    make(one, &bill("b1", 1)).await;
    let (some, more) = join(settle_if_queued(one), settle_if_queued(other)).await;
    assert!(some != more, "{some} {more}");
}

/// Guesses wrong, and gives how many wrong tries there were before.
async fn guess(store: &dyn Store) -> u32 {
    let mut tx = store.write().await.unwrap();
    let mut effects = tx.effects();
    let answer = effects.waiting(&phone(1), "chf", at(1)).await.unwrap();
    meanwhile().await;
    effects.wrong_try(key(0)).await.unwrap();
    drop(effects);
    tx.commit().await.unwrap();
    answer.unwrap().wrong_tries
}

pub(crate) async fn of_two_guesses_at_once_the_second_knows_of_the_first(
    one: &dyn Store,
    other: &dyn Store,
) {
    let mut tx = one.write().await.unwrap();
    tx.effects().intend(&intent(0)).await.unwrap();
    tx.effects()
        .keep_answer(key(0), b"state", at(9))
        .await
        .unwrap();
    tx.commit().await.unwrap();
    let (some, more) = join(guess(one), guess(other)).await;
    assert_eq!(some.min(more), 0);
    assert_eq!(some.max(more), 1);
}

pub(crate) async fn a_phones_messages_are_numbered_in_the_order_in_which_they_are_kept(
    one: &dyn Store,
    other: &dyn Store,
) {
    let first = async {
        let mut tx = one.write().await.unwrap();
        let id = tx.messages().queue(&message("a", &phone(1))).await.unwrap();
        meanwhile().await;
        meanwhile().await;
        tx.commit().await.unwrap();
        id
    };
    let second = async {
        meanwhile().await;
        let mut tx = other.write().await.unwrap();
        let id = tx.messages().queue(&message("b", &phone(1))).await.unwrap();
        // Whoever has seen this one asks for none before it: all of them must be there.
        let mut reading = one.read().await.unwrap();
        let first = reading.messages().get(id.unwrap() - 1).await.unwrap();
        assert!(first.is_some());
        drop(reading);
        tx.commit().await.unwrap();
        id
    };
    let (first, second) = join(first, second).await;
    assert!(first < second, "{first:?} {second:?}");
}

pub(crate) async fn a_receipt_and_the_answer_that_come_at_once_find_each_other(
    one: &dyn Store,
    other: &dyn Store,
) {
    for (answer, receipt_comes) in [(0, 10), (10, 0), (0, 0)] {
        let wait = |millis| tokio::time::sleep(Duration::from_millis(millis));
        let their_id = format!("{answer} {receipt_comes}");
        let mut tx = one.write().await.unwrap();
        let queued = tx.messages().queue(&message(&their_id, &phone(1))).await;
        let id = queued.unwrap().unwrap();
        tx.commit().await.unwrap();
        let answered = async {
            wait(answer).await;
            let mut tx = one.write().await.unwrap();
            tx.messages().sent(&handover(id, &their_id)).await.unwrap();
            meanwhile().await;
            tx.commit().await.unwrap();
        };
        let received = async {
            wait(receipt_comes).await;
            let mut tx = other.write().await.unwrap();
            let delivered = told(&their_id, MessageState::Delivered);
            tx.receipts().keep(&receipt(delivered)).await.unwrap();
            meanwhile().await;
            tx.commit().await.unwrap();
        };
        join(answered, received).await;
        let mut tx = one.read().await.unwrap();
        let state = tx.messages().get(id).await.unwrap().unwrap().state;
        assert_eq!(state, MessageState::Delivered, "{their_id}");
        assert_eq!(tx.receipts().of(id).await.unwrap().len(), 1);
    }
}

/// Whether an SMS without id was kept as new.
async fn comes(store: &dyn Store) -> bool {
    let mut tx = store.write().await.unwrap();
    let kept = tx.incoming().keep(&incoming(None)).await.unwrap();
    meanwhile().await;
    tx.commit().await.unwrap();
    kept.is_some()
}

pub(crate) async fn an_sms_without_id_that_comes_to_both_at_once_is_kept_once(
    one: &dyn Store,
    other: &dyn Store,
) {
    let (some, more) = join(comes(one), comes(other)).await;
    assert!(some != more, "{some} {more}");
}

/// Takes the oldest two SMS that came, answers them and gives how many they were.
async fn take_two(store: &dyn Store) -> usize {
    let mut tx = store.write().await.unwrap();
    let next = tx.incoming().next(2).await.unwrap();
    meanwhile().await;
    for taken in &next {
        assert!(tx.incoming().done(taken.id).await.unwrap());
    }
    tx.commit().await.unwrap();
    next.len()
}

pub(crate) async fn two_nodes_never_take_one_sms_that_came(one: &dyn Store, other: &dyn Store) {
    let mut tx = one.write().await.unwrap();
    for their_id in ["1", "2", "3", "4"] {
        let came = incoming(Some(their_id));
        tx.incoming().keep(&came).await.unwrap();
    }
    tx.commit().await.unwrap();
    assert_eq!(join(take_two(one), take_two(other)).await, (2, 2));
    let mut tx = one.read().await.unwrap();
    assert_eq!(tx.incoming().next(9).await.unwrap(), []);
}
