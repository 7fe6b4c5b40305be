use chrono::NaiveDate;

use super::{Asker, Effects, Pending, bare, giving};
use crate::{
    dialogue::Outcome,
    menu::{OutcomeName, Value},
    model::{MemberNumber, local_day},
    scheme::{Cover, CoverStatus, Quote, QuoteStatus, SchemeError},
};

/// What a phone may see of a member.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Standing {
    /// All: the scheme holds it as the member's.
    Linked,
    /// First name, initial, status and dates.
    Stranger,
    /// Nothing more today.
    Limited,
}

impl Effects {
    /// Whose phone this is.
    pub(super) async fn caller_member(&self, asker: Asker<'_>) -> Result<Outcome, Pending> {
        let schemes = &self.world.schemes;
        let member = schemes.member_of_phone(asker.set, asker.phone).await?;
        Ok(member.map_or(bare(OutcomeName::Unlinked), |member| {
            giving(OutcomeName::Linked, Value::Member(member))
        }))
    }

    /// A member's cover, as anyone may see it.
    pub(super) async fn cover(
        &self,
        asker: Asker<'_>,
        member: MemberNumber,
    ) -> Result<Outcome, Pending> {
        if !self.may_see(asker, member).await? {
            return Ok(bare(OutcomeName::Limited));
        }
        let Some(scheme) = self.world.schemes.of_member(asker.set, member) else {
            return Ok(bare(OutcomeName::Nobody));
        };
        match scheme.cover(member, self.today()).await {
            Ok(Some(cover)) => {
                self.keep_cover(scheme.name(), &cover).await;
                Ok(cover_told(&cover, self.today()))
            }
            Ok(None) => Ok(bare(OutcomeName::Nobody)),
            Err(error @ SchemeError::Refused { .. }) => Err(error.into()),
            Err(error) => {
                self.cover_known(asker, (scheme.name(), member), error)
                    .await
            }
        }
    }

    /// While the scheme is away, what it said last. Whoever waits for an SMS gets no old news by it.
    async fn cover_known(
        &self,
        asker: Asker<'_>,
        (scheme, member): (&str, MemberNumber),
        error: SchemeError,
    ) -> Result<Outcome, Pending> {
        if !asker.on_line {
            return Err(error.into());
        }
        let known = self.known_cover(scheme, member).await?;
        let known = known.ok_or(error)?;
        let value = cover_value(&known.cover, known.as_of);
        Ok(giving(OutcomeName::Known, value))
    }

    /// What renewing would cost and cover.
    pub(super) async fn quote(
        &self,
        asker: Asker<'_>,
        member: MemberNumber,
    ) -> Result<Outcome, Pending> {
        let standing = self.standing(asker, member).await?;
        if standing == Standing::Limited {
            return Ok(bare(OutcomeName::Limited));
        }
        let Some(scheme) = self.world.schemes.of_member(asker.set, member) else {
            return Ok(bare(OutcomeName::Nobody));
        };
        let quote = scheme.quote(member, self.today()).await?;
        Ok(quote.map_or(bare(OutcomeName::Nobody), |quote| {
            let name = match quote.status {
                QuoteStatus::Renewable => OutcomeName::Renewable,
                QuoteStatus::Lapsed => OutcomeName::Lapsed,
                QuoteStatus::Unpaid => OutcomeName::Unpaid,
                QuoteStatus::Early(_) => OutcomeName::Early,
                QuoteStatus::Suspended => return bare(OutcomeName::Suspended),
            };
            giving(name, quote_value(&quote, standing))
        }))
    }

    /// Whether the phone may see a member's cover: its own always, of others up to a number a day. So
    /// that an enquiry is one question to the scheme, it is asked whose phone it is only behind them.
    async fn may_see(&self, asker: Asker<'_>, member: MemberNumber) -> Result<bool, Pending> {
        let within = self.within_budget(asker, &subject(member)).await?;
        Ok(within || self.is_linked(asker, member).await)
    }

