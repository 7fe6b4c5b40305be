use super::world::{ASHA, NEEMA, at, bill, control_number, day, make, member, phone, tzs};
use crate::{
    model::Language,
    store::{Agreed, Bill, BillState, NewBill, Share, Store},
};

/// Makes the bill and moves it to payable.
async fn make_payable(store: &dyn Store, bill: &NewBill) {
    make(store, bill).await;
    let mut tx = store.write().await.unwrap();
    let moved = tx
        .bills()
        .advance(&bill.id, &[BillState::Queued], BillState::Payable, at(0))
        .await;
    assert!(moved.unwrap());
    tx.commit().await.unwrap();
}

pub(crate) async fn a_bill_reads_as_it_was_made(store: &dyn Store) {
    let mut tx = store.write().await.unwrap();
    let made = tx.bills().make(&bill("b1", 1)).await.unwrap();
    let kept = tx.bills().get("b1").await.unwrap().unwrap();
    for seen in [made, kept] {
        assert_eq!(format!("{:?}", seen.made), format!("{:?}", bill("b1", 1)));
        assert_eq!(seen.made.phone, phone(1));
        assert_eq!((seen.state, seen.number), (BillState::Queued, None));
    }
    assert!(tx.bills().get("b2").await.unwrap().is_none());
}

pub(crate) async fn of_two_bills_with_one_key_the_first_is_there(store: &dyn Store) {
    let mut tx = store.write().await.unwrap();
    tx.bills().make(&bill("b1", 1)).await.unwrap();
    let second = tx.bills().make(&bill("b2", 1)).await.unwrap();
    assert_eq!(second.made.id, "b1");
    assert!(tx.bills().get("b2").await.unwrap().is_none());
    let reused = tx.bills().make(&bill("b1", 2)).await;
    assert!(reused.is_err(), "one id names two bills");
}

pub(crate) async fn a_bill_is_given_to_phones_each_told_once(store: &dyn Store) {
    let share = |last, language, from| Share {
        phone: phone(last),
        member: member(ASHA),
        language,
        set: "chf".to_owned(),
        from: day(from),
        to: day("2027-03-01"),
    };
    let mut tx = store.write().await.unwrap();
    let mut bills = tx.bills();
    bills.make(&bill("b1", 1)).await.unwrap();
    bills.make(&bill("b2", 2)).await.unwrap();
    for given in [
        share(2, Language::ENGLISH, "2026-03-02"),
        share(2, Language::ENGLISH, "2026-03-03"),
        share(1, Language::SWAHILI, "2026-03-02"),
        share(1, Language::FRENCH, "2026-03-02"),
    ] {
        bills.share("b1", &given).await.unwrap();
    }
    let shares = bills.shares("b1").await.unwrap();
    let told: Vec<_> = shares.iter().map(|it| (&it.phone, it.language)).collect();
    assert_eq!(
        told,
        [
            (&phone(1), Language::FRENCH),
            (&phone(2), Language::ENGLISH)
        ]
    );
    let [own] = &bills.shares("b2").await.unwrap()[..] else {
        panic!("a bill's first phone is the one that asked");
    };
    assert_eq!(*own, share(1, Language::SWAHILI, "2026-03-02"));
}

pub(crate) async fn a_bill_is_found_by_who_agreed_and_to_what(store: &dyn Store) {
    let agreed = Agreed {
        member: member(ASHA),
        persons: 4,
        amount: tzs(30_000),
        from: day("2026-03-02"),
        to: day("2027-03-01"),
    };
    let mut tx = store.write().await.unwrap();
    let mut bills = tx.bills();
    bills.make(&bill("b1", 1)).await.unwrap();
    bills.make(&bill("b2", 2)).await.unwrap();
    let found = bills.given(&phone(1), &agreed).await.unwrap();
    assert_eq!(found.unwrap().made.id, "b2");
    for other in [
        Agreed {
            member: member(NEEMA),
            ..agreed.clone()
        },
        Agreed {
            persons: 5,
            ..agreed.clone()
        },
        Agreed {
            amount: tzs(35_000),
            ..agreed.clone()
        },
        Agreed {
            from: day("2026-03-03"),
            ..agreed.clone()
        },
        Agreed {
            to: day("2027-03-02"),
            ..agreed.clone()
        },
    ] {
        let found = bills.given(&phone(1), &other).await.unwrap();
        assert!(found.is_none(), "{other:?}");
    }
    assert!(bills.given(&phone(2), &agreed).await.unwrap().is_none());
}

