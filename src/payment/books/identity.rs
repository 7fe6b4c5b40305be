use sha2::{Digest, Sha256};

use crate::{model::Amount, payment::told::PaidEntry, store::PaymentSource};

/// What tells a payment apart from every other.
#[derive(Clone, Debug)]
pub(super) struct Identity {
    /// The provider's key of it, unique with the provider.
    pub(super) key: String,
    /// SHA-256 of what is said of it.
    pub(super) hash: [u8; 32],
    /// Whether the key is the gateway's, so that a repeat is told by it.
    pub(super) keyed: bool,
}

impl Identity {
    pub(super) fn of(told: &PaidEntry, source: PaymentSource) -> Self {
        let hash = payload_hash(told);
        let by_reference = source == PaymentSource::Reconciliation && !told.pay_ref_id.is_empty();
        let key = if !told.trx_id.is_empty() {
            format!("{} {}", told.sp_code, told.trx_id)
        } else if by_reference {
            // A list of a day may have no TrxId; its references stand for one payment of one number.
            let number = told.number.map(|number| number.to_string());
            let number = number.unwrap_or_default();
            format!("{} reference {} {number}", told.sp_code, told.pay_ref_id)
        } else {
            format!("{} without TrxId {}", told.sp_code, hex(&hash, 16))
        };
        Self {
            key,
            hash,
            keyed: by_reference || !told.trx_id.is_empty(),
        }
    }

    /// The same content under a key of its own: what came with an id that is another payment's.
    pub(super) fn of_its_own(mut self) -> Self {
        self.key = format!("{} {}", self.key, hex(&self.hash, 8));
        self
    }

    /// Our id of the payment: made out of the provider's key, so the same payment has the same one.
    pub(super) fn id(&self, provider: &str) -> String {
        let hash = Sha256::digest(format!("{provider} {}", self.key));
        hex(&hash, 16)
    }
}

/// The first bytes of a hash: 16 are enough to tell payments apart, 8 the few contents of one key.
fn hex(hash: &[u8], bytes: usize) -> String {
    let first = hash.iter().take(bytes);
    let digits: Vec<_> = first.map(|byte| format!("{byte:02x}")).collect();
    digits.concat()
}

/// SHA-256 of what the gateway says of a payment, values by what they mean and not by how they are
/// written, so that a repeat in another form is still a repeat.
fn payload_hash(told: &PaidEntry) -> [u8; 32] {
    let amount = told.paid.map(Amount::to_decimal);
    let number = told.number.map(|number| number.to_string());
    let paid_at = told.paid_at.map(|at| at.timestamp_micros().to_string());
    let said = [
        told.sp_code.as_str(),
        &told.trx_id,
        &told.pay_ref_id,
        &told.bill,
        &number.unwrap_or_default(),
        amount.as_deref().unwrap_or(&told.original_paid),
        &told.currency,
        paid_at.as_deref().unwrap_or(&told.original_time),
        &told.psp_receipt,
    ];
    let mut hash = Sha256::new();
    for value in said {
        hash.update(value.len().to_be_bytes());
        hash.update(value.as_bytes());
    }
    hash.finalize().into()
}
