use chrono::NaiveDate;

use super::{Action, Step, Transcript, mistake::Mistake, order::Line};
use crate::model::{
    ControlNumber, Language, Msisdn, ServiceCode,
    source::{
        Report, Source, Span,
        yaml::{self, Node},
    },
};

/// Nobody's phone in the demo's world.
const PHONE: &str = "+255700000009";
/// The day on which a transcript plays where it does not say.
const TODAY: NaiveDate = match NaiveDate::from_ymd_opt(2026, 3, 2) {
    Some(day) => day,
    None => NaiveDate::MIN,
};

const KEYS: &[&str] = &["transcript", "phone", "language", "today", "steps"];
const ACTIONS: &[&str] = &[
    "dial", "press", "see", "end", "sms", "pay", "hang up", "phone",
];

/// Whether a file is a transcript: it says so itself.
pub fn is_one(source: &Source) -> bool {
    let mut lines = source.text.lines();
    let first = lines.find(|line| !line.is_empty() && !line.starts_with('#'));
    first.is_some_and(|line| line.starts_with("transcript:"))
}

/// Reads the transcript in `source`, which is the one at `index` of those that the reports are
/// printed with. Gives every mistake of the file.
pub fn read(source: &Source, index: usize) -> Result<Transcript, Vec<Report>> {
    let mut reader = Reader::default();
    let transcript = match yaml::read(&source.text, index) {
        Ok(root) => reader.transcript(&root),
        Err(error) => {
            reader.note(Mistake::Unreadable(error.message), error.span);
            None
        }
    };
    transcript
        .filter(|_| reader.reports.is_empty())
        .ok_or(reader.reports)
}

#[derive(Default)]
struct Reader {
    reports: Vec<Report>,
}

impl Reader {
    fn note(&mut self, mistake: Mistake, span: Span) {
        self.reports.push(mistake.report(span));
    }

    /// `None`, or anything where a mistake was noted.
    fn transcript(&mut self, root: &Node) -> Option<Transcript> {
        let entries = self.map(root)?;
        self.keys(entries);
        let title = self.required(root, entries, "transcript");
        let title = title.and_then(|node| self.text(node));
        let phone = self.optional(entries, "phone", msisdn);
        let language = self.optional(entries, "language", language);
        let today = self.optional(entries, "today", date);
        let steps = self.required(root, entries, "steps");
        let steps = steps.map(|node| self.steps(node));
        Some(Transcript {
            title: title?,
            phone: phone.or_else(|| Msisdn::parse(PHONE).ok())?,
            language,
            today: today.unwrap_or(TODAY),
            steps: steps?,
        })
    }

    fn keys(&mut self, entries: &[(Node, Node)]) {
        let mut seen = Vec::new();
        for (node, _) in entries {
            let key = node.text().unwrap_or_default();
            if !KEYS.contains(&key) {
                self.unknown(key, KEYS, node.span);
            } else if seen.contains(&key) {
                self.note(Mistake::Twice(key.to_owned()), node.span);
            }
            seen.push(key);
        }
    }

