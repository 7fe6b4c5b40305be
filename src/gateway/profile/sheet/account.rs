//! An account whose secrets are their names.

use std::sync::Arc;

use crate::gateway::profile::{
    Account, Filter, Given, Piece, Profile, Refused, SettingError, SettingKind, SettingValue,
    Source, Template,
    answer::of_account,
    uses,
    value::{Datum, Sources},
};

/// The account of a contract. What is secret or proves a caller, and what is not given, stands in it by its name.
pub(super) fn without_secrets(
    profile: &Arc<Profile>,
    given: &Given,
) -> Result<Account, Vec<SettingError>> {
    let proofs = uses::settings_of_proof(profile);
    let settings = profile.settings.iter().filter_map(|setting| {
        let is_text = matches!(setting.kind, SettingKind::Text | SettingKind::Secret);
        let hides = setting.kind == SettingKind::Secret || proofs.contains(&setting.name);
        let of_contract = given
            .settings
            .iter()
            .find(|(name, _)| *name == setting.name);
        let value = match of_contract {
            _ if hides && is_text => SettingValue::Text(setting.name.to_uppercase()),
            // Another kind of value that proves a caller is shown to nobody either.
            _ if hides => setting.stand_in(),
            Some((_, value)) => value.clone(),
            None if setting.default.is_some() => return None,
            None if is_text => SettingValue::Text(setting.name.to_uppercase()),
            None => setting.stand_in(),
        };
        Some((setting.name.clone(), value))
    });
    let given = Given {
        settings: settings.collect(),
        key: [0; 32],
        secret: given.secret.as_ref().map(|_| "SECRET".to_owned()),
        ..given.clone()
    };
    Account::new(Arc::clone(profile), given)
}

/// What must stand there.
pub(super) fn proof(account: &Account, wanted: &Template) -> String {
    if is_signature(wanted) {
        "a signature of the request, with the key that you have from us".to_owned()
    } else {
        format!("`{}`", text(account, wanted))
    }
}

/// Whether only a run can write it.
pub(super) fn is_signature(wanted: &Template) -> bool {
    let slots = wanted.0.iter().filter_map(|piece| match piece {
        Piece::Slot(value) => Some(&value.0),
        Piece::Literal(_) => None,
    });
    let signs = |filter: &Filter| matches!(filter, Filter::Signature(_));
    slots
        .flatten()
        .any(|chain| chain.source == Source::Body || chain.filters.iter().any(signs))
}

/// A template of settings.
pub(super) fn text(account: &Account, template: &Template) -> String {
    template.text(&Known(account)).unwrap_or_default()
}

struct Known<'a>(&'a Account);

impl Sources for Known<'_> {
    fn find(&self, source: &Source) -> Result<Option<Datum>, Refused> {
        Ok(of_account(self.0, source))
    }

    fn account(&self) -> &Account {
        self.0
    }
}
