use anyhow::{Context, bail};
use chrono::{DateTime, NaiveDateTime, NaiveTime, TimeDelta, Utc};

use crate::model::EAST_AFRICA;

/// A time that a person writes: `18:00`, the next such; `2026-12-24 18:00`; or `90m`, `2h`, `3d` from
/// now. Times of day are the scheme's. It lies ahead of `now`.
pub(super) fn until(text: &str, now: DateTime<Utc>) -> anyhow::Result<DateTime<Utc>> {
    let text = text.trim();
    let read = from_now(text, now)
        .or_else(|| next(text, now))
        .or_else(|| on_day(text));
    let time = read.with_context(|| {
        format!(
            "--until {text} is no time: write 18:00, \"2026-12-24 18:00\", or 90m, 2h, 3d from now"
        )
    })?;
    if time <= now {
        bail!("--until {text} is over already");
    }
    Ok(time)
}

fn from_now(text: &str, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
    let (number, unit) = text.split_at_checked(text.len().checked_sub(1)?)?;
    let number: i64 = number.parse().ok()?;
    let time = match unit {
        "m" => TimeDelta::try_minutes(number),
        "h" => TimeDelta::try_hours(number),
        "d" => TimeDelta::try_days(number),
        _ => None,
    };
    now.checked_add_signed(time?)
}

fn next(text: &str, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
    let time = NaiveTime::parse_from_str(text, "%H:%M").ok()?;
    let today = (now + EAST_AFRICA).date_naive().and_time(time);
    let today = (today - EAST_AFRICA).and_utc();
    Some(if today > now {
        today
    } else {
        today + TimeDelta::days(1)
    })
}

fn on_day(text: &str) -> Option<DateTime<Utc>> {
    let text = text.replace('T', " ");
    let time = NaiveDateTime::parse_from_str(&text, "%Y-%m-%d %H:%M").ok()?;
    Some((time - EAST_AFRICA).and_utc())
}
