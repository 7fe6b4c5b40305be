//! Stands in for the parts that other branches bring, so that `web` compiles alone. Goes with the
//! merge.
#![expect(missing_docs, reason = "this file goes")]

pub mod turn {
    use crate::{
        gateway::profile::Profile,
        model::{Call, Language, Msisdn, gsm7::Alphabet},
    };
    #[derive(Debug)]
    pub enum Reply {
        Page { text: String, last: bool },
        Silence,
    }
    #[derive(Debug)]
    pub struct Variable {
        pub name: String,
        pub value: String,
    }
    #[derive(Debug)]
    pub struct Inside {
        pub screen: String,
        pub language: Language,
        pub units: usize,
        pub alphabet: Alphabet,
        pub limit: usize,
        pub last: bool,
        pub took_micros: u64,
        pub turn: u32,
        pub variables: Vec<Variable>,
    }
    #[derive(Debug)]
    pub struct Turns;
    impl Turns {
        pub async fn take(&self, _: &Profile, _: &Call) -> Reply {
            std::future::ready(Reply::Silence).await
        }
        pub async fn inside(&self, _: &str, _: &Msisdn) -> Option<Inside> {
            std::future::ready(None).await
        }
    }
}

pub mod catalogue {
    use std::sync::Arc;

    use crate::{gateway::profile::Profile, menu::MenuSet};
    #[derive(Debug)]
    pub struct Catalogue {
        pub set: Arc<MenuSet>,
    }
    impl Catalogue {
        pub fn gateway(&self, _: &str) -> Option<Arc<Profile>> {
            None
        }
        pub fn menus(&self) -> Arc<MenuSet> {
            Arc::clone(&self.set)
        }
    }
}
