use super::super::Profile;
use crate::model::source::Source;

/// What a profile of this text is told, one line each: its code, line and message.
fn told(text: &str) -> Vec<String> {
    let sources = [Source {
        name: "gateways/a.yaml".into(),
        text: text.into(),
    }];
    let compiled = Profile::compile(&sources);
    let reports = compiled.reports.iter().map(|report| {
        let line = sources[0].position(report.span.start).0;
        format!("{} {line} {}", report.code, report.message)
    });
    reports.collect()
}

/// Prints what is wrong in the file that `PROFILE` names.
#[test]
fn the_profiles_of_the_project_are_without_a_mistake() {
    let profiles = [
        ("africastalking", include_str!("../../../../gateways/africastalking.yaml")),
        ("safaricom_direct", include_str!("../../../../gateways/safaricom_direct.yaml")),
    ];
    for (name, text) in profiles {
        assert_eq!(told(text), [""; 0], "{name}");
    }
}
