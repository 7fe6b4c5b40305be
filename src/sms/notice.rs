use chrono::NaiveDate;

use crate::{
    menu::{
        MenuSet, MessageKind, Path, Value,
        page::{Values, print},
    },
    model::{Amount, ControlNumber, Language},
};

/// A message that no screen sends: its text stands in the set's `messages:`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Notice {
    /// Money came for a bill, and was posted.
    PaymentReceived {
        /// How much.
        amount: Amount,
        /// For which control number.
        number: ControlNumber,
        /// The operator's receipt.
        receipt: String,
        /// When it was paid.
        date: NaiveDate,
    },
    /// Money came that is less than the bill.
    PaymentPart {
        /// How much.
        amount: Amount,
        /// For which control number.
        number: ControlNumber,
        /// How much is missing.
        missing: Amount,
        /// Until when it can be paid.
        pay_by: NaiveDate,
    },
    /// Money came that pays no open bill: it is the family's credit, and no cover follows from it.
    PaymentLate {
        /// How much.
        amount: Amount,
        /// For which control number.
        number: ControlNumber,
        /// When it was paid.
        date: NaiveDate,
    },
    /// The scheme has made the cover active.
    CoverActive {
        /// The member's first name.
        first_name: String,
        /// The initial of her last name.
        initial: String,
        /// First day.
        from: NaiveDate,
        /// Last day.
        to: NaiveDate,
    },
}

impl Notice {
    /// Which of the set's messages it is.
    pub fn kind(&self) -> MessageKind {
        match self {
            Self::PaymentReceived { .. } => MessageKind::PaymentReceived,
            Self::PaymentPart { .. } => MessageKind::PaymentPart,
            Self::PaymentLate { .. } => MessageKind::PaymentLate,
            Self::CoverActive { .. } => MessageKind::CoverActive,
        }
    }

    /// Its text in `language`, of a set that has it: a checked one does.
    pub fn text(&self, set: &MenuSet, language: Language) -> Option<String> {
        let template = set
            .messages
            .get(self.kind())?
            .get(set.language_index(language))?;
        let record = Value::Record(self.fields());
        Some(print(template, language, &Fields { set, record }))
    }

    /// The fields in the order of the kind's record.
    fn fields(&self) -> Vec<Value> {
        match self.clone() {
            Self::PaymentReceived {
                amount,
                number,
                receipt,
                date,
            } => vec![
                Value::Amount(amount),
                Value::Control(number),
                Value::Text(receipt),
                Value::Date(date),
            ],
            Self::PaymentPart {
                amount,
                number,
                missing,
                pay_by,
            } => vec![
                Value::Amount(amount),
                Value::Control(number),
                Value::Amount(missing),
                Value::Date(pay_by),
            ],
            Self::PaymentLate {
                amount,
                number,
                date,
            } => vec![
                Value::Amount(amount),
                Value::Control(number),
                Value::Date(date),
            ],
            Self::CoverActive {
                first_name,
                initial,
                from,
                to,
            } => vec![
                Value::Text(first_name),
                Value::Text(initial),
                Value::Date(from),
                Value::Date(to),
            ],
        }
    }
}

/// The one record that a message's placeholders name, and the settings.
struct Fields<'a> {
    set: &'a MenuSet,
    record: Value,
}

impl Values for Fields<'_> {
    fn value(&self, path: Path) -> Option<&Value> {
        let setting = self.set.setting(path);
        setting.or_else(|| self.record.field(usize::from(path.field?)))
    }
}
