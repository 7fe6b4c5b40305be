use chrono::TimeDelta;

use super::{
    super::message::PaymentNotice,
    world::{BILL, NUMBER, World, acknowledgement, opened, our_keys, recorded},
};
use crate::{
    model::{Clock, ControlNumber},
    payment::{
        bill::BillEvent,
        gepg::{Dialect, envelope::Envelope, message::Acknowledges},
    },
    store::{BillState, NewReconciliation, PaymentState, Store},
};

const EXACT: &str = "gepg-v4/11_gepgPmtSpInfo_exact.xml";

/// The recorded exact payment, changed by replacing a text in it.
fn payment(from: &str, to: &str) -> String {
    let raw = recorded(EXACT);
    let message = Envelope::cut(&raw).unwrap().message;
    assert!(message.contains(from), "{from}");
    message.replace(from, to)
}

fn response(bill: &str, number: &str, status: &str, codes: &str) -> String {
    format!(
        "<gepgBillSubResp><BillTrxInf><BillId>{bill}</BillId><PayCntrNum>{number}</PayCntrNum>\
         <TrxSts>{status}</TrxSts><TrxStsCode>{codes}</TrxStsCode></BillTrxInf></gepgBillSubResp>"
    )
}

fn taken() -> (u16, String) {
    (200, "7101".to_owned())
}

#[tokio::test]
async fn a_control_number_makes_its_bill_payable() {
    let world = World::new().await;
    world.add(BILL, "first").await;
    let answer = world
        .receive_recorded("gepg-v4/07_gepgBillSubResp_ok.xml")
        .await;
    assert_eq!(answer, taken());
    let bill = world.bill(BILL).await;
    assert_eq!(bill.state, BillState::Payable);
    assert_eq!(bill.number, ControlNumber::parse(NUMBER).ok());
    let raw = recorded("gepg-v4/07_gepgBillSubResp_ok.xml");
    assert_eq!(world.raw(1).await, Some(raw));
}

#[tokio::test]
async fn a_control_number_that_comes_again_changes_nothing() {
    let world = World::with_payable_bill().await;
    world.happen(BILL, BillEvent::Paid).await;
    let answer = world
        .receive_recorded("gepg-v4/07_gepgBillSubResp_ok.xml")
        .await;
    assert_eq!((answer, world.state().await), (taken(), BillState::Settled));
}

#[tokio::test]
async fn a_second_control_number_is_kept_beside_the_first_and_money_on_it_is_the_bills() {
    let world = World::with_payable_bill().await;
    let answer = world
        .receive(&response(BILL, "999990000099", "GS", "7101"))
        .await;
    assert_eq!(answer, taken());
    let bill = world.bill(BILL).await;
    assert_eq!(bill.number, ControlNumber::parse(NUMBER).ok());
    assert!(bill.flag.contains("second control number"), "{}", bill.flag);
    let paid = payment("<PayCtrNum>999990000017", "<PayCtrNum>999990000099");
    assert_eq!(world.receive(&paid).await, taken());
    assert_eq!(world.state().await, BillState::Settled);
}

#[tokio::test]
async fn another_bills_control_number_is_acknowledged_and_not_taken() {
    let world = World::with_payable_bill().await;
    world.add("NYOTHER", "second").await;
    assert_eq!(
        world
            .receive(&response("NYOTHER", NUMBER, "GS", "7101"))
            .await,
        taken()
    );
    let other = world.bill("NYOTHER").await;
    assert_eq!((other.state, other.number), (BillState::Queued, None));
}

#[tokio::test]
async fn a_bill_that_the_gateway_refuses_is_rejected_and_has_no_number() {
    let world = World::new().await;
    world.add(BILL, "first").await;
    let answer = world
        .receive_recorded("gepg-v4/08_gepgBillSubResp_failed.xml")
        .await;
    assert_eq!(answer, taken());
    let bill = world.bill(BILL).await;
    assert_eq!((bill.state, bill.number), (BillState::Rejected, None));
}

#[tokio::test]
async fn a_bill_that_the_gateway_could_not_take_yet_goes_on_waiting() {
    for codes in ["7317", "7201;7226", "7303", "7101", "7235"] {
        let world = World::new().await;
        world.add(BILL, "first").await;
        assert_eq!(
            world.receive(&response(BILL, "0", "GF", codes)).await,
            taken()
        );
        assert_eq!(world.state().await, BillState::Queued, "{codes}");
    }
}

