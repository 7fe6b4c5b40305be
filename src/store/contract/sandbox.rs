use futures_util::future::join_all;

use super::world::{ASHA, NEEMA, at, control_number, day, member, phone, tzs};
use crate::store::{SandboxPolicy, Store};

fn policy(receipt: &str, from: &str, to: &str) -> SandboxPolicy {
    SandboxPolicy {
        member: member(ASHA),
        from: day(from),
        to: day(to),
        paid: tzs(30_000),
        receipt: receipt.to_owned(),
    }
}

pub(crate) async fn cover_is_written_once_for_its_receipt(store: &dyn Store) {
    let mut tx = store.write().await.unwrap();
    let mut sandbox = tx.sandbox();
    let first = policy("r1", "2026-03-02", "2027-03-01");
    assert!(sandbox.add_policy(&first).await.unwrap());
    let again = policy("r1", "2027-03-02", "2028-03-01");
    assert!(!sandbox.add_policy(&again).await.unwrap());
    let last = sandbox.last_policy(member(ASHA)).await.unwrap();
    assert_eq!(last, Some(first));
}

pub(crate) async fn the_cover_that_ends_last_is_found(store: &dyn Store) {
    let mut tx = store.write().await.unwrap();
    let mut sandbox = tx.sandbox();
    assert_eq!(sandbox.last_policy(member(ASHA)).await.unwrap(), None);
    let long = policy("r1", "2026-03-02", "2027-03-01");
    sandbox.add_policy(&long).await.unwrap();
    let earlier = policy("r2", "2025-03-02", "2026-03-01");
    sandbox.add_policy(&earlier).await.unwrap();
    assert_eq!(sandbox.last_policy(member(ASHA)).await.unwrap(), Some(long));
    assert_eq!(sandbox.last_policy(member(NEEMA)).await.unwrap(), None);
}

pub(crate) async fn control_numbers_come_in_sequence_also_at_once(store: &dyn Store) {
    let bills = (1..=20).map(|number| async move {
        let mut tx = store.write().await.unwrap();
        let bill = format!("b{number}");
        let taken = tx
            .sandbox()
            .take_bill(&bill, tzs(1), "Asha Juma", &phone(1))
            .await;
        // Every second one is undone: no number is lost by that.
        if number % 2 == 0 {
            tx.commit().await.unwrap();
            return Some(taken.unwrap().number.to_string());
        }
        None
    });
    let mut numbers: Vec<_> = join_all(bills).await.into_iter().flatten().collect();
    numbers.sort_unstable();
    let expected: Vec<_> = (1..=10).map(|row| format!("991{row:09}")).collect();
    assert_eq!(numbers, expected);
}

pub(crate) async fn a_bill_taken_again_keeps_its_number(store: &dyn Store) {
    let mut tx = store.write().await.unwrap();
    let mut sandbox = tx.sandbox();
    for _ in 0..2 {
        let bill = sandbox
            .take_bill("b1", tzs(30_000), "Asha Juma", &phone(1))
            .await
            .unwrap();
        assert_eq!(bill.number, control_number("991000000001"));
    }
    let next = sandbox
        .take_bill("b2", tzs(5), "Neema Mushi", &phone(2))
        .await
        .unwrap();
    assert_eq!(next.number, control_number("991000000002"));
    let found = sandbox.bill(next.number).await.unwrap().unwrap();
    assert_eq!((found.bill.as_str(), found.amount), ("b2", tzs(5)));
    assert_eq!(
        (found.payer.as_str(), found.phone),
        ("Neema Mushi", phone(2))
    );
    assert_eq!(found.paid_at, None);
    for strange in ["991000000003", "992000000001"] {
        let found = sandbox.bill(control_number(strange)).await.unwrap();
        assert!(found.is_none(), "{strange}");
    }
}

pub(crate) async fn a_sandbox_bill_is_paid_once(store: &dyn Store) {
    let mut tx = store.write().await.unwrap();
    let mut sandbox = tx.sandbox();
    let bill = sandbox
        .take_bill("b1", tzs(1), "Asha Juma", &phone(1))
        .await
        .unwrap();
    assert!(sandbox.pay_bill(bill.number, at(5)).await.unwrap());
    assert!(!sandbox.pay_bill(bill.number, at(6)).await.unwrap());
    let paid = sandbox.bill(bill.number).await.unwrap().unwrap();
    assert_eq!(paid.paid_at, Some(at(5)));
    let nobodys = control_number("991000000009");
    assert!(!sandbox.pay_bill(nobodys, at(5)).await.unwrap());
}
