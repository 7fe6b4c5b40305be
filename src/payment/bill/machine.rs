use crate::store::BillState;

/// What can happen to a bill.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum BillEvent {
    /// It is to be submitted.
    Asked,
    /// It goes to the gateway now; written down before it is sent.
    Sent,
    /// It was not taken and surely is not there: our settings are refused, so it waits.
    Withheld,
    /// The gateway has taken it.
    Taken,
    /// It was sent, and no answer could be read.
    Unanswered,
    /// The gateway will not have it.
    Refused,
    /// Its control number came.
    Numbered,
    /// Its control number came, and it is nobody's bill yet.
    Stocked,
    /// Somebody wants what it is for: it is hers now.
    Assigned,
    /// Less than its amount was paid and posted.
    PartPaid,
    /// All that was left of it was paid and posted.
    Paid,
    /// Other money of its family pays it: on an earlier bill, or credit.
    Covered,
    /// The scheme has written the premium.
    Told,
    /// Its last day to pay is over, or another bill takes its place.
    Ended,
    /// The gateway is asked to cancel it.
    CancelAsked,
    /// It is cancelled, there or because it never left.
    Cancelled,
    /// The gateway does not cancel it.
    Kept,
    /// The gateway does not cancel it, and it has no control number yet.
    KeptUnnumbered,
    /// Money came on it when it could not be paid any more.
    LateMoney,
    /// That money is taken as its payment after all.
    Reopened,
    /// That money is its family's credit, or went back.
    Released,
}

impl BillEvent {
    /// Every event.
    pub const ALL: [Self; 21] = [
        Self::Asked,
        Self::Sent,
        Self::Withheld,
        Self::Taken,
        Self::Unanswered,
        Self::Refused,
        Self::Numbered,
        Self::Stocked,
        Self::Assigned,
        Self::PartPaid,
        Self::Paid,
        Self::Covered,
        Self::Told,
        Self::Ended,
        Self::CancelAsked,
        Self::Cancelled,
        Self::Kept,
        Self::KeptUnnumbered,
        Self::LateMoney,
        Self::Reopened,
        Self::Released,
    ];

    /// The state it leads to, from wherever it is allowed.
    pub fn leads_to(self) -> BillState {
        match self {
            Self::Asked | Self::Withheld => BillState::Queued,
            Self::Sent => BillState::Submitted,
            Self::Taken | Self::KeptUnnumbered => BillState::AwaitingNumber,
            Self::Unanswered => BillState::SubmitUnknown,
            Self::Refused => BillState::Rejected,
            Self::Numbered | Self::Assigned | Self::Kept => BillState::Payable,
            Self::Stocked => BillState::Pooled,
            Self::PartPaid => BillState::PartPaid,
            Self::Paid | Self::Covered | Self::Reopened => BillState::Settled,
            Self::Told => BillState::Activated,
            Self::Ended | Self::Released => BillState::Expired,
            Self::CancelAsked => BillState::CancelRequested,
            Self::Cancelled => BillState::Cancelled,
            Self::LateMoney => BillState::ClosedWithMoney,
        }
    }

    /// The states from which it is allowed.
    pub fn leaves(self) -> Vec<BillState> {
        let mut states = BillState::ALL.to_vec();
        states.retain(|state| allows(*state, self));
        states
    }
}

