//! The field specs of all transformers together: the defaults, and what `configurations` and `crds` add to them.

use std::sync::{Arc, LazyLock};

use object::Gvk;

use super::{FieldSpec, tables};
use crate::order::DEFAULT_ORDER;

/// Objects of one kind and the fields that hold their names.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct ReferenceSpec {
    /// Kind that is referred to; empty group and version match anything.
    pub(crate) target: Gvk,
    /// Fields that refer to it.
    pub(crate) referrers: Vec<FieldSpec>,
}

/// The field specs of all transformers.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub(crate) struct Config {
    pub(crate) name_prefix: Vec<FieldSpec>,
    pub(crate) name_suffix: Vec<FieldSpec>,
    pub(crate) namespace: Vec<FieldSpec>,
    pub(crate) common_labels: Vec<FieldSpec>,
    pub(crate) labels: Vec<FieldSpec>,
    pub(crate) template_labels: Vec<FieldSpec>,
    pub(crate) common_annotations: Vec<FieldSpec>,
    pub(crate) name_reference: Vec<ReferenceSpec>,
    pub(crate) var_reference: Vec<FieldSpec>,
    pub(crate) images: Vec<FieldSpec>,
    pub(crate) replicas: Vec<FieldSpec>,
}

/// Two specs of one field disagree about making it when it is missing.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Conflict {
    /// The path of the field.
    pub(crate) path: Box<str>,
}

impl Config {
    /// The compiled-in field specs.
    pub(crate) fn defaults() -> Arc<Self> {
        static DEFAULTS: LazyLock<Arc<Config>> = LazyLock::new(|| {
            let specs = |rows: &[tables::Row]| {
                let spec = |row: &tables::Row| FieldSpec::new(row.0, row.1, row.2, row.3, row.4);
                rows.iter().map(spec).collect::<Vec<_>>()
            };
            let mut config = Config {
                name_prefix: specs(tables::NAME_PREFIX),
                name_suffix: specs(tables::NAME_SUFFIX),
                namespace: specs(tables::NAMESPACE),
                common_labels: specs(tables::COMMON_LABELS),
                labels: Vec::new(),
                template_labels: specs(tables::TEMPLATE_LABELS),
                common_annotations: specs(tables::COMMON_ANNOTATIONS),
                name_reference: tables::NAME_REFERENCE
                    .iter()
                    .map(|(group, version, kind, rows)| ReferenceSpec {
                        target: Gvk { group: (*group).into(), version: (*version).into(), kind: (*kind).into() },
                        referrers: specs(rows),
                    })
                    .collect(),
                var_reference: specs(tables::VAR_REFERENCE),
                images: specs(tables::IMAGES),
                replicas: specs(tables::REPLICAS),
            };
            config.sort();
            Arc::new(config)
        });
        DEFAULTS.clone()
    }

    /// Adds the specs of `other` that are not there yet.
    pub(crate) fn merge(&mut self, other: &Config) -> Result<(), Conflict> {
        merge_all(&mut self.name_prefix, &other.name_prefix)?;
        merge_all(&mut self.name_suffix, &other.name_suffix)?;
        merge_all(&mut self.namespace, &other.namespace)?;
        merge_all(&mut self.common_annotations, &other.common_annotations)?;
        merge_all(&mut self.common_labels, &other.common_labels)?;
        merge_all(&mut self.labels, &other.labels)?;
        merge_all(&mut self.template_labels, &other.template_labels)?;
        merge_all(&mut self.var_reference, &other.var_reference)?;
        for reference in &other.name_reference {
            self.add_reference(reference)?;
        }
        merge_all(&mut self.images, &other.images)?;
        merge_all(&mut self.replicas, &other.replicas)?;
        self.sort();
        Ok(())
    }

    /// Adds one rule for names.
    pub(crate) fn add_reference(&mut self, reference: &ReferenceSpec) -> Result<(), Conflict> {
        let mut found = false;
        for own in self.name_reference.iter_mut().filter(|own| own.target == reference.target) {
            merge_all(&mut own.referrers, &reference.referrers)?;
            found = true;
        }
        if !found {
            self.name_reference.push(reference.clone());
        }
        Ok(())
    }

    pub(crate) fn sort(&mut self) {
        for specs in [
            &mut self.name_prefix,
            &mut self.name_suffix,
            &mut self.namespace,
            &mut self.common_labels,
            &mut self.labels,
            &mut self.template_labels,
            &mut self.common_annotations,
            &mut self.var_reference,
            &mut self.images,
            &mut self.replicas,
        ] {
            specs.sort_by_cached_key(|spec| GvkKey::of(&spec.gvk()));
        }
        self.name_reference.sort_by_cached_key(|reference| GvkKey::of(&reference.target));
    }
}

/// Adds specs that are not there yet.
pub(crate) fn merge_all(specs: &mut Vec<FieldSpec>, incoming: &[FieldSpec]) -> Result<(), Conflict> {
    incoming.iter().try_for_each(|spec| merge_one(specs, spec))
}

/// Adds a spec unless one that covers it is there.
pub(crate) fn merge_one(specs: &mut Vec<FieldSpec>, spec: &FieldSpec) -> Result<(), Conflict> {
    let covered = |own: &&FieldSpec| {
        let covers = |own: &str, other: &str| other.is_empty() || own == other;
        own.path == spec.path
            && covers(&own.group, &spec.group)
            && covers(&own.version, &spec.version)
            && covers(&own.kind, &spec.kind)
    };
    match specs.iter().find(covered) {
        Some(own) if own.create != spec.create => Err(Conflict { path: spec.path.clone() }),
        Some(_) => Ok(()),
        None => {
            specs.push(spec.clone());
            Ok(())
        }
    }
}

#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct GvkKey(i32, String);

impl GvkKey {
    fn of(gvk: &Gvk) -> Self {
        Self(DEFAULT_ORDER.rank(&gvk.kind), crate::order::gvk_text(gvk))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn merging_the_defaults_with_nothing_or_themselves_changes_nothing() {
        let defaults = Config::defaults();
        let mut config = Config::default();
        config.merge(&defaults).unwrap();
        assert_eq!(config, *defaults);
        config.merge(&defaults).unwrap();
        assert_eq!(config, *defaults);
    }

    #[test]
    fn a_narrow_spec_hides_a_wide_one_that_comes_after_it() {
        let mut config = Config::clone(&Config::defaults());
        let narrow = FieldSpec::new("", "", "Foo", "metadata/name", false);
        config.merge(&Config { name_prefix: vec![narrow.clone()], ..Config::default() }).unwrap();
        assert_eq!(config.name_prefix.len(), 2);
        let mut merged = Config::default();
        merged.merge(&config).unwrap();
        assert_eq!(merged.name_prefix, [narrow]);
    }
}
