//! Returns, direct dial, shortcuts and dialogues that are resumed, on a set that is checked.

use super::{
    super::{
        Dialled, Effect, Greeting, Input, Outcome, State, Step, Waiting, dial, late, step, within,
    },
    phone::{a_cover, call, scene},
};
use crate::{
    menu::{CheckOptions, Found, MOST_ASKS, MenuSet, OutcomeName, compile, page::PageSize},
    model::{Language, source::Source},
};

const ROOT: &str = r#"menu: chf
service: "*152*00#"
languages: {sw: Kiswahili}
keys: {back: "0", home: "00", more: "98"}
words: {yes: Ndiyo, no: Hapana, back: Rudi, home: Mwanzo, more: Endelea, choose_again: Chagua tena., busy: Subiri., unavailable: Hakuna., wrong_number: Haipo., resume: Uendelee?, carry_on: Endelea, start_again: Anza upya}
late: {ask: Weka tarakimu 4, wrong: Si sahihi.}
messages: {payment_received: "{amount}", cover_active: "{from}"}
first_dial: language
start: main
screens:
  language: {language: Lugha, go: home}
  main:
    menu: CHF
    options:
      "1": {text: Kadi, open: cover}
      "2": {text: Tafuta, open: finder, as: [who], then: found}
      "3": {text: Tafuta tu, open: finder}
      "4": {text: Siri, open: secret}
  found: {show: "Namba {who}"}
"#;

