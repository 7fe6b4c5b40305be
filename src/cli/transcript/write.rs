use std::fmt::Write as _;

use super::{
    Action, Transcript, answer,
    read::{GATEWAY, PHONE, TODAY},
    time,
};

/// A step that was lived through, and what its reader is to know of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recorded {
    /// What happened.
    pub action: Action,
    /// A comment above the step; empty for none.
    pub note: String,
}

/// A transcript as a file: `head` says all but its steps, and `steps` what happened.
pub fn write(head: &Transcript, steps: &[Recorded]) -> String {
    let mut file = format!("transcript: {}\n", scalar(&head.title));
    let phone = head.phone.e164();
    let mut line = |key: &str, value: Option<String>| {
        if let Some(value) = value {
            // Writing to a String cannot fail.
            _ = writeln!(file, "{key}: {value}");
        }
    };
    line("phone", (phone != PHONE).then(|| quoted(&phone)));
    line("language", head.language.map(|it| it.to_string()));
    line(
        "today",
        (head.today != TODAY).then(|| head.today.to_string()),
    );
    let gateway = Some(head.gateway.clone());
    line("gateway", gateway.filter(|gateway| gateway != GATEWAY));
    let page = head
        .page
        .map(|page| format!("{{gsm7: {}, ucs2: {}}}", page.gsm7, page.ucs2));
    line("page", page);
    file.push_str("steps:\n");
    for step in steps {
        if !step.note.is_empty() {
            _ = writeln!(file, "  # {}", step.note);
        }
        file.push_str(&written(&step.action));
    }
    file
}

fn written(action: &Action) -> String {
    match action {
        Action::Dial(code) => line("dial", &quoted(code.as_str())),
        Action::Press(keys) => line("press", &quoted(keys)),
        Action::See(text) => page("see", text),
        Action::End(text) => page("end", text),
        Action::Sms(text) => page("sms", text),
        Action::Pay(number) => line("pay", &quoted(&number.to_string())),
        Action::Phone(phone) => line("phone", &quoted(&phone.e164())),
        Action::HangUp => "  - hang up\n".to_owned(),
        Action::Again(1) => "  - again\n".to_owned(),
        Action::Again(times) => line("again", &times.to_string()),
        Action::Wait(time) => line("wait", &time::written(*time)),
        Action::Answer(answer) => line("answer", &answer::written(answer)),
    }
}

fn line(step: &str, value: &str) -> String {
    format!("  - {step}: {value}\n")
}

/// A text as it stands on the phone; in quotes where YAML would read it otherwise.
fn page(step: &str, text: &str) -> String {
    let blank_edge = text.starts_with([' ', '\n']) || text.ends_with('\n');
    let plain = |character: char| character == '\n' || !character.is_control();
    if text.is_empty() || blank_edge || !text.chars().all(plain) {
        return line(step, &quoted(text));
    }
    let mut written = format!("  - {step}: |\n");
    for row in text.lines() {
        let indent = if row.is_empty() { "" } else { "      " };
        _ = writeln!(written, "{indent}{row}");
    }
    written
}

/// A title without quotes where it can stand so.
fn scalar(text: &str) -> String {
    let plain = |character: char| character.is_alphanumeric() || " ,.'()-".contains(character);
    let begins = text.chars().next().is_some_and(char::is_alphabetic);
    if begins && text.chars().all(plain) && text.trim() == text {
        text.to_owned()
    } else {
        quoted(text)
    }
}

/// In double quotes: JSON's escapes are YAML's.
pub(super) fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::{
        cli::transcript::{Step, read},
        model::{Msisdn, ServiceCode, source::Source},
    };

    fn head(title: &str) -> Transcript {
        let text = "transcript: T\nlanguage: fr\ntoday: 2026-05-01\ngateway: safaricom_direct\n\
            page: {gsm7: 140, ucs2: 60}\nphone: \"+255700000001\"\nsteps: []\n";
        let source = Source {
            name: "t.yaml".into(),
            text: text.into(),
        };
        Transcript {
            title: title.to_owned(),
            ..read(&source, 0).unwrap()
        }
    }

    fn read_back(text: &str) -> Transcript {
        let source = Source {
            name: "t.yaml".into(),
            text: text.into(),
        };
        read(&source, 0).unwrap_or_else(|_| panic!("it does not read:\n{text}"))
    }

    fn lived(page: &str) -> Vec<Action> {
        vec![
            Action::Dial(ServiceCode::parse("*152*00#").unwrap()),
            Action::See(page.to_owned()),
            Action::Again(2),
            Action::Press(page.to_owned()),
            Action::HangUp,
            Action::Phone(Msisdn::parse("+255700000002").unwrap()),
            Action::Sms(page.to_owned()),
        ]
    }

    fn round_trips(title: &str, page: &str) {
        let head = head(title);
        let actions = lived(page);
        let steps: Vec<_> = actions
            .iter()
            .map(|action| Recorded {
                action: action.clone(),
                note: "a note".to_owned(),
            })
            .collect();
        let back = read_back(&write(&head, &steps));
        let read: Vec<_> = back
            .steps
            .iter()
            .map(|Step { action, .. }| action.clone())
            .collect();
        assert_eq!(read, actions);
        assert_eq!(
            (
                back.title,
                back.phone,
                back.language,
                back.today,
                back.gateway,
                back.page
            ),
            (
                head.title,
                head.phone,
                head.language,
                head.today,
                head.gateway,
                head.page
            )
        );
    }

    #[test]
    fn a_page_is_written_as_it_stands_on_the_phone() {
        let step = Recorded {
            action: Action::See("Karibu CHF\n1 Angalia: #1".to_owned()),
            note: String::new(),
        };
        let file = write(&head("A member, asks"), &[step]);
        assert!(file.starts_with("transcript: A member, asks\n"), "{file}");
        let page = "  - see: |\n      Karibu CHF\n      1 Angalia: #1\n";
        assert!(file.ends_with(page), "{file}");
    }

    proptest! {
        #[test]
        fn what_is_written_reads_the_same(title in "[ -~]{1,20}", page in "[ -~éà\n]{1,60}") {
            prop_assume!(!page.ends_with('\n'));
            round_trips(&title, &page);
        }
    }
}
