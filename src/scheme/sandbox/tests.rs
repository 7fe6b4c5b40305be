use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use chrono::NaiveDate;

use super::*;
use crate::{
    model::{Amount, Currency, MemberNumber, Msisdn},
    scheme::{Cover, CoverStatus, Premium, Quote, QuoteStatus, Scheme, SchemeError},
    store::{Keys, Sealer, sqlite::SqliteStore},
};

const TODAY: &str = "2026-03-02";
const ASHA: &str = "070707081";
const NEEMA: &str = "400000042";
const JUMA: &str = "100000014";
const REHEMA: &str = "200000021";
const BARAKA: &str = "300000035";
const ZAWADI: &str = "555555556";
const FAILING: &str = "666666663";
const NOBODY: &str = "999999991";

async fn scheme() -> SandboxScheme {
    let keys = Keys::one(1, [1; 32], [1; 32]);
    let store = SqliteStore::temporary(Arc::new(Sealer::new(&keys)))
        .await
        .unwrap();
    let options = Options {
        slow: Duration::from_millis(80),
    };
    SandboxScheme::new(Arc::new(store), options)
}

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn member(number: &str) -> MemberNumber {
    MemberNumber::parse(number).unwrap()
}

async fn cover(scheme: &SandboxScheme, number: &str, today: &str) -> Cover {
    let cover = scheme.cover(member(number), day(today)).await.unwrap();
    cover.expect("somebody has this number")
}

async fn quote(scheme: &SandboxScheme, number: &str, today: &str) -> Quote {
    let quote = scheme.quote(member(number), day(today)).await.unwrap();
    quote.expect("somebody has this number")
}

/// The premium of a quote, paid on that day.
fn premium(quote: &Quote, receipt: &str, paid_on: &str) -> Premium {
    Premium {
        member: quote.member,
        product: quote.product.clone(),
        amount: quote.amount,
        receipt: receipt.to_owned(),
        paid_on: day(paid_on),
        from: quote.from,
        to: quote.to,
    }
}

fn days(cover: &Cover) -> (NaiveDate, NaiveDate) {
    (cover.from, cover.to)
}

#[tokio::test]
async fn every_number_has_the_cover_that_the_demo_says() {
    let scheme = scheme().await;
    for (number, name, status, from, to) in [
        (
            ASHA,
            "Asha Juma",
            CoverStatus::Active,
            "2025-12-02",
            "2026-12-01",
        ),
        (
            NEEMA,
            "Neema Mushi",
            CoverStatus::Active,
            "2025-03-13",
            "2026-03-12",
        ),
        (
            JUMA,
            "Juma Bakari",
            CoverStatus::Expired,
            "2025-01-02",
            "2026-01-01",
        ),
        (
            REHEMA,
            "Rehema Ally",
            CoverStatus::Unpaid,
            "2026-03-02",
            "2027-03-01",
        ),
        (
            BARAKA,
            "Baraka Mrema",
            CoverStatus::Suspended,
            "2025-08-14",
            "2026-08-13",
        ),
        (
            ZAWADI,
            "Zawadi Komba",
            CoverStatus::Active,
            "2026-01-31",
            "2027-01-30",
        ),
    ] {
        let cover = cover(&scheme, number, TODAY).await;
        assert_eq!(format!("{} {}", cover.first_name, cover.last_name), name);
        assert_eq!(
            (cover.member, cover.status),
            (member(number), status),
            "{name}"
        );
        assert_eq!(days(&cover), (day(from), day(to)), "{name}");
    }
    let nobody = scheme.cover(member(NOBODY), day(TODAY)).await.unwrap();
    assert_eq!(nobody, None);
}

#[tokio::test]
async fn every_number_has_the_quote_that_the_demo_says() {
    let scheme = scheme().await;
    let early = |opens| QuoteStatus::Early(day(opens));
    for (number, persons, status, period, from, to) in [
        (
            ASHA,
            4,
            early("2026-11-01"),
            "baseline",
            "2026-12-02",
            "2027-12-01",
        ),
        (
            NEEMA,
            3,
            QuoteStatus::Renewable,
            "baseline",
            "2026-03-13",
            "2027-03-12",
        ),
        (
            JUMA,
            5,
            QuoteStatus::Lapsed,
            "baseline",
            "2026-03-02",
            "2027-03-01",
        ),
        (
            REHEMA,
            2,
            QuoteStatus::Unpaid,
            "first",
            "2026-03-02",
            "2027-03-01",
        ),
        (
            BARAKA,
            6,
            QuoteStatus::Suspended,
            "baseline",
            "2026-08-14",
            "2027-08-13",
        ),
        (
            ZAWADI,
            1,
            early("2026-12-31"),
            "baseline",
            "2027-01-31",
            "2028-01-30",
        ),
    ] {
        let quote = quote(&scheme, number, TODAY).await;
        assert_eq!((quote.persons, quote.status), (persons, status), "{number}");
        assert_eq!((quote.from, quote.to), (day(from), day(to)), "{number}");
        assert_eq!(quote.period, period, "{number}");
        assert_eq!(
            (quote.member, quote.product.as_str()),
            (member(number), "CHF")
        );
        assert_eq!(quote.amount, Amount::from_major(30_000, Currency::TZS));
    }
    let nobody = scheme.quote(member(NOBODY), day(TODAY)).await.unwrap();
    assert_eq!(nobody, None);
}

#[tokio::test]
async fn a_quote_names_one_period_while_nobody_pays() {
    let scheme = scheme().await;
    for number in [NEEMA, JUMA, REHEMA] {
        let before = quote(&scheme, number, TODAY).await.period;
        let after = quote(&scheme, number, "2026-03-09").await.period;
        assert_eq!(before, after, "{number}");
    }
}

