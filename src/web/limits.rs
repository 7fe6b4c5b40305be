//! How many turns a phone and a gateway may take, on this node, before anything else is done.
//!
//! 1. [`Limits::admit`] says whether a turn may be taken. It asks nothing of Redis, of the database or
//!    of the journal, so a flood costs the reading of its requests and no more.
//! 2. [`Limits::keep_small`] forgets phones that are as good as new, in the background.
//!
//! Phones are counted for each gateway, first the phone and then its gateway: a phone that repeats
//! itself must not use up what its gateway has for everybody. Several nodes count each for itself; what
//! must not be passed over all of them is counted in the sessions (`turn`) and the store.

use std::time::Duration;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{bucket::Buckets, seldom::Seldom, serve::Closing};
use crate::model::Rate;

/// How many turns are taken. An honest caller comes to none of the limits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Options {
    /// Of one phone through one gateway. Who types fast takes a turn in two seconds, and an
    /// aggregator that is not answered may send each some times again. `null`: without a limit.
    pub phone: Option<Rate>,
    /// Of one gateway: more than a node can take for long, so that it sheds what it cannot serve
    /// instead of letting all wait. `null`: without a limit.
    pub gateway: Option<Rate>,
    /// How many phones are remembered at most; for more there is the gateway's limit only.
    #[schemars(range(min = 1))]
    pub phones: usize,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            phone: Some(Rate::of(120, 60)),
            gateway: Some(Rate::of(5_000, 1)),
            phones: 250_000,
        }
    }
}

impl Options {
    /// No limits: for transcripts, whose phones type as fast as a machine.
    pub fn none() -> Self {
        Self {
            phone: None,
            gateway: None,
            ..Self::default()
        }
    }
}

/// Which limit a turn met.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Over {
    /// The phone's.
    Phone,
    /// Its gateway's.
    Gateway,
}

/// How often phones that are as good as new are forgotten.
const SWEEP: Duration = Duration::from_secs(1);
/// More than there are profiles.
const GATEWAYS: usize = 4096;

/// Counts the turns of phones and gateways.
#[derive(Debug)]
pub struct Limits {
    phones: Option<Buckets>,
    gateways: Option<Buckets>,
    phone_told: Seldom,
    gateway_told: Seldom,
}

impl Limits {
    /// Nobody has come yet.
    pub fn new(options: Options) -> Self {
        Self {
            phones: options.phone.map(|rate| Buckets::new(rate, options.phones)),
            gateways: options.gateway.map(|rate| Buckets::new(rate, GATEWAYS)),
            phone_told: Seldom::default(),
            gateway_told: Seldom::default(),
        }
    }

    /// Counts a turn of `caller`, a phone's digits or a session, through `gateway`, or says which limit it is over. That is logged
    /// once a minute, with the number.
    pub fn admit(&self, gateway: &str, caller: &str) -> Result<(), Over> {
        if !may(self.phones.as_ref(), (gateway, caller)) {
            if let Some(turns) = self.phone_told.due() {
                tracing::warn!(
                    gateway,
                    turns,
                    "{turns} turns were refused since this was last told: phones called too often, the latest through {gateway}"
                );
            }
            return Err(Over::Phone);
        }
        if !may(self.gateways.as_ref(), gateway) {
            if let Some(turns) = self.gateway_told.due() {
                tracing::warn!(
                    gateway,
                    turns,
                    "{turns} turns were refused since this was last told: {gateway} sends more than it may; if its callers are honest, raise NYOTA_GATEWAY_TURNS"
                );
            }
            return Err(Over::Gateway);
        }
        Ok(())
    }

    /// Forgets phones that are as good as new, until `closing`.
    pub async fn keep_small(&self, closing: Closing) {
        let Some(phones) = &self.phones else {
            return closing.wait().await;
        };
        loop {
            tokio::select! {
                () = tokio::time::sleep(SWEEP) => phones.sweep(),
                () = closing.wait() => return,
            }
        }
    }

    /// How many phones are remembered.
    pub fn phones(&self) -> usize {
        self.phones.as_ref().map_or(0, Buckets::keys)
    }

    /// How many turns came of phones for which there was no room: their gateway's limit alone held.
    pub fn without_room(&self) -> u64 {
        self.phones.as_ref().map_or(0, Buckets::without_room)
    }
}

fn may(buckets: Option<&Buckets>, key: impl std::hash::Hash) -> bool {
    buckets.is_none_or(|buckets| buckets.take(key))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn phone(number: u32) -> String {
        format!("2557{number:08}")
    }

    fn limits(phone: u32, gateway: u32) -> Limits {
        Limits::new(Options {
            phone: Some(Rate::of(phone, 3600)),
            gateway: Some(Rate::of(gateway, 3600)),
            ..Options::default()
        })
    }

    #[test]
    fn a_phone_that_calls_too_often_uses_up_nothing_of_its_gateway() {
        let limits = limits(3, 5);
        let loud: Vec<_> = (0..9)
            .map(|_| limits.admit("at", &phone(1)).is_ok())
            .collect();
        assert_eq!(loud.iter().filter(|admitted| **admitted).count(), 3);
        assert_eq!(limits.admit("at", &phone(1)), Err(Over::Phone));
        assert_eq!(limits.admit("at", &phone(2)), Ok(()));
    }

    #[test]
    fn a_gateway_that_sends_too_much_is_refused_and_another_is_not() {
        let limits = limits(100, 5);
        for number in 0..5 {
            assert_eq!(limits.admit("at", &phone(number)), Ok(()));
        }
        assert_eq!(limits.admit("at", &phone(9)), Err(Over::Gateway));
        assert_eq!(limits.admit("other", &phone(9)), Ok(()));
    }

    #[test]
    fn one_phone_on_two_gateways_is_counted_twice() {
        let limits = limits(1, 100);
        assert_eq!(limits.admit("at", &phone(1)), Ok(()));
        assert_eq!(limits.admit("other", &phone(1)), Ok(()));
        assert_eq!(limits.admit("at", &phone(1)), Err(Over::Phone));
    }

    #[tokio::test(start_paused = true)]
    async fn phones_are_forgotten_in_the_background_once_they_are_as_good_as_new() {
        let limits = std::sync::Arc::new(Limits::new(Options {
            phone: Some(Rate::of(1_000_000, 1)),
            gateway: None,
            ..Options::default()
        }));
        for number in 0..10_000 {
            limits.admit("at", &phone(number)).unwrap();
        }
        let (tell, closing) = Closing::by_hand();
        let kept = std::sync::Arc::clone(&limits);
        let keeping = tokio::spawn(async move { kept.keep_small(closing).await });
        tokio::time::sleep(SWEEP * 3).await;
        assert_eq!(limits.phones(), 0);
        tell.close();
        keeping.await.unwrap();
    }
}
