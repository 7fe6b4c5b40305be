use super::world::{at, day};
use crate::store::{Finding, NewReconciliation, Store};

fn request(id: &str) -> NewReconciliation {
    NewReconciliation {
        provider: "gepg".to_owned(),
        sp_code: "SP1".to_owned(),
        day: day("2026-03-02"),
        request: id.to_owned(),
        asked_at: at(0),
    }
}

pub(crate) async fn a_day_is_asked_about_and_its_answer_kept(store: &dyn Store) {
    let mut tx = store.write().await.unwrap();
    let mut days = tx.reconciliations();
    assert!(days.ask(&request("1")).await.unwrap());
    assert!(!days.ask(&request("1")).await.unwrap());
    let asked = days.by_request("1").await.unwrap().unwrap();
    assert_eq!((&asked.asked, asked.answered_at), (&request("1"), None));
    days.answer(asked.id, "7321", None).await.unwrap();
    days.answer(asked.id, "7101", Some(at(5))).await.unwrap();
    days.answer(asked.id, "7101", Some(at(9))).await.unwrap();
    let newest = days.newest("gepg", "SP1", day("2026-03-02")).await.unwrap();
    let newest = newest.unwrap();
    assert_eq!(
        (newest.codes.as_str(), newest.answered_at),
        ("7101", Some(at(5)))
    );
    assert!(days.ask(&request("2")).await.unwrap());
    let newest = days.newest("gepg", "SP1", day("2026-03-02")).await.unwrap();
    assert_eq!(newest.unwrap().asked.request, "2");
    let other = days.newest("gepg", "SP2", day("2026-03-02")).await.unwrap();
    assert!(other.is_none());
}

pub(crate) async fn a_row_of_a_day_is_found_once_for_its_place(store: &dyn Store) {
    let mut tx = store.write().await.unwrap();
    let mut days = tx.reconciliations();
    days.ask(&request("1")).await.unwrap();
    let id = days.by_request("1").await.unwrap().unwrap().id;
    for (place, payment, finding) in [
        (1, "p2", Finding::Rebuilt),
        (0, "p1", Finding::Known),
        (1, "p2", Finding::Known),
        (2, "p3", Finding::Differs),
    ] {
        days.find(id, place, payment, finding).await.unwrap();
    }
    let rows = days.rows(id).await.unwrap();
    let expected = [
        ("p1", Finding::Known),
        ("p2", Finding::Rebuilt),
        ("p3", Finding::Differs),
    ];
    assert_eq!(
        rows,
        expected.map(|(payment, finding)| (payment.to_owned(), finding))
    );
}
