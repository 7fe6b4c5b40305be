//! Makes the calls that menu sets declare themselves, over HTTP.
//!
//! 1. [`DeclaredCalls::make`] sends one call and gives its outcome, or says why there is none; it can
//!    be dropped at any time, which counts as no answer.
//! 2. Only to hosts that [`Options`] list (`host`), only to addresses that anyone may reach unless the
//!    host is listed as private (`guard`), never by a redirect or a proxy.
//! 3. Each host has its own room (`room`): so many calls at once, a short queue, and a pause after
//!    several failures in a row, in which a call fails at once.
//! 4. Answers to reads are given again for as long as their call says (`cache`).
//!
//! What fails is told with the call's name and its host, never with an argument, an address behind the
//! host, a secret or a body.
//!
//! Left out: what a request holds and how an answer is read, which is `menu`'s.

mod cache;
mod client;
mod failure;
mod guard;
mod host;
mod room;
mod secrets;

use std::{
    collections::{BTreeMap, BTreeSet},
    net::SocketAddr,
    time::Duration,
};

use cache::{Cache, CacheKey};
use client::Client;
pub use failure::Failure;
pub use host::{CallHost, ParseCallHostError};
use room::Room;
use schemars::JsonSchema;
pub use secrets::{Secrets, UnfitSecret};
use serde::{Deserialize, Serialize};

use super::{Asker, Effects, Pending, bare};
use crate::{
    dialogue::Outcome,
    menu::{
        DeclaredCall, OutcomeName, Value,
        declared::{Address, FilledRequest, Filling, Nonsense, Read},
    },
    model::{EffectKey, Language},
};

/// The pause before the second try; it doubles with each.
const FIRST_PAUSE: Duration = Duration::from_millis(100);

/// Where calls may go, and with what.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Options {
    /// Hosts that the calls which menus declare may go to: `registry.example`, `openimis.example:8443`.
    pub hosts: Vec<CallHost>,
    /// Hosts that calls may go to although their addresses are private, loopback or link-local.
    pub private_hosts: Vec<CallHost>,
    /// Hosts that are elsewhere, by name: what is sent to one goes to this address, by plain HTTP, and
    /// may. The demo's registry is such a host.
    #[serde(skip)]
    pub elsewhere: BTreeMap<String, SocketAddr>,
    /// What `{secret.NAME}` stands for.
    #[serde(skip)]
    pub secrets: Secrets,
}

impl Options {
    /// Whether calls may go to this address.
    pub fn allow(&self, address: &Address) -> bool {
        let mut listed = self.hosts.iter().chain(&self.private_hosts);
        self.elsewhere.contains_key(&address.host)
            || listed.any(|host| host.is_of(&address.host, address.effective_port()))
    }
}

/// Makes declared calls.
#[derive(Debug)]
pub struct DeclaredCalls {
    options: Options,
    client: Client,
    rooms: BTreeMap<String, Room>,
    cache: Cache,
}

/// One call, as an effect makes it.
#[derive(Clone, Copy, Debug)]
pub struct Making<'a> {
    /// The call.
    pub call: &'a DeclaredCall,
    /// What it takes.
    pub arguments: &'a [Value],
    /// The caller's language.
    pub language: Language,
    /// The effect that makes it: its idempotency key.
    pub key: EffectKey,
}

/// What came of one try.
enum Tried {
    /// An outcome, and whether it was a success: nothing else is kept.
    Read(Read, bool),
    Nonsense(Nonsense),
}

impl DeclaredCalls {
    /// Calls to where `options` say.
    pub fn new(options: Options) -> Self {
        let private = options.private_hosts.iter();
        let private: BTreeSet<String> = private.map(|host| host.name().to_owned()).collect();
        let listed = options.hosts.iter().chain(&options.private_hosts);
        let names = listed.map(CallHost::name);
        let elsewhere = options.elsewhere.keys().map(String::as_str);
        let rooms = names.chain(elsewhere);
        Self {
            rooms: rooms
                .map(|name| (name.to_owned(), Room::default()))
                .collect(),
            // Without a listed host there is nobody to prove a certificate to.
            client: Client::new(private, !options.hosts.is_empty()),
            cache: Cache::default(),
            options,
        }
    }

