use std::{io, net::SocketAddr, sync::Arc, time::Duration};

use chrono::{DateTime, Utc};
use reqwest::Client;
use serde::{Deserialize, Serialize};
use tokio::{net::TcpListener, task::JoinSet};

use super::{
    book::Book,
    counter,
    courier::{Courier, Letter, Route},
    desk,
    misbehaviour::{Misbehaviour, Mood},
};
use crate::{
    model::{Amount, Clock, ControlNumber, Currency, Msisdn},
    payment::{
        gepg::{
            self, Dialect, Notary, codes,
            message::{Acknowledges, PaymentNotice},
            write_time,
        },
        told::PaidEntry,
    },
    store::{SandboxBill, Store, StoreError},
};

/// How the sandbox gateway runs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Options {
    /// Where it listens; loopback, with a free port where the port is 0.
    pub listen: SocketAddr,
    /// How many milliseconds it takes to give a bill its control number.
    pub answer_after_millis: u64,
    /// How many milliseconds it takes longer, where it is to be late.
    pub late_by_millis: u64,
    /// The service provider whose bills it takes.
    pub sp_code: String,
    /// What it does wrong.
    pub misbehave: Vec<Misbehaviour>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from(([127, 0, 0, 1], 0)),
            answer_after_millis: 400,
            late_by_millis: 60_000,
            sp_code: gepg::Options::default().sp_code,
            misbehave: Vec::new(),
        }
    }
}

/// Why it does not run.
#[derive(Debug, thiserror::Error)]
#[error("a part of the sandbox could not listen on {address}")]
pub struct StartError {
    /// Where it was to listen.
    pub address: SocketAddr,
    /// Why.
    #[source]
    pub source: io::Error,
}

/// Why a control number could not be paid.
#[derive(Debug, thiserror::Error)]
pub enum PayError {
    /// No bill has this number.
    #[error("no bill has the control number {0}")]
    Unknown(ControlNumber),
    /// It is paid already; the news of it is posted again.
    #[error("the control number {0} is paid already")]
    Paid(ControlNumber),
    /// It is cancelled, or its last day is over.
    #[error("the control number {0} cannot be paid any more")]
    Closed(ControlNumber),
    /// The store did not answer.
    #[error("the payment could not be kept")]
    Store(#[from] StoreError),
}

/// A GePG for the demo and for integrators. It stops when it is dropped.
#[derive(Debug)]
pub struct Gateway {
    address: SocketAddr,
    office: Arc<Office>,
    _running: JoinSet<()>,
}

/// What desk and counter work with.
#[derive(Debug)]
pub(super) struct Office {
    pub(super) store: Arc<dyn Store>,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) keys: Arc<gepg::Keys>,
    pub(super) notary: Notary,
    pub(super) courier: Courier,
    pub(super) book: Book,
    pub(super) mood: Mood,
    pub(super) sp_code: String,
}

impl Gateway {
    /// Listens, and posts to the webhooks under `webhooks`, such as
    /// `http://127.0.0.1:8080/payments/gepg`, at `/bill`, `/payment` and `/reconciliation`. `http`
    /// brings time limits.
    pub async fn start(
        options: Options,
        webhooks: &str,
        keys: Arc<gepg::Keys>,
        world: (Arc<dyn Store>, Arc<dyn Clock>),
        http: Client,
    ) -> Result<Self, StartError> {
        let (store, clock) = world;
        let (listener, address) = listen(options.listen).await?;
        let mood = Mood::default();
        mood.set(options.misbehave);
        let (courier, bringing) = Courier::new(Route {
            keys: Arc::clone(&keys),
            clock: Arc::clone(&clock),
            http,
            webhooks: webhooks.trim_end_matches('/').to_owned(),
            answer_after: Duration::from_millis(options.answer_after_millis),
            late_by: Duration::from_millis(options.late_by_millis),
            mood: mood.clone(),
        });
        let office = Arc::new(Office {
            store,
            clock,
            notary: Notary::new(Arc::clone(&keys)),
            keys,
            courier,
            book: Book::default(),
            mood,
            sp_code: options.sp_code,
        });
        let mut running = JoinSet::new();
        running.spawn(bringing);
        running.spawn(serve(listener, Arc::clone(&office)));
        Ok(Self {
            address,
            office,
            _running: running,
        })
    }

