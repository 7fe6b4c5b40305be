//! What money does, told by the gateway and decided by persons, on a store of its own. The books are
//! checked after every step.

use std::{collections::BTreeMap, sync::Arc};

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};

use super::*;
use crate::{
    model::{Amount, Clock, ControlNumber, Currency, FixedClock, Language, MemberNumber, Msisdn},
    payment::{
        Billing, Options, Provider, SubmitError, Submitted, Wake, Wanted,
        bill::{BillEvent, advance},
        judgement::Rules,
        told::{CodeMeaning, Codes, Numbered, PaidEntry, Reconciled},
    },
    store::{
        Account, Bill, BillState, Finding, JobKind, Keys, NewReconciliation, Payment,
        PaymentOutcome, PaymentSource, PaymentState, Sealer, Store, sqlite::SqliteStore,
    },
};

mod interleavings;

const PROVIDER: &str = "gepg";

/// A gateway that takes every bill.
#[derive(Debug)]
struct Taking;

#[async_trait::async_trait]
impl Provider for Taking {
    fn name(&self) -> &str {
        PROVIDER
    }

    fn sp_codes(&self) -> Vec<String> {
        vec!["SP1".to_owned()]
    }

    async fn submit(&self, _: &Bill) -> Result<Submitted, SubmitError> {
        Ok(Submitted::Accepted)
    }
}

struct World {
    store: Arc<SqliteStore>,
    clock: Arc<FixedClock>,
    billing: Billing,
    rules: Rules,
}

fn tzs(shillings: i64) -> Amount {
    Amount::from_major(shillings, Currency::TZS)
}

fn success() -> Codes {
    Codes {
        text: "7101".to_owned(),
        meaning: CodeMeaning::Success,
    }
}

/// The control number of the bill that was made as the `n`th.
fn number_of(n: u128) -> ControlNumber {
    ControlNumber::parse(&format!("99{n:010}")).unwrap()
}

impl World {
    async fn new() -> Self {
        let sealer = Arc::new(Sealer::new(&Keys::one(1, [7; 32], [9; 32])));
        let store = Arc::new(SqliteStore::temporary(sealer).await.unwrap());
        let clock = Arc::new(FixedClock::new("2026-03-02T08:00:00Z".parse().unwrap()));
        let options = Options {
            may_be_short: BTreeMap::from([("MOB".to_owned(), 110)]),
            ..Options::default()
        };
        let billing = Billing::new(
            Arc::<SqliteStore>::clone(&store),
            Arc::<FixedClock>::clone(&clock),
            Arc::new(Taking),
            Wake::default(),
            options,
        );
        let rules = billing.rules();
        Self {
            store,
            clock,
            billing,
            rules,
        }
    }

    fn now(&self) -> DateTime<Utc> {
        self.clock.now()
    }

    async fn wants(&self, family: &str, shillings: i64, n: u128) -> Bill {
        let wanted = wanted(family, shillings);
        self.billing.bill_for(&wanted, n).await.unwrap()
    }

    /// A payable bill, the `n`th.
    async fn payable(&self, family: &str, shillings: i64, n: u128) -> String {
        let bill = self.wants(family, shillings, n).await.made.id;
        self.numbered(&bill, number_of(n)).await;
        bill
    }

    async fn numbered(&self, bill: &str, number: ControlNumber) -> Attached {
        let told = Numbered {
            bill: bill.to_owned(),
            number: Some(number),
            group_number: None,
            succeeded: true,
            codes: success(),
        };
        let mut transaction = self.store.write().await.unwrap();
        let attached = super::number(&mut *transaction, &told, &self.rules, self.now()).await;
        transaction.commit().await.unwrap();
        self.agrees().await;
        attached.unwrap()
    }

    async fn told(&self, entry: &PaidEntry) -> Taken {
        self.told_by(PROVIDER, entry, PaymentSource::Notice).await
    }

