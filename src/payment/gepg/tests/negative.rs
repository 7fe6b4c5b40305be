//! Every spoilt message of `tests/payments/negative`, and every rightly signed one that must not
//! settle a bill.

use super::world::{BILL, World, path, recorded};
use crate::{
    payment::bill::BillEvent,
    store::{BillState, PaymentOutcome, Store},
};

/// What is to come of a recorded message, given the open bill that it is about.
struct Expected {
    file: &'static str,
    code: &'static str,
    state: BillState,
    quarantined: u64,
    /// Gateway clearing, contributions due, suspense, member credit.
    books: [i64; 4],
}

const fn refused(file: &'static str) -> Expected {
    Expected {
        file,
        code: "7303",
        state: BillState::Payable,
        quarantined: 0,
        books: [0, 0, 0, 0],
    }
}

const fn settled(file: &'static str) -> Expected {
    Expected {
        file,
        code: "7101",
        state: BillState::Settled,
        quarantined: 0,
        books: [30_000, -30_000, 0, 0],
    }
}

const fn waits(file: &'static str, suspense: i64) -> Expected {
    Expected {
        file,
        code: "7101",
        state: BillState::Payable,
        quarantined: 1,
        books: [suspense, 0, -suspense, 0],
    }
}

const EXPECTED: &[Expected] = &[
    refused("01_tampered_amount.xml"),
    refused("02_rogue_key.xml"),
    refused("03_pretty_printed_after_signing.xml"),
    settled("04_ok_whitespace_outside_element.xml"),
    settled("05_ok_signature_wrapped_64.xml"),
    refused("06_wrong_digest_sha256_on_v4.xml"),
    refused("07_sha1_on_v5.xml"),
    Expected {
        state: BillState::PartPaid,
        books: [29_000, -29_000, 0, 0],
        ..settled("09_exact_bill_underpaid.xml")
    },
    Expected {
        books: [35_000, -30_000, 0, -5_000],
        ..settled("10_overpaid.xml")
    },
    waits("11_unknown_bill.xml", 30_000),
    // In its own currency; the shilling books do not know of it.
    waits("12_currency_mismatch.xml", 0),
    waits("13_billid_and_control_number_disagree.xml", 30_000),
    refused("15_doctype.xml"),
    waits("17_empty_TrxId.xml", 30_000),
    waits("18_negative_amount.xml", 0),
    refused("20_missing_signature.xml"),
    refused("21_placeholder_signature.xml"),
    // About another bill; it has its own test below.
    Expected {
        file: "22_late_control_number.xml",
        code: "7101",
        state: BillState::Payable,
        quarantined: 0,
        books: [0, 0, 0, 0],
    },
];

#[test]
fn every_recorded_negative_is_expected_to_come_to_something() {
    let mut there: Vec<_> = std::fs::read_dir(path("negative"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    there.sort();
    let expected: Vec<_> = EXPECTED.iter().map(|expected| expected.file).collect();
    assert_eq!(there, expected);
}

#[tokio::test]
async fn every_recorded_negative_comes_to_what_it_must_and_is_kept_raw() {
    for expected in EXPECTED {
        let file = format!("negative/{}", expected.file);
        let world = World::with_payable_bill().await;
        let answer = world.receive_recorded(&file).await;
        assert_eq!(answer, (200, expected.code.to_owned()), "{file}");
        assert_eq!(world.state().await, expected.state, "{file}");
        assert_eq!(world.quarantined().await, expected.quarantined, "{file}");
        assert_eq!(world.books().await, expected.books, "{file}");
        assert_eq!(world.raw(1).await, Some(recorded(&file)), "{file}");
    }
}

#[tokio::test]
async fn money_without_a_transaction_id_that_comes_again_is_recorded_once() {
    let world = World::with_payable_bill().await;
    world.receive_recorded("negative/17_empty_TrxId.xml").await;
    world.receive_recorded("negative/17_empty_TrxId.xml").await;
    assert_eq!(
        (world.quarantined().await, world.books().await),
        (1, [30_000, 0, -30_000, 0])
    );
}

#[tokio::test]
async fn a_control_number_that_comes_after_a_time_out_is_taken() {
    let world = World::with_payable_bill().await;
    world.add("TCH2026112000009", "late").await;
    world
        .happen("TCH2026112000009", BillEvent::Unanswered)
        .await;
    world
        .receive_recorded("negative/22_late_control_number.xml")
        .await;
    assert_eq!(
        world.bill("TCH2026112000009").await.state,
        BillState::Payable
    );
}

#[tokio::test]
async fn underpaid_money_is_shown_with_its_bill() {
    let world = World::with_payable_bill().await;
    world
        .receive_recorded("negative/09_exact_bill_underpaid.xml")
        .await;
    let mut transaction = world.store.read().await.unwrap();
    let phone = crate::model::Msisdn::parse("+255700000001").unwrap();
    let payment = transaction
        .payments()
        .last(&phone, None)
        .await
        .unwrap()
        .unwrap();
    assert_eq!(payment.recorded.bill.as_deref(), Some(BILL));
    assert_eq!(payment.recorded.outcome, PaymentOutcome::Part);
}
