//! Reads a compiled set into a [`Picture`].

use super::{
    model::{Kind, Leads, Line, Page, Panel, Picture, Row},
    names::Names,
    texts,
};
use crate::{
    menu::{
        AnswerType, Choice, Menu, MenuId, MenuSet, Screen, ScreenId, Target, Template, Texts, Verb,
        Words,
        check::graph::{By, edges},
    },
    model::Language,
};

impl Picture {
    /// The picture of a set, or of the one menu `only`, with the texts of `language` (of the first
    /// where the set does not have it).
    pub fn of(set: &MenuSet, only: Option<MenuId>, language: Language) -> Self {
        let menus = (0..).zip(&set.menus);
        let chosen = menus.filter(|(id, _)| only.is_none_or(|only| only == *id));
        let panels = chosen.map(|(id, menu)| {
            let reader = Reader {
                set,
                id,
                menu,
                language: set.language_index(language),
            };
            reader.panel()
        });
        let name = only.and_then(|only| set.menu(only));
        Self {
            title: match name {
                Some(menu) => format!("{} {}", set.name, menu.name),
                None => format!("{} {}", set.name, set.service),
            },
            panels: panels.collect(),
        }
    }
}

/// Reads one menu.
struct Reader<'a> {
    set: &'a MenuSet,
    id: MenuId,
    menu: &'a Menu,
    /// The position of the language in every text.
    language: usize,
}

