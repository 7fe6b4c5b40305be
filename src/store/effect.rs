use async_trait::async_trait;
use chrono::{DateTime, Utc};

use super::Result;
use crate::model::{EffectKey, MemberNumber, MenusName, Msisdn};

/// An effect about to run: written before it does.
#[derive(Clone, Debug)]
pub struct Intent {
    /// Its key.
    pub key: EffectKey,
    /// The caller.
    pub phone: Msisdn,
    /// The gateway she dialled through.
    pub gateway: String,
    /// The menus that the dialogue steps through.
    pub menus: MenusName,
    /// Whom the answer is about: her number's last four digits open it on a redial.
    pub about: Option<MemberNumber>,
    /// The effect, as `effect` encodes it.
    pub effect: Vec<u8>,
    /// The state of the dialogue that asked it, as `effect` encodes it.
    pub state: Vec<u8>,
    /// When it was asked.
    pub asked_at: DateTime<Utc>,
    /// After this its answer is of no use.
    pub not_after: DateTime<Utc>,
}

/// An effect as it is stored.
#[derive(Clone, Debug)]
pub struct StoredEffect {
    /// What was intended.
    pub intent: Intent,
    /// Whether the caller was told that the answer comes by SMS.
    pub promised: bool,
    /// How it ended; `None` while it has not.
    pub outcome: Option<Vec<u8>>,
}

/// Who wrote the row.
#[derive(Clone, Debug)]
pub enum Intended {
    /// We did, so we run it.
    Ours,
    /// Someone did before: here it is as it stands; wait for its outcome.
    Theirs(Box<StoredEffect>),
}

/// What became of a promise.
#[derive(Clone, Debug)]
pub enum Promised {
    /// The promise stands: whoever finishes the effect tells the caller by SMS.
    Yes,
    /// The effect had ended already, so there is nothing to promise: its outcome.
    Ended(Vec<u8>),
}

/// A late answer that a redial can open.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The effect it answers.
    pub key: EffectKey,
    /// Whom it is about.
    pub about: Option<MemberNumber>,
    /// The menus it belongs to.
    pub menus: MenusName,
    /// The state that it left, as `effect` encodes it.
    pub state: Vec<u8>,
    /// How often wrong digits were given for it.
    pub wrong_tries: u32,
}

/// Effects of dialogues and their outcomes.
#[async_trait]
pub trait Effects: Send {
    /// Writes the row unless its key is there.
    async fn intend(&mut self, intent: &Intent) -> Result<Intended>;

    /// The effect with this key.
    async fn get(&mut self, key: EffectKey) -> Result<Option<StoredEffect>>;

    /// Ends it, unless it has ended: then nothing changes. Gives the row as it then stands
    /// (`promised` decides who tells the caller); `None` where there is no such row.
    async fn finish(
        &mut self,
        key: EffectKey,
        outcome: &[u8],
        now: DateTime<Utc>,
    ) -> Result<Option<StoredEffect>>;

    /// Promises the answer by SMS, unless the effect has ended.
    async fn promise(&mut self, key: EffectKey, now: DateTime<Utc>) -> Result<Promised>;

    /// Keeps the state that a late outcome left, for a redial until `until`.
    async fn keep_answer(
        &mut self,
        key: EffectKey,
        state: &[u8],
        until: DateTime<Utc>,
    ) -> Result<()>;

    /// The newest late answer of this phone, in the set of that name, that is kept and was not
    /// opened.
    async fn waiting(
        &mut self,
        phone: &Msisdn,
        set: &str,
        now: DateTime<Utc>,
    ) -> Result<Option<Answer>>;

    /// Marks it opened, so that it waits no more.
    async fn open(&mut self, key: EffectKey, now: DateTime<Utc>) -> Result<()>;

    /// Counts one more try with wrong digits and gives the new count.
    async fn wrong_try(&mut self, key: EffectKey) -> Result<u32>;
}
