//! A scheme for tests: one member, and a mood.

use std::sync::{
    Mutex,
    atomic::{AtomicU32, Ordering},
};

use async_trait::async_trait;
use chrono::NaiveDate;

use super::{Changes, Cover, CoverStatus, Cursor, Finding, Premium, Quote, Scheme, SchemeError};
use crate::model::{MemberNumber, Msisdn};

/// How it answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mood {
    Answers,
    Fails,
    Hangs,
    Refuses,
}

/// A scheme that has every member, all covered for 2026, and knows one phone.
#[derive(Debug)]
pub(crate) struct Fake {
    name: String,
    mood: Mutex<Mood>,
    asked: AtomicU32,
    pub(crate) linked: Mutex<Option<(Msisdn, MemberNumber)>>,
    /// What has changed, page by page.
    pub(crate) pages: Mutex<Vec<Changes>>,
}

impl Fake {
    pub(crate) fn named(name: &str) -> Self {
        Self {
            name: name.to_owned(),
            mood: Mutex::new(Mood::Answers),
            asked: AtomicU32::new(0),
            linked: Mutex::default(),
            pages: Mutex::default(),
        }
    }

    pub(crate) fn is(&self, mood: Mood) {
        *self.mood.lock().unwrap() = mood;
    }

    /// How often it was asked.
    pub(crate) fn asked(&self) -> u32 {
        self.asked.load(Ordering::SeqCst)
    }

    async fn answer(&self, asked: &'static str) -> Result<(), SchemeError> {
        self.asked.fetch_add(1, Ordering::SeqCst);
        let mood = *self.mood.lock().unwrap();
        match mood {
            Mood::Answers => Ok(()),
            Mood::Fails => Err(SchemeError::Unavailable {
                asked,
                source: None,
            }),
            Mood::Hangs => std::future::pending().await,
            Mood::Refuses => Err(SchemeError::refused(asked, "no")),
        }
    }

    /// The cover that everybody has.
    pub(crate) fn cover_of(member: MemberNumber) -> Cover {
        Cover {
            member,
            first_name: "Asha".to_owned(),
            last_name: "Juma".to_owned(),
            status: CoverStatus::Active,
            from: "2026-01-01".parse().unwrap(),
            to: "2026-12-31".parse().unwrap(),
            product: None,
            ceiling: None,
            family: Vec::new(),
        }
    }
}

#[async_trait]
impl Scheme for Fake {
    fn name(&self) -> &str {
        &self.name
    }

    async fn member_of_phone(&self, phone: &Msisdn) -> Result<Option<MemberNumber>, SchemeError> {
        self.answer("whose phone it is").await?;
        let linked = self.linked.lock().unwrap();
        Ok(linked
            .as_ref()
            .filter(|(of, _)| of == phone)
            .map(|(_, member)| *member))
    }

    async fn cover(
        &self,
        member: MemberNumber,
        _: NaiveDate,
    ) -> Result<Option<Cover>, SchemeError> {
        self.answer("the cover").await?;
        Ok(Some(Self::cover_of(member)))
    }

    async fn quote(&self, _: MemberNumber, _: NaiveDate) -> Result<Option<Quote>, SchemeError> {
        self.answer("the price of renewing").await?;
        Ok(None)
    }

    async fn record_payment(&self, premium: &Premium) -> Result<Cover, SchemeError> {
        self.answer("the premium").await?;
        Ok(Self::cover_of(premium.member))
    }

    async fn changes_since(
        &self,
        cursor: Option<&Cursor>,
        _: NaiveDate,
    ) -> Result<Changes, SchemeError> {
        self.answer("what has changed").await?;
        let read: usize = cursor.map_or(0, |cursor| cursor.0.parse().unwrap());
        let pages = self.pages.lock().unwrap();
        let page = pages.get(read).cloned();
        Ok(page.unwrap_or_else(|| Changes::none_after(cursor)))
    }

    async fn look(&self, _: NaiveDate) -> Vec<Finding> {
        Vec::new()
    }
}
