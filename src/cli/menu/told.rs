//! A difference, in words.

use crate::catalogue::{
    Difference,
    difference::{Changes, SetDifference, SetFate},
};

/// All of it, name by name.
pub(super) fn whole(difference: &Difference) -> String {
    let sets = difference.sets.iter().map(set);
    let mut told: String = sets.collect();
    if !difference.profiles.is_none() {
        told += "profiles\n";
        told += &changes("files", &difference.profiles);
    }
    told
}

/// How much of what, a line for each set.
pub(super) fn in_short(difference: &Difference) -> String {
    let sets = difference.sets.iter().map(|set| {
        let counts = counts(set);
        format!("{}: {counts}\n", set.set)
    });
    let mut told: String = sets.collect();
    let Changes {
        added,
        removed,
        changed,
    } = &difference.profiles;
    let files = added.len() + removed.len() + changed.len();
    if let Some(files) = counted(files, "file", "changed") {
        told += &format!("profiles: {files}\n");
    }
    told
}

fn set(set: &SetDifference) -> String {
    let mut told = match set.fate {
        SetFate::Added => return format!("{}, a new set\n{}", set.set, service(set)),
        SetFate::Removed => {
            return format!(
                "{}, which is not served any more\n{}",
                set.set,
                service(set)
            );
        }
        SetFate::Changed => format!("{}\n{}", set.set, service(set)),
    };
    told += &changes("screens", &set.screens);
    for (language, places) in &set.texts {
        told += &format!("  texts changed in {language}: {}\n", places.join(", "));
    }
    if !set.others.is_empty() {
        told += &format!("  also changed: {}\n", set.others.join(", "));
    }
    told
}

fn service(set: &SetDifference) -> String {
    match &set.service {
        Some((old, new)) if old.is_empty() => format!("  dialled by {new}\n"),
        Some((old, new)) if new.is_empty() => format!("  was dialled by {old}\n"),
        Some((old, new)) => format!("  dialled by {new} instead of {old}\n"),
        None => String::new(),
    }
}

fn changes(of: &str, changes: &Changes) -> String {
    let kinds = [
        ("added", &changes.added),
        ("removed", &changes.removed),
        ("changed", &changes.changed),
    ];
    let some = kinds.into_iter().filter(|(_, names)| !names.is_empty());
    some.map(|(kind, names)| format!("  {of} {kind}: {}\n", names.join(", ")))
        .collect()
}

fn counts(set: &SetDifference) -> String {
    match set.fate {
        SetFate::Added => return "a new set".to_owned(),
        SetFate::Removed => return "not served any more".to_owned(),
        SetFate::Changed => {}
    }
    let screens = &set.screens;
    let mut parts = vec![
        counted(screens.added.len(), "screen", "added"),
        counted(screens.removed.len(), "screen", "removed"),
        counted(screens.changed.len(), "screen", "changed"),
    ];
    for (language, places) in &set.texts {
        let changed = format!("changed in {language}");
        parts.push(counted(places.len(), "text", &changed));
    }
    parts.push(counted(set.others.len(), "other part", "changed"));
    let service = set.service.as_ref();
    parts.push(service.map(|(_, new)| format!("dialled by {new}")));
    let parts: Vec<String> = parts.into_iter().flatten().collect();
    parts.join(", ")
}

/// `2 screens added`; nothing where there are none.
fn counted(number: usize, what: &str, how: &str) -> Option<String> {
    let plural = if number == 1 { "" } else { "s" };
    (number > 0).then(|| format!("{number} {what}{plural} {how}"))
}
