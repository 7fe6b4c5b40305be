//! Promises that hold for any set, any keys and any outcomes.

use std::sync::Arc;

use proptest::{prelude::any, proptest, sample::Index};

use super::{
    super::{
        Effect, Greeting, Input, Outcome, Scene, State, Step, Waiting, late, open, render,
        render::layout, state::Place, step, variables,
    },
    generate::{Event, Oddity, SECRET, events, menu_set, outcome, size},
    phone::scene,
};
use crate::{
    menu::{MOST_ASKS, MenuSet, Type, page::PageSize},
    model::gsm7::{self, Alphabet},
};

pub(super) fn assert_fits(text: &str, size: PageSize) {
    let cost = gsm7::cost(text);
    let limit = match cost.alphabet {
        Alphabet::Gsm7 => size.gsm7,
        Alphabet::Ucs2 => size.ucs2,
    };
    assert!(
        cost.units <= limit,
        "{} of {limit} {:?}: {text:?}",
        cost.units,
        cost.alphabet
    );
}

/// What holds after every step.
pub(super) fn assert_sound(set: &MenuSet, state: &State, next: &Step, scene: &Scene<'_>) {
    match next {
        Step::Ask(effect) => assert_eq!(state.asking(set).as_ref(), Some(effect)),
        Step::Show(page) | Step::End(page) => {
            assert_eq!(&render(set, state, scene), page);
            assert_eq!(page.last, matches!(next, Step::End(_)));
            let layout = layout(set, state, scene).unwrap();
            for page in layout.pages() {
                assert_fits(page, scene.page);
            }
            assert_fits(&page.text, scene.page);
        }
    }
    assert!(
        !matches!(state.place, Place::Passing(_)),
        "a step stopped on its way"
    );
    let bytes = postcard::to_allocvec(state).unwrap();
    assert_eq!(&postcard::from_bytes::<State>(&bytes).unwrap(), state);
    assert!(state.frames.len() <= set.menus.len());
    let secret = |(name, value): &(String, String)| !name.contains("typed") || value == "****";
    assert!(variables(set, state).iter().all(secret));
    if let Step::Ask(Effect::Call { late: true, .. }) = next {
        let kept = bytes.windows(4).any(|window| window == SECRET.as_bytes());
        assert!(!kept, "a secret is kept while a late answer is awaited");
    }
}

/// The same set, in which nothing is a secret; and that set with every variable live everywhere.
fn without_secrets_and_without_forgetting(mut set: MenuSet) -> (MenuSet, MenuSet) {
    for menu in &mut set.menus {
        for variable in &mut menu.variables {
            if let Type::Secret { longest } = variable.of {
                variable.of = Type::Text { longest };
            }
        }
    }
    let mut keeping = set.clone();
    for menu in &mut keeping.menus {
        let all: Arc<[u16]> = (0..).zip(&menu.variables).map(|(id, _)| id).collect();
        for screen in &mut menu.screens {
            screen.live = Arc::clone(&all);
        }
    }
    (set, keeping)
}

/// The input that an event is for a step.
pub(super) fn input(event: &Event, next: &Step) -> Input {
    match (event, next) {
        (Event::Typed(text), _) => Input::Text(text.clone()),
        (Event::Misfit(outcome), _) => Input::Outcome(outcome.clone()),
        (Event::Answered(index, oddity), Step::Ask(Effect::Call { operation, .. })) => {
            Input::Outcome(outcome(*operation, *index, *oddity))
        }
        (Event::Answered(..), Step::Ask(Effect::OpenAnswer(_))) => Input::Outcome(Outcome::Wrong),
        (Event::Answered(..), Step::Ask(_)) => Input::Outcome(Outcome::Done),
        (Event::Answered(index, _), Step::Show(_) | Step::End(_)) => {
            Input::Text((index.index(9) + 1).to_string())
        }
    }
}

/// Answers whatever is asked with `event`; a page comes after so many asks at most.
fn assert_page_comes(
    set: &MenuSet,
    (mut state, mut next): (State, Step),
    event: &Event,
    scene: &Scene<'_>,
) {
    let mut asked = 0;
    while matches!(next, Step::Ask(_)) {
        asked += 1;
        assert!(asked <= MOST_ASKS + 1, "no page after {asked} asks");
        (state, next) = step(set, state, input(event, &next), scene);
    }
}

