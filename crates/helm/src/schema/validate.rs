//! Applying a schema to a value (`validator.go`): which keywords are looked at in which order, and what is said.

mod arrays;
mod objects;
mod scalars;

use std::cell::{Cell, RefCell};
use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use super::compile::{Id, Schema, Schemas, TYPES};
use super::draft::Draft;
use super::failure::{Failure, Kind};
use super::instance::{Instance, Shape, equal};
use super::localized::quote;
use super::location::escape;

/// Schemas inside of schemas that may be open at once; upstream has no bound.
const MAX_DEPTH: usize = 2_000;

/// Schemas that may be applied in all, and how many more for each value in the one that is validated: without a bound, a
/// few lines of `allOf` take for ever. The schema for schemas takes some dozens for each value of a schema.
const MAX_STEPS: u64 = 1_000_000;
const MORE_STEPS: u64 = 500;

/// A schema with those that it refers to.
#[derive(Clone, Copy)]
pub(super) struct Whole<'s> {
    pub(super) schemas: &'s Schemas,
    pub(super) root: Id,
}

/// What holds for all of one validation.
struct Run<'s> {
    /// When a schema is validated: the schemas for the parts of it that have a dialect of their own, by their place.
    parts: Option<&'s HashMap<Arc<str>, Whole<'s>>>,
    depth: Cell<usize>,
    /// How many are left.
    steps: Cell<u64>,
    /// Why the validation was given up.
    stopped: RefCell<Option<String>>,
}

/// The way to a value, from the inside out.
struct Location<'a> {
    above: Option<&'a Location<'a>>,
    step: Step<'a>,
}

#[derive(Clone, Copy)]
enum Step<'a> {
    Root,
    Field(&'a str),
    Item(usize),
}

impl Location<'_> {
    fn pointer(&self) -> String {
        let mut parts = Vec::new();
        let mut location = Some(self);
        while let Some(Location { above, step }) = location {
            match step {
                Step::Root => {}
                Step::Field(name) => parts.push(escape(name)),
                Step::Item(index) => parts.push(index.to_string()),
            }
            location = *above;
        }
        parts.iter().rev().fold(String::new(), |pointer, part| pointer + "/" + part)
    }
}

/// The schemas that are open, from the inside out.
#[derive(Clone, Copy)]
struct Scope<'a, 's> {
    above: Option<&'a Scope<'a, 's>>,
    schemas: &'s Schemas,
    id: Id,
    schema: &'s Schema,
    /// The keyword, where a reference led here.
    keyword: &'static str,
    /// How far down the value is: schemas for the same value have the same.
    level: usize,
}

impl<'s> Scope<'_, 's> {
    /// The same schema, open for the same value.
    fn cycle(&self) -> Option<&Self> {
        let mut scope = self.above;
        while let Some(above) = scope.filter(|above| above.level == self.level) {
            if std::ptr::eq(above.schema, self.schema) {
                return Some(above);
            }
            scope = above.above;
        }
        None
    }

    /// The keywords on the way here.
    fn keywords(&self) -> String {
        let mut parts = Vec::new();
        let mut scope = self;
        while let Some(above) = scope.above {
            if scope.keyword.is_empty() {
                let (own, outer) = (scope.schema.place.to_string(), above.schema.place.to_string());
                parts.push(own.get(outer.len()..).unwrap_or_default().to_owned());
            } else {
                parts.push(format!("/{}", scope.keyword));
            }
            scope = above;
        }
        parts.reverse();
        parts.concat()
    }

    fn resource(&self) -> Option<&'s Schema> {
        self.schemas.get(self.schema.resource)
    }
}

/// Fields and items that no keyword has looked at so far.
#[derive(Default)]
struct Unevaluated<'v> {
    fields: BTreeSet<&'v str>,
    items: BTreeSet<usize>,
}

