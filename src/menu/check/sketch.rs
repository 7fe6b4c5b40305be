//! Small menu sets for tests.

use crate::menu::{CheckOptions, Compilation, compile};
use crate::model::source::Source;

/// The root without its screens, in one language.
const ROOT: &str = r#"menu: chf
service: "*152*00#"
languages: {sw: Kiswahili}
keys: {back: "0", home: "00", more: "98"}
words: {yes: Ndiyo, no: Hapana, back: Rudi, home: Mwanzo, more: Endelea, choose_again: Tena., busy: Subiri., unavailable: Hakuna., wrong_number: Haipo.}
late: {ask: Weka tarakimu 4, wrong: Si sahihi.}
messages: {payment_received: "{amount}", cover_active: "{from}"}
first_dial: main
start: main
screens:
"#;

/// A root with these screens, in Swahili only.
pub(in crate::menu) fn root(screens: &str) -> Source {
    source("chf", &format!("{ROOT}{screens}"))
}

/// The menu `name` with these lines.
pub(in crate::menu) fn source(name: &str, text: &str) -> Source {
    Source {
        name: format!("chf/{name}.yaml"),
        text: text.to_owned(),
    }
}

/// What comes of these files.
pub(in crate::menu) fn compiled(sources: &[Source]) -> Compilation {
    compile(sources, CheckOptions::default())
}

/// The codes of all problems of these files, each with the text that it marks.
pub(in crate::menu) fn found(sources: &[Source]) -> Vec<(&'static str, String)> {
    let problems = compiled(sources).problems;
    let marked = problems.iter().map(|found| {
        let text = sources.get(found.at.source).map(|source| &source.text);
        let text = text.and_then(|text| text.get(found.at.start..found.at.end));
        (found.problem.code(), text.unwrap_or_default().to_owned())
    });
    marked.collect()
}

/// The same of a root with these screens.
pub(in crate::menu) fn found_in(screens: &str) -> Vec<(&'static str, String)> {
    found(&[root(screens)])
}

/// Words of so many characters together.
pub(in crate::menu) fn words_of(length: usize) -> String {
    let mut words: String = "mmmmmmmmm ".chars().cycle().take(length - 1).collect();
    words.push('m');
    words
}
