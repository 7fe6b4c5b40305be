use axum::extract::Query;
use serde::Deserialize;

use crate::{model::Msisdn, web::Error};

/// `?phone=%2B255700000001`.
#[derive(Deserialize)]
pub(super) struct OfPhone {
    phone: String,
}

impl OfPhone {
    /// The phone that is asked about.
    pub(super) fn read(Query(query): Query<Self>) -> Result<Msisdn, Error> {
        Msisdn::parse(&query.phone).map_err(|_| Error::NotAPhone)
    }
}
