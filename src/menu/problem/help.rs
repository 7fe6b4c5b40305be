use super::{Overlong, Problem};

impl Problem {
    /// What to do instead, in the imperative.
    pub(super) fn help(&self) -> String {
        match self {
            Self::UnknownKey(unknown) => unknown.help("key"),
            Self::TextsWithoutMenu(unknown) | Self::UnknownMenu(unknown) => unknown.help("menu"),
            Self::NothingToTranslate(unknown) => unknown.help("text"),
            Self::UnknownScreen(unknown) => unknown.help("screen"),
            Self::UnknownCall(unknown) => unknown.help("call"),
            Self::UnknownOutcome(unknown) => unknown.help("outcome"),
            Self::UnknownType(unknown) => unknown.help("type"),
            Self::UnknownVariable(unknown) => unknown.help("variable"),
            Self::UnknownSetting(unknown) => unknown.help("setting"),
            Self::UnknownFragment(unknown) => unknown.help("fragment"),
            Self::UnknownField(unknown) | Self::NotPrintable(unknown) => unknown.help("field"),
            Self::TextsInUnknownLanguage(_) => {
                "add it to the root's `languages:`, or take the file out".into()
            }
            Self::NameDiffers(says, file) => {
                format!("write `menu: {file}`, or rename the file to `{says}.yaml`")
            }
            Self::MissingTextsFile(file, _) => {
                format!("add `{file}`: the same tree, texts only")
            }
            Self::MissingText(_, place) => format!("add {place}"),
            Self::UnhandledOutcome(names, _) => {
                let first = names.first().map_or("", String::as_str);
                format!("say where each leads: `{first}: …`")
            }
            Self::DoesNotFit(overlong) => overlong.help(),
            Self::SmsTooLong(overlong) | Self::SmsInParts(overlong) => {
                overlong.forced().map_or_else(
                    || "shorten it to one part of 160 characters".to_owned(),
                    |forced| format!("{forced}, or shorten it to one part of 70 characters"),
                )
            }
            Self::NotYaml(_, help) => (*help).to_owned(),
            Self::WrongShape(wanted, _) => shape(wanted).to_owned(),
            Self::DuplicateKey(key) => duplicate(key),
            Self::MissingKey(..) => "add it".into(),
            Self::NotOneVerb(_) => {
                "keep one of menu, list, ask, confirm, show, end, call, language, route, set".into()
            }
            Self::TwoTargets => "keep either `go:` with a screen or `open:` with a menu".into(),
            Self::BadName(_) => "use small letters, digits and `_`, a letter first".into(),
            Self::ReservedName(_) => "choose another name: this one has a meaning already".into(),
            Self::BadServiceCode(_) => "write it as \"*152*00#\"".into(),
            Self::BadLanguage(_) => "write two or three small letters: sw, en, ne-Latn".into(),
            Self::BadKey(_) => "choose what a caller types quickly: \"1\"".into(),
            Self::BadNumber(_) => "write such a number, without quotes".into(),
            Self::BadPlaceholder(_) => {
                "write it as `{cover.first_name:12}`; double a brace that is meant as one".into()
            }
            Self::BadWidth(_) => "take the width out: only texts are clipped".into(),
            Self::Unprintable => "write the text; break a line with \\n in double quotes".into(),
            Self::NoRoot(_) => "add that file, or rename the folder as its root is named".into(),
            Self::PlaceholderLost(..) => "name the value in this language too".into(),
            Self::UnsetVariable(_) => {
                "use it only where it is known, or lead the other ways to another screen".into()
            }
            Self::TwoTypes(..) => "give the two values two names".into(),
            Self::ArgumentCount(..) => "hand over what it takes, in that order: `with: […]`".into(),
            Self::ArgumentType(..) => "hand over a value of that type".into(),
            Self::NotAList(..) => "name a variable that a call sets to a list".into(),
            Self::SecretInText(_) => "leave it out".into(),
            Self::RootTakes => "ask for it, or move these screens to a menu of their own".into(),
            Self::UnreachableScreen(_) => "lead to it, or take it out".into(),
            Self::UnopenedMenu(_) => "open it somewhere, or take the file out".into(),
            Self::NoWayOut(_) => "lead it to an end, back or home".into(),
            Self::LoopWithoutKey(_) => "lead one of their outcomes to a screen".into(),
            Self::MenusInCircle(_) => "go `back` or `home` instead of opening it again".into(),
            Self::KeyTaken(..) => "choose another digit".into(),
            Self::KeyIsAnAnswer(_) => {
                "choose a key that no right answer can be, such as \"0\"".into()
            }
            Self::ConfirmByItsOwnKey(..) => "give it a `key:` that no way in uses".into(),
            Self::MissingLateSms(_) => {
                "add it to the call's `sms:`, or give its screen an `sms:` of its own".into()
            }
            Self::SmsNeverSent(_) => "take it out".into(),
            Self::TooManyAsks(_) => {
                "leave some out, or let a screen with a key stand between them".into()
            }
            Self::BadCondition(_) => {
                "write one comparison, such as `quote.persons > 6` or `kind == \"nida\"`".into()
            }
            Self::Uncomparable(..) => {
                "compare values of one type; only numbers, amounts and dates have an order".into()
            }
            Self::SettledCondition(_, _, can_be) => {
                format!("take it out, or compare it with what it can be: {can_be}")
            }
            Self::MayBeEmpty(_) => "leave one option without `when:`".into(),
            Self::SettingValue(..) => "give it such a value".into(),
            Self::FragmentClash(..) => "rename the menu's own screen, or take it out".into(),
            Self::UnusedFragment(_) => "include it somewhere, or take the file out".into(),
            Self::SecretHandedOn(..) => {
                "let it take a `secret` there, or hand over something else".into()
            }
            Self::SecretKeptForLate(..) => "ask for it after that call".into(),
            Self::BadPattern(_) => "write it as \"[A-Z]{2}[0-9]{3}\"".into(),
            Self::NoAnswerFits(..) => "let the length and the pattern agree".into(),
            Self::BadDay(_) => {
                "write it as 2026-03-31, today, today + 30d, today - 6m or today - 120y".into()
            }
            Self::MemberNumberInText => {
                "leave it out, or show one that nobody can have: 123456789".into()
            }
            Self::ReadAsAnother(written, _) => format!("put it in quotes: \"{written}\""),
            Self::FarAway(_) => "ask for less, or lead to it from an earlier page".into(),
            Self::LongLine(..) => {
                "shorten it to 31 characters with its key, or give a name in it a width".into()
            }
            Self::ReturnDiffers(gives) => match gives.first() {
                Some(first) => format!("write `return: {{{first}: …}}`, with all that it gives"),
                None => "write `return` alone, or say under `gives:` what it gives".into(),
            },
            Self::SecretKept(_) => "use it where it is asked for, and ask for it again".into(),
            Self::NeverReturns(_) => "lead a way to `return:`, or take `gives:` out".into(),
            Self::ThenWithoutReturn(_) => "take `then:` and `as:` out, or let it return".into(),
            Self::ReturnInRoot => "go `home`, or move these screens to another menu".into(),
            Self::TooManyResults(..) => "take the last names out".into(),
            Self::ShortcutTaken(..) => "choose a key that no page or shortcut has there".into(),
            Self::ShortcutNeeds(..) => "lead it to the screen that asks first".into(),
            Self::ShortcutOverCall(_) => "let the root start with a menu or a text".into(),
            Self::NothingToReturnTo(_) => "say where it goes on: `then: …`".into(),
            Self::ResumeUndecided(_) => "name it once, in the list that is meant".into(),
            Self::ResumeWithoutWords => {
                "add `resume`, `carry_on` and `start_again` to the root's `words:`".into()
            }
            Self::ManyOptions(_) => "group them: five are read, more are not".into(),
            Self::BadCallName(_) => {
                "write two words with a dot between, as in `facility.find`".into()
            }
            Self::BadRequest(_) => {
                "write it as `get: \"http://registry.example/facilities/{code}\"`".into()
            }
            Self::UnknownParameter(unknown) => unknown.help("placeholder"),
            Self::UnusedParameter(_) => {
                "name it in the address, a header or the body, or take it out".into()
            }
            Self::UnsafeRepeat("cache") => "take it out: only what is read may be kept".into(),
            Self::UnsafeRepeat(_) => {
                "take it out, or add `idempotency_key: true` where the other side heeds it".into()
            }
            Self::MayRunTwice(_) => {
                "add `idempotency_key: true` where the other side heeds it".into()
            }
            Self::UnreachableOutcome(..) => "put the one with more conditions first".into(),
            Self::UnreadableField(_) => "write it as `facility.level > 2`".into(),
            Self::RecordClash(_) => "give it another name, or the same fields".into(),
            Self::NothingGiven(name) if name == "gives" => {
                "add `gives: true` to the outcomes that have it, or take `gives:` out".into()
            }
            Self::NothingGiven(_) => "say below `gives:` what is read, or take it out".into(),
            Self::SecretMisplaced(..) => "put it into a header of a call that is not kept".into(),
            Self::UnusedCall(_) => "call it, or take it out".into(),
        }
    }
}

