//! What an installation gives to the settings of its sets: `installation.yaml`, beside their folders.
//!
//! Each set reads what is its own; here is seen to what is nobody's.

use std::collections::BTreeSet;

use super::edition::folder;
use crate::{
    menu,
    model::source::{Report, Severity, Source, Span, nearest, yaml},
};

/// Whether a file gives values to the settings of `set`: it lies beside its folder, or in it where
/// that is all there is.
pub(super) fn is_of(source: &Source, set: &str) -> bool {
    let place = folder(&source.name);
    menu::is_installation(source) && (place == set || place == folder(set))
}

/// Whether a file gives values to the settings of one of these sets.
pub(super) fn is_one(source: &Source, sets: &BTreeSet<&str>) -> bool {
    sets.iter().any(|set| is_of(source, set))
}

/// Reports values for sets that are not there.
pub(super) fn check(sources: &[Source], sets: &BTreeSet<&str>) -> Vec<Report> {
    let named = sources.iter().enumerate();
    let installations = named.filter(|(_, source)| is_one(source, sets));
    let reports = installations.flat_map(|(index, source)| unknown_sets(index, source, sets));
    reports.collect()
}

/// A file that cannot be read was reported by every set.
fn unknown_sets(index: usize, source: &Source, sets: &BTreeSet<&str>) -> Vec<Report> {
    let Ok(node) = yaml::read(&source.text, index) else {
        return Vec::new();
    };
    let names = sets.iter().map(|set| set.rsplit('/').next().unwrap_or(set));
    let names: BTreeSet<&str> = names.collect();
    let given = node.map().unwrap_or_default().iter();
    let given = given.filter_map(|(key, _)| Some((key.text()?, key.span)));
    let unknown = given.filter(|(name, _)| !names.contains(name));
    unknown
        .map(|(name, span)| unknown_set(name, span, &names))
        .collect()
}

fn unknown_set(name: &str, span: Span, known: &BTreeSet<&str>) -> Report {
    let near = nearest(name, known.iter().copied());
    let known: Vec<&str> = known.iter().copied().collect();
    let help = near.map_or_else(
        || format!("use one of the sets there are: {}", known.join(", ")),
        |near| format!("did you mean `{near}`?"),
    );
    Report {
        code: "C004",
        severity: Severity::Error,
        message: format!("values for a menu set `{name}` that is not there"),
        span,
        label: String::new(),
        help,
    }
}

#[cfg(test)]
mod tests {
    use crate::{
        catalogue::{Compiled, Limits, compile},
        menu::MenuSet,
        model::source::Source,
    };

    /// Two sets with one setting each, and what the installation gives them.
    fn sources(installation: &str) -> Vec<Source> {
        let set = |name: &str, service: &str| {
            let text = include_str!("codes.test.yaml");
            let text = text.replace("NAME", name).replace("SERVICE", service);
            let text = text.replace("Kwaheri", "\"Piga {setting.hotline}\"");
            let settings = "settings: {hotline: {text: 12, default: \"0800\"}}\n";
            (
                format!("menus/{name}/{name}.yaml"),
                settings.to_owned() + &text,
            )
        };
        let sets = [set("chf", "*152*00#"), set("staff", "*152*01#")];
        let installation = (
            "menus/installation.yaml".to_owned(),
            installation.to_owned(),
        );
        let files = sets.into_iter().chain([installation]);
        files.map(|(name, text)| Source { name, text }).collect()
    }

    fn compiled(installation: &str) -> (Compiled, Vec<String>) {
        let sources = sources(installation);
        let compiled = compile(&sources, &Limits::default());
        let printed = compiled.reports.iter().map(|report| report.print(&sources));
        let printed = printed.collect();
        (compiled, printed)
    }

    #[test]
    fn a_set_has_the_values_of_its_installation_and_another_its_own() {
        let (compiled, printed) = compiled("chf: {hotline: \"0800 000 000\"}\n");
        assert_eq!(printed, Vec::<String>::new());
        let edition = compiled.edition.unwrap();
        let hotline = |set: &MenuSet| {
            let setting = set.settings.first().unwrap();
            setting.value.print(set.fallback())
        };
        let hotlines: Vec<String> = edition.sets().map(|set| hotline(set)).collect();
        assert_eq!(hotlines, ["0800 000 000", "0800"]);
    }

    #[test]
    fn another_value_makes_another_edition() {
        let name = |installation| compiled(installation).0.edition.unwrap().name;
        assert_ne!(
            name("chf: {hotline: \"0800 000 000\"}\n"),
            name("chf: {hotline: \"0800 000 001\"}\n")
        );
    }

    #[test]
    fn a_set_that_is_not_there_gets_nothing() {
        let (_, printed) = compiled("cfh: {hotline: \"0800 000 000\"}\n");
        let expected = "C004 values for a menu set `cfh` that is not there
   --> menus/installation.yaml:1:1
  1 |  cfh: {hotline: \"0800 000 000\"}
    |  ^^^
help: did you mean `chf`?
";
        assert_eq!(printed, [expected]);
    }

    #[test]
    fn a_file_that_cannot_be_read_is_reported_once() {
        let (compiled, printed) = compiled("chf: *\n");
        assert_eq!(printed.len(), 1, "{printed:?}");
        assert!(compiled.edition.is_none());
    }
}
