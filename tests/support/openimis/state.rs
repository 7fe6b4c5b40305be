//! What the stand-in holds: the part of the demo database that the recordings show.

use std::collections::BTreeMap;

use chrono::{Days, Months, NaiveDate};

/// An insured person.
#[derive(Clone, Debug)]
pub(crate) struct Insuree {
    pub(crate) id: i64,
    pub(crate) uuid: String,
    pub(crate) number: String,
    pub(crate) other_names: String,
    pub(crate) last_name: String,
    pub(crate) born: String,
    pub(crate) phone: String,
    pub(crate) head: bool,
    pub(crate) relation: Option<(i64, &'static str)>,
    pub(crate) family: i64,
    /// A row of history.
    pub(crate) old: bool,
}

/// A family.
#[derive(Clone, Debug)]
pub(crate) struct Family {
    pub(crate) id: i64,
    pub(crate) uuid: String,
    pub(crate) village: (&'static str, &'static str),
}

/// A policy.
#[derive(Clone, Debug)]
pub(crate) struct Policy {
    pub(crate) id: i64,
    pub(crate) uuid: String,
    pub(crate) family: i64,
    pub(crate) stage: char,
    pub(crate) status: i64,
    pub(crate) value: f64,
    pub(crate) start: NaiveDate,
    pub(crate) enrolled: NaiveDate,
    pub(crate) effective: Option<NaiveDate>,
    pub(crate) expiry: NaiveDate,
    pub(crate) officer: i64,
}

/// A premium.
#[derive(Clone, Debug)]
pub(crate) struct Premium {
    pub(crate) policy: String,
    pub(crate) amount: f64,
    pub(crate) receipt: String,
    pub(crate) paid_on: String,
}

/// What became of a mutation.
#[derive(Clone, Debug)]
pub(crate) struct Log {
    pub(crate) client_id: String,
    pub(crate) label: Option<String>,
    pub(crate) status: i64,
    pub(crate) error: Option<String>,
    /// What is still to be done, after so many looks.
    pub(crate) waits: Option<(u32, String, serde_json::Value)>,
}

/// A ticket.
#[derive(Clone, Debug)]
pub(crate) struct Ticket {
    pub(crate) key: String,
    pub(crate) code: String,
    pub(crate) input: serde_json::Value,
}

/// All of it.
#[derive(Clone, Debug)]
pub(crate) struct State {
    pub(crate) today: NaiveDate,
    pub(crate) insurees: Vec<Insuree>,
    pub(crate) families: Vec<Family>,
    pub(crate) policies: Vec<Policy>,
    pub(crate) premiums: Vec<Premium>,
    pub(crate) logs: Vec<Log>,
    pub(crate) tickets: Vec<Ticket>,
    /// The ids that new policies of a family get.
    pub(crate) new_policies: BTreeMap<i64, String>,
    made: i64,
}

/// The product of every policy here.
pub(crate) const PRODUCT: (i64, &str, &str) = (4, "BCUL0001", "Basic Cover Ultha");
/// An enrolment officer.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Officer {
    pub(crate) id: i64,
    pub(crate) code: &'static str,
    pub(crate) uuid: &'static str,
    pub(crate) names: (&'static str, &'static str),
}

/// The enrolment officers.
pub(crate) const OFFICERS: [Officer; 3] = [
    Officer {
        id: 1,
        code: "E00005",
        uuid: "4da8cbbb-8bd6-4e49-b25d-a34a76d4ce99",
        names: ("sid", "sri"),
    },
    Officer {
        id: 3,
        code: "E00001",
        uuid: "671ef662-cd56-4740-8d2d-55cb4f451418",
        names: ("Jeb", "Roberts"),
    },
    Officer {
        id: 6,
        code: "E00002",
        uuid: "9c12ceb9-968e-4752-94d9-7420c7bd580f",
        names: ("Raga", "Jack"),
    },
];

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

