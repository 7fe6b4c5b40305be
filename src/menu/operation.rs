use std::{
    borrow::Cow,
    sync::{Arc, LazyLock},
};

use serde::{Deserialize, Serialize};

use super::{Field, Record, Type};

/// What a menu can ask of the world. A new one does not compile until `effect` runs it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Operation {
    /// The member that the scheme holds this phone to be.
    CallerMember,
    /// A member's cover as it is today.
    SchemeCover,
    /// What renewing would cost and cover.
    SchemeQuote,
    /// A bill for a quote: made once, its control number awaited.
    PaymentBill,
    /// The open bills that this phone asked for or that are its member's.
    PaymentBills,
    /// The last payment of this phone or its member.
    PaymentLast,
    /// Whether a control number is the scheme's, for whom and how much.
    PaymentFind,
    /// The call at this position of the set's own, declared in its `calls.yaml`.
    Declared(u16),
    /// A complaint: kept once, and filed at the scheme where that takes them.
    SchemeComplaint,
}

/// A name that a call's `on:` can hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum OutcomeName {
    /// The phone is a member's.
    Linked,
    /// The phone is nobody's that the scheme knows.
    Unlinked,
    /// Covered today.
    Active,
    /// Cover has ended.
    Expired,
    /// Enrolled, not yet paid.
    Unpaid,
    /// Stopped by the scheme.
    Suspended,
    /// A valid number that nobody has.
    Nobody,
    /// This phone has asked for too many numbers today.
    Limited,
    /// It can be renewed; cover would go on without a gap.
    Renewable,
    /// It can be renewed; cover would begin anew after payment.
    Lapsed,
    /// It is too early to renew.
    Early,
    /// The control number is there.
    Made,
    /// The payment gateway refused the bill.
    Refused,
    /// What would be paid for is no longer what was read back.
    Changed,
    /// There is something to show.
    Found,
    /// There is nothing.
    Nothing,
    /// Money came and cover is active.
    Settled,
    /// Money came; cover is being activated.
    Received,
    /// Money came that a person must look at.
    Held,
    /// The bill can be paid.
    Open,
    /// The bill is paid.
    Paid,
    /// The bill has expired or was cancelled.
    Closed,
    /// The number is not the scheme's.
    Foreign,
    /// Not ready in time; the answer is promised by SMS.
    Slow,
    /// It failed, or could not be asked.
    Down,
    /// The outcome at this position of a declared call's own.
    Declared(u8),
    /// The scheme cannot be asked; this is what it said last, with its date.
    Known,
    /// It was taken and has a number.
    Filed,
}

/// One way that a call can end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OutcomeKind {
    /// Which.
    pub name: OutcomeName,
    /// Its name in `on:`.
    pub written: Cow<'static, str>,
    /// Whether the call's `as:` variable is set by it.
    pub gives: bool,
    /// Whether `on:` may leave it out: then it is `down` instead. Such stand behind all others.
    pub optional: bool,
}

/// What a call takes, how it can end and what it gives.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signature {
    /// As written after `call:`.
    pub name: Cow<'static, str>,
    /// Arguments in order.
    pub takes: Vec<Field>,
    /// Every way it can end; `on:` must name each that is not optional.
    pub outcomes: Vec<OutcomeKind>,
    /// What `as:` names; `None` where the call gives nothing.
    pub gives: Option<Type>,
    /// Whether it can be late: then its answer is promised, kept in the store, finished by the
    /// outbox and told by SMS, and `Slow` is one of its outcomes. What cannot be late only reads.
    pub late: bool,
}

fn gives(name: OutcomeName) -> OutcomeKind {
    OutcomeKind {
        name,
        written: Cow::Borrowed(name.as_str()),
        gives: true,
        optional: false,
    }
}

fn bare(name: OutcomeName) -> OutcomeKind {
    OutcomeKind {
        gives: false,
        ..gives(name)
    }
}

/// A record that the program itself knows.
pub(super) fn record(name: &'static str, fields: &[(&'static str, Type)]) -> Arc<Record> {
    Arc::new(Record {
        name: Cow::Borrowed(name),
        fields: fields.iter().map(|(name, of)| field(name, of)).collect(),
    })
}

fn field(name: &'static str, of: &Type) -> Field {
    Field {
        name: Cow::Borrowed(name),
        of: of.clone(),
    }
}

/// A person's name as a registry may hold it, longest in characters.
const NAME: Type = Type::Text { longest: 40 };
/// First name and initial, as a phone that is not linked may see.
pub(super) const SHORT_NAME: Type = Type::Text { longest: 24 };
const INITIALS: Type = Type::Text { longest: 9 };
const PERSONS: Type = Type::Number { digits: 2 };

