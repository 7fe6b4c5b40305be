use crate::model::{MemberNumber, Msisdn};

/// A demo member, for the simulator's list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DemoMember {
    /// Her number.
    pub number: MemberNumber,
    /// Her whole name; empty for a number without anyone.
    pub name: String,
    /// Her phone, where the scheme holds one.
    pub phone: Option<Msisdn>,
    /// What this number shows, in a few English words.
    pub note: &'static str,
}

/// What a number has without buying anything.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Baseline {
    /// Covered since so many days.
    Since(u64),
    /// Covered for so many days to come.
    For(u64),
    /// Covered until so many days ago.
    Until(u64),
    /// Enrolled, not yet paid.
    Unpaid,
    /// Stopped, so many days after the cover began.
    SuspendedAfter(u64),
}

/// How the scheme answers about a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Temper {
    Prompt,
    Slow,
    Failing,
}

/// A family of the demo.
#[derive(Debug)]
pub(super) struct Person {
    number: &'static str,
    pub(super) first_name: &'static str,
    pub(super) last_name: &'static str,
    pub(super) persons: u32,
    phone: Option<&'static str>,
    pub(super) baseline: Baseline,
    pub(super) temper: Temper,
    note: &'static str,
}

/// A family without a phone that is answered at once; the lines below say what is different.
const SOMEONE: Person = Person {
    number: "",
    first_name: "",
    last_name: "",
    persons: 1,
    phone: None,
    baseline: Baseline::Unpaid,
    temper: Temper::Prompt,
    note: "",
};

const PEOPLE: [Person; 7] = [
    Person {
        number: "070707081",
        first_name: "Asha",
        last_name: "Juma",
        persons: 4,
        phone: Some("+255700000001"),
        baseline: Baseline::Since(90),
        note: "active for months to come",
        ..SOMEONE
    },
    Person {
        number: "400000042",
        first_name: "Neema",
        last_name: "Mushi",
        persons: 3,
        phone: Some("+255700000002"),
        baseline: Baseline::For(10),
        note: "expires in ten days: renewable",
        ..SOMEONE
    },
    Person {
        number: "100000014",
        first_name: "Juma",
        last_name: "Bakari",
        persons: 5,
        phone: Some("+255700000003"),
        baseline: Baseline::Until(60),
        note: "expired two months ago: renewable",
        ..SOMEONE
    },
    Person {
        number: "200000021",
        first_name: "Rehema",
        last_name: "Ally",
        persons: 2,
        phone: Some("+255700000004"),
        baseline: Baseline::Unpaid,
        note: "enrolled, not yet paid",
        ..SOMEONE
    },
    Person {
        number: "300000035",
        first_name: "Baraka",
        last_name: "Mrema",
        persons: 6,
        baseline: Baseline::SuspendedAfter(200),
        note: "suspended",
        ..SOMEONE
    },
    Person {
        number: "555555556",
        first_name: "Zawadi",
        last_name: "Komba",
        persons: 1,
        phone: Some("+255700000005"),
        baseline: Baseline::Since(30),
        temper: Temper::Slow,
        note: "the scheme takes ten seconds to answer",
    },
    Person {
        number: "666666663",
        temper: Temper::Failing,
        note: "the scheme answers with an error",
        ..SOMEONE
    },
];

/// A valid number that is nobody's.
const NOBODY: Person = Person {
    number: "999999991",
    note: "a valid number that nobody has",
    ..SOMEONE
};

/// The numbers of the demo, those that nobody has or that fail included.
pub fn demo_members() -> Vec<DemoMember> {
    PEOPLE
        .iter()
        .chain([&NOBODY])
        .filter_map(Person::listed)
        .collect()
}

impl Person {
    /// Who has the number.
    pub(super) fn with_number(number: MemberNumber) -> Option<&'static Self> {
        let number = number.to_string();
        PEOPLE.iter().find(|person| person.number == number)
    }

    /// Whose phone this is.
    pub(super) fn with_phone(phone: &Msisdn) -> Option<MemberNumber> {
        let number = phone.e164();
        let person = PEOPLE
            .iter()
            .find(|person| person.phone == Some(number.as_str()))?;
        MemberNumber::parse(person.number).ok()
    }

    pub(super) fn name(&self) -> String {
        format!("{} {}", self.first_name, self.last_name)
            .trim()
            .to_owned()
    }

    fn listed(&self) -> Option<DemoMember> {
        Some(DemoMember {
            number: MemberNumber::parse(self.number).ok()?,
            name: self.name(),
            phone: self.phone.and_then(|phone| Msisdn::parse(phone).ok()),
            note: self.note,
        })
    }
}