#[tokio::test]
async fn success_without_a_control_number_gives_the_bill_none() {
    for number in ["0", "", "123"] {
        let world = World::new().await;
        world.add(BILL, "first").await;
        assert_eq!(
            world.receive(&response(BILL, number, "GS", "7101")).await,
            taken()
        );
        let bill = world.bill(BILL).await;
        assert_eq!(
            (bill.state, bill.number),
            (BillState::Queued, None),
            "{number}"
        );
    }
}

#[tokio::test]
async fn a_control_number_after_the_bills_last_day_is_kept_and_cannot_be_paid() {
    let world = World::new().await;
    world.add(BILL, "first").await;
    world.clock.advance(TimeDelta::days(31));
    world
        .receive_recorded("gepg-v4/07_gepgBillSubResp_ok.xml")
        .await;
    let bill = world.bill(BILL).await;
    assert_eq!(bill.state, BillState::Expired);
    assert_eq!(bill.number, ControlNumber::parse(NUMBER).ok());
}

#[tokio::test]
async fn several_bills_of_one_response_are_taken_together() {
    let world = World::new().await;
    world.add("TCH2026112100018", "a").await;
    world.add("TCH2026112100019", "b").await;
    world
        .receive_recorded("gepg-v4/09_gepgBillSubResp_bulk2.xml")
        .await;
    assert_eq!(
        world.bill("TCH2026112100018").await.state,
        BillState::Payable
    );
    assert_eq!(
        world.bill("TCH2026112100019").await.state,
        BillState::Payable
    );
}

#[tokio::test]
async fn the_exact_payment_of_an_open_bill_is_posted_and_the_scheme_is_to_be_told() {
    let world = World::with_payable_bill().await;
    assert_eq!(world.receive_recorded(EXACT).await, taken());
    assert_eq!(world.state().await, BillState::Settled);
    assert_eq!(world.books().await, [30_000, -30_000, 0, 0]);
    assert_eq!((world.quarantined().await, world.jobs().await), (0, 1));
    let mut transaction = world.store.read().await.unwrap();
    let found = transaction
        .payments()
        .by_reference("gepg", "99926325000017")
        .await;
    let payment = found.unwrap().unwrap();
    assert_eq!(payment.state, PaymentState::Posted);
    assert_eq!(payment.recorded.receipt, "AKR5TEST01");
    assert_eq!(payment.recorded.bill.as_deref(), Some(BILL));
    assert_eq!(
        payment.recorded.paid_at.to_rfc3339(),
        "2026-11-21T07:15:30+00:00"
    );
}

