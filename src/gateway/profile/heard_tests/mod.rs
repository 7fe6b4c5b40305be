//! What is heard, on profiles written by hand.

mod any;
mod dialogues;
mod reports;
mod requests;
