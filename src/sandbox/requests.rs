//! The office that takes requests to be enrolled: one for each phone.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, PoisonError},
};

use chrono::{Days, NaiveDate};
use serde::Serialize;

/// Within how many days an officer calls.
const CALLS_WITHIN: Days = Days::new(7);

/// A district of the demo.
#[derive(Clone, Copy, Debug, Serialize)]
pub(super) struct District {
    code: &'static str,
    name: &'static str,
}

/// The invented districts.
pub(super) const DISTRICTS: [District; 3] = [
    district("D01", "Mashariki"),
    district("D02", "Magharibi"),
    district("D03", "Kati"),
];

const fn district(code: &'static str, name: &'static str) -> District {
    District { code, name }
}

/// What a request is answered with.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(super) struct Slip {
    reference: String,
    call_by: NaiveDate,
}

/// A request that was taken.
#[derive(Debug)]
struct Taken {
    key: String,
    slip: Slip,
}

/// The requests by phone, for as long as the process lives.
#[derive(Clone, Debug, Default)]
pub(super) struct Requests {
    taken: Arc<Mutex<BTreeMap<String, Taken>>>,
}

impl Requests {
    /// Takes the request of `phone` that is sent with `key`; `None` where the phone has another already.
    pub(super) fn take(&self, phone: &str, key: &str, today: NaiveDate) -> Option<Slip> {
        let mut taken = self.taken.lock().unwrap_or_else(PoisonError::into_inner);
        let reference = format!("OMBI-{:04}", taken.len() + 1);
        let request = taken.entry(phone.to_owned()).or_insert_with(|| Taken {
            key: key.to_owned(),
            slip: Slip {
                reference,
                call_by: today.checked_add_days(CALLS_WITHIN).unwrap_or(today),
            },
        });
        (request.key == key).then(|| request.slip.clone())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TODAY: NaiveDate = NaiveDate::from_ymd_opt(2026, 3, 2).unwrap();

    #[test]
    fn a_request_that_is_sent_twice_has_one_reference() {
        let requests = Requests::default();
        let first = requests.take("255700000009", "a", TODAY);
        assert_eq!(first, requests.take("255700000009", "a", TODAY));
        let slip = first.unwrap();
        assert_eq!(slip.reference, "OMBI-0001");
        assert_eq!(slip.call_by, TODAY + Days::new(7));
    }

    #[test]
    fn a_second_request_of_a_phone_is_refused() {
        let requests = Requests::default();
        assert!(requests.take("255700000009", "a", TODAY).is_some());
        assert_eq!(requests.take("255700000009", "b", TODAY), None);
        let other = requests.take("255700000008", "c", TODAY).unwrap();
        assert_eq!(other.reference, "OMBI-0002");
    }
}
