use std::fmt::Write as _;

use super::{Summary, milliseconds, rate};
use crate::tally::Second;

const WIDTH: f64 = 960.0;
const LEFT: f64 = 70.0;
const RIGHT: f64 = 20.0;
/// Of the latencies' field.
const TOP: f64 = 60.0;
const BOTTOM: f64 = 340.0;
/// Of the turns' field below it.
const TURNS_TOP: f64 = 380.0;
const TURNS_BOTTOM: f64 = 480.0;
/// What the latencies' field spans, in microseconds.
const QUICKEST: f64 = 100.0;

/// Latency and turns over time, as an SVG that needs nothing else.
pub(crate) fn picture(summary: &Summary) -> String {
    let seconds: Vec<_> = summary.counts.seconds.iter().collect();
    let field = Field::of(&seconds);
    let mut svg = format!(
        r##"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} 510" font-family="sans-serif" font-size="12">
<rect width="{WIDTH}" height="510" fill="#fff"/>
<text x="{LEFT}" y="24" font-size="16">{}</text>
<text x="{LEFT}" y="44" fill="#555">{}; {:.0} turns a second; {} wrong, {} failed</text>
"##,
        escaped(&summary.scenario),
        escaped(&summary.pace),
        summary.rate,
        summary.counts.wrong,
        summary.counts.failures(),
    );
    field.scale(&mut svg);
    field.turns(&mut svg, &seconds);
    for (name, colour, place, of) in LINES {
        field.line(&mut svg, colour, &seconds, of);
        _ = writeln!(
            svg,
            r#"<text x="{}" y="44" fill="{colour}">{name}</text>"#,
            WIDTH - RIGHT - place
        );
    }
    svg.push_str("</svg>\n");
    svg
}

type Figure = fn(&Second) -> u64;

const LINES: [(&str, &str, f64, Figure); 3] = [
    ("slowest", "#c0392b", 60.0, |second| second.latency.max_us),
    ("p99", "#d68910", 110.0, |second| second.latency.p99_us),
    ("p50", "#1f618d", 150.0, |second| second.latency.p50_us),
];

/// What the picture spans.
struct Field {
    long: f64,
    slowest: f64,
    most: f64,
}

impl Field {
    fn of(seconds: &[&Second]) -> Self {
        let long = seconds.last().map_or(1.0, |second| second.at.max(1.0));
        let slowest = seconds.iter().map(|second| second.latency.max_us).max();
        let most = seconds
            .iter()
            .map(|second| rate(second))
            .fold(1.0, f64::max);
        // Up to the next power of ten, and two of them at least.
        let powers = (float(slowest.unwrap_or_default()) / QUICKEST).log10();
        Self {
            long,
            slowest: QUICKEST * 10_f64.powf(powers.ceil().max(2.0)),
            most,
        }
    }

    fn x(&self, at: f64) -> f64 {
        LEFT + at / self.long * (WIDTH - LEFT - RIGHT)
    }

    /// Latencies are on a logarithmic scale.
    fn y(&self, microseconds: f64) -> f64 {
        let share =
            (microseconds.max(QUICKEST) / QUICKEST).log10() / (self.slowest / QUICKEST).log10();
        BOTTOM - share * (BOTTOM - TOP)
    }

    fn scale(&self, svg: &mut String) {
        let mut at: u64 = 100;
        while float(at) <= self.slowest * 1.01 {
            let y = self.y(float(at));
            _ = writeln!(
                svg,
                r##"<path d="M{LEFT} {y:.1}H{}" stroke="#ddd"/><text x="{}" y="{:.1}" text-anchor="end" fill="#555">{}</text>"##,
                WIDTH - RIGHT,
                LEFT - 6.0,
                y + 4.0,
                milliseconds(at)
            );
            at *= 10;
        }
        for (at, anchor) in [(0.0, "start"), (self.long, "end")] {
            _ = writeln!(
                svg,
                r##"<text x="{:.1}" y="500" text-anchor="{anchor}" fill="#555">{at:.0} s</text>"##,
                self.x(at)
            );
        }
        _ = writeln!(
            svg,
            r##"<text x="{}" y="{TURNS_TOP}" text-anchor="end" fill="#555">{:.0}/s</text><path d="M{LEFT} {TURNS_BOTTOM}H{}" stroke="#ddd"/>"##,
            LEFT - 6.0,
            self.most,
            WIDTH - RIGHT
        );
    }

    fn turns(&self, svg: &mut String, seconds: &[&Second]) {
        for second in seconds {
            let height = rate(second) / self.most * (TURNS_BOTTOM - TURNS_TOP);
            let from = self.x(second.at - second.long);
            _ = writeln!(
                svg,
                r##"<rect x="{from:.1}" y="{:.1}" width="{:.1}" height="{height:.1}" fill="#aed6f1"/>"##,
                TURNS_BOTTOM - height,
                (self.x(second.at) - from - 0.5).max(0.5)
            );
        }
    }

    fn line(&self, svg: &mut String, colour: &str, seconds: &[&Second], of: Figure) {
        let answered = seconds.iter().filter(|second| second.latency.count > 0);
        let points = answered.map(|second| {
            let middle = second.at - second.long / 2.0;
            format!("{:.1},{:.1}", self.x(middle), self.y(float(of(second))))
        });
        let points: Vec<_> = points.collect();
        _ = writeln!(
            svg,
            r#"<polyline points="{}" fill="none" stroke="{colour}" stroke-width="1.5"/>"#,
            points.join(" ")
        );
    }
}

#[expect(clippy::cast_precision_loss, reason = "a picture is no exact figure")]
fn float(figure: u64) -> f64 {
    figure as f64
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;")
}
