//! The order of keys in printed mappings: go-yaml v2's natural order (`sorter.go`, v2.4.2).
//!
//! Upstream compares numbers inside keys by value, so `a2` comes before `a10`. Its comparison is not transitive
//! (`v1b < v2 < v10 < v1b`); where keys form such a ring, upstream prints them in an order that changes from run to run.
//! Here the order then depends on the set of keys alone.

use std::cmp::Ordering;

use super::letters::{is_digit, is_letter};
use crate::Entry;

/// Sorts the fields of a mapping as upstream prints them.
///
/// The standard sorts may panic when a comparison is not transitive, so this is a merge sort of its own; it starts from
/// the order of bytes, which makes the result independent of the order of insertion.
pub(crate) fn sort(entries: &mut [&Entry]) {
    entries.sort_unstable_by(|a, b| a.key.as_bytes().cmp(b.key.as_bytes()));
    let in_order = entries.windows(2).all(|pair| match pair {
        [a, b] => !precedes(&b.key, &a.key),
        _ => true,
    });
    if !in_order {
        merge_sort(entries);
    }
}

fn merge_sort(entries: &mut [&Entry]) {
    let mut from = entries.to_vec();
    let mut into = Vec::with_capacity(from.len());
    let mut width = 1;
    while width < from.len() {
        into.clear();
        for pair in from.chunks(width * 2) {
            let (mut left, mut right) = pair.split_at(width.min(pair.len()));
            while let (Some((a, left_rest)), Some((b, right_rest))) = (left.split_first(), right.split_first()) {
                if precedes(&b.key, &a.key) {
                    into.push(*b);
                    right = right_rest;
                } else {
                    into.push(*a);
                    left = left_rest;
                }
            }
            into.extend_from_slice(left);
            into.extend_from_slice(right);
        }
        std::mem::swap(&mut from, &mut into);
        width *= 2;
    }
    entries.copy_from_slice(&from);
}

/// Whether upstream's `Less` holds for two keys.
fn precedes(a: &str, b: &str) -> bool {
    let mut same = a.bytes().zip(b.bytes()).take_while(|(a, b)| a == b).count();
    while !a.is_char_boundary(same) || !b.is_char_boundary(same) {
        same -= 1;
    }
    let (prefix, a) = a.split_at(same);
    let b = b.get(same..).unwrap_or_default();
    let (Some(first_a), Some(first_b)) = (a.chars().next(), b.chars().next()) else {
        return a.is_empty() && !b.is_empty();
    };
    match (is_letter(first_a), is_letter(first_b)) {
        (true, true) => return first_a < first_b,
        (true, false) => return false,
        (false, true) => return true,
        (false, false) => {}
    }
    // Zeros count only inside a number, so a digit other than zero before them starts both sides at one.
    let zero = first_a == '0' || first_b == '0';
    let inside = zero && prefix.chars().rev().take_while(|c| is_digit(*c)).any(|c| c != '0');
    let start = i64::from(inside);
    let ((number_a, length_a), (number_b, length_b)) = (leading_number(a, start), leading_number(b, start));
    match number_a.cmp(&number_b).then(length_a.cmp(&length_b)) {
        Ordering::Equal => first_a < first_b,
        other => other == Ordering::Less,
    }
}

/// The value of the digits at the start, and how many there are. The value wraps around as Go's `int64` does.
fn leading_number(text: &str, start: i64) -> (i64, usize) {
    text.chars().take_while(|c| is_digit(*c)).fold((start, 0), |(value, length), digit| {
        let digit = i64::from(u32::from(digit)) - i64::from(u32::from('0'));
        (value.wrapping_mul(10).wrapping_add(digit), length + 1)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Map, Node};

    fn sorted(keys: &[&str]) -> Vec<String> {
        let map: Map = keys.iter().map(|k| (*k, Node::detached(true))).collect();
        let mut entries: Vec<&Entry> = map.iter().collect();
        sort(&mut entries);
        entries.iter().map(|e| e.key.to_string()).collect()
    }

    #[test]
    fn numbers_count_by_value_and_letters_come_last() {
        assert_eq!(
            sorted(&["a10", "a2", "a", "1", "10", "2", "_", "B", "b"]),
            ["_", "1", "2", "10", "B", "a", "a2", "a10", "b"]
        );
    }

    #[test]
    fn rings_end_and_do_not_depend_on_insertion() {
        let keys: Vec<String> = (0..200).flat_map(|i| [format!("v{i}b"), format!("v{}", i * 7)]).collect();
        let keys: Vec<&str> = keys.iter().map(String::as_str).collect();
        let backwards: Vec<&str> = keys.iter().rev().copied().collect();
        assert_eq!(sorted(&keys), sorted(&backwards));
    }
}
