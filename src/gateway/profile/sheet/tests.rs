use std::{fs, path::Path, sync::Arc};

use super::Handed;
use crate::{
    gateway::{
        profile::{Given, Profile, SettingValue},
        vectors,
    },
    model::{ServiceCode, source::Source},
};

fn sources(name: &str) -> Vec<Source> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("gateways");
    let mut files = vec![format!("{name}.yaml"), "presets/con_end.yaml".to_owned()];
    for entry in fs::read_dir(root.join(name)).unwrap() {
        let file = entry.unwrap().file_name();
        files.push(format!("{name}/{}", file.to_string_lossy()));
    }
    files.sort();
    let read = |name: String| Source {
        text: fs::read_to_string(root.join(&name)).unwrap(),
        name: format!("gateways/{name}"),
    };
    files.into_iter().map(read).collect()
}

fn sheet(name: &str, settings: &[(&str, &str)]) -> String {
    let sources = sources(name);
    let compiled = Profile::compile(&sources);
    let profile = compiled
        .profiles
        .into_iter()
        .find(|it| it.name() == name)
        .unwrap();
    let profile = Arc::new(profile);
    let text = |text: &str| SettingValue::Text(text.to_owned());
    let settings = settings
        .iter()
        .map(|(name, value)| ((*name).to_owned(), text(value)));
    let given = Given {
        name: name.to_owned(),
        settings: settings.collect(),
        public: "https://ussd.example.org".to_owned(),
        ..Given::default()
    };
    let handed = Handed {
        given: &given,
        secret: true,
        networks: &["198.51.100.0/24".to_owned()],
        code: &ServiceCode::parse("*152*00#").unwrap(),
        examples: &vectors::examples(&profile, &sources),
    };
    profile.sheet(&handed).unwrap()
}

#[test]
fn the_sheet_of_a_gateway_with_a_form_and_reports() {
    insta::assert_snapshot!(sheet(
        "africastalking",
        &[("username", "nyota"), ("api_key", "s3cret-key")]
    ));
}

#[test]
fn the_sheet_of_a_gateway_that_speaks_xml() {
    insta::assert_snapshot!(sheet("restcomm", &[]));
}

#[test]
fn a_secret_is_never_on_a_sheet() {
    for (name, settings) in [
        (
            "africastalking",
            &[("username", "u"), ("api_key", "s3cret-value")][..],
        ),
        (
            "airtel_flares",
            &[("username", "s3cret-value"), ("password", "s3cret-value")],
        ),
        (
            "twilio",
            &[("account_sid", "AC1"), ("auth_token", "s3cret-value")],
        ),
        (
            "integrat_higate",
            &[
                ("url", "https://host"),
                ("username", "u"),
                ("password", "s3cret-value"),
            ],
        ),
    ] {
        let sheet = sheet(name, settings);
        assert!(!sheet.contains("s3cret-value"), "{sheet}");
    }
}
