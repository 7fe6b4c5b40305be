//! What the page needs to know before a phone can dial.

use axum::{Json, extract::State};
use serde::Serialize;

use crate::{
    menu::MenuSet,
    model::{Language, PageSize},
    web::{App, Error},
};

/// The gateway whose webhook the page posts to; its requests are made in `page/network.js`.
pub(super) const GATEWAY: &str = "africastalking";

/// Phones to choose from: those that the demo scheme holds as its members', and one of nobody.
const PHONES: [Phone; 5] = [
    phone("+255700000001", "Asha Juma"),
    phone("+255700000002", "Neema Mushi"),
    phone("+255700000003", "Juma Bakari"),
    phone("+255700000004", "Rehema Ally"),
    phone("+255700000009", "no member's phone"),
];

/// Numbers to try, and what each shows.
const MEMBERS: [Member; 8] = [
    member("070707081", "Asha Juma, four persons: active"),
    member("400000042", "Neema Mushi, three: ends in ten days"),
    member("100000014", "Juma Bakari, five: ended"),
    member("200000021", "Rehema Ally, two: not yet paid"),
    member("300000035", "Baraka Mrema, six: suspended"),
    member("555555556", "The scheme takes ten seconds"),
    member("666666663", "The scheme answers with an error"),
    member("999999991", "Valid, but nobody’s"),
];

/// `GET /simulator/world`.
#[derive(Serialize)]
pub(super) struct World {
    service_code: String,
    languages: Vec<NamedLanguage>,
    page: Page,
    phones: &'static [Phone],
    members: &'static [Member],
    gateway: &'static str,
}

#[derive(Serialize)]
struct NamedLanguage {
    tag: Language,
    name: String,
}

#[derive(Serialize)]
struct Page {
    gsm7: usize,
    ucs2: usize,
}

#[derive(Serialize)]
struct Phone {
    number: &'static str,
    label: &'static str,
}

#[derive(Serialize)]
struct Member {
    number: &'static str,
    note: &'static str,
}

const fn phone(number: &'static str, label: &'static str) -> Phone {
    Phone { number, label }
}

const fn member(number: &'static str, note: &'static str) -> Member {
    Member { number, note }
}

pub(super) async fn world(State(app): State<App>) -> Result<Json<World>, Error> {
    let gateway = app.catalogue.gateway(GATEWAY);
    let profile = gateway.ok_or(Error::UnknownGateway)?;
    Ok(Json(World::of(&app.catalogue.menus(), profile.page())))
}

impl World {
    fn of(menus: &MenuSet, page: PageSize) -> Self {
        let languages = menus.languages.iter().map(|language| NamedLanguage {
            tag: language.language,
            name: language.name.clone(),
        });
        Self {
            service_code: menus.service.to_string(),
            languages: languages.collect(),
            page: Page {
                gsm7: page.gsm7,
                ucs2: page.ucs2,
            },
            phones: &PHONES,
            members: &MEMBERS,
            gateway: GATEWAY,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{MemberNumber, Msisdn};

    #[test]
    fn what_is_offered_to_type_is_valid() {
        for Phone { number, label } in &PHONES {
            assert!(Msisdn::parse(number).is_ok(), "{label}");
        }
        for Member { number, note } in &MEMBERS {
            assert!(MemberNumber::parse(number).is_ok(), "{note}");
        }
    }
}
