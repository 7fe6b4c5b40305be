use std::time::Duration;

use anyhow::{Context, bail};
use reqwest::Client;
use serde::Deserialize;

use crate::model::{Msisdn, ServiceCode};

/// A phone that dials through a real webhook, as Africa's Talking forwards it.
#[derive(Debug)]
pub(crate) struct Phone {
    client: Client,
    base: String,
    number: Msisdn,
    session: u64,
    code: Option<ServiceCode>,
    text: String,
    last_sms: i64,
}

/// What its display shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Display {
    /// The page.
    pub(crate) text: String,
    /// Whether the dialogue is over.
    pub(crate) last: bool,
}

/// An SMS in its inbox.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Sms {
    id: i64,
    /// What it says.
    pub(crate) text: String,
}

/// How long an inbox that has nothing more to give is listened to.
const SETTLED: Duration = Duration::from_millis(300);

impl Phone {
    /// A phone of the network behind `base`, an address such as `http://127.0.0.1:8080`.
    pub(crate) fn new(client: Client, base: &str, number: Msisdn) -> Self {
        Self {
            client,
            base: base.to_owned(),
            number,
            session: 0,
            code: None,
            text: String::new(),
            last_sms: 0,
        }
    }

    /// Dials a code.
    pub(crate) async fn dial(&mut self, code: &ServiceCode) -> anyhow::Result<Display> {
        self.session = rand::random_range(1..=u64::MAX);
        self.code = Some(code.clone());
        self.text.clear();
        self.call().await
    }

    /// Types and sends.
    pub(crate) async fn press(&mut self, keys: &str) -> anyhow::Result<Display> {
        if !self.text.is_empty() {
            self.text.push('*');
        }
        self.text.push_str(keys);
        self.call().await
    }

    async fn call(&self) -> anyhow::Result<Display> {
        let Some(code) = &self.code else {
            bail!("nothing was dialled yet: dial a code first");
        };
        let form = [
            ("sessionId", format!("ATUid_{:016x}", self.session)),
            ("serviceCode", code.to_string()),
            ("phoneNumber", self.number.e164()),
            ("networkCode", "64004".to_owned()),
            ("text", self.text.clone()),
        ];
        let url = format!("{}/ussd/africastalking", self.base);
        let answer = self.client.post(url).form(&form).send().await;
        let answer = answer.context("the webhook could not be reached")?;
        let status = answer.status();
        let body = answer
            .text()
            .await
            .context("the webhook's answer broke off")?;
        if let Some(text) = body.strip_prefix("CON ") {
            return Ok(Display {
                text: text.to_owned(),
                last: false,
            });
        }
        match body.strip_prefix("END ") {
            Some(text) if status.is_success() => Ok(Display {
                text: text.to_owned(),
                last: true,
            }),
            _ => bail!("the webhook answered {status}: {body}"),
        }
    }

    /// The next SMS that this phone gets, within `patience`.
    pub(crate) async fn next_sms(&mut self, patience: Duration) -> anyhow::Result<Option<Sms>> {
        let sms = match tokio::time::timeout(patience, self.read_inbox()).await {
            Ok(sms) => sms?,
            Err(_) => return Ok(None),
        };
        self.last_sms = sms.id;
        Ok(Some(sms))
    }

    /// Leaves out what is in the inbox now: only later messages are read.
    pub(crate) async fn skip_inbox(&mut self) -> anyhow::Result<()> {
        while self.next_sms(SETTLED).await?.is_some() {}
        Ok(())
    }

    /// Reads the inbox's stream of events up to its first message.
    async fn read_inbox(&self) -> anyhow::Result<Sms> {
        // A phone number's digits need no escape; its plus does.
        let url = format!(
            "{}/simulator/inbox?phone=%2B{}",
            self.base,
            self.number.digits()
        );
        let mut stream = self
            .client
            .get(url)
            .header("last-event-id", self.last_sms.to_string())
            .timeout(Duration::from_mins(1))
            .send()
            .await?
            .error_for_status()?;
        let mut read = String::new();
        while let Some(chunk) = stream.chunk().await? {
            read.push_str(&String::from_utf8_lossy(&chunk));
            let data = read.lines().find_map(|line| line.strip_prefix("data:"));
            if let Some(data) = data.filter(|_| read.contains("\n\n")) {
                return serde_json::from_str(data.trim()).context("an SMS that reads as none");
            }
        }
        bail!("the inbox was closed")
    }

    /// Pays a control number by mobile money, through the sandbox gateway.
    pub(crate) async fn pay(&self, number: &str) -> anyhow::Result<()> {
        let url = format!("{}/simulator/pay", self.base);
        let order = serde_json::json!({"phone": self.number.e164(), "control_number": number});
        let answer = self.client.post(url).json(&order).send().await?;
        if answer.status().is_success() {
            return Ok(());
        }
        let body = answer.text().await?;
        bail!("the payment was refused: {body}")
    }
}
