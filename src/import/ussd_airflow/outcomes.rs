//! How a request can end.

use super::{
    Translation,
    draft::Outcome,
    expression::{Expression, Operator},
    fields::Fields,
    journey::Theirs,
    texts::Scope,
};
use crate::{
    import::{
        Problem,
        yaml::{Entry, Yaml},
    },
    model::source::yaml::Node,
};

impl<'n> Translation<'n> {
    /// How the request can end. A router behind it that asks for its status only becomes outcomes.
    pub(super) fn outcomes(
        &mut self,
        name: &str,
        theirs: &Theirs<'n>,
        key: &str,
        fields: &mut Fields<'n>,
    ) -> Vec<Outcome> {
        let gives = self.values.gives(key).is_some();
        let next = fields.peek("next_screen").and_then(Node::text);
        let router = next.and_then(|next| self.journey.screen(next)).cloned();
        if let Some(router) = router
            && let Some(branches) = by_status(&router, key)
        {
            _ = fields.take("next_screen");
            let mut on: Vec<Outcome> = Vec::new();
            for (status, to) in branches {
                let outcome = format!("status_{status}");
                if on.iter().all(|known| known.name != outcome) {
                    on.push(Outcome {
                        name: outcome,
                        gives: gives && (200..300).contains(&status),
                        status: Some(status.to_string()),
                        go: self.target(to),
                    });
                }
            }
            let default = router.fields.peek("default_next_screen");
            let down = match default {
                Some(default) => self.target(default),
                None => self.failed(theirs),
            };
            on.push(down_to(down));
            return on;
        }
        let scope = Scope::default();
        let go = self.next(name, theirs.at, fields, &scope);
        let answered = Outcome {
            name: "answered".to_owned(),
            status: Some("2xx".to_owned()),
            gives,
            go,
        };
        vec![answered, down_to(self.failed(theirs))]
    }

    /// Whether nothing but requests leads to a router, whose branches become their outcomes.
    pub(super) fn is_absorbed(&self, router: &Theirs<'n>) -> bool {
        let leads = |screen: &&Theirs<'n>| -> usize {
            let pairs = screen.fields.pairs();
            pairs.map(|(_, value)| named(value, router.name)).sum()
        };
        let all: usize = self
            .journey
            .screens
            .iter()
            .map(|screen| leads(&screen))
            .sum();
        let requests = self.journey.screens.iter().filter(|screen| {
            let word = |key: &str| screen.fields.peek(key).and_then(Node::text);
            let key = word("session_key").unwrap_or(screen.name);
            word("type") == Some("http_screen")
                && word("next_screen") == Some(router.name)
                && by_status(router, key).is_some()
        });
        let starts = self
            .journey
            .initial
            .map_or(0, |initial| named(initial, router.name));
        all > 0 && all == requests.count() && starts == 0
    }

    fn failed(&mut self, theirs: &Theirs<'n>) -> String {
        self.report(theirs.at, Problem::MayFail);
        self.no_answer(theirs.at)
    }
}

fn down_to(go: String) -> Outcome {
    Outcome {
        name: "down".to_owned(),
        status: None,
        gives: false,
        go,
    }
}

pub(super) fn outcomes_of(on: &[Outcome]) -> Entry {
    let entries = on.iter().filter_map(|outcome| {
        let status = Entry::word("status", outcome.status.clone()?);
        let gives = outcome.gives.then(|| Entry::word("gives", "true"));
        let entries = [status].into_iter().chain(gives).collect();
        Some(Entry::new(&outcome.name, Yaml::Short(entries)))
    });
    Entry::new("outcomes", Yaml::Long(entries.collect()))
}

/// How often a name stands below a node.
fn named(node: &Node, name: &str) -> usize {
    let below = node
        .map()
        .unwrap_or_default()
        .iter()
        .map(|(_, value)| value);
    let below = below.chain(node.list().unwrap_or_default());
    usize::from(node.text() == Some(name)) + below.map(|node| named(node, name)).sum::<usize>()
}

/// The branches of a router that asks for nothing but the status of the request before it.
fn by_status<'n>(router: &Theirs<'n>, key: &str) -> Option<Vec<(i64, &'n Node)>> {
    let is_router = router.fields.peek("type").and_then(Node::text) == Some("router_screen");
    let options = router.fields.peek("router_options").and_then(Node::list)?;
    if !is_router || router.fields.peek("with_items").is_some() || options.is_empty() {
        return None;
    }
    let branches = options.iter().map(|option| {
        let entry = |key: &str| {
            let mut entries = option.map()?.iter();
            Some(&entries.find(|(name, _)| name.text() == Some(key))?.1)
        };
        let expression = Expression::parse(entry("expression")?.text()?)?;
        let Expression::Compare(left, Operator::Equal, right) = expression else {
            return None;
        };
        match (*left, *right) {
            (Expression::Path(path), Expression::Number(status))
                if path.parts == [key, "status_code"] && (200..600).contains(&status) =>
            {
                Some((status, entry("next_screen")?))
            }
            _ => None,
        }
    });
    branches.collect()
}
