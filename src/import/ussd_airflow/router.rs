//! Routers, and conditions on where an answer leads.

use super::{Translation, conditions::When, draft::Verb, fields::Fields, texts::Scope};
use crate::{
    import::Problem,
    model::source::{Span, yaml::Node},
};

/// A branch of theirs: its condition, and where it leads.
type Branch<'n> = (&'n Node, Option<&'n Node>);

impl<'n> Translation<'n> {
    pub(super) fn router_screen(&mut self, name: &str, at: Span, fields: &mut Fields<'n>) {
        let options = fields.take("router_options");
        let default = fields.take("default_next_screen");
        let mut branches = if let Some(node) = options {
            self.branches(node, "expression")
        } else {
            self.report(at, Problem::MissingKey("router_options"));
            Vec::new()
        };
        if let Some(loops) = fields.take("with_items") {
            self.report(loops.span, Problem::Loop);
            branches.clear();
        }
        self.route(name, at, &branches, default, &Scope::default(), false);
    }

    /// Where the screen `name` leads: a screen, or a route of its own where that depends.
    pub(super) fn next(
        &mut self,
        name: &str,
        at: Span,
        fields: &mut Fields<'n>,
        scope: &Scope,
    ) -> String {
        let next = fields.take("next_screen");
        let default = fields.take("default_next_screen");
        match (next, default) {
            (Some(next), _) if next.list().is_some() => {
                let branches = self.branches(next, "condition");
                let route = self.names.fresh(&format!("{name}_next"));
                // The route's values are its own, not those of the screen in hand.
                let uses = std::mem::take(&mut self.uses);
                self.route(&route, at, &branches, default, scope, true);
                self.uses = uses;
                route
            }
            (Some(next), _) => self.target(next),
            (None, Some(default)) => self.target(default),
            (None, None) => {
                self.report(at, Problem::MissingKey("next_screen"));
                self.nowhere(at)
            }
        }
    }

    fn branches(&mut self, node: &'n Node, condition: &'static str) -> Vec<Branch<'n>> {
        let Some(items) = node.list() else {
            self.shape(node, "a list");
            return Vec::new();
        };
        let mut branches = Vec::new();
        for item in items {
            let Some(mut fields) = Fields::of(item, &mut self.found) else {
                self.shape(item, "a map");
                continue;
            };
            let when = fields.take(condition);
            let to = fields.take("next_screen");
            self.finish(&fields);
            match when {
                Some(when) => branches.push((when, to)),
                None => self.report(item.span, Problem::MissingKey(condition)),
            }
        }
        branches
    }

    /// A screen that leads on by conditions. One of which no branch is left is passed over.
    fn route(
        &mut self,
        name: &str,
        at: Span,
        branches: &[Branch<'n>],
        default: Option<&'n Node>,
        scope: &Scope,
        added: bool,
    ) {
        let mut ours = Vec::new();
        let mut otherwise = None;
        for (condition, to) in branches {
            let when = self.when(condition, scope);
            if when == When::Never {
                continue;
            }
            let to = if let Some(to) = to {
                self.target(to)
            } else {
                self.report(condition.span, Problem::MissingKey("next_screen"));
                self.nowhere(at)
            };
            match when {
                When::Any(all) => ours.extend(all.into_iter().map(|one| (one, to.clone()))),
                When::Always => {
                    otherwise = Some(to);
                    break;
                }
                When::Never => {}
            }
        }
        let otherwise = match (otherwise, default) {
            (Some(to), _) => to,
            (None, Some(default)) => self.target(default),
            (None, None) => {
                self.report(at, Problem::NoElse);
                self.nowhere(at)
            }
        };
        if ours.is_empty() {
            self.uses.clear();
            self.redirects.insert(name.to_owned(), otherwise);
            return;
        }
        let verb = Verb::Route {
            branches: ours,
            otherwise,
        };
        self.push(name, at, verb, added);
    }
}
