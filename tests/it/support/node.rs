//! Turns without a web server: several nodes on the sessions, the store and the day that a test
//! chooses.

use std::{sync::Arc, time::Duration};

use async_trait::async_trait;
use chrono::TimeDelta;
use nyota::{
    catalogue::{Catalogue, Limits},
    effect::{self, Effects, declared::DeclaredCalls},
    model::{
        Call, Caller, FixedClock, Known, Msisdn, PageSize, Position, ServiceCode, Signal,
        SystemChance,
    },
    payment::{self, Billing, Provider, SubmitError, Submitted, Wake},
    scheme::{
        Schemes,
        sandbox::{self, SandboxScheme},
    },
    session::Sessions,
    sms::{HandsetRoute, Routes, Sms},
    store::{Bill, Keys, Sealer, Store as _, sqlite::SqliteStore},
    turn::{self, Gateway, Reply, Turns},
};
use tokio::sync::Notify;

use super::sources;

/// What the nodes of a test share, beside their sessions.
pub(crate) struct Ground {
    clock: Arc<FixedClock>,
    store: Arc<SqliteStore>,
    sealer: Arc<Sealer>,
    catalogue: Arc<Catalogue>,
}

/// One node.
#[derive(Clone)]
pub(crate) struct Node {
    turns: Arc<Turns>,
    clock: Arc<FixedClock>,
}

/// How long a caller takes to read a page and to type: a bare gateway's same key again is no repeat then.
const READING: TimeDelta = TimeDelta::milliseconds(2_500);

/// A gateway's class, which is its name here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Class {
    Accumulated,
    Identified,
    Bare,
    /// Bare, and its phone is told with the begin only.
    PhoneOnce,
}

/// A caller, as her gateway tells of her.
#[derive(Clone)]
pub(crate) struct Dialler {
    class: Class,
    phone: Msisdn,
    session: String,
    inputs: Vec<String>,
}

/// A payment gateway whose control numbers never come.
#[derive(Debug)]
struct Silent;

#[async_trait]
impl Provider for Silent {
    fn name(&self) -> &'static str {
        "silent"
    }

    async fn submit(&self, _: &Bill) -> Result<Submitted, SubmitError> {
        Ok(Submitted::Accepted)
    }
}

impl Ground {
    /// The menus of this package, on a morning in March.
    pub(crate) async fn new() -> Self {
        let keys = Keys::one(1, [3; 32], [5; 32]);
        let sealer = Arc::new(Sealer::new(&keys));
        let store = Arc::new(SqliteStore::temporary(Arc::clone(&sealer)).await.unwrap());
        let clock = Arc::new(FixedClock::new("2026-03-02T06:00:00Z".parse().unwrap()));
        let sources = [sources::below("menus"), sources::below("gateways")].concat();
        let opened = Catalogue::open(
            Arc::<SqliteStore>::clone(&store),
            &*clock,
            sources,
            Limits::default(),
        );
        let catalogue = Arc::new(opened.await.unwrap());
        Self {
            clock,
            store,
            sealer,
            catalogue,
        }
    }

    /// The day goes on.
    pub(crate) fn later(&self, milliseconds: i64) {
        self.clock.advance(TimeDelta::milliseconds(milliseconds));
    }

    /// How many jobs the outbox would have to do: nobody does them here.
    pub(crate) async fn open_jobs(&self) -> u64 {
        let mut transaction = self.store.read().await.unwrap();
        transaction.jobs().open().await.unwrap()
    }

