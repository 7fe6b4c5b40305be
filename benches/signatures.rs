//! How long a GePG message takes to sign and to prove, in both versions of it.
//!
//! `cargo bench --bench signatures`. What it should be on a core by itself: to sign over SHA-1 two
//! milliseconds and over SHA-256 half of one, to prove tens of microseconds, to read less.

#![expect(clippy::unwrap_used, reason = "a benchmark that cannot begin stops")]

use std::{fs, hint::black_box, path::PathBuf};

use criterion::Criterion;
use nyota::payment::gepg::{Keys, message::PaymentNotice};

const NOTICES: [(&str, &str); 2] = [
    ("v4", "gepg-v4/11_gepgPmtSpInfo_exact.xml"),
    ("v5", "gepg-v5/07_pmtSpNtfReq_exact.xml"),
];

fn recorded(file: &str) -> Vec<u8> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/payments");
    fs::read(folder.join(file)).unwrap()
}

fn text(file: &str) -> String {
    String::from_utf8(recorded(file)).unwrap()
}

fn main() {
    let mut criterion = Criterion::default().configure_from_args();
    let gateway = text("keys/gepg_cert.pem");
    let keys = Keys::from_pem(&text("keys/sp_private.pem"), [gateway.as_str()]).unwrap();
    let now = "2026-11-21T09:00:00Z".parse().unwrap();
    for (version, file) in NOTICES {
        let raw = recorded(file);
        let message = keys.open(&raw, now).unwrap().message;
        criterion.bench_function(&format!("{version} sign"), |bencher| {
            bencher.iter(|| keys.seal(black_box(message)).unwrap());
        });
        criterion.bench_function(&format!("{version} prove"), |bencher| {
            bencher.iter(|| keys.open(black_box(&raw), now).unwrap());
        });
        criterion.bench_function(&format!("{version} read"), |bencher| {
            bencher.iter(|| PaymentNotice::read(black_box(message)).unwrap());
        });
    }
    criterion.final_summary();
}
