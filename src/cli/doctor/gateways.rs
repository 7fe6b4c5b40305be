use chrono::{DateTime, TimeDelta, Utc};

use crate::{config::Settings, scheme::Finding, store::Store};

/// A gateway from which nothing came for so long is silent. By day callers come each minute; who has
/// few of them knows better.
const SILENT: TimeDelta = TimeDelta::hours(12);

/// When each gateway's last caller came.
pub(super) async fn look(
    settings: &Settings,
    store: &dyn Store,
    now: DateTime<Utc>,
) -> Vec<Finding> {
    let heard = async { store.read().await?.journal().last_heard().await };
    let heard = match heard.await {
        Ok(heard) => heard,
        Err(error) => {
            return vec![Finding::bad(format!(
                "The journal cannot be read: {error}."
            ))];
        }
    };
    let silent = settings
        .gateway_settings
        .keys()
        .filter(|name| !heard.iter().any(|(known, _)| known == *name))
        .map(|name| never(name));
    let heard = heard.iter().map(|(name, at)| {
        let contracted = settings.gateway_settings.contains_key(name);
        last(name, (*at, now), contracted)
    });
    heard.chain(silent).collect()
}

fn never(name: &str) -> Finding {
    Finding::bad(format!(
        "{name}: no caller came yet, as far as the journal goes back. See that its aggregator calls our address; `nyota gateway show {name}` prints it."
    ))
}

/// Who has no contract with us is not missed.
fn last(name: &str, (at, now): (DateTime<Utc>, DateTime<Utc>), contracted: bool) -> Finding {
    let ago = spoken(now - at);
    if now - at <= SILENT || !contracted {
        return Finding::good(format!("{name}: the last caller came {ago} ago."));
    }
    Finding::bad(format!(
        "{name}: silent for {ago}. Dial its code by a phone of its network, and ask the aggregator what it gets from us."
    ))
}

/// A time in its largest unit.
pub(super) fn spoken(time: TimeDelta) -> String {
    let unit = |count: i64, of: &str| {
        let plural = if count == 1 { "" } else { "s" };
        format!("{count} {of}{plural}")
    };
    match (time.num_days(), time.num_hours(), time.num_minutes()) {
        (days, ..) if days >= 2 => unit(days, "day"),
        (_, hours, _) if hours >= 2 => unit(hours, "hour"),
        (_, _, minutes) => unit(minutes.max(0), "minute"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_gateway_with_a_contract_that_says_nothing_for_half_a_day_is_missed() {
        let now: DateTime<Utc> = "2026-03-02T12:00:00Z".parse().unwrap();
        for (hours, contracted, good) in [(1, true, true), (13, true, false), (99, false, true)] {
            let at = now - TimeDelta::hours(hours);
            assert_eq!(last("at", (at, now), contracted).good, good, "{hours}");
        }
        let silent = last("at", (now - TimeDelta::hours(50), now), true);
        assert!(silent.says.starts_with("at: silent for 2 days."));
    }
}
