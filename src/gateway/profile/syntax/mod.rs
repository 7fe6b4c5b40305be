//! What a profile says, compiled: every name is resolved, nothing is read from text any more. One file for each noun of
//! the language: [`profile`](Profile) holds the others.

mod body;
mod call;
mod caller;
mod filter;
mod profile;
mod reply;
mod route;
mod rule;
mod screen;
mod session;
mod setting;
mod value;

pub(in crate::gateway) use body::{Body, Element, Piece, Template, Tree, XmlNode};
pub(in crate::gateway) use call::{Auth, Exchange, OutRequest, Part, TokenCall};
pub(in crate::gateway) use caller::{Addresses, CallerProof};
pub(in crate::gateway) use filter::{Algorithm, Dates, Encoding, Filter, Map, Signature};
pub use profile::{Channel, Profile, Proof, Settled};
pub(in crate::gateway) use reply::{Answer, Replies};
pub(in crate::gateway) use route::{BodyKind, Charset, Item, PathPart, Read, Route};
pub(in crate::gateway) use rule::{Comparison, Operand, Rule, Test};
pub use rule::{Event, Outcome};
pub(in crate::gateway) use screen::{Newline, ScreenRules};
pub(in crate::gateway) use session::{Class, FirstText, Lost, Session};
pub(in crate::gateway) use setting::{Setting, SettingDefault, SettingKind};
pub(in crate::gateway) use value::{Chain, JsonStep, Source, Value, XmlName, XmlStep};