/// What may happen to a bill in this state.
///
/// A control number may overtake our own record of the submission, so it is taken in every state
/// before it; a refused bill that gets a number after all stays refused, for a person to look at.
pub fn events(state: BillState) -> &'static [BillEvent] {
    use BillEvent::{
        Asked, Assigned, CancelAsked, Cancelled, Covered, Ended, Kept, KeptUnnumbered, LateMoney,
        Numbered, Paid, PartPaid, Refused, Released, Reopened, Sent, Stocked, Taken, Told,
        Unanswered, Withheld,
    };
    match state {
        BillState::Draft => &[Asked, Covered, Ended, Cancelled],
        BillState::Queued => &[
            Sent, Taken, Unanswered, Refused, Numbered, Stocked, Covered, Ended, Cancelled,
        ],
        BillState::Submitted => &[
            Sent, Withheld, Taken, Unanswered, Refused, Numbered, Stocked, Covered, Ended,
        ],
        BillState::SubmitUnknown => &[
            Sent,
            Taken,
            Refused,
            Numbered,
            Stocked,
            Covered,
            Ended,
            CancelAsked,
        ],
        BillState::AwaitingNumber => &[Refused, Numbered, Stocked, Covered, Ended],
        BillState::Pooled => &[Assigned, Ended],
        BillState::Payable => &[PartPaid, Paid, Covered, Ended, CancelAsked],
        BillState::PartPaid => &[PartPaid, Paid, Covered, Ended],
        BillState::Settled => &[Told],
        BillState::Activated | BillState::Rejected => &[],
        BillState::Expired | BillState::Cancelled => &[LateMoney],
        BillState::CancelRequested => &[Paid, Ended, Cancelled, Kept, KeptUnnumbered, LateMoney],
        BillState::ClosedWithMoney => &[LateMoney, Reopened, Released],
    }
}

/// Whether an event may happen to a bill in this state.
pub fn allows(state: BillState, event: BillEvent) -> bool {
    events(state).contains(&event)
}

/// Where an event takes a bill; `None` where it may not happen.
pub fn next(state: BillState, event: BillEvent) -> Option<BillState> {
    allows(state, event).then(|| event.leads_to())
}

/// Whether a bill in this state still has to get its control number.
pub fn wants_number(state: BillState) -> bool {
    allows(state, BillEvent::Numbered)
}

/// Whether a bill in this state can be paid, now or once it has its number.
pub fn is_open(state: BillState) -> bool {
    allows(state, BillEvent::Covered)
}

