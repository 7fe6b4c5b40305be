use std::{sync::Arc, time::Duration};

use serde::de::DeserializeOwned;
use serde_json::Value;

use super::{
    AddressError, Budget, Failure, Options,
    login::Login,
    session::Session,
    wire::{Question, Wire, given},
};
use crate::http::Answer;

/// A session this old that is told `unauthorized` may have ended; a younger one lacks a right.
const YOUNG: Duration = Duration::from_mins(1);

/// Asks openIMIS, logged in.
#[derive(Debug)]
pub(super) struct Asking {
    wire: Arc<Wire>,
    login: Login,
}

impl Asking {
    pub(super) fn new(options: &Options, budget: Arc<dyn Budget>) -> Result<Self, AddressError> {
        let wire = Arc::new(Wire::new(options, budget)?);
        let login = Login::new(Arc::clone(&wire), options.account.clone());
        Ok(Self { wire, login })
    }

    /// What a document gives.
    pub(super) async fn ask<T: DeserializeOwned>(
        &self,
        document: &str,
        variables: Value,
    ) -> Result<T, Failure> {
        let question = Question {
            document,
            variables,
        };
        let answer = self.answer(&question).await?;
        given(answer.status, &answer.body)
    }

    /// The whole answer. Where the session is not accepted it is made anew, once: nothing was done then.
    pub(super) async fn answer(&self, question: &Question<'_>) -> Result<Answer, Failure> {
        let session = self.session().await?;
        let answer = self.wire.ask(question, &session.proof).await?;
        let Some(said) = stale(&answer) else {
            return Ok(answer);
        };
        if said.contains("unauthorized") && session.since.elapsed() < YOUNG {
            return Err(lacks_right(&said));
        }
        self.login.leave(&session);
        let session = self.session().await?;
        let answer = self.wire.ask(question, &session.proof).await?;
        match stale(&answer) {
            Some(said) => Err(lacks_right(&said)),
            None => Ok(answer),
        }
    }

    /// A session that holds.
    pub(super) async fn session(&self) -> Result<Arc<Session>, Failure> {
        self.login.session().await
    }

    /// How many requests went out.
    pub(super) fn sent(&self) -> u64 {
        self.wire.sent()
    }
}

fn stale(answer: &Answer) -> Option<String> {
    // A refusal is short; what is long is read once, by whoever asked.
    if answer.status == 200 && answer.body.len() > 4_096 {
        return None;
    }
    match given::<serde::de::IgnoredAny>(answer.status, &answer.body) {
        Err(Failure::Stale(said)) => Some(said),
        _ => None,
    }
}

fn lacks_right(said: &str) -> Failure {
    Failure::Refused(format!(
        "openIMIS does not let this user do that ({said}): give its role the right"
    ))
}
