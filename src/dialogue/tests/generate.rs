//! Any menu set: several menus, every verb, odd texts; and any inputs for it.

use std::time::Duration;

use proptest::{
    collection::vec,
    option,
    prelude::{BoxedStrategy, Just, Strategy, any, prop_oneof},
    sample::{Index, select, subsequence},
};

use super::super::Outcome;
use crate::{
    menu::{
        Alternative, AnswerType, Choice, Condition, DayLimit, Menu, MenuSet, National, Off,
        Operand, Operation, OutcomeTarget, Part, Path, Pattern, Resume, Screen, Setting, Shortcut,
        Target, Test, Texts, Type, Value, Variable, Verb, Way,
        fixture::{choice, end, gives, menu, path, screen, set, template, texts, variable, words},
        page::PageSize,
    },
    model::{Currency, NumberRule, gsm7},
};

/// The variables of every menu: one a member, then those of [`CALLS`].
const LIST: u16 = 4;
const ITEM: u16 = 5;
const TYPED: u16 = 6;
const SIZE: u16 = 9;
const DAY: u16 = 10;
const KIND: u16 = 7;
const OTHER: u16 = 8;

/// What is typed where a secret is asked for; nothing else takes it.
pub(super) const SECRET: &str = "4711";

/// Calls, what they take and where what they give is kept.
const CALLS: [(Operation, &[&str], u16); 6] = [
    (Operation::CallerMember, &[], 0),
    (Operation::SchemeCover, &["0"], 1),
    (Operation::SchemeQuote, &["0"], 2),
    (Operation::PaymentBill, &["2"], 3),
    (Operation::PaymentBills, &[], LIST),
    // The one that takes a secret; it cannot be late.
    (Operation::PaymentFind, &["6"], ITEM),
];

fn variables() -> Vec<Variable> {
    let given = CALLS.map(|(operation, _, _)| gives(operation));
    let bill = gives(Operation::PaymentFind);
    let typed = variable("typed", Type::Secret { longest: 12 });
    let kind = variable("kind", choices_of_kind().value_type());
    let other = variable("other", Type::Text { longest: 40 });
    let mut variables: Vec<_> = ["member", "cover", "quote", "bill", "bills"]
        .into_iter()
        .zip(given)
        .map(|(name, of)| variable(name, of))
        .collect();
    variables.extend([variable("item", bill), typed, kind, other]);
    variables.push(variable("size", Type::Number { digits: 4 }));
    variables.push(variable("day", Type::Date));
    variables
}

/// A text and a number.
fn settings() -> Vec<Setting> {
    let settings = [
        ("hotline", Type::Text { longest: 12 }),
        ("largest", Type::Number { digits: 2 }),
    ];
    let settings = settings.into_iter().map(|(name, of)| Setting {
        name: name.to_owned(),
        value: of.widest(NumberRule::Chf),
        of,
    });
    settings.collect()
}

/// Two words, one with a label that needs the wide alphabet.
fn choices_of_kind() -> AnswerType {
    let one = |key: &str, is: &str, label: &str| Alternative {
        key: key.to_owned(),
        is: is.to_owned(),
        text: texts(label),
    };
    AnswerType::Choice(vec![
        one("1", "nida", "NIDA [kadi] | NIDA card"),
        one("2", "licence", "Leseni | Reçu"),
    ])
}

/// The texts with `{7}` printed as a label, as a checked set does it.
fn labelled(mut texts: Texts) -> Texts {
    let Type::OneOf(of) = choices_of_kind().value_type() else {
        panic!("a choice is one of a few words");
    };
    for (language, template) in texts.0.iter_mut().enumerate() {
        for part in &mut template.parts {
            if let Part::Value { path, .. } = part
                && path.variable == KIND
            {
                let labels = of.words.iter().zip(&of.labels);
                let labels = labels.map(|(word, labels)| (word.clone(), labels[language].clone()));
                let (path, labels) = (*path, labels.collect());
                *part = Part::Word { path, labels };
            }
        }
    }
    texts
}

/// Pages of any gateway, and some that are smaller than any.
pub(super) fn size() -> impl Strategy<Value = PageSize> {
    (40_usize..=182, 40_usize..=91).prop_map(|(gsm7, ucs2)| PageSize { gsm7, ucs2 })
}

/// A set of one to three menus.
pub(super) fn menu_set() -> impl Strategy<Value = MenuSet> {
    let counts = vec(1_usize..6, 1..4);
    let menus = counts.prop_flat_map(|counts| {
        let last = counts.len() - 1;
        let each = counts.into_iter().enumerate();
        each.map(|(index, count)| one_menu(index, count, last))
            .collect::<Vec<_>>()
    });
    let made = (menus, engine_words(), text(0..50), shortcuts());
    made.prop_map(|(menus, engine_words, ask, shortcuts)| {
        let mut set = set(menus);
        set.shortcuts = shortcuts;
        set.words.clone_from(&engine_words);
        set.late.ask = ask;
        set.settings = settings();
        set
    })
}

