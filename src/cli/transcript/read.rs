use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::{Action, Step, Transcript, mistake::Mistake, order::Line, time};
use crate::model::{
    ControlNumber, Language, Msisdn, PageSize, ServiceCode,
    source::{
        Report, Source, Span,
        yaml::{self, Node},
    },
};

/// Nobody's phone in the demo's world.
pub(super) const PHONE: &str = "+255700000009";
/// The day on which a transcript plays where it does not say.
pub(super) const TODAY: NaiveDate = match NaiveDate::from_ymd_opt(2026, 3, 2) {
    Some(day) => day,
    None => NaiveDate::MIN,
};

/// The gateway that phones dial through where a transcript does not say.
pub(super) const GATEWAY: &str = "africastalking";

const KEYS: &[&str] = &[
    "transcript",
    "phone",
    "language",
    "today",
    "gateway",
    "page",
    "steps",
];
const ACTIONS: &[&str] = &[
    "dial", "press", "see", "end", "sms", "pay", "hang up", "phone", "answer", "again", "wait",
];
/// How often one request comes again at once.
const MOST_AGAIN: usize = 20;

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
pub(super) struct Reader {
    reports: Vec<Report>,
}

impl Reader {
    pub(super) fn note(&mut self, mistake: Mistake, span: Span) {
        self.reports.push(mistake.report(span));
    }

    /// `None`, or anything where a mistake was noted.
    fn transcript(&mut self, root: &Node) -> Option<Transcript> {
        let entries = self.map(root)?;
        self.keys(entries, KEYS);
        let title = self.required(root, entries, "transcript");
        let title = title.and_then(|node| self.text(node));
        let phone = self.optional(entries, "phone", msisdn);
        let language = self.optional(entries, "language", language);
        let today = self.optional(entries, "today", date);
        let gateway = value(entries, "gateway").and_then(|node| self.text(node));
        let page = value(entries, "page").and_then(|node| self.page_size(node));
        let steps = self.required(root, entries, "steps");
        let phone = phone.or_else(|| Msisdn::parse(PHONE).ok());
        let steps = steps.map(|node| self.steps(node, phone.as_ref()));
        Some(Transcript {
            title: title?,
            phone: phone?,
            language,
            today: today.unwrap_or(TODAY),
            gateway: gateway.unwrap_or_else(|| GATEWAY.to_owned()),
            page,
            steps: steps?,
        })
    }

    pub(super) fn keys(&mut self, entries: &[(Node, Node)], known: &'static [&'static str]) {
        let mut seen = Vec::new();
        for (node, _) in entries {
            let key = node.text().unwrap_or_default();
            if !known.contains(&key) {
                self.unknown(key, known, node.span);
            } else if seen.contains(&key) {
                self.note(Mistake::Twice(key.to_owned()), node.span);
            }
            seen.push(key);
        }
    }

    pub(super) fn unknown(&mut self, key: &str, known: &'static [&'static str], span: Span) {
        let key = key.to_owned();
        self.note(Mistake::UnknownKey { key, known }, span);
    }

    pub(super) fn required<'n>(
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

    /// `{gsm7: 140, ucs2: 60}`; what is left out is as usual.
    fn page_size(&mut self, node: &Node) -> Option<PageSize> {
        let entries = self.map(node)?;
        self.keys(entries, &["gsm7", "ucs2"]);
        let usual = PageSize::default();
        let mut of = |key, usual| match value(entries, key) {
            Some(node) => self.parsed(node, page_units),
            None => Some(usual),
        };
        let (gsm7, ucs2) = (of("gsm7", usual.gsm7), of("ucs2", usual.ucs2));
        Some(PageSize {
            gsm7: gsm7?,
            ucs2: ucs2?,
        })
    }

    fn steps(&mut self, node: &Node, phone: Option<&Msisdn>) -> Vec<Step> {
        let Some(items) = node.list() else {
            self.kind("a list of steps", node);
            return Vec::new();
        };
        let mut on_stage = phone.map(Msisdn::e164).unwrap_or_default();
        let mut lines: BTreeMap<String, Line> = BTreeMap::new();
        let mut steps = Vec::new();
        for item in items {
            let action = self.action(item);
            if let Some(Action::Phone(phone)) = &action {
                on_stage = phone.e164();
            }
            let line = lines.entry(on_stage.clone()).or_insert(Line::Closed);
            let Some(action) = action else {
                // What it would have opened or shown is not known: no second report follows from it.
                *line = Line::Unseen;
                continue;
            };
            *line = line.after(&action).unwrap_or_else(|why| {
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
        match item.text() {
            Some("hang up") => return Some(Action::HangUp),
            Some("again") => return Some(Action::Again(1)),
            Some(_) | None => {}
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
            "answer" => self.answer(value).map(Action::Answer),
            "again" => self.parsed(value, times).map(Action::Again),
            "wait" => self.parsed(value, time::parse).map(Action::Wait),
            other => {
                self.unknown(other, ACTIONS, key.span);
                None
            }
        }
    }

    pub(super) fn map<'n>(&mut self, node: &'n Node) -> Option<&'n [(Node, Node)]> {
        let entries = node.map();
        if entries.is_none() {
            self.kind("a map", node);
        }
        entries
    }

    pub(super) fn text(&mut self, node: &Node) -> Option<String> {
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

    pub(super) fn parsed<T>(
        &mut self,
        node: &Node,
        parse: fn(&str) -> Result<T, String>,
    ) -> Option<T> {
        match parse(&self.text(node)?) {
            Ok(value) => Some(value),
            Err(why) => {
                self.note(Mistake::Value(why), node.span);
                None
            }
        }
    }

    pub(super) fn kind(&mut self, wanted: &'static str, node: &Node) {
        let found = node.describe();
        self.note(Mistake::Kind { wanted, found }, node.span);
    }
}

/// The value of a key.
pub(super) fn value<'n>(entries: &'n [(Node, Node)], key: &str) -> Option<&'n Node> {
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