    async fn told_by(&self, provider: &str, entry: &PaidEntry, source: PaymentSource) -> Taken {
        let mut transaction = self.store.write().await.unwrap();
        let told = (entry, source);
        let taken = take(&mut *transaction, provider, told, &self.rules, self.now()).await;
        transaction.commit().await.unwrap();
        self.agrees().await;
        taken.unwrap()
    }

    async fn decides(&self, payment: &str, resolution: Resolution) -> Result<(), Unresolved> {
        let who = ("asha", "she showed her receipt");
        let store = &*self.store;
        let resolved = resolve(store, (payment, &resolution), &self.rules, who, self.now()).await;
        self.agrees().await;
        resolved
    }

    async fn agrees(&self) {
        let found = check(&*self.store).await.unwrap();
        assert!(found.is_empty(), "{found:?}");
    }

    async fn state(&self, bill: &str) -> BillState {
        self.bill(bill).await.state
    }

    async fn bill(&self, bill: &str) -> Bill {
        let mut transaction = self.store.read().await.unwrap();
        transaction.bills().get(bill).await.unwrap().unwrap()
    }

    async fn payment(&self, payment: &str) -> Payment {
        let mut transaction = self.store.read().await.unwrap();
        transaction.payments().get(payment).await.unwrap().unwrap()
    }

    /// Gateway clearing, contributions due, suspense, member credit and fees, in shillings.
    async fn books(&self) -> [i64; 5] {
        let mut transaction = self.store.read().await.unwrap();
        let mut books = [0; 5];
        for (balance, account) in books.iter_mut().zip(Account::ALL) {
            let minor = transaction.ledger().balance(account, Currency::TZS).await;
            *balance = minor.unwrap() / 100;
        }
        books
    }

    /// How many jobs of a kind there are, of these subjects.
    async fn has_job(&self, kind: JobKind, subject: &str) -> bool {
        let mut transaction = self.store.read().await.unwrap();
        let filter = crate::store::JobFilter {
            all: true,
            kind: Some(kind),
            limit: 99,
        };
        let jobs = transaction.decisions().jobs(filter).await.unwrap();
        jobs.iter().any(|job| job.subject == subject)
    }
}

fn wanted(family: &str, shillings: i64) -> Wanted {
    let day = |text: &str| -> NaiveDate { text.parse().unwrap() };
    Wanted {
        scheme: "sandbox".to_owned(),
        member: MemberNumber::parse("400000042").unwrap(),
        family: family.to_owned(),
        product: "CHF".to_owned(),
        period: "first".to_owned(),
        phone: Msisdn::parse("+255700000002").unwrap(),
        language: Language::SWAHILI,
        set: "chf".to_owned(),
        payer: "Neema Mushi".to_owned(),
        persons: 3,
        amount: tzs(shillings),
        from: day("2026-03-13"),
        to: day("2027-03-12"),
    }
}

/// A payment of so many shillings for the `n`th bill.
fn paid(bill: &str, n: u128, trx: &str, shillings: i64) -> PaidEntry {
    PaidEntry {
        trx_id: trx.to_owned(),
        sp_code: "SP1".to_owned(),
        pay_ref_id: format!("R{trx}"),
        bill: bill.to_owned(),
        number: Some(number_of(n)),
        group_number: None,
        bill_amount: None,
        paid: Some(tzs(shillings)),
        original_paid: format!("{shillings}.00"),
        currency: "TZS".to_owned(),
        pay_option: "3".to_owned(),
        paid_at: Some("2026-03-02T08:10:00Z".parse().unwrap()),
        original_time: "2026-03-02T11:10:00".to_owned(),
        channel: "BANK".to_owned(),
        payer_phone: None,
        payer_name: String::new(),
        psp: "TEST MNO".to_owned(),
        psp_receipt: format!("C{trx}"),
        account: String::new(),
    }
}