impl<'v> Unevaluated<'v> {
    /// All of a value, if somebody asks for what is left of it.
    fn of<T: Instance>(value: &'v T, schema: &Schema, asked: bool) -> Self {
        let asks_fields = schema.object.as_ref().is_some_and(|object| object.unevaluated.is_some());
        let asks_items = schema.array.as_ref().is_some_and(|array| array.unevaluated.is_some());
        let mut left = Self::default();
        match value.shape() {
            Shape::Object if !schema.all_properties_evaluated && (asked || asks_fields) => {
                left.fields = value.fields().into_iter().map(|(name, _)| name.as_str()).collect();
            }
            Shape::List(items) if !schema.all_items_evaluated && (asked || asks_items) => {
                left.items = (schema.items_evaluated..items.len()).collect();
            }
            _ => {}
        }
        left
    }

    fn is_empty(&self) -> bool {
        self.fields.is_empty() && self.items.is_empty()
    }

    fn keep(&mut self, other: &Self) {
        self.fields.retain(|name| other.fields.contains(name));
        self.items.retain(|index| other.items.contains(index));
    }
}

struct Validator<'a, 's, 'v, T> {
    run: &'a Run<'s>,
    value: &'v T,
    location: &'a Location<'a>,
    scope: Scope<'a, 's>,
    left: Unevaluated<'v>,
    failures: Vec<Failure>,
    /// Only whether there is a failure counts.
    silent: bool,
    /// When a schema is validated: the schema for it, which stands for itself wherever a subschema is.
    meta: Option<&'s Schema>,
}

/// What is wrong with a value.
pub(super) enum Verdict {
    /// Nothing.
    Valid,
    /// The outermost failures.
    Invalid(Vec<Failure>),
    /// The schema asks for too much.
    Stopped(String),
}

/// Applies a schema to a value.
pub(super) fn validate<'s, T: Instance>(
    whole: Whole<'s>,
    value: &T,
    parts: Option<&'s HashMap<Arc<str>, Whole<'s>>>,
) -> Verdict {
    let steps = MAX_STEPS.saturating_add(MORE_STEPS.saturating_mul(value.size()));
    let run = Run { parts, depth: Cell::new(0), steps: Cell::new(steps), stopped: RefCell::new(None) };
    let failures = validate_root(&run, whole, value);
    match (run.stopped.into_inner(), failures) {
        (Some(why), _) => Verdict::Stopped(why),
        (None, Some(failures)) => Verdict::Invalid(failures),
        (None, None) => Verdict::Valid,
    }
}

fn validate_root<'s, T: Instance>(run: &Run<'s>, whole: Whole<'s>, value: &T) -> Option<Vec<Failure>> {
    let schema = whole.schemas.get(whole.root)?;
    let validator = Validator {
        run,
        value,
        location: &Location { above: None, step: Step::Root },
        scope: Scope { above: None, schemas: whole.schemas, id: whole.root, schema, keyword: "", level: 0 },
        left: Unevaluated::of(value, schema, false),
        failures: Vec::new(),
        silent: false,
        meta: run.parts.map(|_| schema),
    };
    validator.validate().err().map(Failure::ungrouped)
}