    /// A node on these sessions, whose slow member's scheme takes `slow`.
    pub(crate) fn node(&self, sessions: Arc<dyn Sessions>, slow: Duration) -> Node {
        let store = || Arc::<SqliteStore>::clone(&self.store);
        let clock = || Arc::<FixedClock>::clone(&self.clock);
        let wake = Wake::default();
        let billing = Billing::new(
            store(),
            clock(),
            Arc::new(Silent),
            wake.clone(),
            payment::Options::default(),
        );
        let delivered = Arc::new(Notify::new());
        let effects = Effects::new(
            effect::World {
                store: store(),
                schemes: Schemes::one(Arc::new(SandboxScheme::new(
                    store(),
                    sandbox::Options { slow },
                ))),
                billing: Arc::new(billing),
                catalogue: Arc::clone(&self.catalogue),
                calls: DeclaredCalls::new(effect::declared::Options::default()),
                sms: Sms::new(
                    store(),
                    Routes::one(Arc::new(HandsetRoute { delivered })),
                    clock(),
                    "",
                ),
                chance: Arc::new(SystemChance),
                clock: clock(),
                wake,
                prompter: None,
            },
            effect::Options::default(),
        );
        let (journal, _unwritten) = turn::journal(store());
        let world = turn::World {
            sessions,
            catalogue: Arc::clone(&self.catalogue),
            effects: Arc::new(effects),
            clock: clock(),
            chance: Arc::new(SystemChance),
            sealer: Arc::clone(&self.sealer),
            journal,
        };
        Node {
            turns: Arc::new(Turns::new(world, turn::Options::default())),
            clock: clock(),
        }
    }
}

impl Class {
    fn name(self) -> &'static str {
        match self {
            Self::Accumulated => "accumulated",
            Self::Identified => "identified",
            Self::Bare => "bare",
            Self::PhoneOnce => "phone_once",
        }
    }
}

impl Dialler {
    /// Who has not dialled yet.
    pub(crate) fn new(class: Class, phone: &str, session: &str) -> Self {
        Self {
            class,
            phone: Msisdn::parse(phone).unwrap(),
            session: session.to_owned(),
            inputs: Vec::new(),
        }
    }

    /// Dials, and presses key after key; the last page.
    pub(crate) async fn walk(&mut self, node: &Node, keys: &[&str]) -> String {
        self.inputs.clear();
        let mut page = node.answer(self).await;
        for key in keys {
            page = self.press(node, key).await;
        }
        page
    }

    /// Reads, and presses; what its page says.
    pub(crate) async fn press(&mut self, node: &Node, keys: &str) -> String {
        node.clock.advance(READING);
        self.type_in(keys);
        node.answer(self).await
    }

    /// Types without sending.
    pub(crate) fn type_in(&mut self, keys: &str) {
        self.inputs.push(keys.to_owned());
    }

    /// As if these keys had been typed last.
    pub(crate) fn typing(&self, keys: &str) -> Self {
        let mut other = self.clone();
        other.type_in(keys);
        other
    }

    /// As it was so many inputs ago.
    pub(crate) fn before(&self, inputs: usize) -> Self {
        let mut other = self.clone();
        other.inputs.truncate(self.inputs.len() - inputs);
        other
    }

    /// Its last request.
    fn call(&self) -> Call {
        let begins = self.inputs.is_empty();
        let text = self.inputs.last().cloned().unwrap_or_default();
        let told = begins || self.class != Class::PhoneOnce;
        let phone = self.phone.clone();
        Call {
            caller: Caller {
                phone: match self.class {
                    Class::PhoneOnce if begins => Known::ToldForAll(phone),
                    Class::PhoneOnce => Known::Before,
                    Class::Accumulated | Class::Identified | Class::Bare => Known::Told(phone),
                },
                session: self.session.clone(),
            },
            signal: if begins { Signal::Begin } else { Signal::Input },
            position: match self.class {
                Class::Accumulated => Position::Accumulated {
                    text: self.inputs.join("*"),
                },
                Class::Identified => Position::Identified {
                    // Two different inputs are two requests.
                    request: format!("{} {text}", self.inputs.len()),
                    text,
                },
                Class::Bare | Class::PhoneOnce => Position::Bare { text },
            },
            service_code: told.then(|| ServiceCode::parse("*152*00#").unwrap()),
            keep: Vec::new(),
            recalls: false,
            lost: nyota::model::Lost::Begin,
            forgets: false,
        }
    }
}

impl Node {
    /// Takes a dialler's last request.
    pub(crate) async fn answer(&self, dialler: &Dialler) -> String {
        let gateway = Gateway {
            name: dialler.class.name(),
            page: PageSize::default(),
            deadline: Duration::from_secs(4),
        };
        match self.turns.take(gateway, &dialler.call()).await.reply {
            Reply::Page { text, .. } => text,
            Reply::Silence | Reply::Unknown => String::new(),
        }
    }
}