/// Whether a bill in this state is paid in full.
pub fn is_paid(state: BillState) -> bool {
    match state {
        BillState::Settled | BillState::Activated => true,
        BillState::Draft
        | BillState::Queued
        | BillState::Submitted
        | BillState::SubmitUnknown
        | BillState::AwaitingNumber
        | BillState::Pooled
        | BillState::Payable
        | BillState::PartPaid
        | BillState::Rejected
        | BillState::Expired
        | BillState::CancelRequested
        | BillState::Cancelled
        | BillState::ClosedWithMoney => false,
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;

    /// Every state, and where each event takes it; what is not named may not happen.
    const TABLE: &[(&str, &str)] = &[
        (
            "draft",
            "Asked>queued Covered>settled Ended>expired Cancelled>cancelled",
        ),
        (
            "queued",
            "Sent>submitted Taken>awaiting_number Unanswered>submit_unknown Refused>rejected \
             Numbered>payable Stocked>pooled Covered>settled Ended>expired Cancelled>cancelled",
        ),
        (
            "submitted",
            "Sent>submitted Withheld>queued Taken>awaiting_number Unanswered>submit_unknown \
             Refused>rejected Numbered>payable Stocked>pooled Covered>settled Ended>expired",
        ),
        (
            "submit_unknown",
            "Sent>submitted Taken>awaiting_number Refused>rejected Numbered>payable Stocked>pooled \
             Covered>settled Ended>expired CancelAsked>cancel_requested",
        ),
        (
            "awaiting_number",
            "Refused>rejected Numbered>payable Stocked>pooled Covered>settled Ended>expired",
        ),
        ("pooled", "Assigned>payable Ended>expired"),
        (
            "payable",
            "PartPaid>part_paid Paid>settled Covered>settled Ended>expired \
             CancelAsked>cancel_requested",
        ),
        (
            "part_paid",
            "PartPaid>part_paid Paid>settled Covered>settled Ended>expired",
        ),
        ("settled", "Told>activated"),
        ("activated", ""),
        ("rejected", ""),
        ("expired", "LateMoney>closed_with_money"),
        (
            "cancel_requested",
            "Paid>settled Ended>expired Cancelled>cancelled Kept>payable \
             KeptUnnumbered>awaiting_number LateMoney>closed_with_money",
        ),
        ("cancelled", "LateMoney>closed_with_money"),
        (
            "closed_with_money",
            "LateMoney>closed_with_money Reopened>settled Released>expired",
        ),
    ];

    #[test]
    fn every_event_in_every_state_leads_where_the_table_says() {
        assert_eq!(TABLE.len(), BillState::ALL.len());
        for ((name, steps), state) in TABLE.iter().zip(BillState::ALL) {
            assert_eq!(*name, state.as_str());
            let expected: BTreeSet<&str> = steps.split_whitespace().collect();
            let found: BTreeSet<String> = BillEvent::ALL
                .into_iter()
                .filter_map(|event| Some(format!("{event:?}>{}", next(state, event)?.as_str())))
                .collect();
            let found: BTreeSet<&str> = found.iter().map(String::as_str).collect();
            assert_eq!(found, expected, "{name}");
        }
    }

    #[test]
    fn only_a_bill_that_can_be_paid_is_settled_by_a_payment() {
        use BillState::{CancelRequested, PartPaid, Payable};
        assert_eq!(
            BillEvent::Paid.leaves(),
            [Payable, PartPaid, CancelRequested]
        );
        assert_eq!(BillEvent::Told.leaves(), [BillState::Settled]);
    }

    #[test]
    fn a_number_may_overtake_our_own_record_of_the_submission() {
        let before = [
            BillState::Queued,
            BillState::Submitted,
            BillState::SubmitUnknown,
            BillState::AwaitingNumber,
        ];
        assert_eq!(BillEvent::Numbered.leaves(), before);
        assert!(before.into_iter().all(wants_number));
    }

    fn reachable(from: BillState) -> BTreeSet<BillState> {
        let mut found = BTreeSet::from([from]);
        let mut edge = vec![from];
        while let Some(state) = edge.pop() {
            let next = events(state).iter().map(|event| event.leads_to());
            edge.extend(
                next.filter(|state| found.insert(*state))
                    .collect::<Vec<_>>(),
            );
        }
        found
    }

    #[test]
    fn every_state_is_reached_and_every_open_bill_can_be_paid_and_can_end() {
        let mut all = reachable(BillState::Draft);
        all.extend(reachable(BillState::Queued));
        assert_eq!(all.len(), BillState::ALL.len());
        for state in BillState::ALL.into_iter().filter(|state| is_open(*state)) {
            let found = reachable(state);
            for end in [BillState::Activated, BillState::Expired] {
                assert!(found.contains(&end), "{state:?} never comes to {end:?}");
            }
        }
    }

    fn any_event() -> impl Strategy<Value = BillEvent> {
        prop::sample::select(BillEvent::ALL.to_vec())
    }

    proptest! {
        /// Whatever comes in whatever order: a paid bill stays paid, and money that came late is
        /// never forgotten before somebody says what becomes of it.
        #[test]
        fn any_order_of_events_keeps_what_was_paid(events in prop::collection::vec(any_event(), 0..60)) {
            let mut state = BillState::Draft;
            for event in events {
                let Some(moved) = next(state, event) else { continue };
                if is_paid(state) {
                    prop_assert!(is_paid(moved), "{state:?} {event:?}");
                }
                if state == BillState::ClosedWithMoney {
                    let resolved = matches!(event, BillEvent::Reopened | BillEvent::Released);
                    prop_assert!(resolved || moved == state, "{event:?}");
                }
                if moved == BillState::Activated {
                    prop_assert_eq!(state, BillState::Settled);
                }
                state = moved;
            }
        }

        /// Telling an event twice is telling it once, as far as the bill goes.
        #[test]
        fn an_event_that_comes_twice_takes_no_second_step(
            events in prop::collection::vec(any_event(), 0..40),
        ) {
            let walk = |twice: bool| {
                let mut state = BillState::Draft;
                for event in &events {
                    for _ in 0..=u8::from(twice) {
                        state = next(state, *event).unwrap_or(state);
                    }
                }
                state
            };
            prop_assert_eq!(walk(false), walk(true));
        }
    }
}
