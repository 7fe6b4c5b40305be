//! Any order of wishes, numbers, notices, crashes, lists and days: the books agree after each step,
//! and at the end every shilling that came is where it can be found.

use std::collections::BTreeSet;

use proptest::prelude::*;

use super::*;

/// What happens next. Small numbers, so that the same things meet.
#[derive(Clone, Debug)]
enum Step {
    /// A family wants a bill, at one of three prices.
    Wants { family: u8, price: u8 },
    /// A bill gets its control number, perhaps for the second time.
    Number { bill: usize },
    /// Another control number for a bill that has one.
    SecondNumber { bill: usize },
    /// The gateway tells of a payment of some thousands; the transaction is undone where it crashes.
    Notice { payment: Told, crashes: bool },
    /// The gateway's list of the day has it.
    Listed { payment: Told },
    /// The gateway refuses a bill.
    Refuse { bill: usize },
    /// A bill is to be cancelled, and is.
    Cancel { bill: usize },
    /// The scheme has written the premium of whatever is settled.
    Activate { bill: usize },
    /// So many days pass.
    Days(u8),
    /// A person books what waits on a bill.
    Book { bill: usize },
    /// A person has what waits go back, and another approves it.
    Refund,
}

/// A payment as the gateway would tell it again: made out of its number alone.
#[derive(Clone, Copy, Debug)]
struct Told {
    trx: u8,
    bill: usize,
    thousands: i64,
}

fn any_payment() -> impl Strategy<Value = Told> {
    (0_u8..6, 0_usize..5, 1_i64..5).prop_map(|(trx, bill, quarter)| Told {
        trx,
        bill,
        thousands: quarter * 10,
    })
}

fn any_step() -> impl Strategy<Value = Step> {
    let bill = 0_usize..5;
    prop_oneof![
        3 => (0_u8..2, 0_u8..3).prop_map(|(family, price)| Step::Wants { family, price }),
        3 => bill.clone().prop_map(|bill| Step::Number { bill }),
        1 => bill.clone().prop_map(|bill| Step::SecondNumber { bill }),
        5 => (any_payment(), prop::bool::weighted(0.2))
            .prop_map(|(payment, crashes)| Step::Notice { payment, crashes }),
        2 => any_payment().prop_map(|payment| Step::Listed { payment }),
        1 => bill.clone().prop_map(|bill| Step::Refuse { bill }),
        1 => bill.clone().prop_map(|bill| Step::Cancel { bill }),
        1 => bill.clone().prop_map(|bill| Step::Activate { bill }),
        1 => (1_u8..60).prop_map(Step::Days),
        1 => bill.prop_map(|bill| Step::Book { bill }),
        1 => Just(Step::Refund),
    ]
}

struct Play {
    world: World,
    bills: Vec<String>,
    /// Minor units that came in a committed transaction as money of their own.
    came: i64,
    refunded: i64,
    requests: u32,
}

impl Play {
    fn bill(&self, index: usize) -> Option<&String> {
        self.bills.get(index.checked_rem(self.bills.len())?)
    }

    fn entry(&self, told: Told) -> PaidEntry {
        let index = told.bill.checked_rem(self.bills.len()).unwrap_or(9);
        let bill = self.bills.get(index).cloned().unwrap_or_default();
        let trx = format!("T{}", told.trx);
        let mut entry = paid(&bill, index as u128, &trx, told.thousands * 1_000);
        entry.paid_at = Some(self.world.now());
        entry
    }

    async fn happen(&mut self, step: &Step) {
        match step {
            Step::Wants { family, price } => self.want(*family, *price).await,
            Step::Number { bill } => self.number(*bill, 0).await,
            Step::SecondNumber { bill } => self.number(*bill, 100).await,
            Step::Notice { payment, crashes } => self.notice(*payment, *crashes).await,
            Step::Listed { payment } => self.listed(*payment).await,
            Step::Refuse { bill } => self.refuse(*bill).await,
            Step::Cancel { bill } => self.cancel(*bill).await,
            Step::Activate { bill } => self.advance(*bill, BillEvent::Told).await,
            Step::Days(days) => self.world.clock.advance(TimeDelta::days((*days).into())),
            Step::Book { bill } => self.book(*bill).await,
            Step::Refund => self.refund().await,
        }
    }

    async fn want(&mut self, family: u8, price: u8) {
        let family = format!("f{family}");
        let price = [10_000, 20_000, 30_000][usize::from(price)];
        let bill = self
            .world
            .wants(&family, price, self.bills.len() as u128)
            .await;
        if !self.bills.contains(&bill.made.id) {
            self.bills.push(bill.made.id);
        }
    }

    async fn number(&mut self, bill: usize, beside: u128) {
        let Some(id) = self.bill(bill).cloned() else {
            return;
        };
        let index = self.bills.iter().position(|known| *known == id).unwrap();
        self.world
            .numbered(&id, number_of(index as u128 + beside))
            .await;
    }

