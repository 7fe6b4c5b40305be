//! Stands in for the parts that other branches bring, so that `web` compiles alone. Goes with the
//! merge.
#![expect(missing_docs, reason = "this file goes")]

pub mod gateway {
    pub mod profile {
        use crate::model::Call;
        #[derive(Clone, Copy, Debug)]
        pub struct PageSize {
            pub gsm7: usize,
            pub ucs2: usize,
        }
        #[derive(Clone, Copy, Debug)]
        pub enum Go {
            Continue,
            End,
        }
        #[derive(Clone, Debug)]
        pub struct Heard {
            pub call: Call,
        }
        #[derive(Clone, Debug, thiserror::Error)]
        pub enum Refused {
            #[error("the request is longer than {0} bytes")]
            TooLong(usize),
        }
        #[derive(Clone, Copy)]
        pub struct Request<'a> {
            pub method: &'a str,
            pub path: &'a str,
            pub query: &'a str,
            pub headers: &'a [(&'a str, &'a [u8])],
            pub body: &'a [u8],
        }
        #[derive(Clone, Debug)]
        pub struct Response {
            pub status: u16,
            pub headers: Vec<(&'static str, String)>,
            pub body: String,
        }
        #[derive(Debug)]
        pub struct Profile;
        impl Profile {
            pub fn hear(&self, _: &Request<'_>) -> Result<Heard, Refused> {
                Err(Refused::TooLong(0))
            }
            pub fn reply(&self, _: &Heard, body: &str, _: Go) -> Response {
                Response {
                    status: 200,
                    headers: Vec::new(),
                    body: body.to_owned(),
                }
            }
            pub fn ended_reply(&self, heard: &Heard) -> Response {
                self.reply(heard, "", Go::End)
            }
            pub fn refuse(&self, refused: &Refused) -> Response {
                Response {
                    status: 400,
                    headers: Vec::new(),
                    body: refused.to_string(),
                }
            }
            pub fn page(&self) -> PageSize {
                PageSize {
                    gsm7: 160,
                    ucs2: 70,
                }
            }
        }
    }
}

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

pub mod gepg {
    #[derive(Debug)]
    pub struct Acknowledgement {
        pub status: u16,
        pub body: Vec<u8>,
    }
    #[derive(Debug)]
    pub struct Inbox;
    impl Inbox {
        pub async fn receive(&self, _: &[u8]) -> Acknowledgement {
            std::future::ready(Acknowledgement {
                status: 400,
                body: Vec::new(),
            })
            .await
        }
    }
}

pub mod sandbox {
    use crate::model::{Amount, ControlNumber, Msisdn};
    #[derive(Debug, thiserror::Error)]
    pub enum PayError {
        #[error("No bill has this control number.")]
        Unknown,
        #[error("This bill is paid.")]
        Paid,
        #[error("The payment gateway does not answer.")]
        Down,
    }
    #[derive(Debug)]
    pub struct Gateway;
    impl Gateway {
        pub async fn pay(&self, _: ControlNumber, _: &Msisdn) -> Result<Amount, PayError> {
            std::future::ready(Err(PayError::Down)).await
        }
    }
}
