//! Answers: what a caller may type at a question, and the value that it is.
//!
//! 1. [`AnswerType`] is what the menu's author wrote after `type:`.
//! 2. [`AnswerType::read`] makes a value of what was typed, or finds it not right. The check asks
//!    it too, whether a key could be taken for an answer.
//! 3. [`AnswerType::value_type`] is the type of that value. A secret's is
//!    [`Type::Secret`](super::Type::Secret), so that nothing else can be done with it.
//!
//! To add a type of answer: a variant of [`AnswerType`], its arm in `read` and in `value_type`, how
//! it is written in `menu/read/answer.rs`, and its row in `menus/README.md`.
//!
//! Left out: trimming and digits of other scripts, which `dialogue` settles for every input.

mod answer_type;
mod day;
mod pattern;
mod phone;
mod whole;

pub use answer_type::{Alternative, AnswerType};
pub use day::DayLimit;
pub use pattern::{BadPattern, Pattern};
pub use phone::National;