pub(crate) async fn the_newest_generation_is_found_by_any(store: &dyn Store) {
    let mut tx = store.write().await.unwrap();
    let key = bill("b1", 1).key;
    assert!(tx.bills().newest(&key).await.unwrap().is_none());
    for (id, generation) in [("b1", 1), ("b3", 3), ("b2", 2)] {
        tx.bills().make(&bill(id, generation)).await.unwrap();
    }
    let newest = tx.bills().newest(&key).await.unwrap().unwrap();
    assert_eq!(
        (newest.made.id.as_str(), newest.made.key.generation),
        ("b3", 3)
    );
    let mut other = key;
    other.period = "after 2027-03-01".to_owned();
    assert!(tx.bills().newest(&other).await.unwrap().is_none());
}

pub(crate) async fn a_bill_moves_from_the_states_it_should(store: &dyn Store) {
    make(store, &bill("b1", 1)).await;
    let mut tx = store.write().await.unwrap();
    let mut bills = tx.bills();
    for (id, from, moves) in [
        ("b1", [BillState::Payable, BillState::Settled], false),
        ("b1", [BillState::SubmitUnknown, BillState::Queued], true),
        ("b1", [BillState::SubmitUnknown, BillState::Queued], false),
        ("b2", [BillState::SubmitUnknown, BillState::Queued], false),
    ] {
        let moved = bills
            .advance(id, &from, BillState::AwaitingNumber, at(1))
            .await;
        assert_eq!(moved.unwrap(), moves, "{id} {from:?}");
    }
    assert!(
        !bills
            .advance("b1", &[], BillState::Settled, at(1))
            .await
            .unwrap()
    );
    let state = bills.get("b1").await.unwrap().unwrap().state;
    assert_eq!(state, BillState::AwaitingNumber);
    for to in BillState::ALL {
        assert!(
            bills
                .advance("b1", &BillState::ALL, to, at(2))
                .await
                .unwrap()
        );
        assert_eq!(bills.get("b1").await.unwrap().unwrap().state, to);
    }
}

pub(crate) async fn a_number_is_given_once_to_one_bill(store: &dyn Store) {
    make(store, &bill("b1", 1)).await;
    make(store, &bill("b2", 2)).await;
    let number = control_number("991000000001");
    let other = control_number("991000000002");
    let mut tx = store.write().await.unwrap();
    let mut bills = tx.bills();
    assert!(bills.by_number(number).await.unwrap().is_none());
    assert!(bills.assign_number("b1", number).await.unwrap());
    assert!(
        bills.assign_number("b1", number).await.unwrap(),
        "the same again"
    );
    assert!(
        !bills.assign_number("b1", other).await.unwrap(),
        "it has one"
    );
    assert!(
        !bills.assign_number("b2", number).await.unwrap(),
        "it is taken"
    );
    assert!(
        !bills.assign_number("b3", other).await.unwrap(),
        "no such bill"
    );
    let found = bills.by_number(number).await.unwrap().unwrap();
    assert_eq!((found.made.id.as_str(), found.number), ("b1", Some(number)));
    assert!(bills.by_number(other).await.unwrap().is_none());
}

