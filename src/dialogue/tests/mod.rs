//! What the dialogue promises: by hand-built journeys, and for any set, keys and outcomes.

mod any;
mod any_way;
mod calls;
mod generate;
mod keys;
mod large;
mod late_answers;
mod phone;
mod secrets;
mod values;
mod ways;
