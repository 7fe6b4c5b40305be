use std::sync::Arc;

use super::{
    AnswerType, Condition, DeclaredCall, MessageKind, Operand, Operation, OutcomeName, Setting,
    Signature, Type,
    onward::{Opener, Resume, ResumeWords, Shortcut},
};
use crate::model::{Language, NumberRule, ServiceCode, source::Span};

/// Index of a menu in its set.
pub type MenuId = u16;
/// Index of a screen in its menu.
pub type ScreenId = u16;
/// Index of a variable in its menu.
pub type VarId = u16;

/// How many effects one key may lead to: calls, SMS of screens, a language that is remembered. The
/// check refuses more, and the dialogue asks no more.
pub const MOST_ASKS: u8 = 8;

/// A checked set of menus: one folder of files, one dial code.
#[derive(Clone, Debug)]
pub struct MenuSet {
    /// The folder's name, `chf`.
    pub name: String,
    /// The code that opens it.
    pub service: ServiceCode,
    /// Its languages, the fallback first. [`Texts`] are in this order.
    pub languages: Vec<LanguageName>,
    /// The keys that mean the same on every screen.
    pub keys: Keys,
    /// The words of those keys and of what the engine itself says, by language.
    pub words: Vec<Words>,
    /// What opens an answer that was late.
    pub late: Late,
    /// SMS texts that no screen sends, in the order of [`MessageKind::ALL`].
    pub messages: Messages,
    /// The menus; the first is the root, which the dial code opens.
    pub menus: Vec<Menu>,
    /// The root's screen for a caller whose language is not known.
    pub first_dial: ScreenId,
    /// The calls that the set declares itself: [`Operation::Declared`].
    pub declared: Vec<DeclaredCall>,
    /// What is dialled behind the code to begin elsewhere than at the root's start.
    pub shortcuts: Vec<Shortcut>,
    /// The page that offers to go on; there where a menu can be resumed.
    pub resume: Option<ResumeWords>,
    /// Its settings, with the values that this installation gives them.
    pub settings: Vec<Setting>,
    /// Which numbers its members have: all of its answers and calls are read by it.
    pub numbers: NumberRule,
}

/// A language of a set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LanguageName {
    /// Its tag.
    pub language: Language,
    /// Its name in itself: `Kiswahili`.
    pub name: String,
}

/// The keys that mean the same on every screen.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Keys {
    /// One screen back; also "no" on a confirm screen.
    pub back: String,
    /// To the root's start.
    pub home: String,
    /// The next page.
    pub more: String,
}

/// The engine's own words in one language.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Words {
    /// Beside the key of a confirm screen.
    pub yes: String,
    /// Beside the back key on a confirm screen.
    pub no: String,
    /// Beside the back key.
    pub back: String,
    /// Beside the home key.
    pub home: String,
    /// Beside the more key.
    pub more: String,
    /// Above a screen whose key was not one of its own: "choose again".
    pub choose_again: String,
    /// The end of a turn whose predecessor still runs: "busy, dial again".
    pub busy: String,
    /// The end of a turn that cannot be served: "try again later".
    pub unavailable: String,
    /// The end of a call whose code no menu has.
    pub wrong_number: String,
    /// The end of a call of who came too often: "wait a minute".
    pub too_many: String,
    /// The end of a call whose caller is forgotten, where the set has words for it: "dial again".
    pub forgotten: Option<String>,
}

/// What opens an answer that was late, for a phone that is not linked to its member. Without texts
/// where no call of the set can be late.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Late {
    /// Asks for the last four digits of the member number. Names nobody.
    pub ask: Texts,
    /// Above `ask` when they were wrong.
    pub wrong: Texts,
}

/// The texts of [`MessageKind::ALL`], in that order; none where the set asks for no bill.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Messages(pub Vec<Option<Texts>>);

impl Messages {
    /// The text of a kind.
    pub fn get(&self, kind: MessageKind) -> Option<&Texts> {
        MessageKind::ALL
            .iter()
            .position(|known| *known == kind)
            .and_then(|index| self.0.get(index)?.as_ref())
    }
}

