//! Settings, conditions, routes, sets and menus that are off, on sets that are compiled from files.

use chrono::{DateTime, NaiveDate, Utc};

use super::super::{
    Effect, Greeting, Input, Outcome, Page, Scene, State, Step, late, open, render, step, too_many,
};
use crate::{
    menu::{CheckOptions, MenuSet, OutcomeName, Value, compile, page::PageSize},
    model::{Language, source::Source},
};

const ROOT: &str = r#"menu: chf
service: "*152*00#"
languages: {sw: Kiswahili, en: English}
keys: {back: "0", home: "00", more: "98"}
words: {yes: Ndiyo, no: Hapana, back: Rudi, home: Mwanzo, more: Endelea, choose_again: Tena., busy: Subiri., unavailable: "Piga {setting.hotline}.", wrong_number: Haipo.}
late: {ask: Weka tarakimu 4, wrong: Si sahihi.}
settings:
  renewal: {one_of: [open, closed], default: open}
  hotline: {text: 12, default: "0800"}
  largest: {number: 2, default: 6}
first_dial: main
start: main
"#;

/// A text in the other language is not what is looked at here.
const ENGLISH: &str = "words: {yes: Y, no: N, back: B, home: H, more: M, choose_again: C., busy: B., unavailable: \"Call {setting.hotline}.\", wrong_number: W.}\nlate: {ask: Four digits, wrong: No.}\nscreens: {}\n";

fn compiled(files: &[(&str, &str)]) -> MenuSet {
    let sources: Vec<Source> = files
        .iter()
        .map(|(name, text)| Source {
            name: (*name).to_owned(),
            text: (*text).to_owned(),
        })
        .collect();
    let compilation = compile(&sources, CheckOptions::default());
    let mut errors = compilation.problems.iter();
    let error = errors.find(|found| !matches!(found.problem.code(), "M022" | "M023"));
    assert_eq!(error.map(|found| found.report().print(&sources)), None);
    compilation.set.unwrap()
}

fn one_language(root: &str) -> String {
    root.replace(", en: English", "")
}

/// A root with these screens.
fn set(screens: &str) -> MenuSet {
    let root = one_language(&format!("{ROOT}screens:\n{screens}"));
    compiled(&[("chf/chf.yaml", &root)])
}

fn at(day: &str) -> DateTime<Utc> {
    let day: NaiveDate = day.parse().unwrap();
    day.and_hms_opt(9, 0, 0).unwrap().and_utc()
}

fn scene(day: &str) -> Scene<'static> {
    Scene {
        now: at(day),
        page: PageSize::default(),
        banner: "",
    }
}

fn dial(set: &MenuSet, language: Language, day: &str) -> (State, Step) {
    let greeting = Greeting {
        language: Some(language),
        waiting: None,
    };
    open(set, &greeting, &scene(day))
}

fn page(step: &Step) -> &Page {
    match step {
        Step::Show(page) | Step::End(page) => page,
        Step::Ask(effect) => panic!("asks {effect:?}"),
    }
}

/// What a phone shows after these keys, pressed on this day.
fn keys_on(set: &MenuSet, keys: &str, day: &str) -> String {
    let (mut state, mut next) = dial(set, Language::SWAHILI, day);
    for key in keys.split_whitespace() {
        let input = Input::Text(key.to_owned());
        (state, next) = step(set, state, input, &scene(day));
    }
    page(&next).text.clone()
}

fn keys(set: &MenuSet, keys: &str) -> String {
    keys_on(set, keys, "2026-03-02")
}