    /// Where the scheme cannot say whose phone it is, it is nobody's.
    async fn is_linked(&self, asker: Asker<'_>, member: MemberNumber) -> bool {
        let schemes = &self.world.schemes;
        let linked = schemes.member_of_phone(asker.set, asker.phone).await;
        linked.is_ok_and(|linked| linked == Some(member))
    }

    /// A phone may ask for its own member always, for others up to a number a day.
    async fn standing(&self, asker: Asker<'_>, member: MemberNumber) -> Result<Standing, Pending> {
        if self.is_linked(asker, member).await {
            return Ok(Standing::Linked);
        }
        let within = self.within_budget(asker, &subject(member)).await?;
        Ok(if within {
            Standing::Stranger
        } else {
            Standing::Limited
        })
    }

    /// Counts a number that this phone asks for today.
    pub(super) async fn within_budget(
        &self,
        asker: Asker<'_>,
        subject: &str,
    ) -> Result<bool, Pending> {
        let limit = self.options.numbers_a_day;
        let mut transaction = self.world.store.write().await?;
        let may = transaction
            .enquiries()
            .ask(asker.phone, self.today(), subject, limit)
            .await?;
        transaction.commit().await?;
        Ok(may)
    }

    /// The day of the question.
    pub(super) fn today(&self) -> NaiveDate {
        local_day(self.world.clock.now())
    }
}

/// What a phone is counted to have asked about.
fn subject(member: MemberNumber) -> String {
    format!("member {member}")
}

fn cover_told(cover: &Cover, today: NaiveDate) -> Outcome {
    let name = match cover.status {
        CoverStatus::Active => OutcomeName::Active,
        CoverStatus::Expired => OutcomeName::Expired,
        CoverStatus::Unpaid => OutcomeName::Unpaid,
        CoverStatus::Suspended => OutcomeName::Suspended,
    };
    giving(name, cover_value(cover, today))
}

/// In the order of `menu`'s record `cover`.
fn cover_value(cover: &Cover, as_of: NaiveDate) -> Value {
    Value::Record(vec![
        Value::Member(cover.member),
        Value::Text(first_name(&cover.first_name)),
        Value::Text(initial(&cover.last_name)),
        Value::Date(cover.from),
        Value::Date(cover.to),
        Value::Date(as_of),
    ])
}

/// In the order of `menu`'s record `quote`.
fn quote_value(quote: &Quote, standing: Standing) -> Value {
    let renew_from = match quote.status {
        QuoteStatus::Early(day) => day,
        QuoteStatus::Renewable
        | QuoteStatus::Lapsed
        | QuoteStatus::Unpaid
        | QuoteStatus::Suspended => quote.from,
    };
    Value::Record(vec![
        Value::Member(quote.member),
        Value::Text(shown_name(&quote.name, standing)),
        Value::Number(quote.persons.into()),
        Value::Amount(quote.amount),
        Value::Date(quote.from),
        Value::Date(quote.to),
        Value::Date(renew_from),
    ])
}

/// The whole name for her own phone; for any other first name and initial, which is enough to notice
/// a slip in the number by.
fn shown_name(name: &str, standing: Standing) -> String {
    match (standing, name.rsplit_once(' ')) {
        (Standing::Stranger | Standing::Limited, Some((_, last))) => {
            format!("{} {}.", first_name(name), initial(last))
        }
        (Standing::Linked, _) | (_, None) => clip(name, 40),
    }
}

/// The first of the first names, as anyone may see it.
pub(super) fn first_name(names: &str) -> String {
    clip(names.split_whitespace().next().unwrap_or_default(), 24)
}

/// The first letter of the last name, as anyone may see it.
pub(super) fn initial(last_name: &str) -> String {
    last_name
        .chars()
        .find(|letter| letter.is_alphabetic())
        .map(|letter| letter.to_uppercase().to_string())
        .unwrap_or_default()
}

/// At most `longest` characters, the last a point where it was longer.
pub(super) fn clip(text: &str, longest: usize) -> String {
    if text.chars().count() <= longest {
        return text.to_owned();
    }
    let kept: String = text.chars().take(longest.saturating_sub(1)).collect();
    format!("{kept}.")
}
