//! Menu sets for tests, built by hand: two languages, Swahili and English.

use std::sync::Arc;

use super::{
    AnswerType, Choice, Keys, LanguageName, Late, Menu, MenuSet, Messages, Operation, OutcomeName,
    Part, Path, ResumeWords, Screen, ScreenId, Target, Template, Texts, Type, Variable, Verb,
    Words,
};
use crate::model::{Language, ServiceCode, source::Span};

/// A text in both languages; `sw | en` where they differ. `{1}` is variable 1, `{1.2}` its field 2,
/// `{1.2:16}` that within 16 characters.
pub(crate) fn texts(text: &str) -> Texts {
    let (swahili, english) = text.split_once(" | ").unwrap_or((text, text));
    Texts(vec![template(swahili), template(english)])
}

pub(crate) fn template(text: &str) -> Template {
    let mut parts = Vec::new();
    for piece in text.split_inclusive('}') {
        let (literal, placeholder) = piece.split_once('{').unwrap_or((piece, ""));
        if !literal.is_empty() {
            parts.push(Part::Literal(literal.to_owned()));
        }
        if let Some(placeholder) = placeholder.strip_suffix('}') {
            parts.push(value(placeholder));
        }
    }
    Template { parts }
}

fn value(placeholder: &str) -> Part {
    let (name, width) = placeholder.split_once(':').unwrap_or((placeholder, ""));
    Part::Value {
        path: path(name),
        width: width.parse().ok(),
    }
}

/// `1` or `1.2`.
pub(crate) fn path(name: &str) -> Path {
    let (variable, field) = name.split_once('.').unwrap_or((name, ""));
    Path {
        variable: variable.parse().unwrap(),
        field: field.parse().ok(),
    }
}

pub(crate) fn choice(key: &str, text: &str, go: Target) -> Choice {
    Choice {
        key: key.to_owned(),
        text: texts(text),
        go,
        when: None,
    }
}

pub(crate) fn screen(name: &str, verb: Verb) -> Screen {
    Screen {
        name: name.to_owned(),
        span: Span::default(),
        verb,
        sms: None,
        live: Arc::default(),
        direct: true,
    }
}

pub(crate) fn menu_screen(name: &str, text: &str, options: Vec<Choice>) -> Screen {
    let text = texts(text);
    screen(name, Verb::Menu { text, options })
}

pub(crate) fn show(name: &str, text: &str) -> Screen {
    let verb = Verb::Show {
        text: texts(text),
        paged: true,
        options: Vec::new(),
    };
    screen(name, verb)
}

pub(crate) fn end(name: &str, text: &str) -> Screen {
    screen(name, Verb::End { text: texts(text) })
}

/// Asks for a number into variable 0; a right one leads to `go`, a third wrong one home.
pub(crate) fn ask(name: &str, text: &str, answer: AnswerType, go: ScreenId) -> Screen {
    let verb = Verb::Ask {
        text: texts(text),
        answer,
        into: 0,
        wrong: texts("Namba si sahihi. | Wrong number."),
        tries: 2,
        exhausted: Target::Home,
        go: Target::Screen(go),
        options: Vec::new(),
    };
    screen(name, verb)
}

/// What a call gives.
pub(crate) fn gives(operation: Operation) -> Type {
    let signature = operation.signature().unwrap();
    signature.gives.clone().unwrap()
}

/// Whether an outcome of a call gives something.
pub(crate) fn kind_gives(operation: Operation, name: OutcomeName) -> bool {
    let mut kinds = operation.signature().unwrap().outcomes.iter();
    kinds.any(|kind| kind.name == name && kind.gives)
}

pub(crate) fn variable(name: &str, of: Type) -> Variable {
    Variable {
        name: name.to_owned(),
        of,
    }
}

pub(crate) fn menu(name: &str, variables: Vec<Variable>, screens: Vec<Screen>) -> Menu {
    Menu {
        name: name.to_owned(),
        takes: 0,
        variables,
        screens,
        start: 0,
        openers: Vec::new(),
        resume: None,
        off: None,
    }
}

/// A set of these menus, the first its root, whose last screen asks for the language.
pub(crate) fn set(menus: Vec<Menu>) -> MenuSet {
    let root = menus.first().unwrap();
    let last = u16::try_from(root.screens.len() - 1).unwrap();
    let mut set = MenuSet {
        declared: Vec::new(),
        shortcuts: Vec::new(),
        resume: Some(ResumeWords {
            ask: texts("Hukumaliza. | You were not done."),
            carry_on: texts("Endelea pale | Carry on"),
            start_again: texts("Anza upya | Start again"),
        }),
        settings: Vec::new(),
        numbers: crate::model::NumberRule::Chf,
        name: root.name.clone(),
        service: ServiceCode::parse("*152*00#").unwrap(),
        languages: [
            (Language::SWAHILI, "Kiswahili"),
            (Language::ENGLISH, "English"),
        ]
        .map(|(language, name)| LanguageName {
            language,
            name: name.to_owned(),
        })
        .into(),
        keys: Keys {
            back: "0".to_owned(),
            home: "00".to_owned(),
            more: "98".to_owned(),
        },
        words: vec![
            words([
                "Ndiyo",
                "Hapana",
                "Rudi",
                "Mwanzo",
                "Endelea",
                "Chagua tena.",
                "Subiri, piga tena.",
                "Jaribu baadaye.",
                "Namba hii haipo.",
            ]),
            words([
                "Yes",
                "No",
                "Back",
                "Home",
                "More",
                "Choose again.",
                "Wait, dial again.",
                "Try again later.",
                "Wrong number.",
            ]),
        ],
        late: Late {
            ask: texts(
                "Jibu lako lipo. Tarakimu 4 za mwisho: | Your answer is here. Last 4 digits:",
            ),
            wrong: texts("Si sahihi. | Not right."),
        },
        messages: Messages(vec![Some(texts("Malipo {0.0}")), Some(texts("Hai {0.0}"))]),
        menus,
        first_dial: last,
    };
    super::check::live::fill(&mut set);
    set
}

pub(crate) fn words(words: [&str; 9]) -> Words {
    let [
        yes,
        no,
        back,
        home,
        more,
        choose_again,
        busy,
        unavailable,
        wrong_number,
    ] = words.map(str::to_owned);
    Words {
        too_many: unavailable.clone(),
        yes,
        no,
        back,
        home,
        more,
        choose_again,
        busy,
        unavailable,
        wrong_number,
        forgotten: None,
    }
}