fn engine_words() -> impl Strategy<Value = Vec<crate::menu::Words>> {
    let word = select(vec![
        "Ndiyo",
        "Retour",
        "Endelea",
        "Chagua tena.",
        "رجوع",
        "€",
    ]);
    vec(vec(word, 9), 2).prop_map(|languages| {
        let of_language = |all: Vec<&str>| words(all.try_into().unwrap());
        languages.into_iter().map(of_language).collect()
    })
}

fn one_menu(index: usize, count: usize, last: usize) -> impl Strategy<Value = Menu> {
    let screens = vec(any_screen(index, count, last), count);
    let off = option::weighted(0.2, option::of(condition()));
    let parts = (screens, 0..count, option::of(resumed()), off);
    parts.prop_map(move |(mut screens, start, resume, off)| {
        let closed = screens.len();
        screens.push(end("closed", "{65535.0}"));
        screens.push(end("bye", "Kwaheri"));
        let mut made = menu(&format!("menu{index}"), variables(), screens);
        made.takes = usize::from(index > 0);
        made.start = u16::try_from(start).unwrap();
        made.resume = resume;
        made.off = off.map(|when| Off {
            when,
            screen: u16::try_from(closed).unwrap(),
        });
        made
    })
}

fn resumed() -> impl Strategy<Value = Resume> {
    let some = || subsequence((0..=TYPED).collect::<Vec<u16>>(), 0..=usize::from(TYPED));
    (some(), some(), any::<bool>()).prop_map(|(keep, ask_again, from_start)| Resume {
        within: Duration::from_mins(10),
        keep,
        ask_again,
        from_start,
    })
}

/// Any shortcuts, also to screens that need what nobody has answered.
fn shortcuts() -> impl Strategy<Value = Vec<Shortcut>> {
    let key = select(vec!["1", "3", "7"]);
    let one = (key, 0_u16..4, 0_u16..7);
    vec(one, 0..3).prop_map(|all| {
        let shortcuts = all.into_iter();
        let made = shortcuts.map(|(key, menu, screen)| Shortcut {
            key: key.to_owned(),
            menu,
            screen,
        });
        made.collect()
    })
}

fn any_screen(index: usize, count: usize, last: usize) -> BoxedStrategy<Screen> {
    let target = || any_target(index, count, last);
    let options = move || choices(target().boxed());
    let menus = (text(0..120), options()).prop_map(|(text, options)| Verb::Menu { text, options });
    let shows = (text(0..250), options()).prop_map(|(text, options)| Verb::Show {
        text,
        paged: true,
        options,
    });
    let ends = text(0..250).prop_map(|text| Verb::End { text });
    let languages = (text(0..30), target()).prop_map(|(text, go)| Verb::Language { text, go });
    let confirms = (text(0..120), target(), target()).prop_map(|(text, yes, no)| Verb::Confirm {
        text,
        key: "7".to_owned(),
        yes,
        no,
    });
    let verb = prop_oneof![
        2 => menus,
        1 => shows,
        1 => ends,
        1 => languages,
        1 => confirms,
        2 => lists(target().boxed(), options().boxed()),
        2 => asks(target().boxed()),
        4 => calls(target().boxed()),
        2 => routes(target().boxed()),
        2 => sets(target().boxed()),
    ];
    let live = subsequence(vec![0, 1, LIST, ITEM], 0..=2);
    (verb, option::of(text(0..100)), live, any::<bool>())
        .prop_map(|(verb, sms, live, direct)| Screen {
            sms,
            live: live.into(),
            direct,
            ..screen("any", verb)
        })
        .boxed()
}

fn lists(
    target: BoxedStrategy<Target>,
    options: BoxedStrategy<Vec<Choice>>,
) -> impl Strategy<Value = Verb> {
    let row = select(vec!["{5.0} {5.1}", "{5.2} ni {5.1}", "{0}, {5.5}"]);
    (text(0..60), row, target, options).prop_map(|(text, row, go, options)| Verb::List {
        text,
        items: LIST,
        item: ITEM,
        row: Texts(vec![template(row), template(row)]),
        go,
        options,
    })
}