impl State {
    /// As it was when the recordings were made.
    pub(crate) fn demo() -> Self {
        let person = |id, number: &str, names: (&str, &str), born: &str, family| Insuree {
            id,
            uuid: format!("00000000-0000-0000-0000-{id:012}"),
            number: number.to_owned(),
            other_names: names.0.to_owned(),
            last_name: names.1.to_owned(),
            born: born.to_owned(),
            phone: String::new(),
            head: false,
            relation: None,
            family,
            old: false,
        };
        let mut joseph = person(1, "070707070", ("Joseph", "Macintyre"), "1950-07-12", 1);
        joseph.uuid = "0539afeb-21a1-4b3f-9478-23e6f41b0024".to_owned();
        joseph.head = true;
        let mut james = person(12, "100000001", ("James", "Yellow"), "1980-01-01", 4);
        james.uuid = "8572a782-2fde-44e7-af10-a5351ebf13bd".to_owned();
        james.head = true;
        let related = |mut person: Insuree, relation| {
            person.relation = Some(relation);
            person
        };
        let mut agenio = person(30, "110000001", ("Agenio", "Ramula"), "1970-01-01", 7);
        agenio.head = true;
        let jane = person(2, "070707081", ("Jane", "Macintyre"), "1952-05-07", 1);
        let abu = person(3, "070707066", ("Abu", "Macintyre"), "1973-11-21", 1);
        let adele = person(4, "070707092", ("Adele", "Macintyre"), "1974-06-11", 1);
        let jet = person(5, "070707055", ("Jet", "Macintyre"), "2005-10-16", 1);
        let old = |of: &Insuree, id| Insuree {
            id,
            old: true,
            ..of.clone()
        };
        let uij = person(13, "100000002", ("Uij", "Yellow"), "1982-01-01", 4);
        let jomi = person(14, "100000003", ("Jomi", "Yellow"), "2010-01-01", 4);
        let yellow = vec![
            james.clone(),
            old(&james, 40),
            uij.clone(),
            jomi.clone(),
            old(&uij, 41),
            old(&jomi, 42),
        ];
        let mut insurees = vec![
            joseph,
            related(jane, (8, "Spouse")),
            related(abu, (7, "Others")),
            related(adele, (4, "Son/Daughter")),
            related(jet, (7, "Others")),
        ];
        insurees.extend(yellow);
        insurees.push(agenio);
        let family = |id, uuid: &str, village| Family {
            id,
            uuid: uuid.to_owned(),
            village,
        };
        let old_policy = |id, uuid: &str, family, status, officer| Policy {
            id,
            uuid: uuid.to_owned(),
            family,
            stage: 'N',
            status,
            value: 10_000.0,
            start: day("2019-08-20"),
            enrolled: day("2019-08-20"),
            effective: Some(day("2019-08-20")),
            expiry: day("2020-08-19"),
            officer,
        };
        Self {
            today: day("2026-11-21"),
            insurees,
            families: vec![
                family(
                    1,
                    "822a8e55-2290-4df6-8882-1d702c2ffc8b",
                    ("R1D1M1V1", "Rachla"),
                ),
                family(
                    4,
                    "f6a0b402-0dc0-436e-a7bb-ec65dd4f011f",
                    ("R1D2M1V2", "Octo"),
                ),
                family(
                    7,
                    "77777777-0dc0-436e-a7bb-ec65dd4f011f",
                    ("R1D2M1V2", "Octo"),
                ),
            ],
            policies: vec![
                old_policy(1, "a3df066b-3e23-429a-92ad-cd1ef46daa2f", 1, 2, 1),
                old_policy(5, "f31aba41-f5a8-4fd9-b77d-b6c0b0f97946", 4, 2, 6),
                old_policy(7, "37272dd4-a161-45ce-a9e5-0e7242976c37", 7, 8, 3),
            ],
            premiums: Vec::new(),
            logs: Vec::new(),
            tickets: Vec::new(),
            new_policies: BTreeMap::new(),
            made: 0,
        }
    }

