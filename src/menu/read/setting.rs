//! Settings: what the root declares, and what the installation gives them.

use std::sync::Arc;

use super::{Reader, files::Files, is_name};
use crate::{
    menu::{
        Setting, Type, Value,
        problem::{Problem, Unknown},
        value::OneOf,
    },
    model::{
        Amount, Currency, NumberRule,
        source::{Source, yaml::Node},
    },
};

/// The most that an amount can be, in whole units.
const LARGEST: i64 = 99_999_999;

/// Whether a file says what an installation gives to settings: `installation.yaml`, unless a menu of
/// that name stands in it.
pub fn is_installation(source: &Source) -> bool {
    let name = source.name.rsplit('/').next().unwrap_or_default();
    let is_menu = |line: &str| line.starts_with("menu:") || line.starts_with("fragment:");
    name == "installation.yaml" && !source.text.lines().any(is_menu)
}

impl Reader<'_> {
    /// The settings of the root at `root`, with the values of the installation's files.
    pub(super) fn all_settings(
        &mut self,
        root: &Node,
        files: &Files<'_>,
        nodes: &[Option<Node>],
    ) -> Vec<Setting> {
        let entries = root.map().unwrap_or_default();
        let node = entries
            .iter()
            .find(|(key, _)| key.text() == Some("settings"));
        let mut settings = node.map_or_else(Vec::new, |(_, node)| self.settings(node));
        for installation in &files.installations {
            if let Some(Some(node)) = nodes.get(*installation) {
                self.installed(node, &files.folder, &mut settings);
            }
        }
        settings
    }

    /// The root's settings, each with its own default.
    fn settings(&mut self, node: &Node) -> Vec<Setting> {
        let mut settings = Vec::new();
        for (name, node) in self.pairs(node).unwrap_or_default() {
            let name = self.name(name);
            settings.extend(name.and_then(|name| self.setting(name.text, node)));
        }
        settings
    }

    fn setting(&mut self, name: String, node: &Node) -> Option<Setting> {
        let mut entries = self.entries(node, "a setting")?;
        let types = ["text", "number", "amount", "one_of"].map(|of| (of, entries.take(of)));
        let default = self.require(&mut entries, "default");
        self.finish(&entries);
        let mut given = types
            .into_iter()
            .filter_map(|(of, node)| node.map(|node| (of, node)));
        let (Some((of, bounds)), None) = (given.next(), given.next()) else {
            let problem =
                Problem::WrongShape("one of text, number, amount, one_of", "none or several");
            self.report(entries.at, problem);
            return None;
        };
        let (of, currency) = self.setting_type(of, bounds)?;
        // One that is declared with a wrong value is no unknown one.
        let value = default.and_then(|node| self.setting_value(&name, &of, currency, node));
        let value = value.unwrap_or_else(|| of.widest(NumberRule::default()));
        Some(Setting { name, of, value })
    }

    fn setting_type(&mut self, of: &str, bounds: &Node) -> Option<(Type, Currency)> {
        let of = match of {
            "text" => {
                let longest = self.number(bounds, 1, 160, "a length from 1 to 160")?;
                let longest = usize::try_from(longest).ok()?;
                Type::Text { longest }
            }
            "number" => {
                let digits = self.number(bounds, 1, 9, "a number of digits from 1 to 9")?;
                let digits = usize::try_from(digits).ok()?;
                Type::Number { digits }
            }
            "amount" => {
                let currency = Currency::parse(self.scalar(bounds)?);
                if currency.is_none() {
                    let problem =
                        Problem::WrongShape("three capital letters, such as TZS", "others");
                    self.report(bounds.span, problem);
                }
                return Some((Type::Amount, currency?));
            }
            _ => Type::OneOf(Arc::new(self.few_words(bounds)?)),
        };
        Some((of, Currency::TZS))
    }

    fn few_words(&mut self, node: &Node) -> Option<OneOf> {
        let Some(items) = node.list() else {
            self.report(node.span, Problem::WrongShape("a list", node.describe()));
            return None;
        };
        let mut words = Vec::new();
        for item in items {
            let word = self.scalar(item)?;
            if !is_name(word) {
                self.report(item.span, Problem::BadName(word.to_owned()));
                return None;
            }
            words.push(word.to_owned());
        }
        if words.len() < 2 {
            self.report(node.span, Problem::WrongShape("two words or more", "fewer"));
            return None;
        }
        Some(OneOf {
            words,
            labels: Vec::new(),
        })
    }

    fn setting_value(
        &mut self,
        name: &str,
        of: &Type,
        currency: Currency,
        node: &Node,
    ) -> Option<Value> {
        let value = value(self.scalar(node)?, of, currency);
        if value.is_none() {
            let problem = Problem::SettingValue(name.to_owned(), described(of));
            self.report(node.span, problem);
        }
        value
    }

    /// Puts what the installation gives to the set `name` in the place of the defaults.
    fn installed(&mut self, node: &Node, name: &str, settings: &mut [Setting]) {
        let sets = self.pairs(node).unwrap_or_default();
        let own = sets.into_iter().find(|(set, _)| set.text() == Some(name));
        let Some((_, node)) = own else {
            return;
        };
        for (named, node) in self.pairs(node).unwrap_or_default() {
            let text = named.text().unwrap_or_default();
            let names = settings.iter().map(|setting| setting.name.as_str());
            let unknown = Unknown::new(text, names);
            let known = settings.iter_mut().find(|setting| setting.name == text);
            let Some(setting) = known else {
                self.report(named.span, Problem::UnknownSetting(unknown));
                continue;
            };
            let currency = if let Value::Amount(default) = &setting.value {
                default.currency
            } else {
                Currency::TZS
            };
            if let Some(value) = self.setting_value(text, &setting.of, currency, node) {
                setting.value = value;
            }
        }
    }
}

