//! Templates by name: those of the files, and those that a `tpl` adds for as long as it runs.

use std::collections::HashMap;
use std::rc::Rc;
use std::sync::Arc;

use crate::parse::{Parsed, Tree};

/// Named templates. Names are global: a later one replaces an earlier one of the same name, unless it is empty.
#[derive(Clone, Debug, Default)]
pub struct Set {
    trees: HashMap<Arc<str>, Arc<Tree>>,
}

impl Set {
    /// No templates.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds the templates of one text.
    pub fn add(&mut self, parsed: &Parsed) {
        for tree in &parsed.trees {
            if !(tree.is_empty && self.trees.contains_key(&tree.name)) {
                self.trees.insert(Arc::clone(&tree.name), Arc::clone(tree));
            }
        }
    }
}

/// What a running template can name: the set, and what the `tpl` calls around it define.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Base<'e>(pub(crate) &'e Set);

/// The definitions of one `tpl` call over those around it.
#[derive(Debug)]
pub(crate) struct Layer {
    outer: Option<Rc<Layer>>,
    set: Set,
}

impl Base<'_> {
    /// The template called `name`.
    pub(crate) fn find(self, layer: Option<&Rc<Layer>>, name: &str) -> Option<Arc<Tree>> {
        let mut next = layer;
        while let Some(layer) = next {
            if let Some(tree) = layer.set.trees.get(name) {
                return Some(Arc::clone(tree));
            }
            next = layer.outer.as_ref();
        }
        self.0.trees.get(name).map(Arc::clone)
    }

    /// A layer with the templates of one text; empty ones do not hide others.
    pub(crate) fn layer(self, outer: Option<&Rc<Layer>>, parsed: &Parsed) -> Rc<Layer> {
        let hides = |tree: &&Arc<Tree>| !(tree.is_empty && self.find(outer, &tree.name).is_some());
        let trees = parsed.trees.iter().filter(hides).map(|tree| (Arc::clone(&tree.name), Arc::clone(tree)));
        Rc::new(Layer { outer: outer.cloned(), set: Set { trees: trees.collect() } })
    }
}
