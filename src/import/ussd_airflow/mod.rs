//! Journeys of ussd_airflow: YAML, a map of screens by name.
//!
//! 1. `journey` reads the screens with what they inherit; `values` finds out what each value is, by a
//!    `scan` of all that sets and uses it (`kinds`).
//! 2. [`translate`] goes over the screens once: `menu` and `rows`, `input`, `router`, `update`, `http`
//!    with `request` and `outcomes` make each into screens of ours (`draft`); `texts`, `conditions` and
//!    `answer` read what stands in them.
//! 3. `flow` follows the ways, keeps what nobody reaches as comments and sets what not every way sets.
//! 4. `write` makes the files.
//!
//! One journey becomes one menu, the root: its values are shared by all its screens, and a variable of
//! ours belongs to a menu.
//!
//! Left out: the file of variables, and whatever code the journey names.

mod answer;
mod conditions;
mod draft;
mod expression;
mod fields;
mod flow;
mod http;
mod input;
mod journey;
mod keys;
mod kinds;
mod menu;
mod names;
mod outcomes;
mod pattern;
mod phrases;
mod request;
mod router;
mod rows;
mod scan;
mod start;
mod template;
mod texts;
mod update;
mod values;
mod write;

use std::collections::{BTreeMap, BTreeSet};

use super::{Count, Found, Imported, Problem, SetName};
use crate::{
    menu::Keys,
    model::{
        ServiceCode,
        source::{
            Source, Span,
            yaml::{self, Node},
        },
    },
};
use draft::{Call, Screen, Verb};
use fields::Fields;
use journey::{Journey, Theirs};
use names::Names;
use phrases::Phrases;
use texts::{Rows, Scope};
use values::Values;

/// What is made of a journey.
#[derive(Clone, Debug)]
pub struct Wanted {
    /// The set's name.
    pub set: SetName,
    /// What is dialled; a placeholder stands there where it is not known.
    pub service: Option<ServiceCode>,
}

/// Makes a set of a journey: its files, and what could not be carried over. It never fails; of a file
/// that is no journey there are no files.
pub fn translate(source: &Source, wanted: &Wanted) -> Imported {
    let mut found = Vec::new();
    let mut imported = match yaml::read(&source.text, 0) {
        Ok(root) => match Journey::of(&root, &mut found) {
            Some(journey) => Translation::new(source, journey, found).whole(wanted),
            None => nothing(Problem::NotAJourney, first_line(&source.text)),
        },
        Err(error) => nothing(Problem::NotYaml(error.message), error.span),
    };
    wanted.set.as_str().clone_into(&mut imported.set);
    sort(&mut imported.found);
    imported
}

fn nothing(problem: Problem, at: Span) -> Imported {
    Imported {
        found: vec![Found { problem, at }],
        ..Imported::default()
    }
}

fn first_line(text: &str) -> Span {
    Span {
        source: 0,
        start: 0,
        end: text.find('\n').unwrap_or(text.len()),
    }
}

/// By place; what was met twice, such as what two screens inherit, is told once.
pub(super) fn sort(found: &mut Vec<Found>) {
    found.sort_by_key(|found| (found.at, found.problem.code()));
    found.dedup();
}

/// A journey on its way to a set.
struct Translation<'n> {
    source: &'n Source,
    journey: Journey<'n>,
    found: Vec<Found>,
    /// Tags, the first the set's own.
    languages: Vec<String>,
    /// Of screens.
    names: Names,
    values: Values,
    keys: Keys,
    screens: Vec<Screen>,
    calls: Vec<Call>,
    call_names: Names,
    /// The values that the screen in hand uses.
    uses: Vec<(String, Span)>,
    /// Routers of which no branch is left, and where they lead.
    redirects: BTreeMap<String, String>,
    /// Screens of theirs for which a placeholder stands.
    lost: BTreeSet<String>,
    /// Ends that several screens share, by what they are for.
    shared: BTreeMap<String, String>,
    start: String,
    /// The position of the screen in hand.
    order: usize,
}

impl<'n> Translation<'n> {
    fn new(source: &'n Source, journey: Journey<'n>, mut found: Vec<Found>) -> Self {
        let values = Values::of(&journey, &mut found);
        let mut translation = Self {
            source,
            languages: texts::languages(&journey, &mut found),
            found,
            names: Names::default(),
            values,
            keys: Keys::default(),
            journey,
            screens: Vec::new(),
            calls: Vec::new(),
            call_names: Names::default(),
            uses: Vec::new(),
            redirects: BTreeMap::new(),
            lost: BTreeSet::new(),
            shared: BTreeMap::new(),
            start: String::new(),
            order: 0,
        };
        translation.name_screens();
        translation
    }

    fn name_screens(&mut self) {
        for screen in &self.journey.screens {
            let (ours, clash) = self.names.add(screen.name);
            if clash {
                let problem = Problem::NamesClash(screen.name.to_owned(), ours);
                self.found.push(Found {
                    problem,
                    at: screen.at,
                });
            }
        }
    }

    fn whole(mut self, wanted: &Wanted) -> Imported {
        let begin = self.begin();
        self.keys = keys::choose(&self.journey, &self.start, &self.names);
        for (order, screen) in self.journey.screens.clone().into_iter().enumerate() {
            self.order = order;
            self.screen(&screen, wanted);
        }
        self.screens
            .sort_by_key(|screen| (screen.order, screen.added));
        self.follow_redirects();
        self.say_start(begin);
        let kept = self.settle();
        let count = Count {
            screens: self.journey.screens.len(),
            carried: self.journey.screens.len() - self.lost.len(),
            kept_as_comments: kept.len(),
            added: self.screens.iter().filter(|screen| screen.added).count(),
            languages: self.languages.clone(),
        };
        Imported {
            set: String::new(),
            files: self.files(wanted, &kept),
            places: self.places(),
            found: self.found,
            count,
        }
    }