    /// Its address, to submit bills to: `http://127.0.0.1:40123`.
    pub fn address(&self) -> String {
        format!("http://{}", self.address)
    }

    /// What it does wrong from now on; nothing else.
    pub fn misbehave(&self, all: impl IntoIterator<Item = Misbehaviour>) {
        self.office.mood.set(all);
    }

    /// Pays a control number from a phone, whole, and posts the news of it.
    pub async fn pay(&self, number: ControlNumber, phone: &Msisdn) -> Result<Amount, PayError> {
        self.office.pay(number, phone).await
    }

    /// Pays an amount of one's own choice, as often as one likes.
    pub async fn pay_amount(
        &self,
        number: ControlNumber,
        phone: &Msisdn,
        amount: Amount,
    ) -> Result<(), PayError> {
        self.office.pay_amount(number, phone, amount).await
    }
}

impl Office {
    /// The bill of a number, as it is now.
    async fn bill(&self, number: ControlNumber) -> Result<SandboxBill, PayError> {
        let allotted = self.book.allotted(number);
        let mut transaction = self.store.read().await?;
        let bill = transaction.sandbox().bill(allotted).await?;
        let bill = bill.ok_or(PayError::Unknown(number))?;
        let noted = self.book.noted(&bill.bill);
        if noted.is_some_and(|noted| noted.cancelled || noted.expires_at < self.clock.now()) {
            return Err(PayError::Closed(number));
        }
        Ok(SandboxBill { number, ..bill })
    }

    /// Pays the whole of a bill, once: the news of it is posted again where it is paid.
    pub(super) async fn pay(
        &self,
        number: ControlNumber,
        phone: &Msisdn,
    ) -> Result<Amount, PayError> {
        let now = self.clock.now();
        let bill = self.bill(number).await?;
        let mut transaction = self.store.write().await?;
        let allotted = self.book.allotted(number);
        let is_new = transaction.sandbox().pay_bill(allotted, now).await?;
        transaction.commit().await?;
        let entry = self.entry(&bill, phone, bill.paid_at.unwrap_or(now), "");
        let amount = bill.amount;
        self.tell(&bill.bill, self.spoilt(entry, amount));
        if is_new {
            Ok(amount)
        } else {
            Err(PayError::Paid(number))
        }
    }

    /// Pays some amount; each time it is another payment.
    pub(super) async fn pay_amount(
        &self,
        number: ControlNumber,
        phone: &Msisdn,
        amount: Amount,
    ) -> Result<(), PayError> {
        let bill = self.bill(number).await?;
        let nth = format!("N{}", self.book.payments_of(&bill.bill) + 1);
        let entry = self.entry(&bill, phone, self.clock.now(), &nth);
        self.tell(&bill.bill, with_amount(entry, amount));
        Ok(())
    }

    /// What a push comes to: the payer says yes at once.
    pub(super) async fn pay_pushed(&self, number: ControlNumber) -> Result<u16, StoreError> {
        let phone = match self.bill(number).await {
            Ok(bill) => bill.phone,
            Err(PayError::Store(error)) => return Err(error),
            Err(_) => return Ok(codes::NO_SUCH_BILL),
        };
        match self.pay(number, &phone).await {
            Ok(_) => Ok(codes::SUCCESS),
            Err(PayError::Paid(_)) => Ok(codes::SETTLED),
            Err(PayError::Closed(_)) => Ok(codes::EXPIRED),
            Err(PayError::Unknown(_)) => Ok(codes::NO_SUCH_BILL),
            Err(PayError::Store(error)) => Err(error),
        }
    }

