//! Push to pay: the payer's phone asks for the money. What mobile-money rails have in common.
//!
//! 1. [`Connector`] is one rail: it requests, is asked what became of it, reads what it is called back
//!    with, and reverses.
//! 2. [`next`] is the attempt's state machine: an attempt is written down before it is sent, and an
//!    answer that could mean either leads to `unknown`, which only a query or a reconciliation leaves.
//! 3. A callback that cannot be authenticated is never believed: it only wakes a query.
//!
//! To add a rail: a module that implements [`Connector`], its options, its recorded messages.
//!
//! Left out: the rows of attempts, and when one is made: after the dialogue has ended, since phones hide
//! a push behind an open dialogue.

use std::sync::Arc;

use async_trait::async_trait;

use super::{
    Provider, PushToPay, SubmitError,
    told::{CodeMeaning, PaidEntry},
};
use crate::model::Amount;

/// Where an attempt stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum PushState {
    /// Written down, not sent.
    Created,
    /// Sent, and nothing is known of it yet.
    Sent,
    /// The rail has it: the payer is asked.
    Pending,
    /// Paid.
    Succeeded,
    /// Not paid, and it will not be.
    Failed,
    /// It may be paid or not: a query must tell.
    Unknown,
}

impl PushState {
    /// Every state.
    pub const ALL: [Self; 6] = [
        Self::Created,
        Self::Sent,
        Self::Pending,
        Self::Succeeded,
        Self::Failed,
        Self::Unknown,
    ];

    /// Whether another attempt for the same bill may be made. Unknown is not an end: money may be on
    /// its way.
    pub fn is_over(self) -> bool {
        match self {
            Self::Succeeded | Self::Failed => true,
            Self::Created | Self::Sent | Self::Pending | Self::Unknown => false,
        }
    }
}

/// What can happen to an attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum PushEvent {
    /// It is on its way.
    Sent,
    /// The rail's answer to the request.
    Answered(Standing),
    /// No answer, or one that cannot be read.
    Unanswered,
    /// A callback whose sender was proved.
    CalledBack(Standing),
    /// A callback whose sender was not proved: whatever it says is not looked at.
    Nudged,
    /// The rail's answer to a query, or a row of its reconciliation.
    Found(Standing),
    /// The rail was asked and has never heard of it.
    NotFound,
    /// Nobody has heard of it for as long as a payer is asked.
    Overdue,
}

/// What a rail says of an attempt, in words of ours.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Standing {
    /// The payer is being asked.
    Pending,
    /// It is paid.
    Succeeded,
    /// It is not paid and will not be.
    Failed,
    /// A code that could mean either, or one that is in no list.
    Ambiguous,
}

/// What an event comes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Next {
    /// The state after it.
    pub state: PushState,
    /// What there is to do.
    pub act: Act,
}

/// What there is to do after an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Act {
    /// Nothing.
    Nothing,
    /// Ask the rail what became of it.
    Query,
    /// A person must look: two things were said that cannot both be true.
    Alarm,
}

/// Where an event leads. It is total: what cannot be true together is an alarm, and paid stays paid.
pub fn next(state: PushState, event: PushEvent) -> Next {
    match event {
        PushEvent::Sent => sent(state),
        PushEvent::Unanswered | PushEvent::Overdue => unheard(state),
        PushEvent::Nudged => Next {
            state,
            act: if waits(state) {
                Act::Query
            } else {
                Act::Nothing
            },
        },
        PushEvent::NotFound => not_found(state),
        PushEvent::Answered(standing) | PushEvent::CalledBack(standing) => said(state, standing),
        PushEvent::Found(standing) => found(state, standing),
    }
}

fn to(state: PushState) -> Next {
    Next {
        state,
        act: Act::Nothing,
    }
}

fn stays(state: PushState) -> Next {
    to(state)
}

/// Whether something of it can still become known.
fn waits(state: PushState) -> bool {
    match state {
        PushState::Sent | PushState::Pending | PushState::Unknown => true,
        PushState::Created | PushState::Succeeded | PushState::Failed => false,
    }
}

/// It is sent once: where it left already, it is not known twice.
fn sent(state: PushState) -> Next {
    match state {
        PushState::Created => to(PushState::Sent),
        PushState::Sent
        | PushState::Pending
        | PushState::Succeeded
        | PushState::Failed
        | PushState::Unknown => stays(state),
    }
}

/// Nothing is heard: it may have reached the payer, so it is never said to have failed.
fn unheard(state: PushState) -> Next {
    if waits(state) {
        Next {
            state: PushState::Unknown,
            act: Act::Query,
        }
    } else {
        stays(state)
    }
}

/// What was never there will not be paid; what the rail had once is not forgotten because a query
/// misses it.
fn not_found(state: PushState) -> Next {
    match state {
        PushState::Sent | PushState::Unknown => to(PushState::Failed),
        PushState::Pending => Next {
            state: PushState::Unknown,
            act: Act::Query,
        },
        PushState::Succeeded => Next {
            state,
            act: Act::Alarm,
        },
        PushState::Created | PushState::Failed => stays(state),
    }
}

