//! Every mistake that a menu's author can make, and how she reads of it.
//!
//! 1. [`Problem`] says what is wrong; its documentation says why that matters, shows it and says what
//!    to write instead. `menus/problems.md` and `nyota check --explain` are made from it: all of it but
//!    a paragraph that begins with `Holds:`, which is for us.
//! 2. [`Found`] is a problem and its place; [`Found::report`] is what an author gets.
//! 3. Codes are stable: a code is never given to another problem, and a problem that goes takes its
//!    code with it.
//!
//! To add one: a variant with the next code and its four paragraphs (the first ends in `A warning.`
//! where it is one), its sentence in `message.rs`, what to do in `help.rs`, and a set in
//! `tests/menus/broken/` that triggers it and nothing else (`tests/it/menu_problems.rs` fails until it
//! is there). Then `INSTA_UPDATE=always cargo test --test it problem` writes its page and snapshot.

mod help;
mod message;
mod unknown;

pub use unknown::Unknown;

use crate::model::{
    gsm7::Alphabet,
    source::{Report, Severity, Span},
};

/// What is wrong with a menu set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Problem {
    /// **M001** The file is no YAML that nyota reads.
    ///
    /// Why: nothing of it can be checked. Anchors, aliases and tags are refused too, so that a file
    /// says a thing once and cannot grow while it is read.
    ///
    /// Example: `service: *152*00#`
    ///
    /// Instead: mend what the message names; a text that begins with `*`, `&`, `!`, `{` or `"`, or
    /// that holds `: ` or ` #`, stands in quotes: `service: "*152*00#"`.
    ///
    /// Holds: what the reader says, what to do about it.
    NotYaml(String, &'static str),
    /// **M002** A key that means nothing where it stands.
    ///
    /// Why: a misspelt key that is passed over in silence leaves a screen without what its author
    /// wrote.
    ///
    /// Example: `active: {show: "Uanachama wako", pagd: true}`
    ///
    /// Instead: write the key that the help names, or take it out.
    UnknownKey(Unknown),
    /// **M003** A value of another shape than the key wants.
    ///
    /// Why: there is no one way to read it.
    ///
    /// Example: `options: [Angalia, Lipa]`
    ///
    /// Instead: write the shape that the message names: `options: {"1": {text: Angalia, go: look}}`.
    ///
    /// Holds: what is wanted, what is there.
    WrongShape(&'static str, &'static str),
    /// **M004** The same key twice in one map: two screens, two options or two texts of one name.
    ///
    /// Why: only one of them could count, and nobody could say which.
    ///
    /// Example: two screens named `sorry`
    ///
    /// Instead: give one of them another name, or take it out.
    DuplicateKey(String),
    /// **M005** A key that must be there is not.
    ///
    /// Why: without it a caller would have nothing to read, or nowhere to go.
    ///
    /// Example: `main: {menu: "Karibu"}`, a menu without options
    ///
    /// Instead: add the key.
    ///
    /// Holds: the key, and what lacks it.
    MissingKey(&'static str, &'static str),
    /// **M006** A screen with no verb, or with several.
    ///
    /// Why: a screen does one thing; what it does is its verb, the key that holds its text.
    ///
    /// Example: `bye: {show: "Asante", end: "Kwaheri"}`
    ///
    /// Instead: keep one of menu, list, ask, confirm, show, end, call and language; make a second
    /// screen of the rest.
    NotOneVerb(Vec<&'static str>),
    /// **M007** It is said twice where something leads.
    ///
    /// Why: a key leads to one place.
    ///
    /// Example: `"1": {text: Lipa, go: pay, open: bills}`
    ///
    /// Instead: keep either `go:` with a screen or `open:` with a menu.
    TwoTargets,
    /// **M008** A name with other characters than small letters, digits and `_`, or that begins with
    /// a digit.
    ///
    /// Why: names stand in placeholders, in file names and in the log.
    ///
    /// Example: `as: Member-No`
    ///
    /// Instead: `as: member_no`.
    BadName(String),
    /// **M009** A screen or variable is named `back` or `home`, or an outcome of a declared call `down`
    /// or `slow`.
    ///
    /// Why: as a target these words mean the screen before and the root's start; and every call has
    /// those outcomes.
    ///
    /// Example: `back: {end: "Kwaheri"}`
    ///
    /// Instead: choose another name.
    ReservedName(String),
    /// **M010** The set's service code is none.
    ///
    /// Why: it is what callers dial, and how a request finds its set.
    ///
    /// Example: `service: "152"`
    ///
    /// Instead: `service: "*152*00#"`, parts of digits between `*` and a `#` at the end.
    BadServiceCode(String),
    /// **M011** A language's tag is none.
    ///
    /// Why: files, remembered choices and the printing of dates and amounts go by the tag.
    ///
    /// Example: `languages: {swahili: Kiswahili}`
    ///
    /// Instead: two or three small letters, with a script where one language has two: `sw`,
    /// `ne-Latn`.
    BadLanguage(String),
    /// **M012** A key that a caller cannot type: keys are one to three digits.
    ///
    /// Why: gateways join inputs by `*` and end them by `#`, and letters take many presses.
    ///
    /// Example: `options: {"A": {text: Lipa, go: pay}}`
    ///
    /// Instead: `options: {"1": {text: Lipa, go: pay}}`.
    BadKey(String),
    /// **M013** A number that is none, or is out of its bounds.
    ///
    /// Why: limits that nothing can meet would refuse every answer.
    ///
    /// Example: `type: {number: {min: 9, max: 1}}`
    ///
    /// Instead: a number within the bounds that the message names.
    ///
    /// Holds: what is wanted.
    BadNumber(&'static str),
    /// **M014** A screen is longer than a phone's page.
    ///
    /// Why: gateways and phones cut the rest off without a word, and the keys stand at the end. It is
    /// measured with the longest values, the longest note above it, back and home below it, and the
    /// room for `DEMO `. 160 characters fit a page; one character outside the phone alphabet (GSM
    /// 7-bit) makes it a page of 70.
    ///
    /// Example: a `show:` of three sentences
    ///
    /// Instead: shorten it, give a long name a width as in `{cover.first_name:12}`, replace the
    /// character that is named, or let information run over pages with `paged: true`.
    DoesNotFit(Box<Overlong>),
    /// **M015** A placeholder that cannot be read.
    ///
    /// Why: the caller would read the braces, or nothing.
    ///
    /// Example: `show: "Namba {bill number"`
    ///
    /// Instead: `{bill.number}`: a variable, perhaps a field, perhaps a width; a brace that is meant
    /// as one is written twice, `{{`.
    BadPlaceholder(String),
    /// **M016** A width on a value that is never clipped.
    ///
    /// Why: half an amount, a date or a control number is a wrong one. Only texts are clipped.
    ///
    /// Example: `{bill.amount:6}`
    ///
    /// Instead: `{bill.amount}`.
    ///
    /// Holds: the value's type.
    BadWidth(String),
    /// **M017** A text that is empty, or that holds a tab or another control character.
    ///
    /// Why: phones and gateways show such characters differently or not at all.
    ///
    /// Example: `end: ""`
    ///
    /// Instead: write the text; a line is broken by `\n` in double quotes.
    Unprintable,
    /// **M018** The set has no root: no file that bears the folder's name.
    ///
    /// Why: the root says what is dialled, in which languages, and where a caller begins.
    ///
    /// Example: `menus/chf/` without `chf.yaml`
    ///
    /// Instead: add it, or rename the folder.
    NoRoot(String),
    /// **M019** A file says that it is another menu than its name says.
    ///
    /// Why: a name means one place; `open: cover` is to be found in `cover.yaml`.
    ///
    /// Example: `menu: covers` in `cover.yaml`
    ///
    /// Instead: `menu: cover`.
    ///
    /// Holds: what it says, what its name says.
    NameDiffers(String, String),
    /// **M020** A file of texts for a menu that is not there.
    ///
    /// Why: nobody will ever read them; the file's name is probably misspelt.
    ///
    /// Example: `cuver.en.yaml` beside `cover.yaml`
    ///
    /// Instead: name it as the menu, `cover.en.yaml`.
    TextsWithoutMenu(Unknown),
    /// **M021** A file of texts in a language that the set does not have.
    ///
    /// Why: nobody will ever read them.
    ///
    /// Example: `cover.de.yaml` where `languages:` holds `sw` and `en`
    ///
    /// Instead: add the language to the root's `languages:`, or take the file out. The first language
    /// has no files of its own: its texts stand in the menus.
    TextsInUnknownLanguage(String),
    /// **M022** A menu has no file of texts in one of the set's languages.
    ///
    /// Why: callers who chose that language would suddenly read another.
    ///
    /// Example: `renew.yaml` without `renew.en.yaml`
    ///
    /// Instead: add the file: the same tree, texts only.
    ///
    /// Holds: the file, the language.
    MissingTextsFile(String, String),
    /// **M023** One text is missing in one of the set's languages.
    ///
    /// Why: callers who chose that language would suddenly read another. A text that holds nothing but
    /// placeholders needs no translation.
    ///
    /// Example: `cover.en.yaml` without `screens: {active: {show: …}}`
    ///
    /// Instead: add it where the help says.
    ///
    /// Holds: the language, where it belongs.
    MissingText(String, String),
    /// **M024** A file of texts holds something that the menu has no text for.
    ///
    /// Why: nobody will ever read it; most often the screen was renamed. Logic stands in the menu's
    /// own file only, so that a translator cannot break it.
    ///
    /// Example: `screens: {actve: {show: "Your cover"}}` in `cover.en.yaml`
    ///
    /// Instead: write it where the menu has it, or take it out.
    NothingToTranslate(Unknown),
    /// **M025** A translation leaves out a value that the text in the first language gives. A warning.
    ///
    /// Why: callers of one language would learn less than those of the other.
    ///
    /// Example: `"Namba {bill.number}"`, in English `"Your number"`
    ///
    /// Instead: name the value in the translation too.
    ///
    /// Holds: the placeholder, the language.
    PlaceholderLost(String, String),
    /// **M026** A target that is no screen of the menu.
    ///
    /// Why: the key would lead nowhere.
    ///
    /// Example: `go: quoet`
    ///
    /// Instead: name a screen of this file, `back` or `home`; another menu is opened with
    /// `{open: renew}`.
    UnknownScreen(Unknown),
    /// **M027** A menu that the set does not have.
    ///
    /// Why: the key would lead nowhere.
    ///
    /// Example: `open: renwal`
    ///
    /// Instead: name one of the files of the folder, without `.yaml`.
    UnknownMenu(Unknown),
    /// **M028** A call that nyota does not know.
    ///
    /// Why: nothing would be asked.
    ///
    /// Example: `call: scheme.covers`
    ///
    /// Instead: name one of the calls that the help lists.
    UnknownCall(Unknown),
    /// **M029** An outcome that the call does not have.
    ///
    /// Why: it would never come.
    ///
    /// Example: `call: scheme.cover` with `on: {actve: active}`
    ///
    /// Instead: name one of the outcomes that the help lists.
    UnknownOutcome(Unknown),
    /// **M030** An outcome of a call leads nowhere.
    ///
    /// Why: it will come some day, and the caller would be told that the service is unavailable.
    ///
    /// Example: `call: scheme.cover` without `nobody` in its `on:`
    ///
    /// Instead: say where it leads, `nobody: nobody`.
    ///
    /// Holds: the outcomes, the call.
    UnhandledOutcome(Vec<String>, String),
    /// **M031** A type that nyota does not know.
    ///
    /// Why: what is right to answer, and how it prints, go by the type.
    ///
    /// Example: `type: member`
    ///
    /// Instead: `type: member_number`.
    UnknownType(Unknown),
    /// **M032** A variable that nothing in this menu sets.
    ///
    /// Why: the caller would read nothing in its place. Variables belong to one menu; what another
    /// menu knows is handed over with `with:`.
    ///
    /// Example: `{cuver.to}` where the call says `as: cover`
    ///
    /// Instead: name a variable that an `as:` or `takes:` of this file sets.
    UnknownVariable(Unknown),
    /// **M033** A field that the variable does not have.
    ///
    /// Why: the caller would read nothing in its place.
    ///
    /// Example: `{cover.until}`
    ///
    /// Instead: `{cover.to}`; the help lists the fields.
    UnknownField(Unknown),
    /// **M034** A variable that is not set on every way that leads here.
    ///
    /// Why: a caller who comes the other way would read nothing in its place. A call sets its `as:`
    /// only with the outcomes that give something; an ask only with a right answer.
    ///
    /// Example: `{cover.to}` on the screen of the outcome `nobody`
    ///
    /// Instead: use it only where it is known, or lead the other ways to a screen of their own.
    UnsetVariable(String),
    /// **M035** One variable is set with two types.
    ///
    /// Why: a text that prints it could not be proved to fit, nor a call to get what it takes.
    ///
    /// Example: `as: number` of a control number here and of a member number there
    ///
    /// Instead: give them two names.
    ///
    /// Holds: its name, the one type, the other.
    TwoTypes(String, String, String),
    /// **M036** Too many or too few values after `with:`.
    ///
    /// Why: values go by their order.
    ///
    /// Example: `call: scheme.cover` without `with: [member]`
    ///
    /// Instead: hand over what the message names, in that order.
    ///
    /// Holds: what is opened or called, what it takes, how many there are.
    ArgumentCount(String, Vec<String>, usize),
    /// **M037** A value after `with:` of another type than is taken there.
    ///
    /// Why: the call could not be made.
    ///
    /// Example: `call: scheme.cover` with `[bill.number]`
    ///
    /// Instead: hand over a value of the type that the message names.
    ///
    /// Holds: its type, what is taken, the type of that.
    ArgumentType(String, String, String),
    /// **M038** A list screen over a variable that is no list.
    ///
    /// Why: there are no rows to show.
    ///
    /// Example: `list: cover`
    ///
    /// Instead: name a variable that a call sets to a list, as `payment.bills` does.
    ///
    /// Holds: its name, its type.
    NotAList(String, String),
    /// **M039** A placeholder that names a whole record or list.
    ///
    /// Why: only its fields can be printed.
    ///
    /// Example: `{cover}`
    ///
    /// Instead: `{cover.to}`; a list is shown by a `list:` screen.
    NotPrintable(Unknown),
    /// **M040** A secret answer is named in a text.
    ///
    /// Why: a PIN on a screen is read by whoever stands near, and in an SMS by whoever holds the phone
    /// next.
    ///
    /// Example: `{pin}` where `pin` was asked with `sensitive: true`
    ///
    /// Instead: leave it out.
    SecretInText(String),
    /// **M041** The root takes something.
    ///
    /// Why: it is opened by dialling, which hands over nothing.
    ///
    /// Example: `takes: {member: member_number}` in `chf.yaml`
    ///
    /// Instead: ask for it, or move the screens to a menu of their own.
    RootTakes,
    /// **M042** A screen that no way leads to.
    ///
    /// Why: nobody will ever read it; most often a key leads elsewhere than was meant.
    ///
    /// Example: a screen `lapsed` that no `go:` or `on:` names
    ///
    /// Instead: lead to it, or take it out.
    UnreachableScreen(String),
    /// **M043** A menu that nothing opens.
    ///
    /// Why: nobody will ever read it.
    ///
    /// Example: `pay.yaml` where no file says `open: pay`
    ///
    /// Instead: open it, or take the file out.
    UnopenedMenu(String),
    /// **M044** A screen from which no way leads out: to an end, to a screen with back and home, back
    /// or home.
    ///
    /// Why: a caller could only hang up.
    ///
    /// Example: two questions whose `go:` and `exhausted:` lead to each other; a first dial that leads
    /// back, where no screen was before
    ///
    /// Instead: lead one of them to an end or home; `exhausted:` leads home where it is left out.
    NoWayOut(String),
    /// **M045** Calls that lead to each other without a screen between them.
    ///
    /// Why: the dialogue would go round without the caller; it is cut off after eight calls.
    ///
    /// Example: `look: {call: caller.member, on: {linked: main, unlinked: main, down: look}}`
    ///
    /// Instead: lead the failing outcome to a screen that says so.
    LoopWithoutKey(Vec<String>),
    /// **M046** Menus that open each other in a circle.
    ///
    /// Why: every menu that is open is kept for the caller's way back, so the way would grow for ever.
    ///
    /// Example: `cover` opens `renew`, and `renew` opens `cover`
    ///
    /// Instead: go back with `back`, or to the start with `home`.
    MenusInCircle(Vec<String>),
    /// **M047** A key that already means something on that screen.
    ///
    /// Why: only one of the two could be meant.
    ///
    /// Example: `options: {"0": {text: Msaada, go: help}}` where `0` is back
    ///
    /// Instead: choose another digit. On a question back and home do not work, so there the keys are
    /// free.
    ///
    /// Holds: the key, what it means.
    KeyTaken(String, &'static str),
    /// **M048** An option's key that is a right answer to its question.
    ///
    /// Why: a caller who answers with it would be led away.
    ///
    /// Example: `type: {number: {min: 1, max: 9}}` with the option `"9"`
    ///
    /// Instead: choose a key that no answer can be, such as `"0"` or `"00"`.
    KeyIsAnAnswer(String),
    /// **M049** A confirm screen is reached by its own key.
    ///
    /// Why: networks deliver an input twice, and thumbs press twice. The second press must not be a
    /// yes to something that nobody has read.
    ///
    /// Example: `"1": {text: Lipa, go: agree}` and `agree: {confirm: "Lipa?", yes: pay, no: back}`,
    /// whose key is `1` too
    ///
    /// Instead: give the confirm screen a key that no way in uses: `key: "9"`.
    ///
    /// Holds: the key, the screen that it is pressed on.
    ConfirmByItsOwnKey(String, String),
    /// **M050** A late outcome has no SMS.
    ///
    /// Why: a call that can be slow is promised by SMS; without a text the promise is broken.
    ///
    /// Example: `call: scheme.cover` whose outcome `nobody` leads to a screen without `sms:`
    ///
    /// Instead: add it to the call's `sms:` map, or give the screen an `sms:` of its own.
    ///
    /// Holds: the outcome.
    MissingLateSms(String),
    /// **M051** An SMS that is never sent. A warning.
    ///
    /// Why: a call's SMS is for late answers whose screen has none. This outcome is `slow` itself, its
    /// call is never late, or its screen sends its own.
    ///
    /// Example: `sms: {slow: "Subiri"}`
    ///
    /// Instead: take it out.
    ///
    /// Holds: the outcome.
    SmsNeverSent(String),
    /// **M052** An SMS of more than three parts.
    ///
    /// Why: long messages arrive in pieces and out of order, cost as many, and are often dropped.
    ///
    /// Example: an `sms:` of 500 characters
    ///
    /// Instead: shorten it; 160 characters are one part, 70 if one is outside the phone alphabet.
    ///
    /// Holds: the parts, the language.
    SmsTooLong(Box<Overlong>),
    /// **M053** An SMS of two or three parts. A warning.
    ///
    /// Why: it costs as many messages, and the parts may come apart.
    ///
    /// Example: an `sms:` of 200 characters
    ///
    /// Instead: shorten it to 160 characters, 70 if one is outside the phone alphabet.
    SmsInParts(Box<Overlong>),
    /// **M054** More than five things to choose from on one page. A warning.
    ///
    /// Why: long lists are read to the end by few, and similar entries confuse (Microsave's and
    /// others' field work with callers who read little).
    ///
    /// Example: a menu of seven options
    ///
    /// Instead: group them under a second menu.
    ///
    /// Holds: how many.
    ManyOptions(usize),
    /// **M055** More than eight calls and SMS between two keys.
    ///
    /// Why: a caller waits for all of them, and the dialogue asks no more than eight: then it ends
    /// with the word for "unavailable". The SMS of a screen counts, a language that is remembered,
    /// and at the root's start one that looks for a late answer.
    ///
    /// Example: nine screens with `call:`, each of which leads to the next
    ///
    /// Instead: leave some out, or let a screen with a key stand between them.
    ///
    /// Holds: the screen that they begin with.
    TooManyAsks(String),
    /// **M056** A condition that cannot be read.
    ///
    /// Why: a way that is open by mistake, or closed by mistake, is found by callers.
    ///
    /// Example: `when: offers.count > 1 and size == 2`
    ///
    /// Instead: one comparison with `==`, `!=`, `<`, `<=`, `>` or `>=`: on the left a variable, a
    /// field, a list's `count`, a setting, `language` or `today`; on the right one of these too, a
    /// number, a day as `2026-03-31`, a word, or a text in quotes. Two conditions are two routes, one
    /// behind the other.
    BadCondition(String),
    /// **M057** Two values that cannot be compared so.
    ///
    /// Why: there is no answer. Only numbers, amounts and dates are more or less than others; a secret
    /// is compared with nothing, because who reads the page would learn of it.
    ///
    /// Example: `when: quote.to < 30`
    ///
    /// Instead: compare values of one type: `quote.to < today`, `quote.persons > 6`, `kind == nida`.
    ///
    /// Holds: the type of the one, the sign, the type of the other.
    Uncomparable(String, String, String),
    /// **M058** A condition that is settled before anybody dials.
    ///
    /// Why: it has a branch that can never be taken: a word that the value never is, a number outside
    /// its limits, a case that an earlier way of the same route takes already.
    ///
    /// Example: `when: setting.renewal == shut` where it is `one_of: [open, closed]`
    ///
    /// Instead: compare it with something that it can be, or take the branch out.
    ///
    /// Holds: the condition, how, what the value can be.
    SettledCondition(String, &'static str, String),
    /// **M059** A menu on the first page of which every option may be hidden.
    ///
    /// Why: a caller would read a question without an answer, and there is no page to go back to.
    ///
    /// Example: a root whose start has one option,
    /// `"1": {text: Huisha, open: renew, when: setting.renewal == open}`
    ///
    /// Instead: give it one option without `when:`, such as help.
    ///
    /// Holds: the screen.
    MayBeEmpty(String),
    /// **M060** A setting that the root does not declare.
    ///
    /// Why: it has no value, and a value that is given to it would change nothing.
    ///
    /// Example: `{setting.hotlin}`, or `chf: {hotlin: "0800 000 000"}` in `installation.yaml`
    ///
    /// Instead: write the name that the help gives, or add it to the root's `settings:`.
    UnknownSetting(Unknown),
    /// **M061** A value that a setting cannot have.
    ///
    /// Why: texts were proved to fit, and conditions to be right, with values of its type.
    ///
    /// Example: `hotline: {text: 12, default: "0800 000 000 000"}`
    ///
    /// Instead: give it a value such as the message names, in the root and in `installation.yaml`.
    ///
    /// Holds: the setting, what it takes.
    SettingValue(String, String),
    /// **M062** A menu includes a fragment that is not there.
    ///
    /// Why: the screens that it leads to would be missing.
    ///
    /// Example: `include: [shred]`
    ///
    /// Instead: `include: [shared]`, with a file `shared.yaml` that begins with `fragment: shared`.
    UnknownFragment(Unknown),
    /// **M063** A menu and a fragment that it includes have a screen of one name.
    ///
    /// Why: the fragment's screens stand in the menu as if they were written there, so only one of the
    /// two could be meant.
    ///
    /// Example: `include: [shared]` in a menu that has a screen `sorry`, as `shared.yaml` has
    ///
    /// Instead: rename the menu's own screen, or take it out.
    ///
    /// Holds: the screen, the fragment.
    FragmentClash(String, String),
    /// **M064** A fragment that no menu includes.
    ///
    /// Why: nobody will ever read it.
    ///
    /// Example: `shared.yaml` where no menu says `include: [shared]`
    ///
    /// Instead: include it, or take the file out.
    UnusedFragment(String),
    /// **M066** A secret is handed to something that does not keep it one.
    ///
    /// Why: what does not know that it holds a PIN would show it, send it, write it down or log it.
    ///
    /// Example: `{open: pay, with: [pin]}` where `pay` says `takes: {code: text}`
    ///
    /// Instead: `takes: {code: secret}` there; a declared call says `pin`. Hand it to nothing else.
    ///
    /// Holds: the variable, what it is handed to.
    SecretHandedOn(String, String),
    /// **M067** A secret is still read behind a call that can be late.
    ///
    /// Why: a dialogue that waits for a late answer is stored until it has come, perhaps for a day. A
    /// PIN is never stored.
    ///
    /// Example: `pin` is asked, then `call: scheme.quote`, and only then a call that takes `pin`
    ///
    /// Instead: ask for it after that call, where it is needed.
    ///
    /// Holds: the variable, the call.
    SecretKeptForLate(String, String),
    /// **M068** A `pattern` that is no regular expression.
    ///
    /// Why: no answer could be held against it.
    ///
    /// Example: `type: {text: {max: 5, pattern: "[A-Z]{2"}}`
    ///
    /// Instead: `pattern: "[A-Z]{2}[0-9]{3}"`: the whole answer must match it. `(?i)` before it takes
    /// small letters for capitals.
    ///
    /// Holds: why.
    BadPattern(String),
    /// **M069** A `pattern` that no answer of the right length matches.
    ///
    /// Why: every answer would be wrong.
    ///
    /// Example: `type: {digits: {length: 4, pattern: "7[0-9]{5}"}}`
    ///
    /// Instead: let the length and the pattern agree.
    ///
    /// Holds: the fewest and the most characters.
    NoAnswerFits(usize, usize),
    /// **M070** The first or last day of a date is none.
    ///
    /// Why: without it no day could be refused.
    ///
    /// Example: `type: {date: {max: tomorrow}}`
    ///
    /// Instead: a day as `2026-03-31`, or one counted from the day of the turn: `today`, `today + 30d`,
    /// `today - 6m`, `today - 120y`.
    BadDay(String),
    /// **M076** A return that leaves out what its menu gives, or returns with something else.
    ///
    /// Why: whoever opened the menu goes on with those values, whichever way it came back.
    ///
    /// Example: `gives: {member: member_number}` and `go: return`
    ///
    /// Instead: name each of them once, `return: {member: found.number}`; a menu that gives nothing
    /// returns with the word `return` alone.
    ///
    /// Holds: what the menu gives.
    ReturnDiffers(Vec<String>),
    /// **M077** A secret answer is returned to another menu, or kept for who dials again.
    ///
    /// Why: a secret is dropped as soon as the screen that needs it has it. On the next dial the phone
    /// may be in other hands.
    ///
    /// Example: `return: {pin: pin}`, or `resume: {within: 10m, keep: [pin]}`
    ///
    /// Instead: use it in the menu that asks for it; ask for it again with `ask_again: [pin]`.
    SecretKept(String),
    /// **M078** A menu gives something and never returns.
    ///
    /// Why: nobody would ever get it.
    ///
    /// Example: `gives: {member: member_number}` where no target is a `return:`
    ///
    /// Instead: lead a way to `{return: {member: member}}`, or take `gives:` out.
    NeverReturns(String),
    /// **M079** `then:` or `as:` beside `open:` of a menu that never returns.
    ///
    /// Why: the screen would never be entered, and the variable never set.
    ///
    /// Example: `{open: help, then: main}` where `help` has no return
    ///
    /// Instead: take them out, or let that menu return.
    ThenWithoutReturn(String),
    /// **M080** The root returns or gives something.
    ///
    /// Why: nothing opened it, so there is nobody to return to.
    ///
    /// Example: `go: return` in `chf.yaml`
    ///
    /// Instead: `go: home`, or move the screens to a menu of their own.
    ReturnInRoot,
    /// **M081** More names after `as:` than the menu gives.
    ///
    /// Why: values go by the order of `gives:`; there is none for the last name.
    ///
    /// Example: `{open: finder, as: [who, when], then: look}` where `finder` gives
    /// `{member: member_number}` alone
    ///
    /// Instead: take the last names out, or let the menu give more.
    ///
    /// Holds: the menu, what it gives, how many there are.
    TooManyResults(String, Vec<String>, usize),
    /// **M082** A shortcut that means something else already.
    ///
    /// Why: what is dialled behind the code is a shortcut or a key of the first page. It must not be
    /// both, nor two shortcuts.
    ///
    /// Example: `shortcuts: {"1": number}` where the root's start has the option `"1"`
    ///
    /// Instead: choose a key that neither has: `shortcuts: {"7": number}`.
    ///
    /// Holds: the key, what has it.
    ShortcutTaken(String, String),
    /// **M083** A shortcut to a screen that needs earlier answers.
    ///
    /// Why: who dials the shortcut has answered nothing, so the screen would show nothing in their
    /// place. A menu that takes something needs it from its beginning.
    ///
    /// Example: `shortcuts: {"7": agree}` where `agree` reads `{quote.amount}`
    ///
    /// Instead: lead the shortcut to the screen that asks first.
    ///
    /// Holds: the screen, what it needs.
    ShortcutNeeds(String, Vec<String>),
    /// **M084** A shortcut over a first screen that is a call.
    ///
    /// Why: back from a shortcut leads to the root's start, and a call is no page to come back to.
    ///
    /// Example: `shortcuts:` in a set whose root has `start: who`, a call
    ///
    /// Instead: let the root start with a menu or a text.
    ///
    /// Holds: the screen.
    ShortcutOverCall(String),
    /// **M085** A call opens a menu that returns, and does not say where it goes on.
    ///
    /// Why: without `then:` a return shows the screen that opened the menu, and a call shows nothing.
    ///
    /// Example: `on: {unlinked: {open: finder, as: [who]}}`
    ///
    /// Instead: say where it goes on: `{open: finder, as: [who], then: look}`.
    NothingToReturnTo(String),
    /// **M086** A variable that stands in none of the three lists of `resume:`, or twice.
    ///
    /// Why: what was typed or read before a line dropped may be a stranger's business on the next dial.
    /// The author decides about each.
    ///
    /// Example: `resume: {within: 10m, keep: [member]}` in a menu that has a `quote` too
    ///
    /// Instead: name it once under `keep:`, `ask_again:` or `forget:`.
    ResumeUndecided(String),
    /// **M087** A set with `resume:` and without its page: `resume`, `carry_on` and `start_again` in
    /// the root's `words:`.
    ///
    /// Why: a caller is asked whether she wants to go on.
    ///
    /// Example: `resume: {within: 10m}` in a menu, and nine `words:` in the root
    ///
    /// Instead: add the three words.
    ResumeWithoutWords,
    /// **M088** The name of a declared call is none, or is a call's of the program.
    ///
    /// Why: a call is named by what it asks and what it does, with a dot between, so that it is told
    /// from a screen; two calls of one name could not be told apart.
    ///
    /// Example: `calls: {facility: {get: "http://registry.example/facilities"}}`
    ///
    /// Instead: `facility.find`, small letters, digits and `_` on both sides of the dot.
    BadCallName(String),
    /// **M089** The request of a declared call cannot be sent as it is written.
    ///
    /// Why: an address says where it leads without anything filled in before its path, so that the
    /// configuration can allow its host; and some headers are not for a file to set.
    ///
    /// Example: `get: "http://{host}/facilities"`
    ///
    /// Instead: `get: "http://registry.example/facilities/{code}"`; what is filled in stands in the
    /// path, the query, a header or the body, and a secret in a header as `{secret.NAME}`.
    ///
    /// Holds: why.
    BadRequest(String),
    /// **M090** A placeholder of a declared call that it does not take.
    ///
    /// Why: there is nothing to put in its place.
    ///
    /// Example: `get: "http://registry.example/facilities/{cod}"` with `takes: {code: {digits: 6}}`
    ///
    /// Instead: name something that `takes:` lists, `{language}`, or in a header `{secret.NAME}`.
    UnknownParameter(Unknown),
    /// **M091** Something that a declared call takes and never sends. A warning.
    ///
    /// Why: the other side answers without knowing it, most often for everybody alike.
    ///
    /// Example: `takes: {code: {digits: 6}}` and `get: "http://registry.example/facilities"`
    ///
    /// Instead: name it in the address, a header or the body, or take it out of `takes:`.
    UnusedParameter(String),
    /// **M092** A call that does something is sent again or kept.
    ///
    /// Why: a second post does it a second time, and what a post did must not be told from memory.
    ///
    /// Example: `post: "http://registry.example/visits"` with `retries: 1`
    ///
    /// Instead: take the key out; or, for `retries` and `late` where the other side knows a repeat by
    /// its key, add `idempotency_key: true`.
    ///
    /// Holds: the key that says so.
    UnsafeRepeat(&'static str),
    /// **M093** A call that does something has no idempotency key. A warning.
    ///
    /// Why: networks repeat a turn, and a turn that is repeated while a process ends is sent again. The
    /// other side can only know it for the same by its key.
    ///
    /// Example: `post: "http://registry.example/visits"`
    ///
    /// Instead: add `idempotency_key: true` where the other side reads the header `Idempotency-Key`; a
    /// post that only reads may stay as it is.
    ///
    /// Holds: its method.
    MayRunTwice(String),
    /// **M094** An outcome that an earlier one leaves nothing for.
    ///
    /// Why: the first outcome that fits counts, so this one never comes.
    ///
    /// Example: `outcomes: {closed: {status: 200}, found: {status: 200, when: active == true}}`
    ///
    /// Instead: put the one with more conditions first.
    ///
    /// Holds: the outcome, the earlier one.
    UnreachableOutcome(String, String),
    /// **M095** A condition on an answer, or a place in it, that cannot be read.
    ///
    /// Why: nobody could say when it is true, or what the caller would read.
    ///
    /// Example: `when: active = true`
    ///
    /// Instead: one comparison of a place in the answer with a value: `active == true`,
    /// `visits[0].left > 0`; a place is names with dots between them, `facility.level`.
    ///
    /// Holds: why.
    UnreadableField(String),
    /// **M096** A record that a declared call gives has the name of another that differs.
    ///
    /// Why: a menu that takes a record names it, and would not know which of the two it gets.
    ///
    /// Example: two calls that give `facility`, one with a `level` and one without
    ///
    /// Instead: give it a name of its own, or the same fields in the same order.
    ///
    /// Holds: the name.
    RecordClash(String),
    /// **M097** An outcome gives something and the call has nothing to give, or the other way round.
    ///
    /// Why: the screens behind it would have nothing to show, or what is read would never be shown.
    ///
    /// Example: `outcomes: {found: {status: 200, gives: true}}` in a call without `gives:`
    ///
    /// Instead: say below `gives:` what is read from the answer, and at each outcome that has it
    /// `gives: true`.
    ///
    /// Holds: the outcome, or `gives`.
    NothingGiven(String),
    /// **M098** A secret stands where others keep it.
    ///
    /// Why: addresses are written to the logs of whatever passes them on; a body is the other side's to
    /// keep; a late call waits in the database, and a cache answers whoever asks next.
    ///
    /// Example: `get: "http://registry.example/facilities?key={secret.registry}"`
    ///
    /// Instead: put a secret of the installation into a header, and a caller's PIN into a header or the
    /// body of a call that is neither late nor kept.
    ///
    /// Holds: its name, the place.
    SecretMisplaced(String, &'static str),
    /// **M099** A declared call that no screen uses. A warning.
    ///
    /// Why: it is checked and allowed for nothing; most often its name is misspelt somewhere.
    ///
    /// Example: `facility.find` in `calls.yaml`, and no `call: facility.find`
    ///
    /// Instead: call it, or take it out.
    UnusedCall(String),
    /// **M100** A text holds a number that a member could have. A warning.
    ///
    /// Why: an example is typed as it stands, and then opens somebody's cover. Nine digits of which the
    /// last fits the others are somebody's number, or will be.
    ///
    /// Example: `ask: "Weka namba ya CHF, mfano 070707081"`
    ///
    /// Instead: say how many digits it has and where it stands, or show one that nobody can have:
    /// `123456789`.
    MemberNumberInText,
    /// **M101** A text without quotes that other readers of YAML take for something else. A warning.
    ///
    /// Why: nyota reads `00` as it is written; an editor, a formatter or a translation tool may read
    /// the number 0 and save that, and then the key or the text is another. So with leading zeros, with
    /// `yes`, `no`, `on`, `off`, `true`, `false`, `null` and `~`, with `1.0`, `1e3`, `0x1F`, `1_000`,
    /// `+255` and `12:30`.
    ///
    /// Example: `keys: {back: 0, home: 00, more: 98}`
    ///
    /// Instead: `home: "00"`.
    ///
    /// Holds: as written, what others read.
    ReadAsAnother(String, &'static str),
    /// **M102** A screen that is more than five entries away from the first page. A warning.
    ///
    /// Why: networks bound the length of a dialogue and drop it on the way; each entry loses some
    /// callers. Counted are the keys and answers on the shortest way from the root's start, without
    /// wrong answers. Only the first screens that are too far are told, not those behind them.
    ///
    /// Example: a menu below a menu below a menu, then two questions and a confirm screen
    ///
    /// Instead: ask for less, lead there from an earlier page, or let a call find out what is asked.
    ///
    /// Holds: how many entries.
    FarAway(usize),
    /// **M103** An option, a row or a word that a small screen breaks. A warning.
    ///
    /// Why: more than 31 characters, key included, do not stand on one line of a small screen. What
    /// goes on in a second line reads as an option without a key, and half a number as a number. A
    /// sentence may be longer: it is broken between its words.
    ///
    /// Example: `"1": {text: Angalia uanachama wako na wa familia yako, go: look}`
    ///
    /// Instead: shorten it, or give a name in it a width: `{quote.name:16}`.
    ///
    /// Holds: its characters, the language.
    LongLine(usize, String),
}

/// A text that is longer than what carries it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Overlong {
    /// Its length with the longest values, in units of its alphabet.
    pub units: usize,
    /// What a page, or one part of an SMS, holds of that alphabet.
    pub limit: usize,
    /// How many parts it takes, where it is an SMS.
    pub parts: usize,
    /// The alphabet.
    pub alphabet: Alphabet,
    /// The character that forces UCS-2.
    pub forced_by: Option<char>,
    /// The language's name: `Kiswahili`.
    pub language: String,
    /// Whether values stand in it.
    pub values: bool,
    /// Whether one of them could be given a width.
    pub clippable: bool,
    /// Whether it could run over pages.
    pub pageable: bool,
}

/// A problem and its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// What.
    pub problem: Problem,
    /// Where.
    pub at: Span,
}

impl Found {
    /// As its author gets it.
    pub fn report(&self) -> Report {
        Report {
            code: self.problem.code(),
            severity: self.problem.severity(),
            message: self.problem.message(),
            span: self.at,
            label: self.problem.label(),
            help: self.problem.help(),
        }
    }
}

impl Problem {
    /// Its stable code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::NotYaml(..) => "M001",
            Self::UnknownKey(_) => "M002",
            Self::WrongShape(..) => "M003",
            Self::DuplicateKey(_) => "M004",
            Self::MissingKey(..) => "M005",
            Self::NotOneVerb(_) => "M006",
            Self::TwoTargets => "M007",
            Self::BadName(_) => "M008",
            Self::ReservedName(_) => "M009",
            Self::BadServiceCode(_) => "M010",
            Self::BadLanguage(_) => "M011",
            Self::BadKey(_) => "M012",
            Self::BadNumber(_) => "M013",
            Self::DoesNotFit(_) => "M014",
            Self::BadPlaceholder(_) => "M015",
            Self::BadWidth(_) => "M016",
            Self::Unprintable => "M017",
            Self::NoRoot(_) => "M018",
            Self::NameDiffers(..) => "M019",
            Self::TextsWithoutMenu(_) => "M020",
            Self::TextsInUnknownLanguage(_) => "M021",
            Self::MissingTextsFile(..) => "M022",
            Self::MissingText(..) => "M023",
            Self::NothingToTranslate(_) => "M024",
            Self::PlaceholderLost(..) => "M025",
            Self::UnknownScreen(_) => "M026",
            Self::UnknownMenu(_) => "M027",
            Self::UnknownCall(_) => "M028",
            Self::UnknownOutcome(_) => "M029",
            Self::UnhandledOutcome(..) => "M030",
            Self::UnknownType(_) => "M031",
            Self::UnknownVariable(_) => "M032",
            Self::UnknownField(_) => "M033",
            Self::UnsetVariable(_) => "M034",
            Self::TwoTypes(..) => "M035",
            Self::ArgumentCount(..) => "M036",
            Self::ArgumentType(..) => "M037",
            Self::NotAList(..) => "M038",
            Self::NotPrintable(_) => "M039",
            Self::SecretInText(_) => "M040",
            Self::RootTakes => "M041",
            Self::UnreachableScreen(_) => "M042",
            Self::UnopenedMenu(_) => "M043",
            Self::NoWayOut(_) => "M044",
            Self::LoopWithoutKey(_) => "M045",
            Self::MenusInCircle(_) => "M046",
            Self::KeyTaken(..) => "M047",
            Self::KeyIsAnAnswer(_) => "M048",
            Self::ConfirmByItsOwnKey(..) => "M049",
            Self::MissingLateSms(_) => "M050",
            Self::SmsNeverSent(_) => "M051",
            Self::SmsTooLong(_) => "M052",
            Self::SmsInParts(_) => "M053",
            Self::ManyOptions(_) => "M054",
            Self::TooManyAsks(_) => "M055",
            Self::BadCondition(_) => "M056",
            Self::Uncomparable(..) => "M057",
            Self::SettledCondition(..) => "M058",
            Self::MayBeEmpty(_) => "M059",
            Self::UnknownSetting(_) => "M060",
            Self::SettingValue(..) => "M061",
            Self::UnknownFragment(_) => "M062",
            Self::FragmentClash(..) => "M063",
            Self::UnusedFragment(_) => "M064",
            Self::SecretHandedOn(..) => "M066",
            Self::SecretKeptForLate(..) => "M067",
            Self::BadPattern(_) => "M068",
            Self::NoAnswerFits(..) => "M069",
            Self::BadDay(_) => "M070",
            Self::ReturnDiffers(_) => "M076",
            Self::SecretKept(_) => "M077",
            Self::NeverReturns(_) => "M078",
            Self::ThenWithoutReturn(_) => "M079",
            Self::ReturnInRoot => "M080",
            Self::TooManyResults(..) => "M081",
            Self::ShortcutTaken(..) => "M082",
            Self::ShortcutNeeds(..) => "M083",
            Self::ShortcutOverCall(_) => "M084",
            Self::NothingToReturnTo(_) => "M085",
            Self::ResumeUndecided(_) => "M086",
            Self::ResumeWithoutWords => "M087",
            Self::BadCallName(_) => "M088",
            Self::BadRequest(_) => "M089",
            Self::UnknownParameter(_) => "M090",
            Self::UnusedParameter(_) => "M091",
            Self::UnsafeRepeat(_) => "M092",
            Self::MayRunTwice(_) => "M093",
            Self::UnreachableOutcome(..) => "M094",
            Self::UnreadableField(_) => "M095",
            Self::RecordClash(_) => "M096",
            Self::NothingGiven(_) => "M097",
            Self::SecretMisplaced(..) => "M098",
            Self::UnusedCall(_) => "M099",
            Self::MemberNumberInText => "M100",
            Self::ReadAsAnother(..) => "M101",
            Self::FarAway(_) => "M102",
            Self::LongLine(..) => "M103",
        }
    }

    /// Whether a set with it can be served.
    pub fn severity(&self) -> Severity {
        let warning = matches!(
            self,
            Self::PlaceholderLost(..)
                | Self::SmsNeverSent(_)
                | Self::SmsInParts(_)
                | Self::ManyOptions(_)
                | Self::MemberNumberInText
                | Self::ReadAsAnother(..)
                | Self::FarAway(_)
                | Self::LongLine(..)
                | Self::UnusedParameter(_)
                | Self::MayRunTwice(_)
                | Self::UnusedCall(_)
        );
        if warning {
            Severity::Warning
        } else {
            Severity::Error
        }
    }
}