    /// Makes a call; an answer that is none of its outcomes is `down`.
    pub async fn make(&self, making: &Making<'_>) -> Result<Read, Failure> {
        let call = making.call;
        let room = self.room(&call.request.address)?;
        let secret = |name: &str| self.options.secrets.get(name);
        let filled = call.fill(&Filling {
            arguments: making.arguments,
            language: making.language,
            secret: &secret,
        })?;
        let kept = call.cache.map(|age| (CacheKey::of(call, &filled), age));
        if let Some((key, _)) = &kept
            && let Some(read) = self.cache.get(key).await
        {
            return Ok(read);
        }
        match self.try_often(making, room, &filled).await? {
            Tried::Read(read, is_success) => {
                if let Some((key, age)) = kept.filter(|_| is_success) {
                    self.cache.keep(key, &read, age).await;
                }
                Ok(read)
            }
            Tried::Nonsense(why) => {
                let host = call.request.address.listed();
                let name = &*call.signature.name;
                tracing::warn!(call = name, host, %why, "a declared call was answered otherwise than declared");
                Ok(Read {
                    name: OutcomeName::Down,
                    value: None,
                })
            }
        }
    }

    /// The room of an address that may be called.
    fn room(&self, address: &Address) -> Result<&Room, Failure> {
        if !self.options.allow(address) {
            return Err(Failure::NotListed);
        }
        self.rooms.get(&address.host).ok_or(Failure::NotListed)
    }

    async fn try_often(
        &self,
        making: &Making<'_>,
        room: &Room,
        filled: &FilledRequest,
    ) -> Result<Tried, Failure> {
        let mut pause = FIRST_PAUSE;
        let mut left = making.call.retries;
        loop {
            match self.try_once(making, room, filled).await {
                Err(failure) if left > 0 && failure.may_pass() => {
                    left -= 1;
                    tokio::time::sleep(pause).await;
                    pause *= 2;
                }
                tried => return tried,
            }
        }
    }

    async fn try_once(
        &self,
        making: &Making<'_>,
        room: &Room,
        filled: &FilledRequest,
    ) -> Result<Tried, Failure> {
        let call = making.call;
        let pass = room.enter().await?;
        let address = &call.request.address;
        let elsewhere = self.options.elsewhere.get(&address.host);
        let key = call.idempotency_key.then_some(making.key);
        let sent = self
            .client
            .send(&call.request, filled, key, elsewhere.copied());
        let sent = tokio::time::timeout(call.timeout, sent).await;
        let answer = sent.map_err(|_| Failure::NoAnswer)??;
        let tried = match call.outcome(answer.status, answer.body.as_ref()) {
            Ok(read) if answer.is_sense() => Tried::Read(read, answer.is_success()),
            Ok(_) => Tried::Nonsense(Nonsense::NotJson),
            Err(Nonsense::NoOutcome(status)) if status >= 500 => {
                return Err(Failure::Status(status));
            }
            Err(nonsense) => Tried::Nonsense(nonsense),
        };
        pass.answered();
        Ok(tried)
    }
}

impl Effects {
    /// A call that the caller's set declares.
    pub(super) async fn declared(
        &self,
        asker: Asker<'_>,
        index: u16,
        arguments: &[Value],
    ) -> Result<Outcome, Pending> {
        let edition = self.world.catalogue.edition(asker.edition).await;
        let edition = edition.map_err(|missing| Pending::Failed(missing.to_string()))?;
        let call = edition.set(asker.set).and_then(|set| set.declared(index));
        let call = call.ok_or_else(|| Pending::Failed("its menus are gone".to_owned()))?;
        if let Some(ended) = self.prompted_declared(asker, call).await {
            return ended;
        }
        let making = Making {
            call,
            arguments,
            language: asker.language,
            key: asker.key,
        };
        let made = self.world.calls.make(&making).await;
        let read = made.map_err(|failure| {
            let host = call.request.address.listed();
            Pending::Failed(format!("{} at {host}: {failure}", call.signature.name))
        })?;
        Ok(match read.value {
            Some(value) => super::giving(read.name, value),
            None => bare(read.name),
        })
    }
}