#[tokio::test]
async fn a_payment_that_comes_again_is_acknowledged_again_and_posted_once() {
    let world = World::with_payable_bill().await;
    world.receive_recorded(EXACT).await;
    assert_eq!(world.receive_recorded(EXACT).await, taken());
    let other_form = payment("2026-11-21T10:15:30", "2026-11-21 10:15:30.0");
    assert_eq!(world.receive(&other_form).await, taken());
    assert_eq!(world.books().await, [30_000, -30_000, 0, 0]);
    assert_eq!((world.quarantined().await, world.jobs().await), (0, 1));
    assert_eq!(world.raw(3).await.map(|raw| raw.len() > 500), Some(true));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_payment_many_times_at_once_is_posted_once() {
    let world = World::with_payable_bill().await;
    let raw = recorded(EXACT);
    let all = (0..8).map(|_| world.inbox.receive(&raw));
    for answer in futures_util::future::join_all(all).await {
        assert_eq!(opened(&answer), taken());
    }
    assert_eq!(world.books().await, [30_000, -30_000, 0, 0]);
    assert_eq!((world.quarantined().await, world.jobs().await), (0, 1));
}

#[tokio::test]
async fn the_same_transaction_with_other_content_is_money_for_a_person_to_look_at() {
    let world = World::with_payable_bill().await;
    world.receive_recorded(EXACT).await;
    let other = payment("<PaidAmt>30000.00", "<PaidAmt>31000.00");
    for _ in 0..2 {
        assert_eq!(world.receive(&other).await, taken());
        assert_eq!(world.receive_recorded(EXACT).await, taken());
        assert_eq!(world.books().await, [61_000, -30_000, -31_000, 0]);
        assert_eq!((world.quarantined().await, world.jobs().await), (1, 1));
    }
    assert_eq!(world.state().await, BillState::Settled);
    let mut transaction = world.store.read().await.unwrap();
    let asker = world.bill(BILL).await.made.phone;
    let hers = transaction.payments().last(&asker, None).await.unwrap();
    assert_eq!(hers.unwrap().state, PaymentState::Posted);
}

#[tokio::test]
async fn a_second_payment_of_a_settled_bill_is_its_familys_credit() {
    let world = World::with_payable_bill().await;
    world.receive_recorded(EXACT).await;
    let second = payment("GW202611211015300001", "GW202611211015300002");
    assert_eq!(world.receive(&second).await, taken());
    assert_eq!(world.books().await, [60_000, -30_000, 0, -30_000]);
    assert_eq!((world.quarantined().await, world.jobs().await), (0, 2));
    assert_eq!(world.state().await, BillState::Settled);
}

#[tokio::test]
async fn money_that_is_not_the_exact_payment_of_an_open_bill_goes_to_suspense() {
    for (from, to, why) in [
        ("<SpCode>SP99999", "<SpCode>SP00001", "another provider"),
        ("2026-11-21T10:15:30", "yesterday", "no time"),
        (
            "<PayCtrNum>999990000017",
            "<PayCtrNum>",
            "no control number",
        ),
    ] {
        let world = World::with_payable_bill().await;
        assert_eq!(world.receive(&payment(from, to)).await, taken(), "{why}");
        assert_eq!(world.state().await, BillState::Payable, "{why}");
        assert_eq!(world.books().await, [30_000, 0, -30_000, 0], "{why}");
        assert_eq!(
            (world.quarantined().await, world.jobs().await),
            (1, 0),
            "{why}"
        );
    }
}

#[tokio::test]
async fn money_after_the_bills_last_day_closes_it_and_is_credit() {
    let world = World::with_payable_bill().await;
    let late = payment("2026-11-21T10:15:30", "2026-12-22T00:00:01");
    assert_eq!(world.receive(&late).await, taken());
    assert_eq!(world.state().await, BillState::ClosedWithMoney);
    assert_eq!(world.books().await, [30_000, 0, 0, -30_000]);
}

#[tokio::test]
async fn two_parts_settle_a_bill_and_the_first_does_not() {
    let world = World::new().await;
    for part in [
        "13_gepgPmtSpInfo_partial_1of2",
        "14_gepgPmtSpInfo_partial_2of2",
    ] {
        let raw = recorded(&format!("gepg-v4/{part}.xml"));
        let message = Envelope::cut(&raw).unwrap().message;
        let told = PaymentNotice::read(message).unwrap();
        let entry = &told.paid.entries[0];
        let bill = &entry.bill;
        if part.starts_with("13") {
            let number = entry.number.unwrap().to_string();
            world.add_payable(bill, "parts", &number).await;
        }
        assert_eq!(
            world.receive_recorded(&format!("gepg-v4/{part}.xml")).await,
            taken()
        );
        let bill = world.bill(bill).await;
        let expected = if part.starts_with("13") {
            (BillState::PartPaid, "short by 18000.00")
        } else {
            (BillState::Settled, "")
        };
        assert_eq!((bill.state, bill.flag.as_str()), expected);
    }
    assert_eq!(world.books().await, [30_000, -30_000, 0, 0]);
}

#[tokio::test]
async fn an_amount_that_cannot_be_read_is_recorded_and_not_posted() {
    for (from, to) in [
        ("<PaidAmt>30000.00", "<PaidAmt>30,000"),
        ("<CCy>TZS", "<CCy>shillings"),
        ("<PaidAmt>30000.00", "<PaidAmt>0"),
    ] {
        let world = World::with_payable_bill().await;
        assert_eq!(world.receive(&payment(from, to)).await, taken(), "{to}");
        assert_eq!(
            (world.books().await, world.quarantined().await),
            ([0; 4], 1),
            "{to}"
        );
    }
}

#[tokio::test]
async fn money_on_a_bill_that_has_no_number_yet_waits_for_a_person() {
    let world = World::new().await;
    world.add(BILL, "first").await;
    assert_eq!(world.receive_recorded(EXACT).await, taken());
    assert_eq!(world.books().await, [30_000, 0, -30_000, 0]);
}

#[tokio::test]
async fn several_payments_of_one_notice_are_taken_together() {
    let world = World::new().await;
    world
        .add_payable("TCH2026112100018", "a", "999990000025")
        .await;
    world
        .add_payable("TCH2026112100019", "b", "999990000033")
        .await;
    let answer = world
        .receive_recorded("gepg-v4/15_gepgPmtSpInfo_two_payments.xml")
        .await;
    assert_eq!(answer, taken());
    assert_eq!(world.books().await, [60_000, -60_000, 0, 0]);
    assert_eq!((world.quarantined().await, world.jobs().await), (0, 2));
    // Both bear one reference; a premium is written once for it, so the second has its own.
    let mut transaction = world.store.read().await.unwrap();
    for reference in ["99926325000017", "GW202611211015300012"] {
        let payment = transaction.payments().by_reference("gepg", reference).await;
        assert!(payment.unwrap().is_some(), "{reference}");
    }
}

#[tokio::test]
async fn what_reads_as_no_message_is_kept_and_gets_status_400() {
    let world = World::with_payable_bill().await;
    let no_amount = payment("<PaidAmt>30000.00</PaidAmt>", "");
    assert!(PaymentNotice::read(&no_amount).is_err());
    let unreadable = (400, "7242".to_owned());
    assert_eq!(world.receive(&no_amount).await, unreadable);
    assert_eq!(world.receive("<gepgSpReconcReq/>").await, unreadable);
    assert_eq!(opened(&world.inbox.receive(b"not xml").await), unreadable);
    assert_eq!(opened(&world.inbox.receive(b"").await), unreadable);
    assert_eq!(world.raw(3).await, Some(b"not xml".to_vec()));
    assert_eq!(
        (world.books().await, world.quarantined().await),
        ([0; 4], 0)
    );
}

#[tokio::test]
async fn of_a_body_without_proof_the_beginning_is_kept() {
    let world = World::new().await;
    let answer = world.inbox.receive(&vec![b' '; 1 << 20]).await;
    assert_eq!(opened(&answer), (400, "7242".to_owned()));
    let long = format!("<gepgPmtSpInfo>{}</gepgPmtSpInfo>", " ".repeat(5000));
    let strangers = our_keys().seal(&long).unwrap();
    let answer = world.inbox.receive(&strangers).await;
    assert_eq!(opened(&answer), (200, "7303".to_owned()));
    for (row, sent) in [(1, vec![b' '; 4096]), (2, strangers[..4096].to_vec())] {
        assert_eq!(world.raw(row).await, Some(sent), "{row}");
    }
    // What the gateway signed is kept whole, also where we cannot read it.
    world.receive(&long).await;
    let kept = world.raw(3).await.map(|raw| raw.len() > long.len());
    assert_eq!(kept, Some(true));
}

#[tokio::test]
async fn of_bodies_without_proof_a_thousand_are_kept_in_a_day() {
    let world = World::new().await;
    for _ in 0..1001 {
        world.inbox.receive(b"not xml").await;
    }
    assert!(world.raw(1000).await.is_some());
    assert_eq!(world.raw(1001).await, None);
    assert_eq!(world.receive_recorded(EXACT).await, taken());
    assert_eq!(world.raw(1001).await, Some(recorded(EXACT)));
    world.clock.advance(TimeDelta::days(1));
    world.inbox.receive(b"not xml").await;
    assert_eq!(world.raw(1002).await, Some(b"not xml".to_vec()));
}

#[tokio::test]
async fn without_the_store_nothing_is_acknowledged_so_that_it_comes_again() {
    let world = World::with_payable_bill().await;
    world.store.close().await;
    let answer = world.inbox.receive(&recorded(EXACT)).await;
    assert_eq!((answer.status, answer.body.len()), (503, 0));
}

#[tokio::test]
async fn a_v5_control_number_makes_its_bill_payable_and_is_acknowledged_with_its_id() {
    for file in ["03_billSubRes_ok.xml", "05_billSubRes_duplicate_7226.xml"] {
        let world = World::new().await;
        world.add(BILL, "first").await;
        let raw = recorded(&format!("gepg-v5/{file}"));
        let answer = world.inbox.receive(&raw).await;
        let said = acknowledgement(&answer);
        assert_eq!((answer.status, said.codes.text.as_str()), (200, "7101"));
        assert_eq!(
            (said.of, said.dialect),
            (Acknowledges::BillResponse, Dialect::V5)
        );
        assert!(String::from_utf8(raw).unwrap().contains(&said.ids.answered));
        assert!(said.ids.own.starts_with("SP99999"), "{}", said.ids.own);
        let bill = world.bill(BILL).await;
        assert_eq!(bill.state, BillState::Payable, "{file}");
        assert_eq!(bill.number, ControlNumber::parse(NUMBER).ok());
        // The same message again, the same acknowledgement.
        assert_eq!(
            world
                .inbox
                .receive(&recorded(&format!("gepg-v5/{file}")))
                .await,
            answer
        );
    }
}

#[tokio::test]
async fn a_v5_refusal_rejects_the_bill() {
    let world = World::new().await;
    world.add(BILL, "first").await;
    let file = "gepg-v5/04_billSubRes_failed.xml";
    assert_eq!(world.receive_recorded(file).await, taken());
    let bill = world.bill(BILL).await;
    assert_eq!((bill.state, bill.number), (BillState::Rejected, None));
}

#[tokio::test]
async fn a_v5_payment_settles_its_bill() {
    let world = World::with_payable_bill().await;
    let file = "gepg-v5/07_pmtSpNtfReq_exact.xml";
    for _ in 0..2 {
        assert_eq!(world.receive_recorded(file).await, taken());
        assert_eq!(world.state().await, BillState::Settled);
        assert_eq!(world.books().await, [30_000, -30_000, 0, 0]);
    }
    assert_eq!((world.quarantined().await, world.jobs().await), (0, 1));
}

#[tokio::test]
async fn every_payment_of_a_combined_v5_bill_is_recorded() {
    let world = World::new().await;
    let file = "gepg-v5/08_pmtSpNtfReq_combined_2.xml";
    assert_eq!(world.receive_recorded(file).await, taken());
    assert_eq!(world.quarantined().await, 2);
}

#[tokio::test]
async fn a_notice_that_counts_its_payments_wrongly_is_taken_and_noted() {
    let world = World::with_payable_bill().await;
    let raw = recorded("gepg-v5/07_pmtSpNtfReq_exact.xml");
    let message = Envelope::cut(&raw).unwrap().message;
    let wrong = message.replace("<EntryCnt>1", "<EntryCnt>2");
    assert_eq!(world.receive(&wrong).await, taken());
    assert_eq!(world.state().await, BillState::Settled);
}

#[tokio::test]
async fn a_days_payments_are_kept_and_acknowledged_in_both_dialects() {
    let world = World::new().await;
    for file in [
        "gepg-v4/18_gepgSpReconcResp.xml",
        "gepg-v5/12_sucSpPmtRes.xml",
    ] {
        let answer = world.inbox.receive_long(&recorded(file)).await;
        let said = acknowledgement(&answer);
        assert_eq!((answer.status, said.codes.text.as_str()), (200, "7101"));
        assert_eq!(said.of, Acknowledges::ReconciliationResponse);
    }
    assert_eq!(
        world.raw(2).await,
        Some(recorded("gepg-v5/12_sucSpPmtRes.xml"))
    );
}

#[tokio::test]
async fn a_payment_that_only_the_days_list_tells_of_is_made_from_it_and_settles_its_bill() {
    for (notice, list, request) in [
        (EXACT, "gepg-v4/18_gepgSpReconcResp.xml", "2026112101"),
        (
            "gepg-v5/07_pmtSpNtfReq_exact.xml",
            "gepg-v5/12_sucSpPmtRes.xml",
            "SP9999920261121010000009",
        ),
    ] {
        let world = World::with_payable_bill().await;
        world
            .add_payable("TCH2026112100018", "lost", "999990000025")
            .await;
        world.receive_recorded(notice).await;
        let asked = NewReconciliation {
            provider: "gepg".to_owned(),
            sp_code: "SP99999".to_owned(),
            day: "2026-11-21".parse().unwrap(),
            request: request.to_owned(),
            asked_at: world.clock.now(),
        };
        let mut transaction = world.store.write().await.unwrap();
        transaction.reconciliations().ask(&asked).await.unwrap();
        transaction.commit().await.unwrap();
        for _ in 0..2 {
            world.inbox.receive_long(&recorded(list)).await;
            assert_eq!(world.books().await, [60_000, -60_000, 0, 0], "{list}");
        }
        let lost = world.bill("TCH2026112100018").await;
        assert_eq!(lost.state, BillState::Settled, "{list}");
        assert_eq!((world.quarantined().await, world.jobs().await), (0, 2));
    }
}
