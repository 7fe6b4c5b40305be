//! Named by the sentences that say what goes wrong.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use proptest::prelude::*;

use super::*;
use crate::{
    model::{Amount, ControlNumber, Currency},
    payment::told::PaidEntry,
    store::BillState,
};

fn tzs(shillings: i64) -> Amount {
    Amount::from_major(shillings, Currency::TZS)
}

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn told(shillings: i64) -> PaidEntry {
    PaidEntry {
        trx_id: "T1".to_owned(),
        sp_code: "SP1".to_owned(),
        pay_ref_id: "R1".to_owned(),
        bill: "B1".to_owned(),
        number: ControlNumber::parse("991000000001").ok(),
        group_number: None,
        bill_amount: Some(tzs(30_000)),
        paid: Some(tzs(shillings)),
        original_paid: format!("{shillings}.00"),
        currency: "TZS".to_owned(),
        pay_option: "3".to_owned(),
        paid_at: Some("2026-11-21T07:15:30Z".parse().unwrap()),
        original_time: "2026-11-21T10:15:30".to_owned(),
        channel: "MOB".to_owned(),
        payer_phone: None,
        payer_name: String::new(),
        psp: "TEST MNO".to_owned(),
        psp_receipt: "C1".to_owned(),
        account: String::new(),
    }
}

fn target(id: &str, state: BillState, due: i64) -> Target {
    Target {
        id: id.to_owned(),
        state,
        due: tzs(due),
        pay_by: day("2026-12-21"),
        numbered: true,
    }
}

fn rules() -> Rules {
    Rules::of("SP1")
}

/// The verdict where id and number both mean this bill, and no other generation is there.
fn on(bill: &Target, told: &PaidEntry) -> Verdict {
    on_with(bill, None, told)
}

fn on_with(bill: &Target, newest: Option<&Target>, told: &PaidEntry) -> Verdict {
    let known = Known {
        before: Before::Never,
        keyed: !told.trx_id.is_empty(),
        named: Some(bill),
        numbered: Some(bill),
        newest,
    };
    judge(told, &known, &rules())
}

fn settles(bill: &str, over: i64, fee: i64, way: Way) -> Verdict {
    Verdict::Settle {
        bill: bill.to_owned(),
        over: over * 100,
        fee: fee * 100,
        way,
    }
}

fn credit(why: Reason) -> Verdict {
    Verdict::Credit {
        bill: "B1".to_owned(),
        why,
    }
}

fn payable() -> Target {
    target("B1", BillState::Payable, 30_000)
}

#[test]
fn the_exact_payment_of_an_open_bill_settles_it() {
    assert_eq!(
        on(&payable(), &told(30_000)),
        settles("B1", 0, 0, Way::Plainly)
    );
    let rest = target("B1", BillState::PartPaid, 18_000);
    assert_eq!(on(&rest, &told(18_000)), settles("B1", 0, 0, Way::Plainly));
}

#[test]
fn a_duplicate_notice_is_a_repeat_and_so_is_what_two_rails_tell() {
    let bill = payable();
    for before in [Before::Same, Before::ElsewhereToo] {
        let known = Known {
            before,
            keyed: true,
            named: Some(&bill),
            numbered: Some(&bill),
            newest: None,
        };
        assert_eq!(judge(&told(30_000), &known, &rules()), Verdict::Repeat);
    }
}

#[test]
fn the_same_id_with_another_amount_is_held() {
    let bill = payable();
    let known = Known {
        before: Before::Otherwise,
        keyed: true,
        named: Some(&bill),
        numbered: Some(&bill),
        newest: None,
    };
    let verdict = judge(&told(31_000), &known, &rules());
    assert_eq!(verdict, Verdict::Hold(Reason::OtherContent));
}

#[test]
fn a_partial_payment_is_a_part_and_an_overpayment_leaves_credit() {
    let part = Verdict::Part {
        bill: "B1".to_owned(),
        short: 100_000,
    };
    assert_eq!(on(&payable(), &told(29_000)), part);
    assert_eq!(
        on(&payable(), &told(35_000)),
        settles("B1", 5_000, 0, Way::Plainly)
    );
}

