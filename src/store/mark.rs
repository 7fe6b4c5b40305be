use super::{SealError, Sealer};

/// Where the mark is: one row, one column.
const DOMAIN: &str = "keys_mark.mark";
const MARK: &[u8] = b"nyota";

/// What a new database is marked with: it opens with the keys it was made with, also when others
/// are current by then, and tells whether the index key is the same.
pub(super) fn make(sealer: &Sealer) -> Result<Vec<u8>, SealError> {
    sealer.seal(DOMAIN, &[MARK, &sealer.index_fingerprint()].concat())
}

/// Whether the keys are those of the database that bears this mark.
pub(super) fn fits(sealer: &Sealer, mark: &[u8]) -> bool {
    let ours = [MARK, &sealer.index_fingerprint()].concat();
    // The first databases were marked with the word alone.
    sealer
        .open(DOMAIN, mark)
        .is_ok_and(|mark| mark == MARK || mark == ours)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::Keys;

    #[test]
    fn a_mark_fits_the_keys_that_made_it_only() {
        let sealer = Sealer::new(&Keys::one(1, [1; 32], [2; 32]));
        let mark = make(&sealer).unwrap();
        assert!(fits(&sealer, &mark));
        for other in [
            Keys::one(1, [3; 32], [2; 32]),
            Keys::one(1, [1; 32], [3; 32]),
            Keys::one(2, [1; 32], [2; 32]),
        ] {
            assert!(!fits(&Sealer::new(&other), &mark), "{other:?}");
        }
    }

    #[test]
    fn the_mark_of_the_first_databases_fits() {
        let sealer = Sealer::new(&Keys::one(1, [1; 32], [2; 32]));
        assert!(fits(&sealer, &sealer.seal(DOMAIN, b"nyota").unwrap()));
        assert!(!fits(&sealer, &sealer.seal(DOMAIN, b"other").unwrap()));
    }
}
