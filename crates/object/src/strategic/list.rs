//! Lists that merge by keys, step for step as upstream does it (kyaml/yaml/walk/associative_sequence.go, 5.8.1).
//!
//! Upstream keeps pointers to items in three lists at once: the base's, the patch's and the one it builds, and changes
//! items in place. Here every item is a slot with a number and the lists hold numbers, which keeps the odd cases equal:
//! items without a key, with half of their keys, or with the same key twice.

use std::borrow::Cow;
use std::collections::BTreeSet;

use source::Diagnostic;
use yaml::{Entry, List, Node, Str, Value};

use super::directive::{self, Directive};
use super::{Merge, Walked, is_unwritten_null};
use crate::Cursor;

/// Comparisons of items that one list may cost: some seconds, for lists of ten thousand items.
const MAX_COMPARISONS: usize = 100_000_000;

/// The text by which upstream compares scalars; collections and null have none.
pub(super) fn text(node: &Node) -> Cow<'_, str> {
    match &node.value {
        Value::Str(text) => Cow::Borrowed(text.as_str()),
        Value::Bool(value) => Cow::Owned(value.to_string()),
        Value::Int(value) => Cow::Owned(value.to_string()),
        Value::Uint(value) => Cow::Owned(value.to_string()),
        Value::Float(value) => Cow::Owned(value.to_string()),
        Value::Null | Value::List(_) | Value::Map(_) => Cow::Borrowed(""),
    }
}

/// Whether a list is as merging would leave it: every item has all keys (or is a scalar, without keys) and none comes
/// twice. The items themselves are not looked into.
pub(super) fn has_distinct_items(items: &[Node], keys: &[&str]) -> bool {
    let mut seen = BTreeSet::new();
    items.iter().all(|item| {
        let values: Option<Vec<Cow<'_, str>>> = match (keys, &item.value) {
            ([], Value::Map(_) | Value::List(_) | Value::Null) => None,
            ([], _) => Some(vec![text(item)]),
            (keys, _) => keys.iter().map(|key| Some(text(item.get(key)?))).collect(),
        };
        values.is_some_and(|values| values.iter().all(|value| !value.is_empty()) && seen.insert(values))
    })
}

/// The keys by which a list merges, one empty key for a list of scalars; `None` for a list that replaces.
fn merge_keys<'a>(schema: Option<Cursor<'a>>) -> Option<Vec<&'a str>> {
    let keys: Vec<&str> = schema?.merge_keys()?.collect();
    Some(if keys.is_empty() { vec![""] } else { keys })
}

/// An item's number.
type Slot = usize;

/// The values of an item's keys, empty where it has none.
type Values = Vec<Str>;

/// The items of base and patch while they merge.
struct Items<'k> {
    slots: Vec<Node>,
    base: Vec<Slot>,
    patch: Vec<Slot>,
    /// The patch's list is the base's list: the patch adds it, or the patch says nothing about it.
    one_list: bool,
    /// Keys of the schema; one empty key for a list of scalars.
    keys: Vec<&'k str>,
    /// Which slot each item of the patch went into; `None` when the patch deletes the item.
    went: Vec<(Slot, Option<Slot>)>,
}

/// A mismatch that upstream stops at: the item is of the wrong kind.
struct WrongKind(Slot);

impl<'k> Items<'k> {
    fn new(base: &List, patch: Option<&List>, keys: Vec<&'k str>) -> Self {
        let mut slots: Vec<Node> = base.to_vec();
        let base: Vec<Slot> = (0..slots.len()).collect();
        let patch_slots = match patch {
            Some(items) => {
                let start = slots.len();
                slots.extend(items.iter().cloned());
                (start..slots.len()).collect()
            }
            None => Vec::new(),
        };
        Self { slots, base, patch: patch_slots, one_list: patch.is_none(), keys, went: Vec::new() }
    }

