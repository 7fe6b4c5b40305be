//! What callers of a service that is off read, checked as a page is.

use super::switch::Said;
use crate::{
    catalogue::Edition,
    cli::demo::BANNER,
    menu::MenuSet,
    model::{
        Language, PageSize,
        gsm7::{self, Alphabet},
    },
};

/// Texts that may be served.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Words {
    /// By language, the set's first at the front.
    pub(super) texts: Vec<(Language, String)>,
    /// What to know of them, a line each.
    pub(super) notes: String,
}

/// Checks that each text is a page by itself on every gateway, and that there is one for every caller.
pub(super) fn check(
    said: &[Said],
    menus: &MenuSet,
    edition: &Edition,
) -> Result<Words, Vec<String>> {
    let page = smallest(edition);
    let mut mistakes: Vec<String> = said
        .iter()
        .filter_map(|said| mistake(said, menus, page))
        .collect();
    let languages = menus.languages.iter().map(|known| known.language);
    for language in languages.clone() {
        let texts = said.iter().filter(|said| said.language == language);
        if texts.count() > 1 {
            mistakes.push(format!("There are two texts in {language}: give one."));
        }
    }
    let first = menus.fallback();
    if !said.iter().any(|said| said.language == first) {
        mistakes.push(format!(
            "There is no text in {first}, the first language of {}: add --text \"{first}=…\".",
            menus.name
        ));
    }
    if !mistakes.is_empty() {
        return Err(mistakes);
    }
    let of = |language| said.iter().find(|said| said.language == language);
    let found = languages.clone().filter_map(of);
    let lacking: Vec<String> = languages
        .filter(|language| of(*language).is_none())
        .map(|language| language.to_string())
        .collect();
    let lacking = Some(lacking.join(", ")).filter(|lacking| !lacking.is_empty());
    let lacking =
        lacking.map(|lacking| format!("In {lacking} callers read the text in {first}.\n"));
    let notes = said.iter().map(note).chain(lacking).collect();
    Ok(Words {
        texts: found
            .map(|said| (said.language, said.text.clone()))
            .collect(),
        notes,
    })
}

/// What every gateway's page holds, less what the demo puts before a first page.
fn smallest(edition: &Edition) -> PageSize {
    let pages = edition.profiles().map(|profile| profile.page());
    let least = pages.reduce(|one, other| PageSize {
        gsm7: one.gsm7.min(other.gsm7),
        ucs2: one.ucs2.min(other.ucs2),
    });
    let least = least.unwrap_or_default();
    PageSize {
        gsm7: least.gsm7.saturating_sub(BANNER.len()),
        ucs2: least.ucs2.saturating_sub(BANNER.len()),
    }
}

fn mistake(said: &Said, menus: &MenuSet, page: PageSize) -> Option<String> {
    let Said { language, text } = said;
    let known = menus.languages.iter().map(|known| known.language);
    if !known.clone().any(|known| known == *language) {
        let known: Vec<String> = known.map(|known| known.to_string()).collect();
        return Some(format!(
            "{} has no texts in {language}; its languages are {}.",
            menus.name,
            known.join(", ")
        ));
    }
    if text.is_empty() {
        return Some(format!(
            "The text in {language} is empty: say what callers are to do."
        ));
    }
    if text
        .chars()
        .any(|character| character.is_control() && character != '\n')
    {
        return Some(format!(
            "The text in {language} has a character that phones cannot show."
        ));
    }
    let cost = gsm7::cost(text);
    let room = room(cost.alphabet, page);
    (cost.units > room).then(|| {
        format!(
            "The text in {language} does not fit a page: {} of {room} characters{}.",
            cost.units,
            why(&cost)
        )
    })
}

fn room(alphabet: Alphabet, page: PageSize) -> usize {
    match alphabet {
        Alphabet::Gsm7 => page.gsm7,
        Alphabet::Ucs2 => page.ucs2,
    }
}

/// Where a text has less room than a plain one, which character takes it away.
fn why(cost: &gsm7::Cost) -> String {
    cost.forced_by.map_or_else(String::new, |character| {
        format!(", because of `{character}`, which is not in the plain alphabet")
    })
}

fn note(said: &Said) -> String {
    let cost = gsm7::cost(&said.text);
    let alphabet = match cost.alphabet {
        Alphabet::Gsm7 => "in the plain alphabet".to_owned(),
        Alphabet::Ucs2 => format!("in the wide alphabet (UCS-2){}", why(&cost)),
    };
    format!("{}: {} characters {alphabet}.\n", said.language, cost.units)
}
