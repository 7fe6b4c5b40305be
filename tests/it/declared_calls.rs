//! Declared calls against a server that answers rightly, slowly, wrongly or not at all.

use std::{
    collections::BTreeMap,
    net::SocketAddr,
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use axum::{
    Json, Router,
    extract::{Path, State},
    http::{HeaderMap, StatusCode, Uri, header::LOCATION},
    response::{IntoResponse, Response},
    routing::any,
};
use nyota::{
    effect::declared::{CallHost, DeclaredCalls, Failure, Making, Options, Secrets},
    menu::{self, CheckOptions, MenuSet, OutcomeName, Value, declared::Read},
    model::{DialogueId, EffectKey, Language, source::Source},
};
use serde_json::json;
use tokio::net::TcpListener;

/// A registry of another system, and what it heard.
#[derive(Clone, Default)]
struct Heard {
    requests: Arc<AtomicUsize>,
    last: Arc<Mutex<(String, HeaderMap, String)>>,
}

/// The server, and calls to it.
struct World {
    heard: Heard,
    address: SocketAddr,
}

async fn answer(
    State(heard): State<Heard>,
    Path(how): Path<String>,
    uri: Uri,
    headers: HeaderMap,
    body: String,
) -> Response {
    let earlier = heard.requests.fetch_add(1, Ordering::SeqCst);
    *heard.last.lock().unwrap() = (uri.to_string(), headers, body);
    let right = || Json(json!({"active": true, "name": "Kituo cha Afya A", "level": 2}));
    let how = how.split('/').next().unwrap();
    match how {
        "slow" => {
            tokio::time::sleep(Duration::from_secs(5)).await;
            right().into_response()
        }
        "nonsense" => "<h1>Welcome to this network</h1>".into_response(),
        "redirect" => (StatusCode::FOUND, [(LOCATION, "/right")]).into_response(),
        "huge" => {
            Json(json!({"active": true, "name": "M".repeat(1 << 20), "level": 2})).into_response()
        }
        "wrong" => Json(json!({"active": true, "name": "A", "level": "two"})).into_response(),
        "error" => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
        "flaky" if earlier == 0 => StatusCode::BAD_GATEWAY.into_response(),
        "none" => StatusCode::NOT_FOUND.into_response(),
        _ => right().into_response(),
    }
}

impl World {
    async fn start() -> Self {
        let heard = Heard::default();
        let router = Router::new()
            .route("/{*how}", any(answer))
            .with_state(heard.clone());
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self { heard, address }
    }

    fn requests(&self) -> usize {
        self.heard.requests.load(Ordering::SeqCst)
    }

    /// Address, headers and body of the last request.
    fn last(&self) -> (String, HeaderMap, String) {
        self.heard.last.lock().unwrap().clone()
    }

    /// Calls that may go to it as to any private host.
    fn calls(&self) -> DeclaredCalls {
        DeclaredCalls::new(Options {
            private_hosts: vec![self.address.to_string().parse().unwrap()],
            ..Options::default()
        })
    }

    /// One call to `/{how}/{code}` there, with these lines more.
    fn get(&self, how: &str, lines: &str) -> MenuSet {
        declared(&format!(
            "    get: \"http://{}/{how}/{{code}}\"\n{lines}",
            self.address
        ))
    }
}

/// A set with the call that these lines describe.
fn declared(lines: &str) -> MenuSet {
    let root = include_str!("../menus/registry/registry.yaml");
    let (head, _) = root.split_once("screens:").unwrap();
    let calls = format!(
        "calls:
  facility.find:
    takes: {{code: {{digits: 6}}}}
{lines}    outcomes:
      found: {{status: 200, when: active == true, gives: true}}
      closed: {{status: 200}}
      none: {{status: 404}}
    gives: {{facility: {{name: {{text: 8}}, level: {{number: 1}}}}}}
"
    );
    let source = |name: &str, text: String| Source {
        name: format!("registry/{name}.yaml"),
        text,
    };
    let sources = [
        source(
            "registry",
            format!("{head}screens: {{code: {{end: Kwaheri}}}}\n"),
        ),
        source("calls", calls),
    ];
    let compilation = menu::compile(&sources, CheckOptions::default());
    compilation
        .set
        .unwrap_or_else(|| panic!("{:?}", compilation.problems))
}

async fn make(calls: &DeclaredCalls, set: &MenuSet, code: &str) -> Result<Read, Failure> {
    let making = Making {
        call: set.declared(0).unwrap(),
        arguments: &[Value::Text(code.to_owned())],
        language: Language::SWAHILI,
        key: EffectKey {
            dialogue: DialogueId(7),
            turn: 3,
            ask: 1,
        },
    };
    calls.make(&making).await
}

const FOUND: OutcomeName = OutcomeName::Declared(0);
const NONE: OutcomeName = OutcomeName::Declared(2);

#[tokio::test]
async fn a_right_answer_gives_its_fields_clipped_as_declared() {
    let world = World::start().await;
    let set = world.get("right", "    query: {lang: \"{language}\"}\n");
    let read = make(&world.calls(), &set, "110224").await.unwrap();
    let name = Value::Text("Kituo c.".to_owned());
    let facility = Value::Record(vec![name, Value::Number(2)]);
    assert_eq!((read.name, read.value), (FOUND, Some(facility)));
    assert_eq!(world.last().0, "/right/110224?lang=sw");
    let read = make(&world.calls(), &world.get("none", ""), "110224").await;
    assert_eq!(read.unwrap().name, NONE);
}

#[tokio::test]
async fn what_is_answered_otherwise_than_declared_is_down() {
    let world = World::start().await;
    let calls = world.calls();
    for how in ["nonsense", "wrong", "redirect"] {
        let read = make(&calls, &world.get(how, "    retries: 3\n"), "110224")
            .await
            .unwrap();
        assert_eq!((read.name, read.value), (OutcomeName::Down, None), "{how}");
    }
    // None was followed, none was asked again.
    assert_eq!(world.requests(), 3);
}

#[tokio::test]
async fn a_slow_answer_is_not_waited_for() {
    let world = World::start().await;
    let began = Instant::now();
    let failure = make(
        &world.calls(),
        &world.get("slow", "    timeout: 200ms\n"),
        "110224",
    )
    .await;
    assert!(matches!(failure, Err(Failure::NoAnswer)));
    assert!(began.elapsed() < Duration::from_secs(3));
}

#[tokio::test]
async fn a_huge_answer_is_cut_off() {
    let world = World::start().await;
    let failure = make(&world.calls(), &world.get("huge", ""), "110224").await;
    assert!(matches!(failure, Err(Failure::TooLarge)));
}

#[tokio::test]
async fn a_connection_that_breaks_is_tried_again_as_often_as_is_said() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let world = World {
        heard: Heard::default(),
        address: listener.local_addr().unwrap(),
    };
    let connections = Arc::clone(&world.heard.requests);
    tokio::spawn(async move {
        while let Ok((connection, _)) = listener.accept().await {
            connections.fetch_add(1, Ordering::SeqCst);
            drop(connection);
        }
    });
    let failure = make(
        &world.calls(),
        &world.get("x", "    retries: 2\n"),
        "110224",
    )
    .await;
    assert!(matches!(failure, Err(Failure::Broken)));
    assert_eq!(world.requests(), 3);
}

