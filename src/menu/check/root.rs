//! The root's own keys.

use super::{
    lower::{unprintable, width_of},
    operand, report,
};
use crate::{
    menu::{
        Late, Menu, MenuSet, MessageKind, Messages, Operation, Part, Path, Record, ResumeWords,
        ScreenId, Setting, Template, Texts, Type, Value, Words,
        page::{Values, print},
        problem::{Found, Problem, Unknown},
        syntax::{Argument, Piece, Set, Text, Verb, Written},
    },
    model::NumberRule,
};

/// The set around its menus. `None` where the root lacks something that a set cannot be without.
pub(super) fn lower(
    written: &Set,
    menus: Vec<Menu>,
    first_dial: ScreenId,
    problems: &mut Vec<Found>,
) -> Option<MenuSet> {
    let root = &written.root;
    let messages = MessageKind::ALL.into_iter().zip(&root.messages);
    let messages: Vec<Option<Texts>> = messages
        .map(|(kind, text)| {
            Some(texts(
                written,
                text.as_ref()?,
                Some(kind.record()),
                problems,
            ))
        })
        .collect();
    needed(written, problems);
    let mut late = |text: Option<&Text>| {
        text.map_or_else(Texts::default, |text| texts(written, text, None, problems))
    };
    let late = Late {
        ask: late(root.late_ask.as_ref()),
        wrong: late(root.late_wrong.as_ref()),
    };
    let settings: Vec<Setting> = written.settings.iter().map(widest).collect();
    Some(MenuSet {
        name: written.name.clone(),
        service: root.service.clone()?,
        languages: root.languages.clone(),
        keys: root.keys.clone(),
        words: all_words(written, &settings, problems)?,
        late,
        messages: Messages(messages),
        menus,
        first_dial,
        declared: written.declared.clone(),
        shortcuts: Vec::new(),
        resume: resume(written, problems),
        settings,
        numbers: NumberRule::default(),
    })
}

/// The page that offers to go on.
fn resume(written: &Set, problems: &mut Vec<Found>) -> Option<ResumeWords> {
    let words = written.root.resume_words.iter();
    let words = words.map(|text| Some(texts(written, text.as_ref()?, None, problems)));
    let words: Vec<Option<Texts>> = words.collect();
    let [ask, carry_on, start_again] = words.try_into().ok()?;
    Some(ResumeWords {
        ask: ask?,
        carry_on: carry_on?,
        start_again: start_again?,
    })
}

/// A setting with the longest value that an installation can give it: with that a set is checked.
fn widest(setting: &Setting) -> Setting {
    Setting {
        value: setting.of.widest(NumberRule::default()),
        ..setting.clone()
    }
}

/// A checked set with the values that its installation gives to settings.
pub(super) fn installed(set: MenuSet, written: &Set) -> MenuSet {
    let words = all_words(written, &written.settings, &mut Vec::new());
    MenuSet {
        words: words.unwrap_or(set.words),
        settings: written.settings.clone(),
        ..set
    }
}

/// The settings, for a text that can name nothing else.
struct Settings<'a>(&'a [Setting]);

impl Values for Settings<'_> {
    fn value(&self, path: Path) -> Option<&Value> {
        let setting = self.0.get(usize::from(path.setting()?))?;
        Some(&setting.value)
    }
}

/// The words in each language.
fn all_words(written: &Set, settings: &[Setting], problems: &mut Vec<Found>) -> Option<Vec<Words>> {
    let languages = 0..written.root.languages.len();
    let words = languages.map(|language| words(written, language, settings, problems));
    let words: Vec<Option<Words>> = words.collect();
    words.into_iter().collect()
}

/// Reports what the root lacks for the calls of its set: the question before a late answer, the SMS
/// that tell of a payment.
fn needed(written: &Set, problems: &mut Vec<Found>) {
    let screens = written.menus.iter().flat_map(|menu| &menu.screens);
    let calls = screens.filter_map(|screen| match &screen.verb {
        Some(Verb::Call { operation, .. }) => written.call(&operation.text),
        _ => None,
    });
    let (mut late, mut bills) = (false, false);
    for (operation, signature) in calls {
        late |= signature.late;
        bills |= operation == Operation::PaymentBill;
    }
    let (root, Some(menu)) = (&written.root, written.menus.first()) else {
        return;
    };
    if late && !root.late_there {
        let problem = Problem::MissingKey("late", "the root of a set whose calls can be late");
        report(problems, menu.name.at, problem);
    }
    if bills && !root.messages_there {
        let problem = Problem::MissingKey("messages", "the root of a set that asks for bills");
        report(problems, menu.name.at, problem);
    }
}

/// The words in one language.
fn words(
    written: &Set,
    language: usize,
    settings: &[Setting],
    problems: &mut Vec<Found>,
) -> Option<Words> {
    let spoken = written.root.languages.get(language)?.language;
    let mut print_words = |text: &Text| {
        let template = template(written, text.written(language), None, problems);
        print(&template, spoken, &Settings(settings))
    };
    let mut words = Vec::new();
    for text in &written.root.words {
        words.push(print_words(text.as_ref()?));
    }
    let forgotten = written.root.forgotten.as_ref().map(&mut print_words);
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
    ] = words.try_into().ok()?;
    let too_many = written.root.too_many.as_ref();
    let too_many = too_many.map_or_else(|| unavailable.clone(), print_words);
    Some(Words {
        yes,
        no,
        back,
        home,
        more,
        choose_again,
        busy,
        unavailable,
        wrong_number,
        too_many,
        forgotten,
    })
}

fn texts(set: &Set, text: &Text, record: Option<&Record>, problems: &mut Vec<Found>) -> Texts {
    let languages = 0..=text.others.len();
    Texts(
        languages
            .map(|language| template(set, text.written(language), record, problems))
            .collect(),
    )
}

/// A text whose placeholders are the fields of `record`, by their bare names, and settings.
fn template(
    set: &Set,
    written: &Written,
    record: Option<&Record>,
    problems: &mut Vec<Found>,
) -> Template {
    let parts = written.pieces.iter().filter_map(|piece| match piece {
        Piece::Literal(text) => Some(Part::Literal(text.clone())),
        Piece::Placeholder { value, width } => field(set, value, *width, record, problems),
    });
    Template {
        parts: parts.collect(),
    }
}

fn field(
    set: &Set,
    value: &Argument,
    width: Option<usize>,
    record: Option<&Record>,
    problems: &mut Vec<Found>,
) -> Option<Part> {
    let Some((path, of)) = named(set, value, record) else {
        let fields = record.map_or(&[][..], |record| &record.fields);
        let unknown = Unknown::new(
            &value.written(),
            fields.iter().map(|field| field.name.as_ref()),
        );
        report(problems, value.at, Problem::UnknownVariable(unknown));
        return None;
    };
    if let Some(problem) = unprintable(value, &of, width.is_some()) {
        report(problems, value.at, problem);
        return None;
    }
    let width = width_of(&of, width);
    Some(Part::Value { path, width })
}

/// A field of the record, or a setting.
fn named(set: &Set, value: &Argument, record: Option<&Record>) -> Option<(Path, Type)> {
    if let Some(setting) = operand::setting(set, value) {
        return Some(setting);
    }
    let (index, of) = record?.field(&value.written())?;
    let path = Path {
        variable: 0,
        field: Some(u16::try_from(index).ok()?),
    };
    Some((path, of))
}