/// How a value of the wanted shape is written.
fn shape(wanted: &str) -> &'static str {
    match wanted {
        "a map" => {
            "write keys with their values, `{key: value}`, or one below the other and indented"
        }
        "a list" => "write it in brackets, with commas between: `[member]`",
        "a text" => "write one text, in quotes where it holds a sign: \"…\"",
        "a text or a map" => "write one text, or keys with their texts below it",
        "true or false" => "write `true` or `false`, without quotes",
        "a language" => "write a tag and the language's own name: `{sw: Kiswahili}`",
        "one type" => "write one of them, as in `{number: {min: 1, max: 9}}`",
        "a map of at most 20000 entries" => "move some of them to another menu",
        _ => "write it as `nyota check --explain M003` shows",
    }
}

fn duplicate(key: &str) -> String {
    if key.bytes().all(|byte| byte.is_ascii_digit()) {
        "give it another digit, or take it out: only the first counts".to_owned()
    } else {
        format!("rename it, such as `{key}_2`, or take it out: only the first counts")
    }
}

impl Overlong {
    fn help(&self) -> String {
        if let Some(forced) = self.forced() {
            return format!("{forced}, or shorten it");
        }
        let width = if self.clippable {
            ", give a name a width as in `{cover.first_name:12}`"
        } else {
            ""
        };
        let pages = if self.pageable {
            ", or let it run over pages with `paged: true`"
        } else {
            ""
        };
        format!("shorten it{width}{pages}")
    }

    fn forced(&self) -> Option<String> {
        self.forced_by.map(|character| {
            format!(
                "replace `{character}`: it forces pages of {} characters",
                self.limit
            )
        })
    }
}