#[tokio::test]
async fn a_read_is_tried_again_and_a_post_is_not() {
    let world = World::start().await;
    let read = make(
        &world.calls(),
        &world.get("flaky", "    retries: 1\n"),
        "110224",
    )
    .await;
    assert_eq!(read.unwrap().name, FOUND);
    assert_eq!(world.requests(), 2);
    let post = format!(
        "    post: \"http://{}/error\"\n    json: {{code: \"{{code}}\"}}\n",
        world.address
    );
    let failure = make(&world.calls(), &declared(&post), "110224").await;
    assert!(matches!(failure, Err(Failure::Status(500))));
    assert_eq!(world.requests(), 3);
    assert_eq!(world.last().2, r#"{"code":"110224"}"#);
}

#[tokio::test]
async fn a_post_with_a_key_is_sent_again_with_the_same_key() {
    let world = World::start().await;
    let post = format!(
        "    post: \"http://{}/flaky/{{code}}\"\n    retries: 1\n    idempotency_key: true\n",
        world.address
    );
    let read = make(&world.calls(), &declared(&post), "110224").await;
    assert_eq!(read.unwrap().name, FOUND);
    assert_eq!(world.requests(), 2);
    let key = world.last().1.get("idempotency-key").unwrap().clone();
    assert_eq!(key.to_str().unwrap(), format!("{}.3.1", DialogueId(7)));
}

#[tokio::test]
async fn an_answer_is_kept_for_its_age_and_only_for_its_own_question() {
    let world = World::start().await;
    let calls = world.calls();
    let set = world.get("right", "    cache: 1s\n");
    for _ in 0..3 {
        assert_eq!(make(&calls, &set, "110224").await.unwrap().name, FOUND);
    }
    assert_eq!(world.requests(), 1);
    make(&calls, &set, "110305").await.unwrap();
    assert_eq!(world.requests(), 2);
    tokio::time::sleep(Duration::from_millis(1200)).await;
    make(&calls, &set, "110224").await.unwrap();
    assert_eq!(world.requests(), 3);
}

#[tokio::test]
async fn what_failed_is_not_kept() {
    let world = World::start().await;
    let calls = world.calls();
    for how in ["nonsense", "error", "none"] {
        let set = world.get(how, "    cache: 1h\n");
        let before = world.requests();
        let first = make(&calls, &set, "110224").await;
        let second = make(&calls, &set, "110224").await;
        assert_eq!(world.requests() - before, 2, "{how} {first:?} {second:?}");
    }
}

#[tokio::test]
async fn only_listed_hosts_are_called_and_private_ones_only_where_they_are_listed_as_such() {
    let world = World::start().await;
    let set = world.get("right", "");
    let unlisted = DeclaredCalls::new(Options::default());
    assert!(matches!(
        make(&unlisted, &set, "1").await,
        Err(Failure::NotListed)
    ));
    let other_port: CallHost = "127.0.0.1".parse().unwrap();
    let wrong_port = DeclaredCalls::new(Options {
        private_hosts: vec![other_port],
        ..Options::default()
    });
    assert!(matches!(
        make(&wrong_port, &set, "1").await,
        Err(Failure::NotListed)
    ));
    // As an address, and as a name that leads to one.
    let port = world.address.port();
    for host in [
        "127.0.0.1",
        "localhost",
        "[::1]",
        "[::ffff:127.0.0.1]",
        "2130706433",
        "0.0.0.0",
    ] {
        let public = DeclaredCalls::new(Options {
            hosts: vec![format!("{host}:{port}").parse().unwrap()],
            ..Options::default()
        });
        let set = declared(&format!(
            "    get: \"http://{host}:{port}/right/{{code}}\"\n"
        ));
        let failure = make(&public, &set, "1").await;
        assert!(
            matches!(failure, Err(Failure::Private)),
            "{host} {failure:?}"
        );
    }
    assert_eq!(world.requests(), 0);
}

#[tokio::test]
async fn a_host_may_be_elsewhere() {
    let world = World::start().await;
    let calls = DeclaredCalls::new(Options {
        elsewhere: BTreeMap::from([("registry.example".to_owned(), world.address)]),
        ..Options::default()
    });
    let set = declared("    get: \"https://registry.example:8443/right/{code}\"\n");
    assert_eq!(make(&calls, &set, "110224").await.unwrap().name, FOUND);
    let host = world.last().1.get("host").unwrap().clone();
    assert_eq!(host, "registry.example:8443");
}

#[tokio::test]
async fn a_secret_goes_into_its_header_and_into_no_failure() {
    let world = World::start().await;
    let mut secrets = Secrets::default();
    secrets.add("registry", "t0p-s3cret").unwrap();
    let calls = DeclaredCalls::new(Options {
        private_hosts: vec![world.address.to_string().parse().unwrap()],
        secrets,
        ..Options::default()
    });
    let lines = "    headers: {Authorization: \"Bearer {secret.registry}\"}\n";
    let set = world.get("right", lines);
    make(&calls, &set, "110224").await.unwrap();
    let bearer = world.last().1.get("authorization").unwrap().clone();
    assert_eq!(bearer, "Bearer t0p-s3cret");
    assert!(!format!("{calls:?}").contains("s3cret"));
    let without = make(&world.calls(), &set, "110224").await.unwrap_err();
    assert_eq!(
        without.to_string(),
        "the request cannot be made: the secret registry is not set"
    );
    for how in ["error", "huge", "slow"] {
        let set = world.get(how, &format!("{lines}    timeout: 1s\n"));
        let failure = make(&calls, &set, "110224").await.unwrap_err();
        let told = format!("{failure} {failure:?}");
        assert!(
            !told.contains("s3cret") && !told.contains("110224"),
            "{told}"
        );
    }
}

#[tokio::test]
async fn a_host_that_fails_again_and_again_is_left_alone() {
    let world = World::start().await;
    let calls = world.calls();
    let set = world.get("error", "");
    for _ in 0..10 {
        assert!(matches!(
            make(&calls, &set, "110224").await,
            Err(Failure::Status(500))
        ));
    }
    assert!(matches!(
        make(&calls, &set, "110224").await,
        Err(Failure::Resting)
    ));
    assert_eq!(world.requests(), 10);
}

#[tokio::test]
async fn https_is_not_spoken_with_whom_proves_nothing() {
    let world = World::start().await;
    let set = declared(&format!(
        "    get: \"https://{}/right/{{code}}\"\n",
        world.address
    ));
    let failure = make(&world.calls(), &set, "110224").await;
    assert!(matches!(failure, Err(Failure::Broken)), "{failure:?}");
    assert_eq!(world.requests(), 0);
}
