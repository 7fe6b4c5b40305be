use std::{
    collections::{BTreeMap, BTreeSet},
    net::SocketAddr,
    path::PathBuf,
    sync::Arc,
    time::Duration,
};

use anyhow::Context;
use futures_util::future::join_all;
use tempfile::TempDir;
use tokio::sync::Semaphore;

use super::{clock::DayClock, coverage::Item, prompts::Prompts};
use crate::{
    catalogue::Limits,
    cli::{
        Contracts, Database, Demo, DemoOptions, http_client,
        phone::{Display, Phone},
        transcript::{Action, Transcript, compare},
    },
    config::Sections,
    effect::Prompter,
    gateway::profile::Account,
    menu::MenuSet,
    model::{Clock, Msisdn, source::Source},
    sandbox,
    web::limits,
};

/// How long a transcript's turn may take: short, so that the slow scheme is late soon.
const DEADLINE: Duration = Duration::from_millis(1900);
/// How long the slow member's scheme takes on a transcript's stage.
const SLOW: Duration = Duration::from_secs(3);
/// How long an SMS that is expected is waited for.
const SMS: Duration = Duration::from_secs(15);
/// How long an SMS that is not expected is waited for once all work is done.
const NO_SMS: Duration = Duration::from_millis(100);
/// How long what has become due may take.
const DUE: Duration = Duration::from_secs(20);

/// What all transcripts share.
#[derive(Debug)]
pub(super) struct Stage {
    pub(super) menus: PathBuf,
    pub(super) gateways: PathBuf,
    pub(super) limits: Limits,
    pub(super) keys: Arc<sandbox::Keys>,
    pub(super) room: Semaphore,
}

/// A server that one transcript plays on, and its phones.
pub(super) struct Player {
    demo: Demo,
    clock: Arc<DayClock>,
    prompts: Arc<Prompts>,
    gateway: Arc<Account>,
    phones: BTreeMap<String, OnStage>,
    on_stage: Msisdn,
    client: reqwest::Client,
    _scratch: TempDir,
}

/// A phone, and the page that it shows.
struct OnStage {
    phone: Phone,
    display: Option<Display>,
}

/// How a transcript went.
#[derive(Debug, Default)]
pub(super) struct Played {
    /// What went otherwise than written.
    pub(super) failure: Option<String>,
    /// What of its menus it came to.
    pub(super) visited: BTreeSet<Item>,
    /// The longest line that a caller had in it, in bytes.
    pub(super) longest_line: usize,
}

/// A step that went otherwise than written.
struct Otherwise {
    line: usize,
    what: String,
}

impl Player {
    pub(super) async fn start(stage: &Stage, transcript: &Transcript) -> anyhow::Result<Self> {
        let scratch = tempfile::tempdir().context("no scratch folder could be made")?;
        let clock = Arc::new(DayClock::on(transcript.today));
        let prompts = Arc::new(Prompts::default());
        let demo = Demo::start(DemoOptions {
            redis: Vec::new(),
            database: Database::in_file(&scratch.path().join("nyota.db")),
            listen: SocketAddr::from(([127, 0, 0, 1], 0)),
            menus: stage.menus.clone(),
            gateways: stage.gateways.clone(),
            clock: Arc::clone(&clock) as Arc<dyn Clock>,
            banner: "",
            slow_scheme: SLOW,
            deadline: Some(DEADLINE),
            gepg_keys: Some(Arc::clone(&stage.keys)),
            page: transcript.page,
            prompter: Some(Arc::clone(&prompts) as Arc<dyn Prompter>),
            contracts: Contracts::default(),
            schemes: Vec::new(),
            limits: stage.limits.clone(),
            sections: Sections {
                limits: limits::Options::none(),
                ..Sections::default()
            },
        })
        .await?;
        if let Some(language) = transcript.language {
            demo.remember_language(&transcript.phone, language).await?;
        }
        let gateway = demo.gateway(&transcript.gateway);
        let gateway =
            gateway.with_context(|| format!("there is no gateway {}", transcript.gateway))?;
        Ok(Self {
            demo,
            clock,
            prompts,
            gateway,
            phones: BTreeMap::new(),
            on_stage: transcript.phone.clone(),
            client: http_client()?,
            _scratch: scratch,
        })
    }

    /// The menu sets that it plays on.
    pub(super) fn sets(&self) -> Vec<Arc<MenuSet>> {
        self.demo.sets()
    }

    /// Plays it.
    pub(super) async fn play(mut self, transcript: &Transcript, source: &Source) -> Played {
        let mut otherwise = None;
        for step in &transcript.steps {
            if let Err(what) = self.act(&step.action).await {
                let (line, _) = source.position(step.span.start);
                otherwise = Some(Otherwise { line, what });
                break;
            }
        }
        let left = match otherwise {
            Some(_) => None,
            None => self.left().await,
        };
        let visited = self.prompts.visited();
        let longest_line = self.demo.longest_line().unwrap_or_default();
        self.demo.stop().await;
        let title = &transcript.title;
        let told = otherwise
            .map(|Otherwise { line, what }| format!("  {title}\n  {}:{line}\n{what}", source.name));
        let failure = told.or_else(|| left.map(|left| format!("  {title}\n{left}\n")));
        Played {
            failure,
            visited,
            longest_line,
        }
    }