#[tokio::test]
async fn an_unknown_bill_waits_and_is_matched_when_its_number_comes_late() {
    let world = World::new().await;
    let bill = world.wants("f", 30_000, 1).await.made.id;
    let taken = world.told(&paid(&bill, 1, "T1", 30_000)).await;
    assert_eq!(
        world.payment(&taken.payment).await.state,
        PaymentState::Unmatched
    );
    assert_eq!(world.books().await, [30_000, 0, -30_000, 0, 0]);
    world.numbered(&bill, number_of(1)).await;
    assert_eq!(world.state(&bill).await, BillState::Settled);
    assert_eq!(
        world.payment(&taken.payment).await.state,
        PaymentState::Posted
    );
    assert_eq!(world.books().await, [30_000, -30_000, 0, 0, 0]);
    assert!(world.has_job(JobKind::TellScheme, &taken.payment).await);
}

#[tokio::test]
async fn an_overpayment_is_credit_that_the_next_bill_deducts() {
    let world = World::new().await;
    let bill = world.payable("f", 30_000, 1).await;
    world.told(&paid(&bill, 1, "T1", 35_000)).await;
    assert_eq!(world.state(&bill).await, BillState::Settled);
    assert_eq!(world.bill(&bill).await.flag, "overpaid by 5000.00");
    assert_eq!(world.books().await, [35_000, -30_000, 0, -5_000, 0]);
    let mut transaction = world.store.write().await.unwrap();
    advance(&mut *transaction, &bill, BillEvent::Told, world.now())
        .await
        .unwrap();
    transaction.commit().await.unwrap();
    world.clock.advance(TimeDelta::days(376));
    let next = world.wants("f", 30_000, 2).await;
    world.agrees().await;
    assert_eq!((next.made.amount, next.made.credit), (tzs(25_000), 500_000));
    assert_eq!(world.books().await, [35_000, -35_000, 0, 0, 0]);
    assert_eq!(world.wants("f", 30_000, 3).await.made.id, next.made.id);
    world.numbered(&next.made.id, number_of(2)).await;
    let mut rest = paid(&next.made.id, 2, "T2", 25_000);
    rest.paid_at = Some(world.now());
    world.told(&rest).await;
    assert_eq!(world.state(&next.made.id).await, BillState::Settled);
    assert_eq!(world.books().await, [60_000, -60_000, 0, 0, 0]);
}

#[tokio::test]
async fn credit_that_pays_a_whole_bill_settles_it_and_the_scheme_is_told() {
    let world = World::new().await;
    let bill = world.payable("f", 30_000, 1).await;
    let mut cancelled = paid(&bill, 1, "T1", 30_000);
    cancelled.paid_at = Some("2026-04-20T08:00:00Z".parse().unwrap());
    world.told(&cancelled).await;
    assert_eq!(world.state(&bill).await, BillState::ClosedWithMoney);
    let next = world.wants("f", 25_000, 2).await;
    world.agrees().await;
    assert_eq!(next.state, BillState::Settled);
    assert_eq!(world.state(&bill).await, BillState::Expired);
    assert!(world.has_job(JobKind::TellScheme, &next.made.id).await);
    assert!(!world.has_job(JobKind::SubmitBill, &next.made.id).await);
    assert_eq!(world.books().await, [30_000, -25_000, 0, -5_000, 0]);
}

#[tokio::test]
async fn a_part_of_a_bill_that_is_followed_by_another_is_credit_for_it() {
    let world = World::new().await;
    let bill = world.payable("f", 30_000, 1).await;
    world.told(&paid(&bill, 1, "T1", 12_000)).await;
    assert_eq!(world.state(&bill).await, BillState::PartPaid);
    // A newborn: the quote is another.
    let next = world.wants("f", 35_000, 2).await;
    world.agrees().await;
    assert_eq!(world.state(&bill).await, BillState::Expired);
    assert_eq!(
        (next.made.amount, next.made.credit),
        (tzs(23_000), 1_200_000)
    );
    assert_eq!(world.books().await, [12_000, -12_000, 0, 0, 0]);
}

