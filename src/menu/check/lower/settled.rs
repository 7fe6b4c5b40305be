//! Branches that can never be taken, and conditions that always hold.
//!
//! Of the values that the left side can have those are tried where a comparison may change: the ends
//! of its limits, and beside every constant that it is compared with.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use crate::{
    menu::{
        AnswerType, Condition, Operand, Test, Type, Value,
        problem::Problem,
        syntax::{self, Menu, Verb},
    },
    model::source::Span,
};

/// The most that an amount can be, in whole units.
const LARGEST: i64 = 99_999_999;

/// The numbers of a menu by their names, with their limits where they have any.
pub(super) type Limits<'a> = BTreeMap<&'a str, Option<(i64, i64)>>;

/// One of several conditions that are tried in turn.
#[derive(Clone)]
pub(super) struct Branch<'a> {
    pub(super) written: &'a syntax::Condition,
    pub(super) condition: Condition,
    /// The type of its left side.
    pub(super) of: Type,
}

/// What is settled before a caller comes.
pub(super) fn settled(limits: &Limits<'_>, branches: &[Branch<'_>]) -> Vec<(Span, Problem)> {
    let mut found = Vec::new();
    for (index, branch) in branches.iter().enumerate() {
        let earlier = branches.get(..index).unwrap_or_default();
        if let Some(what) = how(limits, branch, earlier) {
            let can_be = domain(limits, branch).print();
            let written = branch.written.written.clone();
            let problem = Problem::SettledCondition(written, what, can_be);
            found.push((branch.written.at, problem));
        }
    }
    found
}

fn how(limits: &Limits<'_>, branch: &Branch<'_>, earlier: &[Branch<'_>]) -> Option<&'static str> {
    const TAKEN: &str = "is settled before: an earlier way is taken in its place";
    let Condition { left, test, right } = &branch.condition;
    if left == right {
        return Some(if test.holds(&Value::Number(0), &Value::Number(0)) {
            "always holds"
        } else {
            "never holds"
        });
    }
    let same = |other: &&Branch<'_>| other.condition == branch.condition;
    if earlier.iter().any(|other| same(&other)) {
        return Some(TAKEN);
    }
    let Operand::Constant(_) = right else {
        return None;
    };
    let beside = earlier.iter().filter(|other| other.condition.left == *left);
    let beside: Vec<_> = beside.filter_map(Branch::constant).collect();
    let own = branch.constant()?;
    let points = domain(limits, branch).points(beside.iter().chain([&own]));
    let holds = |(test, constant): &(Test, &Value), point: &Value| test.holds(point, constant);
    let open: Vec<&Value> = points.iter().filter(|point| holds(&own, point)).collect();
    if open.is_empty() {
        return Some("never holds");
    }
    if open.len() == points.len() {
        return Some("always holds");
    }
    let mut open = open.into_iter();
    let taken = open.all(|point| beside.iter().any(|before| holds(before, point)));
    taken.then_some(TAKEN)
}

impl Branch<'_> {
    fn constant(&self) -> Option<(Test, &Value)> {
        match &self.condition.right {
            Operand::Constant(value) => Some((self.condition.test, value)),
            Operand::Value(_) | Operand::Count(_) | Operand::Language | Operand::Today => None,
        }
    }
}

/// What a value can be.
enum Domain {
    Numbers(i64, i64),
    Days,
    Words(Vec<String>),
    /// Any text up to so many characters.
    Texts(usize),
}

fn domain(limits: &Limits<'_>, branch: &Branch<'_>) -> Domain {
    match &branch.of {
        Type::Number { digits } => {
            let argument = &branch.written.left;
            let known = limits.get(argument.variable.as_str()).copied().flatten();
            let known = known.filter(|_| argument.field.is_none());
            let digits = u32::try_from(*digits).unwrap_or(u32::MAX);
            let (least, most) = known.unwrap_or((0, 10_i64.saturating_pow(digits) - 1));
            Domain::Numbers(least, most)
        }
        Type::Amount => Domain::Numbers(0, LARGEST),
        Type::OneOf(of) => Domain::Words(of.words.clone()),
        Type::Text { longest } => Domain::Texts(*longest),
        Type::Date
        | Type::Member
        | Type::Control
        | Type::Phone
        | Type::Secret { .. }
        | Type::Record(_)
        | Type::List(_) => Domain::Days,
    }
}

/// The limits of each number that is asked for, or set to numbers, and never got otherwise.
pub(super) fn limits(menu: &Menu) -> Limits<'_> {
    let mut limits = Limits::new();
    let taken = menu
        .takes
        .iter()
        .map(|(taken, _)| (taken.text.as_str(), None));
    let verbs = menu
        .screens
        .iter()
        .filter_map(|screen| screen.verb.as_ref());
    for (name, range) in taken.chain(verbs.flat_map(sets)) {
        let known = limits.entry(name).or_insert(range);
        *known = known
            .zip(range)
            .map(|(known, range)| (known.0.min(range.0), known.1.max(range.1)));
    }
    limits
}

