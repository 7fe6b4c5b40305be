//! Menu files as they are written: names instead of indices, every piece with its place.
//!
//! `read` makes it from YAML and has reported whatever does not fit this shape; `check` resolves it.
//! What could not be read is absent (`None`), so that the rest can still be checked.

use std::sync::Arc;

use super::{
    AnswerType, DeclaredCall, Keys, LanguageName, Operation, Record, Setting, Signature, Test,
    Type, Value,
};
use crate::model::{ServiceCode, source::Span};

/// A name and where it is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Name {
    pub(crate) text: String,
    pub(crate) at: Span,
}

/// The files of one folder.
#[derive(Debug)]
#[cfg_attr(test, derive(Default))]
pub(crate) struct Set {
    pub(crate) name: String,
    pub(crate) root: Root,
    /// The root's own menu first.
    pub(crate) menus: Vec<Menu>,
    /// The calls that the set declares itself.
    pub(crate) declared: Vec<DeclaredCall>,
    /// The names of those that have mistakes: using them is no new one.
    pub(crate) unread_calls: Vec<String>,
    /// The fragments, each as a menu of which only name, screens and files of texts are known.
    pub(crate) fragments: Vec<Menu>,
    /// The root's settings, with the values that the installation gives them.
    pub(crate) settings: Vec<Setting>,
}

impl Set {
    /// The call of that name, the program's or the set's own.
    pub(crate) fn call(&self, name: &str) -> Option<(Operation, &Signature)> {
        if let Some(operation) = Operation::named(name) {
            return operation.signature().map(|known| (operation, known));
        }
        let mut declared = (0..).zip(&self.declared);
        let found = declared.find(|(_, declared)| declared.signature.name == name);
        found.map(|(index, declared)| (Operation::Declared(index), &declared.signature))
    }

    /// The records that calls give.
    pub(crate) fn records(&self) -> impl Iterator<Item = &Arc<Record>> {
        let gives = self.signatures().filter_map(|call| call.gives.as_ref());
        gives.filter_map(Type::record)
    }

    /// The names of all calls.
    pub(crate) fn calls(&self) -> impl Iterator<Item = &str> {
        self.signatures().map(|call| call.name.as_ref())
    }

    fn signatures(&self) -> impl Iterator<Item = &Signature> {
        let known = Operation::ALL.into_iter();
        let known = known.filter_map(|operation| -> Option<&Signature> { operation.signature() });
        known.chain(self.declared.iter().map(|declared| &declared.signature))
    }
}

/// What only the root says.
#[derive(Debug)]
#[cfg_attr(test, derive(Default))]
pub(crate) struct Root {
    pub(crate) service: Option<ServiceCode>,
    pub(crate) languages: Vec<LanguageName>,
    pub(crate) keys: Keys,
    /// In the order of [`WORDS`].
    pub(crate) words: Vec<Option<Text>>,
    /// Whether `late:` is there, readable or not.
    pub(crate) late_there: bool,
    pub(crate) late_ask: Option<Text>,
    pub(crate) late_wrong: Option<Text>,
    /// Whether `messages:` is there, readable or not.
    pub(crate) messages_there: bool,
    /// In the order of `MessageKind::ALL`.
    pub(crate) messages: Vec<Option<Text>>,
    pub(crate) first_dial: Option<Name>,
    /// In the order of [`RESUME_WORDS`]; a set that resumes nothing needs none.
    pub(crate) resume_words: Vec<Option<Text>>,
    /// The key [`TOO_MANY`] of `words:`, which may be left out.
    pub(crate) too_many: Option<Text>,
    /// The last page of a caller whose line is forgotten; a set need not have it.
    pub(crate) forgotten: Option<Text>,
}

/// The keys of `words:` that stand on the page that offers to go on.
pub(crate) const RESUME_WORDS: [&str; 3] = ["resume", "carry_on", "start_again"];

/// The key of `words:` for who comes too often; without it the word for `unavailable` is said.
pub(crate) const TOO_MANY: &str = "too_many";

/// The keys of the root's `words:`.
pub(crate) const WORDS: [&str; 9] = [
    "yes",
    "no",
    "back",
    "home",
    "more",
    "choose_again",
    "busy",
    "unavailable",
    "wrong_number",
];

