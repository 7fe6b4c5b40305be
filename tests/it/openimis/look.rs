use nyota::scheme::{
    Finding, Scheme as _,
    openimis::{Account, Options},
};

use super::{RELEASES, client_with, hasty, options, today};
use crate::support::openimis::{Fault, Release, StandIn};

fn bad(findings: &[Finding]) -> Vec<&str> {
    findings
        .iter()
        .filter(|finding| !finding.good)
        .map(|finding| finding.says.as_str())
        .collect()
}

#[tokio::test]
async fn a_whole_installation_has_nothing_bad() {
    for release in RELEASES {
        let server = StandIn::start(release).await;
        let openimis = client_with(Options {
            products: vec!["BCUL0001".to_owned()],
            ..options(&server)
        });
        let findings = openimis.look(today()).await;
        assert_eq!(bad(&findings), Vec::<&str>::new());
        let name = if release == Release::V24_10 {
            "24.10"
        } else {
            "26.04"
        };
        assert!(
            findings.iter().any(|finding| finding.says.contains(name)),
            "{findings:?}"
        );
        assert!(
            findings
                .iter()
                .any(|finding| finding.says.contains("30 s apart")),
            "{findings:?}"
        );
    }
}

#[tokio::test]
async fn what_is_missing_is_said_with_what_to_do() {
    let server = StandIn::start(Release::V26_04).await;
    server.forbid("premiums");
    server.state(|state| state.policies.clear());
    let openimis = client_with(Options {
        products: vec!["NONE".to_owned()],
        officer: Some("E1".to_owned()),
        ..options(&server)
    });
    let findings = openimis.look(today()).await;
    assert_eq!(
        bad(&findings),
        [
            "Admin may not read premiums: give her role the right 101301",
            "Admin sees no policy at all: give her the districts of the scheme",
            "openIMIS has no enrolment officer E1: correct `officer` in the settings",
            "openIMIS has no product NONE: correct `products` in the settings",
        ]
    );
}

#[tokio::test]
async fn who_is_not_let_in_reads_why() {
    let server = StandIn::start(Release::V24_10).await;
    let account = Account {
        user: "Admin".to_owned(),
        password: "wrong".to_owned(),
    };
    let openimis = client_with(Options {
        account,
        ..options(&server)
    });
    let findings = openimis.look(today()).await;
    let [finding] = findings.as_slice() else {
        panic!("{findings:?}");
    };
    assert!(
        finding
            .says
            .contains("does not know this user and password"),
        "{}",
        finding.says
    );
    assert!(!finding.says.contains("wrong"), "{}", finding.says);
    server.always(Fault::Html);
    let findings = hasty(&server).look(today()).await;
    assert!(
        findings[0].says.contains("`/graphql`"),
        "{}",
        findings[0].says
    );
}
