use std::fmt;

use crate::model::{Call, Caller, Known, Msisdn, Position, ServiceCode, Signal};

use super::{
    Refused, Request,
    compiled::{Class, Event, Name, Profile, Read, Route},
    fields::Fields,
};

/// Longest of every value but the text, in characters. The text is as long as a request can be: a
/// long dialogue adds up to much, and whatever a caller typed gets an answer that she can read.
const LONGEST: usize = 128;

/// What was heard in a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Heard {
    /// The call.
    pub call: Call,
    /// All that the profile reads, as it came or as its map says. A reply may repeat it.
    pub values: Values,
}

/// Values of a request by name.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Values(Vec<(Name, String)>);

impl Values {
    /// The value of a name; `None` where the request did not tell it.
    pub fn get(&self, name: Name) -> Option<&str> {
        let found = self.0.iter().find(|(known, _)| *known == name);
        found.map(|(_, value)| value.as_str())
    }
}

impl fmt::Debug for Values {
    /// Names only: phone and text are among the values.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names = self.0.iter().map(|(name, _)| name.word());
        f.debug_set().entries(names).finish()
    }
}

impl Profile {
    /// What a request says, or why it is refused.
    pub fn hear(&self, request: &Request<'_>) -> Result<Heard, Refused> {
        let path = if request.path.is_empty() {
            "/"
        } else {
            request.path
        };
        let route = self
            .routes
            .iter()
            .find(|route| route.path == path)
            .ok_or(Refused::UnknownPath)?;
        let fields = Fields::read(request, route.body)?;
        let values = route.values(&fields)?;
        let signal = signal(route.event(&fields)?);
        let call = self.call(route, signal, &values)?;
        Ok(Heard { call, values })
    }

    fn call(&self, route: &Route, signal: Signal, values: &Values) -> Result<Call, Refused> {
        let value = |name| values.get(name).unwrap_or_default();
        let phone = self.phone(route, signal, values)?;
        let service_code = values
            .get(Name::Code)
            .map(|code| {
                ServiceCode::parse(code).map_err(|_| Refused::NotCode(route.written(Name::Code)))
            })
            .transpose()?;
        let service_code = match signal {
            Signal::Begin => dialled(service_code, values),
            Signal::Input | Signal::Abort | Signal::Ended => service_code,
        };
        let caller = Caller {
            phone,
            session: value(Name::Session).to_owned(),
        };
        Ok(Call {
            caller,
            signal,
            position: self.position(values),
            service_code,
        })
    }

    /// The caller's phone. Where a begin tells it for the whole session no other request need.
    fn phone(&self, route: &Route, signal: Signal, values: &Values) -> Result<Known, Refused> {
        let written = || route.written(Name::Phone);
        let Some(phone) = values.get(Name::Phone) else {
            return match signal {
                Signal::Begin => Err(Refused::Missing(written())),
                Signal::Input | Signal::Abort | Signal::Ended => Ok(Known::Before),
            };
        };
        let phone = Msisdn::parse(phone).map_err(|_| Refused::NotPhone(written()))?;
        Ok(if self.remembers_phone {
            Known::ToldForAll(phone)
        } else {
            Known::Told(phone)
        })
    }

    fn position(&self, values: &Values) -> Position {
        let value = |name| values.get(name).unwrap_or_default().to_owned();
        let text = value(Name::Text);
        match self.class {
            Class::Accumulated => Position::Accumulated { text },
            Class::Identified => Position::Identified {
                text,
                request: value(Name::Request),
            },
            Class::Bare => Position::Bare { text },
        }
    }
}

impl Route {
    fn values(&self, fields: &Fields<'_>) -> Result<Values, Refused> {
        let mut values = Values::default();
        for read in &self.reads {
            if let Some(value) = read.value(fields)? {
                values.0.push((read.name, value));
            }
        }
        Ok(values)
    }

    fn event(&self, fields: &Fields<'_>) -> Result<Event, Refused> {
        for rule in &self.rules {
            if rule.test.passes(fields.get(&rule.field)?.as_deref()) {
                return Ok(rule.event);
            }
        }
        Ok(self.otherwise)
    }

    /// The field that a name is read from, as the profile writes it.
    fn written(&self, name: Name) -> String {
        let read = self.reads.iter().find(|read| read.name == name);
        read.map_or_else(String::new, |read| read.field.written.clone())
    }
}

impl Read {
    fn value(&self, fields: &Fields<'_>) -> Result<Option<String>, Refused> {
        let Some(raw) = fields.get(&self.field)? else {
            return self.absent(Refused::Missing);
        };
        if raw.is_empty() && self.name != Name::Text {
            return self.absent(Refused::Empty);
        }
        let raw = if self.name == Name::Text {
            typed(&raw).into()
        } else {
            self.bounded(&raw)?;
            raw
        };
        let Some(map) = &self.map else {
            return Ok(Some(raw.into_owned()));
        };
        match map.get(&raw) {
            Some(mapped) => Ok(Some(super::answer::plain(mapped))),
            None => self.absent(Refused::Unmapped),
        }
    }

    fn absent(&self, why: fn(String) -> Refused) -> Result<Option<String>, Refused> {
        if self.required {
            Err(why(self.field.written.clone()))
        } else {
            Ok(None)
        }
    }

    fn bounded(&self, value: &str) -> Result<(), Refused> {
        let field = || self.field.written.clone();
        if value.chars().nth(LONGEST).is_some() {
            return Err(Refused::FieldTooLong {
                field: field(),
                limit: LONGEST,
            });
        }
        if value.chars().any(char::is_control) {
            return Err(Refused::ControlCharacters(field()));
        }
        Ok(())
    }
}

/// What a caller typed: a tab or another control character is no reason to refuse her. Each becomes
/// one space, so that the same text reads the same in every turn.
fn typed(raw: &str) -> String {
    let plain = |character: char| match character {
        control if control.is_control() => ' ',
        other => other,
    };
    raw.chars().map(plain).collect()
}

/// The code with all that was dialled behind it. What reads as nothing that a phone dials is left
/// out: it is no reason to refuse a caller.
fn dialled(code: Option<ServiceCode>, values: &Values) -> Option<ServiceCode> {
    let whole = values.get(Name::Dialed).and_then(|dialled| {
        let parts = dialled.trim_start_matches('*').trim_end_matches('#');
        ServiceCode::parse(&format!("*{parts}#")).ok()
    });
    let code = whole.or(code)?;
    let extras = values.get(Name::Extras);
    let longer = extras.and_then(|extras| code.with_extras(extras));
    Some(longer.unwrap_or(code))
}

fn signal(event: Event) -> Signal {
    match event {
        Event::Begin => Signal::Begin,
        Event::Input => Signal::Input,
        Event::Abort => Signal::Abort,
        Event::SessionEnded => Signal::Ended,
    }
}
