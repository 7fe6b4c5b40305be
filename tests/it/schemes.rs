//! Several schemes: what one does is no matter for the members of another.

use std::time::{Duration, Instant};

use nyota::config::{SchemeKind, SchemeOptions, SchemeSettings, Secret};
use tokio::net::TcpListener;

use crate::support::stage::Stage;

fn scheme(name: &str, options: SchemeOptions) -> SchemeSettings {
    SchemeSettings {
        name: name.to_owned(),
        options,
        password: Some(Secret::new("pass")),
        span: nyota::model::source::Span::default(),
    }
}

#[tokio::test]
async fn a_scheme_that_hangs_keeps_no_member_of_another_waiting() {
    // Connections are taken, by the kernel, and nobody ever answers.
    let silent = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}/api", silent.local_addr().unwrap());
    let dodoma = SchemeOptions {
        address,
        user: "nyota".to_owned(),
        prefixes: vec!["07".to_owned()],
        ..SchemeOptions::default()
    };
    let moshi = SchemeOptions {
        kind: SchemeKind::Sandbox,
        ..SchemeOptions::default()
    };
    let schemes = vec![scheme("dodoma", dodoma), scheme("moshi", moshi)];
    let stage = Stage::with_schemes(schemes).await;
    // Neither phone is known to a scheme, and the one that hangs cannot say so.
    let mut waits = stage.phone("+255700000091");
    let mut goes = stage.phone("+255700000092");
    for phone in [&mut waits, &mut goes] {
        phone.dial_in_english().await;
        let page = phone.press("1").await;
        assert!(
            page.text.starts_with("Enter the CHF number"),
            "{}",
            page.text
        );
    }
    let begun = Instant::now();
    let waiting = async {
        let page = waits.press("070707081").await;
        (page, begun.elapsed())
    };
    let going = async {
        let page = goes.press("400000042").await;
        (page, begun.elapsed())
    };
    let ((slow, long), (told, short)) = tokio::join!(waiting, going);
    assert!(told.text.starts_with("Neema M."), "{}", told.text);
    assert!(slow.text.contains("by SMS"), "{}", slow.text);
    assert!(
        short < long && short < Duration::from_millis(2400),
        "{short:?} {long:?}"
    );
    // What still hangs is cut off with it.
    drop(stage);
}
