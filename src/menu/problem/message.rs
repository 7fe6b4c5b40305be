use super::{Overlong, Problem};
use crate::{menu::MOST_ASKS, model::gsm7::Alphabet};

impl Problem {
    /// One sentence without its final point: what is wrong.
    pub(super) fn message(&self) -> String {
        match self {
            Self::NotYaml(why, _) => format!("file cannot be read: {why}"),
            Self::UnknownKey(unknown) => format!("unknown key `{}`", unknown.name),
            Self::WrongShape(wanted, found) => format!("{wanted} is expected, not {found}"),
            Self::DuplicateKey(key) => format!("`{key}` is there twice"),
            Self::MissingKey(key, of) => format!("{of} needs `{key}:`"),
            Self::NotOneVerb(verbs) if verbs.is_empty() => "screen has no verb".to_owned(),
            Self::NotOneVerb(verbs) => format!("screen has several verbs: {}", verbs.join(", ")),
            Self::TwoTargets => "two targets, where one is expected".to_owned(),
            Self::BadName(name) => format!("`{name}` is no name"),
            Self::ReservedName(name) => format!("nothing may be named `{name}`"),
            Self::BadServiceCode(code) => format!("`{code}` is no service code"),
            Self::BadLanguage(tag) => format!("`{tag}` is no language tag"),
            Self::BadKey(key) => format!("`{key}` is no key: one to three digits are"),
            Self::BadNumber(wanted) => format!("{wanted} is expected"),
            Self::DoesNotFit(overlong) => format!("screen does not fit: {}", overlong.measure()),
            Self::BadPlaceholder(why) => format!("placeholder cannot be read: {why}"),
            Self::BadWidth(of) => format!("{of} is never clipped, so it has no width"),
            Self::Unprintable => "text is empty or holds a control character".to_owned(),
            Self::NoRoot(folder) => format!("set has no root `{folder}.yaml`"),
            Self::NameDiffers(says, file) => format!("file `{file}.yaml` says that it is `{says}`"),
            Self::TextsWithoutMenu(menu) => {
                format!("texts for a menu `{}` that is not there", menu.name)
            }
            Self::TextsInUnknownLanguage(tag) => {
                format!("texts in `{tag}`, which is no further language of the set")
            }
            Self::MissingTextsFile(_, language) => format!("menu has no texts in {language}"),
            Self::MissingText(language, _) => format!("text is missing in {language}"),
            Self::NothingToTranslate(path) => format!("menu has no text `{}`", path.name),
            Self::PlaceholderLost(placeholder, language) => {
                format!("`{{{placeholder}}}` is left out in {language}")
            }
            Self::UnknownScreen(unknown) => format!("unknown screen `{}`", unknown.name),
            Self::UnknownMenu(unknown) => format!("unknown menu `{}`", unknown.name),
            Self::UnknownCall(unknown) => format!("unknown call `{}`", unknown.name),
            Self::UnknownOutcome(unknown) => format!("unknown outcome `{}`", unknown.name),
            Self::UnhandledOutcome(names, call) => {
                format!("outcomes of `{call}` lead nowhere: {}", names.join(", "))
            }
            Self::UnknownType(unknown) => format!("unknown type `{}`", unknown.name),
            Self::UnknownVariable(unknown) => format!("unknown variable `{}`", unknown.name),
            Self::UnknownField(unknown) => format!("unknown field `{}`", unknown.name),
            Self::UnsetVariable(name) => format!("`{name}` is not set on every way here"),
            Self::TwoTypes(name, one, other) => {
                format!("`{name}` is set with two types: {one} and {other}")
            }
            Self::ArgumentCount(of, takes, given) => {
                format!("`{of}` takes {} and gets {given}", count(takes))
            }
            Self::ArgumentType(given, name, wanted) => {
                format!("`{name}` takes {wanted}, not {given}")
            }
            Self::NotAList(name, of) => format!("`{name}` is no list: its type is {of}"),
            Self::NotPrintable(name) => format!("`{}` cannot be printed as a whole", name.name),
            Self::SecretInText(name) => format!("`{name}` is secret and stands in a text"),
            Self::RootTakes => "root takes something".to_owned(),
            Self::UnreachableScreen(name) => format!("no way leads to screen `{name}`"),
            Self::UnopenedMenu(name) => format!("nothing opens menu `{name}`"),
            Self::NoWayOut(name) => format!("no way leads out of screen `{name}`"),
            Self::LoopWithoutKey(names) => {
                format!("calls go round without a key press: {}", names.join(", "))
            }
            Self::MenusInCircle(names) => {
                format!("menus open each other in a circle: {}", names.join(", "))
            }
            Self::KeyTaken(key, meaning) => format!("key {key} is {meaning} here"),
            Self::KeyIsAnAnswer(key) => format!("key {key} is a right answer to this question"),
            Self::ConfirmByItsOwnKey(key, from) => {
                format!("confirm screen is reached by its own key {key}, from `{from}`")
            }
            Self::MissingLateSms(outcome) => format!("late `{outcome}` has no SMS"),
            Self::SmsNeverSent(outcome) => format!("SMS of `{outcome}` is never sent"),
            Self::SmsTooLong(overlong) | Self::SmsInParts(overlong) => {
                format!("SMS takes {} parts: {}", overlong.parts, overlong.measure())
            }
            Self::TooManyAsks(from) => {
                format!(
                    "more than {MOST_ASKS} calls and SMS follow without a key press, from `{from}`"
                )
            }
            Self::BadCondition(written) => format!("`{written}` is no comparison"),
            Self::Uncomparable(left, sign, right) => {
                format!("{left} cannot be compared with {right} by `{sign}`")
            }
            Self::SettledCondition(written, how, _) => format!("`{written}` {how}"),
            Self::MayBeEmpty(name) => {
                format!("first page `{name}` may be without an option")
            }
            Self::UnknownSetting(unknown) => format!("unknown setting `{}`", unknown.name),
            Self::SettingValue(name, wanted) => format!("setting `{name}` takes {wanted}"),
            Self::UnknownFragment(unknown) => format!("unknown fragment `{}`", unknown.name),
            Self::FragmentClash(screen, fragment) => {
                format!("menu has a screen `{screen}`, as fragment `{fragment}` has")
            }
            Self::UnusedFragment(name) => format!("no menu includes fragment `{name}`"),
            Self::SecretHandedOn(name, to) => {
                format!("`{name}` is secret, and `{to}` would not keep it so")
            }
            Self::SecretKeptForLate(name, call) => {
                format!("`{name}` is secret and still read behind `{call}`, which can be late")
            }
            Self::BadPattern(why) => format!("pattern cannot be read: {why}"),
            Self::NoAnswerFits(min, max) if min == max => {
                format!("no answer of {max} characters matches the pattern")
            }
            Self::NoAnswerFits(min, max) => {
                format!("no answer of {min} to {max} characters matches the pattern")
            }
            Self::BadDay(day) => format!("`{day}` is no day"),
            Self::ManyOptions(count) => format!("{count} things to choose from on one page"),
            Self::MemberNumberInText => "text holds a number that a member could have".to_owned(),
            Self::ReadAsAnother(written, other) => {
                format!("`{written}` without quotes is {other} to other readers of YAML")
            }
            Self::FarAway(entries) => format!("screen is {entries} entries from the first page"),
            Self::LongLine(characters, language) => {
                format!("line of {characters} characters in {language} is broken on a small screen")
            }
            Self::ReturnDiffers(gives) => match gives.as_slice() {
                [] => "menu gives nothing to return with".to_owned(),
                gives => format!("menu returns with {}, each once", gives.join(", ")),
            },
            Self::SecretKept(name) => format!("`{name}` is secret and does not stay"),
            Self::NeverReturns(menu) => format!("menu `{menu}` gives something and never returns"),
            Self::ThenWithoutReturn(menu) => format!("menu `{menu}` never returns"),
            Self::ReturnInRoot => "root returns to nobody".to_owned(),
            Self::TooManyResults(menu, gives, names) => {
                format!("`{menu}` gives {} and `as:` names {names}", count(gives))
            }
            Self::ShortcutTaken(key, by) => format!("shortcut {key} is a key of `{by}`"),
            Self::ShortcutNeeds(screen, names) => {
                format!("screen `{screen}` needs {} before", names.join(", "))
            }
            Self::ShortcutOverCall(screen) => {
                format!("shortcut lies over `{screen}`, which is no page to come back to")
            }
            Self::NothingToReturnTo(menu) => {
                format!("`{menu}` returns, and a call has nothing to show then")
            }
            Self::ResumeUndecided(name) => {
                format!("`{name}` must stand once in keep, ask_again or forget")
            }
            Self::ResumeWithoutWords => "set has no words to ask whether to go on".to_owned(),
            Self::BadCallName(name) => format!("`{name}` is no name of a declared call"),
            Self::BadRequest(why) => format!("request cannot be sent so: {why}"),
            Self::UnknownParameter(unknown) => {
                format!("call does not take `{}`", unknown.name)
            }
            Self::UnusedParameter(name) => format!("`{name}` is taken and never sent"),
            Self::UnsafeRepeat(key) => format!("`{key}` in a call that does something"),
            Self::MayRunTwice(method) => format!("this {method} may be sent twice"),
            Self::UnreachableOutcome(later, earlier) => {
                format!("outcome `{later}` never comes: `{earlier}` takes all of it")
            }
            Self::UnreadableField(why) => format!("answer cannot be read so: {why}"),
            Self::RecordClash(name) => format!("there is another `{name}` with other fields"),
            Self::NothingGiven(name) if name == "gives" => {
                "no outcome gives what the call gives".to_owned()
            }
            Self::NothingGiven(outcome) => {
                format!("outcome `{outcome}` gives something, and the call has no `gives:`")
            }
            Self::SecretMisplaced(name, place) => {
                format!("`{name}` is secret and stands in {place}")
            }
            Self::UnusedCall(name) => format!("no screen calls `{name}`"),
        }
    }

    /// What stands beside the carets.
    pub(super) fn label(&self) -> String {
        if let Self::DoesNotFit(overlong)
        | Self::SmsTooLong(overlong)
        | Self::SmsInParts(overlong) = self
        {
            overlong.label()
        } else {
            String::new()
        }
    }
}

impl Overlong {
    fn measure(&self) -> String {
        format!("{} of {} characters", self.units, self.limit)
    }

    fn label(&self) -> String {
        let values = if self.values {
            ", with the longest values"
        } else {
            ""
        };
        match self.alphabet {
            Alphabet::Gsm7 => format!("in {}{values}", self.language),
            Alphabet::Ucs2 => format!("in {}{values}, in the wide alphabet", self.language),
        }
    }
}

fn count(names: &[String]) -> String {
    match names {
        [] => "nothing".to_owned(),
        names => format!("{} ({})", names.len(), names.join(", ")),
    }
}