    fn unknown(&mut self, key: &str, known: &'static [&'static str], span: Span) {
        let key = key.to_owned();
        self.note(Mistake::UnknownKey { key, known }, span);
    }

    fn required<'n>(
        &mut self,
        root: &Node,
        entries: &'n [(Node, Node)],
        key: &'static str,
    ) -> Option<&'n Node> {
        let found = value(entries, key);
        if found.is_none() {
            self.note(Mistake::Missing(key), root.span);
        }
        found
    }

    fn optional<T>(
        &mut self,
        entries: &[(Node, Node)],
        key: &str,
        parse: fn(&str) -> Result<T, String>,
    ) -> Option<T> {
        let node = value(entries, key)?;
        self.parsed(node, parse)
    }

    fn steps(&mut self, node: &Node) -> Vec<Step> {
        let Some(items) = node.list() else {
            self.kind("a list of steps", node);
            return Vec::new();
        };
        let mut line = Line::Closed;
        let mut steps = Vec::new();
        for item in items {
            let Some(action) = self.action(item) else {
                // What it would have opened or shown is not known: no second report follows from it.
                line = Line::Unseen;
                continue;
            };
            line = line.after(&action).unwrap_or_else(|why| {
                self.note(Mistake::Order(why), item.span);
                Line::Unseen
            });
            steps.push(Step {
                action,
                span: item.span,
            });
        }
        steps
    }

    fn action(&mut self, item: &Node) -> Option<Action> {
        if item.text() == Some("hang up") {
            return Some(Action::HangUp);
        }
        let entries = self.map(item)?;
        let [(key, value)] = entries else {
            self.note(Mistake::OneThing, item.span);
            return None;
        };
        match key.text().unwrap_or_default() {
            "dial" => self.parsed(value, service_code).map(Action::Dial),
            "press" => self.text(value).map(Action::Press),
            "see" => self.page(value).map(Action::See),
            "end" => self.page(value).map(Action::End),
            "sms" => self.page(value).map(Action::Sms),
            "pay" => self.parsed(value, control_number).map(Action::Pay),
            "phone" => self.parsed(value, msisdn).map(Action::Phone),
            other => {
                self.unknown(other, ACTIONS, key.span);
                None
            }
        }
    }

    fn map<'n>(&mut self, node: &'n Node) -> Option<&'n [(Node, Node)]> {
        let entries = node.map();
        if entries.is_none() {
            self.kind("a map", node);
        }
        entries
    }

    fn text(&mut self, node: &Node) -> Option<String> {
        let text = node.text();
        if text.is_none() {
            self.kind("a text", node);
        }
        text.map(str::to_owned)
    }

    /// A text of several lines without the line end that `|` leaves.
    fn page(&mut self, node: &Node) -> Option<String> {
        let text = self.text(node)?;
        Some(text.trim_end_matches('\n').to_owned())
    }

    fn parsed<T>(&mut self, node: &Node, parse: fn(&str) -> Result<T, String>) -> Option<T> {
        match parse(&self.text(node)?) {
            Ok(value) => Some(value),
            Err(why) => {
                self.note(Mistake::Value(why), node.span);
                None
            }
        }
    }

    fn kind(&mut self, wanted: &'static str, node: &Node) {
        let found = node.describe();
        self.note(Mistake::Kind { wanted, found }, node.span);
    }
}

fn value<'n>(entries: &'n [(Node, Node)], key: &str) -> Option<&'n Node> {
    let entry = entries.iter().find(|(node, _)| node.text() == Some(key));
    entry.map(|(_, value)| value)
}

fn msisdn(text: &str) -> Result<Msisdn, String> {
    Msisdn::parse(text).map_err(|error| error.to_string())
}

fn language(text: &str) -> Result<Language, String> {
    Language::parse(text).map_err(|error| error.to_string())
}

fn service_code(text: &str) -> Result<ServiceCode, String> {
    ServiceCode::parse(text).map_err(|error| error.to_string())
}

fn control_number(text: &str) -> Result<ControlNumber, String> {
    ControlNumber::parse(text).map_err(|error| error.to_string())
}

