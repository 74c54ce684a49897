//! What every step of one build can reach: the files, the texts, the limits, and the place where findings go.

use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::sync::Arc;

use object::{Action, Step};
use source::{Diagnostic, Files, Sources, Span, TreePath};

use yaml::Str;

use crate::accumulate::Base;
use crate::decode::Text;
use crate::kustomization::Kustomization;
use crate::{Memo, Options};

/// Marks that an error was reported to the [`Context`]; the one who sees it only has to stop or to go on with the next.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Reported;

/// A directory, and the namespace that charts in it take on.
pub(crate) type BaseKey = (TreePath, Option<Str>);

/// One build.
pub(crate) struct Context<'a> {
    pub(crate) files: &'a dyn Files,
    pub(crate) sources: &'a Sources,
    pub(crate) memo: &'a Memo,
    pub(crate) options: &'a Options<'a>,
    pub(crate) diagnostics: RefCell<Vec<Diagnostic>>,
    /// Schema that strategic merges use, chosen by `openapi` fields on the way.
    pub(crate) schema: RefCell<crate::patches::SchemaChoice>,
    /// Objects handed from one layer to the next so far, counted against the limit.
    pub(crate) handled: Cell<usize>,
    /// What directories without a say of their user in them gave, by the namespace that charts in them take on.
    pub(crate) bases: RefCell<HashMap<BaseKey, Arc<Base>>>,
}

impl<'a> Context<'a> {
    pub(crate) fn new(files: &'a dyn Files, sources: &'a Sources, memo: &'a Memo, options: &'a Options<'a>) -> Self {
        Self {
            files,
            sources,
            memo,
            options,
            diagnostics: RefCell::default(),
            schema: RefCell::default(),
            handled: Cell::new(0),
            bases: RefCell::default(),
        }
    }

    /// Takes an error; the caller stops what it was doing.
    pub(crate) fn fail(&self, diagnostic: impl Into<Box<Diagnostic>>) -> Reported {
        self.diagnostics.borrow_mut().push(*diagnostic.into());
        Reported
    }

    /// Counts objects that join the `there` objects of a layer.
    pub(crate) fn count(&self, there: usize, joining: usize, span: Span) -> Result<(), Reported> {
        if self.exhausted() {
            return Err(Reported);
        }
        let limit = self.options.limits.objects;
        self.handled.set(self.handled.get().saturating_add(joining));
        if there.saturating_add(joining) <= limit && !self.exhausted() {
            return Ok(());
        }
        self.handled.set(usize::MAX);
        let message = format!("this build has more than {limit} objects");
        let diagnostic = Diagnostic::error("kustomize/too-many-objects", span, message);
        Err(self.fail(diagnostic.with_help("bases that include each other several times multiply; include each once")))
    }

    /// Whether the build did more than it may: the limit on objects, met in a few layers.
    pub(crate) fn exhausted(&self) -> bool {
        const LAYERS: usize = 8;
        self.handled.get() > self.options.limits.objects.saturating_mul(LAYERS)
    }

    /// How a user would write a directory.
    pub(crate) fn display(&self, directory: &TreePath) -> String {
        let shown = self.files.display(directory);
        if shown.is_empty() { ".".to_owned() } else { shown }
    }

    /// Takes a warning.
    pub(crate) fn warn(&self, diagnostic: Diagnostic) {
        let mut diagnostics = self.diagnostics.borrow_mut();
        if !diagnostics.contains(&diagnostic) {
            diagnostics.push(diagnostic);
        }
    }
}

/// One kustomization file in the course of a build.
pub(crate) struct Layer {
    /// The directory, with links resolved; relative paths start here.
    pub(crate) directory: TreePath,
    /// The kustomization file as a user would write it.
    pub(crate) name: Arc<str>,
    /// The file's own name, without a path.
    pub(crate) file_name: Arc<str>,
    /// The way here from the entry, when objects are to say where they come from.
    pub(crate) route: Option<String>,
    /// The namespace of the layers that include this one, innermost first; only charts take it on.
    pub(crate) inherited_namespace: Option<Text>,
    /// What the file says.
    pub(crate) kustomization: Kustomization,
}

impl Layer {
    /// The namespace that layers below take on for their charts.
    pub(crate) fn handed_on(&self) -> Option<&Text> {
        self.kustomization.namespace.as_ref().or(self.inherited_namespace.as_ref())
    }

    /// A step of an object's history that this layer did.
    pub(crate) fn step(&self, action: Action, by: Span) -> Step {
        Step { action, by, layer: self.name.clone() }
    }
}
