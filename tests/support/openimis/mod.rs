//! A stand-in for openIMIS, made from recordings of two running releases (`tests/openimis/`).
//!
//! 1. [`StandIn::start`] serves one release on a port of the system's choice; what it holds is `state`.
//! 2. It behaves: a mutation changes what is answered later, its log may wait, both releases' logins and
//!    guards against forged requests are kept.
//! 3. [`StandIn::fault`] spoils one request, [`StandIn::die_at`] ends the world at one, as a node that is killed sees it.

mod answers;
mod query;
pub(crate) mod state;

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, MutexGuard},
    time::Duration,
};

use axum::{
    Router,
    body::{Body, Bytes},
    extract::State as Held,
    http::{HeaderMap, HeaderName, StatusCode},
    response::{IntoResponse as _, Response},
    routing::post,
};
use serde_json::{Value, json};
use state::{Log, State};

/// The account.
pub(crate) const USER: &str = "Admin";
pub(crate) const PASSWORD: &str = "admin123";

/// Which release is stood in for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Release {
    V24_10,
    V26_04,
}

/// What happens to a request instead of a plain answer.
#[derive(Clone, Debug)]
pub(crate) enum Fault {
    TooMany(Option<u64>),
    BadToken,
    Unauthorized,
    Hang,
    Slow(Duration),
    Status(u16),
    Html,
    Garbage(&'static str),
    Huge,
    /// It arrives and is done, and its answer is lost.
    LostAnswer,
}

/// A running stand-in.
pub(crate) struct StandIn {
    pub(crate) address: String,
    world: Arc<World>,
    task: tokio::task::JoinHandle<()>,
}

struct World {
    release: Release,
    inside: Mutex<Inside>,
}

struct Inside {
    state: State,
    asked: Vec<String>,
    faults: BTreeMap<usize, Fault>,
    always: Option<Fault>,
    dies_at: Option<(usize, bool)>,
    tokens: Vec<String>,
    sessions: Vec<(String, String)>,
    token_life: u64,
    looks: Option<u32>,
    never_done: bool,
    has_tickets: bool,
    /// Rights that the account lacks, as the fields they guard.
    forbidden: Vec<String>,
}

impl Drop for StandIn {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl StandIn {
    /// Serves the demo database.
    pub(crate) async fn start(release: Release) -> Self {
        let inside = Inside {
            state: State::demo(),
            asked: Vec::new(),
            faults: BTreeMap::new(),
            always: None,
            dies_at: None,
            tokens: Vec::new(),
            sessions: Vec::new(),
            token_life: 86_400,
            looks: None,
            never_done: false,
            has_tickets: true,
            forbidden: Vec::new(),
        };
        let world = Arc::new(World {
            release,
            inside: Mutex::new(inside),
        });
        let router = Router::new()
            .route("/api/graphql", post(answer))
            .with_state(Arc::clone(&world));
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://{}/api", listener.local_addr().unwrap());
        // Else an answer of two packets waits for the acknowledgement of the first.
        let listener =
            axum::serve::ListenerExt::tap_io(listener, |stream| stream.set_nodelay(true).unwrap());
        let task = tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        Self {
            address,
            world,
            task,
        }
    }

    /// What it holds, to look at or to change.
    pub(crate) fn state<T>(&self, look: impl FnOnce(&mut State) -> T) -> T {
        look(&mut self.world.inside().state)
    }

    /// What was asked so far: the first field of each request.
    pub(crate) fn asked(&self) -> Vec<String> {
        self.world.inside().asked.clone()
    }

    /// Forgets what was asked, and every fault.
    pub(crate) fn anew(&self) {
        let mut inside = self.world.inside();
        inside.asked.clear();
        inside.faults.clear();
        inside.always = None;
        inside.dies_at = None;
        inside.looks = None;
        inside.never_done = false;
    }

    /// Spoils the request that comes after so many others.
    pub(crate) fn fault(&self, after: usize, fault: Fault) {
        let mut inside = self.world.inside();
        let at = inside.asked.len() + after;
        inside.faults.insert(at, fault);
    }

    /// Spoils all of them.
    pub(crate) fn always(&self, fault: Fault) {
        self.world.inside().always = Some(fault);
    }

    /// From the request after so many others nothing is answered; `done` if that one is still done.
    pub(crate) fn die_at(&self, after: usize, done: bool) {
        let mut inside = self.world.inside();
        inside.dies_at = Some((inside.asked.len() + after, done));
    }

