use serde::Deserialize;

use super::{
    policy::{DetailNode, Policy, PolicyNode, policies},
    value::{Edges, id, member, name, plain},
};
use crate::{
    model::{Currency, MemberNumber},
    scheme::{FAMILY_SHOWN, Person, openimis::Failure},
};

/// A member, her family and its policies.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::scheme) struct Household {
    pub(in crate::scheme) person: Person,
    pub(in crate::scheme) family: Option<Family>,
    /// In the order of their last days.
    pub(in crate::scheme) policies: Vec<Policy>,
}

/// Those who share policies.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::scheme) struct Family {
    pub(in crate::scheme) id: i64,
    pub(in crate::scheme) uuid: String,
    /// How many they are now.
    pub(in crate::scheme) count: u32,
    /// The first of them, the head before the others.
    pub(in crate::scheme) persons: Vec<Person>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::scheme) struct HouseholdAnswer {
    insurees: Edges<InsureeNode>,
    #[serde(default)]
    policies_by_insuree: Option<Edges<PolicyNode>>,
    #[serde(default)]
    insuree_policy: Option<Edges<DetailNode>>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct InsureeNode {
    chf_id: Option<String>,
    other_names: Option<String>,
    last_name: Option<String>,
    family: Option<FamilyNode>,
}

#[derive(Debug, Deserialize)]
struct FamilyNode {
    id: Option<String>,
    uuid: Option<String>,
    #[serde(default)]
    members: Edges<MemberNode>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct MemberNode {
    chf_id: Option<String>,
    other_names: Option<String>,
    last_name: Option<String>,
    #[serde(default)]
    head: Option<bool>,
    /// Set on rows that are history: an older state of the same person.
    #[serde(default)]
    validity_to: Option<String>,
}

impl HouseholdAnswer {
    /// Who it is; `None` where nobody has the number.
    pub(in crate::scheme::openimis) fn read(
        self,
        asked: MemberNumber,
        currency: Currency,
    ) -> Result<Option<Household>, Failure> {
        let Some(insuree) = self.insurees.0.into_iter().next() else {
            return Ok(None);
        };
        if member(insuree.chf_id.as_deref()) != Some(asked) {
            return Err(Failure::Unreadable("the member that was asked for"));
        }
        let person = Person {
            member: asked,
            first_name: name(insuree.other_names.as_deref()),
            last_name: name(insuree.last_name.as_deref()),
        };
        let details = self.insuree_policy.unwrap_or_default();
        Ok(Some(Household {
            policies: policies(
                self.policies_by_insuree.unwrap_or_default(),
                &details,
                currency,
            )?,
            family: insuree
                .family
                .map(|family| family.read(&person))
                .transpose()?,
            person,
        }))
    }
}

impl FamilyNode {
    fn read(self, person: &Person) -> Result<Family, Failure> {
        let mut current: Vec<(bool, Person)> = Vec::new();
        for node in self
            .members
            .0
            .into_iter()
            .filter(|node| node.validity_to.is_none())
        {
            // Whoever has no number of hers cannot be told from her history.
            let Some(number) = member(node.chf_id.as_deref()) else {
                continue;
            };
            if current.iter().all(|(_, person)| person.member != number) {
                current.push((node.head == Some(true), node.read(number)));
            }
        }
        if current.is_empty() {
            current.push((true, person.clone()));
        }
        current.sort_by_key(|(head, _)| !head);
        let count = u32::try_from(current.len()).unwrap_or(u32::MAX);
        let persons = current
            .into_iter()
            .map(|(_, person)| person)
            .take(FAMILY_SHOWN);
        Ok(Family {
            id: id(self.id.as_deref().unwrap_or_default(), "a family's id")?,
            uuid: plain(self.uuid, "a family's id")?,
            count,
            persons: persons.collect(),
        })
    }
}

impl MemberNode {
    fn read(&self, member: MemberNumber) -> Person {
        Person {
            member,
            first_name: name(self.other_names.as_deref()),
            last_name: name(self.last_name.as_deref()),
        }
    }
}

/// Who holds a phone, under any of its forms.
#[derive(Debug, Deserialize)]
pub(in crate::scheme::openimis) struct PhoneAnswer(
    std::collections::BTreeMap<String, Edges<PhoneNode>>,
);

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct PhoneNode {
    chf_id: Option<String>,
    #[serde(default)]
    head: Option<bool>,
}

impl PhoneAnswer {
    /// The one whose phone it is: the only one, else the only head among them. Of several nobody is chosen:
    /// one's cover is not another's to read.
    pub(in crate::scheme::openimis) fn read(self) -> Option<MemberNumber> {
        let nodes: Vec<PhoneNode> = self.0.into_values().flat_map(|edges| edges.0).collect();
        let only = |heads: bool| {
            let found = nodes
                .iter()
                .filter(|node| !heads || node.head == Some(true));
            let mut found = found.filter_map(|node| member(node.chf_id.as_deref()));
            let first = found.next()?;
            found.all(|other| other == first).then_some(first)
        };
        only(false).or_else(|| only(true))
    }
}
