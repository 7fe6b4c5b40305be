//! nyota from outside: its files and the running program, one binary.
//!
//! Each module holds tests of one promise; `support` starts what they need. What can be shown from
//! inside a module is tested there, beside the code.
#![cfg(test)]

mod backup;
mod browser;
mod check_watch;
mod classes;
mod commands;
mod crashes;
mod declared_calls;
mod declared_menu;
mod demo_word;
mod enquiries;
mod exactly_once;
mod faults;
mod front_door;
mod gateway_requests;
mod gateways;
mod graceful_stop;
mod graph;
mod imis_rest;
mod import;
mod kannel;
mod keys;
mod large_sets;
mod late_answers;
mod limits;
mod line_costs;
mod menu_problems;
mod menus_chf;
mod openimis;
mod outbox;
mod payments;
mod planted;
mod postgres;
mod privacy;
mod problem_pages;
mod profile_language;
mod profile_problems;
mod profiles;
mod publishing;
mod sandbox_gepg;
mod schemas;
mod schemes;
mod secrets;
mod settings;
mod support;
mod transcripts;
mod two_nodes;
mod ways;
mod web;
mod webhooks;