#[test]
fn what_the_rail_keeps_as_its_fee_may_be_missing_and_no_more() {
    let bill = payable();
    let known = Known {
        before: Before::Never,
        keyed: true,
        named: Some(&bill),
        numbered: Some(&bill),
        newest: None,
    };
    let rules = Rules {
        tolerance: Tolerance::new(&BTreeMap::from([("mob".to_owned(), 110)])),
        ..rules()
    };
    let kept = judge(&told(29_670), &known, &rules);
    assert_eq!(kept, settles("B1", 0, 330, Way::Plainly));
    for (told, why) in [
        (told(29_669), "more than the fee"),
        (
            PaidEntry {
                channel: "BANK".to_owned(),
                ..told(29_670)
            },
            "another rail",
        ),
    ] {
        let verdict = judge(&told, &known, &rules);
        assert!(
            matches!(verdict, Verdict::Part { .. }),
            "{why}: {verdict:?}"
        );
    }
}

#[test]
fn another_currency_is_held_and_never_converted() {
    let mut told = told(30_000);
    told.paid = Some(Amount::from_major(30_000, Currency::parse("USD").unwrap()));
    assert_eq!(on(&payable(), &told), Verdict::Hold(Reason::OtherCurrency));
}

#[test]
fn money_on_an_expired_or_cancelled_bill_is_credit() {
    let late = |told: PaidEntry| PaidEntry {
        paid_at: Some("2026-12-22T07:00:00Z".parse().unwrap()),
        ..told
    };
    for state in [
        BillState::Expired,
        BillState::Cancelled,
        BillState::ClosedWithMoney,
        BillState::Payable,
    ] {
        let bill = target("B1", state, 30_000);
        assert_eq!(
            on(&bill, &late(told(30_000))),
            credit(Reason::Late),
            "{state:?}"
        );
    }
    let cancelled = target("B1", BillState::Cancelled, 30_000);
    assert_eq!(on(&cancelled, &told(30_000)), credit(Reason::Late));
}

#[test]
fn an_expired_bill_that_was_paid_in_time_is_opened_again_unless_another_took_its_place() {
    let bill = target("B1", BillState::Expired, 30_000);
    assert_eq!(on(&bill, &told(30_000)), settles("B1", 0, 0, Way::Reopened));
    assert_eq!(on(&bill, &told(29_000)), credit(Reason::Late));
    let paid = target("B2", BillState::Settled, 0);
    assert_eq!(
        on_with(&bill, Some(&paid), &told(30_000)),
        credit(Reason::Late)
    );
}

#[test]
fn money_on_an_earlier_generation_settles_the_open_bill_if_it_is_equal() {
    let earlier = target("B1", BillState::Expired, 25_000);
    for state in [
        BillState::Payable,
        BillState::AwaitingNumber,
        BillState::Queued,
    ] {
        let open = target("B2", state, 30_000);
        let equal = on_with(&earlier, Some(&open), &told(30_000));
        assert_eq!(equal, settles("B2", 0, 0, Way::FromEarlier), "{state:?}");
        let other = on_with(&earlier, Some(&open), &told(25_000));
        assert_eq!(other, credit(Reason::Late), "{state:?}");
    }
}

#[test]
fn a_second_payment_of_a_paid_bill_is_credit() {
    for state in [BillState::Settled, BillState::Activated] {
        let bill = target("B1", state, 0);
        assert_eq!(
            on(&bill, &told(30_000)),
            credit(Reason::PaidBefore),
            "{state:?}"
        );
    }
}

#[test]
fn a_bill_that_is_being_cancelled_takes_its_whole_money_and_no_part() {
    let bill = target("B1", BillState::CancelRequested, 30_000);
    assert_eq!(on(&bill, &told(30_000)), settles("B1", 0, 0, Way::Plainly));
    assert_eq!(on(&bill, &told(20_000)), credit(Reason::Late));
}

