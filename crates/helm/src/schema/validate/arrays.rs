//! Keywords for arrays.

use super::super::compile::{Additional, ArrayKeywords, Items};
use super::super::draft::Draft;
use super::super::instance::{Instance, duplicates};
use super::super::localized::integer;
use super::{Step, Validator, count};
use crate::schema::compile::Id;

impl<'v, T: Instance> Validator<'_, '_, 'v, T> {
    pub(super) fn array(&mut self, items: &'v [T]) {
        let Some(keywords) = &self.scope.schema.array else { return };
        let got = i64::try_from(items.len()).unwrap_or(i64::MAX);
        if let Some(want) = keywords.min_items.filter(|want| got < *want) {
            self.fail(|| format!("minItems: got {}, want {}", integer(got), integer(want)));
        }
        if let Some(want) = keywords.max_items.filter(|want| got > *want) {
            self.fail(|| format!("maxItems: got {}, want {}", integer(got), integer(want)));
        }
        if keywords.unique
            && let Some((first, second)) = duplicates(items)
        {
            self.fail(|| format!("items at {} and {} are equal", count(first), count(second)));
        }
        if self.scope.schema.draft < Draft::Draft2020 {
            self.items_before_2020(keywords, items);
        } else {
            self.each(&keywords.prefix, items);
            if let Some(id) = keywords.rest {
                self.all(id, items, keywords.prefix.len());
            }
        }
        if let Some(id) = keywords.contains {
            self.contains(keywords, id, items);
        }
    }

    fn items_before_2020(&mut self, keywords: &ArrayKeywords, items: &'v [T]) {
        let evaluated = match &keywords.items {
            None => 0,
            Some(Items::All(id)) => {
                self.all(*id, items, 0);
                items.len()
            }
            Some(Items::Each(ids)) => {
                self.each(ids, items);
                ids.len().min(items.len())
            }
        };
        match keywords.additional {
            Some(Additional::Allowed(false)) if evaluated != items.len() => {
                let extra = items.len() - evaluated;
                self.fail(|| format!("last {} additionalItem(s) not allowed", count(extra)));
            }
            Some(Additional::Schema(id)) => self.all(id, items, evaluated),
            _ => {}
        }
    }

    fn each(&mut self, ids: &[Id], items: &'v [T]) {
        for (index, (id, item)) in ids.iter().zip(items).enumerate() {
            let result = self.below(*id, item, Step::Item(index));
            self.add(result);
        }
    }

    /// Applies a schema to the items from `skip` on. Upstream counts these from 0 again in where it says they are.
    fn all(&mut self, id: Id, items: &'v [T], skip: usize) {
        for (index, item) in items.iter().skip(skip).enumerate() {
            let result = self.below(id, item, Step::Item(index));
            self.add(result);
        }
    }

    fn contains(&mut self, keywords: &ArrayKeywords, id: Id, items: &'v [T]) {
        let mut matched = Vec::new();
        let mut failures = Vec::new();
        for (index, item) in items.iter().enumerate() {
            match self.below(id, item, Step::Item(index)) {
                Err(failure) => failures.push(failure),
                Ok(()) => {
                    matched.push(index);
                    if self.scope.schema.draft >= Draft::Draft2020 {
                        self.left.items.remove(&index);
                    }
                }
            }
        }
        let got = i64::try_from(matched.len()).unwrap_or(i64::MAX);
        let places = || matched.iter().map(usize::to_string).collect::<Vec<_>>().join(" ");
        match keywords.min_contains {
            Some(want) if got < want => self.fail_with(failures, || {
                let want = integer(want);
                match got {
                    0 => format!("min {want} items required to match contains schema, but none matched"),
                    _ => format!(
                        "min {want} items required to match contains schema, but matched {} items at {}",
                        integer(got),
                        places()
                    ),
                }
            }),
            None if matched.is_empty() => {
                self.fail_with(failures, || "no items match contains schema".to_owned());
            }
            _ => {}
        }
        if let Some(want) = keywords.max_contains.filter(|want| got > *want) {
            self.fail(|| {
                let (want, got, places) = (integer(want), integer(got), places());
                format!("max {want} items required to match contains schema, but matched {got} items at {places}")
            });
        }
    }
}
