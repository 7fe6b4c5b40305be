//! Promises of direct dial and of resumed dialogues that hold for any set.

use proptest::{prelude::any, proptest, sample::Index};

use super::{
    super::{
        Dialled, Effect, Input, Outcome, Scene, State, Step, ahead::MOST, dial, open, state::Place,
        step,
    },
    any::{assert_sound, greeting, input},
    generate::{Event, Oddity, dialled, events, menu_set, size},
    phone::scene,
};
use crate::menu::{CARRY_ON, MOST_ASKS, MenuSet, OutcomeName, Verb};

/// Answers whatever is asked, until there is a page; how often was asked, and whether anything was
/// promised.
fn settled(
    set: &MenuSet,
    (mut state, mut next): (State, Step),
    event: &Event,
    scene: &Scene<'_>,
) -> (State, usize, bool) {
    let (mut asked, mut promised) = (0, false);
    while let Step::Ask(_) = &next {
        asked += 1;
        assert!(asked < 1000, "no page after {asked} asks");
        let answer = input(event, &next);
        promised |= matches!(
            answer,
            Input::Outcome(Outcome::Call {
                name: OutcomeName::Slow,
                ..
            })
        );
        (state, next) = step(set, state, answer, scene);
        assert_sound(set, &state, &next, scene);
    }
    (state, asked, promised)
}

/// The same keys, pressed one by one for as long as they are taken.
fn one_by_one(set: &MenuSet, keys: &[String], event: &Event, scene: &Scene<'_>) -> State {
    let begun = open(set, &greeting(set, true, None), scene);
    let (mut state, _, mut promised) = settled(set, begun, event, scene);
    for key in keys.iter().take(MOST) {
        if promised || !state.takes_ahead(set, key, scene) {
            break;
        }
        let pressed = step(set, state, Input::Text(key.clone()), scene);
        (state, _, promised) = settled(set, pressed, event, scene);
    }
    state
}

proptest! {
    #[test]
    fn whatever_is_dialled_on_any_set_a_page_comes_after_so_many_asks(
        set in menu_set(),
        keys in dialled(),
        page in size(),
        index in any::<Index>(),
        waiting in any::<Option<bool>>(),
    ) {
        let scene = scene(page, "DEMO ");
        let dialled = Dialled { keys: &keys, dropped: None };
        let begun = dial(&set, &greeting(&set, false, waiting), dialled, &scene);
        assert_sound(&set, &begun.0, &begun.1, &scene);
        let event = Event::Answered(index, Oddity::Widest);
        let (state, asked, _) = settled(&set, begun, &event, &scene);
        assert!(asked <= (MOST + 1) * usize::from(MOST_ASKS), "{asked} asks");
        assert_eq!(state.clone().without_ahead(), state);
    }

    #[test]
    fn a_dial_ends_where_its_keys_end_when_they_are_pressed_one_by_one(
        mut set in menu_set(),
        keys in dialled(),
        page in size(),
        index in any::<Index>(),
    ) {
        set.shortcuts.clear();
        // Without a banner, whose room decides where pages are cut.
        let scene = scene(page, "");
        let event = Event::Answered(index, Oddity::Widest);
        let dialled = Dialled { keys: &keys, dropped: None };
        let begun = dial(&set, &greeting(&set, true, None), dialled, &scene);
        let (dialled, _, _) = settled(&set, begun, &event, &scene);
        let pressed = one_by_one(&set, &keys, &event, &scene);
        assert_eq!(dialled.frames, pressed.frames);
        assert_eq!(dialled.place, pressed.place);
        assert_eq!(dialled.language(), pressed.language());
    }

    #[test]
    fn a_dialogue_that_was_dropped_anywhere_goes_on_soundly_or_begins_anew(
        set in menu_set(),
        events in events(),
        page in size(),
        option in 1_u8..4,
    ) {
        let scene = scene(page, "DEMO ");
        let known = greeting(&set, true, None);
        let (mut state, mut next) = open(&set, &known, &scene);
        for event in &events {
            (state, next) = step(&set, state, input(event, &next), &scene);
        }
        let dialled = Dialled { keys: &[], dropped: Some(&state) };
        let (redialled, shown) = dial(&set, &known, dialled, &scene);
        assert_sound(&set, &redialled, &shown, &scene);
        let offered = matches!(redialled.place, Place::Resume(_));
        let typed = Input::Text(option.to_string());
        let (went_on, shown) = step(&set, redialled, typed, &scene);
        assert_sound(&set, &went_on, &shown, &scene);
        let page = matches!(shown, Step::Show(_)) && matches!(went_on.place, Place::Screen(_));
        if offered && page && option == 1 {
            let verb = went_on.screen(&set).map(|screen| &screen.verb);
            let agrees = matches!(verb, Some(Verb::Confirm { key, .. }) if key == CARRY_ON);
            assert!(!agrees);
        }
        assert!(!matches!(&shown, Step::Ask(Effect::OpenAnswer(_))));
    }
}