/// One menu: one file, its screens and variables.
#[derive(Clone, Debug)]
pub struct Menu {
    /// Its name, which is the file's.
    pub name: String,
    /// What it takes when opened: the first variables, in order.
    pub takes: usize,
    /// Its variables.
    pub variables: Vec<Variable>,
    /// Its screens.
    pub screens: Vec<Screen>,
    /// Where it begins.
    pub start: ScreenId,
    /// Where a return from it leads, for each way that opens it.
    pub openers: Vec<Opener>,
    /// What is left of a dialogue that was dropped in it; nothing where it is not resumed.
    pub resume: Option<Resume>,
    /// When it is switched off, and what is shown then.
    pub off: Option<Off>,
}

/// A menu that can be switched off.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Off {
    /// When it is; always, where there is no condition. It is decided when the menu is opened.
    pub when: Option<Condition>,
    /// The screen that is entered in place of any other: information, in the root an end.
    pub screen: ScreenId,
}

/// A variable of a menu. It has one type wherever it is set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Variable {
    /// As written in `as:` or `takes:`.
    pub name: String,
    /// Its type.
    pub of: Type,
}

/// A screen: one verb, and what entering it sends.
#[derive(Clone, Debug)]
pub struct Screen {
    /// Its name in the file.
    pub name: String,
    /// Where it is written.
    pub span: Span,
    /// What it does.
    pub verb: Verb,
    /// An SMS to the caller, sent whenever this screen is entered, in time or late.
    pub sms: Option<Texts>,
    /// The variables that must be set on entering it, in their order: those that it, or a screen
    /// that it leads to, reads before they are set anew.
    pub live: Arc<[VarId]>,
    /// Whether it takes a key that was dialled behind the code.
    pub direct: bool,
}

/// What a screen does.
#[derive(Clone, Debug)]
pub enum Verb {
    /// A text and options.
    Menu {
        /// Above the options.
        text: Texts,
        /// In the order shown.
        options: Vec<Choice>,
    },
    /// One option for each record of a list, numbered from 1 over all pages; numbers that are a
    /// key of the set or of an option are left out.
    List {
        /// Above the rows.
        text: Texts,
        /// The list.
        items: VarId,
        /// The chosen record; in a row's text, that row's record.
        item: VarId,
        /// One row.
        row: Texts,
        /// Where a choice leads.
        go: Target,
        /// After the rows.
        options: Vec<Choice>,
    },
    /// Asks for something to be typed.
    Ask {
        /// The question.
        text: Texts,
        /// What is a right answer.
        answer: AnswerType,
        /// Where the answer is kept.
        into: VarId,
        /// Above the question when the answer was not right.
        wrong: Texts,
        /// How many wrong answers are borne.
        tries: u8,
        /// Where one more leads.
        exhausted: Target,
        /// Where a right answer leads.
        go: Target,
        /// Keys that no right answer can be.
        options: Vec<Choice>,
    },
    /// Reads back and asks for one key. The back key is "no".
    Confirm {
        /// What is read back.
        text: Texts,
        /// The key for "yes"; no way that leads here uses it.
        key: String,
        /// Where "yes" leads.
        yes: Target,
        /// Where "no" leads.
        no: Target,
    },
    /// A page of information, with back and home; over several pages if `paged`.
    Show {
        /// The information.
        text: Texts,
        /// Whether it may run over several pages.
        paged: bool,
        /// Where it leads on.
        options: Vec<Choice>,
    },
    /// The last page.
    End {
        /// What it says.
        text: Texts,
    },
    /// Asks something of the world; shows nothing itself.
    Call {
        /// What.
        operation: Operation,
        /// With what.
        arguments: Arguments,
        /// Where what it gives is kept.
        into: Option<VarId>,
        /// Each outcome of the operation, in the order of its signature, those that were left out aside.
        on: Vec<OutcomeTarget>,
    },
    /// Lets the caller choose a language of the set, each by its own name, and remembers it.
    Language {
        /// Above the languages.
        text: Texts,
        /// Where it leads.
        go: Target,
    },
    /// Goes the first way whose condition holds; shows nothing itself.
    Route {
        /// The ways, in the order in which they are tried.
        ways: Vec<Way>,
        /// Where it leads when none of them is open.
        otherwise: Target,
    },
    /// Sets variables; shows nothing itself.
    Set {
        /// Each variable and its new value. All values are taken before one is set.
        values: Vec<(VarId, Operand)>,
        /// Where it leads.
        go: Target,
    },
}