const FINDER: &str = "menu: finder
gives: {member: member_number}
start: ask
screens:
  ask: {ask: Namba?, type: member_number, as: number, wrong: Si sahihi., go: {return: {member: number}}, options: {\"1\": {text: Lugha, go: back}}}
";

const COVER: &str = r#"menu: cover
shortcuts: {"7": number, "8": closed}
resume: {within: 10m, keep: [member], ask_again: [code], forget: [cover]}
start: number
screens:
  number: {ask: Namba ya CHF, type: member_number, as: member, wrong: Si sahihi., go: look}
  look:
    call: scheme.cover
    with: [member]
    as: cover
    on: {active: active, expired: told, unpaid: told, suspended: told, nobody: told, limited: sorry, slow: later, down: number}
    sms: {active: Hai, down: Kesho, expired: Si hai, unpaid: Si hai, suspended: Si hai, nobody: Haipo, limited: Kesho}
  active:
    show: "Hai hadi {cover.to}"
    options: {"1": {text: Zaidi, go: told}, "2": {text: Lipa, go: agree}, "3": {text: Msimbo, go: code}}
  told: {show: "Namba {member}", options: {"5": {text: Tena, go: closed}}}
  closed: {menu: Funga, direct: no, options: {"1": {text: Sawa, go: bye}}}
  agree: {confirm: "Lipa {cover.to}?", key: "9", yes: bye, no: back}
  code: {ask: "Msimbo?", type: {digits: {length: 4}}, as: code, wrong: Si sahihi., go: coded}
  coded: {show: "Asante {code} {member}"}
  later: {show: Subiri SMS, options: {"1": {text: Tena, go: told}}}
  sorry: {end: Samahani}
  bye: {end: Kwaheri}
"#;

const SECRET: &str = r#"menu: secret
start: pin
screens:
  pin: {ask: Siri?, type: {digits: {length: 4, sensitive: true}}, as: pin, wrong: Si sahihi., go: done, options: {"1": {text: Sijui, go: done}}}
  done: {end: Asante}
"#;

fn set() -> MenuSet {
    let file = |name: &str, text: &str| Source {
        name: format!("chf/{name}.yaml"),
        text: text.to_owned(),
    };
    let sources = [
        file("chf", ROOT),
        file("finder", FINDER),
        file("cover", COVER),
        file("secret", SECRET),
    ];
    let compiled = compile(&sources, CheckOptions::default());
    let problems = compiled.problems.iter().map(Found::report);
    let printed: Vec<String> = problems.map(|report| report.print(&sources)).collect();
    compiled
        .set
        .unwrap_or_else(|| panic!("{}", printed.join("\n")))
}

/// A phone that dials into [`set`]; its effects end as it is told.
struct Dialler {
    set: MenuSet,
    state: State,
    step: Step,
}

fn known() -> Greeting {
    Greeting {
        language: Some(Language::SWAHILI),
        waiting: None,
    }
}

impl Dialler {
    fn dials(keys: &str) -> Self {
        Self::greeted(&known(), keys, None)
    }

    fn greeted(greeting: &Greeting, keys: &str, dropped: Option<&State>) -> Self {
        let set = set();
        let keys: Vec<String> = keys.split_whitespace().map(str::to_owned).collect();
        let dialled = Dialled {
            keys: &keys,
            dropped,
        };
        let scene = scene(PageSize::default(), "DEMO ");
        let (state, step) = dial(&set, greeting, dialled, &scene);
        Self { set, state, step }
    }

    fn redials(&self) -> Self {
        Self::greeted(&known(), "", Some(&self.state))
    }

    fn take(&mut self, input: Input) -> &mut Self {
        let scene = scene(PageSize::default(), "DEMO ");
        (self.state, self.step) = step(&self.set, self.state.clone(), input, &scene);
        self
    }

    fn keys(&mut self, keys: &str) -> &mut Self {
        for key in keys.split(' ') {
            self.take(Input::Text(key.to_owned()));
        }
        self
    }

    fn active(&mut self) -> &mut Self {
        self.take(Input::Outcome(call(OutcomeName::Active, Some(a_cover()))))
    }

    fn text(&self) -> &str {
        match &self.step {
            Step::Show(page) | Step::End(page) => &page.text,
            Step::Ask(effect) => panic!("asks {effect:?}"),
        }
    }

    fn screen(&self) -> &str {
        match &self.step {
            Step::Show(page) | Step::End(page) => &page.screen,
            Step::Ask(effect) => panic!("asks {effect:?}"),
        }
    }
}

#[test]
fn a_return_sets_what_it_gives_and_goes_on_where_the_opener_says() {
    let mut phone = Dialler::dials("");
    assert_eq!(phone.keys("2 070707081").screen(), "chf.found");
    assert!(phone.text().starts_with("Namba 070707081"));
    assert_eq!(phone.keys("0").screen(), "chf.main");
}

#[test]
fn a_return_that_goes_on_nowhere_shows_the_screen_that_opened() {
    let mut phone = Dialler::dials("");
    assert_eq!(phone.keys("3 070707081").screen(), "chf.main");
    assert!(!phone.text().contains("Rudi"), "{}", phone.text());
}

#[test]
fn what_is_dialled_behind_the_code_is_pressed_effects_in_between_included() {
    let mut phone = Dialler::dials("1 070707081 1");
    assert!(matches!(&phone.step, Step::Ask(Effect::Call { .. })));
    phone.active();
    assert_eq!(phone.screen(), "cover.told");
    assert!(phone.text().starts_with("DEMO Namba 070707081"));
    assert_eq!(phone.keys("0").screen(), "cover.active");
    assert!(!phone.text().contains("DEMO"));
}

#[test]
fn the_rest_is_dropped_at_the_first_screen_that_does_not_take_it() {
    for (keys, screen) in [
        ("6 1", "chf.main"),
        ("98", "chf.main"),
        ("1 070707082 1", "cover.number"),
        ("4 1", "secret.pin"),
        ("4 1234", "secret.pin"),
        ("8 1", "cover.closed"),
        ("2 070707081 0", "chf.main"),
    ] {
        let phone = Dialler::dials(keys);
        assert_eq!(phone.screen(), screen, "{keys}");
        assert!(phone.text().starts_with("DEMO "), "{keys}");
        assert!(!phone.text().contains("Chagua tena"), "{keys}");
        assert!(!phone.text().contains("Si sahihi"), "{keys}");
    }
}

#[test]
fn nothing_is_confirmed_by_a_dial() {
    let mut phone = Dialler::dials("1 070707081 2 9");
    assert_eq!(phone.active().screen(), "cover.agree");
    assert_eq!(phone.keys("9").screen(), "cover.bye");
}

#[test]
fn what_is_promised_is_read_before_anything_else_is_pressed() {
    let mut phone = Dialler::dials("1 070707081 1");
    phone.take(Input::Outcome(call(OutcomeName::Slow, None)));
    assert_eq!(phone.screen(), "cover.later");
}

#[test]
fn a_late_outcome_presses_nothing() {
    let phone = Dialler::dials("1 070707081 1");
    let scene = scene(PageSize::default(), "");
    let outcome = call(OutcomeName::Active, Some(a_cover()));
    let answer = late(&phone.set, phone.state.clone(), outcome, &scene);
    assert_eq!(answer.state, answer.state.clone().without_ahead());
    assert_eq!(
        super::super::render(&phone.set, &answer.state, &scene).screen,
        "cover.active"
    );
}

#[test]
fn who_dials_deeper_is_not_asked_for_her_language() {
    let phone = Dialler::greeted(&Greeting::default(), "1", None);
    assert_eq!(phone.screen(), "cover.number");
    let phone = Dialler::greeted(&Greeting::default(), "", None);
    assert_eq!(phone.screen(), "chf.language");
}

#[test]
fn a_late_answer_comes_first_and_drops_what_was_dialled() {
    let waiting = Greeting {
        waiting: Some(Waiting::WithLastFour),
        ..known()
    };
    let mut phone = Dialler::greeted(&waiting, "1 070707081", None);
    assert_eq!(phone.screen(), "late");
    assert_eq!(phone.keys("00").screen(), "chf.main");
}

#[test]
fn a_shortcut_begins_at_its_screen_over_the_root_s_start() {
    let mut phone = Dialler::dials("7");
    assert_eq!(phone.screen(), "cover.number");
    let mut deeper = Dialler::dials("7 070707081");
    assert_eq!(deeper.active().screen(), "cover.active");
    assert_eq!(deeper.keys("0").screen(), "cover.number");
    // A question has no way back; what it leads to when tries are out is home.
    assert_eq!(phone.keys("x x x x").screen(), "chf.main");
    let mut closed = Dialler::dials("8");
    assert_eq!(closed.keys("0").screen(), "chf.main");
}

#[test]
fn sixteen_keys_are_pressed_and_no_more() {
    let keys = |count| vec!["3 070707081"; count].join(" ");
    assert_eq!(Dialler::dials(&keys(8)).screen(), "chf.main");
    let more = format!("{} 1", keys(8));
    assert_eq!(Dialler::dials(&more).screen(), "chf.main");
    let fewer = format!("{} 1", keys(7));
    assert_eq!(Dialler::dials(&fewer).screen(), "cover.number");
}

#[test]
fn the_most_asks_of_a_dial_can_be_counted() {
    let keys = super::super::ahead::MOST + 1;
    assert!(u8::try_from(keys * usize::from(MOST_ASKS)).is_ok());
}

#[test]
fn what_was_dialled_never_prints() {
    let phone = Dialler::dials("1 070707081 4711");
    let keys = ["4711".to_owned()];
    let dialled = Dialled {
        keys: &keys,
        dropped: None,
    };
    for printed in [format!("{:?}", phone.state.ahead), format!("{dialled:?}")] {
        assert!(!printed.contains("4711"), "{printed}");
    }
}

#[test]
fn a_dropped_dialogue_goes_on_at_the_last_screen_that_needs_nothing_forgotten() {
    let mut dropped = Dialler::dials("1 070707081");
    dropped.active().keys("1");
    assert_eq!(dropped.screen(), "cover.told");
    let mut phone = dropped.redials();
    assert_eq!(phone.text(), "DEMO Uendelee?\n1 Endelea\n2 Anza upya");
    assert_eq!(phone.screen(), "resume");
    assert!(
        phone
            .keys("7")
            .text()
            .starts_with("Chagua tena.\nUendelee?")
    );
    assert_eq!(phone.keys("1").screen(), "cover.told");
    assert!(phone.text().starts_with("Namba 070707081"));
    // The cover was forgotten, so its page is not behind.
    assert_eq!(phone.keys("0").screen(), "cover.number");
}

#[test]
fn what_is_asked_again_is_asked_for_where_it_was() {
    let mut dropped = Dialler::dials("1 070707081");
    dropped.active().keys("3 1234");
    assert_eq!(dropped.screen(), "cover.coded");
    let mut phone = dropped.redials();
    assert_eq!(phone.keys("1").screen(), "cover.code");
    assert!(
        phone
            .keys("4321")
            .text()
            .starts_with("Asante 4321 070707081")
    );
}

#[test]
fn who_starts_again_begins_as_ever() {
    let mut dropped = Dialler::dials("1 070707081");
    dropped.active();
    let mut phone = dropped.redials();
    assert_eq!(phone.keys("2").screen(), "chf.main");
    assert!(!phone.text().contains("Rudi"));
}

#[test]
fn a_dial_that_was_dropped_twice_is_offered_again() {
    let mut dropped = Dialler::dials("1 070707081");
    dropped.active().keys("1");
    let mut again = dropped.redials().redials();
    assert_eq!(again.screen(), "resume");
    assert_eq!(again.keys("1").screen(), "cover.told");
}

#[test]
fn a_menu_that_says_nothing_of_it_is_not_resumed() {
    for keys in ["", "2", "4"] {
        let dropped = Dialler::dials(keys);
        assert_eq!(within(&dropped.set, &dropped.state), None, "{keys}");
        assert_eq!(dropped.redials().screen(), "chf.main", "{keys}");
    }
}

#[test]
fn a_dialogue_that_asks_or_is_over_is_not_resumed() {
    let asking = Dialler::dials("1 070707081");
    assert_eq!(within(&asking.set, &asking.state), None);
    let mut dropped = Dialler::dials("1 070707081");
    dropped.active();
    let minutes = within(&dropped.set, &dropped.state).unwrap();
    assert_eq!(minutes.as_secs(), 600);
}

#[test]
fn what_is_dialled_or_waits_comes_before_what_was_dropped() {
    let mut dropped = Dialler::dials("1 070707081");
    dropped.active();
    let deeper = Dialler::greeted(&known(), "4", Some(&dropped.state));
    assert_eq!(deeper.screen(), "secret.pin");
    let waiting = Greeting {
        waiting: Some(Waiting::WithLastFour),
        ..known()
    };
    let phone = Dialler::greeted(&waiting, "", Some(&dropped.state));
    assert_eq!(phone.screen(), "late");
}

#[test]
fn an_outcome_for_the_offer_changes_nothing() {
    let mut dropped = Dialler::dials("1 070707081");
    dropped.active().keys("1");
    let mut phone = dropped.redials();
    let before = phone.state.clone();
    assert_eq!(phone.take(Input::Outcome(Outcome::Done)).state, before);
}