/// What an answer or a proved callback says. Unknown is left by it only where the money came: anything
/// else may be old, so the rail is asked.
fn said(state: PushState, standing: Standing) -> Next {
    match (state, standing) {
        (PushState::Unknown, Standing::Pending | Standing::Failed | Standing::Ambiguous) => Next {
            state,
            act: Act::Query,
        },
        _ => found(state, standing),
    }
}

fn found(state: PushState, standing: Standing) -> Next {
    match state {
        // A callback may overtake our own record that it was sent.
        PushState::Created | PushState::Sent | PushState::Pending | PushState::Unknown => {
            found_open(standing)
        }
        PushState::Succeeded => Next {
            state,
            act: if standing == Standing::Failed {
                Act::Alarm
            } else {
                Act::Nothing
            },
        },
        // Money that comes after "failed" is money all the same.
        PushState::Failed if standing == Standing::Succeeded => Next {
            state: PushState::Succeeded,
            act: Act::Alarm,
        },
        PushState::Failed => stays(state),
    }
}

fn found_open(standing: Standing) -> Next {
    match standing {
        Standing::Pending => to(PushState::Pending),
        Standing::Succeeded => to(PushState::Succeeded),
        Standing::Failed => to(PushState::Failed),
        Standing::Ambiguous => Next {
            state: PushState::Unknown,
            act: Act::Query,
        },
    }
}

/// What a rail says of an attempt, and the money where it came.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Heard {
    /// The attempt, by our id.
    pub request: String,
    /// How it stands.
    pub standing: Standing,
    /// The rail's own code, for the operator.
    pub code: String,
    /// The payment, where it succeeded and the rail tells it here.
    pub paid: Option<PaidEntry>,
}

/// A callback that was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Callback {
    /// Its sender was proved.
    Proved(Box<Heard>),
    /// It was not: only which attempt it names is of use, to ask for.
    Unproved(String),
}

impl Callback {
    /// Which attempt it is about.
    pub fn request(&self) -> &str {
        match self {
            Self::Proved(heard) => &heard.request,
            Self::Unproved(request) => request,
        }
    }

    /// What it does to that attempt.
    pub fn event(&self) -> PushEvent {
        match self {
            Self::Proved(heard) => PushEvent::CalledBack(heard.standing),
            Self::Unproved(_) => PushEvent::Nudged,
        }
    }
}

/// A callback that is none.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("this is no callback of {rail}: {why}")]
pub struct CallbackError {
    /// The rail's name.
    pub rail: &'static str,
    /// What is wrong with it, never what is in it.
    pub why: &'static str,
}

/// A request of a rail's that came over HTTP.
#[derive(Debug)]
pub struct CameIn<'a> {
    /// The path below the rail's own, which may hold the attempt's id and a secret.
    pub path: &'a str,
    /// The headers, names in small letters.
    pub headers: &'a [(String, String)],
    /// The body.
    pub body: &'a [u8],
}

/// A rail of mobile money. Every request bears our id of the attempt, so that the same twice is one.
#[async_trait]
pub trait Connector: std::fmt::Debug + Send + Sync {
    /// Its name in keys.
    fn name(&self) -> &'static str;

    /// Has the payer's phone ask.
    async fn request(&self, push: &PushToPay) -> PushEvent;

    /// Asks what became of an attempt. A rail that cannot be asked tells [`PushEvent::Unanswered`].
    async fn query(&self, push: &PushToPay) -> PushEvent;

    /// Reads a callback, and says whether its sender is proved.
    fn read_callback(&self, came: &CameIn<'_>) -> Result<Callback, CallbackError>;

    /// Gives money back. Never done by itself: a person asks for it and another approves.
    async fn reverse(&self, push: &PushToPay, amount: Amount) -> Result<(), SubmitError>;
}

/// The push to pay of a gateway that bills are submitted to, as GePG v5 has it. What it comes to is
/// told by a payment notice, so there is nothing to call back and nothing to ask.
#[derive(Clone, Debug)]
pub struct GatewayPush(pub Arc<dyn Provider>);

#[async_trait]
impl Connector for GatewayPush {
    fn name(&self) -> &'static str {
        "gepg"
    }

    async fn request(&self, push: &PushToPay) -> PushEvent {
        match self.0.push(push).await {
            Ok(pushed) => PushEvent::Answered(standing(pushed.codes.meaning)),
            // It was refused before it left.
            Err(SubmitError::Configuration { .. }) => PushEvent::Answered(Standing::Failed),
            Err(SubmitError::Unknown { .. }) => PushEvent::Unanswered,
        }
    }

    async fn query(&self, _push: &PushToPay) -> PushEvent {
        PushEvent::Unanswered
    }

    fn read_callback(&self, _came: &CameIn<'_>) -> Result<Callback, CallbackError> {
        Err(CallbackError {
            rail: "gepg",
            why: "its payments come as signed notices",
        })
    }

    async fn reverse(&self, push: &PushToPay, _amount: Amount) -> Result<(), SubmitError> {
        Err(SubmitError::Unknown {
            bill: push.bill.clone(),
            why: "GePG gives no money back; the scheme does so through its bank".to_owned(),
            source: None,
        })
    }
}

