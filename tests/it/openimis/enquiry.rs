use std::time::{Duration, Instant};

use nyota::scheme::{CoverStatus, QuoteStatus, Scheme as _};

use super::{JAMES, JOSEPH, RELEASES, client, day, member, phone, shillings, today};
use crate::support::openimis::{Release, StandIn};

#[tokio::test]
async fn an_enquiry_by_number_is_one_request() {
    for release in RELEASES {
        let server = StandIn::start(release).await;
        let openimis = client(&server);
        openimis.cover(member(JAMES), today()).await.unwrap();
        server.anew();
        let cover = openimis
            .cover(member(JOSEPH), today())
            .await
            .unwrap()
            .unwrap();
        assert_eq!(server.asked(), ["insurees"]);
        assert_eq!(
            (cover.first_name.as_str(), cover.last_name.as_str()),
            ("Joseph", "Macintyre")
        );
        // The server still says that it is active.
        assert_eq!(
            (cover.status, cover.to),
            (CoverStatus::Expired, day("2020-08-19"))
        );
        assert_eq!(cover.family.len(), 5);
        assert_eq!(cover.family[0].member, member(JOSEPH));
        assert_eq!(
            openimis.cover(member("999999999"), today()).await.unwrap(),
            None
        );
        // A family's history is no part of it.
        let yellow = openimis
            .cover(member(JAMES), today())
            .await
            .unwrap()
            .unwrap();
        assert_eq!(yellow.family.len(), 3);
    }
}

#[tokio::test]
async fn a_phone_is_found_in_whatever_form_it_was_written_with_one_request_for_all() {
    let server = StandIn::start(Release::V26_04).await;
    let openimis = client(&server);
    let caller = phone("+255712345678");
    assert_eq!(openimis.member_of_phone(&caller).await.unwrap(), None);
    for form in [
        "255712345678",
        "+255712345678",
        "0712345678",
        "0712 345 678",
        "+255 712 345 678",
        "0712-345-678",
    ] {
        server.state(|state| state.insurees[5].phone = form.to_owned());
        server.anew();
        assert_eq!(
            openimis.member_of_phone(&caller).await.unwrap(),
            Some(member(JAMES)),
            "{form}"
        );
        assert_eq!(server.asked().len(), 1);
    }
    // Two families with one phone: nobody's cover is another's to read.
    server.state(|state| state.insurees[0].phone = "0712345678".to_owned());
    assert_eq!(openimis.member_of_phone(&caller).await.unwrap(), None);
}

#[tokio::test]
async fn what_renewing_costs_is_asked_with_one_request_more() {
    for release in RELEASES {
        let server = StandIn::start(release).await;
        let openimis = client(&server);
        openimis.cover(member(JAMES), today()).await.unwrap();
        server.anew();
        let quote = openimis
            .quote(member(JOSEPH), today())
            .await
            .unwrap()
            .unwrap();
        assert_eq!(server.asked(), ["insurees", "policyValues"]);
        assert_eq!(
            (quote.amount, quote.paid, quote.persons),
            (shillings(10_000), shillings(0), 5)
        );
        assert_eq!((quote.from, quote.to), (today(), day("2027-11-20")));
        assert_eq!(
            (quote.status, quote.period.as_str()),
            (QuoteStatus::Lapsed, "after 2020-08-19")
        );
        // Whoever of the family asks is given the same bill.
        let wife = openimis
            .quote(member("070707081"), today())
            .await
            .unwrap()
            .unwrap();
        assert_eq!((wife.family, wife.period), (quote.family, quote.period));
        assert_eq!(
            openimis.quote(member("999999999"), today()).await.unwrap(),
            None
        );
    }
}

/// `cargo test --test it -- own_time --nocapture` prints it: what of an enquiry is not openIMIS.
#[tokio::test]
async fn own_time_of_an_enquiry_is_printed() {
    let server = StandIn::start(Release::V26_04).await;
    let openimis = client(&server);
    let mut times: Vec<Duration> = Vec::new();
    for _ in 0..50 {
        let begun = Instant::now();
        openimis.cover(member(JOSEPH), today()).await.unwrap();
        times.push(begun.elapsed());
    }
    times.sort();
    println!(
        "an enquiry with the stand-in's part: median {:?}, longest {:?}",
        times[25], times[49]
    );
}
