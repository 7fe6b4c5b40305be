//! What the page needs to know before a phone can dial.

use axum::{Json, extract::State};
use serde::Serialize;

use crate::{
    catalogue::Edition,
    menu::{MenuSet, Verb},
    model::{Language, PageSize},
    scheme::sandbox::{DemoMember, demo_members},
    web::{App, Error},
};

/// The gateway whose webhook the page posts to; its requests are made in `page/network.js`.
pub(super) const GATEWAY: &str = "africastalking";

/// A phone that no member has, to try what a stranger sees.
const NOBODYS: &str = "+255700000009";

/// `GET /simulator/world`.
#[derive(Serialize)]
pub(super) struct World {
    /// What can be dialled; the first is the code that a phone offers.
    services: Vec<Service>,
    page: Page,
    phones: Vec<Phone>,
    members: Vec<Member>,
    gateway: &'static str,
}

/// A menu set.
#[derive(Serialize)]
struct Service {
    code: String,
    name: String,
    languages: Vec<NamedLanguage>,
    /// The screen that asks for a language, `menu.screen`, where one does.
    first_dial: Option<String>,
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
    number: String,
    label: String,
}

#[derive(Serialize)]
struct Member {
    number: String,
    note: String,
}

pub(super) async fn world(State(app): State<App>) -> Result<Json<World>, Error> {
    let gateway = app.gateways.get(GATEWAY).ok_or(Error::UnknownGateway)?;
    let page = gateway.account.page();
    Ok(Json(World::of(&app.catalogue.current(), page)))
}

impl World {
    fn of(edition: &Edition, page: PageSize) -> Self {
        Self {
            services: edition.sets().map(|set| Service::of(set)).collect(),
            page: Page {
                gsm7: page.gsm7,
                ucs2: page.ucs2,
            },
            phones: phones(),
            members: demo_members().iter().map(Member::of).collect(),
            gateway: GATEWAY,
        }
    }
}

impl Service {
    fn of(menus: &MenuSet) -> Self {
        let languages = menus.languages.iter().map(|language| NamedLanguage {
            tag: language.language,
            name: language.name.clone(),
        });
        Self {
            code: menus.service.to_string(),
            name: menus.name.clone(),
            languages: languages.collect(),
            first_dial: first_dial(menus),
        }
    }
}

fn first_dial(menus: &MenuSet) -> Option<String> {
    let root = menus.menus.first()?;
    let asks = root.screens.get(usize::from(menus.first_dial))?;
    matches!(asks.verb, Verb::Language { .. }).then(|| format!("{}.{}", root.name, asks.name))
}

/// The phones of the demo's members, and one of nobody.
fn phones() -> Vec<Phone> {
    let of_member = |member: DemoMember| {
        Some(Phone {
            number: member.phone?.e164(),
            label: member.name,
        })
    };
    let nobodys = Phone {
        number: NOBODYS.to_owned(),
        label: "no member's phone".to_owned(),
    };
    let phones = demo_members().into_iter().filter_map(of_member);
    phones.chain([nobodys]).collect()
}

impl Member {
    fn of(member: &DemoMember) -> Self {
        let note = if member.name.is_empty() {
            member.note.to_owned()
        } else {
            format!("{}: {}", member.name, member.note)
        };
        Self {
            number: member.number.to_string(),
            note,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_demo_member_can_be_typed_and_a_strangers_phone_is_there() {
        let world = phones();
        assert!(world.iter().any(|phone| phone.number == NOBODYS));
        assert!(world.iter().any(|phone| phone.label == "Asha Juma"));
        let members = demo_members();
        let notes = members.iter().map(Member::of);
        assert!(notes.into_iter().all(|member| !member.note.is_empty()));
        assert_eq!(members.len(), 8);
    }
}
