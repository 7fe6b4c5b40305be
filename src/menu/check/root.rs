//! The root's own keys.

use super::{
    lower::{unprintable, width_of},
    report,
};
use crate::menu::{
    Late, Menu, MenuSet, MessageKind, Messages, Operation, Part, Path, Record, ScreenId, Template,
    Texts, Words,
    problem::{Found, Problem, Unknown},
    syntax::{Argument, Piece, Set, Text, Verb, Written},
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
        .map(|(kind, text)| Some(texts(text.as_ref()?, Some(kind.record()), problems)))
        .collect();
    needed(written, problems);
    let mut late =
        |text: Option<&Text>| text.map_or_else(Texts::default, |text| texts(text, None, problems));
    let late = Late {
        ask: late(root.late_ask.as_ref()),
        wrong: late(root.late_wrong.as_ref()),
    };
    let words = (0..root.languages.len()).map(|language| words(written, language, problems));
    let words: Vec<Option<Words>> = words.collect();
    Some(MenuSet {
        name: written.name.clone(),
        service: root.service.clone()?,
        languages: root.languages.clone(),
        keys: root.keys.clone(),
        words: words.into_iter().collect::<Option<_>>()?,
        late,
        messages: Messages(messages),
        menus,
        first_dial,
        declared: written.declared.clone(),
    })
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
fn words(written: &Set, language: usize, problems: &mut Vec<Found>) -> Option<Words> {
    let mut words = Vec::new();
    for text in &written.root.words {
        words.push(literal(text.as_ref()?.written(language), problems));
    }
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
    })
}

/// A text that holds no values.
fn literal(written: &Written, problems: &mut Vec<Found>) -> String {
    let template = template(written, None, problems);
    let literals = template.parts.into_iter().filter_map(|part| match part {
        Part::Literal(text) => Some(text),
        Part::Value { .. } | Part::Word { .. } => None,
    });
    literals.collect()
}

fn texts(text: &Text, record: Option<&Record>, problems: &mut Vec<Found>) -> Texts {
    let languages = 0..=text.others.len();
    Texts(
        languages
            .map(|language| template(text.written(language), record, problems))
            .collect(),
    )
}

/// A text whose placeholders are the fields of `record`, by their bare names.
fn template(written: &Written, record: Option<&Record>, problems: &mut Vec<Found>) -> Template {
    let parts = written.pieces.iter().filter_map(|piece| match piece {
        Piece::Literal(text) => Some(Part::Literal(text.clone())),
        Piece::Placeholder { value, width } => field(value, *width, record, problems),
    });
    Template {
        parts: parts.collect(),
    }
}

fn field(
    value: &Argument,
    width: Option<usize>,
    record: Option<&Record>,
    problems: &mut Vec<Found>,
) -> Option<Part> {
    let found = record.and_then(|record| record.field(&value.written()));
    let Some((index, of)) = found else {
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
    let path = Path {
        variable: 0,
        field: Some(u16::try_from(index).ok()?),
    };
    let width = width_of(&of, width);
    Some(Part::Value { path, width })
}