/// One menu file.
#[derive(Debug)]
pub(crate) struct Menu {
    /// Its name, where it is written or at the file's beginning.
    pub(crate) name: Name,
    pub(crate) takes: Vec<(Name, Name)>,
    /// What it returns with: names and types.
    pub(crate) gives: Vec<(Name, Name)>,
    /// What is dialled to begin in it: keys and screens.
    pub(crate) shortcuts: Vec<(Name, Name)>,
    pub(crate) resume: Option<Resume>,
    pub(crate) start: Option<Name>,
    /// Its own screens, the one that is shown while it is off, then those that it includes.
    pub(crate) screens: Vec<Screen>,
    /// How many of them stand in its own file.
    pub(crate) own: usize,
    pub(crate) off: Option<Off>,
    pub(crate) includes: Vec<Name>,
    /// The file of its texts in each further language of the set.
    pub(crate) texts_files: Vec<TextsFile>,
    /// Whether anything of it could be read.
    pub(crate) read: bool,
}

/// When a menu is off.
#[derive(Debug)]
pub(crate) struct Off {
    pub(crate) when: Option<Condition>,
    /// The position of the screen that is shown then.
    pub(crate) screen: usize,
}

/// One comparison.
#[derive(Clone, Debug)]
pub(crate) struct Condition {
    /// As written.
    pub(crate) written: String,
    pub(crate) left: Argument,
    pub(crate) test: Test,
    pub(crate) right: Operand,
    pub(crate) at: Span,
}

/// What something is compared with, or set to.
#[derive(Clone, Debug)]
pub(crate) enum Operand {
    Constant(Value),
    /// A value, or a word of a choice.
    Named(Argument),
}

/// Whether there is a file of texts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TextsFile {
    There,
    Missing,
    /// There, but no YAML; what it holds is not known.
    Unreadable,
}

/// One screen.
#[derive(Clone, Debug)]
pub(crate) struct Screen {
    pub(crate) name: Name,
    /// `None` where it could not be read.
    pub(crate) verb: Option<Verb>,
    pub(crate) sms: Option<Text>,
    /// Whether it takes what was dialled behind the code.
    pub(crate) direct: bool,
}

/// What a menu says of a dialogue that was dropped in it.
#[derive(Debug)]
pub(crate) struct Resume {
    pub(crate) at: Span,
    /// For how many seconds.
    pub(crate) within: u64,
    pub(crate) keep: Vec<Name>,
    pub(crate) ask_again: Vec<Name>,
    pub(crate) forget: Vec<Name>,
}

/// A screen's verb.
#[derive(Clone, Debug)]
#[expect(
    clippy::large_enum_variant,
    reason = "what is written is gone after the check; boxes would only hide its shape"
)]
pub(crate) enum Verb {
    Menu {
        text: Text,
        options: Vec<Choice>,
    },
    List {
        items: Argument,
        item: Name,
        text: Text,
        row: Text,
        go: Target,
        options: Vec<Choice>,
    },
    Ask {
        text: Text,
        answer: AnswerType,
        /// The texts and keys of what there is to choose from, as in `answer`.
        alternatives: Vec<Alternative>,
        into: Name,
        wrong: Text,
        tries: u8,
        exhausted: Target,
        go: Target,
        options: Vec<Choice>,
    },
    Confirm {
        text: Text,
        key: Name,
        yes: Target,
        no: Target,
    },
    Show {
        text: Text,
        paged: bool,
        options: Vec<Choice>,
    },
    End {
        text: Text,
    },
    Call {
        operation: Name,
        arguments: Vec<Argument>,
        into: Option<Name>,
        on: Vec<(Name, Target)>,
        sms: Vec<(Name, Text)>,
    },
    Language {
        text: Text,
        go: Target,
    },
    Route {
        ways: Vec<(Condition, Target)>,
        otherwise: Target,
    },
    Set {
        values: Vec<(Name, Operand)>,
        go: Target,
    },
}

/// An answer to choose.
#[derive(Clone, Debug)]
pub(crate) struct Alternative {
    pub(crate) key: Name,
    pub(crate) text: Text,
}

/// An option.
#[derive(Clone, Debug)]
pub(crate) struct Choice {
    pub(crate) key: Name,
    pub(crate) text: Text,
    pub(crate) go: Target,
    pub(crate) when: Option<Condition>,
}

