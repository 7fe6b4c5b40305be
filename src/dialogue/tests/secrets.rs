//! How long a dialogue keeps a secret.

use super::{
    super::{Greeting, Input, State, Step, open, step, variables},
    phone::scene,
};
use crate::{
    menu::{
        AnswerType, MenuSet, Operation, OutcomeName, OutcomeTarget, Screen, Target, Type, Verb,
        fixture::{choice, end, menu, menu_screen, path, screen, set, texts, variable},
        page::PageSize,
    },
    model::Language,
};

/// Asks for a PIN, reads back, has it verified, and goes on without it.
fn bank() -> MenuSet {
    let pin = Verb::Ask {
        text: texts("Namba ya siri"),
        answer: AnswerType::Digits {
            min: 4,
            max: 6,
            pattern: None,
            sensitive: true,
        },
        into: 0,
        wrong: texts("Tena."),
        tries: 2,
        exhausted: Target::Home,
        go: Target::Screen(2),
        options: Vec::new(),
    };
    let agree = Verb::Confirm {
        text: texts("Sahihi?"),
        key: "9".to_owned(),
        yes: Target::Screen(3),
        no: Target::Back,
    };
    let to = |screen| Target::Screen(screen);
    let screens = vec![
        menu_screen("main", "Benki", vec![choice("1", "Salio", to(1))]),
        screen("pin", pin),
        screen("agree", agree),
        verify(),
        menu_screen("inside", "Karibu", vec![choice("1", "Toka", to(5))]),
        end("bye", "Kwaheri"),
        menu_screen("language", "Lugha", vec![choice("1", "Benki", to(0))]),
    ];
    let secret = variable("pin", Type::Secret { longest: 6 });
    set(vec![menu("bank", vec![secret], screens)])
}

/// A call that takes a secret and cannot be late.
fn verify() -> Screen {
    let ways = [
        (OutcomeName::Settled, Target::Screen(4)),
        (OutcomeName::Nothing, Target::Screen(1)),
        (OutcomeName::Down, Target::Back),
    ];
    let verb = Verb::Call {
        operation: Operation::PaymentLast,
        arguments: vec![path("0")],
        into: None,
        on: ways
            .map(|(name, target)| OutcomeTarget {
                name,
                gives: false,
                target,
                sms: None,
            })
            .into(),
    };
    screen("verify", verb)
}

struct Caller {
    set: MenuSet,
    state: State,
    step: Step,
}

impl Caller {
    fn at_the_confirm_screen() -> Self {
        let set = bank();
        let greeting = Greeting {
            language: Some(Language::SWAHILI),
            waiting: None,
        };
        let (state, step) = open(&set, &greeting, &scene(PageSize::default(), ""));
        let mut caller = Self { set, state, step };
        caller.press("1").press("4711");
        caller
    }

    fn take(&mut self, input: Input) -> &mut Self {
        let scene = scene(PageSize::default(), "");
        (self.state, self.step) = step(&self.set, self.state.clone(), input, &scene);
        self
    }

    fn press(&mut self, key: &str) -> &mut Self {
        self.take(Input::Text(key.to_owned()))
    }

    fn verified(&mut self, name: OutcomeName) -> &mut Self {
        self.take(Input::Outcome(super::phone::call(name, None)))
    }

    fn knows_it(&self) -> bool {
        !variables(&self.set, &self.state).is_empty()
    }

    fn screen(&self) -> &str {
        match &self.step {
            Step::Show(page) | Step::End(page) => &page.screen,
            Step::Ask(_) => "asking",
        }
    }
}

#[test]
fn a_secret_is_kept_until_it_is_used_and_no_longer() {
    let mut caller = Caller::at_the_confirm_screen();
    assert!(caller.knows_it());
    assert_eq!(caller.press("9").screen(), "asking");
    assert!(caller.knows_it());
    caller.verified(OutcomeName::Settled);
    assert_eq!(caller.screen(), "bank.inside");
    assert!(!caller.knows_it());
}

#[test]
fn the_way_back_from_where_a_secret_is_forgotten_passes_over_what_reads_it() {
    let mut caller = Caller::at_the_confirm_screen();
    caller.press("9").verified(OutcomeName::Settled);
    assert_eq!(caller.press("0").screen(), "bank.pin");
    assert!(!caller.knows_it());
    assert_eq!(caller.press("1234").screen(), "bank.agree");
    assert!(caller.knows_it());
}

#[test]
fn a_wrong_secret_is_forgotten_and_one_that_could_not_be_tried_is_not() {
    let mut caller = Caller::at_the_confirm_screen();
    caller.press("9").verified(OutcomeName::Nothing);
    assert_eq!(caller.screen(), "bank.pin");
    assert!(!caller.knows_it());
    let mut caller = Caller::at_the_confirm_screen();
    caller.press("9").verified(OutcomeName::Down);
    assert_eq!(caller.screen(), "bank.agree");
    assert!(caller.knows_it());
}
