//! The pages of problems, `menus/problems.md` and `gateways/problems.md`, are what the documentation
//! of the problems says. `nyota check --explain` reads them.

use crate::support::{
    documented::{Documented, variants},
    generated::assert_fresh,
};

const MENUS: &str = "# Problems of menus and transcripts

What `nyota check` reports, each with why it matters, an example and what to write instead. With an
error nothing is served; a warning may stand. `nyota check --explain M014` prints one of these in the
terminal.

This page is made from the documentation of `Problem` and `Mistake` in the source; it is written anew
by `INSTA_UPDATE=always cargo test --test it fresh`.
";

const GATEWAYS: &str = "# Problems of profiles and vectors

What `nyota check` reports of the aggregators' profiles. With an error nothing is served; a warning may
stand. `nyota check --explain G011` prints one of these in the terminal.

This page is made from the documentation of `Problem` in the source; it is written anew by
`INSTA_UPDATE=always cargo test --test it fresh`.
";

fn of_menus() -> Vec<Documented> {
    let mut problems = variants("src/menu/problem/mod.rs", "Problem");
    problems.extend(variants("src/cli/transcript/mistake.rs", "Mistake"));
    problems.sort_by(|one, other| one.code.cmp(&other.code));
    problems
}

fn of_gateways() -> Vec<Documented> {
    variants("src/gateway/profile/problem.rs", "Problem")
}

fn page(begin: &str, problems: &[Documented]) -> String {
    let table: String = problems.iter().map(row).collect();
    let sections: String = problems.iter().map(section).collect();
    format!("{begin}\n| code | what is wrong | |\n|---|---|---|\n{table}{sections}")
}

fn row(problem: &Documented) -> String {
    let code = &problem.code;
    let anchor = code.to_lowercase();
    let sentence = first_sentence(problem.what());
    let severity = severity(problem).to_lowercase();
    format!("| [{code}](#{anchor}) | {sentence} | {severity} |\n")
}

fn severity(problem: &Documented) -> &'static str {
    if problem.is_warning() {
        "Warning"
    } else {
        "Error"
    }
}

fn first_sentence(text: &str) -> String {
    let line = text.replace('\n', " ");
    let end = line.find(". ").map_or(line.len(), |point| point + 1);
    let (first, _) = line.split_at(end);
    first.replace('|', "\\|")
}

fn section(problem: &Documented) -> String {
    let what = problem.what();
    let what = what.strip_suffix("A warning.").unwrap_or(what).trim_end();
    let further = problem.paragraphs.iter().skip(1);
    let further: String = further.filter_map(|text| labelled(text)).collect();
    let (code, severity) = (&problem.code, severity(problem));
    format!("\n## {code}\n\n**{severity}.** {what}\n{further}")
}

/// A paragraph with its first word made strong; none of one that is not for authors.
fn labelled(text: &str) -> Option<String> {
    for label in ["Why:", "Example:", "Instead:"] {
        if let Some(rest) = text.strip_prefix(label) {
            return Some(format!("\n**{label}**{rest}\n"));
        }
    }
    (!text.starts_with("Holds:")).then(|| format!("\n{text}\n"))
}

#[test]
fn the_page_of_the_problems_of_menus_is_fresh() {
    assert_fresh("menus/problems.md", &page(MENUS, &of_menus()));
}

#[test]
fn the_page_of_the_problems_of_profiles_is_fresh() {
    assert_fresh("gateways/problems.md", &page(GATEWAYS, &of_gateways()));
}