/// What anyone may see of a member's cover: what a neighbour may read over a shoulder.
static COVER: LazyLock<Arc<Record>> = LazyLock::new(|| {
    record(
        "cover",
        &[
            ("member", Type::Member),
            ("first_name", SHORT_NAME),
            ("initial", Type::Text { longest: 1 }),
            ("from", Type::Date),
            ("to", Type::Date),
            // The day on which the scheme said so; of use where that is not today.
            ("as_of", Type::Date),
        ],
    )
});

/// What renewing costs and covers.
static QUOTE: LazyLock<Arc<Record>> = LazyLock::new(|| {
    record(
        "quote",
        &[
            ("member", Type::Member),
            ("name", NAME),
            ("persons", PERSONS),
            ("amount", Type::Amount),
            ("from", Type::Date),
            ("to", Type::Date),
            // The first day on which renewing is possible; only of use where it is too early.
            ("renew_from", Type::Date),
        ],
    )
});

/// A bill with its control number.
static BILL: LazyLock<Arc<Record>> = LazyLock::new(|| {
    record(
        "bill",
        &[
            ("number", Type::Control),
            ("amount", Type::Amount),
            ("initials", INITIALS),
            ("from", Type::Date),
            ("to", Type::Date),
            // The last day on which it can be paid.
            ("pay_by", Type::Date),
        ],
    )
});

/// A payment.
static PAYMENT: LazyLock<Arc<Record>> = LazyLock::new(|| {
    record(
        "payment",
        &[
            ("amount", Type::Amount),
            ("date", Type::Date),
            ("number", Type::Control),
        ],
    )
});

static CALLER_MEMBER: LazyLock<Signature> = LazyLock::new(|| Signature {
    name: Cow::Borrowed("caller.member"),
    takes: Vec::new(),
    outcomes: vec![
        gives(OutcomeName::Linked),
        bare(OutcomeName::Unlinked),
        bare(OutcomeName::Down),
    ],
    gives: Some(Type::Member),
    late: false,
});

static SCHEME_COVER: LazyLock<Signature> = LazyLock::new(|| Signature {
    name: Cow::Borrowed("scheme.cover"),
    takes: vec![field("member", &Type::Member)],
    outcomes: vec![
        gives(OutcomeName::Active),
        gives(OutcomeName::Expired),
        gives(OutcomeName::Unpaid),
        gives(OutcomeName::Suspended),
        bare(OutcomeName::Nobody),
        bare(OutcomeName::Limited),
        bare(OutcomeName::Slow),
        bare(OutcomeName::Down),
        OutcomeKind {
            optional: true,
            ..gives(OutcomeName::Known)
        },
    ],
    gives: Some(Type::Record(Arc::clone(&COVER))),
    late: true,
});

static SCHEME_QUOTE: LazyLock<Signature> = LazyLock::new(|| Signature {
    name: Cow::Borrowed("scheme.quote"),
    takes: vec![field("member", &Type::Member)],
    outcomes: vec![
        gives(OutcomeName::Renewable),
        gives(OutcomeName::Lapsed),
        gives(OutcomeName::Unpaid),
        gives(OutcomeName::Early),
        bare(OutcomeName::Suspended),
        bare(OutcomeName::Nobody),
        bare(OutcomeName::Limited),
        bare(OutcomeName::Slow),
        bare(OutcomeName::Down),
    ],
    gives: Some(Type::Record(Arc::clone(&QUOTE))),
    late: true,
});

/// What a caller is told of her complaint.
static COMPLAINT: LazyLock<Arc<Record>> =
    LazyLock::new(|| record("complaint", &[("number", Type::Number { digits: 9 })]));

static SCHEME_COMPLAINT: LazyLock<Signature> = LazyLock::new(|| Signature {
    name: Cow::Borrowed("scheme.complaint"),
    takes: vec![field("text", &Type::Text { longest: 160 })],
    outcomes: vec![
        gives(OutcomeName::Filed),
        bare(OutcomeName::Slow),
        bare(OutcomeName::Down),
    ],
    gives: Some(Type::Record(Arc::clone(&COMPLAINT))),
    late: true,
});

static PAYMENT_BILL: LazyLock<Signature> = LazyLock::new(|| Signature {
    name: Cow::Borrowed("payment.bill"),
    takes: vec![field("quote", &Type::Record(Arc::clone(&QUOTE)))],
    outcomes: vec![
        gives(OutcomeName::Made),
        bare(OutcomeName::Paid),
        bare(OutcomeName::Changed),
        bare(OutcomeName::Refused),
        bare(OutcomeName::Slow),
        bare(OutcomeName::Down),
    ],
    gives: Some(Type::Record(Arc::clone(&BILL))),
    late: true,
});

