use chrono::{TimeZone as _, Utc};
use nyota::scheme::{Complaint, Filed, Scheme as _};

use super::{JOSEPH, RELEASES, client, member, phone};
use crate::support::openimis::{Release, StandIn};

fn complaint() -> Complaint {
    Complaint {
        member: Some(member(JOSEPH)),
        phone: phone("+255712345678"),
        text: "No medicine in Rachla".to_owned(),
        at: Utc.with_ymd_and_hms(2026, 11, 21, 9, 0, 0).unwrap(),
        key: "C7K2".to_owned(),
    }
}

#[tokio::test]
async fn a_complaint_becomes_one_ticket_also_where_it_is_broken_off() {
    for release in RELEASES {
        for step in 3..8 {
            let server = StandIn::start(release).await;
            server.die_at(step, true);
            drop(client(&server).complain(&complaint()).await);
            server.anew();
            let filed = client(&server).complain(&complaint()).await.unwrap();
            assert_eq!(filed, Filed::Ticket("GRS00000001".to_owned()));
            server.state(|state| {
                assert_eq!(state.tickets.len(), 1, "{release:?}, killed at {step}");
                let input = &state.tickets[0].input;
                assert_eq!(input["dateOfIncident"], "2026-11-21");
                let description = input["description"].as_str().unwrap();
                assert!(
                    description.contains("No medicine") && description.contains("+255712345678")
                );
            });
        }
    }
}

#[tokio::test]
async fn without_the_grievance_module_it_stays_with_us() {
    let server = StandIn::start(Release::V26_04).await;
    server.without_tickets();
    let openimis = client(&server);
    assert_eq!(
        openimis.complain(&complaint()).await.unwrap(),
        Filed::Unsupported
    );
    server.anew();
    assert_eq!(
        openimis.complain(&complaint()).await.unwrap(),
        Filed::Unsupported
    );
    assert!(server.asked().is_empty(), "it was asked once");
}