    /// The rule for items that have some of several keys.
    fn half_keyed_rule(&self) -> &'static str {
        if self.keys.contains(&"protocol") {
            "kustomize/patch-port-without-protocol"
        } else {
            "kustomize/patch-item-without-merge-key"
        }
    }

    fn node(&self, slot: Slot) -> Option<&Node> {
        self.slots.get(slot)
    }

    /// The values of every item, those of the patch first; each combination once.
    fn values(&self) -> Vec<Values> {
        let mut seen = BTreeSet::new();
        let mut out = Vec::new();
        for slot in self.patch.iter().chain(&self.base) {
            let Some(item) = self.node(*slot) else { continue };
            let values: Values = if self.keys == [""] {
                vec![text(item).as_ref().into()]
            } else {
                self.keys.iter().map(|key| item.get(key).map(text).unwrap_or_default().as_ref().into()).collect()
            };
            if seen.insert(values.clone()) {
                out.push(values);
            }
        }
        out
    }

    /// The first item of a list whose keys have exactly these values. Keys without a value are left out, unless none has
    /// one: then the key must be there and be empty.
    fn find(&self, list: &[Slot], keys: &[&str], values: &[Str]) -> Option<Slot> {
        let all_empty = values.iter().all(|value| value.is_empty());
        let wanted: Vec<(&str, &Str)> =
            keys.iter().copied().zip(values).filter(|(_, value)| all_empty || !value.is_empty()).collect();
        list.iter().copied().find(|slot| {
            let Some(item) = self.node(*slot) else { return false };
            if wanted.first().is_some_and(|(key, _)| key.is_empty()) {
                return wanted.first().is_some_and(|(_, value)| text(item) == value.as_str());
            }
            wanted.iter().all(|(key, value)| {
                let field = item.get(key).filter(|field| !field.is_null() || is_unwritten_null(field));
                field.is_some_and(|field| text(field) == value.as_str())
            })
        })
    }

    /// Whether one item matches keys and values in the way in which items are set: an empty value matches any.
    fn matches(&self, slot: Slot, keys: &[&str], values: &[Str]) -> Result<bool, WrongKind> {
        let Some(item) = self.node(slot) else { return Ok(false) };
        let mut found = false;
        for (position, key) in keys.iter().enumerate() {
            // Upstream leaves the last answer standing for keys that have no value.
            if let Some(value) = values.get(position) {
                found = match &item.value {
                    Value::Map(_) if key.is_empty() => return Err(WrongKind(slot)),
                    Value::Map(map) => {
                        map.get(key).is_some_and(|field| value.is_empty() || text(field) == value.as_str())
                    }
                    Value::List(_) => return Err(WrongKind(slot)),
                    _ if key.is_empty() => text(item) == value.as_str(),
                    _ => return Err(WrongKind(slot)),
                };
            }
            if !found {
                return Ok(false);
            }
        }
        Ok(found)
    }

    /// Sets, replaces or (without `element`) takes away the items that match (kyaml/yaml/fns.go `ElementSetter`). Items
    /// that are null or empty go away on every call.
    fn set(&self, list: &mut Vec<Slot>, keys: &[&str], values: &[Str], element: Option<Slot>) -> Result<(), WrongKind> {
        let by_keys = keys.first().is_some_and(|key| !key.is_empty()) && values.first().is_some_and(|v| !v.is_empty());
        let mut matched = false;
        let mut kept = Vec::with_capacity(list.len() + 1);
        for slot in list.iter().copied() {
            let Some(item) = self.node(slot).filter(|item| !is_nothing(item)) else { continue };
            if by_keys && item.as_map().is_none() {
                kept.push(slot);
                continue;
            }
            if !self.matches(slot, keys, values)? {
                if !values.is_empty() {
                    kept.push(slot);
                }
                continue;
            }
            matched = true;
            kept.extend(element);
        }
        *list = kept;
        if let Some(element) = element.filter(|_| !matched)
            && self.node(element).is_some_and(|node| !node.is_null())
        {
            list.push(element);
        }
        Ok(())
    }

    fn remove_from_base(&mut self, keys: &[&str], values: &[Str]) -> Result<(), WrongKind> {
        let mut base = std::mem::take(&mut self.base);
        let result = self.set(&mut base, keys, values, None);
        self.base = base;
        result
    }

    /// Takes a node out of its slot; the null that stays counts as no item.
    fn take(&mut self, slot: Slot) -> Node {
        let nothing = Node::detached(Value::Null);
        self.slots.get_mut(slot).map_or_else(|| nothing.clone(), |node| std::mem::replace(node, nothing.clone()))
    }

    /// An item of the patch to be merged. Its directive is gone when it is looked at again.
    fn read_patch(&mut self, slot: Slot) -> Node {
        let Some(node) = self.slots.get_mut(slot) else { return Node::detached(Value::Null) };
        let read = node.clone();
        let _ = directive::take_from_map(node);
        read
    }

    /// The built list followed by what is left of the base (`appendListNode`).
    fn append_base(&self, mut built: Vec<Slot>, keys: &[&str]) -> Result<Vec<Slot>, WrongKind> {
        for slot in self.base.iter().copied() {
            let Some(item) = self.node(slot) else { continue };
            if keys.first().is_some_and(|key| key.is_empty()) {
                self.set(&mut built, keys, &[text(item).as_ref().into()], Some(slot))?;
                continue;
            }
            let mut values: Values = Vec::new();
            for key in keys {
                match &item.value {
                    Value::Map(map) => match map.get(key) {
                        Some(field) => values.push(text(field).as_ref().into()),
                        None => built.push(slot),
                    },
                    Value::Null => built.push(slot),
                    _ => return Err(WrongKind(slot)),
                }
            }
            if keys.len() > 1 {
                self.set(&mut built, keys, &values, None)?;
            }
            self.set(&mut built, keys, &values, Some(slot))?;
        }
        Ok(built)
    }
}