    /// Notes a payment and posts the notice of it, unless that is to be lost.
    fn tell(&self, bill: &str, entry: PaidEntry) {
        self.book.paid(&entry);
        if self.mood.has(Misbehaviour::LostNotice) {
            return;
        }
        let noted = self.book.noted(bill);
        let dialect = noted.map_or(Dialect::V4, |noted| noted.dialect);
        self.courier.send(Letter {
            of: Acknowledges::PaymentNotice,
            text: PaymentNotice::of(vec![entry]).write(dialect),
        });
    }

    /// The payment as the mood makes it.
    fn spoilt(&self, entry: PaidEntry, asked: Amount) -> PaidEntry {
        let mut entry = entry;
        if self.mood.has(Misbehaviour::OtherAmount) {
            let more = Amount::from_major(1000, asked.currency).minor;
            let minor = asked.minor.saturating_add(more);
            entry = with_amount(entry, Amount { minor, ..asked });
        }
        if self.mood.has(Misbehaviour::Partial) {
            let minor = asked.minor / 2;
            entry = with_amount(entry, Amount { minor, ..asked });
        }
        if let (true, Some(currency)) = (
            self.mood.has(Misbehaviour::OtherCurrency),
            Currency::parse("USD"),
        ) {
            let amount = Amount {
                currency,
                ..entry.paid.unwrap_or(asked)
            };
            entry = with_amount(entry, amount);
        }
        if self.mood.has(Misbehaviour::UnknownBill) {
            entry.bill = format!("X{}", entry.bill);
            entry.number = ControlNumber::parse("999999999999").ok();
            entry.group_number = None;
        }
        entry
    }

    /// A payment of the whole of a bill: the same ids for the same bill and the same `nth`.
    fn entry(
        &self,
        bill: &SandboxBill,
        phone: &Msisdn,
        paid_at: DateTime<Utc>,
        nth: &str,
    ) -> PaidEntry {
        let number = bill.number.to_string();
        let last_six = number.get(6..).unwrap_or_default();
        let newer = if self.book.allotted(bill.number) == bill.number {
            String::new()
        } else {
            // A number that was given again is paid again.
            bill.bill.clone()
        };
        PaidEntry {
            trx_id: format!("SBX{number}{newer}{nth}"),
            sp_code: self.sp_code.clone(),
            pay_ref_id: format!("SBR{number}{newer}{nth}"),
            bill: bill.bill.clone(),
            number: Some(bill.number),
            group_number: Some(bill.number),
            bill_amount: Some(bill.amount),
            paid: Some(bill.amount),
            original_paid: bill.amount.to_decimal(),
            currency: bill.amount.currency.to_string(),
            pay_option: "3".to_owned(),
            paid_at: Some(paid_at),
            original_time: write_time(paid_at),
            channel: "MOB".to_owned(),
            payer_phone: Some(phone.clone()),
            payer_name: bill.payer.clone(),
            psp: "Sandbox".to_owned(),
            psp_receipt: format!("DEMO{last_six}{nth}"),
            account: "0100000000001".to_owned(),
        }
    }
}

fn with_amount(entry: PaidEntry, amount: Amount) -> PaidEntry {
    PaidEntry {
        paid: Some(amount),
        original_paid: amount.to_decimal(),
        currency: amount.currency.to_string(),
        ..entry
    }
}

pub(super) async fn listen(address: SocketAddr) -> Result<(TcpListener, SocketAddr), StartError> {
    let failed = |source| StartError { address, source };
    let listener = TcpListener::bind(address).await.map_err(failed)?;
    let bound = listener.local_addr().map_err(failed)?;
    Ok((listener, bound))
}

async fn serve(listener: TcpListener, office: Arc<Office>) {
    let router = desk::router(Arc::clone(&office)).merge(counter::router(office));
    if let Err(error) = axum::serve(listener, router).await {
        tracing::error!(%error, "the sandbox payment gateway stopped listening");
    }
}
