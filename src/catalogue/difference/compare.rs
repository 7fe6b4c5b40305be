use std::collections::{BTreeMap, BTreeSet};

use super::{
    ScreenFate,
    shape::{Part, Place, Shape, sets},
};
use crate::{
    catalogue::{edition::folder, is_menu},
    model::source::Source,
};

/// How files differ from those of an edition.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Difference {
    /// The sets that differ, in order of their names.
    pub sets: Vec<SetDifference>,
    /// The files of profiles.
    pub profiles: Changes,
}

/// Names of what was added, removed and changed, each in order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Changes {
    /// Only in the new files.
    pub added: Vec<String>,
    /// Only in the old ones.
    pub removed: Vec<String>,
    /// In both, and not the same.
    pub changed: Vec<String>,
}

/// How a set differs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SetDifference {
    /// Its name.
    pub set: String,
    /// What becomes of it.
    pub fate: SetFate,
    /// Its service codes, the old and the new one, where they differ.
    pub service: Option<(String, String)>,
    /// Its screens, `menu.screen`. One whose texts alone differ is not among the changed.
    pub screens: Changes,
    /// By language, where texts differ: screens and other parts.
    pub texts: BTreeMap<String, Vec<String>>,
    /// What differs outside of screens: `renewal.resume`, `call desk.hours`, `setting hotline`.
    pub others: Vec<String>,
}

/// What becomes of a set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SetFate {
    /// It is new.
    Added,
    /// It goes.
    Removed,
    /// It stays, with changes.
    Changed,
}

/// How `new` files differ from `old` ones, both as an edition keeps them.
pub fn difference(old: &[Source], new: &[Source]) -> Difference {
    let (before, after) = (sets(old), sets(new));
    let names: BTreeSet<&String> = before.keys().chain(after.keys()).collect();
    let compared = names.into_iter().filter_map(|name| {
        let (old, new) = (before.get(name), after.get(name));
        (old != new).then(|| SetDifference::of(name, old, new))
    });
    Difference {
        sets: compared.collect(),
        profiles: Changes::of(&profiles(old), &profiles(new)),
    }
}

/// Files that belong to no set, by their names.
fn profiles(sources: &[Source]) -> BTreeMap<&str, &str> {
    let menus = sources.iter().filter(|source| is_menu(source));
    let folders: BTreeSet<&str> = menus.map(|source| folder(&source.name)).collect();
    let of_none = |source: &&Source| {
        let below = |set: &&str| folder(&source.name).starts_with(*set);
        !folders.iter().any(below) && !crate::menu::is_installation(source)
    };
    let files = sources.iter().filter(of_none);
    files
        .map(|source| (source.name.as_str(), source.text.as_str()))
        .collect()
}

impl Difference {
    /// Whether there is none.
    pub fn is_none(&self) -> bool {
        *self == Self::default()
    }

    /// What becomes of a screen, `menu.screen`, of a set.
    pub fn screen(&self, set: &str, screen: &str) -> ScreenFate {
        let Some(set) = self.sets.iter().find(|differs| differs.set == set) else {
            return ScreenFate::Same;
        };
        let among = |screens: &[String]| screens.iter().any(|known| known == screen);
        if set.fate == SetFate::Removed || among(&set.screens.removed) {
            ScreenFate::Gone
        } else if among(&set.screens.changed) || set.texts.values().any(|texts| among(texts)) {
            ScreenFate::Changed
        } else {
            ScreenFate::Same
        }
    }
}

impl Changes {
    fn of<V: PartialEq>(old: &BTreeMap<&str, V>, new: &BTreeMap<&str, V>) -> Self {
        let only = |these: &BTreeMap<&str, V>, those: &BTreeMap<&str, V>| {
            let names = these.keys().filter(|name| !those.contains_key(*name));
            names.map(|name| (*name).to_owned()).collect()
        };
        let changed = old.iter().filter(|(name, value)| {
            let now = new.get(*name);
            now.is_some_and(|now| now != *value)
        });
        Self {
            added: only(new, old),
            removed: only(old, new),
            changed: changed.map(|(name, _)| (*name).to_owned()).collect(),
        }
    }

    /// Whether there is none.
    pub fn is_none(&self) -> bool {
        *self == Self::default()
    }
}

impl SetDifference {
    fn of(set: &str, old: Option<&Shape>, new: Option<&Shape>) -> Self {
        let fate = match (old, new) {
            (None, _) => SetFate::Added,
            (_, None) => SetFate::Removed,
            (Some(_), Some(_)) => SetFate::Changed,
        };
        let nothing = Shape::default();
        let (old, new) = (old.unwrap_or(&nothing), new.unwrap_or(&nothing));
        let others = Changes::of(&logic(old, other), &logic(new, other));
        let service = (old.service.clone(), new.service.clone());
        let mut others = [others.added, others.removed, others.changed].concat();
        others.sort();
        Self {
            set: set.to_owned(),
            fate,
            service: (service.0 != service.1).then_some(service),
            screens: Changes::of(&logic(old, screen), &logic(new, screen)),
            texts: texts(old, new),
            others,
        }
    }
}

fn screen(place: &Place) -> Option<&str> {
    match place {
        Place::Screen(name) => Some(name),
        Place::Other(_) => None,
    }
}

fn other(place: &Place) -> Option<&str> {
    match place {
        Place::Screen(_) => None,
        Place::Other(name) => Some(name),
    }
}

type Logic<'s> = BTreeMap<&'s str, &'s BTreeMap<String, String>>;

/// What places of a kind do, by their names. Those that only say something are left out.
fn logic(shape: &Shape, kind: fn(&Place) -> Option<&str>) -> Logic<'_> {
    let parts = shape.parts.iter();
    let named = parts.filter_map(|(place, part)| Some((kind(place)?, &part.logic)));
    named.filter(|(_, logic)| !logic.is_empty()).collect()
}

/// The places that both have and whose texts differ, by language.
fn texts(old: &Shape, new: &Shape) -> BTreeMap<String, Vec<String>> {
    let mut differ: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (place, after) in &new.parts {
        let (Place::Screen(name) | Place::Other(name)) = place;
        // What stands in a file of translations alone is no part of the set.
        let stands = |part: &&Part| !part.logic.is_empty();
        let before = old.parts.get(place).filter(stands);
        let Some(before) = before.filter(|_| stands(&after)) else {
            continue;
        };
        let languages = before.texts.keys().chain(after.texts.keys());
        let languages: BTreeSet<&String> = languages.collect();
        for language in languages {
            if before.texts.get(language) != after.texts.get(language) {
                let places = differ.entry(language.clone()).or_default();
                places.push(name.clone());
            }
        }
    }
    differ
}