fn is_nothing(item: &Node) -> bool {
    item.is_null() || item.as_map().is_some_and(yaml::Map::is_empty)
}

/// Lets values that differ only where one is empty become the same, in upstream's order of looking (`mergeValues`).
fn unify(all: &mut [Values]) {
    if all.iter().flatten().all(|value| !value.is_empty()) {
        return;
    }
    for i in 0..all.len() {
        let Some(first) = all.get(i).cloned() else { continue };
        for j in 0..all.len() {
            let Some(joined) = all.get(j).and_then(|second| join(&first, second)) else { continue };
            for at in [i, j] {
                if let Some(slot) = all.get_mut(at) {
                    slot.clone_from(&joined);
                }
            }
        }
    }
}

fn join(first: &Values, second: &Values) -> Option<Values> {
    let mut common = false;
    let joined = first.iter().zip(second).map(|(a, b)| {
        common |= a == b;
        match (a.is_empty(), b.is_empty()) {
            (false, false) if a != b => None,
            (true, _) => Some(b.clone()),
            _ => Some(a.clone()),
        }
    });
    let joined: Option<Values> = joined.collect();
    joined.filter(|_| common)
}

impl<'a> Merge<'a> {
    pub(super) fn merge_lists(&mut self, base: Node, mut patch: Node, schema: Option<Cursor<'a>>) -> Walked {
        let Some(keys) = merge_keys(schema) else {
            self.warn_of_directive_in_data(&patch, 0);
            return Ok(Some(patch));
        };
        match self.take_from_list(&mut patch)? {
            Some(Directive::Delete) => Ok(None),
            Some(Directive::Replace) => self.adopt_list(patch, schema).map(Some),
            Some(Directive::Merge) | None => {
                let (Some(old), Some(new)) = (base.as_list(), patch.as_list()) else { return Ok(Some(base)) };
                let items = Items::new(old, Some(new), keys);
                self.merge_items(items, &base, true, schema).map(Some)
            }
        }
    }

    /// A list that the patch adds: base and patch at once.
    pub(super) fn adopt_list(&mut self, node: Node, schema: Option<Cursor<'a>>) -> Result<Node, Box<Diagnostic>> {
        match (merge_keys(schema), node.as_list()) {
            (Some(keys), Some(list)) => {
                let mut items = Items::new(list, None, keys);
                items.patch.clone_from(&items.base);
                self.merge_items(items, &node, true, schema)
            }
            _ => {
                self.warn_of_directive_in_data(&node, 0);
                Ok(node)
            }
        }
    }

    /// A list of the base about which the patch says nothing.
    pub(super) fn settle_list(&mut self, node: Node, schema: Option<Cursor<'a>>) -> Result<Node, Box<Diagnostic>> {
        match (merge_keys(schema), node.as_list()) {
            (Some(keys), Some(list)) => {
                let items = Items::new(list, None, keys);
                self.merge_items(items, &node, false, schema)
            }
            _ => Ok(node),
        }
    }

    /// Takes a directive that is the only field of the first item with one.
    pub(super) fn take_from_list(&mut self, patch: &mut Node) -> Result<Option<Directive>, Box<Diagnostic>> {
        let Some(items) = patch.as_list() else { return Ok(None) };
        let with_directive = |item: &&Node| item.get(directive::KEY).is_some();
        let Some(item) = items.iter().find(with_directive) else { return Ok(None) };
        let Some(value) = item.get(directive::KEY).filter(|_| item.as_map().is_some_and(|map| map.len() == 1)) else {
            return Ok(None);
        };
        let found = directive::parse(value).map_err(|unknown| self.unknown_directive(&unknown))?;
        let word = value.clone();
        if let Some(items) = patch.as_list_mut() {
            let keep =
                |item: &Node| !is_nothing(item) && (item.as_map().is_none() || item.get(directive::KEY) != Some(&word));
            *items = items.iter().filter(|item| keep(item)).cloned().collect();
        }
        Ok(Some(found))
    }

