//! The openIMIS client against a stand-in that was made from recordings.

mod changes;
mod enquiry;
mod faults;
mod look;
mod recordings;
mod renewal;
mod session;
mod tickets;

use std::{sync::Arc, time::Duration};

use chrono::{NaiveDate, TimeZone as _, Utc};
use nyota::{
    model::{Amount, Currency, FixedClock, MemberNumber, Msisdn},
    scheme::{
        Premium,
        openimis::{Account, LocalBudget, OpenImis, Options},
    },
};

use crate::support::openimis::{PASSWORD, Release, StandIn, USER};

const RELEASES: [Release; 2] = [Release::V24_10, Release::V26_04];
/// Has a policy that ended years ago.
const JOSEPH: &str = "070707070";
const JAMES: &str = "100000001";

fn options(server: &StandIn) -> Options {
    Options {
        name: "dodoma".to_owned(),
        address: server.address.clone(),
        account: Account {
            user: USER.to_owned(),
            password: PASSWORD.to_owned(),
        },
        officer: Some("E00001".to_owned()),
        ..Options::default()
    }
}

fn client_with(options: Options) -> OpenImis {
    let clock = FixedClock::new(Utc.with_ymd_and_hms(2026, 11, 21, 9, 0, 30).unwrap());
    OpenImis::new(
        options,
        Arc::new(clock),
        Arc::new(LocalBudget::a_minute(10_000)),
    )
    .unwrap()
}

fn client(server: &StandIn) -> OpenImis {
    client_with(options(server))
}

/// One that soon loses its patience.
fn hasty(server: &StandIn) -> OpenImis {
    client_with(Options {
        patience: Duration::from_millis(50),
        ..options(server)
    })
}

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn today() -> NaiveDate {
    day("2026-11-21")
}

fn member(text: &str) -> MemberNumber {
    MemberNumber::parse(text).unwrap()
}

fn phone(text: &str) -> Msisdn {
    Msisdn::parse(text).unwrap()
}

fn shillings(major: i64) -> Amount {
    Amount::from_major(major, Currency::TZS)
}

/// A payment for Joseph's family.
fn premium(receipt: &str, major: i64) -> Premium {
    Premium {
        member: member(JOSEPH),
        product: "BCUL0001".to_owned(),
        amount: shillings(major),
        receipt: receipt.to_owned(),
        paid_on: today(),
        from: today(),
        to: day("2027-11-20"),
    }
}
