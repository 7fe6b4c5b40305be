//! The payment's state machine. A payment goes on from being told to being known by all who are to
//! know, and never back; what undoes it is an entry of its own.

use crate::store::PaymentState;

/// What can happen to a payment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum PaymentEvent {
    /// The signature over it is right.
    Verified,
    /// It is written down under its key, which is new.
    Recorded,
    /// Its bill is found: at once, on a late number, by reconciliation or by a person.
    Matched,
    /// No bill of ours is known for it.
    NotMatched,
    /// It contradicts what is known.
    Held,
    /// It is in the ledger on the account where it belongs.
    Posted,
    /// The scheme has written the premium.
    SchemeTold,
    /// The SMS about it are queued.
    SmsSent,
    /// A correcting entry was posted.
    Reversed,
}

impl PaymentEvent {
    /// Every event.
    pub const ALL: [Self; 9] = [
        Self::Verified,
        Self::Recorded,
        Self::Matched,
        Self::NotMatched,
        Self::Held,
        Self::Posted,
        Self::SchemeTold,
        Self::SmsSent,
        Self::Reversed,
    ];

    /// The state it leads to, from wherever it is allowed.
    pub fn leads_to(self) -> PaymentState {
        match self {
            Self::Verified => PaymentState::Verified,
            Self::Recorded => PaymentState::Recorded,
            Self::Matched => PaymentState::Matched,
            Self::NotMatched => PaymentState::Unmatched,
            Self::Held => PaymentState::Quarantined,
            Self::Posted => PaymentState::Posted,
            Self::SchemeTold => PaymentState::SchemeTold,
            Self::SmsSent => PaymentState::SmsSent,
            Self::Reversed => PaymentState::Reversed,
        }
    }

    /// The states from which it is allowed.
    pub fn leaves(self) -> Vec<PaymentState> {
        let mut states = PaymentState::ALL.to_vec();
        states.retain(|state| allows(*state, self));
        states
    }
}

/// What may happen to a payment in this state.
pub fn events(state: PaymentState) -> &'static [PaymentEvent] {
    use PaymentEvent::{
        Held, Matched, NotMatched, Posted, Recorded, Reversed, SchemeTold, SmsSent, Verified,
    };
    match state {
        PaymentState::Received => &[Verified],
        PaymentState::Verified => &[Recorded],
        PaymentState::Recorded => &[Matched, NotMatched, Held],
        PaymentState::Matched => &[Posted],
        PaymentState::Unmatched => &[Matched, Held, Reversed],
        PaymentState::Quarantined => &[Matched, Reversed],
        // What is credit has no premium, so its SMS follow at once.
        PaymentState::Posted => &[SchemeTold, SmsSent, Reversed],
        PaymentState::SchemeTold => &[SmsSent, Reversed],
        PaymentState::SmsSent => &[Reversed],
        PaymentState::Reversed => &[],
    }
}

/// Whether an event may happen to a payment in this state.
pub fn allows(state: PaymentState, event: PaymentEvent) -> bool {
    events(state).contains(&event)
}

/// Where an event takes a payment; `None` where it may not happen.
pub fn next(state: PaymentState, event: PaymentEvent) -> Option<PaymentState> {
    allows(state, event).then(|| event.leads_to())
}

/// Where a course of events takes a payment that is told; `None` where one of them may not happen.
pub fn course(events: &[PaymentEvent]) -> Option<PaymentState> {
    let begin = Some(PaymentState::Received);
    events
        .iter()
        .fold(begin, |state, event| next(state?, *event))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;

    const TABLE: &[(&str, &str)] = &[
        ("received", "Verified>verified"),
        ("verified", "Recorded>recorded"),
        (
            "recorded",
            "Matched>matched NotMatched>unmatched Held>quarantined",
        ),
        ("matched", "Posted>posted"),
        (
            "unmatched",
            "Matched>matched Held>quarantined Reversed>reversed",
        ),
        ("quarantined", "Matched>matched Reversed>reversed"),
        (
            "posted",
            "SchemeTold>scheme_told SmsSent>sms_sent Reversed>reversed",
        ),
        ("scheme_told", "SmsSent>sms_sent Reversed>reversed"),
        ("sms_sent", "Reversed>reversed"),
        ("reversed", ""),
    ];

    #[test]
    fn every_event_in_every_state_leads_where_the_table_says() {
        assert_eq!(TABLE.len(), PaymentState::ALL.len());
        for ((name, steps), state) in TABLE.iter().zip(PaymentState::ALL) {
            assert_eq!(*name, state.as_str());
            let expected: BTreeSet<&str> = steps.split_whitespace().collect();
            let found: BTreeSet<String> = PaymentEvent::ALL
                .into_iter()
                .filter_map(|event| Some(format!("{event:?}>{}", next(state, event)?.as_str())))
                .collect();
            let found: BTreeSet<&str> = found.iter().map(String::as_str).collect();
            assert_eq!(found, expected, "{name}");
        }
    }

    proptest! {
        #[test]
        fn in_any_order_of_events_money_is_posted_once_and_after_it_is_proved(
            events in prop::collection::vec(prop::sample::select(PaymentEvent::ALL.to_vec()), 0..60),
        ) {
            let mut state = PaymentState::Received;
            let mut happened = Vec::new();
            for event in events {
                if let Some(moved) = next(state, event) {
                    happened.push(event);
                    state = moved;
                }
            }
            for once in [PaymentEvent::Posted, PaymentEvent::Verified, PaymentEvent::Recorded] {
                prop_assert!(happened.iter().filter(|event| **event == once).count() <= 1);
            }
            let posted = happened.iter().position(|event| *event == PaymentEvent::Posted);
            if let Some(posted) = posted {
                prop_assert!(happened[..posted].contains(&PaymentEvent::Verified));
                prop_assert!(happened[..posted].contains(&PaymentEvent::Matched));
            }
        }
    }
}
