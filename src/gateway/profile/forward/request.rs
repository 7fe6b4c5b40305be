//! The request that tells what a phone did last.

use super::{Dialled, Forwarded, NoPhone, fields::Fields};
use crate::{
    gateway::profile::{Account, Channel, Class, Event, Heard, Read, Request, Route, Rule},
    model::{Call, Position, Signal},
};

impl Account {
    /// The request that tells what a phone did last.
    pub fn forward(&self, dialled: &Dialled<'_>) -> Result<Forwarded, NoPhone> {
        let without = || {
            // Whoever does not hold the server's key cannot prove a state of it: it is left out.
            let state = None;
            self.forwarded(&Dialled { state, ..*dialled })
        };
        let forwarded = self.forwarded(dialled);
        let forwarded = forwarded.or_else(|| dialled.state.and_then(|_| without()));
        forwarded.ok_or_else(|| NoPhone::Unforwarded(self.profile.name.clone()))
    }

    fn forwarded(&self, dialled: &Dialled<'_>) -> Option<Forwarded> {
        let event = event(dialled);
        let tries = self.profile.receive.iter().flat_map(|route| {
            let rules = route.rules.iter().enumerate();
            let rules = rules
                .filter(|(_, rule)| rule.outcome == event || rule.outcome == Event::BeginOrInput);
            rules.map(move |(index, _)| (route, index))
        });
        tries
            .filter_map(|(route, index)| self.request(route, index, dialled))
            .find(|request| self.takes(request, dialled))
    }

    /// A request that passes the route's rule of that number.
    fn request(&self, route: &Route, index: usize, dialled: &Dialled<'_>) -> Option<Forwarded> {
        let (before, rest) = route.rules.split_at_checked(index)?;
        let rule: &Rule<Event> = rest.first()?;
        let mine = event(dialled);
        let other = if mine == Event::Begin {
            Event::Input
        } else {
            Event::Begin
        };
        let events = if rule.outcome == Event::BeginOrInput {
            vec![mine, other]
        } else {
            vec![mine]
        };
        let mut fields = Fields::new(self, route, &events);
        for read in fields.reads() {
            let told = self.told(read, dialled);
            if let Some(text) = told.filter(|_| !self.need_not_tell(read, dialled)) {
                fields.put(&read.value, &text);
            }
        }
        if !fields.pass(&rule.tests, dialled.code.as_str()) {
            return None;
        }
        for read in fields.reads().into_iter().filter(|read| read.required) {
            fields.put_any(&read.value);
        }
        for rule in before {
            fields.fail(&rule.tests);
        }
        fields.proved()
    }

    /// What the aggregator says of a phone by a name; `None` for what it need not say.
    fn told(&self, read: &Read, dialled: &Dialled<'_>) -> Option<String> {
        match read.name.as_str() {
            "session" => Some(dialled.session.to_owned()),
            "phone" => Some(
                dialled
                    .phone
                    .as_opaque()
                    .map_or_else(|| dialled.phone.e164(), str::to_owned),
            ),
            "code" | "dialed" => Some(dialled.code.to_string()),
            "request" if read.is_signed() => dialled.state.map(str::to_owned),
            "request" => Some(dialled.request.to_owned()),
            "text" => Some(match self.profile.session.class {
                Class::Accumulated => dialled.inputs.join("*"),
                Class::Identified | Class::Bare => {
                    dialled.inputs.last().cloned().unwrap_or_default()
                }
            }),
            _ => None,
        }
    }

    /// Whether a request may leave out what the session's begin told for all: then an aggregator does.
    fn need_not_tell(&self, read: &Read, dialled: &Dialled<'_>) -> bool {
        let kept = self.profile.session.keep.contains(&read.name);
        kept && !read.required && !dialled.inputs.is_empty()
    }

    /// Whether the profile hears in a request what the phone did.
    fn takes(&self, request: &Forwarded, dialled: &Dialled<'_>) -> bool {
        let address = self.address(request);
        match self.hear(
            Channel::Ussd,
            &request.as_request(&request.headers(), &address),
        ) {
            Ok(Heard::Call(call, _)) => self.tells(&call, dialled),
            Ok(Heard::Receipts(..) | Heard::Messages(..) | Heard::Ignored(_)) | Err(_) => false,
        }
    }

    fn tells(&self, call: &Call, dialled: &Dialled<'_>) -> bool {
        let begins = dialled.inputs.is_empty();
        let signal = match call.signal {
            Signal::Begin => begins,
            Signal::Input => !begins,
            Signal::BeginOrInput => true,
            Signal::Abort | Signal::Timeout | Signal::Status | Signal::Ended => false,
        };
        let session = self.profile.session.key.as_slice();
        let by_session = matches!(session, [only] if only == "session");
        let code = call.service_code.as_ref();
        signal
            && call
                .caller
                .phone
                .told()
                .is_none_or(|phone| phone == dialled.phone)
            && (!by_session || call.caller.session == dialled.session)
            && (call.signal == Signal::BeginOrInput || code.is_none_or(|code| code == dialled.code))
            && (begins || typed_last(&call.position, dialled))
    }
}

fn event(dialled: &Dialled<'_>) -> Event {
    match dialled.inputs {
        [] => Event::Begin,
        [_, ..] => Event::Input,
    }
}

fn typed_last(position: &Position, dialled: &Dialled<'_>) -> bool {
    let last = dialled.inputs.last().map(String::as_str);
    match position {
        Position::Accumulated { text } => *text == dialled.inputs.join("*"),
        Position::Identified { text, request } => {
            Some(text.as_str()) == last && request == dialled.request
        }
        Position::Shown { text, .. } | Position::Bare { text } => Some(text.as_str()) == last,
    }
}

impl Forwarded {
    pub(in crate::gateway::profile) fn headers(&self) -> Vec<(&str, &[u8])> {
        let headers = self.headers.iter();
        headers
            .map(|(name, value)| (name.as_str(), value.as_bytes()))
            .collect()
    }

    pub(in crate::gateway::profile) fn as_request<'a>(
        &'a self,
        headers: &'a [(&'a str, &'a [u8])],
        address: &'a str,
    ) -> Request<'a> {
        Request {
            method: &self.method,
            path: &self.path,
            query: &self.query,
            headers,
            body: self.body.as_bytes(),
            address,
            peer: Some([127, 0, 0, 1].into()),
        }
    }
}
