//! `nyota check --explain M014`: the page of a problem.
//!
//! The pages are the manuals' own, `menus/problems.md` and `gateways/problems.md`, which are made from
//! the documentation of the problems; so page, command and source cannot differ.

use std::process::ExitCode;

use crate::model::source::nearest;

/// The pages of all problems.
const PAGES: [&str; 2] = [
    include_str!("../../menus/problems.md"),
    include_str!("../../gateways/problems.md"),
];

/// Prints the page of the problem with this code; where there is none, the codes that there are.
pub(super) fn explain(code: &str) -> ExitCode {
    let code = code.to_ascii_uppercase();
    if let Some(text) = explained(&code) {
        println!("{code}\n\n{text}");
        return ExitCode::SUCCESS;
    }
    println!("There is no problem {code}. {}", meant(&code));
    for (code, sentence) in listed() {
        println!("  {code} {sentence}");
    }
    ExitCode::from(2)
}

/// The section of a problem, without what is only for a page.
fn explained(code: &str) -> Option<String> {
    let heading = format!("\n## {code}\n");
    let (_, section) = PAGES.iter().find_map(|page| page.split_once(&heading))?;
    let (section, _) = section.split_once("\n## ").unwrap_or((section, ""));
    Some(section.trim().replace("**", ""))
}

fn meant(code: &str) -> String {
    let codes = listed().map(|(code, _)| code);
    nearest(code, codes).map_or_else(
        || "These there are:".to_owned(),
        |near| format!("Did you mean {near}? These there are:"),
    )
}

/// Each code and its sentence, as the tables of the pages have them.
fn listed() -> impl Iterator<Item = (&'static str, &'static str)> {
    let lines = PAGES.iter().flat_map(|page| page.lines());
    lines.filter_map(|line| {
        let (code, rest) = line.strip_prefix("| [")?.split_once(']')?;
        Some((code, rest.split('|').nth(1)?.trim()))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_that_is_listed_has_its_page() {
        let codes: Vec<&str> = listed().map(|(code, _)| code).collect();
        assert!(codes.len() > 80, "{codes:?}");
        for code in codes {
            assert!(explained(code).is_some(), "{code}");
        }
    }

    #[test]
    fn a_page_says_how_bad_it_is_why_and_what_to_write_instead() {
        let page = explained("M054").unwrap();
        assert!(page.starts_with("Warning. More than five things"), "{page}");
        for part in ["\nWhy: ", "\nExample: ", "\nInstead: "] {
            assert!(page.contains(part), "{part} is not in\n{page}");
        }
        assert!(!page.contains("Holds") && !page.contains("M055"), "{page}");
    }

    #[test]
    fn a_code_that_there_is_not_has_a_nearest_one() {
        assert_eq!(explained("M999"), None);
        assert_eq!(meant("M41"), "Did you mean M041? These there are:");
        assert_eq!(meant("HELP"), "These there are:");
    }
}
