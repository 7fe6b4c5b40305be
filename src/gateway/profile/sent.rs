//! What came of a call of ours, as the aggregator's reply tells it.

use std::time::Duration;

use chrono::{DateTime, Utc};

use super::{
    Account, BodyKind, Exchange, Outcome, Outgoing, Receipt, ReceiptState, Refused, Replied, Rule,
    Sent, Source,
    call::Sending,
    parsed::Parsed,
    value::{Datum, Sources},
};
use crate::model::{Msisdn, gsm7};

/// No aggregator may hold a message back for longer than this.
const LONGEST_WAIT: Duration = Duration::from_hours(24);
/// Characters of an id that is kept.
const LONGEST_ID: usize = 255;
/// Characters of an error that are kept.
const LONGEST_SENTENCE: usize = 200;

impl Account {
    /// What came of [`send`](Self::send).
    pub fn sent(&self, message: &Outgoing<'_>, replied: &Replied<'_>) -> Sent {
        let sending = Sending::of(self, message);
        match self.sending(&sending) {
            Some(exchange) => exchange.ended(&sending, replied, Some(message.now)).0,
            None => Sent::told(by_status(replied.status)),
        }
    }

    /// What came of [`deliver`](Self::deliver).
    pub fn delivered(&self, replied: &Replied<'_>) -> Sent {
        match &self.profile.later {
            Some(later) => later.ended(&Sending::none(self, None), replied, None).0,
            None => Sent::told(by_status(replied.status)),
        }
    }

    /// What came of [`poll`](Self::poll): `None` where the aggregator does not know yet, or the message did not move.
    pub fn polled(&self, message: &Outgoing<'_>, replied: &Replied<'_>) -> Option<Receipt> {
        let sending = Sending::of(self, message);
        let poll = self.profile.poll.as_ref()?;
        let (sent, read) = poll.ended(&sending, replied, Some(message.now));
        if sent.outcome != Outcome::Accepted {
            return None;
        }
        let state = match read.get("state")? {
            "queued" => ReceiptState::Queued,
            "sent" => ReceiptState::Sent,
            "delivered" => ReceiptState::Delivered,
            "failed" => ReceiptState::Failed,
            _ => return None,
        };
        let asked = message.message_id.map(str::to_owned);
        Some(Receipt {
            message_id: sent.message_id.or(asked),
            own_id: Some(message.own_id.to_owned()),
            state,
            raw_status: read.get("raw_status").map(str::to_owned),
            error_code: read.get("error_code").map(str::to_owned),
            to: Some(Msisdn::clone(message.to)),
        })
    }
}

/// The reply of the aggregator, over what the call was filled from.
pub(super) struct Reply<'a> {
    within: &'a dyn Sources,
    parsed: Parsed<'a>,
    /// Its body is what it should be. One that is not holds no values.
    readable: bool,
    /// There is nothing in it where there should be.
    empty: bool,
}

impl<'a> Reply<'a> {
    pub(super) fn read(within: &'a dyn Sources, replied: &'a Replied<'a>, reads: BodyKind) -> Self {
        let body = replied.body.trim_ascii();
        // A page of a proxy's is no form, though it could be read as one.
        let page = reads == BodyKind::Form && body.starts_with(b"<");
        let kind = if page { BodyKind::Text } else { reads };
        let parsed = Parsed::reply(within.account(), replied, kind);
        Self {
            within,
            readable: parsed.is_read() && !page,
            empty: body.is_empty() && !matches!(reads, BodyKind::Text | BodyKind::Nothing),
            parsed,
        }
    }

    fn get(&self, name: &str) -> Option<&str> {
        let mut said = self.parsed.said().iter();
        let (_, value) = said.find(|(known, _)| known == name)?;
        Some(value)
    }
}

impl Sources for Reply<'_> {
    fn find(&self, source: &Source) -> Result<Option<Datum>, Refused> {
        match self.parsed.find(source)? {
            Some(found) => Ok(Some(found)),
            None => self.within.find(source),
        }
    }

    fn account(&self) -> &Account {
        self.within.account()
    }
}