    /// What was paid for a policy.
    pub(crate) fn paid(&self, policy: &str) -> f64 {
        let premiums = self
            .premiums
            .iter()
            .filter(|premium| premium.policy == policy);
        premiums.map(|premium| premium.amount).sum()
    }

    /// Does what a mutation asks; the reason why not.
    pub(crate) fn run(
        &mut self,
        mutation: &str,
        input: &serde_json::Value,
    ) -> Result<(), (String, String)> {
        match mutation {
            "createPolicy" | "renewPolicy" => self.write_policy(mutation, input),
            "createPremium" => self.write_premium(input),
            "createTicket" => {
                let code = format!("GRS{:08}", self.tickets.len() + 1);
                let key = input["key"].as_str().unwrap_or_default().to_owned();
                let input = input.clone();
                self.tickets.push(Ticket { key, code, input });
                Ok(())
            }
            "updateInsuree" => {
                let phone = input["phone"].as_str().unwrap().to_owned();
                let wanted = |insuree: &&mut Insuree| {
                    insuree.uuid == input["uuid"].as_str().unwrap() && !insuree.old
                };
                self.insurees.iter_mut().find(wanted).unwrap().phone = phone;
                Ok(())
            }
            _ => Ok(()),
        }
    }

    fn write_policy(
        &mut self,
        mutation: &str,
        input: &serde_json::Value,
    ) -> Result<(), (String, String)> {
        if input.get("uuid").is_some() {
            let why = "policy.mutation.policy_not_idle".to_owned();
            return Err(("policy.mutation.failed_to_update_policy".to_owned(), why));
        }
        let date = |name: &str| day(input[name].as_str().unwrap());
        if date("enrollDate") > self.today {
            let why = "['policy.enroll_date_in_the_future']".to_owned();
            return Err(("policy.mutation.failed_to_create_policy".to_owned(), why));
        }
        let family = input["familyId"].as_i64().unwrap();
        self.made += 1;
        let invented = format!("10000000-0000-0000-0000-{:012}", self.made);
        self.policies.push(Policy {
            id: 79 + self.made,
            uuid: self.new_policies.remove(&family).unwrap_or(invented),
            family,
            stage: if mutation == "renewPolicy" { 'R' } else { 'N' },
            status: 1,
            value: input["value"].as_str().unwrap().parse().unwrap(),
            start: date("startDate"),
            enrolled: date("enrollDate"),
            effective: None,
            expiry: date("expiryDate"),
            officer: input["officerId"].as_i64().unwrap(),
        });
        Ok(())
    }

    fn write_premium(&mut self, input: &serde_json::Value) -> Result<(), (String, String)> {
        let failed = |why: &str| {
            Err((
                "contribution.mutation.failed_to_create_premium".to_owned(),
                why.to_owned(),
            ))
        };
        let text = |name: &str| input[name].as_str().unwrap().to_owned();
        let Some(index) = self
            .policies
            .iter()
            .position(|policy| policy.uuid == text("policyUuid"))
        else {
            return failed("not all arguments converted during string formatting");
        };
        // All policies are of one product, in which a receipt is there once.
        if self
            .premiums
            .iter()
            .any(|premium| premium.receipt == text("receipt"))
        {
            return failed("['mutation.code_already_taken']");
        }
        self.premiums.push(Premium {
            policy: text("policyUuid"),
            amount: text("amount").parse().unwrap(),
            receipt: text("receipt"),
            paid_on: text("payDate"),
        });
        let paid = self.paid(&text("policyUuid"));
        let policy = &mut self.policies[index];
        if paid >= policy.value {
            policy.status = 2;
            policy.effective = Some(policy.start.max(day(&text("payDate"))));
        }
        Ok(())
    }
}

/// A year from a day.
pub(crate) fn year_from(start: NaiveDate) -> NaiveDate {
    start + Months::new(12) - Days::new(1)
}
