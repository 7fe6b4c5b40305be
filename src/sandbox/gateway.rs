use std::{io, net::SocketAddr, sync::Arc, time::Duration};

use chrono::{DateTime, Utc};
use reqwest::Client;
use serde::{Deserialize, Serialize};
use tokio::{net::TcpListener, task::JoinSet};

use super::{
    courier::{Courier, Letter, Route},
    desk::{self, Desk},
};
use crate::{
    model::{Amount, Clock, ControlNumber, Msisdn},
    payment::gepg::{
        self,
        message::{PaidBill, Payer, PaymentNotice},
        write_time,
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
    /// The service provider whose bills it takes.
    pub sp_code: String,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from(([127, 0, 0, 1], 0)),
            answer_after_millis: 400,
            sp_code: gepg::Options::default().sp_code,
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
    /// The store did not answer.
    #[error("the payment could not be kept")]
    Store(#[from] StoreError),
}

/// A GePG for the demo. It stops when it is dropped.
#[derive(Debug)]
pub struct Gateway {
    address: SocketAddr,
    store: Arc<dyn Store>,
    clock: Arc<dyn Clock>,
    courier: Courier,
    sp_code: String,
    _running: JoinSet<()>,
}

impl Gateway {
    /// Listens, and posts to the webhooks under `webhooks`, such as
    /// `http://127.0.0.1:8080/payments/gepg`, at `/bill` and `/payment`. `http` brings time limits.
    pub async fn start(
        options: Options,
        webhooks: &str,
        keys: Arc<gepg::Keys>,
        world: (Arc<dyn Store>, Arc<dyn Clock>),
        http: Client,
    ) -> Result<Self, StartError> {
        let (store, clock) = world;
        let (listener, address) = listen(options.listen).await?;
        let (courier, bringing) = Courier::new(Route {
            keys: Arc::clone(&keys),
            http,
            bill_address: format!("{webhooks}/bill"),
            payment_address: format!("{webhooks}/payment"),
            answer_after: Duration::from_millis(options.answer_after_millis),
        });
        let desk = Desk {
            store: Arc::clone(&store),
            keys,
            courier: courier.clone(),
            sp_code: options.sp_code.clone(),
        };
        let mut running = JoinSet::new();
        running.spawn(bringing);
        running.spawn(serve(listener, desk));
        Ok(Self {
            address,
            store,
            clock,
            courier,
            sp_code: options.sp_code,
            _running: running,
        })
    }

    /// Its address, to submit bills to: `http://127.0.0.1:40123`.
    pub fn address(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Pays a control number from a phone, whole, and posts the news of it.
    pub async fn pay(&self, number: ControlNumber, phone: &Msisdn) -> Result<Amount, PayError> {
        let now = self.clock.now();
        let mut transaction = self.store.write().await?;
        let bill = transaction.sandbox().bill(number).await?;
        let bill = bill.ok_or(PayError::Unknown(number))?;
        let is_new = transaction.sandbox().pay_bill(number, now).await?;
        transaction.commit().await?;
        let paid_at = bill.paid_at.unwrap_or(now);
        self.courier
            .send(Letter::Payment(self.notice(&bill, phone, paid_at)));
        if is_new {
            Ok(bill.amount)
        } else {
            Err(PayError::Paid(number))
        }
    }

    /// The notice of a payment: the same ids for the same bill, since it is paid once.
    fn notice(&self, bill: &SandboxBill, phone: &Msisdn, paid_at: DateTime<Utc>) -> PaymentNotice {
        let number = bill.number.to_string();
        let last_six = number.get(6..).unwrap_or_default();
        let payment = PaidBill {
            transaction: format!("SBX{number}"),
            sp_code: self.sp_code.clone(),
            reference: format!("SBR{number}"),
            bill: bill.bill.clone(),
            paid: bill.amount.to_decimal(),
            currency: bill.amount.currency.to_string(),
            paid_at: write_time(paid_at),
            channel: "MOB".to_owned(),
            receipt: format!("DEMO{last_six}"),
            operator: "Sandbox".to_owned(),
            account: "0100000000001".to_owned(),
            payer: Payer {
                name: bill.payer.clone(),
                phone: phone.digits().to_owned(),
                email: String::new(),
            },
            number,
        };
        PaymentNotice {
            payments: vec![payment],
        }
    }
}

pub(super) async fn listen(address: SocketAddr) -> Result<(TcpListener, SocketAddr), StartError> {
    let failed = |source| StartError { address, source };
    let listener = TcpListener::bind(address).await.map_err(failed)?;
    let bound = listener.local_addr().map_err(failed)?;
    Ok((listener, bound))
}

async fn serve(listener: TcpListener, desk: Desk) {
    if let Err(error) = axum::serve(listener, desk::router(Arc::new(desk))).await {
        tracing::error!(%error, "the sandbox payment gateway stopped listening");
    }
}
