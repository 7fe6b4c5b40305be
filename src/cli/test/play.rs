use std::{collections::BTreeMap, net::SocketAddr, path::PathBuf, sync::Arc, time::Duration};

use anyhow::Context;
use chrono::{DateTime, NaiveDate, NaiveTime, TimeDelta, Utc};
use tempfile::TempDir;
use tokio::{sync::Semaphore, time::Instant};

use crate::{
    cli::{
        Demo, DemoOptions, http_client,
        phone::{Display, Phone},
        transcript::{Action, Step, Transcript, compare},
    },
    model::{Clock, Msisdn, source::Source},
    sandbox,
};

/// How long a transcript's turn may take: short, so that the slow scheme is late soon.
const DEADLINE: Duration = Duration::from_millis(1900);
/// How long the slow member's scheme takes on a transcript's stage.
const SLOW: Duration = Duration::from_secs(3);
/// How long an SMS that is expected is waited for.
const SMS: Duration = Duration::from_secs(15);
/// How long an SMS that is not expected is waited for once all work is done.
const NO_SMS: Duration = Duration::from_millis(100);

/// What all transcripts share.
#[derive(Debug)]
pub(super) struct Stage {
    pub(super) menus: PathBuf,
    pub(super) gateways: PathBuf,
    pub(super) keys: Arc<sandbox::Keys>,
    pub(super) room: Semaphore,
}

/// A clock that begins on a transcript's day and runs.
#[derive(Debug)]
struct DayClock {
    begins: DateTime<Utc>,
    started: Instant,
}

impl Clock for DayClock {
    fn now(&self) -> DateTime<Utc> {
        self.begins + TimeDelta::from_std(self.started.elapsed()).unwrap_or_default()
    }
}

/// A server that one transcript plays on.
pub(super) struct Player {
    demo: Demo,
    phones: BTreeMap<String, Phone>,
    client: reqwest::Client,
    _scratch: TempDir,
}

/// A step that went otherwise than written.
struct Otherwise {
    line: usize,
    what: String,
}

impl Player {
    pub(super) async fn start(stage: &Stage, transcript: &Transcript) -> anyhow::Result<Self> {
        let scratch = tempfile::tempdir().context("no scratch folder could be made")?;
        let demo = Demo::start(DemoOptions {
            redis: Vec::new(),
            database: scratch.path().join("nyota.db"),
            listen: SocketAddr::from(([127, 0, 0, 1], 0)),
            menus: stage.menus.clone(),
            gateways: stage.gateways.clone(),
            clock: Arc::new(DayClock::on(transcript.today)),
            banner: "",
            slow_scheme: SLOW,
            deadline: Some(DEADLINE),
            gepg_keys: Some(Arc::clone(&stage.keys)),
        })
        .await?;
        if let Some(language) = transcript.language {
            demo.remember_language(&transcript.phone, language).await?;
        }
        Ok(Self {
            demo,
            phones: BTreeMap::new(),
            client: http_client()?,
            _scratch: scratch,
        })
    }

    /// Plays it; gives what went otherwise than written.
    pub(super) async fn play(mut self, transcript: &Transcript, source: &Source) -> Option<String> {
        let mut otherwise = None;
        let mut on_stage = transcript.phone.clone();
        let mut display = None;
        for step in &transcript.steps {
            if let Err(what) = self.step(step, &mut on_stage, &mut display).await {
                let (line, _) = source.position(step.span.start);
                otherwise = Some(Otherwise { line, what });
                break;
            }
        }
        let unread = match otherwise {
            Some(_) => None,
            None => self.unread().await,
        };
        self.demo.stop().await;
        let title = &transcript.title;
        let told = otherwise
            .map(|Otherwise { line, what }| format!("  {title}\n  {}:{line}\n{what}", source.name));
        told.or_else(|| {
            unread.map(|sms| format!("  {title}\n  an SMS came that it does not expect:\n{sms}\n"))
        })
    }

    async fn step(
        &mut self,
        step: &Step,
        on_stage: &mut Msisdn,
        display: &mut Option<Display>,
    ) -> Result<(), String> {
        let wrong = |error: anyhow::Error| format!("  {error:#}\n");
        match &step.action {
            Action::Dial(code) => {
                *display = Some(self.phone(on_stage).dial(code).await.map_err(wrong)?);
            }
            Action::Press(keys) => {
                *display = Some(self.phone(on_stage).press(keys).await.map_err(wrong)?);
            }
            Action::See(expected) => page(expected, display.as_ref(), false)?,
            Action::End(expected) => page(expected, display.as_ref(), true)?,
            Action::Sms(expected) => self.sms(on_stage, expected).await?,
            Action::Pay(number) => {
                let number = number.to_string();
                self.phone(on_stage).pay(&number).await.map_err(wrong)?;
            }
            Action::HangUp => *display = None,
            Action::Phone(phone) => {
                *on_stage = phone.clone();
                *display = None;
            }
        }
        Ok(())
    }

    fn phone(&mut self, number: &Msisdn) -> &mut Phone {
        let base = self.demo.address();
        let client = self.client.clone();
        self.phones
            .entry(number.e164())
            .or_insert_with(|| Phone::new(client, &base, number.clone()))
    }

    async fn sms(&mut self, number: &Msisdn, expected: &str) -> Result<(), String> {
        let sms = self.phone(number).next_sms(SMS).await;
        match sms.map_err(|error| format!("  {error:#}\n"))? {
            Some(sms) => differs("SMS", expected, &sms.text),
            None => Err(format!(
                "  no SMS came in {} s; expected was\n{expected}\n",
                SMS.as_secs()
            )),
        }
    }

    /// An SMS that nobody expected, once the outbox has nothing more to do.
    async fn unread(&mut self) -> Option<String> {
        if let Err(error) = self.demo.settle(SMS).await {
            return Some(format!("{error:#}"));
        }
        for phone in self.phones.values_mut() {
            if let Ok(Some(sms)) = phone.next_sms(NO_SMS).await {
                return Some(sms.text);
            }
        }
        None
    }
}

impl DayClock {
    /// Nine in the morning in East Africa.
    fn on(day: NaiveDate) -> Self {
        let six = NaiveTime::from_hms_opt(6, 0, 0).unwrap_or_default();
        Self {
            begins: day.and_time(six).and_utc(),
            started: Instant::now(),
        }
    }
}

fn page(expected: &str, display: Option<&Display>, last: bool) -> Result<(), String> {
    let Some(display) = display else {
        return Err("  nothing is on the display: dial first\n".to_owned());
    };
    differs("page", expected, &display.text)?;
    match (last, display.last) {
        (true, false) => Err("  the page is right, but the dialogue goes on\n".to_owned()),
        (false, true) => Err("  the page is right, but the dialogue has ended\n".to_owned()),
        (true, true) | (false, false) => Ok(()),
    }
}

fn differs(what: &str, expected: &str, seen: &str) -> Result<(), String> {
    compare(expected, seen).map_or(Ok(()), |sides| {
        Err(format!("  the {what} differs\n{sides}"))
    })
}