    /// Does what a step says, or sees that it came; says what went otherwise.
    pub(super) async fn act(&mut self, action: &Action) -> Result<(), String> {
        match action {
            Action::Dial(code) => {
                let on_stage = self.on_stage();
                on_stage.display = Some(on_stage.phone.dial(code).await.map_err(told)?);
            }
            Action::Press(keys) => {
                let on_stage = self.on_stage();
                on_stage.display = Some(on_stage.phone.press(keys).await.map_err(told)?);
            }
            Action::See(expected) => page(expected, self.display(), false)?,
            Action::End(expected) => page(expected, self.display(), true)?,
            Action::Sms(expected) => self.sms(expected).await?,
            Action::Pay(number) => {
                let number = number.to_string();
                self.on_stage().phone.pay(&number).await.map_err(told)?;
            }
            Action::HangUp => self.on_stage().display = None,
            Action::Phone(phone) => self.on_stage = phone.clone(),
            Action::Answer(answer) => {
                let sets = self.demo.sets();
                self.prompts.give(&self.on_stage, answer, &sets)?;
            }
            Action::Again(times) => self.again(*times).await?,
            Action::Wait(time) => self.wait(*time).await.map_err(told)?,
        }
        Ok(())
    }

    /// What the phone on stage shows.
    pub(super) fn display(&mut self) -> Option<&Display> {
        self.on_stage().display.as_ref()
    }

    /// The next SMS of the phone on stage.
    pub(super) async fn next_sms(&mut self) -> anyhow::Result<Option<String>> {
        let sms = self.on_stage().phone.next_sms(SMS).await?;
        Ok(sms.map(|sms| sms.text))
    }

    /// The SMS of the phone on stage that no step has looked at, once the outbox has nothing more to
    /// do.
    pub(super) async fn unread_sms(&mut self) -> anyhow::Result<Vec<String>> {
        self.demo.settle(SMS).await?;
        let mut unread = Vec::new();
        while let Some(sms) = self.on_stage().phone.next_sms(NO_SMS).await? {
            unread.push(sms.text);
        }
        Ok(unread)
    }

    pub(super) async fn stop(self) {
        self.demo.stop().await;
    }

    fn on_stage(&mut self) -> &mut OnStage {
        let base = self.demo.address();
        let (client, gateway) = (self.client.clone(), Arc::clone(&self.gateway));
        let number = &self.on_stage;
        self.phones.entry(number.e164()).or_insert_with(|| OnStage {
            phone: Phone::new(client, &base, gateway, number.clone()),
            display: None,
        })
    }

    async fn sms(&mut self, expected: &str) -> Result<(), String> {
        match self.next_sms().await.map_err(told)? {
            Some(text) => differs("SMS", expected, &text),
            None => Err(format!(
                "  no SMS came in {} s; expected was\n{expected}\n",
                SMS.as_secs()
            )),
        }
    }

    /// The last request comes again, so many times at once: what was shown comes back, and no call
    /// is asked a second time.
    async fn again(&mut self, times: usize) -> Result<(), String> {
        let asked = self.prompts.asked();
        let OnStage { phone, display } = self.on_stage();
        let shown = join_all((0..times).map(|_| phone.again())).await;
        for again in shown {
            let again = again.map_err(told)?;
            if let Some(first) = display.as_ref().filter(|first| **first != again) {
                differs("page that came again", &first.text, &again.text)?;
                return Err("  the page came again as one that ends otherwise\n".to_owned());
            }
        }
        if self.prompts.asked() == asked {
            Ok(())
        } else {
            Err("  the same request again asked a call again\n".to_owned())
        }
    }

    /// Lets time pass, from one piece of due work to the next, so that each is done at its time.
    async fn wait(&self, time: Duration) -> anyhow::Result<()> {
        let until = self.clock.now() + time;
        loop {
            let next = self.demo.done_until_now(DUE).await?;
            let next = next.filter(|next| *next < until).unwrap_or(until);
            let step = (next - self.clock.now()).to_std().unwrap_or_default();
            self.clock.pass(step);
            self.demo.age_sessions(step).await;
            if next == until {
                break;
            }
        }
        self.demo.done_until_now(DUE).await?;
        Ok(())
    }

    /// What is left at the end that no step expects.
    async fn left(&mut self) -> Option<String> {
        if let Some(call) = self.prompts.left() {
            return Some(format!(
                "  {call} was not asked any more: its answer was not used"
            ));
        }
        if let Err(error) = self.demo.settle(SMS).await {
            return Some(format!("  {error:#}"));
        }
        for OnStage { phone, .. } in self.phones.values_mut() {
            if let Ok(Some(sms)) = phone.next_sms(NO_SMS).await {
                return Some(format!(
                    "  an SMS came that it does not expect:\n{}",
                    sms.text
                ));
            }
        }
        None
    }
}

fn told(error: impl Into<anyhow::Error>) -> String {
    format!("  {:#}\n", error.into())
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
