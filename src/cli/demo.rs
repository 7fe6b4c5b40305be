use std::{net::SocketAddr, path::PathBuf, sync::Arc, time::Duration};

use anyhow::{Context, bail};
use chrono::{DateTime, Utc};
use tokio::{net::TcpListener, sync::Notify, task::JoinHandle};

use super::{
    Contracts, Database, contracts, http_client, needs,
    schemes::{Around, schemes},
};
use crate::{
    catalogue::{Catalogue, Gateways, Limits, Need, read_files},
    config::{SchemeSettings, Sections, Settings, SmsRoute},
    effect::{
        self, Effects,
        declared::{self, DeclaredCalls},
    },
    gateway::profile::Account,
    http::{Client, Reach},
    menu::MenuSet,
    model::{Clock, Language, Msisdn, PageSize, SystemChance, SystemClock, source::Source},
    outbox::{self, Outbox},
    payment::{
        self, Billing, Wake,
        gepg::{self, GepgClient},
    },
    retention::Retention,
    sandbox,
    scheme::{
        Schemes,
        sandbox::{self as demo_scheme, SandboxScheme},
    },
    session::{Copies, GuardedSessions, MemorySessions, RedisSessions, Sessions},
    sms::{AggregatorRoute, Caller, HandsetRoute, Inbox, OwnIds, Route, Routes, Rule, Sms},
    store::{Address, Sealer, Store},
    turn::{self, JournalWriter, Turns},
    web::{
        self,
        serve::{Closing, Ending},
    },
};

/// The word that the demo's first pages and SMS begin with.
pub(super) const BANNER: &str = "DEMO ";

/// How the demo is built; transcripts and tests build it differently from `serve`.
#[derive(Clone, Debug)]
pub struct DemoOptions {
    /// The database and its keys.
    pub database: Database,
    /// The addresses of Redis; without one the sessions are in the process.
    pub redis: Vec<String>,
    /// Where it listens.
    pub listen: SocketAddr,
    /// The folder of the menu sets, or of one of them.
    pub menus: PathBuf,
    /// The folder of profiles.
    pub gateways: PathBuf,
    /// The time of day.
    pub clock: Arc<dyn Clock>,
    /// Before first pages and SMS.
    pub banner: &'static str,
    /// How long the slow demo member's scheme takes.
    pub slow_scheme: Duration,
    /// A deadline for turns that is shorter than the gateway's.
    pub deadline: Option<Duration>,
    /// The demo's GePG keys, where they were made before.
    pub gepg_keys: Option<Arc<sandbox::Keys>>,
    /// What a page holds, where it is not what the gateway's does.
    pub page: Option<PageSize>,
    /// The gateways besides those whose profiles need no settings.
    pub contracts: Contracts,
    /// The schemes; none for the demo's own.
    pub schemes: Vec<SchemeSettings>,
    /// What the menus are checked against.
    pub limits: Limits,
    /// Beside a transcript that is played.
    pub prompter: Option<Arc<dyn effect::Prompter>>,
    /// The options of the parts. Where declared calls may go the demo's own registry is added, where it
    /// is not elsewhere already.
    pub sections: Sections,
}

impl DemoOptions {
    /// As the settings say.
    pub fn of(settings: &Settings) -> anyhow::Result<Self> {
        Ok(Self {
            database: Database::of(settings)?,
            redis: settings.redis()?.to_vec(),
            listen: settings.listen,
            menus: settings.menus.clone(),
            gateways: settings.gateways.clone(),
            clock: Arc::new(SystemClock),
            banner: BANNER,
            slow_scheme: demo_scheme::Options::default().slow,
            deadline: None,
            gepg_keys: None,
            page: None,
            prompter: None,
            contracts: Contracts::of(settings),
            schemes: settings.schemes.clone(),
            limits: settings.menu_limits(),
            sections: settings.sections()?,
        })
    }

    /// On whatever port is free.
    #[must_use]
    pub fn on_any_port(mut self) -> Self {
        self.listen.set_port(0);
        self
    }
}