    fn merge_items(
        &mut self,
        mut items: Items<'a>,
        base: &Node,
        patched: bool,
        schema: Option<Cursor<'a>>,
    ) -> Result<Node, Box<Diagnostic>> {
        let schema_keys = items.keys.clone();
        let mut all = items.values();
        if all.len().saturating_mul(items.slots.len()) > MAX_COMPARISONS {
            let what = format!("{} is too large to be merged by its keys", self.place());
            return Err(Box::new(Diagnostic::error("kustomize/list-too-large", base.span, what)));
        }
        if schema_keys.len() > 1 {
            unify(&mut all);
        }
        let used: Vec<bool> =
            (0..schema_keys.len()).map(|at| all.iter().any(|v| v.get(at).is_some_and(|v| !v.is_empty()))).collect();
        let any_used = used.contains(&true);
        let valid = |at: &usize| !any_used || used.get(*at).copied().unwrap_or_default();
        let keys: Vec<&str> = schema_keys.iter().enumerate().filter(|(at, _)| valid(at)).map(|(_, key)| *key).collect();
        let element_schema = schema.and_then(Cursor::items);
        let mut built: Vec<Slot> = Vec::new();
        for values in &all {
            let values: Values =
                values.iter().enumerate().filter(|(at, _)| valid(at)).map(|(_, value)| value.clone()).collect();
            self.path.push(if values.iter().all(|v| v.is_empty()) { "-".into() } else { values.join(",").into() });
            let result = self.merge_item(&mut items, &mut built, &keys, &values, element_schema, patched);
            self.path.pop();
            match result? {
                Ok(()) => {}
                Err(wrong) => return Err(self.wrong_item(&items, wrong)),
            }
        }
        let merged = if all.is_empty() {
            items.base.clone()
        } else {
            items.append_base(built, &keys).map_err(|wrong| self.wrong_item(&items, wrong))?
        };
        if patched {
            self.warn_of_lost_items(&items, base, &merged);
        } else if merged.len() < items.slots.len() {
            self.warn_of_settled_list(&items, base, merged.len());
        }
        let slots = &items.slots;
        let list: List = merged.iter().filter_map(|slot| slots.get(*slot).cloned()).collect();
        Ok(Node::new(base.span, list))
    }

    /// Merges the items that have these values and puts the result into the built list.
    fn merge_item(
        &mut self,
        items: &mut Items<'a>,
        built: &mut Vec<Slot>,
        keys: &[&str],
        values: &[Str],
        schema: Option<Cursor<'a>>,
        patched: bool,
    ) -> Result<Result<(), WrongKind>, Box<Diagnostic>> {
        let old = items.find(&items.base, keys, values);
        let new = if items.one_list { old.filter(|_| patched) } else { items.find(&items.patch, keys, values) };
        let result = match (old, new) {
            (Some(slot), Some(same)) if slot == same => {
                let node = items.read_patch(slot);
                self.adopt(node, schema)?.map(|node| (slot, node))
            }
            (Some(slot), None) => {
                let node = items.take(slot);
                self.settle(node, schema)?.map(|node| (slot, node))
            }
            (None, Some(slot)) => {
                let node = items.read_patch(slot);
                self.walk(None, Some(node), schema)?.map(|node| (slot, node))
            }
            (Some(slot), Some(over)) => {
                let patch = items.read_patch(over);
                if patch.get(directive::KEY).and_then(Node::as_str) == Some("replace") {
                    // The patch's item is built, but the base's item takes its place when the base is appended: upstream's
                    // directive has no effect on an item that is there already.
                    let node = items.node(over).cloned().unwrap_or(patch);
                    Some((over, self.adopt_fields(node, schema)?))
                } else {
                    let node = items.take(slot);
                    // Only an item that is found again by all keys of the list goes away when it is deleted.
                    let before = (keys.len() > 1).then(|| node.clone());
                    let walked = self.walk(Some(node), Some(patch), schema)?;
                    if let (None, Some(before), Some(place)) = (&walked, before, items.slots.get_mut(slot)) {
                        *place = before;
                    }
                    walked.map(|node| (slot, node))
                }
            }
            (None, None) => None,
        };
        let result = result.filter(|(_, node)| !is_nothing(node));
        if let Some(new) = new {
            items.went.push((new, result.as_ref().map(|(slot, _)| *slot)));
        }
        let Some((slot, mut node)) = result else {
            let removed = items.remove_from_base(keys, values);
            if let (Some(old), Some(new)) = (old, new)
                && items.base.contains(&old)
            {
                self.warn_of_undeleted_item(items, old, new);
            }
            return Ok(removed);
        };
        let span = node.span;
        if let Some(map) = node.as_map_mut() {
            for (key, value) in keys.iter().zip(values) {
                if !map.contains_key(key) && !value.is_empty() {
                    map.push(Entry { key: (*key).into(), key_span: span, node: Node::new(span, value.clone()) });
                }
            }
        }
        if let Some(place) = items.slots.get_mut(slot) {
            *place = node;
        }
        Ok(items.set(built, keys, values, Some(slot)))
    }

