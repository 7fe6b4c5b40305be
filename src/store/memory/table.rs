use std::{collections::BTreeMap, sync::Arc};

/// Rows by their key. A copy of it costs nothing until either is changed, and then no row is copied
/// but those that change.
#[derive(Clone, Debug)]
pub(crate) struct Table<K, V> {
    rows: Arc<BTreeMap<K, Arc<V>>>,
    /// The number of the last row that was ever appended: none is used twice.
    last: i64,
}

impl<K, V> Default for Table<K, V> {
    fn default() -> Self {
        Self {
            rows: Arc::default(),
            last: 0,
        }
    }
}

impl<K: Ord + Clone, V: Clone> Table<K, V> {
    pub(crate) fn get(&self, key: &K) -> Option<&V> {
        self.rows.get(key).map(Arc::as_ref)
    }

    pub(crate) fn iter(&self) -> impl DoubleEndedIterator<Item = (&K, &V)> {
        self.rows.iter().map(|(key, row)| (key, row.as_ref()))
    }

    pub(crate) fn values(&self) -> impl DoubleEndedIterator<Item = &V> {
        self.rows.values().map(Arc::as_ref)
    }

    pub(crate) fn len(&self) -> usize {
        self.rows.len()
    }

    /// Puts a row in; the one that had its key.
    pub(super) fn insert(&mut self, key: K, row: V) -> Option<Arc<V>> {
        Arc::make_mut(&mut self.rows).insert(key, Arc::new(row))
    }

    pub(super) fn remove(&mut self, key: &K) {
        Arc::make_mut(&mut self.rows).remove(key);
    }

    pub(super) fn retain(&mut self, keep: impl Fn(&K, &V) -> bool) {
        Arc::make_mut(&mut self.rows).retain(|key, row| keep(key, row));
    }

    /// The row, to be changed.
    pub(super) fn change(&mut self, key: &K) -> Option<&mut V> {
        if !self.rows.contains_key(key) {
            return None;
        }
        let row = Arc::make_mut(&mut self.rows).get_mut(key)?;
        Some(Arc::make_mut(row))
    }

    /// The key of the last row of which this holds.
    pub(super) fn last_key(&self, holds: impl Fn(&V) -> bool) -> Option<K> {
        let found = self.rows.iter().rev().find(|(_, row)| holds(row));
        found.map(|(key, _)| key.clone())
    }
}

impl<V: Clone> Table<i64, V> {
    /// Puts a row behind the last and gives its number.
    pub(super) fn append(&mut self, row: impl FnOnce(i64) -> V) -> i64 {
        self.last += 1;
        self.insert(self.last, row(self.last));
        self.last
    }
}
