use std::sync::Arc;

use super::Route;
use crate::model::Msisdn;

/// By which route an SMS goes: the first rule that its phone fits, else the last route.
#[derive(Clone, Debug)]
pub struct Routes {
    rules: Vec<Rule>,
    otherwise: Arc<dyn Route>,
}

/// A route for some phones.
#[derive(Clone, Debug)]
pub struct Rule {
    /// How their numbers begin, without `+`: `25575`, an operator's or a country's.
    pub prefixes: Vec<String>,
    /// The route.
    pub route: Arc<dyn Route>,
}

impl Routes {
    /// These rules in their order; `otherwise` for every other phone.
    pub fn new(rules: Vec<Rule>, otherwise: Arc<dyn Route>) -> Self {
        Self { rules, otherwise }
    }

    /// One route for all.
    pub fn one(route: Arc<dyn Route>) -> Self {
        Self::new(Vec::new(), route)
    }

    /// The route of a phone.
    pub fn of(&self, phone: &Msisdn) -> &dyn Route {
        let begins = |prefix: &String| phone.digits().starts_with(prefix.as_str());
        let mut rules = self.rules.iter();
        let rule = rules.find(|rule| rule.prefixes.iter().any(begins));
        rule.map_or(&*self.otherwise, |rule| &*rule.route)
    }
}