fn value(text: &str, of: &Type, currency: Currency) -> Option<Value> {
    match of {
        Type::Text { longest } => {
            let length = text.chars().count();
            let visible = !text.trim().is_empty() && !text.chars().any(char::is_control);
            let fits = (1..=*longest).contains(&length) && visible;
            fits.then(|| Value::Text(text.to_owned()))
        }
        Type::Number { digits } => whole(text)
            .filter(|_| text.len() <= *digits)
            .map(Value::Number),
        Type::Amount => {
            let units = whole(text).filter(|units| *units <= LARGEST)?;
            Some(Value::Amount(Amount::from_major(units, currency)))
        }
        Type::OneOf(of) => {
            let known = of.words.iter().any(|word| word == text);
            known.then(|| Value::Text(text.to_owned()))
        }
        Type::Date
        | Type::Member
        | Type::Control
        | Type::Phone
        | Type::Secret { .. }
        | Type::Record(_)
        | Type::List(_) => None,
    }
}

fn whole(text: &str) -> Option<i64> {
    let digits = text.bytes().all(|byte| byte.is_ascii_digit());
    text.parse().ok().filter(|_| digits)
}

/// What a value of a setting's type is.
fn described(of: &Type) -> String {
    match of {
        Type::Text { longest } => format!("a text of 1 to {longest} characters"),
        Type::Number { digits } => format!("a whole number of at most {digits} digits"),
        Type::Amount => format!("an amount in whole units, at most {LARGEST}"),
        Type::OneOf(of) => format!("one of {}", of.words.join(", ")),
        Type::Date
        | Type::Member
        | Type::Control
        | Type::Phone
        | Type::Secret { .. }
        | Type::Record(_)
        | Type::List(_) => of.name().into_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn source(name: &str, text: &str) -> Source {
        Source {
            name: name.into(),
            text: text.into(),
        }
    }

    #[test]
    fn a_menu_that_is_called_installation_is_a_menu() {
        let values = "chf: {hotline: \"0800 000 000\"}\n";
        assert!(is_installation(&source("menus/installation.yaml", values)));
        assert!(is_installation(&source("installation.yaml", values)));
        assert!(!is_installation(&source("menus/chf/chf.yaml", values)));
        let menu = source("menus/chf/installation.yaml", "menu: installation\n");
        assert!(!is_installation(&menu));
    }

    #[test]
    fn a_value_is_right_only_within_its_type() {
        let right = |of: &Type, text| value(text, of, Currency::TZS).is_some();
        let text = Type::Text { longest: 5 };
        assert!(right(&text, "01234") && !right(&text, "012345") && !right(&text, ""));
        let number = Type::Number { digits: 2 };
        assert!(right(&number, "12") && !right(&number, "123") && !right(&number, "-1"));
        assert!(right(&Type::Amount, "99999999") && !right(&Type::Amount, "100000000"));
        let words = ["open", "closed"].map(str::to_owned).into();
        let labels = Vec::new();
        let one_of = Type::OneOf(Arc::new(OneOf { words, labels }));
        assert!(right(&one_of, "open") && !right(&one_of, "opened"));
    }
}
