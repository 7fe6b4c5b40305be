use std::{collections::BTreeMap, sync::Arc};

use chrono::NaiveDate;

use crate::{
    model::{Amount, Currency, MemberNumber, Msisdn},
    scheme::{Cover, CoverStatus, Quote, QuoteStatus},
};

/// Who there is: for each phone one member, who alone has her name, her amount and her number.
#[derive(Clone, Debug)]
pub(super) struct Register(Arc<People>);

#[derive(Debug)]
struct People {
    all: Vec<Person>,
    phones: BTreeMap<String, usize>,
    members: BTreeMap<MemberNumber, usize>,
}

/// One phone and its owner.
#[derive(Clone, Debug)]
pub(super) struct Person {
    pub(super) phone: Msisdn,
    pub(super) member: MemberNumber,
    /// Whether the scheme knows that the phone is hers.
    pub(super) linked: bool,
    pub(super) name: String,
    pub(super) pin: String,
    pub(super) gateway: usize,
}

/// The gateways that are dialled through, by their class.
pub(super) const GATEWAYS: [&str; 4] = ["accumulated", "identified", "bare", "phone_once"];

impl Register {
    pub(super) fn of(phones: usize) -> Self {
        let people: Vec<_> = (0..phones).map(Person::of).collect();
        let numbered = || people.iter().zip(0..);
        let phones = numbered().map(|(person, number)| (person.phone.e164(), number));
        let members = numbered().map(|(person, number)| (person.member, number));
        Self(Arc::new(People {
            phones: phones.collect(),
            members: members.collect(),
            all: people,
        }))
    }

    pub(super) fn people(&self) -> &[Person] {
        &self.0.all
    }

    /// Which phone it is.
    pub(super) fn number_of(&self, phone: &Msisdn) -> Option<usize> {
        self.0.phones.get(&phone.e164()).copied()
    }

    pub(super) fn by_phone(&self, phone: &Msisdn) -> Option<&Person> {
        self.people().get(self.number_of(phone)?)
    }

    pub(super) fn by_member(&self, member: MemberNumber) -> Option<&Person> {
        self.people().get(*self.0.members.get(&member)?)
    }
}

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

impl Person {
    fn of(index: usize) -> Self {
        let eight = 10_000_000 + 37 * index;
        let member = format!("{:09}", eight * 10 + eight % 7);
        let letters = [index / 676, index / 26, index].map(|place| {
            let letter = u8::try_from(place % 26).unwrap();
            char::from(b'a' + letter)
        });
        Self {
            phone: Msisdn::parse(&format!("+2557{:08}", 10_000_000 + index)).unwrap(),
            member: MemberNumber::parse(&member).unwrap(),
            linked: index % 5 != 3,
            name: format!("Zq{}", letters.iter().collect::<String>()),
            pin: format!("{:04}", 7000 + index % 3000),
            gateway: index % GATEWAYS.len(),
        }
    }

    pub(super) fn cover(&self) -> Cover {
        Cover {
            member: self.member,
            first_name: self.name.clone(),
            last_name: "Juma".to_owned(),
            status: CoverStatus::Active,
            from: day("2026-01-01"),
            to: day("2026-12-31"),
            product: Some("CHF".to_owned()),
            ceiling: None,
            family: Vec::new(),
        }
    }

    /// One amount for each member, so that no page of one reads as another's.
    pub(super) fn quote(&self) -> Quote {
        let number: i64 = self.member.to_string().parse().unwrap();
        Quote {
            member: self.member,
            family: self.member.to_string(),
            name: format!("{} Juma", self.name),
            product: "CHF".to_owned(),
            persons: 4,
            amount: Amount::from_major(number / 10, Currency::TZS),
            paid: Amount::from_major(0, Currency::TZS),
            from: day("2027-01-01"),
            to: day("2027-12-31"),
            period: "after 2026-12-31".to_owned(),
            status: QuoteStatus::Renewable,
        }
    }
}
