//! A request of the aggregator's: heard, understood, answered.

use super::{
    compare,
    coverage::Used,
    difference::Difference,
    event::Told,
    outbound,
    placeholder::{self, Known},
    stage,
    vector::{BodyMatch, Inbound, Pairs, Said as Answered, Vector, Wanted, Wire},
};
use crate::gateway::profile::{
    Account, Heard, Profile, Refusal, Request, Response, Said, Screen, Traced,
};

/// The dialogue of every vector.
pub(super) const DIALOGUE: u128 = 0x0123_4567_89ab_cdef;

/// What a vector is played with.
pub(super) struct Stage<'a> {
    pub(super) profile: &'a Profile,
    pub(super) account: &'a Account,
    pub(super) vector: &'a Vector,
    pub(super) case: &'a Inbound,
}

impl Stage<'_> {
    /// What differs.
    pub(super) fn play(&self, trace: &mut Vec<Traced>, used: &mut Used) -> Vec<Difference> {
        let path = &self.stated(&self.case.request).path;
        let path = stage::below(self.profile, self.vector.channel, path);
        used.address(self.vector.channel, &path);
        match self.hear(trace) {
            Ok(heard) => self.heard(&heard, used),
            Err(refusal) => {
                let mut differences = Told::refused(&refusal, self.case).differences();
                let response = self.account.refuse(&refusal);
                differences.extend(self.answered(&response, "", used));
                differences
            }
        }
    }

    /// What the account hears in the request.
    pub(super) fn hear(&self, trace: &mut Vec<Traced>) -> Result<Heard, Refusal> {
        let wire = &self.stated(&self.case.request);
        let path = stage::below(self.profile, self.vector.channel, &wire.path);
        let (query, address) = (stage::encoded(&wire.query), stage::address(wire));
        let headers = self.account.signed(&wire.headers, &address, &wire.body);
        let headers: Vec<(&str, &[u8])> = headers
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_bytes()))
            .collect();
        let request = Request {
            method: &wire.method,
            path: &path,
            query: &query,
            headers: &headers,
            body: wire.body.as_bytes(),
            address: &address,
            peer: Some([127, 0, 0, 1].into()),
        };
        let channel = self.vector.channel;
        self.account.hear_traced(channel, &request, trace)
    }

    /// A request with the states that it brings back. Its caller is whoever the vector's session is.
    fn stated(&self, wire: &Wire) -> Wire {
        let caller = self
            .case
            .kept("session_id")
            .or_else(|| self.case.kept("msisdn"));
        let state = |page: Option<u32>| {
            let page = page.unwrap_or_else(|| self.case.shown());
            let state = self
                .account
                .state(caller.unwrap_or_default(), (page, DIALOGUE));
            state.unwrap_or_default()
        };
        let filled = |text: &String| placeholder::stated(text, state);
        let pairs = |pairs: &Pairs| {
            let pairs = pairs
                .iter()
                .map(|(name, value)| (name.clone(), filled(value)));
            pairs.collect()
        };
        Wire {
            path: filled(&wire.path),
            query: pairs(&wire.query),
            headers: pairs(&wire.headers),
            body: filled(&wire.body),
            ..wire.clone()
        }
    }

    fn heard(&self, heard: &Heard, used: &mut Used) -> Vec<Difference> {
        let told = Told::heard(heard, self.case);
        let said = heard.said();
        let state = self.given(said, told.event);
        let mut differences = told.differences();
        if let Some(response) = self.response(said, told.event) {
            differences.extend(self.answered(&response, &state, used));
        }
        if let (true, Some(app), Some(wanted)) =
            (shows(told.event), &self.case.app, &self.case.then)
        {
            let kept = self.kept(said, told.event);
            let screen = self.screen(app, told.event, &kept);
            let seen = self.account.deliver(said, &screen, None);
            used.call(seen.as_ref());
            let request = stage::said(&self.case.request);
            differences.extend(outbound::called(
                wanted,
                seen.as_ref(),
                &self.known(&request, &state),
            ));
        }
        differences
    }

    /// What is answered; `None` for a turn of which the vector does not say what the application shows.
    pub(super) fn response(&self, said: &Said, event: &str) -> Option<Response> {
        let kept = self.kept(said, event);
        match &self.case.app {
            Some(app) if shows(event) => {
                Some(self.account.reply(said, &self.screen(app, event, &kept)))
            }
            None if shows(event) => None,
            Some(_) | None => {
                let known = self.case.session.is_some();
                Some(self.account.acknowledge(said, known, &kept))
            }
        }
    }

    /// The screen that the application shows.
    fn screen<'s>(
        &self,
        app: &'s Answered,
        event: &str,
        kept: &'s [(String, String)],
    ) -> Screen<'s> {
        Screen {
            text: &app.text,
            go: app.go,
            turn: self.pages(event),
            dialogue: DIALOGUE,
            known: event != "begin",
            kept,
        }
    }

    fn answered(&self, response: &Response, state: &str, used: &mut Used) -> Vec<Difference> {
        used.answer(response);
        let wanted = self.case.response.as_ref();
        let request = stage::said(&self.case.request);
        let differences =
            wanted.map(|wanted| wanted.differences(response, &self.known(&request, state)));
        differences.unwrap_or_default()
    }

    /// The state that is given with the page.
    fn given(&self, said: &Said, event: &str) -> String {
        let caller = said.get("session").or_else(|| said.get("phone"));
        let page = (self.pages(event), DIALOGUE);
        let state = self.account.state(caller.unwrap_or_default(), page);
        state.unwrap_or_default()
    }

    /// How many pages the dialogue has shown with this answer.
    fn pages(&self, event: &str) -> u32 {
        match event {
            "begin" => 1,
            // The page that stands.
            "repeat" => self.case.shown(),
            _ => self.case.shown() + 1,
        }
    }

    fn known<'k>(&self, request: &'k str, state: &'k str) -> Known<'k> {
        Known {
            now: self.vector.now,
            request,
            token: "",
            state,
        }
    }

    /// What the session's begin told, by the profile's names; of a begin what it tells itself. Vectors have names of
    /// their own for the first three.
    fn kept(&self, said: &Said, event: &str) -> Pairs {
        let names = self.profile.keeps().iter();
        let of_profile = names.filter_map(|name| {
            let known_as = match name.as_str() {
                "phone" => "msisdn",
                "code" => "service_code",
                "session" => "session_id",
                other => other,
            };
            let value = match event {
                "begin" => said.get(name),
                _ => self.case.kept(known_as),
            };
            Some((name.clone(), value?.to_owned()))
        });
        let others = self.case.session.iter().flatten().cloned();
        of_profile.chain(others).collect()
    }
}

fn shows(event: &str) -> bool {
    matches!(event, "begin" | "input" | "repeat")
}

impl Wanted {
    fn differences(&self, response: &Response, known: &Known<'_>) -> Vec<Difference> {
        if self.body_match == BodyMatch::Any {
            return Vec::new();
        }
        let succeeds = (200..300).contains(&response.status);
        let status = match (self.body_match, self.status) {
            (BodyMatch::Any2xx, _) if !succeeds => Some("2xx".to_owned()),
            (BodyMatch::Any2xx, _) | (_, None) => None,
            (_, Some(status)) => Some(status.to_string()),
        };
        let seen = response.status.to_string();
        let status = status.and_then(|it| Difference::between("status", Some(&it), Some(&seen)));
        let headers = compare::headers(&self.headers, &response.headers, known);
        let body = compare::body(&self.body, self.body_match, &response.body, known);
        let all = status.into_iter().chain(headers).chain(body);
        all.map(|difference| difference.at(response.line)).collect()
    }
}
