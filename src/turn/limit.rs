use std::sync::atomic::Ordering;

use super::{
    Turns,
    take::{Answered, Reply, Taking},
};
use crate::{
    dialogue::{self, Page},
    model::{Call, Language, Msisdn, Signal},
    session::LimitKey,
};

impl Turns {
    /// What a call is told that is not taken because its phone or its gateway calls too often. It
    /// reads nothing but the menus in memory, so it is in the first language of the set that was
    /// dialled.
    pub fn too_many(&self, call: &Call) -> Answered {
        if matches!(
            call.signal,
            Signal::Abort | Signal::Timeout | Signal::Status | Signal::Ended
        ) {
            return Answered::only(Reply::Silence);
        }
        let page = self.too_many_page(call, None);
        Answered::only(Reply::Page {
            text: page.text,
            last: page.last,
        })
    }

    /// Whether the phone may begin a dialogue, which is counted. Where that cannot be asked it may: if
    /// the sessions are away its turn ends with that anyway.
    pub(super) async fn may_begin(&self, phone: &Msisdn) -> bool {
        let Some(rate) = self.options.dialogues else {
            return true;
        };
        let key = LimitKey(self.sealer.mac("dialogues", &[phone.digits().as_bytes()]));
        self.sessions.allow(key, rate).await.unwrap_or(true)
    }

    /// A dialogue is not begun: its phone begins too many.
    pub(super) fn refused(&self, taking: &Taking<'_>) -> Page {
        let refused = self.dialogues_refused.fetch_add(1, Ordering::Relaxed) + 1;
        let phone = taking.phone;
        tracing::debug!(%phone, refused, "a dialogue was not begun: {phone} begins too many");
        self.too_many_page(taking.call, taking.spoken.get().copied())
    }

    fn too_many_page(&self, call: &Call, spoken: Option<Language>) -> Page {
        let edition = self.catalogue.current();
        let dialled = edition.dialled(call.service_code.as_ref());
        let menus = dialled.map_or_else(|| self.any_menus(), |opened| opened.menus);
        dialogue::too_many(&menus, spoken.unwrap_or(menus.fallback()))
    }
}
