//! The demo scheme.
