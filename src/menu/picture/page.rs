//! Draws one screen: as a phone's page, or, where a phone shows nothing, with its corners cut.

use std::collections::BTreeSet;

use super::{
    model::{Leads, Page, Row},
    plan::Plan,
    size::{self, CHIP_GAP, FOOT, HEAD, INSET, LINE, PAD, ROW, WIDTH},
    svg::{Svg, clean},
    texts,
};

/// From the left edge to the text of a row.
const ROW_TEXT: f64 = 44.0;
/// The most letters of a row.
const ROW_LETTERS: usize = 26;
/// The most letters of a screen's name.
const NAME_LETTERS: usize = 20;

/// How deep the corners are cut of what is not shown.
const CUT: f64 = 9.0;

/// Draws the page at `page`. `known` are the screens of the whole picture: others cannot be linked
/// to.
pub(super) fn draw(svg: &mut Svg, plan: &Plan<'_>, page: usize, known: &BTreeSet<&str>) {
    let Some(of) = plan.panel.pages.get(page) else {
        return;
    };
    let (x, y) = plan.corner(page);
    let screen = clean(&of.screen);
    let kind = of.kind.as_str();
    svg.put(format_args!(
        "<g id=\"{screen}\" class=\"page {kind}\" data-screen=\"{screen}\" \
         transform=\"translate({x} {y})\"><title>{screen}</title>"
    ));
    outline(svg, of);
    head(svg, of);
    lines(svg, of);
    for (index, row) in of.rows.iter().enumerate() {
        let leads = Beside {
            page: of,
            row,
            to: leads_to(plan, row),
            chip: plan.chip(page, index),
        };
        leads.draw(svg, index, known);
    }
    foot(svg, of);
    svg.raw("</g>\n");
}

/// The screen behind a row, `menu.screen`; none for back and home.
fn leads_to<'a>(plan: &'a Plan<'_>, row: &'a Row) -> Option<&'a str> {
    match &row.leads {
        Leads::Page(to) => plan.panel.pages.get(*to).map(|page| page.screen.as_str()),
        Leads::Menu { screen, .. } => Some(screen),
        Leads::Back | Leads::Home | Leads::Return => None,
    }
}

fn outline(svg: &mut Svg, page: &Page) {
    let height = size::height(page);
    if page.kind.is_shown() {
        svg.put(format_args!(
            "<rect class=\"face\" width=\"{WIDTH}\" height=\"{height}\" rx=\"9\"/>\
             <path class=\"head\" d=\"M0 {HEAD}V9a9 9 0 0 1 9-9H{}a9 9 0 0 1 9 9V{HEAD}Z\"/>",
            WIDTH - 9.0
        ));
        return;
    }
    let (right, bottom) = (WIDTH - CUT, height - CUT);
    svg.put(format_args!(
        "<path class=\"face\" d=\"M{CUT} 0H{right}L{WIDTH} {CUT}V{bottom}L{right} {height}H{CUT}L0 \
         {bottom}V{CUT}Z\"/>\
         <path class=\"head\" d=\"M0 {HEAD}V{CUT}L{CUT} 0H{right}L{WIDTH} {CUT}V{HEAD}Z\"/>"
    ));
}

fn head(svg: &mut Svg, page: &Page) {
    let name = texts::clipped(&page.name, NAME_LETTERS);
    svg.text("name", (INSET, 16.5), &name);
    svg.text("verb", (WIDTH - INSET, 16.0), page.kind.as_str());
    if page.sms {
        let letters = size::many(page.kind.as_str().chars().count());
        envelope(
            svg,
            "in-head",
            WIDTH - INSET - letters * 6.2 - 20.0,
            HEAD / 2.0,
        );
    }
}

fn lines(svg: &mut Svg, page: &Page) {
    for (index, line) in page.lines.iter().enumerate() {
        let y = HEAD + PAD + size::many(index) * LINE + 11.0;
        svg.put(format_args!(
            "<text class=\"line\" x=\"{INSET}\" y=\"{y}\">"
        ));
        for run in &line.0 {
            let text = clean(&run.text);
            if run.value {
                svg.put(format_args!("<tspan class=\"value\">{text}</tspan>"));
            } else {
                svg.raw(&text);
            }
        }
        svg.raw("</text>");
    }
}

fn foot(svg: &mut Svg, page: &Page) {
    if !page.foot.is_empty() {
        let y = size::height(page) - PAD - FOOT + 15.0;
        let text = texts::clipped(&page.foot, texts::LINE);
        svg.text("foot", (INSET, y), &text);
    }
}

