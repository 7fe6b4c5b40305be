use chrono::NaiveDate;

use super::{Gateway, Turns, line::Line};
use crate::{
    dialogue::{self, Scene},
    model::{Language, MenusName, Msisdn, PageSize, gsm7::Alphabet, local_day},
};

/// A line as its menu's author sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Inside {
    /// The menus that the dialogue began with.
    pub menus: MenusName,
    /// `menu.screen`.
    pub screen: String,
    /// The language of the page.
    pub language: Language,
    /// The page's length, in the units of its alphabet.
    pub units: usize,
    /// The alphabet it needs.
    pub alphabet: Alphabet,
    /// What the gateway's page holds in that alphabet.
    pub limit: usize,
    /// Whether the dialogue is over.
    pub last: bool,
    /// Its last turn, from 0.
    pub turn: u32,
    /// The day of its last turn.
    pub today: NaiveDate,
    /// Whether what is typed next is sensitive.
    pub sensitive: bool,
    /// Its variables, printed; sensitive ones masked.
    pub variables: Vec<(String, String)>,
}

impl Turns {
    /// The line of a phone on a gateway, where there is one.
    pub async fn inside(&self, gateway: Gateway<'_>, phone: &Msisdn) -> Option<Inside> {
        let key = self.line_key(gateway.name, phone);
        let line = self.load(key).await.ok()?.line?;
        let menus = self.catalogue.menus(&line.menus).await.ok()?;
        let scene = self.seen_by(&line, gateway.page);
        let ended = self.ended_page(&line).await;
        let page = ended.unwrap_or_else(|| dialogue::render(&menus, &line.state, &scene));
        Some(Inside {
            menus: line.menus.clone(),
            screen: page.screen,
            language: page.language,
            units: page.units,
            alphabet: page.alphabet,
            limit: match page.alphabet {
                Alphabet::Gsm7 => gateway.page.gsm7,
                Alphabet::Ucs2 => gateway.page.ucs2,
            },
            last: page.last,
            turn: line.turn,
            today: local_day(line.at()),
            sensitive: dialogue::is_sensitive(&menus, &line.state),
            variables: dialogue::variables(&menus, &line.state),
        })
    }

    fn seen_by(&self, line: &Line, page: PageSize) -> Scene<'_> {
        Scene {
            now: line.at(),
            page,
            banner: &self.options.banner,
        }
    }
}
