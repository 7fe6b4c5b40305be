//! Follows the ways of the set that was made: what nobody reaches, and what not every way sets.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    Translation,
    draft::{Screen, Verb},
    values::Plain,
};
use crate::{
    import::{Problem, yaml::Yaml},
    model::source::Span,
};

impl Translation<'_> {
    /// Lets every way that leads to a router without branches lead on to where that leads.
    pub(super) fn follow_redirects(&mut self) {
        let redirects = std::mem::take(&mut self.redirects);
        let end = |go: &str| -> String {
            let mut at = go;
            for _ in 0..=redirects.len() {
                match redirects.get(at) {
                    Some(next) => at = next,
                    None => return at.to_owned(),
                }
            }
            // Routers that lead to each other only.
            go.to_owned()
        };
        for screen in &mut self.screens {
            for go in screen.verb.targets() {
                *go = end(go);
            }
        }
        self.start = end(&self.start);
        self.circular(&redirects, &end);
        self.redirects = redirects;
    }

    /// Puts an end where routers lead to each other only.
    fn circular(&mut self, redirects: &BTreeMap<String, String>, end: &impl Fn(&str) -> String) {
        let circular: Vec<String> = redirects
            .keys()
            .filter(|name| end(name) == **name)
            .cloned()
            .collect();
        for name in circular {
            let at = self
                .journey
                .screens
                .iter()
                .find(|screen| self.names.get(screen.name) == Some(&name));
            let at = at.map_or(Span::default(), |screen| screen.at);
            self.lost(&name, at, (Problem::NoElse, at));
        }
    }

    /// Reports what nobody reaches; their names.
    pub(super) fn settle(&mut self) -> BTreeSet<String> {
        let reached = reached(&self.screens, [self.start.clone(), self.first_dial()]);
        let kept: BTreeSet<String> = self
            .screens
            .iter()
            .filter(|screen| !reached.contains(&screen.name))
            .map(|screen| screen.name.clone())
            .collect();
        let unreached: Vec<(Span, String)> = self
            .screens
            .iter()
            .filter(|screen| kept.contains(&screen.name) && !screen.added)
            .map(|screen| (screen.at, screen.name.clone()))
            .collect();
        for (at, name) in unreached {
            self.report(at, Problem::NotReached(name));
        }
        kept
    }

    /// The values that are used where not every way has set them, and where.
    pub(super) fn unset_values(&self, begin: &[(String, Yaml)]) -> BTreeMap<String, Vec<Span>> {
        let first: BTreeSet<&str> = begin.iter().map(|(name, _)| name.as_str()).collect();
        let set = surely_set(&self.screens, &self.start, &first);
        let mut unset: BTreeMap<String, Vec<Span>> = BTreeMap::new();
        for screen in &self.screens {
            let Some(known) = set.get(screen.name.as_str()) else {
                continue;
            };
            // A screen that names it twice, in two languages say, is told once.
            let mut told = BTreeSet::new();
            for (variable, at) in &screen.uses {
                let own = matches!(&screen.verb, Verb::List { item, .. } if item == variable);
                let plain = self.values.plain(&self.theirs(variable));
                let plain = plain.is_some_and(|plain| plain != Plain::Secret);
                if plain && !own && !known.contains(variable.as_str()) && told.insert(variable) {
                    unset.entry(variable.clone()).or_default().push(*at);
                }
            }
        }
        unset
    }

    /// Their name of a variable of ours.
    pub(super) fn theirs(&self, ours: &str) -> String {
        self.values.theirs(ours).unwrap_or(ours).to_owned()
    }
}

impl Verb {
    /// Every place where it says where it leads.
    fn targets(&mut self) -> Vec<&mut String> {
        match self {
            Self::Menu { options, .. } => options.iter_mut().map(|option| &mut option.go).collect(),
            Self::List { options, go, .. } | Self::Ask { options, go, .. } => {
                let options = options.iter_mut().map(|option| &mut option.go);
                options.chain([go]).collect()
            }
            Self::Show { .. } | Self::End { .. } | Self::Language { .. } => Vec::new(),
            Self::Route {
                branches,
                otherwise,
            } => {
                let branches = branches.iter_mut().map(|(_, go)| go);
                branches.chain([otherwise]).collect()
            }
            Self::Set { go, .. } => vec![go],
            Self::Call { on, .. } => on.iter_mut().map(|outcome| &mut outcome.go).collect(),
        }
    }
}

fn reached(screens: &[Screen], starts: [String; 2]) -> BTreeSet<String> {
    let by_name: BTreeMap<&str, &Screen> = screens
        .iter()
        .map(|screen| (screen.name.as_str(), screen))
        .collect();
    let mut reached = BTreeSet::new();
    let mut open: Vec<String> = starts.into();
    while let Some(name) = open.pop() {
        let screen = by_name.get(name.as_str());
        if reached.insert(name) {
            let ways = screen.map_or_else(Vec::new, |screen| screen.ways());
            open.extend(ways.into_iter().map(|(to, _)| to.to_owned()));
        }
    }
    reached
}

/// What every way to a screen has set, of the screens that are reached.
fn surely_set<'a>(
    screens: &'a [Screen],
    start: &'a str,
    first: &BTreeSet<&'a str>,
) -> BTreeMap<&'a str, BTreeSet<&'a str>> {
    let by_name: BTreeMap<&str, &Screen> = screens
        .iter()
        .map(|screen| (screen.name.as_str(), screen))
        .collect();
    let mut known = BTreeMap::from([(start, first.clone())]);
    let mut open = vec![start];
    while let Some(name) = open.pop() {
        let Some(screen) = by_name.get(name) else {
            continue;
        };
        let set = known.get(name).cloned().unwrap_or_default();
        for (to, sets) in screen.ways() {
            let carried: BTreeSet<&str> = set.iter().copied().chain(sets).collect();
            let after = match known.get(to) {
                Some(before) => before.intersection(&carried).copied().collect(),
                None => carried,
            };
            if known.get(to) != Some(&after) {
                known.insert(to, after);
                open.push(to);
            }
        }
    }
    known
}
