use super::Problem;

impl Problem {
    /// What is wrong: one sentence without its final point.
    pub(in crate::import) fn message(&self) -> String {
        match self {
            Self::NotYaml(why) => format!("no YAML that nyota reads: {why}"),
            Self::NotAJourney => "no journey: a map of screens by name is expected".to_owned(),
            Self::DuplicateKey(key) => format!("`{key}` stands twice"),
            Self::UnknownKey(key) => format!("`{key}` is no key that is known here"),
            Self::WrongShape(wanted, there) => format!("{wanted} is expected here, not {there}"),
            Self::MissingKey(key) => format!("`{key}` is missing"),
            Self::NoStart => "nothing says which screen comes first".to_owned(),
            Self::MissingScreen(name) => format!("there is no screen `{name}`"),
            Self::UnknownType(of) => format!("`{of}` is no type of screen that is known"),
            Self::OwnCode(what) => format!("`{what}` is code, which the journey does not hold"),
            Self::NamesClash(theirs, ours) => {
                format!("`{theirs}` would have the name of another: it is `{ours}` now")
            }
            Self::NotReached(name) => format!("no way leads to `{name}`"),
            Self::BadCondition(why) => format!("not a comparison of two values: {why}"),
            Self::Computed(why) => format!("not a value that can be printed as it is: {why}"),
            Self::UnknownValue(name) => format!("nothing in the journey sets `{name}`"),
            Self::Statement(written) => format!("`{written}` is logic in a text"),
            Self::BadLanguage(tag) => format!("`{tag}` is no language's tag"),
            Self::MissingText(language) => format!("the text is missing in `{language}`"),
            Self::EmptyText => "the text is empty".to_owned(),
            Self::NoWords(language) => format!("nyota has no words in `{language}`"),
            Self::AsksLanguage => {
                "what decides a caller's language is not in the journey".to_owned()
            }
            Self::OtherKey(theirs, ours) => format!("the key `{theirs}` is `{ours}` here"),
            Self::Display(text) => format!("`{text}` is printed before the option"),
            Self::NoRows(why) => format!("the rows are not known: {why}"),
            Self::Validator(why) => format!("a check that our answers do not have: {why}"),
            Self::SecondMessage => "a question has one message for wrong answers".to_owned(),
            Self::Secret(name) => format!("`{name}` sounds like a secret"),
            Self::RequestPart(key) => format!("our calls have no `{key}`"),
            Self::NoCall(why) => format!("the request cannot be declared: {why}"),
            Self::NotAwaited => "the answer to this request is not waited for".to_owned(),
            Self::MayFail => "nothing says what comes when the request fails".to_owned(),
            Self::Loop => "a loop, which our screens do not have".to_owned(),
            Self::Elsewhere(key, how) => format!("`{key}` is not the menus' to say: {how}"),
            Self::Settings(names) => match names.as_slice() {
                [] => "the file of variables is not read, and no screen uses it".to_owned(),
                names => format!("these values stand in another file: {}", names.join(", ")),
            },
            Self::NoElse => "nothing says where to go when no condition is true".to_owned(),
            Self::NotOnEveryWay(name) => format!("not every way that leads here sets `{name}`"),
            Self::TooLong(how) => format!("too long for a phone: {how}"),
            Self::CheckFinds(code, message) => format!("`nyota check` will say {code}: {message}"),
            Self::BadInherit(name) => format!("`{name}` is no other screen to inherit from"),
            Self::TwoKinds(name) => format!("`{name}` is a number here and a text elsewhere"),
            Self::NotSent(why) => format!("a request cannot send this: {why}"),
            Self::NotSet(why) => format!("a value cannot be set to this: {why}"),
            Self::Filter(name) => format!("our values have no filter `{name}`"),
            Self::ShorterWait(seconds) => format!("no caller can wait for {seconds} seconds"),
        }
    }

    /// What was done instead; it stands beside the caret.
    pub(super) fn done(&self) -> &'static str {
        match self {
            Self::NotYaml(_) | Self::NotAJourney => "nothing is written",
            Self::DuplicateKey(_) => "the last one counts",
            Self::UnknownKey(_)
            | Self::WrongShape(..)
            | Self::BadLanguage(_)
            | Self::RequestPart(_)
            | Self::Validator(_)
            | Self::Elsewhere(..)
            | Self::Loop
            | Self::NotSent(_)
            | Self::Display(_) => "left out",
            Self::MissingKey(_) => "a placeholder stands there",
            Self::NoStart => "the first screen of the file comes first",
            Self::MissingScreen(_) | Self::NoElse => "leads to an end screen that says so",
            Self::UnknownType(_) | Self::OwnCode(_) | Self::NoCall(_) => {
                "an end screen stands there that says so"
            }
            Self::NamesClash(..) => "renamed",
            Self::NotReached(_) => "kept as a comment at the end of the file",
            Self::BadCondition(_) => "left out, what comes after it is tried",
            Self::Computed(_) | Self::UnknownValue(_) => "its name stands there in round brackets",
            Self::Statement(_) => "left out, the text around it stands in any case",
            Self::MissingText(_) => "the first language stands there",
            Self::EmptyText => "a word stands there",
            Self::NoWords(_) => "English words stand there",
            Self::AsksLanguage => "the first dial asks for it",
            Self::OtherKey(..) => "another key",
            Self::NoRows(_) => "the rows are left out",
            Self::SecondMessage => "left out, the first message counts",
            Self::Secret(_) => "asked for as a PIN",
            Self::NotAwaited => "the caller waits for it",
            Self::MayFail => "`down` leads to an end screen",
            Self::Settings(_) => "each is a setting with a placeholder",
            Self::NotOnEveryWay(_) => "set at the start",
            Self::TooLong(_) | Self::CheckFinds(..) => "written as it is",
            Self::BadInherit(_) => "what it has itself is carried over",
            Self::TwoKinds(_) => "a text everywhere",
            Self::NotSet(_) => "not set",
            Self::Filter(_) => "the value stands without it",
            Self::ShorterWait(_) => "waits for 3 seconds",
        }
    }
}