static PAYMENT_BILLS: LazyLock<Signature> = LazyLock::new(|| Signature {
    name: Cow::Borrowed("payment.bills"),
    takes: Vec::new(),
    outcomes: vec![
        gives(OutcomeName::Found),
        bare(OutcomeName::Nothing),
        bare(OutcomeName::Down),
    ],
    gives: Some(Type::List(Arc::clone(&BILL))),
    late: false,
});

static PAYMENT_LAST: LazyLock<Signature> = LazyLock::new(|| Signature {
    name: Cow::Borrowed("payment.last"),
    takes: Vec::new(),
    outcomes: vec![
        gives(OutcomeName::Settled),
        gives(OutcomeName::Received),
        gives(OutcomeName::Held),
        bare(OutcomeName::Nothing),
        bare(OutcomeName::Down),
    ],
    gives: Some(Type::Record(Arc::clone(&PAYMENT))),
    late: false,
});

static PAYMENT_FIND: LazyLock<Signature> = LazyLock::new(|| Signature {
    name: Cow::Borrowed("payment.find"),
    takes: vec![field("number", &Type::Control)],
    outcomes: vec![
        gives(OutcomeName::Open),
        gives(OutcomeName::Paid),
        gives(OutcomeName::Closed),
        bare(OutcomeName::Foreign),
        bare(OutcomeName::Limited),
        bare(OutcomeName::Down),
    ],
    gives: Some(Type::Record(Arc::clone(&BILL))),
    late: false,
});

impl Operation {
    /// Every operation that the program itself knows.
    pub const ALL: [Self; 8] = [
        Self::CallerMember,
        Self::SchemeCover,
        Self::SchemeQuote,
        Self::PaymentBill,
        Self::PaymentBills,
        Self::PaymentLast,
        Self::PaymentFind,
        Self::SchemeComplaint,
    ];

    /// Its signature, where the program itself knows it; a declared one is its set's:
    /// [`MenuSet::signature`](super::MenuSet::signature).
    pub fn signature(self) -> Option<&'static Signature> {
        Some(match self {
            Self::Declared(_) => return None,
            Self::CallerMember => &CALLER_MEMBER,
            Self::SchemeCover => &SCHEME_COVER,
            Self::SchemeQuote => &SCHEME_QUOTE,
            Self::PaymentBill => &PAYMENT_BILL,
            Self::PaymentBills => &PAYMENT_BILLS,
            Self::PaymentLast => &PAYMENT_LAST,
            Self::PaymentFind => &PAYMENT_FIND,
            Self::SchemeComplaint => &SCHEME_COMPLAINT,
        })
    }

    /// The signatures that the program itself knows, in the order of [`Self::ALL`].
    pub fn signatures() -> impl Iterator<Item = &'static Signature> {
        Self::ALL.into_iter().filter_map(Self::signature)
    }

    /// The operation written `name` after `call:`.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|operation| {
            operation
                .signature()
                .is_some_and(|known| known.name == name)
        })
    }
}

impl OutcomeName {
    /// As written in `on:`; of a declared call's own outcome its name stands in its
    /// [`OutcomeKind`] only.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Declared(_) => "declared",
            Self::Known => "known",
            Self::Filed => "filed",
            Self::Linked => "linked",
            Self::Unlinked => "unlinked",
            Self::Active => "active",
            Self::Expired => "expired",
            Self::Unpaid => "unpaid",
            Self::Suspended => "suspended",
            Self::Nobody => "nobody",
            Self::Limited => "limited",
            Self::Renewable => "renewable",
            Self::Lapsed => "lapsed",
            Self::Early => "early",
            Self::Made => "made",
            Self::Refused => "refused",
            Self::Changed => "changed",
            Self::Found => "found",
            Self::Nothing => "nothing",
            Self::Settled => "settled",
            Self::Received => "received",
            Self::Held => "held",
            Self::Open => "open",
            Self::Paid => "paid",
            Self::Closed => "closed",
            Self::Foreign => "foreign",
            Self::Slow => "slow",
            Self::Down => "down",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_unique_and_slow_goes_with_late() {
        for operation in Operation::ALL {
            let signature = operation.signature().unwrap();
            assert_eq!(Operation::named(&signature.name), Some(operation));
            let slow = signature
                .outcomes
                .iter()
                .any(|kind| kind.name == OutcomeName::Slow);
            assert_eq!(slow, signature.late, "{}", signature.name);
            let down = signature
                .outcomes
                .iter()
                .any(|kind| kind.name == OutcomeName::Down);
            assert!(down, "{} can fail", signature.name);
            let kinds = signature.outcomes.iter();
            assert!(kinds.is_sorted_by_key(|kind| kind.optional));
        }
    }
}