#[tokio::test]
async fn money_on_an_earlier_generation_settles_the_open_bill_if_it_is_equal() {
    let world = World::new().await;
    let earlier = world.payable("f", 30_000, 1).await;
    let open = world.payable("f", 35_000, 2).await;
    let taken = world.told(&paid(&earlier, 1, "T1", 35_000)).await;
    assert_eq!(world.state(&open).await, BillState::Settled);
    assert_eq!(world.state(&earlier).await, BillState::Expired);
    let payment = world.payment(&taken.payment).await.recorded;
    assert_eq!(payment.bill.as_deref(), Some(open.as_str()));
    let second = world.told(&paid(&earlier, 1, "T2", 30_000)).await;
    let payment = world.payment(&second.payment).await.recorded;
    assert_eq!(payment.outcome, PaymentOutcome::Credit);
    assert_eq!(world.books().await, [65_000, -35_000, 0, -30_000, 0]);
}

#[tokio::test]
async fn what_the_rail_keeps_is_posted_as_a_fee() {
    let world = World::new().await;
    let bill = world.payable("f", 30_000, 1).await;
    let mut short = paid(&bill, 1, "T1", 29_670);
    short.channel = "mob".to_owned();
    world.told(&short).await;
    assert_eq!(world.state(&bill).await, BillState::Settled);
    assert_eq!(world.books().await, [29_670, -30_000, 0, 0, 330]);
}

#[tokio::test]
async fn husband_and_wife_who_both_ask_have_one_bill() {
    let world = World::new().await;
    let his = world.wants("f", 30_000, 1).await.made.id;
    let mut hers = wanted("f", 30_000);
    hers.member = MemberNumber::parse("070707081").unwrap();
    hers.phone = Msisdn::parse("+255700000003").unwrap();
    let same = world.billing.bill_for(&hers, 2).await.unwrap();
    assert_eq!(same.made.id, his);
    let mut transaction = world.store.read().await.unwrap();
    assert_eq!(transaction.bills().shares(&his).await.unwrap().len(), 2);
}

#[tokio::test]
async fn one_payment_that_two_rails_tell_of_is_one() {
    let world = World::new().await;
    let bill = world.payable("f", 30_000, 1).await;
    let entry = paid(&bill, 1, "T1", 30_000);
    let first = world.told(&entry).await;
    let mut again = entry.clone();
    again.trx_id = "M1".to_owned();
    again.pay_ref_id = String::new();
    let second = world.told_by("mobile", &again, PaymentSource::Notice).await;
    assert_eq!(
        (second.payment, second.finding),
        (first.payment, Finding::Known)
    );
    assert_eq!(world.books().await, [30_000, -30_000, 0, 0, 0]);
}

/// A list of a day that was asked for.
async fn list(world: &World, request: &str, rows: Vec<PaidEntry>) -> Compared {
    let asked = NewReconciliation {
        provider: PROVIDER.to_owned(),
        sp_code: "SP1".to_owned(),
        day: "2026-03-02".parse().unwrap(),
        request: request.to_owned(),
        asked_at: world.now(),
    };
    let told = Reconciled {
        request: request.to_owned(),
        response: String::new(),
        sp_code: "SP1".to_owned(),
        codes: success(),
        rows,
    };
    let mut transaction = world.store.write().await.unwrap();
    transaction.reconciliations().ask(&asked).await.unwrap();
    let rules = &world.rules;
    let compared = reconcile(&mut *transaction, PROVIDER, &told, rules, world.now()).await;
    transaction.commit().await.unwrap();
    world.agrees().await;
    compared.unwrap()
}

