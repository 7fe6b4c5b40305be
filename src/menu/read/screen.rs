use super::{Reader, entries::Entries};
use crate::{
    menu::{
        problem::Problem,
        syntax::{Choice, Condition, Name, Screen, Target, Text, Verb},
    },
    model::source::yaml::Node,
};

const VERBS: [&str; 10] = [
    "menu", "list", "ask", "confirm", "show", "end", "call", "language", "route", "set",
];

/// Wrong answers that a question bears, where it does not say.
const TRIES: u8 = 3;

impl Reader<'_> {
    pub(super) fn screens(&mut self, node: &Node) -> Vec<Screen> {
        let mut screens = Vec::new();
        for (name, node) in self.pairs(node).unwrap_or_default() {
            let Some(name) = self.name(name) else {
                self.excuse(name);
                continue;
            };
            let key = name.text.clone();
            screens.push(self.below(&key, |reader| reader.screen(name, node)));
        }
        screens
    }

    fn excuse(&mut self, name: &Node) {
        let key = name.text().unwrap_or_default();
        self.below(key, Self::excuse_translations);
    }

    fn screen(&mut self, name: Name, node: &Node) -> Screen {
        let mut screen = Screen {
            name,
            verb: None,
            sms: None,
            direct: true,
        };
        if let Some(mut entries) = self.entries(node, "a screen") {
            self.verb(&mut entries, &mut screen);
        }
        if screen.verb.is_none() {
            self.excuse_translations();
        }
        screen
    }

    fn verb(&mut self, entries: &mut Entries<'_>, screen: &mut Screen) {
        let verbs: Vec<&'static str> = VERBS.into_iter().filter(|verb| entries.has(verb)).collect();
        let [verb] = verbs.as_slice() else {
            self.report(screen.name.at, Problem::NotOneVerb(verbs));
            return;
        };
        entries.of = article(verb);
        screen.verb = match *verb {
            "menu" => self.menu_screen(entries),
            "list" => self.list(entries),
            "ask" => self.ask(entries),
            "confirm" => self.confirm(entries),
            "show" => self.show(entries),
            "end" => self.end(entries),
            "call" => self.call(entries),
            "route" => self.route(entries),
            "set" => self.set(entries),
            _ => self.language_screen(entries),
        };
        if !matches!(*verb, "call" | "route" | "set") {
            screen.sms = self.take_text(entries, "sms");
            screen.direct = self.direct(entries);
        }
        self.finish(entries);
    }

    fn menu_screen(&mut self, entries: &mut Entries<'_>) -> Option<Verb> {
        let text = self.require_text(entries, "menu");
        let options = self.require(entries, "options");
        let options = options.and_then(|node| self.choices(node));
        if options.as_ref().is_some_and(Vec::is_empty) {
            self.report(entries.at, Problem::MissingKey("options", entries.of));
            return None;
        }
        Some(Verb::Menu {
            text: text?,
            options: options?,
        })
    }

    fn list(&mut self, entries: &mut Entries<'_>) -> Option<Verb> {
        let items = self.require(entries, "list");
        let items = items.and_then(|node| self.argument(node));
        let item = self.require(entries, "as");
        let item = item.and_then(|node| self.variable(node));
        let text = self.require_text(entries, "text");
        let row = self.require_text(entries, "row");
        let go = self.go(entries);
        let options = self.options(entries);
        Some(Verb::List {
            items: items?,
            item: item?,
            text: text?,
            row: row?,
            go: go?,
            options: options?,
        })
    }

    fn ask(&mut self, entries: &mut Entries<'_>) -> Option<Verb> {
        let text = self.require_text(entries, "ask");
        let answer = self.require(entries, "type");
        let answer = answer.and_then(|node| self.answer(node));
        let (answer, alternatives) = answer.unzip();
        let into = self.require(entries, "as");
        let into = into.and_then(|node| self.variable(node));
        let wrong = self.require_text(entries, "wrong");
        let go = self.go(entries);
        let tries = self.tries(entries);
        let exhausted = match entries.take("exhausted") {
            Some(node) => self.target(node),
            None => Some(Target::Home),
        };
        let options = self.options(entries);
        Some(Verb::Ask {
            text: text?,
            answer: answer?,
            alternatives: alternatives?,
            into: into?,
            wrong: wrong?,
            tries: tries?,
            exhausted: exhausted?,
            go: go?,
            options: options?,
        })
    }

    fn tries(&mut self, entries: &mut Entries<'_>) -> Option<u8> {
        let Some(node) = entries.take("tries") else {
            return Some(TRIES);
        };
        let tries = self.number(node, 0, 9, "a number of tries from 0 to 9")?;
        u8::try_from(tries).ok()
    }

    fn confirm(&mut self, entries: &mut Entries<'_>) -> Option<Verb> {
        let text = self.require_text(entries, "confirm");
        let key = match entries.take("key") {
            Some(node) => self.key(node),
            None => Some(Name {
                text: "1".to_owned(),
                at: text.as_ref().map_or(entries.at, |text| text.base.at),
            }),
        };
        let yes = self.require_target(entries, "yes");
        let no = self.require_target(entries, "no");
        Some(Verb::Confirm {
            text: text?,
            key: key?,
            yes: yes?,
            no: no?,
        })
    }

    fn show(&mut self, entries: &mut Entries<'_>) -> Option<Verb> {
        let text = self.require_text(entries, "show");
        let paged = match entries.take("paged") {
            Some(node) => self.flag(node),
            None => Some(false),
        };
        let options = self.options(entries);
        Some(Verb::Show {
            text: text?,
            paged: paged?,
            options: options?,
        })
    }

    fn end(&mut self, entries: &mut Entries<'_>) -> Option<Verb> {
        let text = self.require_text(entries, "end")?;
        Some(Verb::End { text })
    }

    fn call(&mut self, entries: &mut Entries<'_>) -> Option<Verb> {
        let operation = self.require(entries, "call");
        let operation = operation.and_then(|node| self.reference(node));
        let arguments = self.arguments(entries);
        let into = entries.take("as").map(|node| self.variable(node));
        let on = self.require(entries, "on");
        let on = on.and_then(|node| self.outcomes(node));
        let sms = match entries.take("sms") {
            Some(node) => self.below("sms", |reader| reader.late_texts(node)),
            None => Some(Vec::new()),
        };
        Some(Verb::Call {
            operation: operation?,
            arguments: arguments?,
            into: match into {
                Some(into) => Some(into?),
                None => None,
            },
            on: on?,
            sms: sms?,
        })
    }

    fn outcomes(&mut self, node: &Node) -> Option<Vec<(Name, Target)>> {
        let mut outcomes = Vec::new();
        for (name, target) in self.pairs(node)? {
            let target = self.target(target);
            outcomes.push(self.reference(name).zip(target));
        }
        outcomes.into_iter().collect()
    }

    fn late_texts(&mut self, node: &Node) -> Option<Vec<(Name, Text)>> {
        let mut texts = Vec::new();
        for (name, text) in self.pairs(node)? {
            let name = self.reference(name)?;
            let text = self.text(text, &name.text);
            texts.push(text.map(|text| (name, text)));
        }
        texts.into_iter().collect()
    }

    fn language_screen(&mut self, entries: &mut Entries<'_>) -> Option<Verb> {
        let text = self.require_text(entries, "language");
        let go = self.go(entries);
        Some(Verb::Language {
            text: text?,
            go: go?,
        })
    }

    fn route(&mut self, entries: &mut Entries<'_>) -> Option<Verb> {
        let ways = self.require(entries, "route");
        let ways = ways.and_then(|node| self.branches(node));
        let otherwise = self.require_target(entries, "else");
        Some(Verb::Route {
            ways: ways?,
            otherwise: otherwise?,
        })
    }

    fn branches(&mut self, node: &Node) -> Option<Vec<(Condition, Target)>> {
        let Some(items) = node.list() else {
            self.report(node.span, Problem::WrongShape("a list", node.describe()));
            return None;
        };
        if items.is_empty() {
            self.report(node.span, Problem::WrongShape("a way", "none"));
            return None;
        }
        let ways: Vec<_> = items.iter().map(|item| self.way(item)).collect();
        ways.into_iter().collect()
    }

    fn way(&mut self, node: &Node) -> Option<(Condition, Target)> {
        let mut entries = self.entries(node, "a way")?;
        let when = self.require(&mut entries, "when");
        let when = when.and_then(|node| self.condition(node));
        let go = self.go(&mut entries);
        self.finish(&entries);
        when.zip(go)
    }

    fn set(&mut self, entries: &mut Entries<'_>) -> Option<Verb> {
        let values = self.require(entries, "set");
        let values = values.and_then(|node| self.settled(node));
        let go = self.go(entries);
        Some(Verb::Set {
            values: values?,
            go: go?,
        })
    }

    /// Options that may be left out.
    fn options(&mut self, entries: &mut Entries<'_>) -> Option<Vec<Choice>> {
        match entries.take("options") {
            Some(node) => self.choices(node),
            None => Some(Vec::new()),
        }
    }

    fn choices(&mut self, node: &Node) -> Option<Vec<Choice>> {
        let pairs = self.pairs(node)?;
        let choices: Vec<Option<Choice>> = self.below("options", |reader| {
            let choices = pairs.iter().map(|(key, node)| reader.choice(key, node));
            choices.collect()
        });
        choices.into_iter().collect()
    }

    fn choice(&mut self, key: &Node, node: &Node) -> Option<Choice> {
        let key = self.key(key);
        let mut entries = self.entries(node, "an option")?;
        let below = key.as_ref().map_or("", |key| key.text.as_str()).to_owned();
        let text = self.below(&below, |reader| reader.require_text(&mut entries, "text"));
        let go = self.go(&mut entries);
        let when = self.when(&mut entries);
        self.finish(&entries);
        Some(Choice {
            key: key?,
            text: text?,
            go: go?,
            when: when?,
        })
    }
}

/// What an author calls a screen with this verb.
fn article(verb: &str) -> &'static str {
    match verb {
        "menu" => "a menu screen",
        "list" => "a list screen",
        "ask" => "an ask screen",
        "confirm" => "a confirm screen",
        "show" => "a show screen",
        "end" => "an end screen",
        "call" => "a call",
        "route" => "a route",
        "set" => "a set screen",
        _ => "a language screen",
    }
}
