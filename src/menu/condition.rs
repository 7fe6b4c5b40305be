//! Conditions: one comparison of two values, typed and pure.

use std::{borrow::Cow, cmp::Ordering};

use chrono::NaiveDate;

use super::{Path, Value, VarId, page::Values};
use crate::model::{Amount, Language};

/// Whether a way is open: one comparison.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Condition {
    /// What is compared.
    pub left: Operand,
    /// How.
    pub test: Test,
    /// With what.
    pub right: Operand,
}

/// A value that is looked up when it is needed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Operand {
    /// A variable, a field of one, or a setting.
    Value(Path),
    /// How many records a list has.
    Count(VarId),
    /// The tag of the language that the caller reads.
    Language,
    /// The day of the turn, where the scheme is.
    Today,
    /// As written. Whole units where it is compared with an amount.
    Constant(Value),
}

/// How two values are compared. The last four are for numbers, amounts and dates.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Test {
    /// `==`
    Is,
    /// `!=`
    IsNot,
    /// `<`
    Below,
    /// `<=`
    AtMost,
    /// `>`
    Above,
    /// `>=`
    AtLeast,
}

/// What is known when a condition is decided.
#[derive(Clone, Copy)]
pub struct Facts<'a> {
    /// The variables of the open menu, and the settings.
    pub values: &'a dyn Values,
    /// The language that the caller reads.
    pub language: Language,
    /// The day of the turn, where the scheme is.
    pub today: NaiveDate,
}

impl std::fmt::Debug for Facts<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Facts")
            .field("language", &self.language)
            .field("today", &self.today)
            .finish_non_exhaustive()
    }
}

impl Condition {
    /// One that always holds.
    pub(crate) fn always() -> Self {
        let same = || Operand::Today;
        Self {
            left: same(),
            test: Test::Is,
            right: same(),
        }
    }

    /// Whether it holds. It does not where one of its values is not set.
    pub fn holds(&self, facts: &Facts<'_>) -> bool {
        let sides = self.left.value(facts).zip(self.right.value(facts));
        sides.is_some_and(|(left, right)| self.test.holds(&left, &right))
    }

    /// The variables that it reads.
    pub fn variables(&self) -> impl Iterator<Item = VarId> {
        let sides = [&self.left, &self.right].into_iter();
        sides.filter_map(Operand::variable)
    }
}

impl Operand {
    /// Its value; `None` where it is not set.
    pub fn value<'a>(&'a self, facts: &Facts<'a>) -> Option<Cow<'a, Value>> {
        match self {
            Self::Value(path) => facts.values.value(*path).map(Cow::Borrowed),
            Self::Count(list) => {
                let path = Path {
                    variable: *list,
                    field: None,
                };
                let records = facts.values.value(path)?.records()?;
                let count = i64::try_from(records.len()).unwrap_or(i64::MAX);
                Some(Cow::Owned(Value::Number(count)))
            }
            Self::Language => {
                let tag = facts.language.as_str().to_owned();
                Some(Cow::Owned(Value::Text(tag)))
            }
            Self::Today => Some(Cow::Owned(Value::Date(facts.today))),
            Self::Constant(value) => Some(Cow::Borrowed(value)),
        }
    }

    /// The variable that it reads.
    pub fn variable(&self) -> Option<VarId> {
        match self {
            Self::Value(path) => path.setting().is_none().then_some(path.variable),
            Self::Count(list) => Some(*list),
            Self::Language | Self::Today | Self::Constant(_) => None,
        }
    }
}

impl Test {
    /// Whether it holds of two values.
    pub(crate) fn holds(self, left: &Value, right: &Value) -> bool {
        let order = order(left, right);
        match self {
            Self::Is => order == Some(Ordering::Equal),
            Self::IsNot => order != Some(Ordering::Equal),
            Self::Below => order == Some(Ordering::Less),
            Self::AtMost => matches!(order, Some(Ordering::Less | Ordering::Equal)),
            Self::Above => order == Some(Ordering::Greater),
            Self::AtLeast => matches!(order, Some(Ordering::Greater | Ordering::Equal)),
        }
    }

