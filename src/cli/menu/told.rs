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
    if files > 0 {
        told += &format!("profiles: {files} files differ\n");
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
        (screens.added.len(), "screens added".to_owned()),
        (screens.removed.len(), "screens removed".to_owned()),
        (screens.changed.len(), "screens changed".to_owned()),
    ];
    for (language, places) in &set.texts {
        parts.push((places.len(), format!("texts changed in {language}")));
    }
    parts.push((set.others.len(), "other changes".to_owned()));
    parts.push((
        usize::from(set.service.is_some()),
        "new service code".to_owned(),
    ));
    let parts = parts.into_iter().filter(|(number, _)| *number > 0);
    let parts: Vec<String> = parts
        .map(|(number, what)| format!("{number} {what}"))
        .collect();
    parts.join(", ")
}
