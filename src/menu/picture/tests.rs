use std::{collections::BTreeSet, fmt::Write as _};

use quick_xml::{Reader, events::Event};

use super::{
    Kind, Picture, STYLE, Style,
    model::{Leads, Page},
    plan::Plan,
    size,
};
use crate::menu::{
    MenuSet,
    check::{
        graph::edges,
        sketch::{compiled, root, source},
    },
};

/// A question, a call whose outcomes lead on, back and elsewhere, a list and an end.
const SMALL: &str = "  main: {menu: Habari, options: {\"1\": {text: Bima, open: cover}, \"2\": {text: Bili, go: look}}}
  look: {call: payment.bills, as: bills, on: {found: pick, nothing: bye, down: home}}
  pick: {list: bills, as: bill, text: \"Chagua \\\"bili\\\" <moja>\", row: \"{bill.number} {bill.amount}\", go: sure}
  sure: {confirm: \"Lipa {bill.amount}?\", key: \"01\", yes: bye, no: pick}
  bye: {end: Kwaheri & asante}
";
const COVER: &str = "menu: cover
start: number
screens:
  number: {ask: \"Namba?\", type: member_number, as: member, wrong: Si sahihi., go: told, exhausted: help}
  told: {show: \"Namba {member}\", options: {\"1\": {text: Nyingine, go: number}}}
  help: {show: Muone Afisa.}
";

fn small() -> MenuSet {
    let compiled = compiled(&[root(SMALL), source("cover", COVER)]);
    assert_eq!(compiled.problems, []);
    compiled.set.unwrap()
}

fn picture(set: &MenuSet) -> Picture {
    Picture::of(set, None, set.fallback())
}

/// A root whose screens are these.
fn drawn(screens: &str) -> Picture {
    picture(&compiled(&[root(screens)]).set.unwrap())
}

/// Every element of a document with its attributes; fails where it is not XML.
fn elements(svg: &str) -> Vec<(String, Vec<(String, String)>)> {
    let mut reader = Reader::from_str(svg);
    reader.config_mut().check_end_names = true;
    let mut elements = Vec::new();
    loop {
        match reader.read_event().unwrap() {
            Event::Start(element) | Event::Empty(element) => {
                let name = element.name().0.to_owned();
                let attributes = element.attributes().map(|attribute| {
                    let attribute = attribute.unwrap();
                    let key = attribute.key.0.to_owned();
                    (key, attribute.value.into_owned())
                });
                elements.push((name, attributes.collect()));
            }
            Event::Eof => return elements,
            Event::End(_)
            | Event::Text(_)
            | Event::CData(_)
            | Event::Comment(_)
            | Event::Decl(_)
            | Event::PI(_)
            | Event::DocType(_)
            | Event::GeneralRef(_) => {}
        }
    }
}

/// The values of an attribute in order.
fn values(svg: &str, wanted: &str) -> Vec<String> {
    let attributes = elements(svg).into_iter().flat_map(|(_, all)| all);
    let found = attributes.filter(|(key, _)| key == wanted);
    found.map(|(_, value)| value).collect()
}

#[test]
fn every_screen_is_drawn_once_under_its_own_name() {
    let set = small();
    let svg = picture(&set).svg(Style::Inside);
    let screens = values(&svg, "data-screen");
    let named = ["main", "look", "pick", "sure", "bye"].map(|name| format!("chf.{name}"));
    let others = ["number", "told", "help"].map(|name| format!("cover.{name}"));
    assert_eq!(screens, [&named[..], &others[..]].concat());
    let ids: BTreeSet<_> = values(&svg, "id").into_iter().collect();
    assert!(screens.iter().all(|screen| ids.contains(screen)));
}

#[test]
fn every_way_that_is_checked_leaves_its_page() {
    let set = small();
    let checked = set.menus.iter().flat_map(|menu| &menu.screens);
    let checked: usize = checked
        .map(|screen| edges(&screen.verb, &set.keys).len())
        .sum();
    let svg = picture(&set).svg(Style::Inside);
    let led = values(&svg, "data-to");
    assert_eq!(led.len(), checked);
    let expected = [
        "cover.number",
        "chf.look",
        "chf.pick",
        "chf.bye",
        "home",
        "chf.sure",
        "chf.bye",
        "chf.pick",
        "cover.told",
        "cover.help",
        "cover.number",
    ];
    assert_eq!(led, expected);
}

#[test]
fn a_way_is_a_wire_or_a_chip_and_never_both() {
    let set = small();
    let picture = picture(&set);
    for plan in picture.panels.iter().map(Plan::of) {
        for (page, of) in plan.panel.pages.iter().enumerate() {
            for (row, way) in of.rows.iter().enumerate() {
                let wired = plan.wired.contains(&(page, row));
                let chip = plan.chip(page, row).is_some();
                let marked = matches!(way.leads, Leads::Back | Leads::Home);
                assert_eq!(usize::from(wired) + usize::from(chip), usize::from(!marked));
            }
        }
    }
}

#[test]
fn the_text_of_a_menu_cannot_break_out_of_the_picture() {
    let svg = picture(&small()).svg(Style::Inside);
    let names: BTreeSet<_> = elements(&svg).into_iter().map(|(name, _)| name).collect();
    assert!(!names.contains("moja"), "{names:?}");
    assert!(svg.contains("&lt;moja&gt;") && svg.contains("Kwaheri &amp; asante"));
    assert!(!names.contains("script"));
    assert_eq!(super::svg::clean("a\u{1}<\u{ffff}b>\u{7f}"), "a&lt;b&gt;");
}

#[test]
fn a_page_that_shows_it_may_bring_the_style_itself() {
    let picture = picture(&small());
    let names = |style| -> Vec<String> {
        let all = elements(&picture.svg(style)).into_iter();
        all.map(|(name, _)| name).collect()
    };
    assert!(names(Style::Inside).contains(&"style".to_owned()));
    assert!(!names(Style::Beside).contains(&"style".to_owned()));
    assert!(!picture.svg(Style::Beside).contains(" style="));
}

#[test]
fn every_kind_of_screen_has_its_colour_by_day_and_by_night() {
    for kind in Kind::ALL {
        let colour = format!(".nyota-menu .{} {{ color:", kind.as_str());
        assert_eq!(STYLE.matches(&colour).count(), 2, "{kind:?}");
    }
}

/// Whether any two pages, or a page and a wire that passes, are in the same place.
fn overlaps(plan: &Plan<'_>) -> bool {
    let items = plan.grid.items.iter().enumerate();
    let boxes = items.map(|(item, of)| {
        let (x, y) = plan.corner(item);
        (x, y, of.height)
    });
    let boxes: Vec<_> = boxes.collect();
    let pairs = boxes.iter().enumerate().flat_map(|(index, one)| {
        let others = boxes.iter().skip(index + 1);
        others.map(move |other| (one, other))
    });
    let mut pairs = pairs.map(|((x, y, height), (left, top, deep))| {
        let beside = (x - left).abs() >= size::WIDTH;
        !beside && y < &(top + deep) && top < &(y + height)
    });
    pairs.any(|overlap| overlap)
}

#[test]
fn no_page_lies_on_another_or_on_a_wire() {
    let options = (1..=9).fold(String::new(), |options, key| {
        options + &format!("\"{key}\": {{text: Namba, go: s{key}}}, ")
    });
    let mut wide = format!("  main: {{menu: Habari, options: {{{options}}}}}\n");
    for screen in 1..=9 {
        let next = screen % 9 + 1;
        _ = writeln!(
            wide,
            "  s{screen}: {{show: Habari, options: {{\"1\": {{text: Mbele, go: s{next}}}, \"2\": {{text: Mwisho, go: bye}}}}}}"
        );
    }
    wide.push_str("  bye: {end: Kwaheri}\n");
    for picture in [drawn(&wide), picture(&small()), drawn(&long(40))] {
        for panel in &picture.panels {
            let plan = Plan::of(panel);
            assert!(!overlaps(&plan), "{}", panel.menu);
            let (width, height) = plan.size();
            for (page, of) in panel.pages.iter().enumerate() {
                let (x, y) = plan.corner(page);
                assert!(x >= 0.0 && x + size::WIDTH <= width, "{}", of.name);
                assert!(y >= 0.0 && y + size::height(of) <= height, "{}", of.name);
            }
        }
    }
}

/// A question after another.
fn long(count: usize) -> String {
    let mut screens =
        String::from("  main: {menu: Habari, options: {\"1\": {text: Namba, go: s0}}}\n");
    for screen in 0..count {
        _ = writeln!(
            screens,
            "  s{screen}: {{ask: Namba?, type: member_number, as: m, wrong: Tena., go: s{}}}",
            screen + 1
        );
    }
    screens + &format!("  s{count}: {{end: Kwaheri}}\n")
}

#[test]
fn a_long_journey_goes_on_below_and_no_way_is_lost() {
    let picture = drawn(&long(100));
    let plan = Plan::of(&picture.panels[0]);
    let (width, height) = plan.size();
    assert!(width < 2_500.0 && height < 8_000.0, "{width} {height}");
    let entries = (0..picture.panels[0].pages.len()).filter_map(|page| plan.entry(page));
    let entries: Vec<_> = entries.collect();
    assert_eq!(entries[..2], ["*152*00#, first dial", "… s4"]);
}

#[test]
fn ten_thousand_screens_are_drawn() {
    let picture = drawn(&long(10_000));
    assert_eq!(picture.screens().count(), 10_002);
    assert!(picture.svg(Style::Beside).ends_with("</svg>\n"));
}

/// A menu that finds something and returns with it, and one that opens it, and decides.
const WIDE: &str =
    "  main: {menu: Habari, options: {\"1\": {text: Tafuta, open: finder, as: [who], then: many}}}
  many: {ask: \"Wangapi?\", type: {number: {min: 1, max: 9}}, as: size, wrong: Si sahihi., go: note}
  note: {set: {people: size}, go: choose}
  choose: {route: [{when: size > 6, go: bye}], else: told}
  told: {show: \"{who}, watu {people}\", options: {\"1\": {text: Kwaheri, go: bye, when: size > 3}}}
  bye: {end: Kwaheri}
";
const FINDER: &str = "menu: finder
gives: {who: member_number}
start: number
screens:
  number: {ask: \"Namba?\", type: member_number, as: who, wrong: Si sahihi., go: {return: {who: who}}}
";

#[test]
fn what_a_screen_decides_sets_and_returns_with_is_drawn() {
    let compiled = compiled(&[root(WIDE), source("finder", FINDER)]);
    let Some(set) = compiled.set else {
        panic!("{:?}", compiled.problems);
    };
    let picture = picture(&set);
    let svg = picture.svg(Style::Inside);
    for text in [
        "people = size",
        "size &gt; 6",
        "else",
        "<title>when size &gt; 3</title>",
        "→ finder",
        "↵ return",
    ] {
        assert!(svg.contains(text), "{text} is not in:\n{svg}");
    }
    let plan = Plan::of(&picture.panels[0]);
    assert!(plan.wired.contains(&(0, 0)), "a return leads on by a wire");
    let chart = picture.mermaid();
    assert!(
        chart.contains("chf.main -.->|\"finder ↵\"| chf.many\n"),
        "{chart}"
    );
}

#[test]
fn a_long_text_is_wrapped_as_on_a_phone_and_ends_in_dots() {
    let screens = format!(
        "  main: {{show: \"{}\", paged: true}}\n",
        "maneno marefu ".repeat(40).trim()
    );
    let picture = drawn(&screens);
    let Page { lines, .. } = &picture.panels[0].pages[0];
    assert_eq!(lines.len(), 7);
    let text: Vec<_> = lines.iter().map(super::model::Line::text).collect();
    assert_eq!(text[0], "maneno marefu maneno marefu");
    assert!(text[6].ends_with('…'));
    assert!(text.iter().all(|line| line.chars().count() <= 30));
}

#[test]
fn the_text_for_mermaid_names_every_screen_and_way() {
    insta::assert_snapshot!(picture(&small()).mermaid());
}

#[test]
fn one_menu_is_drawn_with_the_others_as_ports() {
    let set = small();
    let picture = Picture::of(&set, Some(0), set.fallback());
    assert_eq!(picture.screens().count(), 5);
    let mermaid = picture.mermaid();
    assert!(
        mermaid.contains("chf.main -->|\"1 Bima\"| cover_menu\n"),
        "{mermaid}"
    );
    let svg = picture.svg(Style::Inside);
    assert!(svg.contains("→ cover") && !svg.contains("href=\"#cover.number\""));
}
