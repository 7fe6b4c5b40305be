use super::*;
use crate::{
    menu::{
        Menu, Target, Verb,
        fixture::{choice, end, menu, menu_screen, screen, set, show, texts},
    },
    model::{Amount, ControlNumber, Currency, Language},
};

/// Variable 0 is a list of bills, 1 the bill of a row, 2 an amount.
struct Bills(Value, Value);

impl Bills {
    fn of(count: u32) -> Self {
        let bill = |index| {
            let number = ControlNumber::parse(&format!("9999{index:08}")).unwrap();
            let amount = Amount::from_major(30_000, Currency::TZS);
            Value::Record(vec![Value::Control(number), Value::Amount(amount)])
        };
        let amount = Amount::from_major(12_345_678, Currency::TZS);
        Self(
            Value::List((0..count).map(bill).collect()),
            Value::Amount(amount),
        )
    }
}

impl Values for Bills {
    fn value(&self, path: Path) -> Option<&Value> {
        match path.variable {
            0 => Some(&self.0),
            2 => Some(&self.1),
            _ => None,
        }
    }
}

fn root(screens: Vec<Screen>) -> Vec<Menu> {
    vec![menu("chf", Vec::new(), screens)]
}

fn laid(screen: Screen, change: impl Fn(&mut View<'_>), size: PageSize) -> Layout {
    let set = set(root(vec![screen]));
    let values = Bills::of(9);
    let mut view = View {
        set: &set,
        screen: set.screen(0, 0).unwrap(),
        language: Language::SWAHILI,
        note: Note::None,
        banner: "",
        back: true,
        values: &values,
        shown: Shown::All,
    };
    change(&mut view);
    layout(&view, size)
}

fn size(gsm7: usize) -> PageSize {
    PageSize {
        gsm7,
        ucs2: gsm7 / 2,
    }
}

fn bills() -> Screen {
    let verb = Verb::List {
        text: texts("Bili zako:"),
        items: 0,
        item: 1,
        row: texts("{1.0} {1.1}"),
        go: Target::Home,
        options: vec![choice("3", "Msaada", Target::Home)],
    };
    screen("bills", verb)
}

#[test]
fn a_menu_shows_its_options_and_the_ways_out() {
    let main = || {
        let options = vec![
            choice("1", "Angalia kadi", Target::Home),
            choice("2", "Lipa", Target::Home),
        ];
        menu_screen("main", "CHF", options)
    };
    let layout = laid(main(), |_| {}, size(160));
    assert_eq!(
        layout.pages(),
        ["CHF\n1 Angalia kadi\n2 Lipa\n0 Rudi 00 Mwanzo"]
    );
    let first = laid(
        main(),
        |view| {
            view.back = false;
            view.banner = "DEMO ";
            view.note = Note::ChooseAgain;
        },
        size(160),
    );
    assert_eq!(
        first.pages(),
        ["DEMO Chagua tena.\nCHF\n1 Angalia kadi\n2 Lipa"]
    );
    assert_eq!(first.press(0, "2"), Some(Press::Option(1)));
    assert_eq!(first.press(0, "0"), None);
    assert_eq!(layout.press(0, "00"), Some(Press::Home));
    assert_eq!(layout.press(0, "98"), None);
}

#[test]
fn a_confirm_screen_shows_yes_and_no() {
    let verb = Verb::Confirm {
        text: texts("Lipa {2}?"),
        key: "7".to_owned(),
        yes: Target::Home,
        no: Target::Back,
    };
    let layout = laid(screen("agree", verb), |_| {}, size(160));
    assert_eq!(layout.pages(), ["Lipa TZS 12,345,678?\n7 Ndiyo\n0 Hapana"]);
    assert_eq!(layout.press(0, "7"), Some(Press::Yes));
    assert_eq!(layout.press(0, "0"), Some(Press::No));
    assert_eq!(layout.press(0, "1"), None);
}

#[test]
fn yes_is_a_key_only_where_all_has_been_read() {
    let verb = Verb::Confirm {
        text: texts("Unalipa {2} kwa ajili ya kaya yako yote ya watu sita hadi mwakani?"),
        key: "7".to_owned(),
        yes: Target::Home,
        no: Target::Back,
    };
    let layout = laid(screen("agree", verb), |_| {}, size(90));
    assert_eq!(layout.last(), 1);
    assert_eq!(layout.press(0, "7"), None);
    assert_eq!(layout.press(0, "0"), Some(Press::No));
    assert_eq!(layout.press(1, "7"), Some(Press::Yes));
}

#[test]
fn the_rows_of_a_list_go_on_over_its_pages_and_skip_the_keys_of_options() {
    let layout = laid(bills(), |_| {}, size(160));
    assert_eq!(
        layout.pages(),
        [
            "Bili zako:\n1 999900000000 TZS 30,000\n2 999900000001 TZS 30,000\n\
             4 999900000002 TZS 30,000\n5 999900000003 TZS 30,000\n98 Endelea\n0 Rudi 00 Mwanzo",
            "6 999900000004 TZS 30,000\n7 999900000005 TZS 30,000\n8 999900000006 TZS 30,000\n\
             9 999900000007 TZS 30,000\n98 Endelea\n0 Rudi 00 Mwanzo",
            "10 999900000008 TZS 30,000\n3 Msaada\n0 Rudi 00 Mwanzo",
        ]
    );
    assert_eq!(layout.press(0, "98"), Some(Press::More));
    assert_eq!(layout.press(2, "98"), None);
    assert_eq!(layout.press(0, "0"), Some(Press::Back));
    assert_eq!(layout.press(1, "0"), Some(Press::Previous));
    assert_eq!(layout.press(2, "10"), Some(Press::Row(8)));
    assert_eq!(layout.press(2, "3"), Some(Press::Option(0)));
}

#[test]
fn a_wrong_key_does_not_move_what_a_page_shows() {
    let plain = laid(bills(), |_| {}, size(120));
    let noted = laid(bills(), |view| view.note = Note::ChooseAgain, size(120));
    for (page, noted) in plain.pages().iter().zip(noted.pages()) {
        assert_eq!(&format!("Chagua tena.\n{page}"), noted);
    }
    assert_eq!(plain.last(), noted.last());
}

#[test]
fn no_page_is_cut_inside_an_amount() {
    for gsm7 in 50..90 {
        let text = "Kiasi cha kulipa mwaka huu ni {2} kwa kaya nzima";
        let layout = laid(show("cost", text), |_| {}, size(gsm7));
        let whole = |page: &String| page.contains("TZS 12,345,678");
        assert_eq!(
            layout.pages().iter().filter(|page| whole(page)).count(),
            1,
            "{gsm7}: {:?}",
            layout.pages()
        );
    }
}

#[test]
fn a_word_longer_than_a_page_is_cut_hard() {
    let layout = laid(end("long", &"x".repeat(100)), |_| {}, size(40));
    let letters: usize = layout
        .pages()
        .iter()
        .map(|page| page.matches('x').count())
        .sum();
    assert_eq!(letters, 100);
    assert_eq!(layout.last(), 3);
}

#[test]
fn keys_stand_alone_on_a_page_too_small_for_their_words() {
    let text = "Bima yako ni hai hadi mwisho wa mwaka huu kwa kaya nzima";
    let layout = laid(show("active", text), |_| {}, size(30));
    assert!(layout.page(0).ends_with("\n98\n0 00"), "{}", layout.page(0));
    assert_eq!(layout.press(1, "0"), Some(Press::Previous));
}

#[test]
fn languages_are_numbered_by_their_own_names() {
    let verb = Verb::Language {
        text: texts("Lugha"),
        go: Target::Home,
    };
    let layout = laid(
        screen("language", verb),
        |view| view.back = false,
        size(160),
    );
    assert_eq!(layout.pages(), ["Lugha\n1 Kiswahili\n2 English"]);
    assert_eq!(layout.press(0, "2"), Some(Press::Language(1)));
}

#[test]
fn one_letter_outside_the_alphabet_makes_pages_of_ucs2() {
    let text = "Kumbukumbu yako ya malipo ya bima ya afya ya jamii ipo tayari leo \u{2713}";
    let layout = laid(end("tick", text), |_| {}, PageSize::default());
    assert_eq!(layout.pages(), [text]);
    let small = laid(end("tick", text), |_| {}, size(120));
    assert_eq!(small.last(), 1);
}

#[test]
fn the_late_question_names_nobody_and_leads_home() {
    let set = set(root(vec![end("bye", "Kwaheri")]));
    let layout = late_question(
        &set,
        Language::ENGLISH,
        Note::Wrong,
        "DEMO ",
        PageSize::default(),
    );
    assert_eq!(
        layout.pages(),
        ["DEMO Not right.\nYour answer is here. Last 4 digits:\n00 Home"]
    );
    assert_eq!(layout.press(0, "00"), Some(Press::Home));
    assert_eq!(layout.press(0, "0"), None);
}

/// The words of a screen's own text, without what stands around it on each page.
fn words_of(pages: &[String]) -> String {
    let around = ["98 Endelea", "0 Rudi 00 Mwanzo", "98", "0 00"];
    let lines = pages.iter().flat_map(|page| page.lines());
    lines.filter(|line| !around.contains(line)).collect()
}

proptest::proptest! {
    #[test]
    fn no_letter_of_a_text_is_lost_and_every_page_fits(
        words in proptest::collection::vec("[a-z€é]{1,14}", 1..60),
        gsm7 in 40_usize..=182,
    ) {
        let text = words.join(" ");
        let layout = laid(show("any", &text), |_| {}, size(gsm7));
        let read: String = words_of(layout.pages()).replace(' ', "");
        assert_eq!(read, words.concat());
        for page in layout.pages() {
            assert!(crate::model::gsm7::cost(page).units <= gsm7, "{page}");
        }
    }
}