impl<'a, 's, 'v, T: Instance> Validator<'a, 's, 'v, T> {
    /// Applies the schema, within bounds. What is left of the value is for whoever asked.
    fn validate(self) -> Result<Unevaluated<'v>, Failure> {
        let run = self.run;
        if run.stopped.borrow().is_some() {
            return Err(Failure::unread());
        }
        let (depth, steps) = (run.depth.get() + 1, run.steps.get().checked_sub(1));
        let Some(steps) = steps.filter(|_| depth <= MAX_DEPTH) else {
            let why = if depth > MAX_DEPTH { "is nested too deeply" } else { "takes too many steps" };
            *run.stopped.borrow_mut() = Some(format!("unable to validate schema: it {why}"));
            return Err(Failure::unread());
        };
        run.depth.set(depth);
        run.steps.set(steps);
        let result = self.apply();
        run.depth.set(depth - 1);
        result
    }

    fn apply(mut self) -> Result<Unevaluated<'v>, Failure> {
        let schema = self.scope.schema;
        match schema.boolean {
            Some(true) => return Ok(self.left),
            Some(false) => return Err(self.failure(|| "false schema".to_owned())),
            None => {}
        }
        if let Some(failure) = self.cycle().or_else(|| self.mismatch()) {
            return Err(failure);
        }
        if let Some(reference) = schema.reference {
            let result = self.follow(self.scope.schemas, reference, "$ref");
            if schema.draft < Draft::Draft2019 {
                return result.map(|()| self.left);
            }
            self.add(result);
        }
        match self.value.shape() {
            Shape::Object => self.object(),
            Shape::List(items) => self.array(items),
            Shape::Text(text) => self.text(text),
            Shape::Number(number) => self.number(&number),
            Shape::Null | Shape::Bool(_) => {}
        }
        if self.failures.is_empty() || !self.silent {
            let is_2019 = schema.draft >= Draft::Draft2019;
            if is_2019 {
                self.dynamic_references();
            }
            self.combine();
            if is_2019 {
                self.unevaluated();
            }
        }
        match self.failures.len() {
            0 => Ok(self.left),
            1 => self.failures.pop().map_or_else(|| Ok(self.left), Err),
            _ => {
                let causes = std::mem::take(&mut self.failures);
                let failure = self.failure(|| "validation failed".to_owned());
                Err(Failure { kind: Kind::Group, causes, ..failure })
            }
        }
    }

    fn cycle(&self) -> Option<Failure> {
        let again = self.scope.cycle()?;
        Some(self.failure(|| {
            let (here, there) = (self.scope.keywords(), again.keywords());
            let place = crate::quote::quote(&self.scope.schema.place.to_string());
            format!("both {here} and {there} resolve to {place} causing reference cycle")
        }))
    }

    /// The keywords that end the validation of a value: `type`, `const`, `enum`, `format`.
    fn mismatch(&self) -> Option<Failure> {
        let schema = self.scope.schema;
        if schema.types != 0 {
            let shape = self.value.shape();
            let got = match &shape {
                Shape::Null => 0,
                Shape::Bool(_) => 1,
                Shape::Number(_) => 2,
                Shape::Text(_) => 4,
                Shape::List(_) => 5,
                Shape::Object => 6,
            };
            let is_integer = |shape: &Shape<'_, T>| match shape {
                Shape::Number(number) => number.decimal().is_some_and(|number| number.is_integer()),
                _ => false,
            };
            let wants = |bit: usize| schema.types & 1 << bit != 0;
            if !(wants(got) || wants(3) && is_integer(&shape)) {
                return Some(self.failure(|| {
                    let wanted: Vec<&str> =
                        TYPES.iter().enumerate().filter(|(bit, _)| wants(*bit)).map(|(_, name)| *name).collect();
                    let got = TYPES.get(got).copied().unwrap_or_default();
                    format!("got {got}, want {}", wanted.join(" or "))
                }));
            }
        }
        if let Some(constant) = &schema.constant
            && !equal(self.value, constant)
        {
            return Some(self.failure(|| match constant.shape() {
                Shape::List(_) | Shape::Object => "'const' failed".to_owned(),
                _ => format!("value must be {}", display(constant)),
            }));
        }
        if let Some(values) = &schema.one_of_values
            && !values.iter().any(|value| equal(self.value, value))
        {
            return Some(self.failure(|| {
                let is_scalar = |value| !matches!(Instance::shape(value), Shape::List(_) | Shape::Object);
                if !values.iter().all(is_scalar) {
                    return "'enum' failed".to_owned();
                }
                let shown: Vec<String> = values.iter().map(display).collect();
                match shown.len() {
                    1 => format!("value must be {}", shown.concat()),
                    _ => format!("value must be one of {}", shown.join(", ")),
                }
            }));
        }
        if let Some(format) = &schema.format
            && let Shape::Text(text) = self.value.shape()
            && let Err(error) = format.check(text)
        {
            return Some(self.failure(|| format!("{} is not valid {}: {error}", quote(text), format.name())));
        }
        None
    }

    fn combine(&mut self) {
        let schema = self.scope.schema;
        if let Some(not) = schema.not
            && self.itself(not, true).is_ok()
        {
            self.fail(|| "'not' failed".to_owned());
        }
        if !schema.all_of.is_empty() {
            let mut failures = Vec::new();
            for id in &schema.all_of {
                if let Err(failure) = self.itself(*id, false) {
                    failures.push(failure);
                    if self.silent {
                        break;
                    }
                }
            }
            if !failures.is_empty() {
                self.fail_with(failures, || "'allOf' failed".to_owned());
            }
        }
        if !schema.any_of.is_empty() {
            let mut matched = false;
            let mut failures = Vec::new();
            for id in &schema.any_of {
                match self.itself(*id, false) {
                    Err(failure) => failures.push(failure),
                    Ok(()) => {
                        matched = true;
                        // All of them count for what is left of the value.
                        if self.left.is_empty() {
                            break;
                        }
                    }
                }
            }
            if !matched {
                self.fail_with(failures, || "'anyOf' failed".to_owned());
            }
        }
        if !schema.one_of.is_empty() {
            self.one_of(&schema.one_of);
        }
        if let Some(condition) = schema.condition {
            let branch = if self.itself(condition, true).is_ok() { schema.then } else { schema.otherwise };
            if let Some(branch) = branch {
                let result = self.itself(branch, false);
                self.add(result);
            }
        }
    }

    fn one_of(&mut self, ids: &'s [Id]) {
        let mut matched = None;
        let mut failures = Vec::new();
        for (index, id) in ids.iter().enumerate() {
            match (self.itself(*id, matched.is_some()), matched) {
                (Err(failure), None) => failures.push(failure),
                (Err(_), Some(_)) => {}
                (Ok(()), None) => matched = Some(index),
                (Ok(()), Some(first)) => {
                    self.fail(|| {
                        let [first, second] = [first, index].map(count);
                        format!("'oneOf' failed, subschemas {first}, {second} matched")
                    });
                    break;
                }
            }
        }
        if matched.is_none() {
            self.fail_with(failures, || "'oneOf' failed, none matched".to_owned());
        }
    }

    fn unevaluated(&mut self) {
        let schema = self.scope.schema;
        if let Shape::Object = self.value.shape()
            && let Some(id) = schema.object.as_ref().and_then(|object| object.unevaluated)
        {
            for name in std::mem::take(&mut self.left.fields) {
                if let Some(value) = self.value.field(name) {
                    let result = self.below(id, value, Step::Field(name));
                    self.add(result);
                }
            }
        }
        if let Shape::List(items) = self.value.shape()
            && let Some(id) = schema.array.as_ref().and_then(|array| array.unevaluated)
        {
            for index in std::mem::take(&mut self.left.items) {
                if let Some(value) = items.get(index) {
                    let result = self.below(id, value, Step::Item(index));
                    self.add(result);
                }
            }
        }
    }

    fn dynamic_references(&mut self) {
        let Scope { schema, schemas, .. } = self.scope;
        if let Some(id) = schema.recursive_reference {
            let (mut schemas, mut id) = (schemas, id);
            if schemas.get(id).is_some_and(|target| target.recursive_anchor) {
                let mut scope = Some(&self.scope);
                while let Some(open) = scope {
                    if open.resource().is_some_and(|resource| resource.recursive_anchor) {
                        // Upstream takes the open schema itself, not its resource.
                        (schemas, id) = (open.schemas, open.id);
                    }
                    scope = open.above;
                }
            }
            let result = self.follow(schemas, id, "$recursiveRef");
            self.add(result);
        }
        if let Some((id, anchor)) = &schema.dynamic_reference {
            let (mut schemas, mut id) = (schemas, *id);
            if !anchor.is_empty() && schemas.get(id).is_some_and(|target| target.dynamic_anchor == *anchor) {
                let mut scope = Some(&self.scope);
                while let Some(open) = scope {
                    if let Some(found) = open.resource().and_then(|resource| resource.dynamic_anchors.get(anchor)) {
                        (schemas, id) = (open.schemas, *found);
                    }
                    scope = open.above;
                }
            }
            let result = self.follow(schemas, id, "$dynamicRef");
            self.add(result);
        }
    }

    /// Follows a reference.
    fn follow(&mut self, schemas: &'s Schemas, id: Id, keyword: &'static str) -> Result<(), Failure> {
        self.apply_to_itself(schemas, id, keyword, false).map_err(|failure| {
            let reference = self.failure(|| "validation failed".to_owned());
            Failure { kind: Kind::Reference, causes: failure.ungrouped(), ..reference }
        })
    }

    /// Applies another schema to the same value.
    fn itself(&mut self, id: Id, silent: bool) -> Result<(), Failure> {
        self.apply_to_itself(self.scope.schemas, id, "", silent)
    }

    fn apply_to_itself(
        &mut self,
        schemas: &'s Schemas,
        id: Id,
        keyword: &'static str,
        silent: bool,
    ) -> Result<(), Failure> {
        let Some(schema) = schemas.get(id) else { return Ok(()) };
        let left = Unevaluated::of(self.value, schema, !self.left.is_empty());
        let scope = Scope { above: Some(&self.scope), schemas, id, schema, keyword, level: self.scope.level };
        let inner = Validator {
            run: self.run,
            value: self.value,
            location: self.location,
            scope,
            left,
            failures: Vec::new(),
            silent: self.silent || silent,
            meta: self.meta,
        };
        let left = inner.in_dialect().validate()?;
        self.left.keep(&left);
        Ok(())
    }

    /// Applies a schema to a field or an item.
    fn below(&self, id: Id, value: &'v T, step: Step<'_>) -> Result<(), Failure> {
        let Some(schema) = self.scope.schemas.get(id) else { return Ok(()) };
        let location = Location { above: Some(self.location), step };
        let level = self.scope.level + 1;
        let inner = Validator {
            run: self.run,
            value,
            location: &location,
            scope: Scope { above: Some(&self.scope), schemas: self.scope.schemas, id, schema, keyword: "", level },
            left: Unevaluated::of(value, schema, false),
            failures: Vec::new(),
            silent: self.silent,
            meta: self.meta,
        };
        inner.in_dialect().validate().map(|_| ())
    }

    /// Where a part of a schema has a dialect of its own, that dialect's schema takes over.
    fn in_dialect(mut self) -> Self {
        if let (Some(meta), Some(parts)) = (self.meta, self.run.parts)
            && parts.len() > 1
            && std::ptr::eq(meta, self.scope.schema)
            && let Some(own) = parts.get(&*self.location.pointer())
            && let Some(schema) = own.schemas.get(own.root)
        {
            self.meta = Some(schema);
            self.scope = Scope { schemas: own.schemas, id: own.root, schema, ..self.scope };
        }
        self
    }

    fn failure(&self, message: impl FnOnce() -> String) -> Failure {
        if self.silent {
            return Failure::unread();
        }
        Failure {
            kind: Kind::Line,
            location: self.location.pointer(),
            span: self.value.span(),
            message: message(),
            causes: Vec::new(),
        }
    }

    fn add(&mut self, result: Result<(), Failure>) {
        self.failures.extend(result.err());
    }

    fn fail(&mut self, message: impl FnOnce() -> String) {
        let failure = self.failure(message);
        self.failures.push(failure);
    }

    fn fail_with(&mut self, causes: Vec<Failure>, message: impl FnOnce() -> String) {
        let failure = self.failure(message);
        self.failures.push(Failure { causes, ..failure });
    }
}

/// A scalar as messages show it.
fn display<T: Instance>(value: &T) -> String {
    match value.shape() {
        Shape::Null => "<nil>".to_owned(),
        Shape::Bool(value) => value.to_string(),
        Shape::Number(number) => number.text(),
        Shape::Text(text) => quote(text),
        Shape::List(_) | Shape::Object => "value".to_owned(),
    }
}

/// A count as messages show it.
fn count(number: usize) -> String {
    super::localized::integer(i64::try_from(number).unwrap_or(i64::MAX))
}
