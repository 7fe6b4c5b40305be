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
    /// Money came for a bill, and was less than it.
    PaymentShort {
        /// How much.
        amount: Amount,
        /// How much is missing.
        missing: Amount,
        /// For which control number.
        number: ControlNumber,
        /// Last day on which the rest can be paid.
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
    /// A bill got its control number while nobody waited for it.
    BillNumbered(Payable),
    /// A bill can be paid for a few days only.
    BillExpiring(Payable),
    /// A member was enrolled.
    Enrolled {
        /// Who.
        who: Named,
        /// In which product.
        product: String,
    },
    /// The scheme has made the cover active.
    CoverActive {
        /// Whose.
        who: Named,
        /// First day.
        from: NaiveDate,
        /// Last day.
        to: NaiveDate,
    },
    /// A cover was renewed.
    Renewed {
        /// Whose.
        who: Named,
        /// First day of the new cover.
        from: NaiveDate,
        /// Last day of it.
        to: NaiveDate,
    },
    /// A cover ends in a few days.
    CoverExpiring {
        /// Whose.
        who: Named,
        /// Its last day.
        to: NaiveDate,
    },
    /// A cover has ended a few days ago.
    CoverExpired {
        /// Whose.
        who: Named,
        /// Its last day.
        to: NaiveDate,
    },
    /// What a caller reported was written down.
    ReportFiled {
        /// By what she can ask for it.
        reference: String,
    },
    /// A code by which a phone proves whose it is.
    OneTimeCode {
        /// The code.
        code: String,
        /// For how many minutes it is good.
        minutes: u32,
    },
}

/// A member as anyone may see her, because phones are shared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Named {
    /// The first of her first names.
    pub first_name: String,
    /// The first letter of her last name.
    pub initial: String,
}

/// A bill that can be paid.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Payable {
    /// Its control number.
    pub number: ControlNumber,
    /// How much.
    pub amount: Amount,
    /// Last day on which it can be paid.
    pub pay_by: NaiveDate,
}

impl Notice {
    /// Which of the set's messages it is.
    pub fn kind(&self) -> MessageKind {
        match self {
            Self::PaymentReceived { .. } => MessageKind::PaymentReceived,
            Self::PaymentShort { .. } => MessageKind::PaymentShort,
            Self::PaymentLate { .. } => MessageKind::PaymentLate,
            Self::BillNumbered(_) => MessageKind::BillNumbered,
            Self::BillExpiring(_) => MessageKind::BillExpiring,
            Self::Enrolled { .. } => MessageKind::Enrolled,
            Self::CoverActive { .. } => MessageKind::CoverActive,
            Self::Renewed { .. } => MessageKind::Renewed,
            Self::CoverExpiring { .. } => MessageKind::CoverExpiring,
            Self::CoverExpired { .. } => MessageKind::CoverExpired,
            Self::ReportFiled { .. } => MessageKind::ReportFiled,
            Self::OneTimeCode { .. } => MessageKind::OneTimeCode,
        }
    }

    /// Its text in `language`; `None` where the set has none for it. A checked one that has messages has
    /// those that [`MessageKind::is_needed`].
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
            Self::PaymentShort {
                amount,
                missing,
                number,
                pay_by,
            } => vec![
                Value::Amount(amount),
                Value::Amount(missing),
                Value::Control(number),
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
            Self::BillNumbered(bill) | Self::BillExpiring(bill) => vec![
                Value::Control(bill.number),
                Value::Amount(bill.amount),
                Value::Date(bill.pay_by),
            ],
            Self::Enrolled { who, product } => who.and([Value::Text(product)]),
            Self::CoverActive { who, from, to } | Self::Renewed { who, from, to } => {
                who.and([Value::Date(from), Value::Date(to)])
            }
            Self::CoverExpiring { who, to } | Self::CoverExpired { who, to } => {
                who.and([Value::Date(to)])
            }
            Self::ReportFiled { reference } => vec![Value::Text(reference)],
            Self::OneTimeCode { code, minutes } => {
                vec![Value::Text(code), Value::Number(minutes.into())]
            }
        }
    }
}

impl Named {
    /// Her fields, and those that follow.
    fn and<const N: usize>(self, more: [Value; N]) -> Vec<Value> {
        let own = [Value::Text(self.first_name), Value::Text(self.initial)];
        own.into_iter().chain(more).collect()
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

#[cfg(test)]
mod tests {
    use super::*;

    fn all() -> Vec<Notice> {
        let who = Named {
            first_name: "Asha".to_owned(),
            initial: "J".to_owned(),
        };
        let day = NaiveDate::default();
        let amount = Amount::from_major(30_000, crate::model::Currency::TZS);
        let number = ControlNumber::parse("991234567890").unwrap();
        let bill = Payable {
            number,
            amount,
            pay_by: day,
        };
        let (from, to) = (day, day);
        vec![
            Notice::PaymentReceived {
                amount,
                number,
                receipt: "AKR5".to_owned(),
                date: day,
            },
            Notice::CoverActive {
                who: who.clone(),
                from,
                to,
            },
            Notice::PaymentShort {
                amount,
                missing: amount,
                number,
                pay_by: day,
            },
            Notice::PaymentLate {
                amount,
                number,
                date: day,
            },
            Notice::BillNumbered(bill),
            Notice::BillExpiring(bill),
            Notice::Enrolled {
                who: who.clone(),
                product: "CHF".to_owned(),
            },
            Notice::Renewed {
                who: who.clone(),
                from,
                to,
            },
            Notice::CoverExpiring {
                who: who.clone(),
                to,
            },
            Notice::CoverExpired { who, to },
            Notice::ReportFiled {
                reference: "T-1".to_owned(),
            },
            Notice::OneTimeCode {
                code: "482913".to_owned(),
                minutes: 5,
            },
        ]
    }

    #[test]
    fn each_kind_of_message_is_told_with_the_fields_of_its_record() {
        let notices = all();
        let kinds: Vec<MessageKind> = notices.iter().map(Notice::kind).collect();
        assert_eq!(kinds, MessageKind::ALL);
        for notice in notices {
            let (fields, record) = (notice.fields(), notice.kind().record());
            assert_eq!(fields.len(), record.fields.len(), "{}", record.name);
            for (value, field) in fields.iter().zip(&record.fields) {
                let (value, widest) = (value, field.of.widest());
                let same = std::mem::discriminant(value) == std::mem::discriminant(&widest);
                assert!(same, "{}.{}: {value:?}", record.name, field.name);
            }
        }
    }
}