    /// Where each screen and call of ours comes from.
    fn places(&self) -> Vec<(String, Span)> {
        let screens = self
            .screens
            .iter()
            .map(|screen| (screen.name.clone(), screen.at));
        let calls = self.calls.iter().map(|call| (call.name.clone(), call.at));
        screens.chain(calls).collect()
    }

    fn screen(&mut self, theirs: &Theirs<'n>, wanted: &Wanted) {
        let name = self.ours(theirs.name);
        let mut fields = theirs.fields.clone();
        let of = fields.take("type");
        match of.and_then(Node::text) {
            Some("menu_screen") => self.menu_screen(&name, theirs.at, &mut fields),
            Some("input_screen") => self.input_screen(&name, theirs, &mut fields),
            Some("quit_screen") => self.quit_screen(&name, theirs.at, &mut fields),
            Some("router_screen") if self.is_absorbed(theirs) => return,
            Some("router_screen") => self.router_screen(&name, theirs.at, &mut fields),
            Some("update_session_screen") => self.update_screen(&name, theirs.at, &mut fields),
            Some("http_screen") => self.http_screen(&name, theirs, &mut fields, wanted),
            Some("function_screen") => return self.code(&name, theirs, "function"),
            Some("custom_screen") => return self.code(&name, theirs, "screen_obj"),
            Some(other) => {
                let at = of.map_or(theirs.at, |node| node.span);
                let problem = Problem::UnknownType(other.to_owned());
                return self.lost(&name, theirs.at, (problem, at));
            }
            None => {
                let problem = Problem::MissingKey("type");
                return self.lost(&name, theirs.at, (problem, theirs.at));
            }
        }
        self.finish(&fields);
    }

    /// A screen that runs code of the service's own.
    fn code(&mut self, name: &str, theirs: &Theirs<'n>, key: &str) {
        let node = theirs.fields.peek(key);
        let at = node.map_or(theirs.at, |node| node.span);
        let what = node.and_then(Node::text).unwrap_or(theirs.name).to_owned();
        self.lost(name, theirs.at, (Problem::OwnCode(what), at));
    }

    /// Reports a screen that cannot be carried over, and puts an end in its place.
    fn lost(&mut self, name: &str, at: Span, (problem, place): (Problem, Span)) {
        let comment = format!("Not carried over: {}.", problem.message());
        self.report(place, problem);
        self.lost.insert(name.to_owned());
        self.uses.clear();
        let text = self.phrase(|phrases| phrases.not_ready);
        self.push(name, at, Verb::End { text }, false);
        if let Some(screen) = self.screens.last_mut() {
            screen.comments.push(comment);
        }
    }

    fn quit_screen(&mut self, name: &str, at: Span, fields: &mut Fields<'n>) {
        let text = self.text_of(fields, "text", &Scope::default(), |phrases| {
            phrases.wrong_number
        });
        self.push(name, at, Verb::End { text }, false);
    }

    fn report(&mut self, at: Span, problem: Problem) {
        self.found.push(Found { problem, at });
    }

    fn finish(&mut self, fields: &Fields<'_>) {
        fields.finish(&mut self.found);
    }

    /// Adds a screen, with the values that its parts were found to use.
    fn push(&mut self, name: &str, at: Span, verb: Verb, added: bool) {
        self.screens.push(Screen {
            name: name.to_owned(),
            at,
            comments: Vec::new(),
            verb,
            uses: std::mem::take(&mut self.uses),
            added,
            order: self.order,
        });
    }

    /// Our name of a screen of theirs.
    fn ours(&self, theirs: &str) -> String {
        self.names.get(theirs).unwrap_or_default().to_owned()
    }

    /// Where a screen of theirs leads to; to an end where it is not there.
    fn target(&mut self, node: &Node) -> String {
        let Some(theirs) = node.text() else {
            self.shape(node, "a screen's name");
            return self.nowhere(node.span);
        };
        if self.journey.screen(theirs).is_some() {
            return self.ours(theirs);
        }
        let problem = Problem::MissingScreen(theirs.to_owned());
        self.report(node.span, problem);
        let comment = format!("The journey leads to `{theirs}`, and has no such screen.");
        self.shared_end(theirs, node.span, theirs, &comment, |phrases| {
            phrases.not_ready
        })
    }

    /// The end where nothing says where to go.
    fn nowhere(&mut self, at: Span) -> String {
        let comment = "The journey does not say what comes here.";
        self.shared_end("", at, "nowhere", comment, |phrases| phrases.not_ready)
    }

    /// The end for failed requests.
    fn no_answer(&mut self, at: Span) -> String {
        let comment = "Where a request fails. The journey does not say what comes then.";
        self.shared_end(" failed", at, "no_answer", comment, |phrases| {
            phrases.no_answer
        })
    }

    /// An end that several screens lead to, made when the first one does.
    fn shared_end(
        &mut self,
        what: &str,
        at: Span,
        wish: &str,
        comment: &str,
        phrase: impl Fn(&Phrases) -> &'static str,
    ) -> String {
        if let Some(known) = self.shared.get(what) {
            return known.clone();
        }
        let name = self.names.fresh(&names::plain(wish));
        self.shared.insert(what.to_owned(), name.clone());
        let text = self.phrase(phrase);
        let uses = std::mem::take(&mut self.uses);
        self.push(&name, at, Verb::End { text }, true);
        self.uses = uses;
        if let Some(screen) = self.screens.last_mut() {
            screen.comments.push(comment.to_owned());
            // Behind all others.
            screen.order = usize::MAX;
        }
        name
    }
}