pub(crate) async fn another_number_of_a_bill_finds_it_and_is_no_others(store: &dyn Store) {
    make(store, &bill("b1", 1)).await;
    make(store, &bill("b2", 2)).await;
    let numbers = ["991000000001", "991000000002", "991000000003"].map(control_number);
    let mut tx = store.write().await.unwrap();
    let mut bills = tx.bills();
    assert!(bills.assign_number("b1", numbers[0]).await.unwrap());
    for (id, number, kept) in [
        ("b1", numbers[1], true),
        ("b1", numbers[1], false),
        ("b2", numbers[1], false),
        ("b2", numbers[0], false),
    ] {
        let found = bills.keep_alias(id, number, at(1)).await.unwrap();
        assert_eq!(found, kept, "{id} {number}");
    }
    assert!(!bills.assign_number("b2", numbers[1]).await.unwrap());
    let found = bills.by_number(numbers[1]).await.unwrap().unwrap();
    assert_eq!(
        (found.made.id.as_str(), found.number),
        ("b1", Some(numbers[0]))
    );
    assert!(bills.by_number(numbers[2]).await.unwrap().is_none());
}

pub(crate) async fn a_bill_is_flagged_whatever_its_state(store: &dyn Store) {
    make(store, &bill("b1", 1)).await;
    let mut tx = store.write().await.unwrap();
    for why in ["short by 300", ""] {
        tx.bills().flag("b1", why).await.unwrap();
        assert_eq!(tx.bills().get("b1").await.unwrap().unwrap().flag, why);
    }
}

pub(crate) async fn husband_and_wife_find_the_bill_of_their_family(store: &dyn Store) {
    let mut tx = store.write().await.unwrap();
    let mut bills = tx.bills();
    bills.make(&bill("b1", 1)).await.unwrap();
    let mut hers = bill("b2", 1);
    hers.member = member(NEEMA);
    hers.phone = phone(2);
    assert_eq!(bills.make(&hers).await.unwrap().made.id, "b1");
    bills.share("b1", &hers.first_share()).await.unwrap();
    let agreed = Agreed {
        member: member(NEEMA),
        persons: 4,
        amount: tzs(30_000),
        from: day("2026-03-02"),
        to: day("2027-03-01"),
    };
    let given = bills.given(&phone(2), &agreed).await.unwrap();
    assert_eq!(given.unwrap().made.id, "b1");
    assert!(bills.given(&phone(1), &agreed).await.unwrap().is_none());
}

pub(crate) async fn payable_bills_are_the_phones_and_the_members_newest_first(store: &dyn Store) {
    let of_phone = bill("of the phone", 1);
    let mut of_both = bill("of both", 2);
    of_both.member = member(NEEMA);
    let mut of_member = bill("of the member", 3);
    of_member.member = member(NEEMA);
    of_member.phone = phone(2);
    let mut of_others = bill("of others", 4);
    of_others.phone = phone(2);
    for bill in [&of_phone, &of_both, &of_member, &of_others] {
        make_payable(store, bill).await;
    }
    make(store, &bill("not payable", 5)).await;
    let mut tx = store.read().await.unwrap();
    let mut bills = tx.bills();
    let ids =
        |bills: Vec<Bill>| -> Vec<String> { bills.into_iter().map(|bill| bill.made.id).collect() };
    let own = bills.payable(&phone(1), None).await.unwrap();
    assert_eq!(ids(own), ["of both", "of the phone"]);
    let all = bills.payable(&phone(1), Some(member(NEEMA))).await.unwrap();
    assert_eq!(ids(all), ["of the member", "of both", "of the phone"]);
    let none = bills.payable(&phone(3), None).await.unwrap();
    assert_eq!(none.len(), 0);
}

pub(crate) async fn at_most_twenty_bills_are_payable_at_once(store: &dyn Store) {
    for generation in 1..=21 {
        make_payable(store, &bill(&format!("b{generation}"), generation)).await;
    }
    let mut tx = store.read().await.unwrap();
    let bills = tx.bills().payable(&phone(1), None).await.unwrap();
    assert_eq!(bills.len(), 20);
    assert_eq!(
        (bills[0].made.id.as_str(), bills[19].made.id.as_str()),
        ("b21", "b2")
    );
}
