//! Which items of two lists belong together.
//!
//! Items that are maps are matched by the fields that name them, so that an inserted container is one addition and not a
//! change of every container after it. Other lists are matched by their longest common part.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};

use object::Segment;
use object::field_path::plain_text;
use yaml::{Node, Str, Value, to_json};

/// Fields that name an item, the first set that all items have and that tells them apart. A field with `?` may be
/// missing.
const KEYS: [&[&str]; 13] = [
    &["name", "kind?", "namespace?"],
    &["containerPort", "protocol?"],
    &["port", "protocol?"],
    &["mountPath"],
    &["devicePath"],
    &["topologyKey", "whenUnsatisfiable?"],
    &["key"],
    &["ip"],
    &["host"],
    &["path"],
    &["id"],
    &["uid"],
    &["type"],
];

/// Cells of the table for the longest common part; lists whose differing parts are larger are matched by position.
const CELLS: usize = 1_000_000;

/// An item on one side or both.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Pair {
    /// How the item is named in paths.
    pub(crate) segment: Segment,
    /// Its position before.
    pub(crate) old: Option<usize>,
    /// Its position after.
    pub(crate) new: Option<usize>,
}

/// The pairs in an order for people, and whether items that are on both sides come in another order.
pub(crate) fn align(old: &[Node], new: &[Node]) -> (Vec<Pair>, bool) {
    let by_keys = KEYS.iter().find_map(|keys| Some((named(old, keys)?, named(new, keys)?)));
    match by_keys {
        Some((old, new)) if !old.is_empty() || !new.is_empty() => by_name(&old, &new),
        _ => (by_content(old, new), false),
    }
}

type Name = Vec<(Str, Str)>;

/// The names of all items by these fields; nothing unless each has one of its own.
fn named(items: &[Node], keys: &[&str]) -> Option<Vec<Name>> {
    let names: Vec<Name> = items.iter().map(|item| name(item, keys)).collect::<Option<_>>()?;
    let mut sorted: Vec<&Name> = names.iter().collect();
    sorted.sort();
    let distinct = sorted.windows(2).all(|pair| !matches!(pair, [a, b] if a == b));
    distinct.then_some(names)
}

fn name(item: &Node, keys: &[&str]) -> Option<Name> {
    let map = item.as_map()?;
    let mut name = Name::new();
    for key in keys {
        let (key, optional) = key.strip_suffix('?').map_or((*key, false), |key| (key, true));
        match map.get(key).map(plain_text) {
            // The default, which a port may as well leave out.
            Some(text) if key == "protocol" && text == "TCP" => {}
            Some(text) if !text.is_empty() => name.push((key.into(), Str::from(&*text))),
            _ if optional => {}
            _ => return None,
        }
    }
    Some(name)
}

fn by_name(old: &[Name], new: &[Name]) -> (Vec<Pair>, bool) {
    let mut positions: BTreeMap<&Name, usize> = new.iter().zip(0..).collect();
    let mut pairs: Vec<Pair> = old
        .iter()
        .enumerate()
        .map(|(at, name)| Pair { segment: Segment::Keyed(name.clone()), old: Some(at), new: positions.remove(name) })
        .collect();
    let order: Vec<usize> = pairs.iter().filter_map(|pair| pair.new).collect();
    let mut added: Vec<usize> = positions.into_values().collect();
    added.sort_unstable();
    pairs.extend(added.into_iter().filter_map(|at| {
        let segment = Segment::Keyed(new.get(at)?.clone());
        Some(Pair { segment, old: None, new: Some(at) })
    }));
    (pairs, !order.is_sorted())
}

