use std::sync::Arc;

use crate::store::Sealer;

/// Our ids of messages, as aggregators get them and give them back in receipts.
///
/// The row's number and a mark of ours: `m7-1f0c9a3be2d4`. Whoever guesses a number cannot tell us how far its
/// message is.
#[derive(Clone, Debug)]
pub struct OwnIds(Arc<Sealer>);

impl OwnIds {
    /// Ids marked with the keys of this installation.
    pub fn new(sealer: Arc<Sealer>) -> Self {
        Self(sealer)
    }

    /// The id of a message.
    pub fn write(&self, message: i64) -> String {
        format!("m{message}-{}", self.mark(message))
    }

    /// The message of an id; `None` for one that is not ours.
    pub fn read(&self, id: &str) -> Option<i64> {
        let (number, _) = id.strip_prefix('m')?.split_once('-')?;
        let message = number.parse().ok()?;
        (self.write(message) == id).then_some(message)
    }

    fn mark(&self, message: i64) -> String {
        let mac = self.0.mac("sms.own_id", &[&message.to_be_bytes()]);
        let bytes: [u8; 8] = [0, 0, mac[0], mac[1], mac[2], mac[3], mac[4], mac[5]];
        format!("{:012x}", u64::from_be_bytes(bytes))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::Keys;

    #[test]
    fn an_id_is_read_back_and_a_guessed_one_is_not() {
        let of = |key: u8| OwnIds::new(Arc::new(Sealer::new(&Keys::one(1, [key; 32], [9; 32]))));
        let ids = of(7);
        let id = ids.write(42);
        assert_eq!(ids.read(&id), Some(42));
        let another = id.replace("m42", "m43");
        for wrong in [another.as_str(), "m42", "42", "", "m42-", "m042-1", "m-1"] {
            assert_eq!(ids.read(wrong), None, "{wrong}");
        }
    }
}
