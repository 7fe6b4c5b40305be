//! Writes a picture as SVG.

use std::{collections::BTreeSet, fmt::Write as _};

use quick_xml::escape::escape;

use super::{
    grid::Link,
    model::Picture,
    pack::{Pair, pack},
    page,
    plan::{INSET, Plan},
    size,
};

/// How a picture looks, by day and by night.
pub const STYLE: &str = include_str!("picture.css");

/// Around the panels.
const MARGIN: f64 = 20.0;
/// Above them, for what is drawn.
const TITLE: f64 = 46.0;

/// Where the style of a picture is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    /// In the file, which then needs nothing else.
    Inside,
    /// In the page that shows it: [`STYLE`].
    Beside,
}

impl Picture {
    /// The picture as one SVG document.
    ///
    /// Each screen is a group with the id and the `data-screen` `menu.screen`; the class `lit` lights
    /// it.
    pub fn svg(&self, style: Style) -> String {
        let plans: Vec<_> = self.panels.iter().map(Plan::of).collect();
        let sizes: Vec<_> = plans.iter().map(Plan::size).collect();
        let (corners, (width, height)) = pack(&sizes);
        let title = if plans.len() == 1 { 0.0 } else { TITLE };
        let whole = (width + 2.0 * MARGIN, height + 2.0 * MARGIN + title);
        let mut svg = Svg::default();
        svg.open(self, style, whole);
        if title > 0.0 {
            svg.text("whole", (MARGIN + 4.0, MARGIN + 24.0), &self.title);
        }
        let known: BTreeSet<&str> = self.screens().collect();
        for (plan, (x, y)) in plans.iter().zip(&corners) {
            svg.panel(plan, (x + MARGIN, y + MARGIN + title), &known);
        }
        svg.raw("</svg>\n");
        svg.0
    }

    /// Every screen that is drawn, `menu.screen`.
    pub fn screens(&self) -> impl Iterator<Item = &str> {
        let pages = self.panels.iter().flat_map(|panel| &panel.pages);
        pages.map(|page| page.screen.as_str())
    }

    fn described(&self) -> String {
        let screens = self.screens().count();
        let menus: Vec<_> = self
            .panels
            .iter()
            .map(|panel| panel.menu.as_str())
            .collect();
        format!(
            "{screens} screens of {}. Each page shows its text; a line leads from each key or \
             outcome to the screen behind it.",
            menus.join(", ")
        )
    }
}

/// A document in the making.
#[derive(Default)]
pub(super) struct Svg(String);

impl Svg {
    /// Markup of our own.
    pub(super) fn raw(&mut self, markup: &str) {
        self.0.push_str(markup);
    }

    /// A text at a place.
    pub(super) fn text(&mut self, class: &str, (x, y): Pair, text: &str) {
        let text = clean(text);
        self.put(format_args!(
            r#"<text class="{class}" x="{x}" y="{y}">{text}</text>"#
        ));
    }

    /// Markup of our own with values in it.
    pub(super) fn put(&mut self, markup: std::fmt::Arguments<'_>) {
        // A text takes whatever is written.
        _ = self.0.write_fmt(markup);
    }

