//! A phone on a small set of three menus, for tests that read like a dialogue.

use chrono::{DateTime, NaiveDate};

use super::super::{Effect, Greeting, Input, Outcome, Scene, State, Step, open, step};
use crate::{
    menu::{
        AnswerType, MenuSet, Operation, OutcomeName, OutcomeTarget, Screen, Target, Type, Value,
        Verb,
        fixture::{
            ask, choice, end, gives, kind_gives, menu, menu_screen, path, screen, set, show, texts,
            variable,
        },
        page::PageSize,
    },
    model::{Amount, ControlNumber, Currency, Language, MemberNumber, NumberRule},
};

pub(super) fn small() -> PageSize {
    PageSize { gsm7: 60, ucs2: 30 }
}

pub(super) fn scene(page: PageSize, banner: &str) -> Scene<'_> {
    Scene {
        now: DateTime::UNIX_EPOCH,
        page,
        banner,
    }
}

/// The root, a menu that looks a cover up and one that lists bills.
pub(super) fn chf() -> MenuSet {
    let main = menu_screen(
        "main",
        "CHF",
        vec![
            choice("1", "Kadi | Cover", to(1)),
            choice("2", "Lipa | Pay", to(2)),
            choice("3", "Lugha | Language", Target::Screen(2)),
            choice("4", "Msaada | Help", Target::Screen(1)),
        ],
    );
    let help = show(
        "help",
        "Bima inalipia matibabu katika vituo vyote vya afya vya serikali wilayani kwako na \
         hospitali ya mkoa kwa rufaa",
    );
    let language = Verb::Language {
        text: texts("Lugha"),
        go: Target::Screen(0),
    };
    let mut root = menu("chf", Vec::new(), vec![main, help]);
    root.screens.push(screen("language", language));
    set(vec![root, cover(), pay()])
}

fn to(menu: u16) -> Target {
    let arguments = Vec::new();
    Target::Open {
        menu,
        arguments,
        into: Vec::new(),
        then: None,
    }
}

fn cover() -> crate::menu::Menu {
    let record = gives(Operation::SchemeCover);
    let variables = vec![variable("member", Type::Member), variable("cover", record)];
    let mut expired = show("expired", "Bima iliisha {1.4}");
    expired.sms = Some(texts("Bima ya {1.1:6} {1.2}. iliisha {1.4}"));
    let screens = vec![
        ask(
            "number",
            "Namba ya CHF",
            AnswerType::Member(NumberRule::Chf),
            1,
        ),
        look(),
        show(
            "active",
            "{1.1:6} {1.2}. hai hadi {1.4} | {1.1:6} {1.2}. active to {1.4}",
        ),
        expired,
        end("sorry", "Samahani"),
        end("later", "Utapata SMS"),
    ];
    menu("cover", variables, screens)
}

/// Leaves out `limited`, which no checked menu does.
fn look() -> Screen {
    let on = [
        (
            OutcomeName::Active,
            Target::Screen(2),
            Some("Hai hadi {1.4}"),
        ),
        (OutcomeName::Expired, Target::Screen(3), Some("Haitumiki")),
        (OutcomeName::Unpaid, to(2), Some("Lipa kwanza, {1.1}")),
        (OutcomeName::Suspended, Target::Screen(1), Some("Imesimama")),
        (OutcomeName::Nobody, Target::Back, None),
        (OutcomeName::Slow, Target::Screen(5), None),
        (OutcomeName::Down, Target::Screen(4), Some("Jaribu kesho")),
    ];
    let verb = Verb::Call {
        operation: Operation::SchemeCover,
        arguments: vec![path("0")],
        into: Some(1),
        on: on
            .map(|(name, target, sms)| OutcomeTarget {
                gives: kind_gives(Operation::SchemeCover, name),
                name,
                target,
                sms: sms.map(texts),
            })
            .into(),
    };
    screen("look", verb)
}

fn pay() -> crate::menu::Menu {
    let list = gives(Operation::PaymentBills);
    let bill = gives(Operation::PaymentFind);
    let pin = variable("pin", Type::Secret { longest: 4 });
    let variables = vec![pin, variable("bills", list), variable("bill", bill)];
    let mut number = end("number", "Namba {2.0}");
    number.sms = Some(texts("Namba {2.0}"));
    let pin = AnswerType::Digits {
        min: 4,
        max: 4,
        pattern: None,
        sensitive: true,
    };
    let screens = vec![
        bills(),
        pick(),
        ask("pin", "Namba ya siri", pin, 3),
        agree(),
        number,
    ];
    menu("pay", variables, screens)
}