/// A way of a route.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Way {
    /// When it is open.
    pub when: Condition,
    /// Where it leads.
    pub go: Target,
}

/// Values for a call or a menu, in the order it takes them.
pub type Arguments = Vec<Path>;

/// One way that a call ends, and where it leads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutcomeTarget {
    /// Which.
    pub name: OutcomeName,
    /// Whether what the call gives is kept by it.
    pub gives: bool,
    /// Where.
    pub target: Target,
    /// The SMS for a late answer of this kind, where its screen has none of its own.
    pub sms: Option<Texts>,
}

/// An option: a key, its text and where it leads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    /// What is typed.
    pub key: String,
    /// Beside the key.
    pub text: Texts,
    /// Where it leads.
    pub go: Target,
    /// When it is shown and its key taken; always, where there is no condition. The other options
    /// keep their keys.
    pub when: Option<Condition>,
}

/// Where a key, an answer or an outcome leads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    /// A screen of this menu.
    Screen(ScreenId),
    /// The start of another menu of the set; back from there leads here.
    Open {
        /// Which.
        menu: MenuId,
        /// What it takes.
        arguments: Arguments,
        /// What keeps the first of the values that it returns with.
        into: Vec<VarId>,
        /// The screen of this menu that a return leads to; where there is none, it shows the one
        /// that opened.
        then: Option<ScreenId>,
    },
    /// The screen before.
    Back,
    /// The root's start.
    Home,
    /// Back to the menu that opened this one, with these values: all that this menu gives, in
    /// order.
    Return(Arguments),
}

/// One text in each language of the set, in its order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Texts(pub Vec<Template>);

/// A text with placeholders, cut into its parts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Template {
    /// The parts in order.
    pub parts: Vec<Part>,
}

/// A part of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Part {
    /// As written.
    Literal(String),
    /// A value, `{cover.first_name:16}`.
    Value {
        /// Which.
        path: Path,
        /// At most so many characters; longer values are clipped and end in `.`. Every text has
        /// one, its type's length where its author gave none; amounts, dates and numbers have none.
        width: Option<usize>,
    },
    /// A choice, `{kind}`: printed as its label in the language of the text.
    Word {
        /// Which.
        path: Path,
        /// Each word and its label. What is none of the words prints as the longest label: with
        /// that the check measures.
        labels: Arc<[(String, String)]>,
    },
}

/// A variable, a field of one, or a setting ([`Path::setting`]). In a message of the set the variable
/// is 0 and the record is the message's own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Path {
    /// The variable.
    pub variable: VarId,
    /// The field, where the variable is a record.
    pub field: Option<u16>,
}

impl MenuSet {
    /// What an operation takes, how it can end and what it gives; `None` for a declared one that
    /// another set declares.
    pub fn signature(&self, operation: Operation) -> Option<&Signature> {
        if let Operation::Declared(index) = operation {
            self.declared(index).map(|declared| &declared.signature)
        } else {
            operation.signature()
        }
    }

    /// The call that the set declares at this position.
    pub fn declared(&self, index: u16) -> Option<&DeclaredCall> {
        self.declared.get(usize::from(index))
    }

    /// The menu at `id`.
    pub fn menu(&self, id: MenuId) -> Option<&Menu> {
        self.menus.get(usize::from(id))
    }

    /// The screen at `screen` of `menu`.
    pub fn screen(&self, menu: MenuId, screen: ScreenId) -> Option<&Screen> {
        self.menu(menu)?.screens.get(usize::from(screen))
    }

    /// The position of a language in every [`Texts`] of the set; the fallback's where it has none.
    pub fn language_index(&self, language: Language) -> usize {
        self.languages
            .iter()
            .position(|known| known.language == language)
            .unwrap_or_default()
    }

    /// The language of the set's own files.
    pub fn fallback(&self) -> Language {
        self.languages
            .first()
            .map_or(Language::SWAHILI, |first| first.language)
    }
}

impl Texts {
    /// The text in the language at `index`.
    pub fn get(&self, index: usize) -> Option<&Template> {
        self.0.get(index)
    }
}
