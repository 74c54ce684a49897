//! The fields of a mapping while it is read: lookup by key that stays fast in large maps, and merge keys.

use std::collections::HashMap;

use source::Span;

use crate::{Entry, Map, Node, Str};

/// Maps with more keys than this are searched by hash.
const HASHED_FROM: usize = 12;

/// Fields in the order of their first appearance.
#[derive(Debug, Default)]
pub(crate) struct Fields {
    entries: Vec<Entry>,
    /// Positions by key, once there are many.
    index: Option<HashMap<Str, usize>>,
    /// Positions of fields that a merge key put there last.
    merged: Vec<usize>,
}

impl Fields {
    fn position(&self, key: &str) -> Option<usize> {
        match &self.index {
            Some(index) => index.get(key).copied(),
            None => self.entries.iter().position(|e| &*e.key == key),
        }
    }

    /// Where the map itself wrote this key before; fields from a merge key do not count.
    pub(crate) fn written_at(&self, key: &str) -> Option<Span> {
        let position = self.position(key).filter(|p| !self.merged.contains(p))?;
        self.entries.get(position).map(|e| e.key_span)
    }

    /// Sets a field that the map itself writes.
    pub(crate) fn set(&mut self, key: Str, key_span: Span, node: Node) {
        let position = self.replace(Entry { key, key_span, node });
        if !self.merged.is_empty() {
            self.merged.retain(|p| *p != position);
        }
    }

    /// Sets every field of a merged map, replacing what is there: go-yaml v2 merges where the merge key stands.
    pub(crate) fn merge_over(&mut self, source: &Map) {
        for entry in source {
            let position = self.replace(entry.clone());
            if !self.merged.contains(&position) {
                self.merged.push(position);
            }
        }
    }

    /// Adds the fields of a merged map that are not there yet.
    pub(crate) fn merge_under(&mut self, source: &Map) {
        for entry in source {
            if self.position(&entry.key).is_none() {
                self.replace(entry.clone());
            }
        }
    }

    fn replace(&mut self, entry: Entry) -> usize {
        if let Some(position) = self.position(&entry.key)
            && let Some(old) = self.entries.get_mut(position)
        {
            *old = entry;
            return position;
        }
        let position = self.entries.len();
        if let Some(index) = &mut self.index {
            index.insert(entry.key.clone(), position);
        }
        self.entries.push(entry);
        if position == HASHED_FROM {
            let index = self.entries.iter().enumerate().map(|(at, e)| (e.key.clone(), at));
            self.index = Some(index.collect());
        }
        position
    }

    pub(crate) fn finish(self) -> Map {
        Map::from_entries(self.entries)
    }
}