    async fn notice(&mut self, told: Told, crashes: bool) {
        let entry = self.entry(told);
        if crashes {
            let mut transaction = self.world.store.write().await.unwrap();
            let told = (&entry, PaymentSource::Notice);
            let (rules, now) = (&self.world.rules, self.world.now());
            take(&mut *transaction, PROVIDER, told, rules, now)
                .await
                .unwrap();
            // Dropped: the process died before its commit, and the gateway tells it again.
            return;
        }
        let taken = self.world.told(&entry).await;
        self.note(&taken).await;
    }

    /// New money is what its row says.
    async fn note(&mut self, taken: &Taken) {
        if taken.finding == Finding::Rebuilt {
            self.came += self.world.payment(&taken.payment).await.recorded.paid.minor;
        }
    }

    async fn listed(&mut self, told: Told) {
        self.requests += 1;
        let entry = self.entry(told);
        let before = self.total_paid().await;
        list(&self.world, &self.requests.to_string(), vec![entry]).await;
        self.came += self.total_paid().await - before;
    }

    async fn total_paid(&self) -> i64 {
        let mut transaction = self.world.store.read().await.unwrap();
        let rows = transaction.audit().payments_posted(0, 999).await.unwrap();
        rows.iter().map(|(_, payment)| payment.paid.minor).sum()
    }

    async fn refuse(&mut self, bill: usize) {
        let Some(id) = self.bill(bill) else { return };
        let told = Numbered {
            bill: id.clone(),
            number: None,
            group_number: None,
            succeeded: false,
            codes: Codes {
                text: "7242".to_owned(),
                meaning: CodeMeaning::Rejected,
            },
        };
        let mut transaction = self.world.store.write().await.unwrap();
        let (rules, now) = (&self.world.rules, self.world.now());
        number(&mut *transaction, &told, rules, now).await.unwrap();
        transaction.commit().await.unwrap();
    }

    async fn cancel(&mut self, bill: usize) {
        let Some(id) = self.bill(bill).cloned() else {
            return;
        };
        self.advance(bill, BillEvent::CancelAsked).await;
        let bill = self.world.bill(&id).await;
        let mut transaction = self.world.store.write().await.unwrap();
        let now = self.world.now();
        crate::payment::bill::end(&mut *transaction, &bill, BillEvent::Cancelled, now)
            .await
            .unwrap();
        transaction.commit().await.unwrap();
    }

    async fn advance(&mut self, bill: usize, event: BillEvent) {
        let Some(id) = self.bill(bill) else { return };
        let mut transaction = self.world.store.write().await.unwrap();
        advance(&mut *transaction, id, event, self.world.now())
            .await
            .unwrap();
        transaction.commit().await.unwrap();
    }

    async fn waiting(&self) -> Option<Payment> {
        let mut transaction = self.world.store.read().await.unwrap();
        let wanted = crate::store::PaymentsWanted::Waiting;
        let waiting = transaction.audit().payments(&wanted, 1).await.unwrap();
        waiting.into_iter().next()
    }

    async fn book(&mut self, bill: usize) {
        if let (Some(waits), Some(id)) = (self.waiting().await, self.bill(bill).cloned()) {
            let resolution = Resolution::OfBill(id);
            // It may contradict; then nothing changes.
            drop(self.world.decides(&waits.recorded.id, resolution).await);
        }
    }

    async fn refund(&mut self) {
        let Some(waits) = self.waiting().await else {
            return;
        };
        let (store, now) = (&*self.world.store, self.world.now());
        let id = &waits.recorded.id;
        if ask_refund(store, (id, None), ("asha", ""), now)
            .await
            .is_ok()
        {
            let refunded = approve_refund(store, id, ("juma", ""), now).await.unwrap();
            self.refunded += refunded.minor;
        }
    }

    async fn one_open_bill_a_family(&self) {
        let mut open = BTreeSet::new();
        for id in &self.bills {
            let bill = self.world.bill(id).await;
            if crate::payment::bill::is_open(bill.state) {
                assert!(open.insert(bill.made.key.family.clone()), "two open bills");
            }
        }
    }
}

async fn play(steps: &[Step]) {
    let mut play = Play {
        world: World::new().await,
        bills: Vec::new(),
        came: 0,
        refunded: 0,
        requests: 0,
    };
    for step in steps {
        play.happen(step).await;
        play.world.agrees().await;
    }
    play.one_open_bill_a_family().await;
    let mut transaction = play.world.store.read().await.unwrap();
    let mut ledger = transaction.ledger();
    let cleared = ledger
        .balance(Account::GatewayClearing, Currency::TZS)
        .await;
    assert_eq!(cleared.unwrap(), play.came - play.refunded);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    #[test]
    fn in_any_order_the_books_agree_and_every_shilling_is_found(
        steps in prop::collection::vec(any_step(), 1..40),
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(play(&steps));
    }
}
