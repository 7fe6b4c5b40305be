//! The bill's state machine, as far as it is in use: who may go where, and what a bill is called.
//!
//! Left out, for the issues that bring them: part payment, cancellation, pooled numbers.

use chrono::{DateTime, Utc};

use crate::store::{BillState, StoreError, Transaction};

/// What can happen to a bill.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum BillEvent {
    /// The gateway has taken it.
    Taken,
    /// It was sent, and no answer could be read.
    Unanswered,
    /// The gateway will not have it.
    Refused,
    /// Its control number came.
    Numbered,
    /// Its exact amount was paid and posted.
    Paid,
    /// The scheme has written the premium.
    Told,
    /// Its last day to pay is over, or another bill takes its place.
    Ended,
}

impl BillEvent {
    /// Every event.
    pub const ALL: [Self; 7] = [
        Self::Taken,
        Self::Unanswered,
        Self::Refused,
        Self::Numbered,
        Self::Paid,
        Self::Told,
        Self::Ended,
    ];

    /// The state it leads to, from wherever it is allowed.
    pub fn leads_to(self) -> BillState {
        match self {
            Self::Taken => BillState::AwaitingNumber,
            Self::Unanswered => BillState::SubmitUnknown,
            Self::Refused => BillState::Rejected,
            Self::Numbered => BillState::Payable,
            Self::Paid => BillState::Settled,
            Self::Told => BillState::Activated,
            Self::Ended => BillState::Expired,
        }
    }

    /// The states from which it is allowed.
    pub fn leaves(self) -> Vec<BillState> {
        let mut states = BillState::ALL.to_vec();
        states.retain(|state| allows(*state, self));
        states
    }
}

/// Whether an event may happen to a bill in this state.
///
/// A control number may overtake our own record of the submission, so it is taken in every state
/// before it; a refused bill that gets a number after all stays refused, for a person to look at.
pub fn allows(state: BillState, event: BillEvent) -> bool {
    use BillEvent::{Ended, Numbered, Paid, Refused, Taken, Told, Unanswered};
    match state {
        BillState::Queued => match event {
            Taken | Unanswered | Refused | Numbered | Ended => true,
            Paid | Told => false,
        },
        BillState::SubmitUnknown => match event {
            Taken | Refused | Numbered | Ended => true,
            Unanswered | Paid | Told => false,
        },
        BillState::AwaitingNumber => match event {
            Refused | Numbered | Ended => true,
            Taken | Unanswered | Paid | Told => false,
        },
        BillState::Payable => match event {
            Paid | Ended => true,
            Taken | Unanswered | Refused | Numbered | Told => false,
        },
        BillState::Settled => match event {
            Told => true,
            Taken | Unanswered | Refused | Numbered | Paid | Ended => false,
        },
        BillState::Activated | BillState::Rejected | BillState::Expired => match event {
            Taken | Unanswered | Refused | Numbered | Paid | Told | Ended => false,
        },
    }
}

/// Whether a bill in this state still has to get its control number.
pub fn wants_number(state: BillState) -> bool {
    allows(state, BillEvent::Numbered)
}

/// Whether a bill in this state can be paid, now or once it has its number.
pub fn is_open(state: BillState) -> bool {
    allows(state, BillEvent::Ended)
}

/// Lets an event happen to a bill; false where it is not allowed in the bill's state, and nothing
/// changed.
pub async fn advance(
    transaction: &mut dyn Transaction,
    id: &str,
    event: BillEvent,
    now: DateTime<Utc>,
) -> Result<bool, StoreError> {
    transaction
        .bills()
        .advance(id, &event.leaves(), event.leads_to(), now)
        .await
}

/// Digits and letters that cannot be taken for each other.
const LETTERS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// How many of them follow `NY`: 80 bits of chance in 18 characters altogether.
const LENGTH: u32 = 16;

/// A bill's id out of a random number: `NY` and sixteen digits and letters.
pub fn bill_id(random: u128) -> String {
    let letter = |place: u32| {
        let index = (random >> (5 * place)) & 31;
        let letter = usize::try_from(index)
            .ok()
            .and_then(|index| LETTERS.get(index));
        char::from(letter.copied().unwrap_or(b'0'))
    };
    "NY".chars().chain((0..LENGTH).rev().map(letter)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_payable_bill_can_be_paid_and_only_a_settled_one_activated() {
        assert_eq!(BillEvent::Paid.leaves(), [BillState::Payable]);
        assert_eq!(BillEvent::Told.leaves(), [BillState::Settled]);
    }

    #[test]
    fn a_number_may_overtake_our_own_record_of_the_submission() {
        let before = [
            BillState::Queued,
            BillState::SubmitUnknown,
            BillState::AwaitingNumber,
        ];
        assert_eq!(BillEvent::Numbered.leaves(), before);
        assert!(before.into_iter().all(wants_number));
    }

    #[test]
    fn no_event_leads_back_so_that_every_bill_comes_to_an_end() {
        fn longest(state: BillState, left: usize) -> usize {
            assert!(left > 0, "{state:?} can be left without end");
            let next = BillEvent::ALL
                .into_iter()
                .filter(|event| allows(state, *event));
            next.map(|event| 1 + longest(event.leads_to(), left - 1))
                .max()
                .unwrap_or(0)
        }
        assert_eq!(longest(BillState::Queued, 8), 5);
    }

    #[test]
    fn an_id_is_short_plain_and_different_for_different_chance() {
        let id = bill_id(0x1234_5678_9abc_def0_1122);
        assert_eq!(id.len(), 18);
        assert!(id.starts_with("NY"));
        assert!(
            id.bytes()
                .all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit())
        );
        assert_ne!(id, bill_id(0x1234_5678_9abc_def0_1123));
    }
}