fn bills() -> Screen {
    let on = [
        (OutcomeName::Found, Target::Screen(1)),
        (OutcomeName::Nothing, Target::Back),
        (OutcomeName::Down, Target::Home),
    ];
    let verb = Verb::Call {
        operation: Operation::PaymentBills,
        arguments: Vec::new(),
        into: Some(1),
        on: on
            .map(|(name, target)| OutcomeTarget {
                gives: kind_gives(Operation::PaymentBills, name),
                name,
                target,
                sms: None,
            })
            .into(),
    };
    screen("bills", verb)
}

fn pick() -> Screen {
    let verb = Verb::List {
        text: texts("Bili:"),
        items: 1,
        item: 2,
        row: texts("{2.0} {2.1}"),
        go: Target::Screen(2),
        options: Vec::new(),
    };
    screen("pick", verb)
}

fn agree() -> Screen {
    let verb = Verb::Confirm {
        text: texts("Lipa {2.1}?"),
        key: "7".to_owned(),
        yes: Target::Screen(4),
        no: Target::Screen(1),
    };
    screen("agree", verb)
}

pub(super) fn call(name: OutcomeName, value: Option<Value>) -> Outcome {
    Outcome::Call { name, value }
}

pub(super) fn a_cover() -> Value {
    let day = |year| Value::Date(NaiveDate::from_ymd_opt(year, 3, 1).unwrap());
    Value::Record(vec![
        Value::Member(MemberNumber::parse("070707081").unwrap()),
        Value::Text("Mwanaisha".to_owned()),
        Value::Text("J".to_owned()),
        day(2026),
        day(2027),
    ])
}

pub(super) fn two_bills() -> Value {
    let bill = |number, major| {
        Value::Record(vec![
            Value::Control(ControlNumber::parse(number).unwrap()),
            Value::Amount(Amount::from_major(major, Currency::TZS)),
        ])
    };
    Value::List(vec![
        bill("999990000017", 30_000),
        bill("999990000025", 150_000),
    ])
}

/// A phone in the middle of a dialogue.
pub(super) struct Phone {
    pub(super) set: MenuSet,
    pub(super) state: State,
    pub(super) step: Step,
    page: PageSize,
    banner: &'static str,
}

impl Phone {
    /// Dials in Swahili, with pages of the default size.
    pub(super) fn dial() -> Self {
        let greeting = Greeting {
            language: Some(Language::SWAHILI),
            waiting: None,
        };
        Self::dial_as(&greeting, PageSize::default(), "")
    }

    pub(super) fn dial_as(greeting: &Greeting, page: PageSize, banner: &'static str) -> Self {
        let set = chf();
        let (state, step) = open(&set, greeting, &scene(page, banner));
        Self {
            set,
            state,
            step,
            page,
            banner,
        }
    }

    fn take(&mut self, input: Input) -> &mut Self {
        let scene = scene(self.page, self.banner);
        (self.state, self.step) = step(&self.set, self.state.clone(), input, &scene);
        self
    }

    /// Types these keys one after the other.
    pub(super) fn keys(&mut self, keys: &str) -> &mut Self {
        for key in keys.split(' ') {
            self.take(Input::Text(key.to_owned()));
        }
        self
    }

    pub(super) fn typed(&mut self, text: &str) -> &mut Self {
        self.take(Input::Text(text.to_owned()))
    }

    pub(super) fn outcome(&mut self, outcome: Outcome) -> &mut Self {
        self.take(Input::Outcome(outcome))
    }

    /// What the phone shows.
    pub(super) fn text(&self) -> &str {
        match &self.step {
            Step::Show(page) | Step::End(page) => &page.text,
            Step::Ask(effect) => panic!("asks {effect:?} and shows nothing"),
        }
    }

    pub(super) fn screen(&self) -> &str {
        match &self.step {
            Step::Show(page) | Step::End(page) => &page.screen,
            Step::Ask(effect) => panic!("asks {effect:?} and shows nothing"),
        }
    }

    pub(super) fn asks(&self) -> &Effect {
        match &self.step {
            Step::Ask(effect) => effect,
            Step::Show(page) | Step::End(page) => panic!("asks nothing, shows {}", page.text),
        }
    }
}
