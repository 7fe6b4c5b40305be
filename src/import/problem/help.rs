use super::Problem;

impl Problem {
    /// What to do, in the imperative.
    pub(super) fn help(&self) -> String {
        match self {
            Self::NotYaml(_) => "mend it, or write out what an alias stands for, and import again",
            Self::NotAJourney => "name the file that holds `initial_screen`",
            Self::DuplicateKey(_) => "look whether the first one was meant",
            Self::UnknownKey(_) => "look whether it did anything",
            Self::WrongShape(..) => "write it in our file, as `menus/README.md` shows",
            Self::MissingKey(_) => "write in our file what was meant",
            Self::NoStart => "name another in the root's `start:` if need be",
            Self::MissingScreen(_) => "lead to the screen that was meant",
            Self::UnknownType(_) => "write it anew with one of our verbs",
            Self::OwnCode(_) => {
                "declare a call in `calls.yaml` to what the code asked, and lead its outcomes on"
            }
            Self::NamesClash(..) => "choose a better name, wherever it stands",
            Self::NotReached(_) => "lead to it and take the `# ` away, or delete it",
            Self::BadCondition(_) => {
                "split it over several `route:` screens of one comparison each, or have a call tell"
            }
            Self::Computed(_) | Self::NotSet(_) => "have a call give it",
            Self::UnknownValue(_) => {
                "ask for it, have a call give it, or make it one of the root's `settings:`"
            }
            Self::Statement(_) => "make a screen for each case, and a `route:` before them",
            Self::BadLanguage(_) => "write two or three small letters: sw, en",
            Self::MissingText(_) => "translate it in the file of texts",
            Self::EmptyText => "say what is to be chosen or typed",
            Self::NoWords(_) => {
                "put `words:` into the language, and its own name into the root's `languages:`"
            }
            Self::AsksLanguage => {
                "let `first_dial:` name the start if all callers read the first language"
            }
            Self::OtherKey(..) => "look whether a text names the old key",
            Self::Display(_) => "put it into the option's text if callers need it",
            Self::NoRows(_) => "declare a call in `calls.yaml` that gives them as a list",
            Self::Validator(_) => "check the answer by a `route:` or a call after it",
            Self::SecondMessage => "make `wrong:` say both",
            Self::Secret(_) => "give it another `type:` if it is none",
            Self::RequestPart(_) => "look whether the other side can do without",
            Self::NoCall(_) => "declare the call in `calls.yaml`, and lead its outcomes on",
            Self::NotAwaited => {
                "give the call `late: true` and its screen an outcome `slow` if it may take long"
            }
            Self::MayFail => "lead `down` where it should",
            Self::Loop => "let a call tell what was looked for",
            Self::Elsewhere(..) => "see there",
            Self::Settings(_) => "write their values as defaults below the root's `settings:`",
            Self::NoElse => "lead `else:` where it should",
            Self::NotOnEveryWay(_) => "set what it is until then",
            Self::TooLong(_) => {
                "shorten it, give a long value a width as in `{name:16}`, or show it with `paged: true`"
            }
            Self::CheckFinds(..) => "see what `nyota check` says of it, and mend it in our file",
            Self::BadInherit(_) => "add what it should have had",
            Self::TwoKinds(_) => "give the two values two names if both kinds are meant",
            Self::NotSent(_) => "ask for the value, or write in `calls.yaml` what it always is",
            Self::Filter(_) => "have the call give it as it should read",
            Self::ShorterWait(_) => "give the call `late: true` if the other side takes longer",
        }
        .to_owned()
    }
}