    /// Mutations are done after so many looks at their log.
    pub(crate) fn done_after(&self, looks: u32) {
        self.world.inside().looks = Some(looks);
    }

    /// Mutations are never done: no worker runs.
    pub(crate) fn never_done(&self) {
        self.world.inside().never_done = true;
    }

    /// Tokens live so long.
    pub(crate) fn token_life(&self, seconds: u64) {
        self.world.inside().token_life = seconds;
    }

    /// It is without the grievance module.
    pub(crate) fn without_tickets(&self) {
        self.world.inside().has_tickets = false;
    }

    /// The account may not ask for a field.
    pub(crate) fn forbid(&self, field: &str) {
        self.world.inside().forbidden.push(field.to_owned());
    }

    /// New policies get the ids that they got when the recordings of a release were made.
    pub(crate) fn new_policies_are(&self, release: Release) {
        let [joseph, james] = match release {
            Release::V24_10 => [
                "20f2ab01-8d72-4aa3-8fe3-470076fd9db6",
                "2f473a88-03ce-4e68-bf84-6a7f9af7e903",
            ],
            Release::V26_04 => [
                "8d9ea47a-cfe0-4093-9a2c-072896ccc282",
                "d79a5ca1-cb1a-4c0a-810f-4c2b21a3d2cf",
            ],
        };
        self.state(|state| {
            state.new_policies = BTreeMap::from([(1, joseph.to_owned()), (4, james.to_owned())]);
        });
    }

    /// Answers a recorded request, whose token and session are taken as known.
    pub(crate) async fn replay(&self, request: &Value) -> (u16, Value) {
        let mut headers = HeaderMap::new();
        for (name, value) in request["headers"].as_object().unwrap() {
            let name: HeaderName = name.parse().unwrap();
            headers.insert(name, value.as_str().unwrap().parse().unwrap());
        }
        let operation = query::read(
            request["body"]["query"].as_str().unwrap(),
            &request["body"]["variables"],
        );
        let response = {
            let mut inside = self.world.inside();
            inside.tokens.push("<jwt>".to_owned());
            let session = header(&headers, "cookie").split("openimis_session=").nth(1);
            if let Some(session) = session {
                inside.sessions.push((
                    session.to_owned(),
                    header(&headers, "x-csrftoken").to_owned(),
                ));
            }
            inside.reply(self.world.release, &operation.unwrap(), &headers)
        };
        let status = response.status().as_u16();
        let body = axum::body::to_bytes(response.into_body(), 1 << 20)
            .await
            .unwrap();
        (status, serde_json::from_slice(&body).unwrap())
    }

