//! Writes a picture as a Mermaid flowchart, for places that draw it themselves.

use std::{collections::BTreeSet, fmt::Write as _};

use super::model::{Kind, Leads, Line, Page, Panel, Picture, Row};

impl Picture {
    /// The picture as the text of a Mermaid flowchart: a subgraph for each menu, a node for each
    /// screen with the id `menu.screen`, and an edge for each way but back and home, which stand on
    /// the page.
    pub fn mermaid(&self) -> String {
        let known: BTreeSet<&str> = self.screens().collect();
        let mut chart = String::from("flowchart LR\n");
        for panel in &self.panels {
            _ = writeln!(
                chart,
                "  subgraph {}_menu[\"{}\"]",
                panel.menu,
                title(panel)
            );
            for page in &panel.pages {
                _ = writeln!(chart, "    {}", node(page));
            }
            chart.push_str("  end\n");
        }
        for menu in self.beyond(&known) {
            _ = writeln!(chart, "  {menu}_menu([\"→ {menu}\"]):::menu");
        }
        for panel in &self.panels {
            for page in &panel.pages {
                edges(&mut chart, panel, page, &known);
            }
        }
        for kind in Kind::ALL {
            let (fill, stroke) = colours(kind);
            let kind = kind.as_str();
            _ = writeln!(
                chart,
                "  classDef {kind}_screen fill:{fill},stroke:{stroke},color:#101a14,text-align:left"
            );
        }
        chart
    }

    /// The menus that are opened and not drawn.
    fn beyond(&self, known: &BTreeSet<&str>) -> BTreeSet<&str> {
        let pages = self.panels.iter().flat_map(|panel| &panel.pages);
        let rows = pages.flat_map(|page| &page.rows);
        let menus = rows.filter_map(|row| match &row.leads {
            Leads::Menu { menu, screen, .. } if !known.contains(screen.as_str()) => {
                Some(menu.as_str())
            }
            Leads::Menu { .. } | Leads::Page(_) | Leads::Back | Leads::Home | Leads::Return => None,
        });
        menus.collect()
    }
}

fn title(panel: &Panel) -> String {
    let parts = [panel.menu.as_str(), panel.about.as_str()];
    let parts: Vec<_> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    clean(&parts.join(": "))
}

fn node(page: &Page) -> String {
    let marks: Vec<_> = page.rows.iter().filter_map(mark).collect();
    let name = format!("<b>{}</b> {}", page.name, page.kind.as_str());
    let lines = page.lines.iter().map(Line::text).chain(marks);
    let lines: Vec<_> = std::iter::once(name)
        .chain(lines.map(|line| clean(&line)))
        .collect();
    let (open, close) = shape(page.kind);
    let kind = page.kind.as_str();
    format!(
        "{}{open}\"{}\"{close}:::{kind}_screen",
        page.screen,
        lines.join("<br/>")
    )
}

/// A way back or home, as a line of its page.
fn mark(row: &Row) -> Option<String> {
    let mark = match row.leads {
        Leads::Back => "↩",
        Leads::Home => "⌂",
        Leads::Return => "↵",
        Leads::Page(_) | Leads::Menu { .. } => return None,
    };
    Some(format!("{} {mark}", label(row)))
}

fn edges(chart: &mut String, panel: &Panel, page: &Page, known: &BTreeSet<&str>) {
    for row in &page.rows {
        let to = match &row.leads {
            Leads::Page(to) => panel.pages.get(*to).map(|page| page.screen.clone()),
            Leads::Menu { screen, .. } if known.contains(screen.as_str()) => Some(screen.clone()),
            Leads::Menu { menu, .. } => Some(format!("{menu}_menu")),
            Leads::Back | Leads::Home | Leads::Return => None,
        };
        if let Leads::Menu { menu, then, .. } = &row.leads
            && let Some(then) = then.and_then(|then| panel.pages.get(then))
        {
            _ = writeln!(
                chart,
                "  {} -.->|\"{menu} ↵\"| {}",
                page.screen, then.screen
            );
        }
        if let Some(to) = to {
            let label = clean(&label(row));
            _ = writeln!(chart, "  {} -->|\"{label}\"| {to}", page.screen);
        }
    }
}

fn label(row: &Row) -> String {
    let when = row.when.as_ref().map(|when| format!("({when})"));
    let parts = [&row.key, &row.text].into_iter().chain(&when);
    let parts = parts.filter(|part| !part.is_empty());
    parts.map(String::as_str).collect::<Vec<_>>().join(" ")
}

fn shape(kind: Kind) -> (&'static str, &'static str) {
    match kind {
        Kind::Menu | Kind::List | Kind::Confirm | Kind::Show | Kind::Language => ("[", "]"),
        Kind::Ask => ("[/", "/]"),
        Kind::End => ("([", "])"),
        Kind::Call | Kind::Route | Kind::Set => ("{{", "}}"),
    }
}

fn colours(kind: Kind) -> (&'static str, &'static str) {
    match kind {
        Kind::Menu => ("#e4ecf5", "#14406b"),
        Kind::List => ("#ece6f6", "#5b3f8c"),
        Kind::Ask => ("#fbeed6", "#865200"),
        Kind::Confirm => ("#f9e3e1", "#a02c24"),
        Kind::Show => ("#e0f2ea", "#1c6b4d"),
        Kind::End => ("#e7e9ee", "#465063"),
        Kind::Call => ("#e3eff2", "#0b5a6f"),
        Kind::Language => ("#f4e5f2", "#7a3b73"),
        Kind::Route => ("#f0efd8", "#5c5a14"),
        Kind::Set => ("#f1e8e0", "#6b4a30"),
    }
}

/// A text as Mermaid holds it between quotes: nothing in it is markup, an entity or a line's end.
fn clean(text: &str) -> String {
    let mut clean = String::new();
    for letter in text.chars() {
        match letter {
            '"' | '#' | '&' | '<' | '>' | '`' | ';' | '\\' | '*' | '_' => {
                _ = write!(clean, "#{};", u32::from(letter));
            }
            letter if letter.is_control() => clean.push(' '),
            letter => clean.push(letter),
        }
    }
    clean
}