impl Reader<'_> {
    fn panel(&self) -> Panel {
        let screens = (0..).zip(&self.menu.screens);
        let pages: Vec<_> = screens.map(|(id, of)| self.page(id, of)).collect();
        let entered = pages.iter().enumerate();
        let entered = entered.filter(|(_, page)| !page.entry.is_empty());
        Panel {
            menu: self.menu.name.clone(),
            about: self.about(),
            starts: entered.map(|(id, _)| id).collect(),
            pages,
        }
    }

    fn names(&self) -> Names<'_> {
        let known = self.set.languages.get(self.language);
        Names {
            set: self.set,
            menu: self.menu,
            language: known.map_or(self.set.fallback(), |known| known.language),
        }
    }

    fn about(&self) -> String {
        let takes = self.menu.variables.iter().take(self.menu.takes);
        let takes: Vec<_> = takes.map(|variable| variable.name.as_str()).collect();
        let menus = self.set.menus.iter();
        let openers = menus.filter(|menu| opens(menu, self.id, self.set));
        let openers: Vec<_> = openers.map(|menu| menu.name.as_str()).collect();
        let parts = [("takes", takes), ("opened from", openers)];
        let parts = parts.iter().filter(|(_, names)| !names.is_empty());
        let parts = parts.map(|(what, names)| format!("{what} {}", names.join(", ")));
        parts.collect::<Vec<_>>().join(" · ")
    }

    fn page(&self, id: ScreenId, screen: &Screen) -> Page {
        let kind = Kind::of(&screen.verb);
        let root_start = self.id == 0 && id == self.menu.start;
        Page {
            screen: format!("{}.{}", self.menu.name, screen.name),
            name: screen.name.clone(),
            kind,
            lines: self.lines(&screen.verb),
            rows: self.rows(&screen.verb),
            foot: if is_left_by_every_key(kind) && !root_start {
                self.foot()
            } else {
                String::new()
            },
            sms: screen.sms.is_some(),
            entry: self.entry(id),
        }
    }

    fn entry(&self, id: ScreenId) -> Vec<String> {
        let root = self.id == 0;
        let start = (id == self.menu.start).then(|| {
            if root {
                self.set.service.to_string()
            } else {
                "start".to_owned()
            }
        });
        let first = (root && id == self.set.first_dial).then(|| "first dial".to_owned());
        let shortcuts = self.set.shortcuts.iter();
        let shortcuts = shortcuts.filter(|known| known.menu == self.id && known.screen == id);
        let dialled = shortcuts.map(|known| {
            let service = self.set.service.to_string();
            format!("{}*{}#", service.trim_end_matches('#'), known.key)
        });
        let off = self.menu.off.as_ref().filter(|off| off.screen == id);
        let off = off.map(|off| match &off.when {
            Some(when) => format!("off: {}", self.names().condition(when)),
            None => "off".to_owned(),
        });
        let entry = start.into_iter().chain(first).chain(dialled).chain(off);
        entry.collect()
    }

    fn foot(&self) -> String {
        let keys = &self.set.keys;
        let word = |pick: fn(&Words) -> &String| self.word(pick);
        let back = word(|words| &words.back);
        let home = word(|words| &words.home);
        format!("{} {back} {} {home}", keys.back, keys.home)
    }

    fn lines(&self, verb: &Verb) -> Vec<Line> {
        match verb {
            Verb::Menu { text, .. }
            | Verb::List { text, .. }
            | Verb::Ask { text, .. }
            | Verb::Confirm { text, .. }
            | Verb::Show { text, .. }
            | Verb::End { text }
            | Verb::Language { text, .. } => {
                let text = text.get(self.language);
                let text = text.map(|text| texts::lines(self.names(), text));
                text.into_iter()
                    .flatten()
                    .chain(self.alternatives(verb))
                    .collect()
            }
            Verb::Call {
                operation,
                arguments,
                into,
                ..
            } => {
                let signature = self.set.signature(*operation);
                let name = signature.map_or("", |signature| signature.name.as_ref());
                let names = self.names();
                let with: Vec<_> = arguments.iter().map(|path| names.short(*path)).collect();
                let with = (!with.is_empty()).then(|| format!("with {}", with.join(", ")));
                let gives = into.map(|into| format!("gives {}", names.variable(into)));
                let about: Vec<_> = with.into_iter().chain(gives).collect();
                let lines = [name.to_owned(), about.join(", ")];
                let lines = lines.iter().filter(|line| !line.is_empty());
                lines.map(|line| line_of(line)).collect()
            }
            Verb::Route { .. } => Vec::new(),
            Verb::Set { values, .. } => {
                let names = self.names();
                let lines = values.iter().map(|(variable, value)| {
                    let value = names.operand(value);
                    line_of(&format!("{} = {value}", names.variable(*variable)))
                });
                lines.collect()
            }
        }
    }

    /// The words of a choice that is asked for.
    fn alternatives(&self, verb: &Verb) -> Vec<Line> {
        let Verb::Ask {
            answer: AnswerType::Choice(words),
            ..
        } = verb
        else {
            return Vec::new();
        };
        let words = words
            .iter()
            .map(|word| line_of(&format!("{} {}", word.key, self.in_line(&word.text))));
        words.collect()
    }

    fn rows(&self, verb: &Verb) -> Vec<Row> {
        let mut outcomes = self.outcomes(verb).into_iter();
        let edges = edges(verb, &self.set.keys).into_iter();
        let rows = edges.map(|edge| {
            let (key, text, sms) = match edge.by {
                By::Key(key) => (key.to_owned(), self.beside(verb, key), false),
                By::Row(_) => ("1…".to_owned(), self.row(verb), false),
                By::Language => (self.numbers(), self.languages(), false),
                By::Answer(_) => ("✓".to_owned(), self.answer(verb), false),
                By::WrongAnswer => ("✗".to_owned(), wrong(verb), false),
                By::Outcome => {
                    let (text, sms) = outcomes.next().unwrap_or_default();
                    (String::new(), text, sms)
                }
            };
            let when = option(verb, &key).and_then(|choice| choice.when.as_ref());
            Row {
                when: when.map(|when| self.names().condition(when)),
                key,
                text,
                leads: self.leads(edge.to),
                sms,
            }
        });
        rows.collect()
    }

    fn leads(&self, target: &Target) -> Leads {
        match target {
            Target::Screen(screen) => Leads::Page(usize::from(*screen)),
            Target::Open { menu, then, .. } => {
                let opened = self.set.menu(*menu);
                let start = opened.and_then(|menu| menu.screens.get(usize::from(menu.start)));
                let menu = opened.map_or("", |menu| &menu.name);
                Leads::Menu {
                    menu: menu.to_owned(),
                    screen: format!("{menu}.{}", start.map_or("", |start| &start.name)),
                    then: then.map(usize::from),
                }
            }
            Target::Back => Leads::Back,
            Target::Home => Leads::Home,
            Target::Return(_) => Leads::Return,
        }
    }

    /// What each way of a screen that the caller does not choose is called, in the order of its
    /// edges, and whether an SMS tells it.
    fn outcomes(&self, verb: &Verb) -> Vec<(String, bool)> {
        match verb {
            Verb::Call { operation, on, .. } => {
                let signature = self.set.signature(*operation);
                let kinds = signature.map_or(&[][..], |signature| &signature.outcomes);
                let names = on.iter().map(|way| {
                    let kind = kinds.iter().find(|kind| kind.name == way.name);
                    let name = kind.map_or(way.name.as_str(), |kind| kind.written.as_ref());
                    (name.to_owned(), way.sms.is_some())
                });
                names.collect()
            }
            Verb::Route { ways, .. } => {
                let names = self.names();
                let ways = ways.iter().map(|way| names.condition(&way.when));
                let ways = ways.chain(["else".to_owned()]);
                ways.map(|way| (way, false)).collect()
            }
            Verb::Set { .. } => vec![("then".to_owned(), false)],
            Verb::Menu { .. }
            | Verb::List { .. }
            | Verb::Ask { .. }
            | Verb::Confirm { .. }
            | Verb::Show { .. }
            | Verb::End { .. }
            | Verb::Language { .. } => Vec::new(),
        }
    }

    /// What stands beside a key.
    fn beside(&self, verb: &Verb, key: &str) -> String {
        if let Verb::Confirm { key: yes, .. } = verb {
            return self
                .word(if key == yes {
                    |words| &words.yes
                } else {
                    |words| &words.no
                })
                .to_owned();
        }
        let choice = option(verb, key);
        choice.map_or_else(String::new, |choice| self.in_line(&choice.text))
    }

    fn row(&self, verb: &Verb) -> String {
        if let Verb::List { row, .. } = verb {
            self.in_line(row)
        } else {
            String::new()
        }
    }

    fn answer(&self, verb: &Verb) -> String {
        let Verb::Ask { into, .. } = verb else {
            return String::new();
        };
        self.names().variable(*into)
    }

    fn numbers(&self) -> String {
        format!("1–{}", self.set.languages.len())
    }

    fn languages(&self) -> String {
        let names = self.set.languages.iter().map(|known| known.name.as_str());
        names.collect::<Vec<_>>().join(", ")
    }

    fn in_line(&self, text: &Texts) -> String {
        let template: Option<&Template> = text.get(self.language);
        template.map_or_else(String::new, |text| texts::in_line(self.names(), text))
    }

    fn word(&self, pick: fn(&Words) -> &String) -> &str {
        let words = self.set.words.get(self.language);
        words.map_or("", |words| pick(words).as_str())
    }
}

