use std::{
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use futures_util::{
    FutureExt as _,
    future::{BoxFuture, Shared},
};
use tokio::time::Instant;

use super::{Failure, options::Account, session::Session, wire::Wire};

/// How long nobody logs in after the account was refused: openIMIS locks it after five failures in
/// five minutes.
const LOCKED: Duration = Duration::from_mins(5);
/// How long it is not renewed again after that has failed.
const PAUSE: Duration = Duration::from_secs(20);

type Coming = Shared<BoxFuture<'static, Result<Arc<Session>, Failure>>>;

/// The session that all share: made when one is needed, renewed before it ends, once for however many
/// ask.
#[derive(Clone)]
pub(super) struct Login {
    wire: Arc<Wire>,
    account: Account,
    state: Arc<Mutex<State>>,
}

#[derive(Default)]
struct State {
    session: Option<Arc<Session>>,
    /// The one that is being made. It goes on although those who wait for it leave.
    coming: Option<Coming>,
    refused: Option<(Instant, Failure)>,
    /// Renewing has failed: it is not tried again before then, while the session still holds.
    renew_after: Option<Instant>,
}

impl std::fmt::Debug for Login {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.account.fmt(f)
    }
}

impl Login {
    pub(super) fn new(wire: Arc<Wire>, account: Account) -> Self {
        Self {
            wire,
            account,
            state: Arc::default(),
        }
    }

    /// A session that holds.
    pub(super) async fn session(&self) -> Result<Arc<Session>, Failure> {
        let coming = {
            let mut state = self.state();
            let now = Instant::now();
            if let Some(session) = state
                .session
                .clone()
                .filter(|session| now < session.ends_at)
            {
                if now >= session.renew_at && state.may_renew(now) {
                    // Nobody waits for it: what is there still holds.
                    drop(self.begin(&mut state));
                }
                return Ok(session);
            }
            if let Some((_, failure)) = state.refused.as_ref().filter(|(until, _)| now < *until) {
                return Err(failure.clone());
            }
            let coming = state.coming.clone();
            coming.unwrap_or_else(|| self.begin(&mut state))
        };
        coming.await
    }

    /// Leaves a session that openIMIS does not accept; whoever has a newer one keeps it.
    pub(super) fn leave(&self, session: &Arc<Session>) {
        let mut state = self.state();
        if state
            .session
            .as_ref()
            .is_some_and(|held| Arc::ptr_eq(held, session))
        {
            state.session = None;
        }
    }

    fn begin(&self, state: &mut State) -> Coming {
        let (login, held) = (self.clone(), state.session.clone());
        let task = tokio::spawn(async move {
            let made = login.made(held.as_deref()).await.map(Arc::new);
            let mut state = login.state();
            state.coming = None;
            match &made {
                Ok(session) => {
                    state.session = Some(Arc::clone(session));
                    (state.refused, state.renew_after) = (None, None);
                }
                Err(failure @ Failure::Refused(_)) => {
                    tracing::error!("{failure}; no other login is tried for five minutes");
                    state.refused = Some((Instant::now() + LOCKED, failure.clone()));
                }
                Err(_) => state.renew_after = Some(Instant::now() + PAUSE),
            }
            made
        });
        let made = task.map(|ended| {
            ended.unwrap_or_else(|_| Err(Failure::Failed("the login broke off".to_owned())))
        });
        let coming = made.boxed().shared();
        state.coming = Some(coming.clone());
        coming
    }

    async fn made(&self, held: Option<&Session>) -> Result<Session, Failure> {
        if let Some(held) = held.filter(|held| Instant::now() < held.ends_at)
            && let Ok(renewed) = held.renewed(&self.wire).await
        {
            return Ok(renewed);
        }
        Session::begin(&self.wire, &self.account).await
    }

    fn state(&self) -> std::sync::MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn may_renew(&self, now: Instant) -> bool {
        let refused = self.refused.as_ref().map(|(until, _)| *until);
        let rests = [refused, self.renew_after].into_iter().flatten().max();
        self.coming.is_none() && rests.is_none_or(|until| until <= now)
    }
}
