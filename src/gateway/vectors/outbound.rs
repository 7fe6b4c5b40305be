//! A call of ours: what goes out, and what is made of the reply.

use super::{
    compare,
    coverage::Used,
    difference::Difference,
    event::of_receipt,
    placeholder::Known,
    vector::{Pairs, Reply, Sending, Vector, Wire},
};
use crate::gateway::profile::{Account, Outbound, Outcome, Outgoing, Receipt, Replied, Sent};

/// What takes the place of a token where a vector has none.
const TOKEN: &str = "TOKEN";

/// What differs of a call that sends an SMS, or asks how far it is.
pub(super) fn play(
    account: &Account,
    vector: &Vector,
    case: &Sending,
    used: &mut Used,
) -> Vec<Difference> {
    let (token, mut differences) = token(account, vector, case);
    let message = Outgoing {
        to: &case.message.to,
        from: case.message.from.as_deref(),
        text: &case.message.text,
        own_id: &case.message.own_id,
        message_id: case.message.id.as_deref(),
        now: vector.now,
    };
    let call = if case.polls {
        account.poll(&message, Some(&token))
    } else {
        account.send(&message, Some(&token))
    };
    used.call(call.as_ref());
    let known = Known {
        now: vector.now,
        request: "",
        token: &token,
        state: "",
    };
    differences.extend(called(&case.request, call.as_ref(), &known));
    let values = case.reply.with(|replied| {
        if case.polls {
            polled(account, &message, replied)
        } else {
            let sent = account.sent(&message, replied);
            used.result(&sent);
            Values::Sent(sent)
        }
    });
    differences.extend(case.result.iter().filter_map(|(name, expected)| {
        let (seen, line) = values.get(name);
        let difference = Difference::between(name, expected.as_deref(), seen.as_deref());
        difference.map(|difference| difference.at(line))
    }));
    differences
}

/// The token that the vector's exchange gives, and what differs of the call that gets it.
fn token(account: &Account, vector: &Vector, case: &Sending) -> (String, Vec<Difference>) {
    let Some((wanted, reply)) = &case.token else {
        return (TOKEN.to_owned(), Vec::new());
    };
    let known = Known {
        now: vector.now,
        request: "",
        token: "",
        state: "",
    };
    let call = account.token_call(vector.now);
    let mut differences = called(wanted, call.as_ref(), &known);
    for difference in &mut differences {
        difference.what = format!("{} of the call for a token", difference.what);
    }
    let got = reply.with(|replied| account.token(replied));
    if got.is_none() {
        let wanted = Some("a token in the reply");
        differences.extend(Difference::between("token", wanted, None));
    }
    let token = got.map_or_else(|| TOKEN.to_owned(), |got| got.token);
    (token, differences)
}

/// What differs of a call.
pub(super) fn called(wanted: &Wire, seen: Option<&Outbound>, known: &Known<'_>) -> Vec<Difference> {
    let Some(seen) = seen else {
        return Vec::from_iter(Difference::between("call", Some(&wanted.path), None));
    };
    let address = seen.addresses.first().map_or("", String::as_str);
    let (expected_path, expected_query) = parts(&wanted.path);
    let (path, query) = parts(address);
    let expected_query = expected_query
        .into_iter()
        .chain(wanted.query.clone())
        .collect();
    let expected_path = known.settle(expected_path, path);
    let method = Difference::between("method", Some(&wanted.method), Some(&seen.method));
    let path = Difference::between("address", Some(&expected_path), Some(path));
    let query = compare::query(&expected_query, &query, known);
    let headers = compare::headers(&wanted.headers, &seen.headers, known);
    let body = compare::body(&wanted.body, wanted.body_match, &seen.body, known);
    let all = method.into_iter().chain(path).chain(query);
    let all = all.chain(headers).chain(body);
    all.map(|difference| difference.at(seen.line)).collect()
}

/// An address without its query, and that.
fn parts(address: &str) -> (&str, Pairs) {
    let (path, query) = address.split_once('?').unwrap_or((address, ""));
    (path, compare::form(query))
}

impl Reply {
    /// As the aggregator replied it.
    fn with<T>(&self, read: impl FnOnce(&Replied<'_>) -> T) -> T {
        let headers: Vec<(&str, &[u8])> = self
            .headers
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_bytes()))
            .collect();
        read(&Replied {
            status: self.status,
            headers: &headers,
            body: self.body.as_bytes(),
        })
    }
}

/// What was read in a reply.
enum Values {
    Sent(Sent),
    /// `None` where the aggregator does not know the message.
    Receipt(Option<Receipt>),
}

fn polled(account: &Account, message: &Outgoing<'_>, replied: &Replied<'_>) -> Values {
    Values::Receipt(account.polled(message, replied))
}

impl Values {
    /// A value by a vector's name, and the line of the rule that decided.
    fn get(&self, name: &str) -> (Option<String>, usize) {
        match self {
            Self::Sent(sent) => (of_sent(sent, name), sent.line),
            Self::Receipt(receipt) => {
                let value = receipt
                    .as_ref()
                    .and_then(|receipt| of_receipt(receipt, name));
                let known = if receipt.is_some() {
                    "known"
                } else {
                    "unknown"
                };
                let outcome = (name == "outcome").then(|| known.to_owned());
                (outcome.or(value), 0)
            }
        }
    }
}

fn of_sent(sent: &Sent, name: &str) -> Option<String> {
    let (outcome, reason) = said(sent.outcome);
    match name {
        "outcome" => Some(outcome.to_owned()),
        "reason" => reason.map(str::to_owned),
        "retry" => Some((outcome == "retry").to_string()),
        "message_id" => sent.message_id.clone(),
        "error_code" => sent.error_code.clone(),
        "error" => sent.error.clone(),
        _ => None,
    }
}

/// An outcome as vectors tell it, and its reason.
fn said(outcome: Outcome) -> (&'static str, Option<&'static str>) {
    match outcome {
        Outcome::Accepted => ("accepted", None),
        Outcome::Rejected | Outcome::ByStatus => ("rejected", None),
        Outcome::Retry | Outcome::SlowDown => ("retry", None),
        Outcome::Unknown => ("unknown", None),
        Outcome::OptedOut => ("rejected", Some("opted_out")),
        Outcome::BadCredentials => ("rejected", Some("auth")),
        Outcome::NoCredit => ("rejected", Some("credit")),
    }
}
