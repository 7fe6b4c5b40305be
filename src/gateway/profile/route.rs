//! Which route of a profile a request is for.

use super::{Account, Channel, PathPart, Refused, Request, Route, urlencoded};

/// A route, with the parts of the address that it names.
pub(super) type Found<'p> = (&'p Route, Vec<(String, String)>);

impl Account {
    /// The route for a request's path and method. Of several that fit, the one with most parts as they are written.
    pub(super) fn route(
        &self,
        channel: Channel,
        request: &Request<'_>,
    ) -> Result<Found<'_>, Refused> {
        let routes = match channel {
            Channel::Ussd => &self.profile.receive,
            Channel::Sms => &self.profile.reports,
        };
        let parts = parts(request.path)?;
        let mut fitting: Vec<Found<'_>> = Vec::new();
        for route in routes {
            if let Some(named) = named(&route.path, &parts) {
                fitting.push((route, named));
            }
        }
        if fitting.is_empty() {
            return Err(Refused::UnknownPath);
        }
        // Stable, so among equals the first of the profile stays first.
        fitting.sort_by_key(|(_, named)| named.len());
        let methods = methods(&fitting);
        let takes = |(route, _): &Found<'_>| takes(route, request.method);
        fitting
            .into_iter()
            .find(takes)
            .ok_or(Refused::Method(methods))
    }
}

fn takes(route: &Route, method: &str) -> bool {
    let mut methods = route.methods.iter();
    route.methods.is_empty() || methods.any(|known| known.eq_ignore_ascii_case(method))
}

/// `GET and POST`.
fn methods(routes: &[Found<'_>]) -> String {
    let mut methods: Vec<&str> = Vec::new();
    for method in routes.iter().flat_map(|(route, _)| &route.methods) {
        if !methods.contains(&method.as_str()) {
            methods.push(method);
        }
    }
    methods.join(" and ")
}

/// The decoded parts of a path. One slash at its end is no part.
fn parts(path: &str) -> Result<Vec<String>, Refused> {
    let inner = path.strip_prefix('/').unwrap_or(path);
    let inner = inner.strip_suffix('/').unwrap_or(inner);
    if inner.is_empty() {
        return Ok(Vec::new());
    }
    inner.split('/').map(urlencoded::segment).collect()
}

fn named(pattern: &[PathPart], parts: &[String]) -> Option<Vec<(String, String)>> {
    if pattern.len() != parts.len() {
        return None;
    }
    let mut named = Vec::new();
    for (wanted, part) in pattern.iter().zip(parts) {
        match wanted {
            PathPart::Literal(literal) if literal == part => {}
            PathPart::Named(name) if !part.is_empty() => named.push((name.clone(), part.clone())),
            PathPart::Literal(_) | PathPart::Named(_) => return None,
        }
    }
    Some(named)
}
