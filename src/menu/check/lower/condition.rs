use super::{
    Scope,
    settled::{Branch, limits, settled},
};
use crate::menu::{
    Condition, Operand, Type, Value,
    check::operand::{given, named, uncomparable},
    problem::Problem,
    syntax::{self, Argument, Name},
};

impl Scope<'_> {
    /// A condition that stands alone. One that was reported always holds, so that the rest can be
    /// checked.
    pub(super) fn condition(&mut self, written: &syntax::Condition) -> Condition {
        let branch = self.compared(written);
        let branches: Vec<Branch<'_>> = branch.into_iter().collect();
        self.settled(&branches);
        let branch = branches.into_iter().next();
        branch.map_or_else(Condition::always, |branch| branch.condition)
    }

    /// The conditions of a route, which are tried in turn.
    pub(super) fn conditions<'a>(
        &mut self,
        written: impl Iterator<Item = &'a syntax::Condition>,
    ) -> Vec<Condition> {
        let branches: Vec<_> = written.map(|written| self.compared(written)).collect();
        let known: Vec<Branch<'_>> = branches.iter().flatten().cloned().collect();
        self.settled(&known);
        let conditions = branches.into_iter();
        conditions
            .map(|branch| branch.map_or_else(Condition::always, |branch| branch.condition))
            .collect()
    }

    fn settled(&mut self, branches: &[Branch<'_>]) {
        let menu = self.menu();
        let limits = self
            .limits
            .get_or_insert_with(|| menu.map(limits).unwrap_or_default());
        for (at, problem) in settled(limits, branches) {
            self.report(at, problem);
        }
    }

    /// A condition and what it compares, where that can be compared.
    fn compared<'a>(&mut self, written: &'a syntax::Condition) -> Option<Branch<'a>> {
        let (left, of) = self.operand(&written.left)?;
        let right = self.right(written, &of)?;
        let right_type = match &right {
            Side::Value(_, right) => right.name().into_owned(),
            Side::Constant(value) => described(value).to_owned(),
        };
        let fits = match &right {
            Side::Value(_, right) => comparable(&of, right),
            Side::Constant(value) => takes(&of, value),
        };
        if !fits || (written.test.orders() && !has_order(&of)) {
            let problem = uncomparable(&of, written.test.written(), &right_type);
            self.report(written.at, problem);
            return None;
        }
        let right = match right {
            Side::Value(operand, _) => operand,
            Side::Constant(value) => Operand::Constant(value),
        };
        let test = written.test;
        Some(Branch {
            written,
            condition: Condition { left, test, right },
            of,
        })
    }

    fn right(&mut self, written: &syntax::Condition, left: &Type) -> Option<Side> {
        let argument = match &written.right {
            syntax::Operand::Constant(value) => return Some(Side::Constant(value.clone())),
            syntax::Operand::Named(argument) => argument,
        };
        let known = self.all.get(self.index())?;
        if let Some((operand, of)) = named(self.set, known, argument) {
            return Some(Side::Value(operand, of));
        }
        if argument.field.is_none() && matches!(left, Type::OneOf(_)) {
            return Some(Side::Constant(Value::Text(argument.variable.clone())));
        }
        self.operand(argument)
            .map(|(operand, of)| Side::Value(operand, of))
    }

    /// What a name stands for, else a report.
    fn operand(&mut self, argument: &Argument) -> Option<(Operand, Type)> {
        let known = self.all.get(self.index())?;
        if let Some(found) = named(self.set, known, argument) {
            return Some(found);
        }
        let (path, of) = self.value(argument)?;
        Some((Operand::Value(path), of))
    }

    /// What variables are set to.
    pub(super) fn values(
        &mut self,
        values: &[(Name, syntax::Operand)],
    ) -> Option<Vec<(u16, Operand)>> {
        let lowered: Vec<_> = values
            .iter()
            .map(|(name, operand)| self.value_of(name, operand))
            .collect();
        lowered.into_iter().collect()
    }

    fn value_of(&mut self, name: &Name, written: &syntax::Operand) -> Option<(u16, Operand)> {
        let known = self.all.get(self.index())?;
        let Some((operand, of)) = given(self.set, known, &name.text, written) else {
            if let Some(argument) = written.named() {
                _ = self.value(argument)?;
            }
            return None;
        };
        if let (Type::Secret { .. }, Some(argument)) = (&of, written.named()) {
            let problem = Problem::SecretHandedOn(argument.written(), "set".to_owned());
            self.report(argument.at, problem);
        }
        Some((self.variable(name)?, operand))
    }
}

/// The right side of a comparison.
enum Side {
    Value(Operand, Type),
    Constant(Value),
}

/// Whether two values of these types can be compared.
fn comparable(left: &Type, right: &Type) -> bool {
    let words = |of: &Type| matches!(of, Type::Text { .. } | Type::OneOf(_));
    match (left, right) {
        (Type::Number { .. }, Type::Number { .. })
        | (Type::Amount, Type::Amount)
        | (Type::Date, Type::Date)
        | (Type::Member, Type::Member)
        | (Type::Control, Type::Control)
        | (Type::Phone, Type::Phone) => true,
        (left, right) => words(left) && words(right),
    }
}

/// Whether a value of this type can be compared with what is written.
fn takes(of: &Type, value: &Value) -> bool {
    matches!(
        (of, value),
        (Type::Number { .. } | Type::Amount, Value::Number(_))
            | (Type::Date, Value::Date(_))
            | (Type::Text { .. } | Type::OneOf(_), Value::Text(_))
    )
}

fn has_order(of: &Type) -> bool {
    matches!(of, Type::Number { .. } | Type::Amount | Type::Date)
}

fn described(value: &Value) -> &'static str {
    match value {
        Value::Number(_) => "number",
        Value::Date(_) => "date",
        Value::Text(_)
        | Value::Amount(_)
        | Value::Member(_)
        | Value::Control(_)
        | Value::Phone(_)
        | Value::Record(_)
        | Value::List(_) => "text",
    }
}