fn times(text: &str) -> Result<usize, String> {
    let times = text
        .parse()
        .ok()
        .filter(|times| (1..=MOST_AGAIN).contains(times));
    times.ok_or_else(|| format!("a request comes again 1 to {MOST_AGAIN} times"))
}

fn page_units(text: &str) -> Result<usize, String> {
    let units = text
        .parse()
        .ok()
        .filter(|units| (40..=1000).contains(units));
    units.ok_or_else(|| "a page holds 40 to 1000 characters".to_owned())
}

pub(super) fn date(text: &str) -> Result<NaiveDate, String> {
    let parsed = NaiveDate::parse_from_str(text, "%Y-%m-%d");
    parsed.map_err(|_| "a day is written as 2026-03-02".to_owned())
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::cli::transcript::{Answer, With};

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
  - answer: {call: scheme.cover, with: slow}
  - wait: 10m
  - dial: "*152*00#"
  - again
  - again: 3
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
            Action::Dial(code.clone()),
            Action::End("Kwaheri".into()),
            Action::Sms("Asante".into()),
            Action::Pay(ControlNumber::parse("991000000001").unwrap()),
            Action::Phone(Msisdn::parse("+255700000001").unwrap()),
            Action::Answer(Answer {
                call: "scheme.cover".into(),
                with: With::Slow,
            }),
            Action::Wait(Duration::from_mins(10)),
            Action::Dial(code),
            Action::Again(1),
            Action::Again(3),
        ];
        assert_eq!(actions, expected);
    }

    #[test]
    fn a_short_transcript_is_nobodys_phone_on_its_first_dial() {
        let transcript = read_text("transcript: T\nsteps: [{dial: \"*152*00#\"}]").unwrap();
        assert_eq!(transcript.phone.e164(), "+255700000009");
        assert_eq!(transcript.language, None);
        assert_eq!(transcript.today.to_string(), "2026-03-02");
        assert_eq!(transcript.gateway, "africastalking");
        assert_eq!(transcript.page, None);
    }

    #[test]
    fn gateway_and_page_are_of_choice() {
        let text = "transcript: T\ngateway: safaricom_direct\npage: {gsm7: 140}\n\
            steps: [{dial: \"*152*00#\"}]";
        let transcript = read_text(text).unwrap();
        assert_eq!(transcript.gateway, "safaricom_direct");
        let page = PageSize {
            gsm7: 140,
            ucs2: 70,
        };
        assert_eq!(transcript.page, Some(page));
    }

    #[test]
    fn mistakes_of_the_newer_steps_are_reported_too() {
        let text = r#"transcript: T
page: {gsm7: 12, ucs3: 70}
steps:
  - again: 0
  - wait: a while
  - answer: slow
  - answer: {with: slow}
  - answer: {call: scheme.cover}
  - answer: {call: scheme.cober, with: slow}
  - answer: {call: scheme.cover, with: renewed}
  - answer: {call: caller.member, with: slow}
  - answer: {call: scheme.cover, with: active}
  - answer: {call: scheme.cover, with: {nobody: {member: "070707081"}}}
  - answer: {call: scheme.cover, with: {active: {member: "07070708-", first_name: Asha, from: today, size: 3}}}
  - answer: {call: caller.member, with: {linked: "1-"}}
  - answer: {call: payment.bills, with: {found: {number: "991000000001"}}}
  - answer: {call: facility.find, status: 99, json: {name: [a, {b: true}]}, body: x}
"#;
        insta::assert_snapshot!(mistakes(text));
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
            (String::from("  - again\n"), vec!["T008"]),
            (format!("{dial}  - end: A\n  - again\n"), vec![]),
            (
                format!("{dial}  - phone: '+255700000001'\n  - press: '1'\n"),
                vec!["T008"],
            ),
            (
                format!(
                    "{dial}  - phone: '+255700000001'\n{dial}  - phone: '+255700000009'\n  - see: A\n"
                ),
                vec![],
            ),
        ] {
            assert_eq!(story(&steps), expected, "{steps}");
        }
    }

    #[test]
    fn the_manual_lists_every_code() {
        let manual = include_str!("../../../menus/README.md");
        for number in 1..=11 {
            assert!(manual.contains(&format!("`T{number:03}`")), "T{number:03}");
        }
    }
}
