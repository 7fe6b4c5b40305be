//! Screens that set values.

use super::{
    Translation,
    conditions::When,
    draft::Verb,
    expression::Expression,
    fields::Fields,
    texts::{Meaning, Scope},
    values::Plain,
};
use crate::{
    import::{Problem, yaml::Yaml},
    model::source::{Span, yaml::Node},
};

/// What is set, and where the journey says so.
type Setting = (String, Yaml);

/// Values that are set together.
struct Group<'n> {
    when: Option<&'n Node>,
    values: Vec<(&'n Node, &'n Node)>,
}

impl<'n> Translation<'n> {
    pub(super) fn update_screen(&mut self, name: &str, at: Span, fields: &mut Fields<'n>) {
        let values = fields.take("values_to_update");
        let go = self.next(name, at, fields, &Scope::default());
        let mut groups = if let Some(node) = values {
            self.groups(node)
        } else {
            self.report(at, Problem::MissingKey("values_to_update"));
            Vec::new()
        };
        if let Some(loops) = fields.take("with_items") {
            self.report(loops.span, Problem::Loop);
            groups.clear();
        }
        let mut name = name.to_owned();
        let last = groups.len();
        for (index, group) in (1..).zip(&groups) {
            let next = if index == last {
                go.clone()
            } else {
                self.names
                    .fresh(&format!("{}_next", name.trim_end_matches("_next")))
            };
            self.group(&name, at, group, &next, index > 1);
            name = next;
        }
        if groups.is_empty() {
            self.redirects.insert(name, go);
        }
    }

    /// The values by their condition; neighbours with the same one together.
    fn groups(&mut self, node: &'n Node) -> Vec<Group<'n>> {
        let Some(rules) = node.list() else {
            self.shape(node, "a list");
            return Vec::new();
        };
        let mut groups: Vec<Group<'n>> = Vec::new();
        for rule in rules {
            let Some(mut fields) = Fields::of(rule, &mut self.found) else {
                self.shape(rule, "a map");
                continue;
            };
            let (when, key) = (fields.take("expression"), fields.take("key"));
            let value = fields.take("value");
            self.finish(&fields);
            let Some(pair) = key.zip(value) else {
                let missing = if key.is_none() { "key" } else { "value" };
                self.report(rule.span, Problem::MissingKey(missing));
                continue;
            };
            let same = |group: &&mut Group<'_>| {
                group.when.and_then(Node::text) == when.and_then(Node::text)
            };
            match groups.last_mut().filter(same) {
                Some(group) => group.values.push(pair),
                None => groups.push(Group {
                    when,
                    values: vec![pair],
                }),
            }
        }
        groups
    }

    /// A set, with a route before it where it has a condition.
    fn group(&mut self, name: &str, at: Span, group: &Group<'n>, go: &str, added: bool) {
        let when = group
            .when
            .map_or(When::Always, |when| self.when(when, &Scope::default()));
        let (set, comparisons) = match when {
            When::Always => (name.to_owned(), None),
            When::Any(all) => (self.names.fresh(&format!("{name}_set")), Some(all)),
            When::Never => {
                self.redirects.insert(name.to_owned(), go.to_owned());
                return;
            }
        };
        if let Some(all) = &comparisons {
            let verb = Verb::Route {
                branches: all.iter().map(|one| (one.clone(), set.clone())).collect(),
                otherwise: go.to_owned(),
            };
            self.push(name, at, verb, added);
        }
        let mut values: Vec<Setting> = Vec::new();
        for (key, value) in &group.values {
            if let Some((name, value)) = self.setting(key, value) {
                // The last one counts.
                values.retain(|(known, _)| *known != name);
                values.push((name, value));
            }
        }
        if values.is_empty() {
            self.redirects.insert(set, go.to_owned());
            self.uses.clear();
            return;
        }
        let verb = Verb::Set {
            values,
            go: go.to_owned(),
        };
        self.push(&set, at, verb, added || comparisons.is_some());
    }

    /// What one value is set to; `None` where that was reported.
    pub(super) fn setting(&mut self, key: &Node, value: &Node) -> Option<Setting> {
        let name = key.text()?;
        if matches!(name, "override_language" | "default_language" | "language") {
            let problem = Problem::Elsewhere(name.to_owned(), "a `language:` screen asks for it");
            self.report(key.span, problem);
            return None;
        }
        if self.values.plain(name) == Some(Plain::Secret) {
            let why = "a secret is only asked for".to_owned();
            self.report(value.span, Problem::NotSet(why));
            return None;
        }
        let Some(text) = value.text() else {
            let problem = Problem::NotSet(value.describe().to_owned());
            self.report(value.span, problem);
            return None;
        };
        let ours = self.values.ours(name);
        if !text.contains("{{") {
            return Some((ours, self.set_to(name, text, value.span)));
        }
        match Expression::parse(text) {
            Some(Expression::Text(text)) => Some((ours, self.set_to(name, &text, value.span))),
            Some(Expression::Number(number)) => {
                Some((ours, self.set_to(name, &number.to_string(), value.span)))
            }
            Some(Expression::Path(path)) if !path.length && path.filters.is_empty() => {
                let from = self.meaning(&path.parts, &Scope::default());
                let Some(Meaning::Value(from)) = from else {
                    let why = format!("nothing sets `{}`", path.parts.join("."));
                    self.report(value.span, Problem::NotSet(why));
                    return None;
                };
                let fits = self.values.plain(name) == Some(from.plain);
                if from.plain == Plain::Secret {
                    let why = "a secret is kept nowhere else".to_owned();
                    self.report(value.span, Problem::NotSet(why));
                    return None;
                }
                if !fits {
                    self.report(value.span, Problem::TwoKinds(name.to_owned()));
                    return None;
                }
                self.used(&from, value.span);
                Some((ours, Yaml::Word(from.written)))
            }
            _ => {
                let problem = Problem::NotSet(format!("`{}`", text.trim()));
                self.report(value.span, problem);
                None
            }
        }
    }

    fn set_to(&mut self, name: &str, text: &str, at: Span) -> Yaml {
        if text.trim().is_empty() {
            self.report(at, Problem::EmptyText);
            return self.unset(name);
        }
        self.constant(name, text.trim())
    }

    /// What a value is where nothing has set it.
    pub(super) fn unset(&self, theirs: &str) -> Yaml {
        match self.values.plain(theirs) {
            Some(Plain::Number) => Yaml::Word("0".to_owned()),
            _ => Yaml::Quoted("-".to_owned()),
        }
    }
}
