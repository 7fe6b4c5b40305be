use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::payment::judgement::{Rules, Tolerance};

/// How bills are made, and what is taken for their payment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Options {
    /// How many days a bill can be paid after the day it is made.
    #[schemars(range(min = 1))]
    pub days_to_pay: u32,
    /// After how many seconds without a control number the same bill is submitted again.
    #[schemars(range(min = 1))]
    pub ask_again_seconds: u64,
    /// How many days back the gateway is asked each day for what was paid; 0 asks for none.
    pub reconcile_days: u32,
    /// How much of a bill may be missing, in hundredths of a percent, by the channel that it is paid
    /// through, in the gateway's words: some operators keep their fee of it (`MOB: 110` is 1.1 %).
    pub may_be_short: BTreeMap<String, u32>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            days_to_pay: 30,
            ask_again_seconds: 120,
            reconcile_days: 7,
            may_be_short: BTreeMap::new(),
        }
    }
}

impl Options {
    /// By what payments of these service providers are judged.
    pub fn rules(&self, sp_codes: Vec<String>) -> Rules {
        Rules {
            sp_codes,
            tolerance: Tolerance::new(&self.may_be_short),
        }
    }
}