    /// Whether it asks which of two values is more.
    pub(crate) fn orders(self) -> bool {
        match self {
            Self::Is | Self::IsNot => false,
            Self::Below | Self::AtMost | Self::Above | Self::AtLeast => true,
        }
    }

    /// As an author writes it.
    pub fn written(self) -> &'static str {
        match self {
            Self::Is => "==",
            Self::IsNot => "!=",
            Self::Below => "<",
            Self::AtMost => "<=",
            Self::Above => ">",
            Self::AtLeast => ">=",
        }
    }
}

/// Which of two values is more; equal or nothing for values that have no order. A number beside an
/// amount is so many whole units.
fn order(left: &Value, right: &Value) -> Option<Ordering> {
    match (left, right) {
        (Value::Number(left), Value::Number(right)) => Some(left.cmp(right)),
        (Value::Date(left), Value::Date(right)) => Some(left.cmp(right)),
        (Value::Amount(left), Value::Amount(right)) => {
            let same = left.currency == right.currency;
            same.then(|| left.minor.cmp(&right.minor))
        }
        (Value::Amount(amount), Value::Number(units)) => {
            Some(amount.minor.cmp(&minor(*units, amount)))
        }
        (Value::Number(units), Value::Amount(amount)) => {
            Some(minor(*units, amount).cmp(&amount.minor))
        }
        (left, right) => (left == right).then_some(Ordering::Equal),
    }
}

fn minor(units: i64, like: &Amount) -> i64 {
    units.saturating_mul(10_i64.pow(like.currency.minor_digits()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Currency;

    struct One(Value);

    impl Values for One {
        fn value(&self, path: Path) -> Option<&Value> {
            (path.variable == 0).then_some(&self.0)
        }
    }

    fn day(day: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, 3, day).unwrap()
    }

    fn holds(left: Operand, test: Test, right: Operand, value: Value) -> bool {
        let values = One(value);
        let facts = Facts {
            values: &values,
            language: Language::SWAHILI,
            today: day(2),
        };
        Condition { left, test, right }.holds(&facts)
    }

    fn variable(variable: VarId) -> Operand {
        let field = None;
        Operand::Value(Path { variable, field })
    }

    fn number(number: i64) -> Operand {
        Operand::Constant(Value::Number(number))
    }

    #[test]
    fn numbers_are_compared_in_each_way() {
        let six = |test, with| holds(variable(0), test, number(with), Value::Number(6));
        let holding = |with| {
            use Test::{Above, AtLeast, AtMost, Below, Is, IsNot};
            let tests = [Is, IsNot, Below, AtMost, Above, AtLeast];
            let holding = tests.into_iter().filter(|test| six(*test, with));
            holding.map(Test::written).collect::<Vec<_>>().join(" ")
        };
        assert_eq!(holding(5), "!= > >=");
        assert_eq!(holding(6), "== <= >=");
        assert_eq!(holding(7), "!= < <=");
    }

    #[test]
    fn an_amount_is_compared_with_whole_units() {
        let amount = |test, with| {
            let value = Value::Amount(Amount::from_major(30_000, Currency::TZS));
            holds(variable(0), test, number(with), value)
        };
        assert!(amount(Test::Is, 30_000));
        assert!(amount(Test::Above, 29_999));
        assert!(!amount(Test::Above, 30_000));
    }

    #[test]
    fn today_is_the_day_of_the_turn() {
        let before = |date| {
            let date = Value::Date(day(date));
            holds(variable(0), Test::Below, Operand::Today, date)
        };
        assert!(before(1) && !before(2) && !before(3));
    }

    #[test]
    fn a_list_counts_its_records_and_the_language_is_its_tag() {
        let bills = Value::List(vec![Value::Number(1), Value::Number(2)]);
        assert!(holds(Operand::Count(0), Test::Is, number(2), bills));
        let tag = Operand::Constant(Value::Text("sw".to_owned()));
        assert!(holds(Operand::Language, Test::Is, tag, Value::Number(0)));
    }

    #[test]
    fn nothing_holds_of_a_value_that_is_not_set() {
        for test in [Test::Is, Test::IsNot, Test::Below, Test::AtLeast] {
            assert!(!holds(variable(1), test, number(1), Value::Number(1)));
        }
    }
}
