use schemars::JsonSchema;
use serde_json::{Value, json};

use super::{
    AnswerType, Condition, Key, Keyed, Name, Named, Scalar, Target, Text, ValuePath, YesOrNo,
};

/// A screen: exactly one verb, and what belongs to it.
#[derive(Debug, JsonSchema)]
#[schemars(untagged)]
pub enum Screen {
    /// Things to choose from.
    Menu(MenuScreen),
    /// Records to choose from.
    List(Box<List>),
    /// A question.
    Ask(Box<Ask>),
    /// A reading back, and a yes or no.
    Confirm(Confirm),
    /// Information.
    Show(Show),
    /// The last page.
    End(End),
    /// Something asked of the world.
    Call(CallScreen),
    /// The set's languages.
    Language(LanguageScreen),
    /// A branching, which shows nothing.
    Route(Route),
    /// Values set, which shows nothing.
    Set(Set),
}

/// A text, and options by key.
#[derive(Debug, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct MenuScreen {
    /// The text above the options.
    pub menu: Text,
    /// What there is to choose from, by key; five at most are read.
    #[schemars(length(min = 1))]
    pub options: Keyed<Opt>,
    /// An SMS that is sent whenever the screen is entered.
    pub sms: Option<Text>,
    /// `no`: a code dialled with keys in it stops here and shows the page.
    pub direct: Option<YesOrNo>,
}

/// An option.
#[derive(Debug, JsonSchema)]
#[schemars(deny_unknown_fields, extend("oneOf" = one_way()))]
pub struct Opt {
    /// What stands beside the key.
    pub text: Text,
    /// Where it leads.
    pub go: Option<Target>,
    /// The menu that it opens, instead of `go`.
    pub open: Option<Name>,
    /// What that menu is opened with, in the order of its `takes:`.
    pub with: Option<Vec<ValuePath>>,
    /// Names for what that menu returns with, in the order of its `gives:`.
    pub r#as: Option<Vec<Name>>,
    /// The screen to go on with when that menu returns.
    pub then: Option<Name>,
    /// What this menu returns with, instead of `go`.
    pub r#return: Option<Named<ValuePath>>,
    /// When it is shown; always where it is left out. The others keep their keys.
    pub when: Option<Condition>,
}

/// One line for each record of a list, numbered from 1.
#[derive(Debug, JsonSchema)]
#[schemars(deny_unknown_fields, extend("oneOf" = one_way()))]
pub struct List {
    /// The variable that holds the records.
    pub list: ValuePath,
    /// Keeps the record that is chosen.
    pub r#as: Name,
    /// The text above the rows.
    pub text: Text,
    /// What a row shows of its record.
    pub row: Text,
    /// Where a choice leads.
    pub go: Option<Target>,
    /// The menu that a choice opens, instead of `go`.
    pub open: Option<Name>,
    /// What that menu is opened with, in the order of its `takes:`.
    pub with: Option<Vec<ValuePath>>,
    /// The screen to go on with when that menu returns.
    pub then: Option<Name>,
    /// What this menu returns with, instead of `go`.
    pub r#return: Option<Named<ValuePath>>,
    /// Options below the rows.
    pub options: Option<Keyed<Opt>>,
    /// An SMS that is sent whenever the screen is entered.
    pub sms: Option<Text>,
    /// `no`: a code dialled with keys in it stops here and shows the page.
    pub direct: Option<YesOrNo>,
}

/// A question. Back and home do not work on it, since an answer may begin with 0.
#[derive(Debug, JsonSchema)]
#[schemars(deny_unknown_fields, extend("oneOf" = one_way()))]
pub struct Ask {
    /// The question.
    pub ask: Text,
    /// What is right to answer.
    pub r#type: AnswerType,
    /// Keeps the answer.
    pub r#as: Name,
    /// Above the page after an answer that is not right.
    pub wrong: Text,
    /// Where a right answer leads.
    pub go: Option<Target>,
    /// The menu that a right answer opens, instead of `go`.
    pub open: Option<Name>,
    /// What that menu is opened with, in the order of its `takes:`.
    pub with: Option<Vec<ValuePath>>,
    /// The screen to go on with when that menu returns.
    pub then: Option<Name>,
    /// What this menu returns with, instead of `go`.
    pub r#return: Option<Named<ValuePath>>,
    /// How many wrong answers are borne; 3 where it is left out.
    #[schemars(range(min = 0, max = 9))]
    pub tries: Option<u8>,
    /// Where one wrong answer more leads; home where it is left out.
    pub exhausted: Option<Target>,
    /// Options, with keys that no right answer can be.
    pub options: Option<Keyed<Opt>>,
    /// An SMS that is sent whenever the screen is entered.
    pub sms: Option<Text>,
    /// `no`: a code dialled with keys in it stops here and shows the page.
    pub direct: Option<YesOrNo>,
}

