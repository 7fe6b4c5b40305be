use super::{
    super::{Effect, Greeting, Input, Outcome, State, Step, open, render, step},
    phone::{Phone, a_cover, call, chf, scene},
};
use crate::{
    menu::{
        MOST_ASKS, Operation, OutcomeName, OutcomeTarget, Target, Value, Verb,
        fixture::{end, menu, screen, set},
        page::PageSize,
    },
    model::MemberNumber,
};

fn looked_up() -> Phone {
    let mut phone = Phone::dial();
    phone.keys("1 070707081");
    phone
}

#[test]
fn a_call_is_asked_with_its_values_and_leads_by_its_outcome() {
    let mut phone = looked_up();
    let member = MemberNumber::parse("070707081").unwrap();
    let asked = Effect::Call {
        operation: Operation::SchemeCover,
        late: true,
        arguments: vec![Value::Member(member)],
    };
    assert_eq!(phone.asks(), &asked);
    phone.outcome(call(OutcomeName::Active, Some(a_cover())));
    assert_eq!(
        phone.text(),
        "Mwana. J. hai hadi 1 Mac 2027\n0 Rudi 00 Mwanzo"
    );
}

#[test]
fn a_state_that_asks_asks_the_same_again_and_no_key_changes_it() {
    let mut phone = looked_up();
    let (asked, state) = (phone.asks().clone(), phone.state.clone());
    assert_eq!(phone.state.asking(&phone.set).as_ref(), Some(&asked));
    phone.keys("1 0 00");
    assert_eq!((phone.asks(), &phone.state), (&asked, &state));
    let busy = render(&phone.set, &phone.state, &scene(PageSize::default(), ""));
    assert_eq!((busy.screen.as_str(), busy.last), ("busy", true));
}

#[test]
fn back_from_a_call_is_the_screen_that_led_to_it() {
    let mut phone = looked_up();
    phone.outcome(call(OutcomeName::Nobody, None));
    assert_eq!(phone.text(), "Namba ya CHF");
}

#[test]
fn back_from_a_menu_that_begins_with_a_call_closes_the_menu() {
    let mut phone = Phone::dial();
    phone.keys("2").outcome(call(OutcomeName::Nothing, None));
    assert_eq!(phone.screen(), "chf.main");
    assert_eq!(phone.state.frames.len(), 1);
}

#[test]
fn back_from_a_call_before_the_first_screen_is_the_start() {
    let on = Operation::CallerMember.signature().unwrap().outcomes.iter();
    let back = on.map(|kind| OutcomeTarget {
        name: kind.name,
        gives: kind.gives,
        target: Target::Back,
        sms: None,
    });
    let first = Verb::Call {
        operation: Operation::CallerMember,
        arguments: Vec::new(),
        into: None,
        on: back.collect(),
    };
    let screens = vec![end("main", "Habari"), screen("first", first)];
    let set = set(vec![menu("chf", Vec::new(), screens)]);
    let greeting = Greeting {
        language: None,
        waiting: None,
    };
    let scene = scene(PageSize::default(), "");
    let (state, _) = open(&set, &greeting, &scene);
    let down = Input::Outcome(call(OutcomeName::Down, None));
    let (_, next) = step(&set, state, down, &scene);
    assert!(matches!(next, Step::End(page) if page.screen == "chf.main"));
}

#[test]
fn an_outcome_without_a_way_on_ends_with_a_sentence() {
    for outcome in [
        call(OutcomeName::Limited, None),
        Outcome::Failed,
        Outcome::Done,
        Outcome::Wrong,
    ] {
        let mut phone = looked_up();
        phone.outcome(outcome);
        assert!(matches!(phone.step, Step::End(_)));
        assert_eq!(
            (phone.text(), phone.screen()),
            ("Jaribu baadaye.", "unavailable")
        );
    }
}

#[test]
fn a_screens_sms_is_asked_before_it_is_shown_and_not_again_on_the_way_back() {
    let mut phone = looked_up();
    phone.outcome(call(OutcomeName::Expired, Some(a_cover())));
    let sms = "Bima ya Mwana. J. iliisha 1 Mac 2027";
    assert_eq!(phone.asks(), &Effect::SendSms(sms.to_owned()));
    phone.outcome(Outcome::Done);
    assert_eq!(phone.text(), "Bima iliisha 1 Mac 2027\n0 Rudi 00 Mwanzo");
    assert_eq!(phone.keys("0").screen(), "cover.number");
}

#[test]
fn asks_without_a_key_are_bounded() {
    let mut phone = looked_up();
    let mut asked = 1;
    while matches!(phone.step, Step::Ask(_)) {
        phone.outcome(call(OutcomeName::Suspended, Some(a_cover())));
        asked += 1;
    }
    assert_eq!(asked, MOST_ASKS + 1);
    assert_eq!(phone.text(), "Jaribu baadaye.");
}

#[test]
fn an_outcome_that_nobody_waits_for_changes_nothing() {
    let mut phone = Phone::dial();
    let before = (phone.state.clone(), phone.step.clone());
    phone.outcome(call(OutcomeName::Active, Some(a_cover())));
    assert_eq!((phone.state, phone.step), before);
}

#[test]
fn a_state_of_another_set_ends_with_a_sentence() {
    let other = set(vec![menu("other", Vec::new(), vec![end("bye", "Kwaheri")])]);
    let mut deep = Phone::dial();
    let here = scene(PageSize::default(), "");
    for keys in ["2", "1", "1 070707081", "3", "4"] {
        deep.step = Phone::dial().step;
        deep.state = Phone::dial().state;
        deep.keys(keys);
        for input in [
            Input::Text("1".to_owned()),
            Input::Outcome(Outcome::Done),
            Input::Outcome(call(OutcomeName::Down, None)),
        ] {
            let (state, next) = step(&other, deep.state.clone(), input, &here);
            assert!(matches!(next, Step::End(_)), "{keys}: {next:?}");
            assert!(render(&other, &state, &here).last);
        }
    }
}

#[test]
fn a_state_is_small_and_round_trips() {
    let mut phone = looked_up();
    phone.outcome(call(OutcomeName::Active, Some(a_cover())));
    let bytes = postcard::to_allocvec(&phone.state).unwrap();
    assert!(bytes.len() < 80, "{} bytes", bytes.len());
    let back: State = postcard::from_bytes(&bytes).unwrap();
    assert_eq!(back, phone.state);
    assert_eq!(chf().menus.len(), 3);
}
