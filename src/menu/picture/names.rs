//! What a menu's author calls the values of a screen.

use crate::{
    menu::{Condition, Menu, MenuSet, Operand, Path, Type, VarId},
    model::Language,
};

/// The names that count in one menu.
#[derive(Clone, Copy)]
pub(super) struct Names<'a> {
    pub(super) set: &'a MenuSet,
    pub(super) menu: &'a Menu,
    pub(super) language: Language,
}

impl Names<'_> {
    /// The field, or the variable where it is none: `first_name`.
    pub(super) fn short(self, path: Path) -> String {
        self.field(path)
            .unwrap_or_else(|| self.variable(path.variable))
    }

    /// As it is written: `cover.first_name`.
    fn whole(self, path: Path) -> String {
        let of = match path.setting() {
            Some(_) => "setting".to_owned(),
            None => self.variable(path.variable),
        };
        match self.field(path) {
            Some(field) => format!("{of}.{field}"),
            None => of,
        }
    }

    /// As it is written, or near to that.
    pub(super) fn operand(self, operand: &Operand) -> String {
        match operand {
            Operand::Value(path) => self.whole(*path),
            Operand::Count(list) => format!("{}.count", self.variable(*list)),
            Operand::Language => "language".to_owned(),
            Operand::Today => "today".to_owned(),
            Operand::Constant(value) => value.print(self.language),
        }
    }

    /// As it is written, or near to that: `offers.count > 1`.
    pub(super) fn condition(self, condition: &Condition) -> String {
        let Condition { left, test, right } = condition;
        let (left, right) = (self.operand(left), self.operand(right));
        format!("{left} {} {right}", test.written())
    }

    pub(super) fn variable(self, id: VarId) -> String {
        let variable = self.menu.variables.get(usize::from(id));
        variable.map_or_else(String::new, |variable| variable.name.clone())
    }

    fn field(self, path: Path) -> Option<String> {
        if let Some(setting) = path.setting() {
            let setting = self.set.settings.get(usize::from(setting));
            return setting.map(|setting| setting.name.clone());
        }
        let variable = self.menu.variables.get(usize::from(path.variable))?;
        let fields = match &variable.of {
            Type::Record(record) | Type::List(record) => &record.fields,
            Type::Text { .. }
            | Type::Number { .. }
            | Type::Amount
            | Type::Date
            | Type::Member
            | Type::Control
            | Type::Phone
            | Type::OneOf(_)
            | Type::Secret { .. } => return None,
        };
        let field = fields.get(usize::from(path.field?))?;
        Some(field.name.to_string())
    }
}