#[tokio::test]
async fn phones_of_the_demo_are_their_members() {
    let scheme = scheme().await;
    for (phone, number) in [
        ("+255700000001", Some(ASHA)),
        ("+255700000002", Some(NEEMA)),
        ("+255700000003", Some(JUMA)),
        ("+255700000004", Some(REHEMA)),
        ("+255700000009", None),
    ] {
        let phone = Msisdn::parse(phone).unwrap();
        let found = scheme.member_of_phone(&phone).await.unwrap();
        assert_eq!(found, number.map(member));
    }
}

#[tokio::test]
async fn one_number_fails_whatever_is_asked() {
    let scheme = scheme().await;
    let failing = member(FAILING);
    let mut premium = premium(&quote(&scheme, JUMA, TODAY).await, "r1", TODAY);
    premium.member = failing;
    for error in [
        scheme.cover(failing, day(TODAY)).await.err(),
        scheme.quote(failing, day(TODAY)).await.err(),
        scheme.record_payment(&premium).await.err(),
    ] {
        assert!(
            matches!(error, Some(SchemeError::Unavailable { .. })),
            "{error:?}"
        );
    }
}

#[tokio::test]
async fn one_number_takes_its_time() {
    let scheme = scheme().await;
    let begun = Instant::now();
    cover(&scheme, ZAWADI, TODAY).await;
    assert!(begun.elapsed() >= Duration::from_millis(80));
    quote(&scheme, ZAWADI, TODAY).await;
    assert!(begun.elapsed() >= Duration::from_millis(160));
    assert_eq!(Options::default().slow, Duration::from_secs(10));
}

#[tokio::test]
async fn a_renewal_bought_in_time_goes_on_without_a_gap() {
    let scheme = scheme().await;
    let quoted = quote(&scheme, NEEMA, TODAY).await;
    let bought = scheme
        .record_payment(&premium(&quoted, "r1", TODAY))
        .await
        .unwrap();
    assert_eq!(bought.status, CoverStatus::Active);
    assert_eq!(days(&bought), (day("2025-03-13"), day("2027-03-12")));
    for (today, from) in [
        (TODAY, "2025-03-13"),
        ("2026-03-12", "2025-03-13"),
        ("2026-03-13", "2026-03-13"),
        ("2027-03-12", "2026-03-13"),
    ] {
        let cover = cover(&scheme, NEEMA, today).await;
        assert_eq!(cover.status, CoverStatus::Active, "{today}");
        assert_eq!(days(&cover), (day(from), day("2027-03-12")), "{today}");
    }
    let next = quote(&scheme, NEEMA, TODAY).await;
    assert_eq!(next.status, QuoteStatus::Early(day("2027-02-10")));
    assert_eq!(
        (next.from, next.period.as_str()),
        (day("2027-03-13"), "after 2027-03-12")
    );
}

#[tokio::test]
async fn cover_that_lapsed_or_never_began_begins_on_the_day_of_payment() {
    let scheme = scheme().await;
    for (number, paid_on, to) in [
        (JUMA, TODAY, "2027-03-01"),
        (REHEMA, "2026-03-05", "2027-03-04"),
    ] {
        let quoted = quote(&scheme, number, TODAY).await;
        let bought = scheme
            .record_payment(&premium(&quoted, number, paid_on))
            .await
            .unwrap();
        assert_eq!(bought.status, CoverStatus::Active);
        assert_eq!(days(&bought), (day(paid_on), day(to)), "{number}");
        assert_eq!(cover(&scheme, number, paid_on).await, bought);
    }
}

#[tokio::test]
async fn a_premium_is_written_once_for_its_receipt() {
    let scheme = scheme().await;
    let quoted = quote(&scheme, NEEMA, TODAY).await;
    let first = scheme
        .record_payment(&premium(&quoted, "r1", TODAY))
        .await
        .unwrap();
    let next = quote(&scheme, NEEMA, "2027-03-01").await;
    assert_eq!(next.status, QuoteStatus::Renewable);
    // The same receipt with other days: nothing is bought by it.
    let again = scheme
        .record_payment(&premium(&next, "r1", TODAY))
        .await
        .unwrap();
    assert_eq!(again, first);
    let other = scheme
        .record_payment(&premium(&next, "r2", "2027-03-01"))
        .await
        .unwrap();
    assert_eq!(days(&other), (day("2026-03-13"), day("2028-03-12")));
}

#[tokio::test]
async fn a_premium_for_nobody_or_for_another_product_is_refused() {
    let scheme = scheme().await;
    let good = premium(&quote(&scheme, JUMA, TODAY).await, "r1", TODAY);
    let mut nobodys = good.clone();
    nobodys.member = member(NOBODY);
    let mut other = good;
    other.product = "OTHER".to_owned();
    for wrong in [nobodys, other] {
        let refused = scheme.record_payment(&wrong).await;
        assert!(
            matches!(refused, Err(SchemeError::Refused { .. })),
            "{refused:?}"
        );
    }
    assert_eq!(
        cover(&scheme, JUMA, TODAY).await.status,
        CoverStatus::Expired
    );
}

#[test]
fn the_simulator_lists_all_eight_numbers_with_a_note() {
    let listed = demo_members();
    let numbers: Vec<_> = listed.iter().map(|one| one.number.to_string()).collect();
    let expected = [ASHA, NEEMA, JUMA, REHEMA, BARAKA, ZAWADI, FAILING, NOBODY];
    assert_eq!(numbers, expected);
    assert!(listed.iter().all(|one| !one.note.is_empty()));
    let phones = listed.iter().filter(|one| one.phone.is_some()).count();
    assert_eq!(
        (phones, listed[0].name.as_str(), listed[7].name.as_str()),
        (5, "Asha Juma", "")
    );
}
