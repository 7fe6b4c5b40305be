use super::world::{ASHA, at, bill, control_number, make, member, payment, posting, tzs};
use crate::{
    model::Currency,
    store::{
        Account, Bill, BillPosted, BillState, BillsWanted, MoneyDeed, Payment, PaymentPosted,
        PaymentState, PaymentsWanted, Posting, Refund, Store, Sum,
    },
};

pub(crate) async fn bills_and_payments_are_listed_as_wanted(store: &dyn Store) {
    for (id, generation) in [("b1", 1), ("b2", 2), ("b3", 3)] {
        make(store, &bill(id, generation)).await;
    }
    let number = control_number("991000000001");
    let mut tx = store.write().await.unwrap();
    tx.bills().flag("b2", "short").await.unwrap();
    tx.bills().keep_alias("b3", number, at(1)).await.unwrap();
    let ids =
        |bills: Vec<Bill>| -> Vec<String> { bills.into_iter().map(|bill| bill.made.id).collect() };
    for (wanted, expected) in [
        (BillsWanted::Newest, vec!["b3", "b2", "b1"]),
        (
            BillsWanted::InState(BillState::Queued),
            vec!["b3", "b2", "b1"],
        ),
        (BillsWanted::InState(BillState::Payable), vec![]),
        (BillsWanted::Flagged, vec!["b2"]),
        (BillsWanted::Of(member(ASHA)), vec!["b3", "b2", "b1"]),
        (BillsWanted::Numbered(number), vec!["b3"]),
    ] {
        let found = tx.audit().bills(&wanted, 9).await.unwrap();
        assert_eq!(ids(found), expected, "{wanted:?}");
    }
    let one = tx.audit().bills(&BillsWanted::Newest, 1).await.unwrap();
    assert_eq!(ids(one), ["b3"]);
    let mut waiting = payment("p2");
    waiting.state = PaymentState::Unmatched;
    waiting.bill = Some("b1".to_owned());
    waiting.paid_at = at(60);
    tx.payments().record(&payment("p1")).await.unwrap();
    tx.payments().record(&waiting).await.unwrap();
    let ids = |payments: Vec<Payment>| -> Vec<String> {
        payments.into_iter().map(|it| it.recorded.id).collect()
    };
    let between = |from, to| PaymentsWanted::PaidBetween {
        sp_code: "SP1".to_owned(),
        from: at(from),
        to: at(to),
    };
    for (wanted, expected) in [
        (PaymentsWanted::Newest, vec!["p2", "p1"]),
        (PaymentsWanted::Waiting, vec!["p2"]),
        (PaymentsWanted::OfBill("b1".to_owned()), vec!["p2"]),
        (between(10, 60), vec!["p1"]),
        (between(10, 61), vec!["p1", "p2"]),
    ] {
        let found = tx.audit().payments(&wanted, 9).await.unwrap();
        assert_eq!(ids(found), expected, "{wanted:?}");
    }
}

pub(crate) async fn the_sums_of_the_accounts_are_those_of_their_rows(store: &dyn Store) {
    let mut tx = store.write().await.unwrap();
    for reference in ["p1", "p2"] {
        tx.ledger().post(&posting(reference, tzs(3))).await.unwrap();
    }
    let sum = |account: Account, minor| Sum {
        account: account.as_str().to_owned(),
        currency: Currency::TZS,
        rows: minor,
        kept: minor,
    };
    let expected = [
        sum(Account::ContributionsDue, -600),
        sum(Account::GatewayClearing, 600),
    ];
    assert_eq!(tx.audit().sums().await.unwrap(), expected);
}