impl Exchange {
    /// How a call ended, and all that was read from its reply.
    fn ended<'a>(
        &self,
        within: &'a dyn Sources,
        replied: &'a Replied<'a>,
        now: Option<DateTime<Utc>>,
    ) -> (Sent, Reply<'a>) {
        let mut reply = Reply::read(within, replied, self.reads);
        for read in &self.values {
            // What cannot be read, a list in place of a value, is missing: a reply is not refused.
            let value = read
                .value
                .get(&reply)
                .ok()
                .flatten()
                .and_then(Datum::into_text);
            if let Some(value) = value.filter(|value| !value.is_empty()) {
                reply.parsed.tell(&read.name, value);
            }
        }
        let (outcome, line) = self.outcome(&reply, replied);
        // Some tell an id of what they refused, the same for all of them, and an error of what they took: `Success`.
        let accepted = outcome == Outcome::Accepted;
        let told = |name, wanted| reply.get(name).filter(|_| wanted).map(str::to_owned);
        let sent = Sent {
            outcome,
            message_id: told("message_id", accepted).filter(|id| is_short(id)),
            error_code: told("error_code", !accepted).filter(|code| is_short(code)),
            error: told("error", !accepted).map(|error| sentence(&error)),
            wait: wait(outcome, replied, now),
            line,
        };
        (sent, reply)
    }

    /// The outcome, and the line of the rule that decided. What may have been taken goes out again only where the
    /// aggregator knows our id: else a member gets it twice.
    fn outcome(&self, reply: &Reply<'_>, replied: &Replied<'_>) -> (Outcome, usize) {
        match self.ruled(reply, replied) {
            (Outcome::Unknown, line) if self.request.knows_our_id => (Outcome::Retry, line),
            ruled => ruled,
        }
    }

    fn ruled(&self, reply: &Reply<'_>, replied: &Replied<'_>) -> (Outcome, usize) {
        let taken = (200..300).contains(&replied.status);
        // A success whose body is not what it should be, cut off or a proxy's page: nobody knows what came of the call.
        if taken && !reply.readable {
            return (Outcome::Unknown, 0);
        }
        match self.rules.iter().find(|rule| rule.holds(reply)) {
            Some(rule) if rule.outcome != Outcome::ByStatus => (rule.outcome, rule.line),
            Some(_) | None if taken && reply.empty => (Outcome::Unknown, 0),
            Some(_) | None => (by_status(replied.status), 0),
        }
    }
}

impl Rule<Outcome> {
    fn holds(&self, sources: &dyn Sources) -> bool {
        let mut tests = self.tests.iter();
        tests.all(|test| test.passes(sources).unwrap_or(false))
    }
}

impl Sent {
    fn told(outcome: Outcome) -> Self {
        Self {
            outcome,
            message_id: None,
            error_code: None,
            error: None,
            wait: None,
            line: 0,
        }
    }
}

/// Of an id or a code: exact or none.
fn is_short(value: &str) -> bool {
    value.chars().count() <= LONGEST_ID && !value.contains(char::is_control)
}

/// One line of the aggregator's words; a whole page may stand in their place.
fn sentence(text: &str) -> String {
    gsm7::clean(text).chars().take(LONGEST_SENTENCE).collect()
}

/// What a status says by itself. Never that a message was taken.
fn by_status(status: u16) -> Outcome {
    match status {
        429 => Outcome::SlowDown,
        // A proxy waited for the aggregator in vain: it may have the message.
        504 => Outcome::Unknown,
        // A redirection is a proxy's or a moved address: nobody has looked at the message.
        300..=399 | 408 | 425 | 500..=599 => Outcome::Retry,
        401 => Outcome::BadCredentials,
        402 => Outcome::NoCredit,
        _ => Outcome::Rejected,
    }
}