fn date(text: &str) -> Result<NaiveDate, String> {
    let parsed = NaiveDate::parse_from_str(text, "%Y-%m-%d");
    parsed.map_err(|_| "a day is written as 2026-03-02".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn source(text: &str) -> Source {
        Source {
            name: "chf/transcripts/renew.yaml".into(),
            text: text.into(),
        }
    }

    fn read_text(text: &str) -> Result<Transcript, Vec<Report>> {
        read(&source(text), 0)
    }

    fn mistakes(text: &str) -> String {
        let sources = [source(text)];
        let reports = read(&sources[0], 0).unwrap_err();
        let printed = reports.iter().map(|report| report.print(&sources));
        printed.collect::<Vec<_>>().join("\n")
    }

    fn codes(text: &str) -> Vec<&'static str> {
        let reports = read_text(text).err().unwrap_or_default();
        reports.iter().map(|report| report.code).collect()
    }

    #[test]
    fn every_kind_of_step_is_read() {
        let transcript = read_text(
            r#"
transcript: A member renews
phone: "+255700000002"
language: sw
today: 2026-03-03
steps:
  - dial: "*152*00#"
  - see: |
      Karibu CHF
      1 Angalia
  - press: "1"
  - hang up
  - dial: "*152*00#"
  - end: Kwaheri
  - sms: Asante
  - pay: "991000000001"
  - phone: "+255700000001"
"#,
        )
        .unwrap();
        assert_eq!(transcript.title, "A member renews");
        assert_eq!(transcript.phone.e164(), "+255700000002");
        assert_eq!(transcript.language, Some(Language::SWAHILI));
        assert_eq!(transcript.today.to_string(), "2026-03-03");
        let code = ServiceCode::parse("*152*00#").unwrap();
        let actions: Vec<Action> = transcript.steps.into_iter().map(|it| it.action).collect();
        let expected = [
            Action::Dial(code.clone()),
            Action::See("Karibu CHF\n1 Angalia".into()),
            Action::Press("1".into()),
            Action::HangUp,
            Action::Dial(code),
            Action::End("Kwaheri".into()),
            Action::Sms("Asante".into()),
            Action::Pay(ControlNumber::parse("991000000001").unwrap()),
            Action::Phone(Msisdn::parse("+255700000001").unwrap()),
        ];
        assert_eq!(actions, expected);
    }

    #[test]
    fn a_short_transcript_is_nobodys_phone_on_its_first_dial() {
        let transcript = read_text("transcript: T\nsteps: [{dial: \"*152*00#\"}]").unwrap();
        assert_eq!(transcript.phone.e164(), "+255700000009");
        assert_eq!(transcript.language, None);
        assert_eq!(transcript.today.to_string(), "2026-03-02");
    }

    #[test]
    fn all_mistakes_are_reported_in_one_run() {
        let text = r#"transcript: [no]
phone: 12
phone: "+255700000001"
lang: sw
today: tomorrow
steps:
  - press: "1"
  - {dial: "*152*00#", see: Karibu}
  - look: Karibu
  - pay: "123"
  - dial: 152
"#;
        insta::assert_snapshot!(mistakes(text));
    }

    #[test]
    fn what_must_be_there_is_asked_for() {
        insta::assert_snapshot!(mistakes("language: swahili\n"));
    }

    #[test]
    fn a_file_that_is_no_yaml_says_how_to_write_it() {
        insta::assert_snapshot!(mistakes("transcript: T\nsteps:\n  - dial: *152*00#\n"));
    }

    #[test]
    fn steps_come_in_an_order_that_can_be() {
        let story = |steps: &str| codes(&format!("transcript: T\nsteps:\n{steps}"));
        let dial = "  - dial: '*1#'\n";
        for (steps, expected) in [
            (String::from("  - see: A\n"), vec!["T008"]),
            (String::from("  - hang up\n"), vec!["T008"]),
            (format!("{dial}  - see: A\n  - see: A\n"), vec!["T008"]),
            (format!("{dial}  - end: A\n  - press: '1'\n"), vec!["T008"]),
            (format!("{dial}  - hang up\n  - press: '1'\n"), vec!["T008"]),
            (
                format!("{dial}  - press: '1'\n  - sms: A\n  - see: A\n"),
                vec![],
            ),
        ] {
            assert_eq!(story(&steps), expected, "{steps}");
        }
    }

    #[test]
    fn the_manual_lists_every_code() {
        let manual = include_str!("../../../menus/README.md");
        for number in 1..=8 {
            assert!(manual.contains(&format!("`T00{number}`")), "T00{number}");
        }
    }
}