    fn open(&mut self, picture: &Picture, style: Style, (width, height): Pair) {
        let title = clean(&picture.title);
        let described = clean(&picture.described());
        self.put(format_args!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"nyota-menu\" role=\"img\" \
             aria-labelledby=\"picture-title picture-about\" width=\"{width}\" height=\"{height}\" \
             viewBox=\"0 0 {width} {height}\">\n\
             <title id=\"picture-title\">{title}</title>\n\
             <desc id=\"picture-about\">{described}</desc>\n"
        ));
        if style == Style::Inside {
            self.put(format_args!("<style>\n{}</style>\n", clean(STYLE)));
        }
        self.put(format_args!(
            "<rect class=\"paper\" width=\"{width}\" height=\"{height}\" rx=\"14\"/>\n"
        ));
    }

    fn panel(&mut self, plan: &Plan<'_>, (x, y): Pair, known: &BTreeSet<&str>) {
        let (width, height) = plan.size();
        let menu = clean(&plan.panel.menu);
        let about = clean(&plan.panel.about);
        let baseline = 34;
        self.put(format_args!(
            "<g class=\"panel\" data-menu=\"{menu}\" transform=\"translate({x} {y})\">\n\
             <rect class=\"board\" width=\"{width}\" height=\"{height}\" rx=\"14\"/>\n\
             <text x=\"{INSET}\" y=\"{baseline}\"><tspan class=\"menu-name\">{menu}</tspan>\
             <tspan class=\"about\" dx=\"14\">{about}</tspan></text>\n"
        ));
        for link in &plan.grid.links {
            self.wire(plan, link);
        }
        for page in 0..plan.panel.pages.len() {
            self.arrow(plan, page);
            page::draw(self, plan, page, known);
        }
        self.raw("</g>\n");
    }

    /// A part of a wire: along its column past the chips, then over to the next.
    fn wire(&mut self, plan: &Plan<'_>, link: &Link) {
        let (left, top) = plan.corner(link.from);
        let (end, below) = plan.corner(link.to);
        let of = plan.grid.items.get(link.from);
        let is_page = of.is_some_and(|item| item.page.is_some());
        let begin = if is_page { left + size::WIDTH } else { left };
        let (from, to) = (top + link.leaves, below + link.enters);
        let bends = plan.bends_from(link.from);
        let middle = f64::midpoint(bends, end);
        let kind = plan.kind_behind(link.to).as_str();
        self.put(format_args!(
            "<path class=\"thread {kind}\" d=\"M{begin} {from}H{bends}C{middle} {from} {middle} {to} \
             {end} {to}\"/>\n"
        ));
    }

    /// The head of the wires that enter a page, and what says how else a caller comes in.
    fn arrow(&mut self, plan: &Plan<'_>, page: usize) {
        let (x, y) = plan.corner(page);
        let y = y + size::enters();
        let kind = plan.kind_behind(page).as_str();
        let entry = plan.entry(page);
        if let Some(entry) = &entry {
            let width = size::chip(entry);
            let left = x - width - 26.0;
            self.put(format_args!(
                "<path class=\"thread in\" d=\"M{} {y}H{x}\"/>\n",
                left + width
            ));
            self.chip("in", (left, y), entry);
        }
        let entered = plan
            .grid
            .into
            .get(page)
            .is_some_and(|into| !into.is_empty());
        if entered || entry.is_some() {
            let kind = if entered { kind } else { "in" };
            self.put(format_args!(
                "<path class=\"arrow {kind}\" d=\"M{} {}L{x} {y}L{} {}Z\"/>\n",
                x - 8.0,
                y - 4.5,
                x - 8.0,
                y + 4.5
            ));
        }
    }

    /// A chip whose left edge and middle are at a place.
    pub(super) fn chip(&mut self, class: &str, (left, middle): Pair, text: &str) {
        let (width, height) = (size::chip(text), size::CHIP);
        let top = middle - height / 2.0;
        self.put(format_args!(
            "<rect class=\"chip {class}\" x=\"{left}\" y=\"{top}\" width=\"{width}\" \
             height=\"{height}\" rx=\"8.5\"/>"
        ));
        let class = format!("chip-text {class}");
        self.text(&class, (left + 7.0, middle + 4.0), text);
        self.raw("\n");
    }
}

/// A text as XML holds it: escaped, without what XML cannot hold.
pub(super) fn clean(text: &str) -> String {
    let allowed = |letter: &char| !letter.is_control() || *letter == '\n';
    let text: String = text.chars().filter(allowed).collect();
    let text = text.replace(['\u{fffe}', '\u{ffff}'], "");
    escape(&text).into_owned()
}
