use std::{
    net::SocketAddr,
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use anyhow::Context;
use tokio::{
    net::TcpListener,
    sync::{Notify, watch},
    task::JoinHandle,
};

use super::http_client;
use crate::{
    catalogue::{Catalogue, Limits, read_files},
    config::Settings,
    effect::{self, Effects},
    model::{Clock, SystemClock},
    outbox::{self, Outbox},
    payment::{self, Billing},
    sandbox,
    scheme::sandbox::{self as demo_scheme, SandboxScheme},
    session::{self, MemorySessions},
    sms::{HandsetRoute, Sms},
    store::{Keys, Sealer, SqliteStore, Store},
    turn::{self, Turns},
    web,
};

/// The word that the demo's first pages and SMS begin with.
const BANNER: &str = "DEMO ";

/// How the demo is built; transcripts and tests build it differently from `serve`.
#[derive(Clone, Debug)]
pub struct DemoOptions {
    /// The database's file. Keys lie beside it.
    pub database: PathBuf,
    /// Where it listens.
    pub listen: SocketAddr,
    /// The folder of menu sets.
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
}

impl DemoOptions {
    /// As the settings say.
    pub fn of(settings: &Settings) -> anyhow::Result<Self> {
        Ok(Self {
            database: settings.database()?.to_owned(),
            listen: settings.listen,
            menus: settings.menus.clone(),
            gateways: settings.gateways.clone(),
            clock: Arc::new(SystemClock),
            banner: BANNER,
            slow_scheme: demo_scheme::Options::default().slow,
            deadline: None,
            gepg_keys: None,
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
    store: Arc<dyn Store>,
    gateway: Arc<sandbox::Gateway>,
    stop: watch::Sender<bool>,
    running: Vec<JoinHandle<()>>,
}

impl Demo {
    /// Builds it and starts it; when this returns it answers.
    pub async fn start(options: DemoOptions) -> anyhow::Result<Self> {
        let listener = bind(options.listen).await?;
        let address = listener.local_addr().context("the address cannot be read")?;
        let (store, sealer) = open_store(&options.database).await?;
        let catalogue = Arc::new(open_catalogue(&store, &options).await?);
        let bell = Arc::new(Notify::new());
        let keys = gepg_keys(&options).await?;
        let gateway = start_gateway(address, &store, &options, &keys).await?;
        let payment = payments(&store, &options, &keys, &gateway, &bell)?;
        let effects = effects(&store, &catalogue, &options, payment.billing, &bell);
        let (journal, write_journal) = turn::journal(Arc::clone(&store));
        let turns = turn::World {
            sessions: Arc::new(MemorySessions::new(session::Options::default())),
            catalogue: Arc::clone(&catalogue),
            effects: Arc::clone(&effects),
            clock: Arc::clone(&options.clock),
            sealer,
            journal,
        };
        let turns = Turns::new(turns, turn::Options::default(), options.banner);
        let app = web::App {
            turns: Arc::new(turns),
            catalogue: Arc::clone(&catalogue),
            store: Arc::clone(&store),
            payments: payment.inbox,
            simulator: Some(web::Simulator {
                gateway: Arc::clone(&gateway),
            }),
            clock: Arc::clone(&options.clock),
        };
        let outbox = Outbox::new(
            Arc::clone(&store),
            effects,
            Arc::clone(&options.clock),
            bell,
            outbox::Options::default(),
        );
        let (stop, stopped) = watch::channel(false);
        let running = vec![
            tokio::spawn(web::serve(listener, web::router(app), stopped.clone())),
            tokio::spawn(outbox.run(stopped)),
            tokio::spawn(write_journal),
        ];
        Ok(Self {
            address,
            catalogue,
            store,
            gateway,
            stop,
            running,
        })
    }
}
