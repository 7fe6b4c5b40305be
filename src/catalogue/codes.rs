//! Every dial code opens one set.

use std::sync::Arc;

use super::edition::folder;
use crate::{
    menu::{Alternative, Choice, MenuSet, Verb},
    model::source::{Report, Severity, Source, Span},
};

/// Reports sets with one dial code, and sets whose code takes a key of another's first page away.
pub(super) fn check(sources: &[Source], sets: &[Arc<MenuSet>]) -> Vec<Report> {
    let pairs = sets.iter().enumerate().flat_map(|(index, set)| {
        let others = sets.iter().enumerate();
        others.map(move |(other, of)| (other < index, set, of))
    });
    let reports = pairs.filter_map(|(earlier, set, other)| {
        let report = if set.service == other.service {
            earlier.then(|| same_code(set, other))?
        } else {
            shadowed(set, other)?
        };
        Some(Report {
            span: service(sources, &set.name),
            ..report
        })
    });
    reports.collect()
}

fn same_code(set: &MenuSet, other: &MenuSet) -> Report {
    Report {
        code: "C002",
        severity: Severity::Error,
        message: format!(
            "two menu sets, `{}` and `{}`, have one dial code {}",
            other.name, set.name, set.service
        ),
        span: Span::default(),
        label: String::new(),
        help: "give one of them another `service:`".into(),
    }
}

/// The code of `set` is that of `other` and one key more, which is a key of `other`'s first page.
fn shadowed(set: &MenuSet, other: &MenuSet) -> Option<Report> {
    let behind = set.service.strip(&other.service)?;
    let key = behind.first()?;
    let taken = first_keys(other).any(|taken| taken == *key);
    taken.then(|| Report {
        code: "C003",
        severity: Severity::Error,
        message: format!(
            "key {key} of `{}` cannot be dialled directly: {} opens `{}`",
            other.name, set.service, set.name
        ),
        span: Span::default(),
        label: String::new(),
        help: format!(
            "give this set another `service:`, or take the option {key} out of `{}`",
            other.name
        ),
    })
}

/// What can be dialled behind the code of a set: its shortcuts, and the keys of its first page.
fn first_keys(set: &MenuSet) -> impl Iterator<Item = &str> {
    let shortcuts = set.shortcuts.iter().map(|shortcut| shortcut.key.as_str());
    let options = first_options(set).iter().map(|choice| choice.key.as_str());
    let choices = first_choices(set).iter().map(|choice| choice.key.as_str());
    shortcuts.chain(options).chain(choices)
}

/// What the first page does.
fn first_verb(set: &MenuSet) -> Option<&Verb> {
    let root = set.menus.first()?;
    set.screen(0, root.start).map(|screen| &screen.verb)
}

fn first_choices(set: &MenuSet) -> &[Alternative] {
    match first_verb(set) {
        Some(Verb::Ask { answer, .. }) => answer.alternatives(),
        _ => &[],
    }
}

fn first_options(set: &MenuSet) -> &[Choice] {
    match first_verb(set) {
        Some(
            Verb::Menu { options, .. }
            | Verb::List { options, .. }
            | Verb::Ask { options, .. }
            | Verb::Show { options, .. },
        ) => options,
        _ => &[],
    }
}

/// Where the root of a set says its service code.
fn service(sources: &[Source], set: &str) -> Span {
    let root = sources.iter().enumerate().find(|(_, source)| {
        let folder = folder(&source.name);
        let of_set = folder == set || folder.ends_with(&format!("/{set}"));
        of_set && source.name == format!("{folder}/{set}.yaml")
    });
    let Some((place, source)) = root else {
        return Span::default();
    };
    let mut lines = source.text.split_inclusive('\n');
    let before = lines
        .by_ref()
        .take_while(|line| !line.starts_with("service:"));
    let start = before.map(str::len).sum();
    Span {
        source: place,
        start,
        end: start + "service".len(),
    }
}

#[cfg(test)]
mod tests {
    use crate::{
        catalogue::{Limits, compile},
        model::source::Source,
    };

    /// A set whose first page has the option 1.
    fn set(name: &str, service: &str) -> Source {
        let text = include_str!("codes.test.yaml");
        let text = text.replace("NAME", name).replace("SERVICE", service);
        Source {
            name: format!("menus/{name}/{name}.yaml"),
            text,
        }
    }

    fn reports(sources: &[Source]) -> Vec<String> {
        let compiled = compile(sources, &Limits::default());
        let printed = compiled.reports.iter().map(|report| report.print(sources));
        printed.collect()
    }

    #[test]
    fn two_sets_with_two_codes_are_served() {
        let sources = [set("chf", "*152*00#"), set("staff", "*152*01#")];
        assert_eq!(reports(&sources), Vec::<String>::new());
        let edition = compile(&sources, &Limits::default()).edition.unwrap();
        assert_eq!(edition.sets().count(), 2);
    }

    #[test]
    fn two_sets_with_one_code_are_a_mistake_at_the_seconds() {
        let [report] = &reports(&[set("chf", "*152*00#"), set("staff", "*152*00#")])[..] else {
            panic!("one report is expected");
        };
        let begin = "C002 two menu sets, `chf` and `staff`, have one dial code *152*00#
   --> menus/staff/staff.yaml:2:1\n";
        assert!(report.starts_with(begin), "{report}");
    }

    #[test]
    fn a_branch_may_lie_below_another_set_but_not_on_its_keys() {
        let branch = |service| reports(&[set("chf", "*152*00#"), set("staff", service)]);
        assert_eq!(branch("*152*00*5#"), Vec::<String>::new());
        let [report] = &branch("*152*00*1#")[..] else {
            panic!("one report is expected");
        };
        assert!(report.starts_with("C003 key 1 of `chf`"), "{report}");
    }

    #[test]
    fn a_branch_takes_no_shortcut_and_no_choice_of_the_set_above() {
        let above = |from: &str, to: &str| {
            let mut above = set("chf", "*152*00#");
            above.text = above.text.replace(from, to);
            reports(&[above, set("staff", "*152*00*5#")])
        };
        let shortcut = above("start: main", "start: main\nshortcuts: {\"5\": bye}");
        let start = shortcut.first().map(String::as_str).unwrap_or_default();
        assert!(start.starts_with("C003 key 5 of `chf`"), "{shortcut:?}");
        let asked = "main: {ask: Gani?, type: {choice: {\"5\": {is: a, text: A}, \"6\": {is: b, text: B}}}, as: k, wrong: Tena., go: bye}";
        let choice = above(
            "main: {menu: Karibu, options: {\"1\": {text: Maliza, go: bye}}}",
            asked,
        );
        let told = |report: &String| report.starts_with("C003 key 5 of `chf`");
        assert!(choice.iter().any(told), "{choice:?}");
    }

    #[test]
    fn a_code_opens_the_set_with_the_longest_service() {
        let sources = [set("chf", "*152*00#"), set("staff", "*152*00*5#")];
        let edition = compile(&sources, &Limits::default()).edition.unwrap();
        let opened = |code: &str| {
            let code = code.parse().unwrap();
            let dialled = edition.dialled(Some(&code))?;
            Some((dialled.name.set, dialled.rest.join(" ")))
        };
        let set = |name: &str, rest: &str| Some((name.to_owned(), rest.to_owned()));
        assert_eq!(opened("*152*00#"), set("chf", ""));
        assert_eq!(opened("*152*00*1*2#"), set("chf", "1 2"));
        assert_eq!(opened("*152*00*5*2#"), set("staff", "2"));
        assert_eq!(opened("*153#"), None);
        assert!(edition.dialled(None).is_none());
    }
}
