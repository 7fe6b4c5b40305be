use super::{
    super::{Effect, Greeting, Outcome, Step, busy, unavailable, variables},
    phone::{Phone, call, small, two_bills},
};
use crate::{
    menu::{OutcomeName, Value, page::PageSize},
    model::Language,
};

#[test]
fn a_known_caller_begins_at_the_start_without_a_way_back() {
    let phone = Phone::dial();
    assert_eq!(phone.text(), "CHF\n1 Kadi\n2 Lipa\n3 Lugha\n4 Msaada");
    assert_eq!(phone.screen(), "chf.main");
}

#[test]
fn an_unknown_caller_chooses_her_language_first_and_it_is_remembered() {
    let mut phone = Phone::dial_as(&Greeting::default(), PageSize::default(), "");
    assert_eq!(phone.text(), "Lugha\n1 Kiswahili\n2 English");
    phone.keys("2");
    assert_eq!(phone.asks(), &Effect::RememberLanguage(Language::ENGLISH));
    assert_eq!(phone.state.language(), Language::ENGLISH);
    phone.outcome(Outcome::Failed);
    assert_eq!(
        phone.text(),
        "CHF\n1 Cover\n2 Pay\n3 Language\n4 Help\n0 Back 00 Home"
    );
}

#[test]
fn a_language_that_the_set_lacks_is_asked_for_again() {
    let greeting = Greeting {
        language: Some(Language::FRENCH),
        waiting: None,
    };
    let phone = Phone::dial_as(&greeting, PageSize::default(), "");
    assert_eq!(phone.screen(), "chf.language");
}

#[test]
fn a_wrong_key_shows_the_same_page_again() {
    let mut phone = Phone::dial();
    for wrong in ["5", "0", "00", "98", "", "x", &"1".repeat(161)] {
        let text = phone.typed(wrong).text();
        assert!(text.starts_with("Chagua tena.\nCHF\n1 Kadi"), "{wrong}");
    }
}

#[test]
fn keys_are_read_in_any_script_and_trimmed() {
    assert_eq!(Phone::dial().typed(" ١ ").screen(), "cover.number");
}

#[test]
fn wrong_answers_are_borne_so_many_times() {
    let mut phone = Phone::dial();
    phone.keys("1 070707082");
    assert_eq!(phone.text(), "Namba si sahihi.\nNamba ya CHF");
    assert_eq!(phone.keys("0").screen(), "cover.number");
    assert_eq!(phone.keys("00").screen(), "chf.main");
}

#[test]
fn back_pops_a_menu_and_home_forgets_everything() {
    let mut phone = Phone::dial();
    phone
        .keys("2")
        .outcome(call(OutcomeName::Found, Some(two_bills())));
    assert_eq!(phone.screen(), "pay.pick");
    assert_eq!(phone.keys("0").screen(), "chf.main");
    assert!(!phone.text().contains("Rudi"));
    phone
        .keys("2")
        .outcome(call(OutcomeName::Found, Some(two_bills())));
    assert_eq!(phone.keys("00").screen(), "chf.main");
    assert!(variables(&phone.set, &phone.state).is_empty());
    assert_eq!(phone.state.frames.len(), 1);
}

#[test]
fn a_row_is_chosen_read_back_and_confirmed() {
    let mut phone = Phone::dial();
    phone
        .keys("2")
        .outcome(call(OutcomeName::Found, Some(two_bills())));
    assert_eq!(
        phone.text(),
        "Bili:\n1 999990000017 TZS 30,000\n2 999990000025 TZS 150,000\n0 Rudi 00 Mwanzo"
    );
    phone.keys("2 1234");
    assert_eq!(phone.text(), "Lipa TZS 150,000?\n7 Ndiyo\n0 Hapana");
    assert!(phone.keys("1").text().starts_with("Chagua tena.\nLipa"));
    phone.keys("7");
    assert_eq!(
        phone.asks(),
        &Effect::SendSms("Namba 999990000025".to_owned())
    );
    phone.outcome(Outcome::Failed);
    assert_eq!(phone.text(), "Namba 999990000025");
    assert!(matches!(phone.step, Step::End(_)));
}

