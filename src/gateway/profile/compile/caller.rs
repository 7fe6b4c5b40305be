use crate::model::source::yaml::{Kind, Node};

use super::{
    super::{Addresses, CallerProof, Problem, SettingKind, Source, Template},
    entries::{self, Entries, text},
    findings::Findings,
    grammar,
    scope::Scope,
    secrets, values,
};

/// Reads `caller:`. `scope` knows what a request bears.
pub(super) fn read(node: &Node, scope: &Scope<'_>, findings: &mut Findings) -> CallerProof {
    let mut proof = CallerProof::default();
    let keys = ["fields", "basic", "twilio", "addresses"];
    let Some(entries) = Entries::read(node, "`caller`", &keys, findings) else {
        return proof;
    };
    let own = Scope::new(scope.book);
    if let Some(node) = entries.get("fields") {
        let fields = Entries::any(node, "`fields`", findings);
        for (key, name, node) in fields.iter().flat_map(Entries::iter) {
            let field = values::chain(key, scope, findings);
            let wanted = values::template(node, scope, findings);
            if let (Some(field), Some(wanted)) = (field, wanted) {
                let place = grammar::chain(name).map(|chain| chain.place.written());
                let name = place.unwrap_or_default();
                secrets::never_literal(&wanted, &format!("`{name}`"), node, findings);
                proof.fields.push((field, wanted));
            }
        }
    }
    if let Some(node) = entries.get("basic") {
        proof.basic = basic(node, &own, findings);
    }
    if let Some(node) = entries.get("twilio") {
        proof.twilio = values::template(node, &own, findings);
        if let Some(key) = &proof.twilio {
            secrets::never_literal(key, "the key of the signature", node, findings);
        }
    }
    if let Some(node) = entries.get("addresses") {
        proof.addresses = addresses(node, &own, findings);
    }
    proof
}

/// Reads `[user, password]`.
pub(super) fn basic(
    node: &Node,
    scope: &Scope<'_>,
    findings: &mut Findings,
) -> Option<(Template, Template)> {
    let [user, password] = entries::list(node, findings)? else {
        let (expected, found) = ("a user and a password", "a list of another length");
        findings.add(node.span, &Problem::WrongType { expected, found });
        return None;
    };
    let user = values::template(user, scope, findings);
    let written = values::template(password, scope, findings)?;
    secrets::never_literal(&written, "the password", password, findings);
    Some((user?, written))
}

fn addresses(node: &Node, scope: &Scope<'_>, findings: &mut Findings) -> Option<Addresses> {
    let single = std::slice::from_ref(node);
    let items = match &node.kind {
        Kind::List(items) => items.as_slice(),
        Kind::Scalar { text, .. } if text.starts_with("setting.") => {
            return setting(node, scope, findings);
        }
        Kind::Scalar { .. } | Kind::Map(_) => single,
    };
    let mut networks = Vec::new();
    for item in items {
        let written = text(item, findings)?;
        let address = written.parse::<std::net::IpAddr>().map(ipnet::IpNet::from);
        if let Some(network) = written.parse::<ipnet::IpNet>().ok().or(address.ok()) {
            networks.push(network);
        } else {
            let written = written.to_owned();
            findings.add(item.span, &Problem::NotAnAddress { written });
        }
    }
    Some(Addresses::These(networks))
}

fn setting(node: &Node, scope: &Scope<'_>, findings: &mut Findings) -> Option<Addresses> {
    let chain = values::chain(node, scope, findings)?;
    if let Source::Setting(name) = chain.source
        && scope.book.setting(&name) == Some(&SettingKind::List)
    {
        return Some(Addresses::Setting(name));
    }
    let (expected, found) = ("a setting that is a list", "another");
    findings.add(node.span, &Problem::WrongType { expected, found });
    None
}