fn by_content(old: &[Node], new: &[Node]) -> Vec<Pair> {
    // Equal items get equal numbers, so that comparing is cheap however large they are.
    let mut numbers: HashMap<Cow<'_, str>, usize> = HashMap::new();
    let mut number = |item| {
        let next = numbers.len();
        *numbers.entry(content(item)).or_insert(next)
    };
    let old: Vec<usize> = old.iter().map(&mut number).collect();
    let new: Vec<usize> = new.iter().map(&mut number).collect();

    let start = old.iter().zip(&new).take_while(|(a, b)| a == b).count();
    let rest = |items: &[usize]| items.get(start..).unwrap_or_default().to_vec();
    let (mut old_middle, mut new_middle) = (rest(&old), rest(&new));
    let end = old_middle.iter().rev().zip(new_middle.iter().rev()).take_while(|(a, b)| a == b).count();
    old_middle.truncate(old_middle.len() - end);
    new_middle.truncate(new_middle.len() - end);

    let mut common: Vec<(usize, usize)> = (0..start).map(|at| (at, at)).collect();
    common.extend(longest_common(&old_middle, &new_middle).into_iter().map(|(a, b)| (a + start, b + start)));
    common.extend((0..end).rev().map(|back| (old.len() - 1 - back, new.len() - 1 - back)));
    common.push((old.len(), new.len()));

    let (mut pairs, mut from) = (Vec::new(), (0, 0));
    for (a, b) in common {
        // What lies between two common items is taken for the same items with other content, as far as it goes.
        for offset in 0..(a - from.0).max(b - from.1) {
            let old = Some(from.0 + offset).filter(|at| *at < a);
            let new = Some(from.1 + offset).filter(|at| *at < b);
            let segment = Segment::Index(new.or(old).unwrap_or_default());
            pairs.push(Pair { segment, old, new });
        }
        if a < old.len() {
            pairs.push(Pair { segment: Segment::Index(b), old: Some(a), new: Some(b) });
        }
        from = (a + 1, b + 1);
    }
    pairs
}

fn content(item: &Node) -> Cow<'_, str> {
    match &item.value {
        // A quote tells strings from everything else, as in JSON.
        Value::Str(text) => Cow::Owned(format!("\"{text}")),
        _ => Cow::Owned(to_json(item)),
    }
}

/// Positions of the longest common subsequence, in order.
fn longest_common(old: &[usize], new: &[usize]) -> Vec<(usize, usize)> {
    let width = new.len() + 1;
    if old.is_empty() || new.is_empty() || (old.len() + 1).saturating_mul(width) > CELLS {
        return Vec::new();
    }
    // `lengths[a * width + b]` is the length for what follows the positions `a` and `b`.
    let mut lengths = vec![0_u32; (old.len() + 1) * width];
    let at = |lengths: &[u32], a: usize, b: usize| lengths.get(a * width + b).copied().unwrap_or(0);
    for (a, left) in old.iter().enumerate().rev() {
        for (b, right) in new.iter().enumerate().rev() {
            let length = if left == right {
                at(&lengths, a + 1, b + 1) + 1
            } else {
                at(&lengths, a + 1, b).max(at(&lengths, a, b + 1))
            };
            if let Some(cell) = lengths.get_mut(a * width + b) {
                *cell = length;
            }
        }
    }
    let (mut a, mut b, mut common) = (0, 0, Vec::new());
    while let (Some(left), Some(right)) = (old.get(a), new.get(b)) {
        if left == right {
            common.push((a, b));
            (a, b) = (a + 1, b + 1);
        } else if at(&lengths, a + 1, b) >= at(&lengths, a, b + 1) {
            a += 1;
        } else {
            b += 1;
        }
    }
    common
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn items(texts: &[u8]) -> Vec<Node> {
        texts.iter().map(|text| Node::detached(i64::from(*text))).collect()
    }

    proptest! {
        /// Every item is in exactly one pair, in order, and equal items that are alone on both sides meet.
        #[test]
        fn every_item_is_paired_once(
            old in prop::collection::vec(0_u8..5, 0..12),
            new in prop::collection::vec(0_u8..5, 0..12),
        ) {
            let (pairs, reordered) = align(&items(&old), &items(&new));
            prop_assert!(!reordered);
            prop_assert!(pairs.iter().filter_map(|p| p.old).eq(0..old.len()));
            prop_assert!(pairs.iter().filter_map(|p| p.new).eq(0..new.len()));
            let same = pairs.iter().filter(|p| matches!((p.old, p.new), (Some(a), Some(b)) if old[a] == new[b])).count();
            prop_assert!(old != new || same == old.len());
        }
    }
}
