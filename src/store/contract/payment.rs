use futures_util::future::join_all;

use super::world::{NEEMA, at, bill, make, member, payment, phone};
use crate::store::{Booking, NewPayment, Payment, PaymentOutcome, PaymentState, Recorded, Store};

fn of_bill(id: &str, bill: &str, paid_at: i64) -> NewPayment {
    NewPayment {
        bill: Some(bill.to_owned()),
        paid_at: at(paid_at),
        ..payment(id)
    }
}

pub(crate) async fn a_payment_reads_as_it_was_recorded(store: &dyn Store) {
    make(store, &bill("b1", 1)).await;
    let mut tx = store.write().await.unwrap();
    let matched = of_bill("p1", "b1", 10);
    let mut unmatched = payment("p2");
    unmatched.number = None;
    unmatched.state = PaymentState::Quarantined;
    unmatched.reason = "no such bill".to_owned();
    for recorded in [matched, unmatched] {
        assert_eq!(
            tx.payments().record(&recorded).await.unwrap(),
            Recorded::New
        );
        let kept = tx.payments().get(&recorded.id).await.unwrap().unwrap();
        assert_eq!(format!("{:?}", kept.recorded), format!("{recorded:?}"));
        assert_eq!(kept.state, recorded.state);
    }
    assert!(tx.payments().get("p3").await.unwrap().is_none());
}

pub(crate) async fn a_payment_told_again_is_known_and_another_with_its_key_a_conflict(
    store: &dyn Store,
) {
    let mut tx = store.write().await.unwrap();
    let mut payments = tx.payments();
    payments.record(&payment("p1")).await.unwrap();
    let mut again = payment("p2");
    again.provider_key = payment("p1").provider_key;
    assert_eq!(payments.record(&again).await.unwrap(), Recorded::Again);
    again.payload_hash = [4; 32];
    assert_eq!(payments.record(&again).await.unwrap(), Recorded::Conflict);
    assert!(payments.get("p2").await.unwrap().is_none());
    again.provider = "other".to_owned();
    assert_eq!(payments.record(&again).await.unwrap(), Recorded::New);
}

pub(crate) async fn of_one_payment_told_at_once_one_is_new(store: &dyn Store) {
    let notices = (0..8).map(|notice| async move {
        let mut told = payment("p");
        told.id = format!("p{notice}");
        let mut tx = store.write().await.unwrap();
        let recorded = tx.payments().record(&told).await.unwrap();
        tx.commit().await.unwrap();
        recorded
    });
    let recorded = join_all(notices).await;
    let new = recorded.iter().filter(|one| **one == Recorded::New).count();
    let again = recorded
        .iter()
        .filter(|one| **one == Recorded::Again)
        .count();
    assert_eq!((new, again), (1, 7));
}

pub(crate) async fn two_payments_with_one_reference_are_both_there(store: &dyn Store) {
    let mut tx = store.write().await.unwrap();
    let mut payments = tx.payments();
    let mut second = payment("p2");
    second.reference = payment("p1").reference;
    payments.record(&payment("p1")).await.unwrap();
    assert_eq!(payments.record(&second).await.unwrap(), Recorded::New);
    let found = payments.by_reference("gepg", "ref p1").await.unwrap();
    assert_eq!(found.unwrap().recorded.id, "p1");
    assert!(payments.get("p2").await.unwrap().is_some());
    assert!(
        payments
            .by_reference("other", "ref p1")
            .await
            .unwrap()
            .is_none()
    );
}

pub(crate) async fn the_last_payment_is_of_the_phones_or_the_members_bill(store: &dyn Store) {
    make(store, &bill("own", 1)).await;
    let mut of_member = bill("the member's", 1);
    of_member.member = member(NEEMA);
    of_member.key.family = NEEMA.to_owned();
    of_member.phone = phone(2);
    make(store, &of_member).await;
    let mut tx = store.write().await.unwrap();
    let mut payments = tx.payments();
    for told in [
        of_bill("p1", "own", 20),
        of_bill("p2", "own", 10),
        of_bill("p3", "the member's", 30),
        payment("of no bill"),
    ] {
        payments.record(&told).await.unwrap();
    }
    let own = payments.last(&phone(1), None).await.unwrap();
    assert_eq!(own.unwrap().recorded.id, "p1");
    let of_member = payments.last(&phone(1), Some(member(NEEMA))).await.unwrap();
    assert_eq!(of_member.unwrap().recorded.id, "p3");
    assert!(payments.last(&phone(3), None).await.unwrap().is_none());
}

