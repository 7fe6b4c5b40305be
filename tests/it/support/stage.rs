//! The whole server inside the test, on a day of its own: for what needs short deadlines.

use std::{
    net::SocketAddr,
    path::{Path, PathBuf},
    sync::Arc,
    time::{Duration, Instant},
};

use chrono::{DateTime, TimeDelta, Utc};
use nyota::{
    catalogue::Limits,
    cli::{Contracts, Database, Demo, DemoOptions},
    config::{SchemeSettings, Sections},
    model::Clock,
    sandbox::Keys,
};
use tempfile::TempDir;
use tokio::sync::OnceCell;

use super::{phone::Phone, records::Records};

/// How long the slow scheme takes here.
pub(crate) const SLOW: Duration = Duration::from_secs(3);
/// A deadline that the slow scheme misses and everything else meets, also on a busy machine.
const DEADLINE: Duration = Duration::from_millis(2400);

/// Making RSA keys takes a while, so all stages have the same.
static KEYS: OnceCell<Arc<Keys>> = OnceCell::const_new();

/// A running server, its records and its keys.
pub(crate) struct Stage {
    /// What it wrote.
    pub(crate) records: Records,
    /// The keys of its payments, ours and the gateway's.
    pub(crate) keys: Arc<Keys>,
    /// Where it serves.
    pub(crate) address: String,
    demo: Demo,
    _folder: TempDir,
}

/// Begins at nine in the morning in East Africa, and runs.
#[derive(Debug)]
struct Morning {
    begins: DateTime<Utc>,
    started: Instant,
}

impl Clock for Morning {
    fn now(&self) -> DateTime<Utc> {
        self.begins + TimeDelta::from_std(self.started.elapsed()).unwrap()
    }
}

impl Stage {
    /// One with a deadline that the slow scheme misses.
    pub(crate) async fn start() -> Self {
        Self::with(Some(DEADLINE), SLOW).await
    }

    /// One with the gateway's own deadline, which the slow scheme meets.
    pub(crate) async fn patient() -> Self {
        Self::with(None, SLOW).await
    }

    /// One whose slow scheme takes so long that its work is still on at the end of a test.
    pub(crate) async fn with_a_very_slow_scheme() -> Self {
        Self::with(Some(DEADLINE), Duration::from_secs(25)).await
    }

    /// One that serves the menus of another folder of this package.
    pub(crate) async fn serving(menus: &str) -> Self {
        Self::of(menus, Some(DEADLINE), SLOW).await
    }

    /// One whose menus, of another folder, find their registry at a port of this machine.
    pub(crate) async fn with_registry_at(port: u16, menus: &str) -> Self {
        let mut options = options(menus, None, SLOW).await;
        let registry = SocketAddr::from(([127, 0, 0, 1], port));
        let host = "registry.sandbox".to_owned();
        options.0.sections.calls.elsewhere.insert(host, registry);
        Self::built(options).await
    }

    /// One with gateways of the operator's own.
    pub(crate) async fn with_contracts(contracts: Contracts) -> Self {
        let mut options = options("menus", None, SLOW).await;
        options.0.contracts = contracts;
        Self::built(options).await
    }

    /// One with these schemes.
    pub(crate) async fn with_schemes(schemes: Vec<SchemeSettings>) -> Self {
        let mut options = options("menus", Some(DEADLINE), SLOW).await;
        options.0.schemes = schemes;
        Self::built(options).await
    }

    async fn with(deadline: Option<Duration>, slow_scheme: Duration) -> Self {
        Self::of("menus", deadline, slow_scheme).await
    }

    async fn of(menus: &str, deadline: Option<Duration>, slow_scheme: Duration) -> Self {
        Self::built(options(menus, deadline, slow_scheme).await).await
    }

    async fn built((options, folder): (DemoOptions, TempDir)) -> Self {
        let database = folder.path().join("nyota.db");
        let keys = Arc::clone(KEYS.get_or_init(make_keys).await);
        let demo = Demo::start(options).await.unwrap();
        Self {
            records: Records::open(&database).await,
            keys,
            address: demo.address(),
            demo,
            _folder: folder,
        }
    }

    /// A phone of its network.
    pub(crate) fn phone(&self, number: &str) -> Phone {
        Phone::new(&self.address, number)
    }

    /// Ends it in order.
    pub(crate) async fn stop(self) {
        self.demo.stop().await;
    }
}

/// How a stage is built, and its folder.
async fn options(
    menus: &str,
    deadline: Option<Duration>,
    slow_scheme: Duration,
) -> (DemoOptions, TempDir) {
    let folder = tempfile::tempdir().unwrap();
    let options = DemoOptions {
        redis: Vec::new(),
        database: Database::in_file(&folder.path().join("nyota.db")),
        listen: SocketAddr::from(([127, 0, 0, 1], 0)),
        menus: in_package(menus),
        gateways: in_package("gateways"),
        clock: Arc::new(Morning {
            begins: "2026-03-02T06:00:00Z".parse().unwrap(),
            started: Instant::now(),
        }),
        banner: "DEMO ",
        slow_scheme,
        deadline,
        gepg_keys: Some(Arc::clone(KEYS.get_or_init(make_keys).await)),
        page: None,
        prompter: None,
        contracts: Contracts::default(),
        schemes: Vec::new(),
        limits: Limits::default(),
        sections: Sections::default(),
    };
    (options, folder)
}

async fn make_keys() -> Arc<Keys> {
    let folder = tempfile::tempdir().unwrap();
    Arc::new(Keys::load_or_make(folder.path()).await.unwrap())
}

fn in_package(folder: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(folder)
}