/// Where something leads.
#[derive(Clone, Debug)]
pub(crate) enum Target {
    Screen(Name),
    Open {
        menu: Name,
        arguments: Vec<Argument>,
        /// What keeps what the menu returns with.
        results: Vec<Name>,
        then: Option<Name>,
    },
    Back,
    Home,
    Return {
        /// Names of what the menu gives, and the values.
        values: Vec<(Name, Argument)>,
        at: Span,
    },
}

/// `member` or `me.number`.
#[derive(Clone, Debug)]
pub(crate) struct Argument {
    pub(crate) variable: String,
    pub(crate) field: Option<String>,
    pub(crate) at: Span,
}

/// One text in the set's languages.
#[derive(Clone, Debug)]
pub(crate) struct Text {
    /// Where it stands in the tree of every language: `screens.main.menu`.
    pub(crate) path: String,
    /// In the set's first language.
    pub(crate) base: Written,
    /// In its further languages, in their order.
    pub(crate) others: Vec<Option<Written>>,
}

/// A text in one language.
#[derive(Clone, Debug)]
pub(crate) struct Written {
    pub(crate) pieces: Vec<Piece>,
    pub(crate) at: Span,
}

/// A piece of a text.
#[derive(Clone, Debug)]
pub(crate) enum Piece {
    Literal(String),
    Placeholder {
        value: Argument,
        width: Option<usize>,
    },
}

impl Text {
    /// Each language's position and text, where it has one.
    pub(crate) fn languages(&self) -> impl Iterator<Item = (usize, &Written)> {
        let others = self.others.iter().enumerate();
        let others = others
            .filter_map(|(index, written)| written.as_ref().map(|written| (index + 1, written)));
        std::iter::once((0, &self.base)).chain(others)
    }

    /// The text in the language at `index`, else in the first.
    pub(crate) fn written(&self, index: usize) -> &Written {
        let other = index
            .checked_sub(1)
            .and_then(|index| self.others.get(index));
        other.and_then(Option::as_ref).unwrap_or(&self.base)
    }
}

impl Written {
    /// The values that it names.
    pub(crate) fn values(&self) -> impl Iterator<Item = &Argument> {
        self.pieces.iter().filter_map(|piece| match piece {
            Piece::Literal(_) => None,
            Piece::Placeholder { value, .. } => Some(value),
        })
    }

    /// Whether it has a letter outside its placeholders.
    pub(crate) fn has_words(&self) -> bool {
        self.pieces.iter().any(|piece| match piece {
            Piece::Literal(text) => text.chars().any(char::is_alphabetic),
            Piece::Placeholder { .. } => false,
        })
    }
}

impl Target {
    /// The values that it hands over or returns with.
    pub(crate) fn values(&self) -> impl Iterator<Item = &Argument> {
        let (arguments, returned): (&[Argument], &[(Name, Argument)]) = match self {
            Self::Open { arguments, .. } => (arguments, &[]),
            Self::Return { values, .. } => (&[], values),
            Self::Screen(_) | Self::Back | Self::Home => (&[], &[]),
        };
        let returned = returned.iter().map(|(_, value)| value);
        arguments.iter().chain(returned)
    }
}

impl Argument {
    /// As written: `bill.number`.
    pub(crate) fn written(&self) -> String {
        match &self.field {
            Some(field) => format!("{}.{field}", self.variable),
            None => self.variable.clone(),
        }
    }
}

impl Condition {
    /// The values that it names.
    pub(crate) fn values(&self) -> impl Iterator<Item = &Argument> {
        std::iter::once(&self.left).chain(self.right.named())
    }
}

impl Operand {
    /// The value that it names.
    pub(crate) fn named(&self) -> Option<&Argument> {
        match self {
            Self::Constant(_) => None,
            Self::Named(argument) => Some(argument),
        }
    }
}

impl Screen {
    /// The text that the screen shows first, where it shows any.
    pub(crate) fn text(&self) -> Option<&Text> {
        match self.verb.as_ref()? {
            Verb::Menu { text, .. }
            | Verb::List { text, .. }
            | Verb::Ask { text, .. }
            | Verb::Confirm { text, .. }
            | Verb::Show { text, .. }
            | Verb::End { text }
            | Verb::Language { text, .. } => Some(text),
            Verb::Call { .. } | Verb::Route { .. } | Verb::Set { .. } => None,
        }
    }