    /// Says which items of the patch are not in the result.
    fn warn_of_lost_items(&mut self, items: &Items<'a>, base: &Node, merged: &[Slot]) {
        let single = items.keys.len() == 1;
        let mut warnings = Vec::new();
        for slot in items.patch.iter().copied() {
            let Some(item) = items.node(slot) else { continue };
            let went = items.went.iter().rev().find(|(patch, _)| *patch == slot).map(|(_, into)| *into);
            let missing = items.keys.iter().find(|key| !key.is_empty() && item.get(key).is_none());
            let list = self.place();
            let warning = match (went, missing) {
                (Some(None), _) => continue,
                (Some(Some(into)), _) if merged.contains(&into) => continue,
                (_, Some(key)) if single => {
                    let left =
                        if merged.is_empty() { "empty".to_owned() } else { format!("with {} items", merged.len()) };
                    let what = format!("an item without `{key}` breaks the merge of {list} and leaves it {left}");
                    Diagnostic::warning("kustomize/patch-item-without-merge-key", item.span, what)
                        .with_help(format!("name the item that is meant by its `{key}`, or use a JSON patch"))
                }
                (_, Some(key)) => {
                    let rule = items.half_keyed_rule();
                    let what =
                        format!("this item of {list} has no `{key}` and is lost: the items in the object have one");
                    Diagnostic::warning(rule, item.span, what).with_help(format!("add `{key}` to the item"))
                }
                (Some(Some(_)), None) => {
                    let what = format!("`$patch: replace` has no effect on an item of {list} that is there already");
                    Diagnostic::warning("kustomize/patch-item-lost", item.span, what)
                        .with_help("replace the whole list, or use a JSON patch")
                }
                (None, None) => {
                    let what = format!("this item of {list} is lost: the item in the object has not all of its keys");
                    Diagnostic::warning("kustomize/patch-item-lost", item.span, what)
                        .with_help(format!("give the item in the object {}", key_list(&items.keys)))
                }
            };
            warnings.push(warning.with_related(base.span, "the list in the object"));
        }
        // An item without any key hides what happens to its neighbours, so only the cause is told.
        warnings.dedup_by_key(|warning| (warning.rule, warning.span));
        self.sink.extend(warnings);
    }

    /// An item of the patch that deletes, but does not name all keys.
    fn warn_of_undeleted_item(&mut self, items: &Items<'a>, old: Slot, new: Slot) {
        let span = |slot| items.node(slot).map_or(source::Span::DETACHED, |node| node.span);
        let what = format!("an item of {} is not deleted: the patch does not name all of its keys", self.place());
        self.sink.push(
            Diagnostic::warning(items.half_keyed_rule(), span(new), what)
                .with_related(span(old), "this item stays")
                .with_help(format!("name {}", key_list(&items.keys))),
        );
    }

    /// A list that is not patched at all, but whose object is.
    fn warn_of_settled_list(&mut self, items: &Items<'a>, base: &Node, left: usize) {
        let what = format!(
            "{} has {} items, but only {left} are left once the object is patched: items that merge need distinct {}",
            self.place(),
            items.slots.len(),
            key_list(&items.keys),
        );
        self.sink.push(
            Diagnostic::warning("kustomize/list-items-collapse", base.span, what)
                .with_help("remove the duplicates, or add the missing keys"),
        );
    }

    fn wrong_item(&self, items: &Items<'a>, WrongKind(slot): WrongKind) -> Box<Diagnostic> {
        let (span, kind) = items.node(slot).map_or((source::Span::DETACHED, "null"), |n| (n.span, n.value.type_name()));
        let what = if items.keys == [""] {
            format!("{} merges by value, but this item is a {kind}", self.place())
        } else {
            format!("{} merges by {}, but this item is a {kind}", self.place(), key_list(&items.keys))
        };
        Box::new(Diagnostic::error("kustomize/patch-type-clash", span, what))
    }
}

fn key_list(keys: &[&str]) -> String {
    let keys: Vec<String> = keys.iter().filter(|key| !key.is_empty()).map(|key| format!("`{key}`")).collect();
    if keys.is_empty() { "values".to_owned() } else { keys.join(" and ") }
}