fn asks(target: BoxedStrategy<Target>) -> impl Strategy<Value = Verb> {
    let secret = AnswerType::Digits {
        min: 4,
        max: 6,
        pattern: None,
        sensitive: true,
    };
    let amount = AnswerType::Amount {
        min: 10_000,
        max: 3_000_000,
        currency: Currency::TZS,
    };
    let born = AnswerType::Date {
        min: None,
        max: Some(DayLimit::Days(0)),
    };
    let note = AnswerType::Text {
        min: 2,
        max: 40,
        pattern: Some(Pattern::new("[^4]*").unwrap()),
        sensitive: false,
    };
    let answer = select(vec![
        (AnswerType::Member(NumberRule::Chf), 0),
        (AnswerType::Control, OTHER),
        (AnswerType::Number { min: 1, max: 12 }, OTHER),
        (secret, TYPED),
        (amount, OTHER),
        (born, OTHER),
        (AnswerType::Phone(National::default()), OTHER),
        (choices_of_kind(), KIND),
        (note, OTHER),
    ]);
    let targets = (target.clone(), target);
    (text(0..80), text(0..60), answer, 0_u8..3, targets).prop_map(
        |(text, wrong, (answer, into), tries, (go, exhausted))| Verb::Ask {
            text,
            answer,
            into,
            wrong,
            tries,
            exhausted,
            go,
            options: Vec::new(),
        },
    )
}

fn calls(target: BoxedStrategy<Target>) -> impl Strategy<Value = Verb> {
    let ways = vec((target, option::of(text(0..60))), 9);
    (select(CALLS.to_vec()), ways).prop_map(|((operation, takes, into), ways)| Verb::Call {
        operation,
        arguments: takes.iter().map(|name| path(name)).collect(),
        into: Some(into),
        on: operation
            .signature()
            .unwrap()
            .outcomes
            .iter()
            .zip(ways)
            .map(|(kind, (target, sms))| OutcomeTarget {
                name: kind.name,
                gives: kind.gives,
                target,
                sms,
            })
            .collect(),
    })
}

fn routes(target: BoxedStrategy<Target>) -> impl Strategy<Value = Verb> {
    let way = (condition(), target.clone()).prop_map(|(when, go)| Way { when, go });
    (vec(way, 1..4), target).prop_map(|(ways, otherwise)| Verb::Route { ways, otherwise })
}

fn sets(target: BoxedStrategy<Target>) -> impl Strategy<Value = Verb> {
    let value = select(vec![
        (SIZE, Operand::Constant(Value::Number(6))),
        (SIZE, Operand::Count(LIST)),
        (SIZE, Operand::Value(Path::to_setting(1))),
        (DAY, Operand::Today),
        (DAY, Operand::Value(path("2.4"))),
        (0, Operand::Value(path("1.0"))),
    ]);
    (vec(value, 1..3), target).prop_map(|(values, go)| Verb::Set { values, go })
}

/// Any comparison of two values, whether it makes sense or not.
fn condition() -> impl Strategy<Value = Condition> {
    let operand = || {
        select(vec![
            Operand::Value(path("0")),
            Operand::Value(path("2.4")),
            Operand::Value(path("7")),
            Operand::Value(path("9")),
            Operand::Value(path("10")),
            Operand::Value(Path::to_setting(1)),
            Operand::Count(LIST),
            Operand::Language,
            Operand::Today,
            Operand::Constant(Value::Number(6)),
            Operand::Constant(Value::Text("sw".to_owned())),
        ])
    };
    let test = select(vec![Test::Is, Test::IsNot, Test::Below, Test::AtLeast]);
    (operand(), test, operand()).prop_map(|(left, test, right)| Condition { left, test, right })
}

fn choices(target: BoxedStrategy<Target>) -> impl Strategy<Value = Vec<Choice>> {
    let option = (text(1..25), target, option::weighted(0.3, condition()));
    vec(option, 0..6).prop_map(|options| {
        let numbered = options.into_iter().enumerate();
        numbered
            .map(|(index, (text, go, when))| Choice {
                text,
                when,
                ..choice(&(index + 1).to_string(), "", go)
            })
            .collect()
    })
}

/// Menus open only those after them, so never in a circle.
fn any_target(index: usize, count: usize, last: usize) -> impl Strategy<Value = Target> {
    let screens = (0..=count).prop_map(|id| Target::Screen(u16::try_from(id).unwrap()));
    let then = option::of(0..=u16::try_from(count).unwrap());
    let opened = (index + 1..=last.max(index + 1), then).prop_map(move |(menu, then)| {
        let menu = u16::try_from(menu.min(last)).unwrap();
        let arguments = vec![path("0")];
        if usize::from(menu) > index {
            Target::Open {
                menu,
                arguments,
                into: vec![0],
                then,
            }
        } else {
            Target::Home
        }
    });
    let back = Target::Return(vec![path("0")]);
    prop_oneof![
        4 => screens,
        2 => opened,
        1 => Just(Target::Back),
        1 => Just(Target::Home),
        1 => Just(back),
    ]
}

