use chrono::NaiveDate;
use serde::Deserialize;

use super::{
    policy::Status,
    value::{Edges, is_plain, member, plain},
};
use crate::{model::MemberNumber, scheme::openimis::Failure};

/// A page of policies.
#[derive(Debug, Deserialize)]
pub(in crate::scheme::openimis) struct ChangePage {
    policies: Page,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Page {
    page_info: Option<PageInfo>,
    edges: Vec<Edge>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct PageInfo {
    has_next_page: bool,
    end_cursor: Option<String>,
}

#[derive(Debug, Deserialize)]
struct Edge {
    node: Option<Node>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Node {
    uuid: Option<String>,
    stage: Option<String>,
    status: i64,
    start_date: Option<NaiveDate>,
    effective_date: Option<NaiveDate>,
    expiry_date: Option<NaiveDate>,
    product: Option<Product>,
    family: Option<Family>,
}

#[derive(Debug, Deserialize)]
struct Product {
    code: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Family {
    uuid: Option<String>,
    head_insuree: Option<Head>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Head {
    chf_id: Option<String>,
    phone: Option<String>,
}

/// A policy as the poll shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::scheme::openimis) struct PolicyRow {
    pub(in crate::scheme::openimis) uuid: String,
    pub(in crate::scheme::openimis) renewal: bool,
    pub(in crate::scheme::openimis) status: Status,
    pub(in crate::scheme::openimis) from: NaiveDate,
    pub(in crate::scheme::openimis) to: NaiveDate,
    pub(in crate::scheme::openimis) product: String,
    pub(in crate::scheme::openimis) family: String,
    pub(in crate::scheme::openimis) head: MemberNumber,
    /// As it is written there.
    pub(in crate::scheme::openimis) phone: Option<String>,
}

impl ChangePage {
    /// Its policies, and from where to go on if there are more. One that lacks a part is nobody's event: it
    /// is left out, so that it does not stop the poll for all others.
    pub(in crate::scheme::openimis) fn read(
        self,
    ) -> Result<(Vec<PolicyRow>, Option<String>), Failure> {
        let nodes = self.policies.edges.into_iter().filter_map(|edge| edge.node);
        let rows = nodes.filter_map(|node| node.read().ok()).collect();
        let after = match self.policies.page_info {
            Some(info) if info.has_next_page => {
                let end = info
                    .end_cursor
                    .filter(|cursor| is_plain(cursor) && !cursor.contains(['"', '\\', ' ']));
                Some(end.ok_or(Failure::Unreadable("the end of a page"))?)
            }
            Some(_) | None => None,
        };
        Ok((rows, after))
    }
}

impl Node {
    fn read(self) -> Result<PolicyRow, Failure> {
        let lacks = || Failure::Unreadable("a policy of the poll");
        let family = self.family.ok_or_else(lacks)?;
        let head = family.head_insuree.ok_or_else(lacks)?;
        Ok(PolicyRow {
            uuid: plain(self.uuid, "a policy's id")?,
            renewal: self.stage.as_deref() == Some("R"),
            status: Status::read(self.status),
            from: self.effective_date.or(self.start_date).ok_or_else(lacks)?,
            to: self.expiry_date.ok_or_else(lacks)?,
            product: plain(
                self.product.and_then(|product| product.code),
                "a product's code",
            )?,
            family: plain(family.uuid, "a family's id")?,
            head: member(head.chf_id.as_deref()).ok_or_else(lacks)?,
            phone: head.phone,
        })
    }
}

/// What families hold, by the alias that each was asked under.
#[derive(Debug, Deserialize)]
pub(in crate::scheme::openimis) struct Held(std::collections::BTreeMap<String, Edges<HeldNode>>);

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct HeldNode {
    status: i64,
    expiry_date: Option<NaiveDate>,
}

impl Held {
    /// Until when the family of an alias is covered by what is paid.
    pub(in crate::scheme::openimis) fn covered_until(&self, alias: &str) -> Option<NaiveDate> {
        let nodes = self.0.get(alias)?.0.iter();
        let paid = nodes.filter(|node| match Status::read(node.status) {
            Status::Active | Status::Ready => true,
            Status::Idle | Status::Suspended | Status::Expired | Status::Other => false,
        });
        paid.filter_map(|node| node.expiry_date).max()
    }
}
