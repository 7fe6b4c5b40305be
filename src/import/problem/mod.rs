//! Everything of a journey that cannot be carried over as it is, and how its author reads of it.
//!
//! 1. [`Problem`] says what, [`Found`] where; [`Found::report`] is what is printed. Its label says what
//!    was done instead, its help what to do.
//! 2. An error means that something of the journey is missing in our files. A warning means that it is
//!    there, and that its author should look at it.
//! 3. Codes are stable, as those of `menu::Problem` are.
//!
//! To add one: a variant with the next code and its paragraphs, its sentences in `message.rs` and
//! `help.rs`, and a place in `tests/import/` that triggers it (`tests/it/import.rs` fails until it is
//! there).

mod help;
mod message;

use crate::model::source::{Report, Severity, Span};

/// What could not be carried over, or should be looked at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Problem {
    /// **I001** The file is no YAML that nyota reads.
    ///
    /// Why: nothing of it can be carried over. Anchors, aliases and tags are not read either.
    ///
    /// Example: `text: Weka * hapa: namba`
    ///
    /// Instead: mend what the message names, or write out what an alias stands for. Nothing is written.
    NotYaml(String),
    /// **I002** The file is no journey: it has no screens by name.
    ///
    /// Why: there is nothing to carry over.
    ///
    /// Example: a list, or a file of variables
    ///
    /// Instead: name the file that holds `initial_screen`. Nothing is written.
    NotAJourney,
    /// **I003** The same key twice in one map. A warning.
    ///
    /// Why: ussd_airflow takes the last one and says nothing; so was done here.
    ///
    /// Example: two screens named `thanks`
    ///
    /// Instead: look whether the first one was meant.
    DuplicateKey(String),
    /// **I004** A key that is not known where it stands.
    ///
    /// Why: ussd_airflow passes over it, or hands it to code of the service's own.
    ///
    /// Example: `thanks: {type: quit_screen, text: Asante, colour: red}`
    ///
    /// Instead: look whether it did anything; it is left out.
    UnknownKey(String),
    /// **I005** A value of another shape than the key wants: what is wanted, what is there.
    ///
    /// Why: there is no one way to read it.
    ///
    /// Example: `options: save`
    ///
    /// Instead: write it in ours, as `menus/README.md` shows; it is left out.
    WrongShape(&'static str, &'static str),
    /// **I006** A key that a screen needs is missing: the key.
    ///
    /// Why: the screen would have nothing to show, nothing to keep or nowhere to lead.
    ///
    /// Example: `name: {type: input_screen, text: "Jina?", next_screen: thanks}`
    ///
    /// Instead: write what was meant; a placeholder stands there.
    MissingKey(&'static str),
    /// **I007** The journey does not say where it begins, or names no screen there.
    ///
    /// Why: a caller who dials must be shown something.
    ///
    /// Example: a journey without `initial_screen`
    ///
    /// Instead: `start:` in the root names the first screen of the file; name another if need be.
    NoStart,
    /// **I008** A screen that is led to and is not there.
    ///
    /// Why: ussd_airflow would fail when a caller comes there.
    ///
    /// Example: `next_screen: thank_you` in a journey that has `thanks`
    ///
    /// Instead: an end screen stands there that says so; lead to the screen that was meant.
    MissingScreen(String),
    /// **I009** A screen of a type that is none of ussd_airflow's own.
    ///
    /// Why: what it does is in code that the journey does not hold.
    ///
    /// Example: `type: payment_screen`
    ///
    /// Instead: an end screen stands there; write it anew with one of our verbs.
    UnknownType(String),
    /// **I010** A screen that runs code of the service's own: a function, a class.
    ///
    /// Why: menus of ours hold no code; what they need from outside is a call.
    ///
    /// Example: `type: function_screen` with `function: fees.utils.last_visit`
    ///
    /// Instead: an end screen stands there; declare a call in `calls.yaml` to what the function asked.
    OwnCode(String),
    /// **I011** Two names became one: the name, and what it is now.
    ///
    /// Why: our names are small letters, digits and `_`.
    ///
    /// Example: `Enter-Name` beside `enter_name`
    ///
    /// Instead: rename one of them as you like, wherever it stands. A warning.
    NamesClash(String, String),
    /// **I012** A screen that no way leads to.
    ///
    /// Why: no way led to it in the journey, or only ways that could not be carried over; our check
    /// refuses screens that nobody reaches.
    ///
    /// Example: what comes after a `function_screen`
    ///
    /// Instead: it stands as a comment at the end of the file; take the `# ` away once something leads
    /// there.
    NotReached(String),
    /// **I013** A condition that is more than a comparison: why.
    ///
    /// Why: our conditions compare one value with one other, so that they can be proved.
    ///
    /// Example: `expression: "{{ age|int > 17 and kind == 'member' }}"`
    ///
    /// Instead: the branch is left out; split it over two `route:` screens, or have a call tell.
    BadCondition(String),
    /// **I014** A value or text that is computed: why.
    ///
    /// Why: our texts print values and compute none.
    ///
    /// Example: `text: "Total {{ price * 2 }}"`
    ///
    /// Instead: what was computed stands in round brackets; have a call give it.
    Computed(String),
    /// **I015** A value that nothing in the journey sets.
    ///
    /// Why: it came from the request, from the environment or from code: our menus have no such values.
    ///
    /// Example: `text: "Namba yako ni {{ phone_number }}"`
    ///
    /// Instead: its name stands in round brackets; ask for it, have a call give it, or make it one of the
    /// root's `settings:`.
    UnknownValue(String),
    /// **I016** Statements of templates, such as `{% if %}`.
    ///
    /// Why: our texts hold no logic. ussd_airflow's own handling of them is incomplete, too.
    ///
    /// Example: `text: "{% if paid %}Asante{% endif %}"`
    ///
    /// Instead: the text between them stands in any case; make a screen for each of the cases, and a
    /// `route:` before them.
    Statement(String),
    /// **I017** A language's tag that is none.
    ///
    /// Why: ours are two or three small letters.
    ///
    /// Example: `text: {swahili: Karibu, en: Welcome}`
    ///
    /// Instead: the text is left out; write the tag.
    BadLanguage(String),
    /// **I018** A text is missing in one of the journey's languages: the language. A warning.
    ///
    /// Why: ussd_airflow would show the default, or fail.
    ///
    /// Example: `text: {en: Welcome}` where other texts have `sw` too
    ///
    /// Instead: the text of the first language stands there; translate it.
    MissingText(String),
    /// **I019** A text that is empty. A warning.
    ///
    /// Why: our pages say something.
    ///
    /// Example: `text: ""` above a list
    ///
    /// Instead: a word stands there; write what is to be chosen.
    EmptyText,
    /// **I020** A language that nyota has no words in. A warning.
    ///
    /// Why: the words beside the keys, and the last pages when something fails, are the set's own.
    ///
    /// Example: texts in `rw`
    ///
    /// Instead: English words stand there; put them into the language, and its own name into the root's
    /// `languages:`.
    NoWords(String),
    /// **I021** Callers are asked for their language. A warning.
    ///
    /// Why: ussd_airflow takes the language from code of the service's own; here the first dial asks,
    /// and the answer is remembered.
    ///
    /// Example: a journey with texts in `en` and `sw`
    ///
    /// Instead: take the screen out and let `first_dial:` name the start, if all callers read the first
    /// language.
    AsksLanguage,
    /// **I022** An option has another key: the key there, the key here. A warning.
    ///
    /// Why: our keys are one to three digits, mean one thing on a page, and no answer; below a list they
    /// are fixed, where ussd_airflow counts on from the rows.
    ///
    /// Example: `input_value: "*"`
    ///
    /// Instead: look whether a text names the old key.
    OtherKey(String, String),
    /// **I023** What is printed before an option. A warning.
    ///
    /// Why: ours print the key and a space.
    ///
    /// Example: `input_display: "Press 1 for "`
    ///
    /// Instead: put it into the option's text.
    Display(String),
    /// **I024** The rows of a list that cannot be had: why.
    ///
    /// Why: our lists show what a declared call gives, or what is written.
    ///
    /// Example: `with_items: "{{ members|sort }}"`
    ///
    /// Instead: the rows are left out; declare a call that gives them.
    NoRows(String),
    /// **I025** A check of an answer that could not be carried over: why.
    ///
    /// Why: our answers have a type with limits, lengths and one pattern.
    ///
    /// Example: `expression: "{{ ussd_request.input in known_codes }}"`
    ///
    /// Instead: it is left out; check the answer by a `route:` or a call after it.
    Validator(String),
    /// **I026** A second message for wrong answers. A warning.
    ///
    /// Why: a question of ours has one `wrong:`.
    ///
    /// Example: two `validators:` with a text each
    ///
    /// Instead: the first one stands there; make it say both.
    SecondMessage,
    /// **I027** An answer is taken for a secret. A warning.
    ///
    /// Why: its name says so. A secret is never shown, sent by SMS, logged or kept in clear.
    ///
    /// Example: `input_identifier: pin`
    ///
    /// Instead: give it another type if it is none.
    Secret(String),
    /// **I028** A part of a request that our calls do not have: the key.
    ///
    /// Why: certificates are always checked, credentials stand in headers only, and bodies are JSON.
    ///
    /// Example: `verify: false`
    ///
    /// Instead: it is left out; look whether the other side can do without.
    RequestPart(String),
    /// **I029** A request that cannot be declared: why.
    ///
    /// Why: the address of a declared call leads to a known host, by get, post or put.
    ///
    /// Example: `url: "{{ BASE_URL }}/balance"`
    ///
    /// Instead: an end screen stands there; declare the call in `calls.yaml` with the whole address.
    NoCall(String),
    /// **I030** A request that was sent without waiting for its answer. A warning.
    ///
    /// Why: with `synchronous: true` ussd_airflow sends it later, from a queue.
    ///
    /// Example: `synchronous: true`
    ///
    /// Instead: the caller waits for it here, for some seconds at most; if it may take longer, give the
    /// call `late: true` and the screen an outcome `slow`.
    NotAwaited,
    /// **I031** A request may fail. A warning.
    ///
    /// Why: ussd_airflow goes on whatever the answer was; here a status other than 2xx and no answer at
    /// all lead to an end screen.
    ///
    /// Example: any `http_screen`
    ///
    /// Instead: lead `down` where it should, and give the call more outcomes by status.
    MayFail,
    /// **I032** A loop: `with_items` on a screen that shows nothing.
    ///
    /// Why: ours have no loops, so that every screen is reached after few steps.
    ///
    /// Example: `type: router_screen` with `with_items:`
    ///
    /// Instead: it is left out; let a call tell what was looked for.
    Loop,
    /// **I033** Something that works otherwise here: the key, how.
    ///
    /// Why: it is not the menus' to say.
    ///
    /// Example: `ussd_report_session:`
    ///
    /// Instead: it is left out; the message says where it belongs.
    Elsewhere(String, &'static str),
    /// **I034** Values from a file of variables. A warning.
    ///
    /// Why: what differs between installations stands in the root's `settings:` here; the journey does
    /// not hold the values.
    ///
    /// Example: `variables: {file: ./{{ENVIRONMENT}}.yml, namespace: fees}`
    ///
    /// Instead: each setting has a placeholder as its default; write the value.
    Settings(Vec<String>),
    /// **I035** No branch may fit, and nothing says what then.
    ///
    /// Why: ussd_airflow would fail.
    ///
    /// Example: a `router_screen` without `default_next_screen`
    ///
    /// Instead: `else:` leads to an end screen that says so; lead it where it should.
    NoElse,
    /// **I036** A value that is not set on every way. A warning.
    ///
    /// Why: ussd_airflow prints nothing in its place; ours must be set before it is used.
    ///
    /// Example: a value that only one branch of an `update_session_screen` sets
    ///
    /// Instead: a screen at the start sets it to `-`, or to 0; set what it is until then.
    NotOnEveryWay(String),
    /// **I037** A page or SMS is longer than it can be: how long.
    ///
    /// Why: it would be cut. ussd_airflow counts characters and leaves a long end screen long.
    ///
    /// Example: a `quit_screen` of three sentences
    ///
    /// Instead: shorten it, or make a `show:` with `paged: true` of it.
    TooLong(String),
    /// **I038** Something else that `nyota check` finds in the files: its code, what it says.
    ///
    /// Why: the files are only served when the check finds nothing.
    ///
    /// Example: screens that lead to each other without a key between them
    ///
    /// Instead: see what `nyota check` says of it, and mend it in the files.
    CheckFinds(&'static str, String),
    /// **I039** A screen inherits from one that is not there, or from itself.
    ///
    /// Why: nobody can say what it should have.
    ///
    /// Example: `second: {inherit: second}`
    ///
    /// Instead: what it has itself is carried over; add the rest.
    BadInherit(String),
    /// **I040** Two values became one kind: the value. A warning.
    ///
    /// Why: our values have a type; this one is a number here and a text there.
    ///
    /// Example: `as_number: 5` in one place, `as_number: none` in another
    ///
    /// Instead: it is a text everywhere; compare it with quoted texts.
    TwoKinds(String),
    /// **I041** A request names a value that cannot be had: why.
    ///
    /// Why: what a call sends is handed over by the menu, as it is; the caller's number and the
    /// environment are not the menu's.
    ///
    /// Example: `params: {phone: "{{ phone_number }}"}`
    ///
    /// Instead: that part of the request is left out; ask for the value, or write what it always is.
    NotSent(String),
    /// **I042** A value that is set to something computed, or to what nothing sets: why.
    ///
    /// Why: our `set:` takes numbers, texts and other values, and computes nothing.
    ///
    /// Example: `values_to_update: [{key: total, value: "{{ price * 2 }}"}]`
    ///
    /// Instead: it is not set; have a call give it.
    NotSet(String),
    /// **I043** A filter that ours have no like of: the filter.
    ///
    /// Why: a value prints by its type and by the caller's language.
    ///
    /// Example: `{{ name|title }}`
    ///
    /// Instead: the value stands without it; have the call give it as it should read.
    Filter(String),
    /// **I044** An answer is waited for less long: the seconds. A warning.
    ///
    /// Why: a caller's page has to come within some seconds, or the network drops the dialogue.
    ///
    /// Example: `timeout: 30`
    ///
    /// Instead: `timeout: 3s` stands there; if the other side takes longer, give the call `late: true`.
    ShorterWait(String),
}

/// A problem and its place in the journey.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// What.
    pub problem: Problem,
    /// Where.
    pub at: Span,
}

impl Found {
    /// As it is printed.
    pub fn report(&self) -> Report {
        Report {
            code: self.problem.code(),
            severity: self.problem.severity(),
            // What is quoted of a journey may run over lines.
            message: self.problem.message().replace(char::is_control, " "),
            span: self.at,
            label: self.problem.done().to_owned(),
            help: self.problem.help(),
        }
    }
}

impl Problem {
    /// Its stable code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::NotYaml(_) => "I001",
            Self::NotAJourney => "I002",
            Self::DuplicateKey(_) => "I003",
            Self::UnknownKey(_) => "I004",
            Self::WrongShape(..) => "I005",
            Self::MissingKey(_) => "I006",
            Self::NoStart => "I007",
            Self::MissingScreen(_) => "I008",
            Self::UnknownType(_) => "I009",
            Self::OwnCode(_) => "I010",
            Self::NamesClash(..) => "I011",
            Self::NotReached(_) => "I012",
            Self::BadCondition(_) => "I013",
            Self::Computed(_) => "I014",
            Self::UnknownValue(_) => "I015",
            Self::Statement(_) => "I016",
            Self::BadLanguage(_) => "I017",
            Self::MissingText(_) => "I018",
            Self::EmptyText => "I019",
            Self::NoWords(_) => "I020",
            Self::AsksLanguage => "I021",
            Self::OtherKey(..) => "I022",
            Self::Display(_) => "I023",
            Self::NoRows(_) => "I024",
            Self::Validator(_) => "I025",
            Self::SecondMessage => "I026",
            Self::Secret(_) => "I027",
            Self::RequestPart(_) => "I028",
            Self::NoCall(_) => "I029",
            Self::NotAwaited => "I030",
            Self::MayFail => "I031",
            Self::Loop => "I032",
            Self::Elsewhere(..) => "I033",
            Self::Settings(_) => "I034",
            Self::NoElse => "I035",
            Self::NotOnEveryWay(_) => "I036",
            Self::TooLong(_) => "I037",
            Self::CheckFinds(..) => "I038",
            Self::BadInherit(_) => "I039",
            Self::TwoKinds(_) => "I040",
            Self::NotSent(_) => "I041",
            Self::NotSet(_) => "I042",
            Self::Filter(_) => "I043",
            Self::ShorterWait(_) => "I044",
        }
    }

    /// Whether something of the journey is missing.
    pub fn severity(&self) -> Severity {
        let warning = matches!(
            self,
            Self::DuplicateKey(_)
                | Self::NamesClash(..)
                | Self::MissingText(_)
                | Self::EmptyText
                | Self::NoWords(_)
                | Self::AsksLanguage
                | Self::OtherKey(..)
                | Self::Display(_)
                | Self::SecondMessage
                | Self::Secret(_)
                | Self::NotAwaited
                | Self::MayFail
                | Self::Settings(_)
                | Self::NotOnEveryWay(_)
                | Self::TwoKinds(_)
                | Self::ShorterWait(_)
        );
        if warning {
            Severity::Warning
        } else {
            Severity::Error
        }
    }
}
