//! What a phone's last turn was inside: for the menu's author.

use axum::{
    Json,
    extract::{Query, State},
};
use serde::Serialize;

use super::{phone::OfPhone, world::GATEWAY};
use crate::{
    model::{Language, gsm7::Alphabet},
    turn,
    web::{App, Error},
};

/// `GET /simulator/inside`.
#[derive(Serialize)]
pub(super) struct Inside {
    edition: String,
    set: String,
    screen: String,
    language: Language,
    units: usize,
    alphabet: &'static str,
    limit: usize,
    last: bool,
    turn: u32,
    today: String,
    sensitive: bool,
    variables: Vec<Variable>,
}

#[derive(Serialize)]
struct Variable {
    name: String,
    value: String,
}

pub(super) async fn inside(
    State(app): State<App>,
    query: Query<OfPhone>,
) -> Result<Json<Inside>, Error> {
    let phone = OfPhone::read(query)?;
    let gateway = app.gateways.get(GATEWAY).ok_or(Error::UnknownGateway)?;
    let account = &gateway.account;
    let gateway = turn::Gateway {
        name: GATEWAY,
        page: account.page(),
        deadline: account.deadline(),
    };
    let inside = app.turns.inside(gateway, &phone).await;
    inside.map(Inside::from).map(Json).ok_or(Error::NoDialogue)
}

impl From<turn::Inside> for Inside {
    fn from(inside: turn::Inside) -> Self {
        let variables = inside.variables.into_iter();
        Self {
            edition: inside.menus.edition,
            set: inside.menus.set,
            screen: inside.screen,
            language: inside.language,
            units: inside.units,
            alphabet: match inside.alphabet {
                Alphabet::Gsm7 => "gsm7",
                Alphabet::Ucs2 => "ucs2",
            },
            limit: inside.limit,
            last: inside.last,
            turn: inside.turn,
            today: inside.today.to_string(),
            sensitive: inside.sensitive,
            variables: variables
                .map(|(name, value)| Variable { name, value })
                .collect(),
        }
    }
}
