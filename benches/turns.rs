//! How long the parts of a turn take that ask nothing of the world, in menus of three sizes and in ours.
//!
//! `cargo bench --bench turns`, with `-- step` those of steps only. What it should be: a step and its page a few
//! microseconds, however many screens there are; a line sealed and opened in one or two.

#![expect(clippy::unwrap_used, reason = "a benchmark that cannot begin stops")]

#[path = "../loadtest/src/budgets/menus.rs"]
mod menus;

use std::{hint::black_box, path::Path};

use chrono::DateTime;
use criterion::Criterion;
use nyota::{
    catalogue::read_files,
    dialogue::{Greeting, Input, Scene, State, Step, open, render, step},
    menu::{CheckOptions, MenuSet, compile},
    model::{Language, PageSize, gsm7, source::Source},
    store::{Keys, Sealer},
};

const PAGE: &str = "Karibu CHF Iliyoboreshwa\n1. Angalia uanachama\n2. Lipa michango\n3. Vituo vya afya\n4. Malalamiko\n0. Rudi";

/// A set made large, as its files.
fn large(screens: usize) -> Vec<Source> {
    let files = menus::files(screens).into_iter();
    let sources = files.map(|(name, text)| Source {
        name: format!("large/{name}"),
        text,
    });
    sources.collect()
}

/// The set that we ship, without its transcripts.
fn chf() -> MenuSet {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("menus/chf");
    let mut sources = read_files(&folder).unwrap();
    sources.retain(|source| source.name.matches('/').count() == 1);
    compile(&sources, CheckOptions::default()).set.unwrap()
}

fn scene() -> Scene<'static> {
    Scene {
        now: DateTime::UNIX_EPOCH,
        page: PageSize::default(),
        banner: "",
    }
}

/// A caller of a set, whose language is known, behind these keys.
fn behind(set: &MenuSet, language: Language, keys: &[&str]) -> State {
    let greeting = Greeting {
        language: Some(language),
        waiting: None,
    };
    let (mut state, _) = open(set, &greeting, &scene());
    for key in keys {
        let (next, shown) = step(set, state, Input::Text((*key).to_owned()), &scene());
        assert!(matches!(shown, Step::Show(_)), "{shown:?}");
        state = next;
    }
    state
}

fn steps(criterion: &mut Criterion, name: &str, set: &MenuSet, state: &State) {
    criterion.bench_function(&format!("step/{name}"), |bencher| {
        bencher.iter(|| {
            let key = Input::Text("1".to_owned());
            step(set, black_box(state.clone()), key, &scene())
        });
    });
    criterion.bench_function(&format!("page/{name}"), |bencher| {
        bencher.iter(|| render(set, black_box(state), &scene()));
    });
}

/// Menus of three sizes: compiled, stepped and shown.
fn sizes(criterion: &mut Criterion) {
    for screens in [10, 1_000, 10_000] {
        let sources = large(screens);
        let set = compile(&sources, CheckOptions::default()).set.unwrap();
        let state = behind(&set, Language::SWAHILI, &["1"]);
        steps(criterion, &format!("{screens} screens"), &set, &state);
        let mut few = criterion.benchmark_group("compile");
        few.sample_size(10);
        few.bench_function(format!("{screens} screens"), |bencher| {
            bencher.iter(|| compile(black_box(&sources), CheckOptions::default()));
        });
        few.finish();
    }
}

/// The menus that we ship: a page with options, and one that is the first of several.
fn ours(criterion: &mut Criterion) {
    let set = chf();
    let english = Language::parse("en").unwrap();
    let help = behind(&set, english, &["4"]);
    steps(criterion, "chf, help", &set, &help);
    let long = behind(&set, english, &["4", "1"]);
    criterion.bench_function("page/chf, the first of three", |bencher| {
        bencher.iter(|| render(&set, black_box(&long), &scene()));
    });
    lines(criterion, &long);
}

/// What is kept of a caller between turns: its state, encoded, and sealed for its key.
fn lines(criterion: &mut Criterion, state: &State) {
    let sealer = Sealer::new(&Keys::one(1, [7; 32], [8; 32]));
    let bound = [9; 16];
    criterion.bench_function("line/encode and seal", |bencher| {
        bencher.iter(|| {
            let clear = postcard::to_stdvec(black_box(state)).unwrap();
            sealer.seal_bound(&bound, &clear)
        });
    });
    let clear = postcard::to_stdvec(state).unwrap();
    let line = sealer.seal_bound(&bound, &clear).unwrap();
    criterion.bench_function("line/open and decode", |bencher| {
        bencher.iter(|| {
            let clear = sealer.open_bound(&bound, black_box(&line)).unwrap();
            postcard::from_bytes::<State>(&clear).unwrap()
        });
    });
}

fn septets(criterion: &mut Criterion) {
    criterion.bench_function("gsm7/count a page", |bencher| {
        bencher.iter(|| gsm7::cost(black_box(PAGE)));
    });
}

fn main() {
    let mut criterion = Criterion::default().configure_from_args();
    septets(&mut criterion);
    ours(&mut criterion);
    sizes(&mut criterion);
    criterion.final_summary();
}
