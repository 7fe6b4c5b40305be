//! Where a journey begins, and what is set before its first screen.

use super::{
    Translation,
    draft::{Text, Verb, Version},
    fields::Fields,
    phrases,
};
use crate::{
    import::{Problem, yaml::Yaml},
    model::source::{Span, yaml::Node},
};

/// What is set before the first screen, and where the journey says so.
pub(super) struct Begin {
    values: Vec<(String, Yaml)>,
    at: Span,
}

impl<'n> Translation<'n> {
    /// Reads `initial_screen` and finds the first screen.
    pub(super) fn begin(&mut self) -> Begin {
        let mut begin = Begin {
            values: Vec::new(),
            at: self.journey.initial_at,
        };
        let Some(initial) = self.journey.initial else {
            self.first(begin.at);
            return begin;
        };
        let Some(mut fields) = Fields::of(initial, &mut self.found) else {
            self.name_start(Some(initial), begin.at);
            return begin;
        };
        _ = fields.take("type");
        _ = fields.take("default_language");
        let next = fields.take("next_screen");
        let next = next.or(fields.take("screen"));
        self.name_start(next, begin.at);
        if let Some(node) = fields.take("create_ussd_variables") {
            for (key, value) in node.map().unwrap_or_default() {
                if let Some((name, value)) = self.setting(key, value) {
                    begin.values.retain(|(known, _)| *known != name);
                    begin.values.push((name, value));
                }
            }
            // What is copied from another value is not set by then.
            self.uses.clear();
        }
        self.pages(&mut fields);
        if fields.take("ussd_report_session").is_some() {
            let at = fields.at_key("ussd_report_session");
            self.elsewhere(
                at,
                "ussd_report_session",
                "the journal of turns has every dialogue",
            );
        }
        _ = fields.take("variables");
        self.finish(&fields);
        begin
    }

    /// What is said of pages: their length is the gateway's here.
    fn pages(&mut self, fields: &mut Fields<'n>) {
        let mut limit = fields.take("ussd_text_limit").map(|node| node.span);
        if let Some(node) = fields.take("pagination_config")
            && let Some(mut config) = Fields::of(node, &mut self.found)
        {
            _ = config.take("more_option");
            _ = config.take("back_option");
            limit = config
                .take("ussd_text_limit")
                .map(|node| node.span)
                .or(limit);
            self.finish(&config);
        }
        if let Some(at) = limit {
            self.elsewhere(
                at,
                "ussd_text_limit",
                "the gateway's profile says how long a page is",
            );
        }
    }

    fn elsewhere(&mut self, at: Span, key: &str, how: &'static str) {
        self.report(at, Problem::Elsewhere(key.to_owned(), how));
    }

    fn name_start(&mut self, node: Option<&Node>, at: Span) {
        let named = node.and_then(Node::text);
        match named.filter(|name| self.journey.screen(name).is_some()) {
            Some(name) => self.start = self.ours(name),
            None => self.first(node.map_or(at, |node| node.span)),
        }
    }

    /// The first screen of the file, for want of another.
    fn first(&mut self, at: Span) {
        self.report(at, Problem::NoStart);
        let first = self.journey.screens.first().map(|screen| screen.name);
        self.start = self.ours(first.unwrap_or_default());
    }

    /// Adds what is set before the first screen, with what not every way sets; and the first dial.
    pub(super) fn say_start(&mut self, mut begin: Begin) {
        if let Some(to) = self.redirects.get(&self.start) {
            self.start.clone_from(to);
        }
        let unset = self.unset_values(&begin.values);
        for (variable, uses) in unset {
            let theirs = self.theirs(&variable);
            for at in uses {
                self.report(at, Problem::NotOnEveryWay(theirs.clone()));
            }
            begin.values.push((variable, self.unset(&theirs)));
        }
        if !begin.values.is_empty() {
            let name = self.names.fresh("begin");
            let verb = Verb::Set {
                values: begin.values,
                go: std::mem::replace(&mut self.start, name.clone()),
            };
            self.push(&name, begin.at, verb, true);
            self.screens.rotate_right(1);
            if let Some(screen) = self.screens.first_mut() {
                screen
                    .comments
                    .push("What every way knows from the start.".to_owned());
            }
        }
        if self.languages.len() > 1 {
            self.report(begin.at, Problem::AsksLanguage);
            let name = self.names.fresh("choose_language");
            let text = self.language_question();
            self.push(&name, begin.at, Verb::Language { text }, true);
            self.screens.rotate_right(1);
        }
        self.say_languages(begin.at);
        self.say_settings();
    }

    /// Asks in all languages at once: the caller's own is not known yet.
    fn language_question(&self) -> Text {
        let mut lines: Vec<&str> = Vec::new();
        for tag in &self.languages {
            let line = phrases::of(tag).choose_language;
            if !lines.contains(&line) {
                lines.push(line);
            }
        }
        let version = Version {
            text: lines.join("\n"),
            copied: false,
        };
        Text(vec![version; self.languages.len()])
    }

    fn say_languages(&mut self, at: Span) {
        for tag in self.languages.clone() {
            if !phrases::has(&tag) {
                self.report(at, Problem::NoWords(tag));
            }
        }
    }

    fn say_settings(&mut self) {
        let initial = self.journey.initial.and_then(Node::map).unwrap_or_default();
        let file = initial
            .iter()
            .find(|(key, _)| key.text() == Some("variables"));
        if let Some((_, node)) = file {
            let names = self.values.settings.keys().cloned().collect();
            self.report(node.span, Problem::Settings(names));
        }
    }

    /// The first dial's screen.
    pub(super) fn first_dial(&self) -> String {
        let asks = self
            .screens
            .iter()
            .find(|screen| matches!(screen.verb, Verb::Language { .. }));
        asks.map_or(&self.start, |screen| &screen.name).clone()
    }
}