    /// Every token and session is forgotten, as after a change of keys.
    pub(crate) fn forget_sessions(&self) {
        let mut inside = self.world.inside();
        inside.tokens.clear();
        inside.sessions.clear();
    }
}

impl World {
    fn inside(&self) -> MutexGuard<'_, Inside> {
        self.inside.lock().unwrap()
    }
}

async fn answer(Held(world): Held<Arc<World>>, headers: HeaderMap, body: Bytes) -> Response {
    let body: Value = serde_json::from_slice(&body).unwrap();
    let document = body["query"].as_str().unwrap();
    let operation = query::read(document, &body["variables"]);
    let (fault, dead, done) = {
        let mut inside = world.inside();
        let number = inside.asked.len();
        let first = operation
            .as_ref()
            .map_or("?", |operation| operation.fields[0].name.as_str());
        let first = first.to_owned();
        inside.asked.push(first);
        let dead = inside.dies_at.is_some_and(|(at, _)| number >= at);
        let done = inside
            .dies_at
            .is_some_and(|(at, done)| number == at && done);
        let fault = inside
            .faults
            .remove(&number)
            .or_else(|| inside.always.clone());
        (fault, dead, done)
    };
    let reply = |world: &World| match &operation {
        Some(operation) => world.inside().reply(world.release, operation, &headers),
        None => said(400, "Syntax Error", None),
    };
    if dead {
        if done {
            drop(reply(&world));
        }
        return broken();
    }
    match fault {
        None => reply(&world),
        Some(Fault::Slow(pause)) => {
            tokio::time::sleep(pause).await;
            reply(&world)
        }
        Some(Fault::LostAnswer) => {
            drop(reply(&world));
            broken()
        }
        Some(Fault::Hang) => std::future::pending().await,
        Some(fault) => spoilt(&fault),
    }
}

fn spoilt(fault: &Fault) -> Response {
    match fault {
        Fault::TooMany(after) => {
            let mut response = (
                StatusCode::TOO_MANY_REQUESTS,
                "{\"detail\":\"Rate limit exceeded\"}",
            )
                .into_response();
            if let Some(after) = after {
                response
                    .headers_mut()
                    .insert("retry-after", after.to_string().parse().unwrap());
            }
            response
        }
        Fault::BadToken => said(401, "Error decoding signature", None),
        Fault::Unauthorized => said(200, "unauthorized", Some("insurees")),
        Fault::Status(status) => {
            (StatusCode::from_u16(*status).unwrap(), "Server Error (500)").into_response()
        }
        Fault::Html => "<html><body>We'll be back soon</body></html>".into_response(),
        Fault::Garbage(text) => (*text).into_response(),
        Fault::Huge => vec![b' '; 4 << 20].into_response(),
        Fault::Hang | Fault::Slow(_) | Fault::LostAnswer => unreachable!("answered before"),
    }
}

/// The connection ends in the middle of the answer.
fn broken() -> Response {
    let lost = futures_util::stream::once(async { Err::<Bytes, _>(std::io::Error::other("lost")) });
    Response::new(Body::from_stream(lost))
}

/// An error as openIMIS words it.
fn said(status: u16, message: &str, field: Option<&str>) -> Response {
    let mut body = json!({"errors": [{"message": message}]});
    if let Some(field) = field {
        body["errors"][0]["path"] = json!([field]);
        body["data"] = json!({field: null});
    }
    with_status(status, &body)
}

fn with_status(status: u16, body: &Value) -> Response {
    let json = [
        ("content-type", "application/json"),
        ("date", "Sat, 21 Nov 2026 09:00:00 GMT"),
    ];
    (
        StatusCode::from_u16(status).unwrap(),
        json,
        body.to_string(),
    )
        .into_response()
}

fn header<'a>(headers: &'a HeaderMap, name: &str) -> &'a str {
    headers
        .get(name)
        .map_or("", |value| value.to_str().unwrap())
}

impl Inside {
    fn reply(
        &mut self,
        release: Release,
        operation: &query::Operation,
        headers: &HeaderMap,
    ) -> Response {
        let field = &operation.fields[0];
        match field.name.as_str() {
            "tokenAuth" => return self.log_in(release, field, headers),
            "getCsrfToken" if release == Release::V24_10 => {
                return said(
                    400,
                    "Cannot query field \"getCsrfToken\" on type \"Mutation\".",
                    None,
                );
            }
            _ => {}
        }
        if let Err(refused) = self.proved(release, operation, headers) {
            return *refused;
        }
        match field.name.as_str() {
            "getCsrfToken" => return self.guard(),
            "refreshToken" => return self.token("refreshToken"),
            "__type" => return self.form(),
            _ => {}
        }
        if let Some(field) = operation
            .fields
            .iter()
            .find(|field| self.forbidden.contains(&field.name))
        {
            return said(200, "unauthorized", Some(&field.name));
        }
        let mut data = serde_json::Map::new();
        for field in &operation.fields {
            let value = if operation.is_mutation {
                Ok(self.mutate(field))
            } else {
                self.state.query(field)
            };
            match value {
                Ok(value) => drop(data.insert(field.alias.clone(), value)),
                Err(unknown) => {
                    let message = format!(
                        "Cannot query field \"{}\" on type \"{}\".",
                        unknown.field, unknown.of
                    );
                    return said(400, &message, None);
                }
            }
        }
        with_status(200, &json!({"data": data}))
    }

    /// 24.10 wants the token against forged requests with the login, 26.04 does not.
    fn log_in(&mut self, release: Release, field: &query::Field, headers: &HeaderMap) -> Response {
        let token = header(headers, "x-csrftoken");
        let guarded =
            !token.is_empty() && header(headers, "cookie").contains(&format!("csrftoken={token}"));
        if release == Release::V24_10 && !guarded {
            let mut refused = said(200, "CSRF token missing or incorrect.", Some("tokenAuth"));
            let cookie = "csrftoken=fRK2doi447a94SY1IuB7zW7coIGq7CfC; Max-Age=31449600; Path=/";
            refused
                .headers_mut()
                .append("set-cookie", cookie.parse().unwrap());
            return refused;
        }
        let given = |name: &str| {
            field
                .arguments
                .get(name)
                .and_then(Value::as_str)
                .map(str::to_owned)
        };
        if (given("username").as_deref(), given("password").as_deref())
            != (Some(USER), Some(PASSWORD))
        {
            return match release {
                Release::V24_10 => said(401, "Please enter valid credentials", None),
                Release::V26_04 => said(200, "INCORRECT_CREDENTIALS", Some("tokenAuth")),
            };
        }
        self.token("tokenAuth")
    }