/// The whole server with its demo world, running.
#[derive(Debug)]
pub struct Demo {
    address: SocketAddr,
    catalogue: Arc<Catalogue>,
    gateways: Arc<Gateways>,
    database: Address,
    store: Arc<dyn Store>,
    clock: Arc<dyn Clock>,
    /// The sessions, where they are in the process.
    sessions: Option<Arc<MemorySessions>>,
    wake: Wake,
    lacking: Vec<Need>,
    tell: Ending,
    running: Vec<JoinHandle<()>>,
    _registry: sandbox::Registry,
}

impl Demo {
    /// Builds it and starts it; when this returns it answers.
    pub async fn start(options: DemoOptions) -> anyhow::Result<Self> {
        let listener = bind(options.listen).await?;
        let address = listener
            .local_addr()
            .context("the address cannot be read")?;
        let sources = read_sources(&options)?;
        // Before the database is made: what refuses to start leaves nothing behind.
        let (sessions, in_process) = open_sessions(&options).await?;
        let (store, sealer) = options.database.open().await?;
        let catalogue = open_catalogue(&store, &options, sources).await?;
        let catalogue = Arc::new(catalogue);
        let gateways = options.contracts.options(address, &sealer);
        let gateways = Gateways::new(Arc::clone(&catalogue), gateways);
        let parts = Parts {
            gateways: Arc::new(contracts::served(gateways)?),
            caller: Arc::new(Caller::new(Client::new(
                Reach::Everything,
                !options.contracts.contracts.is_empty(),
            ))),
            catalogue,
            store,
            sealer,
            wake: Wake::default(),
            delivered: Arc::new(Notify::new()),
            sessions: in_process,
        };
        let keys = gepg_keys(&options).await?;
        let gateway = Arc::new(parts.start_gateway(address, &keys, &options).await?);
        let registry = parts.start_registry(&options).await?;
        let mut calls = options.sections.calls.clone();
        let place = calls.elsewhere.entry(sandbox::REGISTRY_HOST.to_owned());
        place.or_insert(registry.address());
        let lacking = needs::lacking(parts.catalogue.current().needs(), &calls);
        let effects = Arc::new(parts.effects(&gateway, &keys, calls, &options)?);
        effects.follow_schemes().await?;
        let (tell, stopped) = Closing::by_hand();
        let (journal, write_journal) = turn::journal(Arc::clone(&parts.store));
        let metrics = Arc::new(web::Metrics::new());
        let limits = Arc::new(web::Limits::new(options.sections.limits));
        let app = web::App {
            turns: Arc::new(parts.turns(sessions, &effects, journal, &options)),
            catalogue: Arc::clone(&parts.catalogue),
            gateways: Arc::clone(&parts.gateways),
            proxies: options.sections.door.proxies.clone().into(),
            deliveries: web::Deliveries::new(Arc::clone(&parts.caller), Arc::clone(&options.clock)),
            inbox: parts.sms_inbox(&options),
            store: Arc::clone(&parts.store),
            gepg: Arc::new(parts.inbox(&keys, &options)?),
            limits: Arc::clone(&limits),
            metrics: Arc::clone(&metrics),
            closing: stopped.clone(),
            demo: Some(web::Demo {
                gateway,
                delivered: Arc::clone(&parts.delivered),
                requests: Arc::new(web::Requests::default()),
            }),
        };
        let outbox = parts.outbox(effects, &options);
        let running = vec![
            tokio::spawn(web::serve::serve(
                listener,
                web::router(app),
                stopped.clone(),
                web::Door::new(options.sections.door.clone(), metrics),
            )),
            tokio::spawn(async move { limits.keep_small(stopped).await }),
            tokio::spawn(outbox.run(tell.subscribe())),
            tokio::spawn(Arc::clone(&parts.catalogue).follow(tell.subscribe())),
            tokio::spawn(write_journal),
        ];
        Ok(Self {
            address,
            catalogue: parts.catalogue,
            gateways: parts.gateways,
            database: options.database.address,
            store: parts.store,
            clock: options.clock,
            sessions: parts.sessions,
            wake: parts.wake,
            lacking,
            tell,
            running,
            _registry: registry,
        })
    }

    /// What the calls that menus declare need and are not given here: they fail.
    pub fn lacking(&self) -> &[Need] {
        &self.lacking
    }

