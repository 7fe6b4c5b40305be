use std::time::Duration;

use super::{Call, Reader};
use crate::{
    menu::{
        declared::{Method, Request},
        problem::Problem,
        read::entries::Entries,
    },
    model::source::{Span, yaml::Node},
};

/// How long one try may take, where a call does not say.
const TIMEOUT: Duration = Duration::from_secs(3);

/// What a call says about time, and about being sent again.
#[derive(Debug)]
pub(super) struct Times {
    pub(super) timeout: Duration,
    pub(super) retries: u8,
    pub(super) cache: Option<Duration>,
    pub(super) idempotency_key: bool,
    retries_at: Option<Span>,
    cache_at: Option<Span>,
    late_at: Option<Span>,
}

impl Reader<'_> {
    pub(super) fn times(&mut self, entries: &mut Entries<'_>) -> Times {
        const TRY: &str = "a time from 100ms to 10s, such as `2s`,";
        const AGE: &str = "an age from 1s to 24h, such as `10m`,";
        const RETRIES: &str = "a number from 0 to 3";
        let timeout = entries.take("timeout");
        let timeout = timeout.and_then(|node| {
            let bounds = Duration::from_millis(100)..=Duration::from_secs(10);
            self.duration(node, &bounds, TRY)
        });
        let retries = entries.take("retries");
        let retries_at = retries.map(|node| node.span);
        let retries = retries.and_then(|node| self.number(node, 0, 3, RETRIES));
        let cache = entries.take("cache");
        let cache_at = cache.map(|node| node.span);
        let cache = cache.and_then(|node| {
            let bounds = Duration::from_secs(1)..=Duration::from_hours(24);
            self.duration(node, &bounds, AGE)
        });
        Times {
            timeout: timeout.unwrap_or(TIMEOUT),
            retries: retries
                .and_then(|retries| u8::try_from(retries).ok())
                .unwrap_or_default(),
            cache,
            idempotency_key: self.take_flag(entries, "idempotency_key"),
            retries_at: retries_at.filter(|_| retries != Some(0)),
            cache_at,
            late_at: entries.value_of("late").map(|node| node.span),
        }
    }

    /// `500ms`, `2s`, `10m`, `1h`.
    fn duration(
        &mut self,
        node: &Node,
        bounds: &std::ops::RangeInclusive<Duration>,
        wanted: &'static str,
    ) -> Option<Duration> {
        let duration = duration(self.scalar(node)?).filter(|duration| bounds.contains(duration));
        if duration.is_none() {
            self.report(node.span, Problem::BadNumber(wanted));
        }
        duration
    }

    /// Reports what must not be sent again, and what must not be kept.
    pub(super) fn sound_times(
        &mut self,
        call: &Call<'_>,
        request: Option<&Request>,
        times: &Times,
        late: bool,
    ) {
        let late_at = times.late_at.filter(|_| late);
        if call.takes_secret() || request.is_some_and(|request| sends_secret(request, call)) {
            let kept = [(late_at, "a late call"), (times.cache_at, "a cache")];
            for (at, place) in kept
                .into_iter()
                .filter_map(|(at, place)| Some((at?, place)))
            {
                let secret = call.takes.iter().enumerate();
                let secret = secret.filter(|(position, _)| call.is_secret(*position));
                let names = secret.map(|(_, taken)| taken.field.name.to_string());
                for name in names {
                    self.report(at, Problem::SecretMisplaced(name, place));
                }
            }
        }
        let Some(request) = request.filter(|request| request.method != Method::Get) else {
            return;
        };
        if let Some(at) = times.cache_at {
            self.report(at, Problem::UnsafeRepeat("cache"));
        }
        if times.idempotency_key {
            return;
        }
        let repeated = [(times.retries_at, "retries"), (late_at, "late")];
        let mut told = false;
        for (at, key) in repeated
            .into_iter()
            .filter_map(|(at, key)| Some((at?, key)))
        {
            self.report(at, Problem::UnsafeRepeat(key));
            told = true;
        }
        if !told {
            let method = request.method.as_str().to_ascii_lowercase();
            self.report(request.address.at, Problem::MayRunTwice(method));
        }
    }
}

fn sends_secret(request: &Request, call: &Call<'_>) -> bool {
    let headers = request.headers.iter();
    headers
        .map(|(_, value)| value)
        .any(|value| super::names_secret(value, call))
}

fn duration(text: &str) -> Option<Duration> {
    let digits = text.trim_end_matches(|unit: char| unit.is_ascii_lowercase());
    let unit = text.strip_prefix(digits)?;
    let number: u64 = digits.parse().ok().filter(|number| *number < 1_000_000)?;
    match unit {
        "ms" => Some(Duration::from_millis(number)),
        "s" => Some(Duration::from_secs(number)),
        "m" => Some(Duration::from_mins(number)),
        "h" => Some(Duration::from_hours(number)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_has_its_unit() {
        assert_eq!(duration("500ms"), Some(Duration::from_millis(500)));
        assert_eq!(duration("10m"), Some(Duration::from_mins(10)));
        for text in [
            "2",
            "s",
            "2 s",
            "-2s",
            "2d",
            "2.5s",
            "99999999999999999999s",
        ] {
            assert_eq!(duration(text), None, "{text}");
        }
    }
}