/// The pause that `Retry-After` asks for, in seconds or as a date (RFC 9110, section 10.2.3).
fn wait(outcome: Outcome, replied: &Replied<'_>, now: Option<DateTime<Utc>>) -> Option<Duration> {
    if !matches!(outcome, Outcome::Retry | Outcome::SlowDown) {
        return None;
    }
    let mut headers = replied.headers.iter();
    let (_, value) = headers.find(|(name, _)| name.eq_ignore_ascii_case("retry-after"))?;
    let value = std::str::from_utf8(value).ok()?.trim();
    let wait = if let Ok(seconds) = value.parse() {
        Duration::from_secs(seconds)
    } else {
        let then = DateTime::parse_from_rfc2822(value).ok()?;
        then.signed_duration_since(now?)
            .to_std()
            .unwrap_or_default()
    };
    Some(wait.min(LONGEST_WAIT))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gateway::profile::{
        Body, Chain, Read, Value,
        fixture::{account, exchange, json_place, message, profile, reads, request, rule},
    };

    fn status() -> Chain {
        Chain {
            source: Source::Status,
            filters: Vec::new(),
        }
    }

    fn way(values: Vec<Read>, rules: Vec<Rule<Outcome>>) -> Exchange {
        Exchange {
            values,
            rules,
            ..exchange(request("https://a.example/x", Body::Nothing))
        }
    }

    /// By `json.status`, and then by the status.
    fn usual() -> Exchange {
        let success = Some((json_place("status"), "success"));
        way(
            vec![
                reads("message_id", "messages.0.id"),
                reads("error_code", "code"),
                reads("error", "message"),
            ],
            vec![
                rule(Outcome::Accepted, success),
                rule(Outcome::ByStatus, None),
            ],
        )
    }

    fn sent(exchange: Exchange, status: u16, body: &str, headers: &[(&str, &[u8])]) -> Sent {
        let mut profile = profile();
        profile.send = vec![exchange];
        let to = Msisdn::parse("+255712345678").unwrap();
        let replied = Replied {
            status,
            headers,
            body: body.as_bytes(),
        };
        account(profile, &[]).sent(&message(&to, "x"), &replied)
    }

    fn outcome(exchange: Exchange, status: u16, body: &str) -> Outcome {
        sent(exchange, status, body, &[]).outcome
    }

    #[test]
    fn an_id_of_64_bits_comes_back_to_its_last_digit() {
        let body = r#"{"status": "success", "messages": [{"id": 8250397020021226786}]}"#;
        let sent = sent(usual(), 200, body, &[]);
        assert_eq!(sent.message_id.as_deref(), Some("8250397020021226786"));
        assert_eq!((sent.outcome, sent.line), (Outcome::Accepted, 12));
    }

    #[test]
    fn what_is_refused_within_a_success_is_rejected_with_its_code() {
        let body = r#"{"status": "error", "code": 403, "message": "InvalidPhoneNumber"}"#;
        let sent = sent(usual(), 200, body, &[]);
        assert_eq!((sent.outcome, sent.line), (Outcome::Rejected, 0));
        assert_eq!(sent.error_code.as_deref(), Some("403"));
        assert_eq!(sent.error.as_deref(), Some("InvalidPhoneNumber"));
        assert_eq!(sent.message_id, None);
    }

    #[test]
    fn a_rule_may_test_what_was_read_by_name() {
        let code = Chain {
            source: Source::Said("error_code".into()),
            filters: Vec::new(),
        };
        let rules = vec![
            rule(Outcome::OptedOut, Some((code, "21610"))),
            rule(Outcome::ByStatus, None),
        ];
        let twilio = way(vec![reads("error_code", "code")], rules);
        assert_eq!(
            outcome(twilio.clone(), 400, r#"{"code":21610}"#),
            Outcome::OptedOut
        );
        assert_eq!(outcome(twilio, 400, r#"{"code":1001}"#), Outcome::Rejected);
    }

    #[test]
    fn a_status_alone_never_says_that_a_message_was_taken() {
        let by_status = |status| outcome(usual(), status, "{}");
        assert_eq!(
            [200, 201, 400, 403, 404].map(by_status),
            [Outcome::Rejected; 5]
        );
        assert_eq!(
            [302, 408, 425, 500, 503, 599].map(by_status),
            [Outcome::Retry; 6]
        );
        assert_eq!(by_status(401), Outcome::BadCredentials);
        assert_eq!(by_status(402), Outcome::NoCredit);
        assert_eq!(by_status(429), Outcome::SlowDown);
    }

    #[test]
    fn what_may_have_been_taken_goes_out_again_only_where_our_id_is_known() {
        let again = |status, body| {
            let mut exchange = usual();
            exchange.request.knows_our_id = true;
            (
                outcome(usual(), status, body),
                outcome(exchange, status, body),
            )
        };
        for (status, body) in [
            (200, "<html>"),
            (201, ""),
            (202, "{\"status\":"),
            (504, "{}"),
        ] {
            let expected = (Outcome::Unknown, Outcome::Retry);
            assert_eq!(again(status, body), expected, "{status} {body}");
        }
        assert_eq!(again(503, "<html>"), (Outcome::Retry, Outcome::Retry));
    }

    #[test]
    fn a_page_in_place_of_json_is_unknown_whatever_the_rules_say() {
        let page = "<html><body>Welcome to the hotel's network</body></html>";
        let any = || {
            way(
                vec![],
                vec![rule(Outcome::Accepted, Some((status(), "200")))],
            )
        };
        assert_eq!(outcome(any(), 200, page), Outcome::Unknown);
        assert_eq!(outcome(any(), 200, "{}"), Outcome::Accepted);
        for reads in [BodyKind::Xml, BodyKind::Rpc, BodyKind::Form] {
            let exchange = Exchange { reads, ..any() };
            assert_eq!(
                outcome(exchange, 200, "<html><p>x</html>"),
                Outcome::Unknown,
                "{reads:?}"
            );
        }
        assert_eq!(outcome(usual(), 403, page), Outcome::Rejected);
        assert_eq!(outcome(usual(), 503, page), Outcome::Retry);
    }

    #[test]
    fn an_empty_success_is_unknown_unless_a_rule_takes_it() {
        assert_eq!(outcome(usual(), 200, ""), Outcome::Unknown);
        assert_eq!(outcome(usual(), 400, ""), Outcome::Rejected);
        let any = way(
            vec![],
            vec![rule(Outcome::Accepted, Some((status(), "202")))],
        );
        assert_eq!(outcome(any.clone(), 202, ""), Outcome::Accepted);
        let text = Exchange {
            reads: BodyKind::Text,
            ..any
        };
        assert_eq!(outcome(text, 200, ""), Outcome::Rejected);
    }

    #[test]
    fn a_reply_in_any_character_set_is_read() {
        let reply = |content_type: &str, body: &[u8]| {
            let mut profile = profile();
            profile.send = vec![usual()];
            let to = Msisdn::parse("+255712345678").unwrap();
            let headers = [("content-type", content_type.as_bytes())];
            let replied = Replied {
                status: 200,
                headers: &headers,
                body,
            };
            account(profile, &[]).sent(&message(&to, "x"), &replied)
        };
        let refused = b"{\"status\":\"no\",\"message\":\"refus\xe9\"}";
        let taken = b"{\"status\":\"success\",\"message\":\"envoy\xe9\"}";
        for content_type in ["application/json", "text/html; charset=windows-1252"] {
            assert_eq!(reply(content_type, taken).outcome, Outcome::Accepted);
            assert_eq!(
                reply(content_type, refused).error.as_deref(),
                Some("refusé")
            );
        }
    }

    #[test]
    fn what_was_refused_has_no_id_and_what_was_taken_no_error() {
        let body = |status: &str| {
            format!(
                r#"{{"status":"{status}","code":"101","message":"Sent","messages":[{{"id":"None"}}]}}"#
            )
        };
        let refused = sent(usual(), 200, &body("error"), &[]);
        assert_eq!(
            (refused.message_id, refused.error_code.as_deref()),
            (None, Some("101"))
        );
        let taken = sent(usual(), 200, &body("success"), &[]);
        assert_eq!(taken.message_id.as_deref(), Some("None"));
        assert_eq!((taken.error_code, taken.error), (None, None));
    }

    #[test]
    fn our_own_id_may_be_the_messages() {
        let own = Read {
            value: Value(vec![Chain {
                source: Source::Ref,
                filters: Vec::new(),
            }]),
            ..reads("message_id", "x")
        };
        let sent = sent(
            way(vec![own], vec![rule(Outcome::Accepted, None)]),
            200,
            "{}",
            &[],
        );
        assert_eq!(sent.message_id.as_deref(), Some("m-1"));
    }

    #[test]
    fn an_error_is_one_line_and_an_id_is_exact_or_none() {
        let long = "x".repeat(300);
        let body = format!(r#"{{"message": "no\n\ncredit {long}", "code": "{long}"}}"#);
        let sent = sent(usual(), 400, &body, &[]);
        let error = sent.error.unwrap();
        assert!(
            error.starts_with("no credit x") && error.len() == 200,
            "{error}"
        );
        assert_eq!(sent.error_code, None);
    }

    #[test]
    fn a_list_in_place_of_a_value_is_no_value() {
        let sent = sent(usual(), 400, r#"{"code": [1], "message": {"a": 1}}"#, &[]);
        assert_eq!((sent.error_code, sent.error), (None, None));
    }

    #[test]
    fn a_pause_is_told_in_seconds_or_as_a_date_and_is_a_day_at_most() {
        let wait = |value: &str| {
            let headers = [("Retry-After", value.as_bytes())];
            sent(usual(), 429, "{}", &headers)
                .wait
                .map(|wait| wait.as_secs())
        };
        assert_eq!(wait("120"), Some(120));
        assert_eq!(wait("Sat, 21 Nov 2026 07:16:00 GMT"), Some(60));
        assert_eq!(wait("Sat, 21 Nov 2026 07:14:00 GMT"), Some(0));
        assert_eq!(wait("99999999999"), Some(24 * 3600));
        assert_eq!(wait("soon"), None);
        let headers: [(&str, &[u8]); 1] = [("retry-after", b"5")];
        assert_eq!(sent(usual(), 400, "{}", &headers).wait, None);
    }

    #[test]
    fn a_screen_that_went_out_later_ends_by_its_rules() {
        let mut profile = profile();
        profile.later = Some(usual());
        let account = account(profile, &[]);
        let delivered = |status, body: &str| {
            let replied = Replied {
                status,
                headers: &[],
                body: body.as_bytes(),
            };
            account.delivered(&replied).outcome
        };
        assert_eq!(delivered(200, r#"{"status":"success"}"#), Outcome::Accepted);
        assert_eq!(delivered(500, ""), Outcome::Retry);
    }

    #[test]
    fn a_poll_tells_a_state_only_where_the_aggregator_knows_it() {
        let mut profile = profile();
        let values = vec![reads("state", "state"), reads("raw_status", "raw")];
        let known = Some((json_place("found"), "true"));
        profile.poll = Some(way(values, vec![rule(Outcome::Accepted, known)]));
        let account = account(profile, &[]);
        let to = Msisdn::parse("+255712345678").unwrap();
        let message = Outgoing {
            message_id: Some("id-1"),
            ..message(&to, "x")
        };
        let polled = |body: &str| {
            let replied = Replied {
                status: 200,
                headers: &[],
                body: body.as_bytes(),
            };
            account.polled(&message, &replied)
        };
        let receipt = polled(r#"{"found": true, "state": "delivered", "raw": "DELIVRD"}"#).unwrap();
        assert_eq!(receipt.state, ReceiptState::Delivered);
        assert_eq!(receipt.message_id.as_deref(), Some("id-1"));
        assert_eq!(receipt.raw_status.as_deref(), Some("DELIVRD"));
        assert_eq!(polled(r#"{"found": true, "state": "unchanged"}"#), None);
        assert_eq!(polled(r#"{"found": false, "state": "delivered"}"#), None);
        assert_eq!(polled("<html>"), None);
    }
}