#[tokio::test]
async fn a_notice_that_never_came_is_made_from_the_list_and_its_late_notice_is_a_repeat() {
    let world = World::new().await;
    let one = world.payable("f", 30_000, 1).await;
    let other = world.payable("g", 20_000, 2).await;
    world.told(&paid(&one, 1, "T1", 30_000)).await;
    // As in version 4: a row has no TrxId.
    let row = |bill: &str, n, trx: &str, shillings| PaidEntry {
        trx_id: String::new(),
        ..paid(bill, n, trx, shillings)
    };
    let rows = vec![row(&one, 1, "T1", 30_000), row(&other, 2, "T2", 20_000)];
    let compared = list(&world, "1", rows.clone()).await;
    assert_eq!(
        (compared.known, compared.rebuilt, compared.differ),
        (1, 1, 0)
    );
    assert_eq!(world.state(&other).await, BillState::Settled);
    assert_eq!(world.books().await, [50_000, -50_000, 0, 0, 0]);
    let again = list(&world, "2", rows).await;
    assert_eq!((again.known, again.rebuilt), (2, 0));
    let late = world.told(&paid(&other, 2, "T2", 20_000)).await;
    assert_eq!(late.finding, Finding::Known);
    assert_eq!(world.books().await, [50_000, -50_000, 0, 0, 0]);
}

#[tokio::test]
async fn a_list_that_has_a_payment_otherwise_is_reported_and_posts_nothing() {
    let world = World::new().await;
    let bill = world.payable("f", 30_000, 1).await;
    world.told(&paid(&bill, 1, "T1", 30_000)).await;
    let compared = list(&world, "1", vec![paid(&bill, 1, "T1", 31_000)]).await;
    assert_eq!(compared.differ, 1);
    assert_eq!(compared.notes.len(), 1);
    assert_eq!(world.books().await, [30_000, -30_000, 0, 0, 0]);
}

#[tokio::test]
async fn a_day_that_is_not_ready_changes_nothing_and_a_list_that_nobody_asked_for_neither() {
    let world = World::new().await;
    let bill = world.payable("f", 30_000, 1).await;
    let told = |request: &str, meaning| Reconciled {
        request: request.to_owned(),
        response: String::new(),
        sp_code: "SP1".to_owned(),
        codes: Codes {
            text: "7321".to_owned(),
            meaning,
        },
        rows: vec![paid(&bill, 1, "T1", 30_000)],
    };
    list(&world, "1", Vec::new()).await;
    for told in [
        told("1", CodeMeaning::NotReady),
        told("2", CodeMeaning::Success),
    ] {
        let mut transaction = world.store.write().await.unwrap();
        let rules = &world.rules;
        let compared = reconcile(&mut *transaction, PROVIDER, &told, rules, world.now()).await;
        transaction.commit().await.unwrap();
        assert_eq!(compared.unwrap().notes.len(), 1);
    }
    assert_eq!(world.state(&bill).await, BillState::Payable);
}

#[tokio::test]
async fn a_person_books_money_that_waits_on_the_bill_that_it_is_for() {
    let world = World::new().await;
    let bill = world.payable("f", 30_000, 1).await;
    let taken = world.told(&paid("NOBODYS", 7, "T1", 30_000)).await;
    let unknown = world.decides("nothing", Resolution::Nothing).await;
    assert!(
        matches!(unknown, Err(Unresolved::NoPayment(_))),
        "{unknown:?}"
    );
    let nowhere = Resolution::OfBill("NOWHERE".to_owned());
    let nowhere = world.decides(&taken.payment, nowhere).await;
    assert!(matches!(nowhere, Err(Unresolved::NoBill(_))), "{nowhere:?}");
    world
        .decides(&taken.payment, Resolution::OfBill(bill.clone()))
        .await
        .unwrap();
    assert_eq!(world.state(&bill).await, BillState::Settled);
    assert_eq!(world.books().await, [30_000, -30_000, 0, 0, 0]);
    let again = world
        .decides(&taken.payment, Resolution::OfBill(bill))
        .await;
    assert!(matches!(again, Err(Unresolved::State { .. })), "{again:?}");
    let mut transaction = world.store.read().await.unwrap();
    let deeds = transaction.audit().deeds(&taken.payment).await.unwrap();
    assert_eq!((deeds.len(), deeds[0].who.as_str()), (1, "asha"));
}

