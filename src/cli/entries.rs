//! What the books have of one bill or payment, as a person reads it.

use crate::{
    cli::when,
    model::Amount,
    store::{StoreError, Transaction},
};

/// `TZS 30000.00`.
pub(super) fn said(amount: Amount) -> String {
    format!("{} {}", amount.currency, amount.to_decimal())
}

/// Prints the entries about it and what was decided about it, oldest first, below its own line.
pub(super) async fn print(
    transaction: &mut (dyn Transaction + '_),
    id: &str,
) -> Result<(), StoreError> {
    for entry in transaction.audit().entries_about(id).await? {
        let posting = entry.posting;
        println!(
            "    {}  {} from {} to {}",
            when::local(posting.posted_at),
            said(posting.amount),
            posting.debit.as_str(),
            posting.credit.as_str()
        );
    }
    for deed in transaction.audit().deeds(id).await? {
        let at = when::local(deed.at);
        println!("    {at}  {} by {}: {}", deed.deed, deed.who, deed.why);
    }
    Ok(())
}