/// What a gateway's codes say of an attempt. That a bill is settled says nothing of this attempt.
fn standing(meaning: CodeMeaning) -> Standing {
    match meaning {
        CodeMeaning::Success => Standing::Pending,
        CodeMeaning::Rejected
        | CodeMeaning::Expired
        | CodeMeaning::Cancelled
        | CodeMeaning::BadDate => Standing::Failed,
        CodeMeaning::AlreadyOurs
        | CodeMeaning::Settled
        | CodeMeaning::BackOff
        | CodeMeaning::Configuration
        | CodeMeaning::NotReady
        | CodeMeaning::Information
        | CodeMeaning::Unknown => Standing::Ambiguous,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const STANDINGS: [Standing; 4] = [
        Standing::Pending,
        Standing::Succeeded,
        Standing::Failed,
        Standing::Ambiguous,
    ];

    fn every_event() -> Vec<PushEvent> {
        let plain = [
            PushEvent::Sent,
            PushEvent::Unanswered,
            PushEvent::Nudged,
            PushEvent::NotFound,
            PushEvent::Overdue,
        ];
        let said = STANDINGS.into_iter().flat_map(|standing| {
            [
                PushEvent::Answered(standing),
                PushEvent::CalledBack(standing),
                PushEvent::Found(standing),
            ]
        });
        plain.into_iter().chain(said).collect()
    }

    fn after(events: &[PushEvent]) -> Vec<PushState> {
        let mut state = PushState::Created;
        let mut states = vec![state];
        for event in events {
            state = next(state, *event).state;
            states.push(state);
        }
        states
    }

    #[test]
    fn a_push_that_is_answered_and_paid_succeeds() {
        let events = [
            PushEvent::Sent,
            PushEvent::Answered(Standing::Pending),
            PushEvent::CalledBack(Standing::Succeeded),
        ];
        let states = [
            PushState::Created,
            PushState::Sent,
            PushState::Pending,
            PushState::Succeeded,
        ];
        assert_eq!(after(&events), states);
    }

    #[test]
    fn an_answer_that_could_mean_either_is_unknown_and_asked_again() {
        for event in [
            PushEvent::Answered(Standing::Ambiguous),
            PushEvent::Unanswered,
            PushEvent::Overdue,
        ] {
            let unknown = next(PushState::Sent, event);
            assert_eq!(unknown.state, PushState::Unknown, "{event:?}");
            assert_eq!(unknown.act, Act::Query, "{event:?}");
            assert!(!unknown.state.is_over());
        }
    }

    #[test]
    fn unknown_is_left_by_a_query_or_by_money_alone() {
        for event in every_event() {
            let left = next(PushState::Unknown, event).state != PushState::Unknown;
            let may = match event {
                PushEvent::Found(_) | PushEvent::NotFound => true,
                PushEvent::Answered(standing) | PushEvent::CalledBack(standing) => {
                    standing == Standing::Succeeded
                }
                PushEvent::Sent
                | PushEvent::Unanswered
                | PushEvent::Nudged
                | PushEvent::Overdue => false,
            };
            assert!(may || !left, "{event:?}");
        }
    }

    #[test]
    fn a_callback_that_is_not_proved_changes_nothing_and_wakes_a_query() {
        let callback = Callback::Unproved("P1".to_owned());
        assert_eq!(callback.request(), "P1");
        for state in PushState::ALL {
            let nudged = next(state, callback.event());
            assert_eq!(nudged.state, state);
            assert_eq!(nudged.act == Act::Query, waits(state), "{state:?}");
        }
    }

    proptest! {
        #[test]
        fn paid_stays_paid_whatever_comes(
            events in prop::collection::vec(prop::sample::select(every_event()), 0..12)
        ) {
            let states = after(&events);
            let paid = states.iter().position(|state| *state == PushState::Succeeded);
            if let Some(place) = paid {
                prop_assert!(states[place..].iter().all(|state| *state == PushState::Succeeded));
            }
        }

        #[test]
        fn the_same_event_twice_is_the_same_as_once(
            events in prop::collection::vec(prop::sample::select(every_event()), 0..8),
            event in prop::sample::select(every_event()),
        ) {
            let state = after(&events).pop().unwrap();
            let once = next(state, event).state;
            let twice = next(once, event).state;
            // A query that misses it twice is believed.
            let missed = event == PushEvent::NotFound && state == PushState::Pending;
            prop_assert!(once == twice || missed, "{state:?} {event:?}");
        }

        #[test]
        fn where_someone_says_paid_it_is_paid_in_the_end(
            before in prop::collection::vec(prop::sample::select(every_event()), 0..8),
            after_it in prop::collection::vec(prop::sample::select(every_event()), 0..8),
        ) {
            let paid = PushEvent::Found(Standing::Succeeded);
            let events = [before, vec![paid], after_it].concat();
            prop_assert_eq!(after(&events).pop(), Some(PushState::Succeeded));
        }
    }
}