    /// Where its data is.
    pub fn database(&self) -> &Address {
        &self.database
    }

    /// Where it is: `http://127.0.0.1:8080`.
    pub fn address(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The menu sets by name, and the code that opens each.
    pub fn services(&self) -> Vec<(String, String)> {
        let edition = self.catalogue.current();
        let services = edition.sets();
        let services = services.map(|set| (set.name.clone(), set.service.to_string()));
        services.collect()
    }

    /// How a gateway speaks.
    pub fn gateway(&self, name: &str) -> Option<Arc<Account>> {
        self.gateways.get(name).map(|gateway| gateway.account)
    }

    /// The menu sets that are served.
    pub fn sets(&self) -> Vec<Arc<MenuSet>> {
        self.catalogue.current().sets().map(Arc::clone).collect()
    }

    /// What is served, and how the files here stand to it.
    pub fn catalogue(&self) -> &Catalogue {
        &self.catalogue
    }

    /// Has a phone have chosen a language before.
    pub async fn remember_language(
        &self,
        phone: &Msisdn,
        language: Language,
    ) -> anyhow::Result<()> {
        let mut transaction = self.store.write().await?;
        let now = self.clock.now();
        transaction
            .callers()
            .remember_language(phone, language, now)
            .await?;
        Ok(transaction.commit().await?)
    }

    /// Waits until the outbox has nothing more to do, at most `patience`.
    pub async fn settle(&self, patience: Duration) -> anyhow::Result<()> {
        let settled = async {
            while self.store.read().await?.jobs().open().await? > 0 {
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
            Ok::<_, anyhow::Error>(())
        };
        let settled = tokio::time::timeout(patience, settled).await;
        settled
            .unwrap_or_else(|_| bail!("the outbox still has work after {} s", patience.as_secs()))
    }

    /// Waits until the outbox has done what is due, at most `patience`; gives when it next has work.
    pub async fn done_until_now(
        &self,
        patience: Duration,
    ) -> anyhow::Result<Option<DateTime<Utc>>> {
        let done = async {
            loop {
                let next = self.store.read().await?.jobs().next().await?;
                if next.is_none_or(|next| next > self.clock.now()) {
                    return Ok::<_, anyhow::Error>(next);
                }
                self.wake.outbox.notify_one();
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        };
        let done = tokio::time::timeout(patience, done).await;
        done.unwrap_or_else(|_| bail!("what was due is not done after {} s", patience.as_secs()))
    }

    /// Lets the lines of callers be older by what a clock that is set by hand has moved on.
    pub async fn age_sessions(&self, time: Duration) {
        if let Some(sessions) = &self.sessions {
            sessions.age(time).await;
        }
    }

    /// The longest line that a caller had so far, in bytes, where the sessions are in the process.
    pub fn longest_line(&self) -> Option<usize> {
        self.sessions
            .as_ref()
            .map(|sessions| sessions.longest_line())
    }

    /// Says that calls should go elsewhere; all that come are still taken.
    pub fn leave(&self) {
        self.tell.leave();
    }

    /// Ends it: what has begun is ended first.
    pub async fn stop(self) {
        self.tell.close();
        for task in self.running {
            if let Err(error) = task.await {
                tracing::error!(%error, "a part of the server ended in disorder");
            }
        }
    }
}

/// The sessions that are configured. A Redis that is named and does not answer is refused, never
/// replaced.
async fn open_sessions(
    options: &DemoOptions,
) -> anyhow::Result<(Arc<dyn Sessions>, Option<Arc<MemorySessions>>)> {
    let DemoOptions {
        redis, sections, ..
    } = options;
    if redis.is_empty() {
        let sessions = Arc::new(MemorySessions::new(sections.sessions));
        return Ok((Arc::clone(&sessions) as Arc<dyn Sessions>, Some(sessions)));
    }
    let sessions = RedisSessions::connect(redis, sections.redis.clone()).await;
    let sessions = sessions.context("REDIS_URL is set, but that Redis cannot be used")?;
    let guarded = GuardedSessions::new(Arc::new(sessions));
    Ok((Copies::beside(Arc::new(guarded), sections.copies), None))
}

/// What several parts of the server share.
struct Parts {
    store: Arc<dyn Store>,
    sealer: Arc<Sealer>,
    catalogue: Arc<Catalogue>,
    gateways: Arc<Gateways>,
    caller: Arc<Caller>,
    wake: Wake,
    delivered: Arc<Notify>,
    /// The sessions, where they are in the process.
    sessions: Option<Arc<MemorySessions>>,
}

impl Parts {
    async fn start_gateway(
        &self,
        address: SocketAddr,
        keys: &sandbox::Keys,
        options: &DemoOptions,
    ) -> anyhow::Result<sandbox::Gateway> {
        let world = (Arc::clone(&self.store), Arc::clone(&options.clock));
        let webhooks = format!("http://{address}/payments/gepg");
        let gateway = sandbox::Gateway::start(
            sandbox::Options::default(),
            &webhooks,
            Arc::new(keys.of_gateway()?),
            world,
            http_client()?,
        );
        Ok(gateway.await?)
    }

    async fn start_registry(&self, options: &DemoOptions) -> anyhow::Result<sandbox::Registry> {
        let scheme = Arc::new(self.scheme(options));
        Ok(sandbox::Registry::start(scheme, Arc::clone(&options.clock)).await?)
    }

    fn scheme(&self, options: &DemoOptions) -> SandboxScheme {
        let slow = options.slow_scheme;
        SandboxScheme::new(Arc::clone(&self.store), demo_scheme::Options { slow })
    }

    fn schemes(&self, options: &DemoOptions) -> anyhow::Result<Schemes> {
        let slow = options.slow_scheme;
        let around = Around {
            store: Arc::clone(&self.store),
            clock: Arc::clone(&options.clock),
            demo: demo_scheme::Options { slow },
        };
        schemes(&options.schemes, &around)
    }

    fn effects(
        &self,
        gateway: &sandbox::Gateway,
        keys: &sandbox::Keys,
        calls: declared::Options,
        options: &DemoOptions,
    ) -> anyhow::Result<Effects> {
        let provider = GepgClient::new(
            gepg::Options {
                address: gateway.address(),
                ..gepg::Options::default()
            },
            Arc::new(keys.of_provider()?),
            Arc::clone(&options.clock),
            http_client()?,
        );
        let payment = options.sections.payment.clone();
        let billing = Billing::new(
            Arc::clone(&self.store),
            Arc::clone(&options.clock),
            Arc::new(provider),
            self.wake.clone(),
            payment::Options {
                // The sandbox forgets what it had still to post when the process ends.
                ask_again_seconds: payment.ask_again_seconds.min(5),
                // It tells of every payment, so a demo's outbox comes to rest.
                reconcile_days: 0,
                ..payment
            },
        );
        let sms = Sms::new(
            Arc::clone(&self.store),
            self.routes(options)?,
            Arc::clone(&options.clock),
            options.banner,
        )
        .with(options.sections.sms);
        let world = effect::World {
            store: Arc::clone(&self.store),
            schemes: self.schemes(options)?,
            calls: DeclaredCalls::new(calls),
            billing: Arc::new(billing),
            catalogue: Arc::clone(&self.catalogue),
            sms,
            clock: Arc::clone(&options.clock),
            chance: Arc::new(SystemChance),
            wake: self.wake.clone(),
            prompter: options.prompter.clone(),
        };
        Ok(Effects::new(world, options.sections.effects))
    }

    fn own_ids(&self) -> OwnIds {
        OwnIds::new(Arc::clone(&self.sealer))
    }

    fn sms_inbox(&self, options: &DemoOptions) -> Inbox {
        Inbox::new(
            Arc::clone(&self.store),
            Arc::clone(&options.clock),
            self.own_ids(),
        )
    }

    /// By the settings' routes; every other phone is one of the demo's.
    fn routes(&self, options: &DemoOptions) -> anyhow::Result<Routes> {
        let mut rules = Vec::new();
        let mut otherwise: Option<Arc<dyn Route>> = None;
        for SmsRoute {
            prefixes, gateway, ..
        } in &options.contracts.routes
        {
            let sends = self
                .gateways
                .get(gateway)
                .map(|gateway| gateway.account.profile().sends());
            if sends != Some(true) {
                bail!(
                    "SMS go by the gateway {gateway}, but there is none of that name that sends SMS"
                );
            }
            let clock = (Arc::clone(&options.clock), self.own_ids());
            let (gateways, caller) = (Arc::clone(&self.gateways), Arc::clone(&self.caller));
            let route: Arc<dyn Route> =
                Arc::new(AggregatorRoute::new(gateway, gateways, caller, clock));
            if prefixes.is_empty() {
                otherwise.get_or_insert(route);
            } else if otherwise.is_none() {
                rules.push(Rule {
                    prefixes: prefixes.clone(),
                    route,
                });
            }
        }
        let handset = || -> Arc<dyn Route> {
            Arc::new(HandsetRoute {
                delivered: Arc::clone(&self.delivered),
            })
        };
        Ok(Routes::new(rules, otherwise.unwrap_or_else(handset)))
    }

    fn turns(
        &self,
        sessions: Arc<dyn Sessions>,
        effects: &Arc<Effects>,
        journal: JournalWriter,
        options: &DemoOptions,
    ) -> Turns {
        let world = turn::World {
            sessions,
            catalogue: Arc::clone(&self.catalogue),
            effects: Arc::clone(effects),
            clock: Arc::clone(&options.clock),
            chance: Arc::new(SystemChance),
            sealer: Arc::clone(&self.sealer),
            journal,
        };
        let turns = turn::Options {
            banner: options.banner.to_owned(),
            deadline: options.deadline,
            page: options.page,
            ..options.sections.turns.clone()
        };
        Turns::new(world, turns)
    }

    fn inbox(&self, keys: &sandbox::Keys, options: &DemoOptions) -> anyhow::Result<gepg::Inbox> {
        let inbox = gepg::Inbox::new(
            Arc::clone(&self.store),
            Arc::clone(&options.clock),
            Arc::new(keys.of_provider()?),
            &gepg::Options::default(),
            self.wake.clone(),
        );
        let payment = &options.sections.payment;
        Ok(inbox?.with_rules(payment.rules(vec![gepg::Options::default().sp_code])))
    }

    fn outbox(&self, effects: Arc<Effects>, options: &DemoOptions) -> Outbox {
        let retention = Retention::new(
            Arc::clone(&self.store),
            Arc::clone(&options.clock),
            options.sections.retention,
        );
        let world = outbox::World {
            store: Arc::clone(&self.store),
            work: Arc::new(outbox::Duties { effects, retention }),
            clock: Arc::clone(&options.clock),
            chance: Arc::new(SystemChance),
            bell: Arc::clone(&self.wake.outbox),
        };
        Outbox::new(world, options.sections.outbox.clone())
    }
}

async fn bind(address: SocketAddr) -> anyhow::Result<TcpListener> {
    TcpListener::bind(address).await.with_context(|| {
        format!("{address} cannot be listened on; if another program has it, set NYOTA_LISTEN to a free address such as 127.0.0.1:8081")
    })
}

fn read_sources(options: &DemoOptions) -> anyhow::Result<Vec<Source>> {
    let mut sources = Vec::new();
    for folder in [&options.menus, &options.gateways] {
        sources.extend(read_files(folder).with_context(|| {
            format!(
                "there are no files to serve; nyota looks for the folder {} where it is started",
                folder.display()
            )
        })?);
    }
    Ok(sources)
}

async fn open_catalogue(
    store: &Arc<dyn Store>,
    options: &DemoOptions,
    sources: Vec<Source>,
) -> anyhow::Result<Catalogue> {
    let clock = &*options.clock;
    Ok(Catalogue::open(Arc::clone(store), clock, sources, options.limits.clone()).await?)
}

async fn gepg_keys(options: &DemoOptions) -> anyhow::Result<Arc<sandbox::Keys>> {
    if let Some(keys) = &options.gepg_keys {
        return Ok(Arc::clone(keys));
    }
    let folder = options.database.folder();
    Ok(Arc::new(sandbox::Keys::load_or_make(&folder).await?))
}
