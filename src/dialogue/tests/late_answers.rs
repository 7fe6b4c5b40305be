use super::{
    super::{Effect, Greeting, Input, LateStep, Outcome, Step, Waiting, late},
    phone::{Phone, a_cover, call, scene, two_bills},
};
use crate::{
    menu::{OutcomeName, Value, page::PageSize},
    model::Language,
};

fn came_late(outcome: Outcome) -> (Phone, LateStep) {
    let mut phone = Phone::dial();
    phone.keys("1 070707081");
    let here = scene(PageSize::default(), "");
    let answer = late(&phone.set, phone.state.clone(), outcome, &here);
    (phone, answer)
}

fn sms(name: OutcomeName, value: Option<Value>) -> Option<String> {
    came_late(call(name, value)).1.sms
}

fn redial(waiting: Waiting, language: Option<Language>) -> Phone {
    let greeting = Greeting {
        language,
        waiting: Some(waiting),
    };
    Phone::dial_as(&greeting, PageSize::default(), "DEMO ")
}

fn answer() -> Outcome {
    let (_, answer) = came_late(call(OutcomeName::Active, Some(a_cover())));
    Outcome::Answer(Box::new(answer.state))
}

#[test]
fn the_sms_is_the_calls_own_with_the_values_that_came() {
    let active = sms(OutcomeName::Active, Some(a_cover()));
    assert_eq!(active.as_deref(), Some("Hai hadi 1 Mac 2027"));
    assert_eq!(
        sms(OutcomeName::Down, None).as_deref(),
        Some("Jaribu kesho")
    );
    assert_eq!(sms(OutcomeName::Nobody, None), None);
}

#[test]
fn the_sms_of_the_screen_comes_before_that_of_the_call() {
    let expired = sms(OutcomeName::Expired, Some(a_cover()));
    assert_eq!(
        expired.as_deref(),
        Some("Bima ya Mwana. J. iliisha 1 Mac 2027")
    );
}

#[test]
fn a_late_outcome_that_leads_to_another_call_stops_there_with_the_calls_own_sms() {
    let (phone, answer) = came_late(call(OutcomeName::Unpaid, Some(a_cover())));
    assert_eq!(answer.sms.as_deref(), Some("Lipa kwanza, Mwanaisha"));
    assert!(matches!(
        answer.state.asking(&phone.set),
        Some(Effect::Call { .. })
    ));
    let mut redialled = redial(Waiting::AtOnce, Some(Language::SWAHILI));
    redialled.outcome(Outcome::Answer(Box::new(answer.state)));
    assert!(matches!(redialled.asks(), Effect::Call { .. }));
    redialled.outcome(call(OutcomeName::Found, Some(two_bills())));
    assert_eq!(redialled.screen(), "pay.pick");
}

#[test]
fn a_linked_phone_opens_the_answer_at_once() {
    let mut phone = redial(Waiting::AtOnce, Some(Language::SWAHILI));
    assert_eq!(phone.asks(), &Effect::OpenAnswer(None));
    phone.outcome(answer());
    assert_eq!(
        phone.text(),
        "DEMO Mwana. J. hai hadi 1 Mac 2027\n0 Rudi 00 Mwanzo"
    );
    assert_eq!(phone.keys("00").screen(), "chf.main");
}

#[test]
fn another_phone_opens_it_with_the_last_four_digits() {
    let mut phone = redial(Waiting::WithLastFour, Some(Language::SWAHILI));
    let question = "Jibu lako lipo. Tarakimu 4 za mwisho:\n00 Mwanzo";
    assert_eq!(phone.text(), format!("DEMO {question}"));
    phone.keys("0000");
    assert_eq!(phone.asks(), &Effect::OpenAnswer(Some("0000".to_owned())));
    phone.outcome(Outcome::Wrong);
    assert_eq!(phone.text(), format!("Si sahihi.\n{question}"));
    phone.keys("7081").outcome(answer());
    assert_eq!(phone.screen(), "cover.active");
}

#[test]
fn three_wrong_tries_lead_to_an_ordinary_beginning() {
    let mut known = redial(Waiting::WithLastFour, Some(Language::ENGLISH));
    known.keys("0000").outcome(Outcome::Wrong);
    assert_eq!(known.keys("12").screen(), "late");
    known.keys("0001").outcome(Outcome::Wrong);
    assert_eq!(known.screen(), "chf.main");
    let mut unknown = redial(Waiting::WithLastFour, None);
    assert_eq!(unknown.keys("x x x").screen(), "chf.language");
}

#[test]
fn home_and_a_failure_leave_the_answer_closed() {
    let mut phone = redial(Waiting::WithLastFour, Some(Language::SWAHILI));
    assert_eq!(phone.keys("00").screen(), "chf.main");
    let mut phone = redial(Waiting::AtOnce, Some(Language::SWAHILI));
    assert_eq!(phone.outcome(Outcome::Failed).screen(), "chf.main");
    assert!(matches!(phone.step, Step::Show(_)));
}

#[test]
fn what_was_typed_and_what_is_read_stay_out_of_debug_prints() {
    let mut phone = redial(Waiting::WithLastFour, None);
    phone.typed("7081");
    let input = Input::Text("7081".to_owned());
    for printed in [format!("{input:?}"), format!("{:?}", phone.state)] {
        assert!(!printed.contains("7081"), "{printed}");
    }
    let (_, late) = came_late(call(OutcomeName::Active, Some(a_cover())));
    let told = late.sms.as_deref().unwrap();
    let printed = format!("{late:?}");
    assert!(!printed.contains(told), "{printed}");
    let page = format!("{:?}", Phone::dial().step);
    assert!(!page.contains("Msaada"), "{page}");
}