    fn token(&mut self, field: &str) -> Response {
        let token = format!("jwt{}", self.tokens.len());
        self.tokens.push(token.clone());
        let begun = 1_795_239_739;
        let payload = json!({"username": USER, "exp": begun + self.token_life, "origIat": begun, "nbf": begun});
        let data = json!({field: {"token": token, "refreshExpiresIn": begun + 2_592_000, "payload": payload}});
        let mut response = with_status(200, &json!({"data": data}));
        let cookie = format!("JWT={token}; HttpOnly; Max-Age=86400; Path=/");
        response
            .headers_mut()
            .append("set-cookie", cookie.parse().unwrap());
        response
    }

    /// The session of 26.04.
    fn guard(&mut self) -> Response {
        let number = self.sessions.len();
        let (session, token) = (format!("session{number}"), format!("csrf{number}"));
        self.sessions.push((session.clone(), token.clone()));
        let mut response = with_status(
            200,
            &json!({"data": {"getCsrfToken": {"csrfToken": token}}}),
        );
        for cookie in [
            "csrftoken=c7egD3yjQXauYLA7p5zbQEIMRY8wZxoR; Max-Age=31449600; Path=/".to_owned(),
            format!("openimis_session={session}; HttpOnly; Max-Age=1209600; Path=/"),
        ] {
            response
                .headers_mut()
                .append("set-cookie", cookie.parse().unwrap());
        }
        response
    }

    fn proved(
        &self,
        release: Release,
        operation: &query::Operation,
        headers: &HeaderMap,
    ) -> Result<(), Box<Response>> {
        let field = operation.fields[0].name.as_str();
        let bearer = header(headers, "authorization");
        if bearer.is_empty() {
            return Err(Box::new(said(200, "unauthorized", Some(field))));
        }
        if !self
            .tokens
            .iter()
            .any(|token| bearer == format!("Bearer {token}"))
        {
            return Err(Box::new(said(401, "Error decoding signature", None)));
        }
        let free = [
            "policiesByInsuree",
            "policiesByFamily",
            "policyValues",
            "getCsrfToken",
            "__type",
        ];
        if release == Release::V24_10
            || operation
                .fields
                .iter()
                .all(|field| free.contains(&field.name.as_str()))
        {
            return Ok(());
        }
        let (cookie, csrf) = (header(headers, "cookie"), header(headers, "x-csrftoken"));
        let session = self
            .sessions
            .iter()
            .find(|(session, _)| cookie.contains(&format!("openimis_session={session}")));
        match session {
            Some((_, token)) if token == csrf => Ok(()),
            Some(_) if !csrf.is_empty() => Err(Box::new(said(
                200,
                "CSRF token missing or incorrect.",
                Some(field),
            ))),
            Some(_) | None => Err(Box::new(said(200, "'csrftoken'", Some(field)))),
        }
    }

    /// A mutation is taken at once, whatever becomes of it, and as often as it is sent.
    fn mutate(&mut self, field: &query::Field) -> Value {
        let input = field.arguments["input"].clone();
        let id = input["clientMutationId"]
            .as_str()
            .unwrap_or_default()
            .to_owned();
        let mut log = Log {
            client_id: id.clone(),
            label: input["clientMutationLabel"].as_str().map(str::to_owned),
            status: 0,
            error: None,
            waits: None,
        };
        match (self.looks, self.never_done) {
            (_, true) => {}
            (Some(looks), false) => log.waits = Some((looks, field.name.clone(), input)),
            (None, false) => {
                let ended = self.state.run(&field.name, &input);
                log.end(ended);
            }
        }
        self.state.logs.push(log);
        let mut out = serde_json::Map::new();
        for part in &field.fields {
            let value = if part.name == "clientMutationId" {
                json!(id)
            } else {
                json!("-")
            };
            out.insert(part.alias.clone(), value);
        }
        Value::Object(out)
    }

    /// What a ticket can say, as it was recorded.
    fn form(&self) -> Response {
        if !self.has_tickets {
            return with_status(200, &json!({"data": {"__type": null}}));
        }
        let recorded = include_str!("../../openimis/24.10/graphql_tickets_schema.json");
        let recorded: Value = serde_json::from_str(recorded).unwrap();
        with_status(200, &recorded["response"]["body"])
    }
}