/// A row, and what stands beside its page.
struct Beside<'a> {
    page: &'a Page,
    row: &'a Row,
    to: Option<&'a str>,
    chip: Option<String>,
}

impl Beside<'_> {
    fn draw(&self, svg: &mut Svg, index: usize, known: &BTreeSet<&str>) {
        let middle = size::leaves(self.page, index);
        let to = clean(self.to.unwrap_or(match self.row.leads {
            Leads::Back => "back",
            Leads::Home => "home",
            Leads::Return => "return",
            Leads::Page(_) | Leads::Menu { .. } => "",
        }));
        let when = self.row.when.as_ref();
        let class = when.map_or("row", |_| "row some");
        svg.put(format_args!("<g class=\"{class}\" data-to=\"{to}\">"));
        if let Some(when) = when {
            svg.put(format_args!("<title>when {}</title>", clean(when)));
        }
        self.words(svg, middle);
        self.end(svg, middle);
        if let Some(chip) = &self.chip {
            self.chip(svg, middle, chip, known);
        }
        svg.raw("</g>");
    }

    /// The key in a box, and its text.
    fn words(&self, svg: &mut Svg, middle: f64) {
        let Row { key, text, .. } = self.row;
        let (left, letters) = if key.is_empty() {
            (INSET, ROW_LETTERS + 4)
        } else {
            let width = ROW_TEXT - INSET - 6.0;
            svg.put(format_args!(
                "<rect class=\"key\" x=\"{INSET}\" y=\"{}\" width=\"{width}\" height=\"{}\" \
                 rx=\"4\"/>",
                middle - ROW / 2.0 + 2.0,
                ROW - 4.0
            ));
            svg.text("key-text", (INSET + width / 2.0, middle + 4.0), key);
            (ROW_TEXT, ROW_LETTERS)
        };
        let marked = matches!(self.row.leads, Leads::Back | Leads::Home);
        let letters = letters - usize::from(self.row.sms || marked) * 3;
        let text = texts::clipped(text, letters);
        svg.text("row-text", (left, middle + 4.0), &text);
        if self.row.sms {
            envelope(svg, "in-row", WIDTH - INSET - 15.0, middle);
        }
    }

    /// Where its wire begins, or the mark of back or home.
    fn end(&self, svg: &mut Svg, middle: f64) {
        let x = WIDTH - 17.0;
        match self.row.leads {
            Leads::Page(_) | Leads::Menu { .. } | Leads::Return => svg.put(format_args!(
                "<circle class=\"port\" cx=\"{WIDTH}\" cy=\"{middle}\" r=\"3.5\"/>"
            )),
            Leads::Back => svg.put(format_args!(
                "<path class=\"mark\" d=\"M{x} {middle}h8a3 3 0 0 0 0-6M{x} {middle}l4-3.5M{x} \
                 {middle}l4 3.5\"/>"
            )),
            Leads::Home => svg.put(format_args!(
                "<path class=\"mark\" d=\"M{} {}l6-5l6 5M{} {}v6h8v-6\"/>",
                x - 1.0,
                middle - 0.5,
                x + 1.0,
                middle - 1.5
            )),
        }
    }

    fn chip(&self, svg: &mut Svg, middle: f64, chip: &str, known: &BTreeSet<&str>) {
        let to = self.to.filter(|to| known.contains(to)).map(clean);
        let class = match self.row.leads {
            Leads::Menu { .. } | Leads::Return => "out",
            Leads::Page(_) | Leads::Back | Leads::Home => "jump",
        };
        svg.put(format_args!(
            "<path class=\"thread {class}\" d=\"M{WIDTH} {middle}h{CHIP_GAP}\"/>"
        ));
        if let Some(to) = &to {
            svg.put(format_args!("<a href=\"#{to}\" tabindex=\"-1\">"));
        }
        svg.chip(class, (WIDTH + CHIP_GAP, middle), chip);
        if to.is_some() {
            svg.raw("</a>");
        }
    }
}

/// The mark of an SMS.
fn envelope(svg: &mut Svg, class: &str, left: f64, middle: f64) {
    let top = middle - 4.5;
    svg.put(format_args!(
        "<path class=\"envelope {class}\" d=\"M{left} {top}h13v9h-13zl6.5 5l6.5-5\"/>"
    ));
}
