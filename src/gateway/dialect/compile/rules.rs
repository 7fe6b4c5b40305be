use crate::model::source::{nearest, yaml::Node};

use super::{
    super::{
        Problem,
        compiled::{Event, Read, Rule, Test},
        fields::Field,
    },
    entries::{self, Entries},
    field::field,
    findings::Findings,
};

/// The rules of a route.
#[derive(Debug, Default)]
pub(super) struct Rules {
    pub ordered: Vec<Rule>,
    /// The event alone that closes them.
    pub otherwise: Option<Event>,
}

/// Reads `event:`.
pub(super) fn read(node: &Node, reads: &[Read], findings: &mut Findings) -> Rules {
    let mut rules = Rules::default();
    let Some(items) = entries::list(node, findings) else {
        return rules;
    };
    let before = findings.count();
    for item in items {
        if let Some(because) = rules.shut(reads) {
            findings.add(item.span, &Problem::RuleNeverMatches { because });
            continue;
        }
        match item.text() {
            Some(word) => rules.otherwise = event(word, item, findings),
            None => rules.ordered.extend(rule(item, reads, &rules, findings)),
        }
    }
    if rules.otherwise.is_none() && findings.count() == before {
        findings.add(node.span, &Problem::NoDefault);
    }
    rules
}

impl Rules {
    /// Why no request comes past the rules so far, if none does.
    fn shut(&self, reads: &[Read]) -> Option<&'static str> {
        let takes_all = |rule: &Rule| rule.test == Test::Present && is_required(&rule.field, reads);
        if self.otherwise.is_some() || self.ordered.iter().any(takes_all) {
            Some("a rule above it takes every request")
        } else {
            None
        }
    }
}

fn is_required(field: &Field, reads: &[Read]) -> bool {
    reads
        .iter()
        .any(|read| read.required && read.field == *field)
}

fn event(word: &str, at: &Node, findings: &mut Findings) -> Option<Event> {
    let event = Event::from_word(word);
    if event.is_none() {
        let problem = Problem::UnknownEvent {
            event: word.to_owned(),
            nearest: nearest(word, Event::WORDS.iter().copied()).map(str::to_owned),
        };
        findings.add(at.span, &problem);
    }
    event
}

fn rule(node: &Node, reads: &[Read], above: &Rules, findings: &mut Findings) -> Option<Rule> {
    let entries = Entries::any(node, "a rule", findings)?;
    let mut entries = entries.iter();
    let (Some((key, word, value)), None) = (entries.next(), entries.next()) else {
        let expected = "one event and its test";
        let found = node.describe();
        findings.add(node.span, &Problem::WrongType { expected, found });
        return None;
    };
    let event = event(word, key, findings);
    let written = entries::text(value, findings)?;
    let Some((field, test)) = test(written) else {
        let written = written.to_owned();
        findings.add(value.span, &Problem::NotATest { written });
        return None;
    };
    let same = |rule: &Rule| rule.field == field && rule.test == test;
    let because = if above.ordered.iter().any(same) {
        Some("a rule above it has the same test")
    } else if test == Test::Absent && is_required(&field, reads) {
        Some("a request without this field is refused")
    } else {
        None
    };
    if let Some(because) = because {
        findings.add(value.span, &Problem::RuleNeverMatches { because });
    }
    event.map(|event| Rule { event, field, test })
}

/// Reads `form.text is empty`.
fn test(written: &str) -> Option<(Field, Test)> {
    let (name, rest) = written.trim().split_once(' ')?;
    let field = field(name)?;
    let rest = rest.trim();
    let test = match rest {
        "is empty" => Test::Empty,
        "is present" => Test::Present,
        "is absent" => Test::Absent,
        _ => compared(rest)?,
    };
    Some((field, test))
}

fn compared(rest: &str) -> Option<Test> {
    let value = |word: &str| rest.strip_prefix(word).map(|value| value.trim().to_owned());
    let test = value("is not ")
        .map(Test::IsNot)
        .or_else(|| value("is ").map(Test::Is))
        .or_else(|| value("starts ").map(Test::Starts))?;
    let (Test::Is(value) | Test::IsNot(value) | Test::Starts(value)) = &test else {
        return None;
    };
    let is_empty = value.is_empty();
    (!is_empty).then_some(test)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(written: &str) -> Option<Test> {
        test(written).map(|(_, test)| test)
    }

    #[test]
    fn tests_are_read_as_written() {
        assert_eq!(read("form.text is empty"), Some(Test::Empty));
        assert_eq!(read("json.a.b is true"), Some(Test::Is("true".into())));
        assert_eq!(read("form.x is not null"), Some(Test::IsNot("null".into())));
        assert_eq!(
            read("query.op starts ABO"),
            Some(Test::Starts("ABO".into()))
        );
        for wrong in [
            "form.text",
            "form.text is",
            "form.text equals 1",
            "text is empty",
            "",
        ] {
            assert_eq!(read(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn a_field_that_is_not_there_passes_absent_and_is_not_only() {
        let passing: Vec<_> = [
            "is empty",
            "is present",
            "is absent",
            "is 1",
            "is not 1",
            "starts 1",
        ]
        .into_iter()
        .filter(|rest| read(&format!("form.x {rest}")).unwrap().passes(None))
        .collect();
        assert_eq!(passing, ["is absent", "is not 1"]);
    }
}