/// Words and placeholders of about so many characters, some outside the GSM 7-bit alphabet.
fn text(length: std::ops::Range<usize>) -> impl Strategy<Value = Texts> {
    let piece = prop_oneof![
        12 => select(vec!["bima", "ya", "afya\n", "mwanachama,", "[x]", "€", "\n\n", "a  b"]),
        4 => select(vec!["{0}", "{1.1:8}", "{2.3}", "{3.0}", "{5.5}", "{1.2}", "{7}", "{8}", "{65535.0}", "{9}"]),
        1 => select(vec!["reçu", "धन्यवाद", "😀", "x\u{a0}y", "kitambulishochanguchabimayaafyayajamii"]),
    ];
    let one = move |length: std::ops::Range<usize>| {
        vec(piece.clone(), length.start / 6..length.end / 5 + 1)
            .prop_map(|pieces| template(&pieces.join(" ")))
    };
    vec(one(length), 2).prop_map(|texts| labelled(Texts(texts)))
}

/// What may be dialled behind a code.
pub(super) fn dialled() -> impl Strategy<Value = Vec<String>> {
    let keys = vec![
        "1",
        "2",
        "3",
        "4",
        "7",
        "0",
        "00",
        "98",
        "070707081",
        "1234",
        "6",
        "999990000017",
    ];
    vec(select(keys).prop_map(str::to_owned), 1..20)
}

/// What a phone or the world may send.
#[derive(Clone, Debug)]
pub(super) enum Event {
    /// A key or a text.
    Typed(String),
    /// For a call: one of its outcomes with such values. For the rest: done or failed.
    Answered(Index, Oddity),
    /// An outcome that does not fit what was asked.
    Misfit(Outcome),
}

/// How texts from outside look.
#[derive(Clone, Copy, Debug)]
pub(super) enum Oddity {
    Widest,
    Costly,
    Foreign,
    Forged,
}

pub(super) fn events() -> impl Strategy<Value = Vec<Event>> {
    let keys = select(vec![
        "1",
        "2",
        "3",
        "4",
        "5",
        "6",
        "7",
        "10",
        "0",
        "00",
        "98",
        "070707081",
        "999990000017",
        "1234",
        SECRET,
        "30,000",
        "07021960",
        "0712345678",
        "",
        "x",
        "१",
        "{0}",
    ]);
    let oddity = select(vec![
        Oddity::Widest,
        Oddity::Costly,
        Oddity::Foreign,
        Oddity::Forged,
    ]);
    let misfit = select(vec![Outcome::Done, Outcome::Failed, Outcome::Wrong]);
    let event = prop_oneof![
        8 => keys.prop_map(|key| Event::Typed(key.to_owned())),
        8 => (any::<Index>(), oddity).prop_map(|(index, oddity)| Event::Answered(index, oddity)),
        1 => "\\PC{0,200}".prop_map(Event::Typed),
        1 => misfit.prop_map(Event::Misfit),
    ];
    vec(event, 1..40)
}

/// An outcome of a call.
pub(super) fn outcome(operation: Operation, index: Index, oddity: Oddity) -> Outcome {
    let signature = operation.signature().unwrap();
    let kind = index.get(&signature.outcomes);
    let given = signature.gives.as_ref().filter(|_| kind.gives);
    Outcome::Call {
        name: kind.name,
        value: given.map(|of| odd(many(of.widest(NumberRule::Chf)), oddity)),
    }
}

/// A list of several records instead of one.
fn many(value: Value) -> Value {
    if let Value::List(records) = value {
        return Value::List(records.into_iter().cycle().take(7).collect());
    }
    value
}

fn odd(value: Value, oddity: Oddity) -> Value {
    let each = |values: Vec<Value>| values.into_iter().map(|value| odd(value, oddity)).collect();
    match value {
        Value::Text(text) => Value::Text(match oddity {
            Oddity::Widest => text,
            Oddity::Costly => "[".repeat(text.chars().count()),
            Oddity::Foreign => "धन्य 漢😀".to_owned(),
            Oddity::Forged => format!("{}\n1 Lipa\u{202e} {{0}}", gsm7::fold(&text)),
        }),
        Value::Record(fields) => Value::Record(each(fields)),
        Value::List(records) => Value::List(each(records)),
        plain @ (Value::Number(_)
        | Value::Amount(_)
        | Value::Date(_)
        | Value::Member(_)
        | Value::Control(_)
        | Value::Phone(_)) => plain,
    }
}
