//! The SMS that no screen sends: what each can name, and what it is for.

use std::sync::{Arc, LazyLock};

use serde::{Deserialize, Serialize};

use super::{
    Record, Type,
    operation::{SHORT_NAME, record},
};
use crate::model::Purpose;

/// An SMS that no screen sends: its text stands in the set's `messages:`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum MessageKind {
    /// Money came for a bill, and was posted.
    PaymentReceived,
    /// The scheme has made the cover active.
    CoverActive,
    /// Money came for a bill, and was less than it.
    PaymentShort,
    /// Money came that pays no open bill, and promises no cover.
    PaymentLate,
    /// A bill got its control number while nobody waited for it.
    BillNumbered,
    /// A bill can be paid for a few days only.
    BillExpiring,
    /// A member was enrolled.
    Enrolled,
    /// A cover was renewed.
    Renewed,
    /// A cover ends in a few days.
    CoverExpiring,
    /// A cover has ended a few days ago.
    CoverExpired,
    /// What a caller reported was written down.
    ReportFiled,
    /// A code by which a phone proves whose it is.
    OneTimeCode,
}

/// A member, as anyone may see her.
const WHO: [(&str, Type); 2] = [
    ("first_name", SHORT_NAME),
    ("initial", Type::Text { longest: 1 }),
];

/// What each can name, in the order of [`MessageKind::ALL`].
static RECORDS: LazyLock<Vec<Arc<Record>>> = LazyLock::new(|| {
    let kinds = MessageKind::ALL.into_iter();
    kinds
        .map(|kind| record(kind.name(), &kind.fields()))
        .collect()
});

impl MessageKind {
    /// Every kind.
    pub const ALL: [Self; 12] = [
        Self::PaymentReceived,
        Self::CoverActive,
        Self::PaymentShort,
        Self::PaymentLate,
        Self::BillNumbered,
        Self::BillExpiring,
        Self::Enrolled,
        Self::Renewed,
        Self::CoverExpiring,
        Self::CoverExpired,
        Self::ReportFiled,
        Self::OneTimeCode,
    ];

    /// As written in `messages:`.
    pub fn name(self) -> &'static str {
        match self {
            Self::PaymentReceived => "payment_received",
            Self::CoverActive => "cover_active",
            Self::PaymentShort => "payment_short",
            Self::PaymentLate => "payment_late",
            Self::BillNumbered => "bill_numbered",
            Self::BillExpiring => "bill_expiring",
            Self::Enrolled => "enrolled",
            Self::Renewed => "renewed",
            Self::CoverExpiring => "cover_expiring",
            Self::CoverExpired => "cover_expired",
            Self::ReportFiled => "report_filed",
            Self::OneTimeCode => "one_time_code",
        }
    }

    /// Whether a set that has `messages:` must have it: who pays is always told. Any other is not sent
    /// where the set has no text for it.
    pub fn is_needed(self) -> bool {
        match self {
            Self::PaymentReceived | Self::CoverActive => true,
            Self::PaymentShort
            | Self::PaymentLate
            | Self::BillNumbered
            | Self::BillExpiring
            | Self::Enrolled
            | Self::Renewed
            | Self::CoverExpiring
            | Self::CoverExpired
            | Self::ReportFiled
            | Self::OneTimeCode => false,
        }
    }

    /// What it is for.
    pub fn purpose(self) -> Purpose {
        match self {
            Self::OneTimeCode => Purpose::Code,
            Self::PaymentReceived
            | Self::CoverActive
            | Self::PaymentShort
            | Self::PaymentLate
            | Self::BillNumbered
            | Self::Enrolled
            | Self::Renewed
            | Self::ReportFiled => Purpose::Receipt,
            Self::BillExpiring | Self::CoverExpiring | Self::CoverExpired => Purpose::Reminder,
        }
    }

    /// What its text can name, by the field's bare name: `{amount}`.
    pub fn record(self) -> &'static Arc<Record> {
        // There is one for each: `ALL` has every kind once, in the order of the variants.
        &RECORDS[self as usize]
    }

    fn fields(self) -> Vec<(&'static str, Type)> {
        let who = |more: &[(&'static str, Type)]| [&WHO, more].concat();
        match self {
            Self::PaymentReceived => vec![
                ("amount", Type::Amount),
                ("number", Type::Control),
                ("receipt", Type::Text { longest: 20 }),
                ("date", Type::Date),
            ],
            Self::PaymentShort => vec![
                ("amount", Type::Amount),
                ("missing", Type::Amount),
                ("number", Type::Control),
                ("pay_by", Type::Date),
            ],
            Self::PaymentLate => vec![
                ("amount", Type::Amount),
                ("number", Type::Control),
                ("date", Type::Date),
            ],
            Self::BillNumbered | Self::BillExpiring => vec![
                ("number", Type::Control),
                ("amount", Type::Amount),
                ("pay_by", Type::Date),
            ],
            Self::Enrolled => who(&[("product", Type::Text { longest: 20 })]),
            Self::CoverActive | Self::Renewed => who(&[("from", Type::Date), ("to", Type::Date)]),
            Self::CoverExpiring | Self::CoverExpired => who(&[("to", Type::Date)]),
            Self::ReportFiled => vec![("reference", Type::Text { longest: 20 })],
            Self::OneTimeCode => vec![
                ("code", Type::Text { longest: 8 }),
                ("minutes", Type::Number { digits: 2 }),
            ],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_kind_has_the_record_of_its_name() {
        for kind in MessageKind::ALL {
            assert_eq!(kind.record().name, kind.name());
        }
    }
}