/// Reads back, and asks for one key.
#[derive(Debug, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Confirm {
    /// What is read back.
    pub confirm: Text,
    /// The key that says yes; `"1"` where it is left out. No way in may use it.
    pub key: Option<Key>,
    /// Where yes leads.
    pub yes: Target,
    /// Where no, the back key, leads.
    pub no: Target,
    /// An SMS that is sent whenever the screen is entered.
    pub sms: Option<Text>,
    /// `no`: a code dialled with keys in it stops here and shows the page.
    pub direct: Option<YesOrNo>,
}

/// Information, with back and home.
#[derive(Debug, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Show {
    /// The text.
    pub show: Text,
    /// Whether it may run over pages.
    pub paged: Option<bool>,
    /// Options below it.
    pub options: Option<Keyed<Opt>>,
    /// An SMS that is sent whenever the screen is entered.
    pub sms: Option<Text>,
    /// `no`: a code dialled with keys in it stops here and shows the page.
    pub direct: Option<YesOrNo>,
}

/// The last page.
#[derive(Debug, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct End {
    /// The text.
    pub end: Text,
    /// An SMS that is sent whenever the screen is entered.
    pub sms: Option<Text>,
    /// `no`: a code dialled with keys in it stops here and shows the page.
    pub direct: Option<YesOrNo>,
}

/// Something asked of the world. It shows nothing itself.
#[derive(Debug, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct CallScreen {
    /// The call: one of nyota's own, such as `scheme.cover`, or one that `calls.yaml` declares.
    #[schemars(regex(pattern = r"^[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*$"))]
    pub call: String,
    /// What it takes, in order.
    pub with: Option<Vec<ValuePath>>,
    /// Keeps what it gives.
    pub r#as: Option<Name>,
    /// Where each outcome leads.
    pub on: Named<Target>,
    /// The SMS for each outcome that comes late and whose screen sends none.
    pub sms: Option<Named<Text>>,
}

/// The set's languages, each by its own name.
#[derive(Debug, JsonSchema)]
#[schemars(deny_unknown_fields, extend("oneOf" = one_way()))]
pub struct LanguageScreen {
    /// The text above them.
    pub language: Text,
    /// Where a choice leads.
    pub go: Option<Target>,
    /// The menu that a choice opens, instead of `go`.
    pub open: Option<Name>,
    /// What that menu is opened with, in the order of its `takes:`.
    pub with: Option<Vec<ValuePath>>,
    /// Names for what that menu returns with, in the order of its `gives:`.
    pub r#as: Option<Vec<Name>>,
    /// The screen to go on with when that menu returns.
    pub then: Option<Name>,
    /// What this menu returns with, instead of `go`.
    pub r#return: Option<Named<ValuePath>>,
    /// An SMS that is sent whenever the screen is entered.
    pub sms: Option<Text>,
    /// `no`: a code dialled with keys in it stops here and shows the page.
    pub direct: Option<YesOrNo>,
}

/// Leads on by what is known. It shows nothing and asks nothing.
#[derive(Debug, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Route {
    /// Branches; the first whose condition holds is taken.
    #[schemars(length(min = 1))]
    pub route: Vec<Branch>,
    /// Where it leads when none holds.
    pub r#else: Target,
}

/// A branch.
#[derive(Debug, JsonSchema)]
#[schemars(deny_unknown_fields, extend("oneOf" = one_way()))]
pub struct Branch {
    /// When it is taken.
    pub when: Condition,
    /// Where it leads.
    pub go: Option<Target>,
    /// The menu that it opens, instead of `go`.
    pub open: Option<Name>,
    /// What that menu is opened with, in the order of its `takes:`.
    pub with: Option<Vec<ValuePath>>,
    /// Names for what that menu returns with, in the order of its `gives:`.
    pub r#as: Option<Vec<Name>>,
    /// The screen to go on with when that menu returns.
    pub then: Option<Name>,
    /// What this menu returns with, instead of `go`.
    pub r#return: Option<Named<ValuePath>>,
}

/// Sets values. It shows nothing and asks nothing.
#[derive(Debug, JsonSchema)]
#[schemars(deny_unknown_fields, extend("oneOf" = one_way()))]
pub struct Set {
    /// Names and their values: a number, a text in quotes, or a variable.
    pub set: Named<Scalar>,
    /// Where it leads.
    pub go: Option<Target>,
    /// The menu that it opens, instead of `go`.
    pub open: Option<Name>,
    /// What that menu is opened with, in the order of its `takes:`.
    pub with: Option<Vec<ValuePath>>,
    /// Names for what that menu returns with, in the order of its `gives:`.
    pub r#as: Option<Vec<Name>>,
    /// The screen to go on with when that menu returns.
    pub then: Option<Name>,
    /// What this menu returns with, instead of `go`.
    pub r#return: Option<Named<ValuePath>>,
}

/// An SMS, or one for each outcome of a call.
#[derive(Debug, JsonSchema)]
#[schemars(untagged)]
pub enum Sms {
    /// Of a screen.
    One(Text),
    /// Of a call, by outcome.
    ByOutcome(Named<Text>),
}

/// One of the keys that lead somewhere, and no second.
fn one_way() -> Value {
    json!([{"required": ["go"]}, {"required": ["open"]}, {"required": ["return"]}])
}
