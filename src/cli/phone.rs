use std::{sync::Arc, time::Duration};

use anyhow::{Context, bail};
use reqwest::Client;
use serde::Deserialize;

use crate::{
    gateway::profile::{Account, Dialled, Forwarded, Go, Replied},
    model::{Msisdn, ServiceCode},
};

/// A phone that dials through a real webhook, as a gateway's aggregator forwards it.
#[derive(Debug)]
pub(crate) struct Phone {
    client: Client,
    base: String,
    gateway: Arc<Account>,
    /// The secret part of the gateway's addresses, with its slash; empty for none.
    secret: String,
    number: Msisdn,
    session: u64,
    requests: u64,
    code: Option<ServiceCode>,
    inputs: Vec<String>,
    sent: Option<Forwarded>,
    /// What the last answer gave to be brought back.
    state: Option<String>,
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
    /// A phone of the network behind `base`, an address such as `http://127.0.0.1:8080`, whose codes
    /// are forwarded as `gateway` says.
    pub(crate) fn new(client: Client, base: &str, gateway: Arc<Account>, number: Msisdn) -> Self {
        Self {
            client,
            base: base.to_owned(),
            gateway,
            secret: String::new(),
            number,
            session: 0,
            requests: 0,
            code: None,
            inputs: Vec::new(),
            sent: None,
            state: None,
            last_sms: 0,
        }
    }

    /// The same at addresses that hold this secret.
    pub(crate) fn knowing(mut self, secret: Option<&str>) -> Self {
        self.secret = secret.map_or_else(String::new, |secret| format!("/{secret}"));
        self
    }

    /// Dials a code.
    pub(crate) async fn dial(&mut self, code: &ServiceCode) -> anyhow::Result<Display> {
        self.session = rand::random_range(1..=u64::MAX);
        self.code = Some(code.clone());
        self.inputs.clear();
        self.state = None;
        self.call().await
    }

    /// Types and sends.
    pub(crate) async fn press(&mut self, keys: &str) -> anyhow::Result<Display> {
        self.inputs.push(keys.to_owned());
        self.call().await
    }

    /// The aggregator sends its last request again.
    pub(crate) async fn again(&self) -> anyhow::Result<Display> {
        let Some(sent) = &self.sent else {
            bail!("nothing was sent yet: dial a code first");
        };
        Ok(self.send(sent).await?.0)
    }

    async fn call(&mut self) -> anyhow::Result<Display> {
        let Some(code) = &self.code else {
            bail!("nothing was dialled yet: dial a code first");
        };
        self.requests += 1;
        let forwarded = self.gateway.forward(&Dialled {
            session: &format!("ATUid_{:016x}", self.session),
            phone: &self.number,
            code,
            inputs: &self.inputs,
            request: &format!("{:x}-{}", self.session, self.requests),
            state: self.state.as_deref(),
        })?;
        let answered = self.send(&forwarded).await;
        self.sent = Some(forwarded);
        let (display, state) = answered?;
        self.state = state;
        Ok(display)
    }

    /// What is shown, and what is to be brought back.
    async fn send(&self, forwarded: &Forwarded) -> anyhow::Result<(Display, Option<String>)> {
        let path = forwarded.path.trim_end_matches('/');
        let mut url = format!(
            "{}/ussd/{}{}{path}",
            self.base,
            self.gateway.name(),
            self.secret
        );
        if !forwarded.query.is_empty() {
            url = format!("{url}?{}", forwarded.query);
        }
        let request = match forwarded.method.as_str() {
            "GET" => self.client.get(url),
            _ => self.client.post(url).body(forwarded.body.clone()),
        };
        let headers = forwarded.headers.iter();
        let request = headers.fold(request, |request, (name, value)| {
            request.header(name, value)
        });
        // An error of the client would name the address, and the caller's phone in it.
        let answer = request.send().await.map_err(reqwest::Error::without_url);
        let answer = answer.context("the webhook could not be reached")?;
        let status = answer.status();
        let headers = answer.headers().clone();
        let headers: Vec<_> = headers
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_bytes()))
            .collect();
        let body = answer.text().await.map_err(reqwest::Error::without_url);
        let body = body.context("the webhook's answer broke off")?;
        let replied = Replied {
            status: status.as_u16(),
            headers: &headers,
            body: body.as_bytes(),
        };
        match self.gateway.shown(forwarded, &replied) {
            Ok((text, go)) => {
                let last = go == Go::End;
                Ok((Display { text, last }, self.gateway.brought_back(&replied)))
            }
            Err(_) => bail!("the webhook answered {status}: {body}"),
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