#[test]
fn no_cuts_the_trail_back_to_where_it_leads() {
    let mut phone = Phone::dial();
    phone
        .keys("2")
        .outcome(call(OutcomeName::Found, Some(two_bills())));
    phone.keys("2 1234 0");
    assert_eq!(phone.screen(), "pay.pick");
    assert_eq!(phone.keys("0").screen(), "chf.main");
}

#[test]
fn a_secret_is_masked_for_the_author() {
    let mut phone = Phone::dial();
    phone
        .keys("2")
        .outcome(call(OutcomeName::Found, Some(two_bills())));
    phone.keys("2 4711");
    phone.state.set_variable(0, Value::Text("4711".to_owned()));
    let seen = variables(&phone.set, &phone.state);
    assert!(seen.contains(&("pay.pin".to_owned(), "****".to_owned())));
    assert!(seen.contains(&("pay.bills".to_owned(), "2".to_owned())));
    assert!(seen.contains(&("pay.bill.amount".to_owned(), "TZS 150,000".to_owned())));
    assert!(seen.iter().all(|(_, value)| !value.contains("4711")));
}

#[test]
fn what_no_screen_reads_is_not_kept() {
    let mut phone = Phone::dial();
    phone
        .keys("2")
        .outcome(call(OutcomeName::Found, Some(two_bills())));
    phone.keys("2 4711");
    let names = |phone: &Phone| -> Vec<String> {
        let seen = variables(&phone.set, &phone.state).into_iter();
        seen.map(|(name, _)| name).collect()
    };
    // Nothing reads the PIN; the bills are there for the way back.
    assert_eq!(
        names(&phone),
        ["pay.bills", "pay.bill.number", "pay.bill.amount"]
    );
    phone.keys("0");
    assert_eq!(names(&phone), ["pay.bills"]);
}

#[test]
fn a_long_text_is_read_page_by_page_and_back() {
    let greeting = Greeting {
        language: Some(Language::SWAHILI),
        waiting: None,
    };
    let mut phone = Phone::dial_as(&greeting, small(), "");
    phone.keys("4");
    let first = phone.text().to_owned();
    assert!(first.ends_with("98 Endelea\n0 Rudi 00 Mwanzo"), "{first}");
    let second = phone.keys("98").text().to_owned();
    assert_ne!(first, second);
    assert_eq!(phone.keys("0").text(), first);
    assert_eq!(phone.keys("0").screen(), "chf.main");
}

#[test]
fn the_banner_stands_before_the_first_reply_only() {
    let greeting = Greeting {
        language: Some(Language::SWAHILI),
        waiting: None,
    };
    let mut phone = Phone::dial_as(&greeting, PageSize::default(), "DEMO ");
    assert!(phone.text().starts_with("DEMO CHF\n"));
    assert!(phone.keys("9").text().starts_with("Chagua tena."));
    assert!(phone.keys("4 0").text().starts_with("CHF\n"));
}

#[test]
fn nothing_follows_an_end() {
    let mut phone = Phone::dial();
    phone
        .keys("1 070707081")
        .outcome(call(OutcomeName::Down, None));
    assert_eq!(phone.text(), "Samahani");
    phone.keys("1");
    assert!(matches!(&phone.step, Step::End(page) if page.text == "Samahani"));
}

#[test]
fn the_engines_own_ends_are_in_the_callers_language() {
    let set = Phone::dial().set;
    assert_eq!(busy(&set, Language::ENGLISH).text, "Wait, dial again.");
    let page = unavailable(&set, Language::FRENCH);
    assert_eq!(page.text, "Jaribu baadaye.");
    assert!(page.last);
}