impl Kind {
    fn of(verb: &Verb) -> Self {
        match verb {
            Verb::Menu { .. } => Self::Menu,
            Verb::List { .. } => Self::List,
            Verb::Ask { .. } => Self::Ask,
            Verb::Confirm { .. } => Self::Confirm,
            Verb::Show { .. } => Self::Show,
            Verb::End { .. } => Self::End,
            Verb::Call { .. } => Self::Call,
            Verb::Language { .. } => Self::Language,
            Verb::Route { .. } => Self::Route,
            Verb::Set { .. } => Self::Set,
        }
    }
}

/// Whether back and home stand below it.
fn is_left_by_every_key(kind: Kind) -> bool {
    match kind {
        Kind::Menu | Kind::List | Kind::Show | Kind::Language => true,
        Kind::Ask | Kind::Confirm | Kind::End | Kind::Call | Kind::Route | Kind::Set => false,
    }
}

fn wrong(verb: &Verb) -> String {
    if let Verb::Ask { tries, .. } = verb {
        format!("wrong {} times", u16::from(*tries) + 1)
    } else {
        String::new()
    }
}

/// A line that is not the author's.
fn line_of(text: &str) -> Line {
    texts::plain(&texts::clipped(text, texts::LINE))
}

/// The option with this key.
fn option<'a>(verb: &'a Verb, key: &str) -> Option<&'a Choice> {
    options(verb).iter().find(|choice| choice.key == key)
}

fn options(verb: &Verb) -> &[Choice] {
    match verb {
        Verb::Menu { options, .. }
        | Verb::List { options, .. }
        | Verb::Ask { options, .. }
        | Verb::Show { options, .. } => options,
        Verb::Confirm { .. }
        | Verb::End { .. }
        | Verb::Call { .. }
        | Verb::Language { .. }
        | Verb::Route { .. }
        | Verb::Set { .. } => &[],
    }
}

/// Whether a screen of `menu` opens the menu at `id`.
fn opens(menu: &Menu, id: MenuId, set: &MenuSet) -> bool {
    menu.screens.iter().any(|screen| {
        let edges = edges(&screen.verb, &set.keys);
        let mut targets = edges.iter().map(|edge| edge.to);
        targets.any(|target| matches!(target, Target::Open { menu, .. } if *menu == id))
    })
}