    /// Its options.
    pub(crate) fn options(&self) -> &[Choice] {
        match &self.verb {
            Some(
                Verb::Menu { options, .. }
                | Verb::List { options, .. }
                | Verb::Ask { options, .. }
                | Verb::Show { options, .. },
            ) => options,
            Some(
                Verb::Confirm { .. }
                | Verb::End { .. }
                | Verb::Call { .. }
                | Verb::Language { .. }
                | Verb::Route { .. }
                | Verb::Set { .. },
            )
            | None => &[],
        }
    }

    /// Everywhere that it leads.
    pub(crate) fn targets(&self) -> Vec<&Target> {
        let mut targets: Vec<&Target> = self.options().iter().map(|choice| &choice.go).collect();
        match &self.verb {
            Some(Verb::List { go, .. } | Verb::Language { go, .. } | Verb::Set { go, .. }) => {
                targets.push(go);
            }
            Some(Verb::Route { ways, otherwise }) => {
                targets.extend(ways.iter().map(|(_, target)| target));
                targets.push(otherwise);
            }
            Some(Verb::Ask { go, exhausted, .. }) => targets.extend([go, exhausted]),
            Some(Verb::Confirm { yes, no, .. }) => targets.extend([yes, no]),
            Some(Verb::Call { on, .. }) => targets.extend(on.iter().map(|(_, target)| target)),
            Some(Verb::Menu { .. } | Verb::Show { .. } | Verb::End { .. }) | None => {}
        }
        targets
    }

    /// Every text that it shows or sends.
    pub(crate) fn texts(&self) -> Vec<&Text> {
        let mut texts: Vec<&Text> = self.text().into_iter().chain(&self.sms).collect();
        texts.extend(self.options().iter().map(|choice| &choice.text));
        match &self.verb {
            Some(Verb::List { row, .. }) => texts.push(row),
            Some(Verb::Ask {
                wrong,
                alternatives,
                ..
            }) => {
                texts.push(wrong);
                texts.extend(alternatives.iter().map(|one| &one.text));
            }
            Some(Verb::Call { sms, .. }) => texts.extend(sms.iter().map(|(_, text)| text)),
            Some(
                Verb::Menu { .. }
                | Verb::Confirm { .. }
                | Verb::Show { .. }
                | Verb::End { .. }
                | Verb::Language { .. }
                | Verb::Route { .. }
                | Verb::Set { .. },
            )
            | None => {}
        }
        texts
    }
}

impl Root {
    /// The word of that key, where it is written.
    pub(crate) fn word(&self, key: &str) -> Option<&Text> {
        if key == TOO_MANY {
            return self.too_many.as_ref();
        }
        let place = WORDS.iter().position(|known| *known == key)?;
        self.words.get(place)?.as_ref()
    }

    /// Every text of the root's own keys.
    pub(crate) fn texts(&self) -> impl Iterator<Item = &Text> {
        let late = self.late_ask.iter().chain(&self.late_wrong);
        let words = self.words.iter().flatten();
        let resume = self.resume_words.iter().flatten();
        let messages = self.messages.iter().flatten();
        let words = words.chain(&self.too_many).chain(&self.forgotten);
        words.chain(resume).chain(late).chain(messages)
    }
}

impl Menu {
    /// Makes what is shown while it is off a last page.
    pub(crate) fn end_when_off(&mut self) {
        let off = self
            .off
            .as_ref()
            .and_then(|off| self.screens.get_mut(off.screen));
        if let Some(screen) = off
            && let Some(Verb::Show { text, .. }) = screen.verb.take()
        {
            screen.verb = Some(Verb::End { text });
        }
    }

    /// The names of the menus that it opens.
    pub(crate) fn opens(&self) -> impl Iterator<Item = &str> {
        let targets = self.screens.iter().flat_map(Screen::targets);
        targets.filter_map(|target| match target {
            Target::Open { menu, .. } => Some(menu.text.as_str()),
            Target::Screen(_) | Target::Back | Target::Home | Target::Return { .. } => None,
        })
    }

    /// Where it returns, and with what.
    pub(crate) fn returns(&self) -> impl Iterator<Item = (Span, &[(Name, Argument)])> {
        let targets = self.screens.iter().flat_map(Screen::targets);
        targets.filter_map(|target| match target {
            Target::Return { values, at } => Some((*at, values.as_slice())),
            Target::Screen(_) | Target::Back | Target::Home | Target::Open { .. } => None,
        })
    }
}