pub(crate) async fn a_payment_moves_from_the_states_it_should(store: &dyn Store) {
    let mut tx = store.write().await.unwrap();
    let mut payments = tx.payments();
    payments.record(&payment("p1")).await.unwrap();
    let posted = [PaymentState::Posted];
    for (id, moves) in [("p1", true), ("p1", false), ("p3", false)] {
        let moved = payments
            .advance(id, &posted, PaymentState::SchemeTold, at(1))
            .await;
        assert_eq!(moved.unwrap(), moves, "{id}");
    }
    let kept = payments.get("p1").await.unwrap().unwrap();
    assert_eq!(kept.state, PaymentState::SchemeTold);
    assert_eq!(kept.recorded.state, PaymentState::Posted);
    for to in PaymentState::ALL {
        let moved = payments.advance("p1", &PaymentState::ALL, to, at(2)).await;
        assert!(moved.unwrap());
        assert_eq!(payments.get("p1").await.unwrap().unwrap().state, to);
    }
}

pub(crate) async fn a_payment_is_found_by_all_that_tells_it_apart(store: &dyn Store) {
    let mut tx = store.write().await.unwrap();
    let mut payments = tx.payments();
    let mut second = payment("p2");
    second.gateway_reference = payment("p1").gateway_reference;
    payments.record(&payment("p1")).await.unwrap();
    payments.record(&second).await.unwrap();
    let by_key = payments.by_key("gepg", "SP1/p2").await.unwrap();
    assert_eq!(by_key.unwrap().recorded.id, "p2");
    assert!(payments.by_key("other", "SP1/p2").await.unwrap().is_none());
    let found = payments
        .by_gateway_reference("gepg", "ref p1")
        .await
        .unwrap();
    assert_eq!(found.len(), 2);
    let found = payments.by_receipt("receipt p1").await.unwrap();
    let [one] = &found[..] else {
        panic!("{found:?}");
    };
    assert_eq!(one.recorded.id, "p1");
    assert!(payments.by_receipt("none").await.unwrap().is_empty());
}

pub(crate) async fn unmatched_money_is_found_by_bill_and_number_until_it_is_booked(
    store: &dyn Store,
) {
    make(store, &bill("b1", 1)).await;
    let mut tx = store.write().await.unwrap();
    let mut payments = tx.payments();
    for id in ["p1", "p2"] {
        let mut unmatched = payment(id);
        unmatched.state = PaymentState::Unmatched;
        unmatched.outcome = PaymentOutcome::Nothing;
        payments.record(&unmatched).await.unwrap();
    }
    payments.record(&payment("p3")).await.unwrap();
    let number = payment("p1").number;
    let ids = |found: Vec<Payment>| -> Vec<String> {
        found
            .into_iter()
            .map(|payment| payment.recorded.id)
            .collect()
    };
    let found = payments.unmatched("bill of p2", None).await.unwrap();
    assert_eq!(ids(found), ["p2"]);
    let found = payments.unmatched("bill of p2", number).await.unwrap();
    assert_eq!(ids(found), ["p1", "p2"]);
    let booking = Booking {
        bill: Some("b1".to_owned()),
        outcome: PaymentOutcome::Part,
        reason: "found".to_owned(),
    };
    payments.book("p1", &booking).await.unwrap();
    let from = [PaymentState::Unmatched];
    payments
        .advance("p1", &from, PaymentState::Posted, at(3))
        .await
        .unwrap();
    let found = payments.unmatched("bill of p1", number).await.unwrap();
    assert_eq!(ids(found), ["p2"]);
    let booked = payments.get("p1").await.unwrap().unwrap().recorded;
    assert_eq!(booked.bill.as_deref(), Some("b1"));
    assert_eq!(
        (booked.outcome, booked.reason.as_str()),
        (PaymentOutcome::Part, "found")
    );
}

pub(crate) async fn quarantined_payments_are_counted(store: &dyn Store) {
    let mut tx = store.write().await.unwrap();
    let mut payments = tx.payments();
    payments.record(&payment("p1")).await.unwrap();
    assert_eq!(payments.quarantined().await.unwrap(), 0);
    let waits = [PaymentState::Quarantined, PaymentState::Unmatched];
    for (id, state) in ["p2", "p3"].into_iter().zip(waits) {
        let mut quarantined = payment(id);
        quarantined.state = state;
        payments.record(&quarantined).await.unwrap();
    }
    assert_eq!(payments.quarantined().await.unwrap(), 2);
}

pub(crate) async fn a_payment_is_not_of_a_bill_that_is_not_there(store: &dyn Store) {
    let mut tx = store.write().await.unwrap();
    let told = of_bill("p1", "nowhere", 10);
    assert!(tx.payments().record(&told).await.is_err());
}