#[test]
fn bill_id_and_control_number_that_disagree_are_held() {
    let (one, other) = (payable(), target("B2", BillState::Payable, 30_000));
    let none = None;
    for (named, numbered) in [
        (Some(&one), Some(&other)),
        (Some(&one), none),
        (none, Some(&other)),
    ] {
        let known = Known {
            before: Before::Never,
            keyed: true,
            named,
            numbered,
            newest: None,
        };
        let verdict = judge(&told(30_000), &known, &rules());
        assert_eq!(verdict, Verdict::Hold(Reason::OtherNumber));
    }
}

#[test]
fn an_unknown_bill_and_one_without_a_number_yet_wait() {
    let mut unnumbered = target("B1", BillState::AwaitingNumber, 30_000);
    unnumbered.numbered = false;
    for (named, why) in [
        (None, Reason::NoSuchBill),
        (Some(&unnumbered), Reason::NoNumberYet),
    ] {
        let known = Known {
            before: Before::Never,
            keyed: true,
            named,
            numbered: None,
            newest: None,
        };
        assert_eq!(judge(&told(30_000), &known, &rules()), Verdict::Wait(why));
    }
}

#[test]
fn a_control_number_without_a_bill_id_is_enough() {
    let bill = payable();
    let known = Known {
        before: Before::Never,
        keyed: true,
        named: None,
        numbered: Some(&bill),
        newest: None,
    };
    let told = PaidEntry {
        bill: String::new(),
        ..told(30_000)
    };
    assert_eq!(
        judge(&told, &known, &rules()),
        settles("B1", 0, 0, Way::Plainly)
    );
}

#[test]
fn what_cannot_be_read_or_is_a_reversal_or_anothers_is_held() {
    let changed = |change: fn(&mut PaidEntry)| {
        let mut entry = told(30_000);
        change(&mut entry);
        on(&payable(), &entry)
    };
    for (verdict, why) in [
        (changed(|told| told.trx_id.clear()), Reason::NoTransaction),
        (changed(|told| told.paid = None), Reason::AmountUnreadable),
        (
            changed(|told| told.paid = Some(tzs(-30_000))),
            Reason::NotPositive,
        ),
        (
            changed(|told| told.paid = Some(tzs(0))),
            Reason::NotPositive,
        ),
        (changed(|told| told.paid_at = None), Reason::TimeUnreadable),
        (changed(|told| told.sp_code.clear()), Reason::OtherProvider),
    ] {
        assert_eq!(verdict, Verdict::Hold(why));
    }
}

fn any_target(id: &'static str) -> impl Strategy<Value = Target> {
    let state = prop::sample::select(BillState::ALL.to_vec());
    (state, 0_i64..40, any::<bool>()).prop_map(move |(state, thousands, numbered)| Target {
        numbered,
        ..target(id, state, thousands * 1_000)
    })
}

proptest! {
    /// Whatever is known, money is booked in full: what is due, what is credit, and what is missing
    /// add up to what came.
    #[test]
    fn a_verdict_accounts_for_every_shilling(
        bill in any_target("B1"),
        newest in prop::option::of(any_target("B2")),
        thousands in 1_i64..50,
    ) {
        let told = told(thousands * 1_000);
        let paid = thousands * 100_000;
        match on_with(&bill, newest.as_ref(), &told) {
            Verdict::Settle { bill: id, over, fee, .. } => {
                let settled = if id == bill.id { &bill } else { newest.as_ref().unwrap() };
                prop_assert_eq!(settled.due.minor + over - fee, paid);
                prop_assert!(over >= 0 && fee == 0);
            }
            Verdict::Part { short, .. } => prop_assert_eq!(paid + short, bill.due.minor),
            Verdict::Credit { .. } | Verdict::Hold(_) | Verdict::Wait(_) => {}
            Verdict::Repeat => prop_assert!(false, "it is new"),
        }
    }
}
