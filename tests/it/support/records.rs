//! What a server wrote into its database, read beside it with its key file.

use std::{path::Path, sync::Arc};

use chrono::{DateTime, TimeDelta};
use nyota::{
    model::{Clock, ControlNumber, Currency, Msisdn, SystemClock},
    store::{
        self, Account, Address, Bill, JobKind, KeyFile, Message, MessageState, NewIncoming, NewJob,
        NewMessage, Options, Priority, Sealer, Store,
    },
};

use super::until;

/// The database of a server that runs, or ran.
pub(crate) struct Records {
    store: Arc<dyn Store>,
}

impl Records {
    /// Those of the database file at `path`.
    pub(crate) async fn open(path: &Path) -> Self {
        let url = format!("sqlite:{}", path.display());
        Self::at(&url, &path.with_extension("keys")).await
    }

    /// Those of any database, read with a key file.
    pub(crate) async fn at(url: &str, keys: &Path) -> Self {
        let keys = KeyFile::at(keys).load().unwrap();
        let sealer = Arc::new(Sealer::new(&keys));
        let options = Options {
            acquire_millis: 30_000,
            statement_millis: 30_000,
            ..Options::default()
        };
        let address = Address::parse(url).unwrap();
        let store = store::open(&address, &options, sealer).await.unwrap();
        Self { store }
    }

    /// Waits until the outbox has nothing more to do.
    pub(crate) async fn settled(&self) {
        until("the end of the outbox's work", async || {
            (self.open_jobs().await == 0).then_some(())
        })
        .await;
        let mut transaction = self.store.read().await.unwrap();
        assert_eq!(transaction.jobs().given_up().await.unwrap(), 0);
    }

    /// Waits until no late answer waits for a phone.
    pub(crate) async fn nothing_waits(&self, phone: &str) {
        let phone = Msisdn::parse(phone).unwrap();
        until("the end of a late answer's wait", async || {
            let mut transaction = self.store.read().await.unwrap();
            // Whatever the server's clock says, nothing was kept until then only.
            let ever = DateTime::UNIX_EPOCH;
            let waiting = transaction
                .effects()
                .waiting(&phone, "chf", ever)
                .await
                .unwrap();
            waiting.is_none().then_some(())
        })
        .await;
    }

    /// How many jobs wait or run.
    pub(crate) async fn open_jobs(&self) -> u64 {
        let mut transaction = self.store.read().await.unwrap();
        transaction.jobs().open().await.unwrap()
    }

    /// How many turns the journal has.
    pub(crate) async fn turns(&self) -> u64 {
        let mut transaction = self.store.read().await.unwrap();
        transaction.journal().turns().await.unwrap()
    }

    /// The SMS that a phone has, oldest first.
    pub(crate) async fn inbox(&self, phone: &str) -> Vec<String> {
        let messages = self.messages(phone).await;
        messages.into_iter().map(|message| message.text).collect()
    }

    /// The same as they are kept: those that a route took.
    pub(crate) async fn messages(&self, phone: &str) -> Vec<Message> {
        let phone = Msisdn::parse(phone).unwrap();
        let mut transaction = self.store.read().await.unwrap();
        transaction.messages().inbox(&phone, 0).await.unwrap()
    }

    /// Has the server send an SMS by one of its gateways, whatever its menus say.
    pub(crate) async fn queue_sms(&self, gateway: &str, phone: &str, text: &str) {
        let queued_at = SystemClock.now();
        let message = NewMessage {
            key: text.to_owned(),
            to: Msisdn::parse(phone).unwrap(),
            text: text.to_owned(),
            queued_at,
            not_after: queued_at + TimeDelta::hours(1),
        };
        let mut transaction = self.store.write().await.unwrap();
        let id = transaction.messages().queue(&message).await.unwrap();
        let job = NewJob {
            kind: JobKind::SendMessage,
            subject: id.unwrap().to_string(),
            route: format!("sms:{gateway}"),
            run_at: queued_at,
            not_after: message.not_after,
            priority: Priority::Normal,
        };
        transaction.jobs().add(&job).await.unwrap();
        transaction.commit().await.unwrap();
    }

    /// What an aggregator told of a message, in its own words, and how it was read.
    pub(crate) async fn receipts(&self, message: i64) -> Vec<(String, MessageState)> {
        let mut transaction = self.store.read().await.unwrap();
        let receipts = transaction.receipts().of(message).await.unwrap();
        let told = receipts.into_iter();
        told.map(|receipt| (receipt.raw_status.unwrap_or_default(), receipt.state))
            .collect()
    }

    /// The SMS that came and are not answered yet.
    pub(crate) async fn incoming(&self) -> Vec<NewIncoming> {
        let mut transaction = self.store.read().await.unwrap();
        let incoming = transaction.incoming().next(9).await.unwrap();
        incoming.into_iter().map(|message| message.came).collect()
    }

    /// The message with this id.
    pub(crate) async fn message(&self, id: i64) -> Message {
        let mut transaction = self.store.read().await.unwrap();
        transaction.messages().get(id).await.unwrap().unwrap()
    }

    /// The first SMS of a phone that says `part`, once it is there.
    pub(crate) async fn sms(&self, phone: &str, part: &str) -> String {
        until(&format!("an SMS that says {part:?}"), async || {
            let inbox = self.inbox(phone).await;
            inbox.into_iter().find(|text| text.contains(part))
        })
        .await
    }

    /// The bill with this control number.
    pub(crate) async fn bill(&self, number: &str) -> Option<Bill> {
        let number = ControlNumber::parse(number).unwrap();
        let mut transaction = self.store.read().await.unwrap();
        transaction.bills().by_number(number).await.unwrap()
    }

    /// How many bills this phone asked for and can pay.
    pub(crate) async fn payable(&self, phone: &str) -> usize {
        let phone = Msisdn::parse(phone).unwrap();
        let mut transaction = self.store.read().await.unwrap();
        transaction
            .bills()
            .payable(&phone, None)
            .await
            .unwrap()
            .len()
    }

    /// Gateway clearing, contributions due and suspense, in whole shillings.
    pub(crate) async fn books(&self) -> [i64; 3] {
        let mut transaction = self.store.read().await.unwrap();
        let mut books = [0; 3];
        for (balance, account) in books.iter_mut().zip(Account::ALL) {
            let minor = transaction.ledger().balance(account, Currency::TZS).await;
            *balance = minor.unwrap() / 100;
        }
        books
    }

    /// How many payments wait for a person.
    pub(crate) async fn quarantined(&self) -> u64 {
        let mut transaction = self.store.read().await.unwrap();
        transaction.payments().quarantined().await.unwrap()
    }
}