/// The variables that a verb sets, with the limits within which it does, where they are known.
fn sets(verb: &Verb) -> Vec<(&str, Option<(i64, i64)>)> {
    match verb {
        Verb::Ask { into, answer, .. } => {
            let range = if let AnswerType::Number { min, max } = answer {
                Some((*min, *max))
            } else {
                None
            };
            vec![(&into.text, range)]
        }
        Verb::Set { values, .. } => {
            let values = values.iter();
            values
                .map(|(into, operand)| (into.text.as_str(), constant(operand)))
                .collect()
        }
        Verb::List { item, .. } => vec![(&item.text, None)],
        Verb::Call { into, .. } => into.iter().map(|into| (into.text.as_str(), None)).collect(),
        Verb::Menu { .. }
        | Verb::Confirm { .. }
        | Verb::Show { .. }
        | Verb::End { .. }
        | Verb::Language { .. }
        | Verb::Route { .. } => Vec::new(),
    }
}

fn constant(operand: &syntax::Operand) -> Option<(i64, i64)> {
    match operand {
        syntax::Operand::Constant(Value::Number(number)) => Some((*number, *number)),
        syntax::Operand::Constant(_) | syntax::Operand::Named(_) => None,
    }
}

impl Domain {
    /// Values of it between which no comparison with these constants changes.
    fn points<'a>(&self, compared: impl Iterator<Item = &'a (Test, &'a Value)>) -> Vec<Value> {
        let constants = compared.map(|(_, constant)| *constant);
        match self {
            Self::Numbers(least, most) => {
                let numbers = constants.filter_map(number);
                let beside = numbers.flat_map(|number| [number - 1, number, number + 1]);
                let inside = beside.filter(|number| (least..=most).contains(&number));
                let points = [*least, *most].into_iter().chain(inside);
                points.map(Value::Number).collect()
            }
            Self::Days => {
                let days = constants.filter_map(day);
                let beside = days.flat_map(|day| [day.pred_opt(), Some(day), day.succ_opt()]);
                beside.flatten().map(Value::Date).collect()
            }
            Self::Words(words) => words.iter().cloned().map(Value::Text).collect(),
            Self::Texts(longest) => {
                let texts = constants.filter_map(text);
                let fitting = texts.filter(|text| text.chars().count() <= *longest);
                // One that nobody writes stands for all others.
                let other = std::iter::once("\0".to_owned());
                fitting.chain(other).map(Value::Text).collect()
            }
        }
    }

    /// As an author reads it.
    fn print(&self) -> String {
        match self {
            Self::Numbers(least, most) => format!("a number from {least} to {most}"),
            Self::Days => "a date".to_owned(),
            Self::Words(words) => words.join(", "),
            Self::Texts(longest) => format!("a text of at most {longest} characters"),
        }
    }
}

fn number(value: &Value) -> Option<i64> {
    if let Value::Number(number) = value {
        Some(*number)
    } else {
        None
    }
}

fn day(value: &Value) -> Option<NaiveDate> {
    if let Value::Date(day) = value {
        Some(*day)
    } else {
        None
    }
}

fn text(value: &Value) -> Option<String> {
    if let Value::Text(text) = value {
        Some(text.clone())
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use crate::menu::check::sketch::found_in;

    /// What is found in a route over a number from 2 to 9 with these conditions.
    fn settled(conditions: &[&str]) -> Vec<String> {
        let ways: Vec<String> = conditions
            .iter()
            .map(|when| format!("{{when: {when}, go: bye}}"))
            .collect();
        let found = found_in(&format!(
            "  main: {{ask: Wangapi?, type: {{number: {{min: 2, max: 9}}}}, as: size, wrong: Tena., go: kind}}
  kind: {{route: [{}], else: end}}
  bye: {{end: Kwaheri}}
  end: {{end: Mwisho}}\n",
            ways.join(", ")
        ));
        let settled = found.into_iter().map(|(code, at)| {
            assert_eq!(code, "M058", "{at}");
            at
        });
        settled.collect()
    }

    #[test]
    fn a_number_outside_its_limits_is_never_met() {
        assert_eq!(settled(&["size > 9"]), ["size > 9"]);
        assert_eq!(settled(&["size == 1"]), ["size == 1"]);
        assert_eq!(settled(&["size >= 2"]), ["size >= 2"]);
        assert_eq!(settled(&["size > 8"]), Vec::<String>::new());
        assert_eq!(settled(&["size != 2"]), Vec::<String>::new());
    }

    #[test]
    fn what_an_earlier_way_takes_is_not_taken_by_a_later_one() {
        assert_eq!(settled(&["size > 6", "size > 6"]), ["size > 6"]);
        assert_eq!(settled(&["size > 6", "size == 8"]), ["size == 8"]);
        assert_eq!(
            settled(&["size < 4", "size > 6", "size != 5"]),
            Vec::<String>::new()
        );
        assert_eq!(
            settled(&["size < 5", "size > 5", "size != 5"]),
            ["size != 5"]
        );
        assert_eq!(settled(&["size > 6", "size > 3"]), Vec::<String>::new());
    }

    #[test]
    fn what_is_compared_with_itself_is_settled() {
        assert_eq!(settled(&["size == size"]), ["size == size"]);
        assert_eq!(settled(&["today < today"]), ["today < today"]);
    }

    #[test]
    fn a_language_that_the_set_lacks_is_never_read() {
        assert_eq!(settled(&["language == en"]), ["language == en"]);
        // The only one there is.
        assert_eq!(settled(&["language == sw"]), ["language == sw"]);
    }
}