const SIZE: &str =
    "  main: {ask: Wangapi?, type: {number: {min: 1, max: 12}}, as: size, wrong: Tena., go: kind}
  kind: {route: [{when: size > setting.largest, go: big}, {when: size == 1, go: back}], else: small}
  big: {set: {kind: kubwa, rest: size, size: setting.largest}, go: told}
  small: {set: {kind: \"ndogo\", rest: 0}, go: told}
  told: {end: \"{kind} {size} {rest}\"}\n";

#[test]
fn a_route_takes_the_first_way_whose_condition_holds() {
    let screens = SIZE.replace("kind: kubwa", "kind: \"kubwa\"");
    let set = set(&screens);
    assert_eq!(keys(&set, "5"), "ndogo 5 0");
    assert_eq!(keys(&set, "6"), "ndogo 6 0");
    // All values are taken before one is set.
    assert_eq!(keys(&set, "7"), "kubwa 6 7");
}

#[test]
fn back_from_a_route_is_the_screen_that_led_to_it() {
    let screens = SIZE.replace("kind: kubwa", "kind: \"kubwa\"");
    assert_eq!(keys(&set(&screens), "1"), "Wangapi?");
}

const OPTIONS: &str = "  main:
    menu: Karibu
    options:
      \"1\": {text: Huisha, go: bye, when: today < 2026-04-01}
      \"2\": {text: Lipa, go: bye, when: setting.renewal == closed}
      \"3\": {text: Msaada, go: help}
  help: {show: \"Piga {setting.hotline}\"}
  bye: {end: Kwaheri}\n";

#[test]
fn a_hidden_option_leaves_the_others_their_keys_and_is_not_taken() {
    let set = set(OPTIONS);
    assert_eq!(keys(&set, ""), "Karibu\n1 Huisha\n3 Msaada");
    assert_eq!(keys(&set, "2"), "Tena.\nKaribu\n1 Huisha\n3 Msaada");
    assert!(keys(&set, "3").starts_with("Piga 0800"));
    assert_eq!(keys_on(&set, "", "2026-04-01"), "Karibu\n3 Msaada");
    assert_eq!(keys_on(&set, "1", "2026-04-01"), "Tena.\nKaribu\n3 Msaada");
}

#[test]
fn a_page_is_rendered_again_as_of_the_time_of_its_turn() {
    let set = set(OPTIONS);
    let (state, next) = dial(&set, Language::SWAHILI, "2026-03-31");
    assert_eq!(&render(&set, &state, &scene("2026-03-31")), page(&next));
    let later = render(&set, &state, &scene("2026-04-01"));
    assert_eq!(later.text, "Karibu\n3 Msaada");
}

#[test]
fn today_begins_at_midnight_where_the_scheme_is() {
    let set = set(OPTIONS);
    let now = "2026-03-31T21:00:00Z".parse().unwrap();
    let scene = Scene {
        now,
        ..scene("2026-03-31")
    };
    let (_, next) = open(&set, &Greeting::default(), &scene);
    assert_eq!(page(&next).text, "Karibu\n3 Msaada");
}

fn with_menu(off_of_root: &str, off: &str) -> MenuSet {
    let root = one_language(&format!(
        "{ROOT}{off_of_root}screens:\n  main: {{menu: Karibu, options: {{\"1\": {{text: Huisha, open: renew}}}}}}\n"
    ));
    let renew = format!("menu: renew\n{off}start: bye\nscreens:\n  bye: {{end: Asante}}\n");
    compiled(&[
        ("menus/chf/chf.yaml", &root),
        ("menus/chf/renew.yaml", &renew),
        (
            "menus/installation.yaml",
            "chf: {renewal: closed, hotline: \"0800 000 000\"}\n",
        ),
    ])
}

#[test]
fn a_menu_that_is_off_says_so_and_leads_back() {
    let off =
        "off: {when: setting.renewal == closed, text: \"Imefungwa. Piga {setting.hotline}.\"}\n";
    let set = with_menu("", off);
    let closed = "Imefungwa. Piga 0800 000 000.\n0 Rudi 00 Mwanzo";
    assert_eq!(keys(&set, "1"), closed);
    assert_eq!(keys(&set, "1 5"), format!("Tena.\n{closed}"));
    assert_eq!(keys(&set, "1 0"), "Karibu\n1 Huisha");
    assert_eq!(keys(&set, "1 00"), "Karibu\n1 Huisha");
    let on = with_menu(
        "",
        "off: {when: setting.renewal == open, text: Imefungwa.}\n",
    );
    assert_eq!(keys(&on, "1"), "Asante");
    let always = with_menu("", "off: {text: Imefungwa.}\n");
    assert!(keys(&always, "1").starts_with("Imefungwa."));
}

#[test]
fn a_root_that_is_off_ends() {
    let set = with_menu("off: {text: Huduma imefungwa.}\n", "");
    let (_, next) = dial(&set, Language::SWAHILI, "2026-03-02");
    assert_eq!(page(&next).text, "Huduma imefungwa.");
    assert!(matches!(next, Step::End(_)));
}

#[test]
fn a_menu_that_is_off_on_the_first_page_ends() {
    let root = one_language(&format!(
        "{ROOT}screens:\n  main: {{route: [{{when: setting.largest > 1, open: renew}}], else: bye}}\n  bye: {{end: Kwaheri}}\n"
    ));
    let renew =
        "menu: renew\noff: {text: Imefungwa.}\nstart: bye\nscreens:\n  bye: {end: Asante}\n";
    let set = compiled(&[
        ("menus/chf/chf.yaml", &root),
        ("menus/chf/renew.yaml", renew),
    ]);
    let (_, next) = dial(&set, Language::SWAHILI, "2026-03-02");
    assert_eq!(page(&next).text, "Imefungwa.");
    assert!(matches!(next, Step::End(_)), "nobody is left before it");
}

#[test]
fn a_first_list_without_rows_ends() {
    let screens =
        "  main: {call: payment.bills, as: bills, on: {found: pick, nothing: bye, down: bye}}
  pick: {list: bills, as: bill, text: Chagua, row: \"{bill.number}\", go: bye}
  bye: {end: Kwaheri}\n";
    let set = set(screens);
    let (state, _) = dial(&set, Language::SWAHILI, "2026-03-02");
    let found = Outcome::Call {
        name: OutcomeName::Found,
        value: Some(Value::List(Vec::new())),
    };
    let (_, next) = step(&set, state, Input::Outcome(found), &scene("2026-03-02"));
    assert!(matches!(next, Step::End(_)), "nobody is left before it");
}

#[test]
fn the_engines_own_words_name_settings_too() {
    let set = with_menu("", "");
    assert_eq!(set.words[0].unavailable, "Piga 0800 000 000.");
}

#[test]
fn who_calls_too_often_reads_the_sets_own_word_or_that_it_is_unavailable() {
    let set = with_menu("", "");
    assert_eq!(set.words[0].too_many, set.words[0].unavailable);
    let page = too_many(&set, Language::SWAHILI);
    assert!(page.last && page.text == "Piga 0800 000 000.", "{page:?}");
    let root = one_language(&format!("{ROOT}screens:\n  main: {{end: Asante}}\n"));
    let root = root.replace("busy: Subiri.", "busy: Subiri., too_many: Ngoja.");
    let set = compiled(&[("menus/chf/chf.yaml", &root)]);
    assert_eq!(too_many(&set, Language::SWAHILI).text, "Ngoja.");
}

#[test]
fn a_route_can_depend_on_the_language() {
    let root = format!(
        "{ROOT}screens:
  main: {{route: [{{when: language == en, go: english}}], else: swahili}}
  english: {{end: \"1\"}}
  swahili: {{end: \"2\"}}\n"
    );
    let set = compiled(&[("chf/chf.yaml", &root), ("chf/chf.en.yaml", ENGLISH)]);
    let text = |language| page(&dial(&set, language, "2026-03-02").1).text.clone();
    assert_eq!(text(Language::ENGLISH), "1");
    assert_eq!(text(Language::SWAHILI), "2");
}

#[test]
fn a_late_outcome_goes_through_a_route_to_its_sms() {
    let set = set(
        "  main: {ask: Namba?, type: member_number, as: member, wrong: Tena., go: look}
  look:
    call: scheme.cover
    with: [member]
    as: cover
    on: {active: still, expired: bye, unpaid: bye, suspended: bye, nobody: bye, limited: bye, slow: later, down: bye}
    sms: {active: \"Mwisho {cover.to}\"}
  still: {route: [{when: cover.to < today, go: ended}], else: told}
  ended: {end: Uliisha}
  told: {end: Hai, sms: \"Hai hadi {cover.to}\"}
  later: {end: Subiri SMS}
  bye: {end: Kwaheri, sms: Kwaheri}\n",
    );
    let sms = |day: &str| {
        let (state, _) = dial(&set, Language::SWAHILI, day);
        let member = Input::Text("070707081".to_owned());
        let (state, next) = step(&set, state, member, &scene(day));
        assert!(matches!(next, Step::Ask(Effect::Call { .. })));
        let cover = super::phone::a_cover();
        let outcome = Outcome::Call {
            name: OutcomeName::Active,
            value: Some(cover),
        };
        late(&set, state, outcome, &scene(day)).sms
    };
    assert_eq!(sms("2027-03-01").as_deref(), Some("Hai hadi 1 Mac 2027"));
    assert_eq!(sms("2027-03-02").as_deref(), Some("Mwisho 1 Mac 2027"));
}

#[test]
fn a_setting_is_handed_to_a_menu() {
    let root = one_language(&format!(
        "{ROOT}screens:\n  main: {{menu: Karibu, options: {{\"1\": {{text: Zaidi, open: more, with: [setting.largest]}}}}}}\n"
    ));
    let more = "menu: more\ntakes: {most: number}\nstart: told\nscreens:\n  told: {end: \"Hadi {most}\"}\n";
    let set = compiled(&[("chf/chf.yaml", &root), ("chf/more.yaml", more)]);
    assert_eq!(keys(&set, "1"), "Hadi 6");
}

#[test]
fn a_set_that_goes_round_by_itself_ends() {
    use crate::menu::{Operand, Target, Verb, fixture};
    let round = Verb::Set {
        values: vec![(0, Operand::Constant(Value::Number(1)))],
        go: Target::Home,
    };
    let number = crate::menu::Type::Number { digits: 1 };
    let variables = vec![fixture::variable("x", number)];
    let screens = vec![
        fixture::screen("round", round),
        fixture::end("bye", "Kwaheri"),
    ];
    let set = fixture::set(vec![fixture::menu("chf", variables, screens)]);
    assert_eq!(keys(&set, ""), "Jaribu baadaye.");
}