#[tokio::test]
async fn a_person_takes_late_money_for_its_closed_bill() {
    let world = World::new().await;
    let bill = world.payable("f", 30_000, 1).await;
    let mut late = paid(&bill, 1, "T1", 30_000);
    late.paid_at = Some("2026-04-20T08:00:00Z".parse().unwrap());
    let taken = world.told(&late).await;
    assert!(world.has_job(JobKind::TellPayer, &taken.payment).await);
    world
        .decides(&taken.payment, Resolution::Reopen)
        .await
        .unwrap();
    assert_eq!(world.state(&bill).await, BillState::Settled);
    assert_eq!(world.books().await, [30_000, -30_000, 0, 0, 0]);
    assert!(world.has_job(JobKind::TellScheme, &taken.payment).await);
    let again = world.decides(&taken.payment, Resolution::Reopen).await;
    assert!(matches!(again, Err(Unresolved::State { .. })), "{again:?}");
}

#[tokio::test]
async fn a_reversal_is_closed_by_a_person_and_money_is_not_closed_so() {
    let world = World::new().await;
    let bill = world.payable("f", 30_000, 1).await;
    let reversal = world.told(&paid(&bill, 1, "T1", -30_000)).await;
    assert_eq!(
        world.payment(&reversal.payment).await.state,
        PaymentState::Quarantined
    );
    world
        .decides(&reversal.payment, Resolution::Nothing)
        .await
        .unwrap();
    assert_eq!(
        world.payment(&reversal.payment).await.state,
        PaymentState::Reversed
    );
    let waits = world.told(&paid("NOBODYS", 7, "T2", 30_000)).await;
    let refused = world.decides(&waits.payment, Resolution::Nothing).await;
    assert!(
        matches!(refused, Err(Unresolved::State { .. })),
        "{refused:?}"
    );
}

#[tokio::test]
async fn a_refund_is_asked_for_by_one_and_approved_by_another() {
    let world = World::new().await;
    let waits = world.told(&paid("NOBODYS", 7, "T1", 30_000)).await.payment;
    let (store, now) = (&*world.store, world.now());
    let asha = ("asha", "she paid the wrong number");
    let early = approve_refund(store, &waits, asha, now).await;
    assert!(matches!(early, Err(Unresolved::Refund(_))), "{early:?}");
    let part = ask_refund(store, (&waits, Some(100)), asha, now).await;
    assert!(matches!(part, Err(Unresolved::TooLittle(_))), "{part:?}");
    ask_refund(store, (&waits, None), asha, now).await.unwrap();
    let twice = ask_refund(store, (&waits, None), asha, now).await;
    assert!(matches!(twice, Err(Unresolved::Refund(_))), "{twice:?}");
    let same = approve_refund(store, &waits, asha, now).await;
    assert!(matches!(same, Err(Unresolved::SamePerson)), "{same:?}");
    assert_eq!(world.books().await, [30_000, 0, -30_000, 0, 0]);
    approve_refund(store, &waits, ("juma", "seen"), now)
        .await
        .unwrap();
    world.agrees().await;
    assert_eq!(world.books().await, [0; 5]);
    assert_eq!(world.payment(&waits).await.state, PaymentState::Reversed);
}

#[tokio::test]
async fn a_part_of_credit_goes_back_and_the_rest_stays() {
    let world = World::new().await;
    let bill = world.payable("f", 30_000, 1).await;
    let taken = world.told(&paid(&bill, 1, "T1", 35_000)).await.payment;
    let (store, now) = (&*world.store, world.now());
    let much = ask_refund(store, (&taken, Some(500_001)), ("asha", ""), now).await;
    assert!(matches!(much, Err(Unresolved::TooLittle(_))), "{much:?}");
    ask_refund(store, (&taken, Some(200_000)), ("asha", ""), now)
        .await
        .unwrap();
    approve_refund(store, &taken, ("juma", ""), now)
        .await
        .unwrap();
    world.agrees().await;
    assert_eq!(world.books().await, [33_000, -30_000, 0, -3_000, 0]);
}
