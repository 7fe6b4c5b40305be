use super::world::{posting, tzs};
use crate::{
    model::{Amount, Currency},
    store::{Account, Posting, Store, Transaction},
};

async fn balances(tx: &mut dyn Transaction, currency: Currency) -> Vec<i64> {
    let mut ledger = tx.ledger();
    let mut balances = Vec::new();
    for account in Account::ALL {
        balances.push(ledger.balance(account, currency).await.unwrap());
    }
    balances
}

pub(crate) async fn an_entry_moves_both_accounts_by_its_amount(store: &dyn Store) {
    let mut tx = store.write().await.unwrap();
    assert_eq!(balances(&mut *tx, Currency::TZS).await, [0; 5]);
    assert!(tx.ledger().post(&posting("p1", tzs(300))).await.unwrap());
    let mut unknown = posting("p2", tzs(40));
    unknown.credit = Account::Suspense;
    assert!(tx.ledger().post(&unknown).await.unwrap());
    let after = balances(&mut *tx, Currency::TZS).await;
    assert_eq!(after, [34_000, -30_000, -4_000, 0, 0]);
    assert_eq!(after.iter().sum::<i64>(), 0);
}

pub(crate) async fn a_reference_is_posted_once(store: &dyn Store) {
    let mut tx = store.write().await.unwrap();
    assert!(tx.ledger().post(&posting("p1", tzs(300))).await.unwrap());
    for amount in [300, 500] {
        assert!(!tx.ledger().post(&posting("p1", tzs(amount))).await.unwrap());
    }
    assert_eq!(
        balances(&mut *tx, Currency::TZS).await,
        [30_000, -30_000, 0, 0, 0]
    );
}

pub(crate) async fn currencies_are_kept_apart(store: &dyn Store) {
    let kes = Currency::parse("KES").unwrap();
    let mut tx = store.write().await.unwrap();
    tx.ledger().post(&posting("p1", tzs(1))).await.unwrap();
    let other = posting("p2", Amount::from_major(7, kes));
    tx.ledger().post(&other).await.unwrap();
    assert_eq!(
        balances(&mut *tx, Currency::TZS).await,
        [100, -100, 0, 0, 0]
    );
    assert_eq!(balances(&mut *tx, kes).await, [700, -700, 0, 0, 0]);
}

pub(crate) async fn an_entry_of_nothing_or_of_one_account_is_refused(store: &dyn Store) {
    let mut one_account = posting("p1", tzs(1));
    one_account.credit = one_account.debit;
    for wrong in [posting("p1", tzs(0)), posting("p1", tzs(-1)), one_account] {
        let mut tx = store.write().await.unwrap();
        assert!(tx.ledger().post(&wrong).await.is_err(), "{wrong:?}");
    }
    let mut tx = store.read().await.unwrap();
    assert_eq!(balances(&mut *tx, Currency::TZS).await, [0; 5]);
}

pub(crate) async fn what_a_bill_a_payment_and_a_family_have_is_summed(store: &dyn Store) {
    use Account::{ContributionsDue, Fees, GatewayClearing, MemberCredit, Suspense};
    let mut tx = store.write().await.unwrap();
    let mut ledger = tx.ledger();
    let entry = |reference: &str, debit, credit, shillings| Posting {
        debit,
        credit,
        payment: Some("p1".to_owned()),
        party: Some("s f".to_owned()),
        ..posting(reference, tzs(shillings))
    };
    for posting in [
        entry("p1", GatewayClearing, Suspense, 300),
        entry("p1 found", Suspense, ContributionsDue, 250),
        entry("p1 fee", Fees, ContributionsDue, 10),
        entry("p1 over", Suspense, MemberCredit, 40),
        entry("b1 credit", MemberCredit, ContributionsDue, 15),
    ] {
        assert!(ledger.post(&posting).await.unwrap());
    }
    assert_eq!(ledger.contributed("b1").await.unwrap(), 27_500);
    assert_eq!(ledger.contributed("b2").await.unwrap(), 0);
    assert_eq!(ledger.held("p1").await.unwrap(), 1_000);
    let kes = Currency::parse("KES").unwrap();
    let credit = ledger.credit_of("s f", Currency::TZS).await.unwrap();
    assert_eq!(credit, 2_500);
    assert_eq!(ledger.credit_of("s f", kes).await.unwrap(), 0);
    assert_eq!(ledger.credit_of("s g", Currency::TZS).await.unwrap(), 0);
}