pub(super) fn greeting(set: &MenuSet, known: bool, waiting: Option<bool>) -> Greeting {
    Greeting {
        language: known.then(|| set.languages.last().unwrap().language),
        waiting: waiting.map(|linked| {
            if linked {
                Waiting::AtOnce
            } else {
                Waiting::WithLastFour
            }
        }),
    }
}

proptest! {
    #[test]
    fn any_inputs_on_any_set_give_sound_states_and_pages_that_fit(
        set in menu_set(),
        events in events(),
        page in size(),
        index in any::<Index>(),
        known in any::<bool>(),
        waiting in any::<Option<bool>>(),
    ) {
        let scene = scene(page, "DEMO ");
        let (mut state, mut next) = open(&set, &greeting(&set, known, waiting), &scene);
        assert_sound(&set, &state, &next, &scene);
        for event in &events {
            let input = input(event, &next);
            let twice = step(&set, state.clone(), input.clone(), &scene);
            (state, next) = step(&set, state, input, &scene);
            assert_eq!((&twice.0, &twice.1), (&state, &next));
            assert_sound(&set, &state, &next, &scene);
        }
        let answered = Event::Answered(index, Oddity::Widest);
        assert_page_comes(&set, (state, next), &answered, &scene);
    }

    #[test]
    fn a_dialogue_that_forgets_shows_what_one_that_keeps_everything_shows(
        set in menu_set(),
        events in events(),
        known in any::<bool>(),
    ) {
        let (forgetting, keeping) = without_secrets_and_without_forgetting(set);
        let scene = scene(PageSize::default(), "DEMO ");
        let greeting = greeting(&keeping, known, None);
        let (mut lean, mut next) = open(&forgetting, &greeting, &scene);
        let (mut full, mut wanted) = open(&keeping, &greeting, &scene);
        for event in &events {
            assert_eq!(next, wanted);
            let input = input(event, &next);
            (lean, next) = step(&forgetting, lean, input.clone(), &scene);
            (full, wanted) = step(&keeping, full, input, &scene);
        }
        assert_eq!(next, wanted);
        let size = |state: &State| postcard::to_allocvec(state).unwrap().len();
        assert!(size(&lean) <= size(&full));
    }

    #[test]
    fn a_late_outcome_leaves_a_state_that_a_redial_opens(
        set in menu_set(),
        events in events(),
        index in any::<Index>(),
        page in size(),
    ) {
        let scene = scene(page, "");
        let (mut state, mut next) = open(&set, &greeting(&set, true, None), &scene);
        for event in &events {
            if let Step::Ask(Effect::Call { operation, .. }) = &next {
                let came = outcome(*operation, index, Oddity::Foreign);
                let answer = late(&set, state.clone(), came, &scene);
                assert!(!matches!(answer.state.asking(&set), Some(Effect::SendSms(_))));
                let (redialled, _) = open(&set, &greeting(&set, true, Some(true)), &scene);
                let answer = Outcome::Answer(Box::new(answer.state));
                let (redialled, shown) = step(&set, redialled, Input::Outcome(answer), &scene);
                assert_sound(&set, &redialled, &shown, &scene);
            }
            (state, next) = step(&set, state, input(event, &next), &scene);
        }
    }

    #[test]
    fn a_state_on_another_set_is_never_a_panic(
        first in menu_set(),
        second in menu_set(),
        events in events(),
        page in size(),
    ) {
        let scene = scene(page, "");
        let (mut state, mut next) = open(&first, &Greeting::default(), &scene);
        for event in &events {
            let (_, there) = step(&second, state.clone(), input(event, &next), &scene);
            if let Step::Show(page) | Step::End(page) = there {
                assert_fits(&page.text, scene.page);
            }
            variables(&second, &state);
            (state, next) = step(&first, state, input(event, &next), &scene);
        }
    }

    #[test]
    fn any_bytes_that_read_as_a_state_are_never_a_panic(
        set in menu_set(),
        bytes in proptest::collection::vec(0_u8..6, 0..24),
        typed in "[0-9]{1,2}",
    ) {
        let mut read = vec![2, b's', b'w'];
        read.extend(bytes);
        if let Ok((state, _)) = postcard::take_from_bytes::<State>(&read) {
            let scene = scene(PageSize::default(), "");
            step(&set, state.clone(), Input::Text(typed), &scene);
            let (state, _) = step(&set, state, Input::Outcome(Outcome::Done), &scene);
            render(&set, &state, &scene);
        }
    }
}