pub(crate) async fn payments_and_bills_are_compared_with_the_ledger(store: &dyn Store) {
    make(store, &bill("b1", 1)).await;
    make(store, &bill("b2", 2)).await;
    let mut tx = store.write().await.unwrap();
    for id in ["p1", "p2"] {
        tx.payments().record(&payment(id)).await.unwrap();
    }
    let held = Posting {
        credit: Account::Suspense,
        bill: None,
        ..posting("p2", tzs(5))
    };
    tx.ledger().post(&posting("p1", tzs(30_000))).await.unwrap();
    tx.ledger().post(&held).await.unwrap();
    let posted = tx.audit().payments_posted(0, 9).await.unwrap();
    let of = |id: &str, cleared, held| PaymentPosted {
        id: id.to_owned(),
        state: PaymentState::Posted,
        paid: tzs(30_000),
        cleared,
        held,
        refunded: 0,
    };
    let rows: Vec<_> = posted.iter().map(|(_, posted)| posted.clone()).collect();
    assert_eq!(rows, [of("p1", 3_000_000, 0), of("p2", 500, 500)]);
    let rest = tx.audit().payments_posted(posted[0].0, 9).await.unwrap();
    assert_eq!(rest.len(), 1);
    let bills = tx.audit().bills_posted(0, 9).await.unwrap();
    let of = |id: &str, contributed| BillPosted {
        id: id.to_owned(),
        state: BillState::Queued,
        total: 3_000_000,
        credit: 0,
        contributed,
    };
    let rows: Vec<_> = bills.into_iter().map(|(_, posted)| posted).collect();
    assert_eq!(rows, [of("b1", 3_000_000), of("b2", 0)]);
}

pub(crate) async fn entries_are_read_by_period_and_by_what_they_are_about(store: &dyn Store) {
    let mut tx = store.write().await.unwrap();
    let mut later = posting("p2", tzs(4));
    later.posted_at = at(20);
    later.bill = None;
    for posting in [&posting("p1", tzs(3)), &later] {
        tx.ledger().post(posting).await.unwrap();
    }
    let mut audit = tx.audit();
    let all = audit.entries((at(12), at(21)), 0, 9).await.unwrap();
    assert_eq!(all[0].posting, posting("p1", tzs(3)));
    assert_eq!(all[1].posting, later);
    let first = audit.entries((at(12), at(20)), 0, 9).await.unwrap();
    assert_eq!(first, all[..1]);
    let rest = audit.entries((at(0), at(99)), all[0].id, 9).await.unwrap();
    assert_eq!(rest, all[1..]);
    for (subject, found) in [("b1", &all[..1]), ("p2", &all[1..]), ("p3", &all[..0])] {
        assert_eq!(
            audit.entries_about(subject).await.unwrap(),
            found,
            "{subject}"
        );
    }
}

pub(crate) async fn what_a_person_did_is_kept_in_its_order(store: &dyn Store) {
    let deed = |deed: &str| MoneyDeed {
        subject: "p1".to_owned(),
        deed: deed.to_owned(),
        who: "asha".to_owned(),
        why: "she came with her receipt".to_owned(),
        at: at(1),
    };
    let mut tx = store.write().await.unwrap();
    let mut audit = tx.audit();
    for did in ["resolved", "refund asked for"] {
        audit.note(&deed(did)).await.unwrap();
    }
    let kept = audit.deeds("p1").await.unwrap();
    assert_eq!(kept, [deed("resolved"), deed("refund asked for")]);
    assert!(audit.deeds("p2").await.unwrap().is_empty());
}

pub(crate) async fn a_refund_is_asked_for_once_and_approved_by_another(store: &dyn Store) {
    let mut tx = store.write().await.unwrap();
    tx.payments().record(&payment("p1")).await.unwrap();
    let refund = Refund {
        payment: "p1".to_owned(),
        amount: tzs(1_000),
        why: "paid twice".to_owned(),
        asked_by: "asha".to_owned(),
        asked_at: at(1),
        approved_by: None,
    };
    let mut audit = tx.audit();
    assert!(!audit.approve_refund("p1", "juma", at(2)).await.unwrap());
    assert!(audit.ask_refund(&refund).await.unwrap());
    assert!(!audit.ask_refund(&refund).await.unwrap());
    for (who, approves) in [("asha", false), ("juma", true), ("neema", false)] {
        let approved = audit.approve_refund("p1", who, at(2)).await.unwrap();
        assert_eq!(approved, approves, "{who}");
    }
    let kept = audit.refund("p1").await.unwrap().unwrap();
    assert_eq!(kept.approved_by.as_deref(), Some("juma"));
    assert!(audit.refund("p2").await.unwrap().is_none());
    let posted = audit.payments_posted(0, 9).await.unwrap();
    assert_eq!(posted[0].1.refunded, 100_000);
}
