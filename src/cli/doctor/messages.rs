use crate::{
    scheme::Finding,
    store::{Result, Store},
};

/// So many waiting jobs of one route are a jam.
const JAM: u64 = 1000;

/// What waits, and what was given up.
pub(super) async fn look(store: &dyn Store) -> Vec<Finding> {
    match found(store).await {
        Ok(found) => found,
        Err(error) => vec![Finding::bad(format!("The outbox cannot be read: {error}."))],
    }
}

async fn found(store: &dyn Store) -> Result<Vec<Finding>> {
    let mut transaction = store.read().await?;
    let waiting = transaction.jobs().open_by_route().await?;
    let given_up = transaction.jobs().given_up_by_kind().await?;
    let mut found: Vec<Finding> = waiting.iter().map(waits).collect();
    if waiting.is_empty() {
        found.push(Finding::good("Nothing waits to be sent or told."));
    }
    found.extend(given_up.iter().map(|(kind, count)| {
        Finding::bad(format!(
            "{count} of {kind} were given up. `nyota outbox list` says why, `nyota outbox retry` has them tried again."
        ))
    }));
    let credit = "How much credit is left for SMS no gateway says: ask your aggregator.";
    found.push(Finding::good(credit));
    Ok(found)
}

fn waits((route, count): &(String, u64)) -> Finding {
    if *count < JAM {
        return Finding::good(format!("{count} wait to go by {route}."));
    }
    Finding::bad(format!(
        "{count} wait to go by {route}, which is a jam. See whether it answers, and its rate in `outbox.rates`."
    ))
}
