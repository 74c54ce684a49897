//! Running templates: Go's `text/template/exec.go` of Go 1.26 with `missingkey=zero`, and Helm's `include` and `tpl`.
//!
//! Go's reflection tells a value that sits in an `interface {}` from the bare value; a missing key is the nil interface,
//! and once a pipeline is through it is no value at all. Messages and some results depend on it, so [`Found`] keeps it.

mod call;
mod evaluate;
mod helm;
mod output;

use std::collections::HashMap;
use std::rc::Rc;

use source::Span;

pub(crate) use output::{NO_VALUE, Output, without_no_value};

use crate::budget::{Budget, Limits};
use crate::env::Env;
use crate::failure::{CHART_MESSAGE, ExecError, Failure, Site};
use crate::format;
use crate::functions::is_true;
use crate::parse::tree::{Branch, Invocation, List, NodeId, Statement, Tree};
use crate::quote::quote;
use crate::set::{Base, Layer, Set};
use crate::value::{Item, Text, Value};

/// The result of evaluating a node.
#[derive(Clone, Debug, Default)]
pub(crate) struct Found {
    item: Item,
    /// Whether Go has it inside an `interface {}`.
    wrapped: bool,
}

impl Found {
    fn bare(item: Item) -> Self {
        Self { item, wrapped: false }
    }

    /// Neither a value nor a nil interface.
    fn is_invalid(&self) -> bool {
        !self.wrapped && matches!(self.item.value, Value::Nil)
    }

    /// The type as messages name it.
    fn type_name(&self) -> &str {
        if self.wrapped { "interface {}" } else { self.item.value.type_name() }
    }
}

/// One run of a set: all files of a chart share its budget, its draws and its counts of includes.
#[derive(Debug)]
pub struct Run<'e> {
    base: Base<'e>,
    env: &'e Env,
    traced: bool,
    budget: Budget,
    draws: u64,
    layer: Option<Rc<Layer>>,
    included: HashMap<Text, u32>,
    depth: usize,
    out: Output,
}

/// A template that runs.
struct Frame<'t> {
    tree: &'t Tree,
    variables: Vec<(&'t str, Found)>,
    /// The node that messages name.
    at: NodeId,
}

/// How a list of statements ended.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Flow {
    Next,
    Break,
    Continue,
}

type Stopped = Box<ExecError>;

impl<'e> Run<'e> {
    /// A run over the templates of `set`. `traced` keeps the places of everything that is printed, which costs time.
    pub fn new(set: &'e Set, env: &'e Env, limits: Limits, traced: bool) -> Self {
        Self {
            base: Base(set),
            env,
            traced,
            budget: Budget::new(limits),
            draws: 0,
            layer: None,
            included: HashMap::new(),
            depth: 0,
            out: Output::new(traced),
        }
    }

    /// What the template called `name` prints for `data`, without the marks of missing values.
    ///
    /// Deep templates take a deep stack: run it within [`crate::on_large_stack`].
    ///
    /// # Errors
    /// The chain of templates that failed.
    pub fn execute(&mut self, name: &str, data: Item) -> Result<Text, Box<ExecError>> {
        match self.named(name, data) {
            Ok(output) => Ok(without_no_value(&output.into_text())),
            Err(mut error) => {
                // It was put together from the inside out.
                error.trail.reverse();
                Err(error)
            }
        }
    }

    /// How often something random was drawn so far.
    pub fn draws(&self) -> u64 {
        self.draws
    }

    /// Runs a template by name with an output of its own.
    fn named(&mut self, name: &str, data: Item) -> Result<Output, Stopped> {
        let Some(tree) = self.base.find(self.layer.as_ref(), name) else {
            let name = quote(name.as_bytes());
            let message = format!("template: no template {name} associated with template \"gotpl\"").into_bytes();
            return Err(ExecError::bare(message));
        };
        self.tree(&tree, data)
    }

    fn tree(&mut self, tree: &Tree, data: Item) -> Result<Output, Stopped> {
        let outer = std::mem::replace(&mut self.out, Output::new(self.traced));
        let result = self.invoke(tree, Found::bare(data));
        let output = std::mem::replace(&mut self.out, outer);
        result.map(|()| output)
    }

    /// Runs a template into the output at hand.
    fn invoke(&mut self, tree: &Tree, data: Found) -> Result<(), Stopped> {
        let mut frame = Frame { tree, variables: vec![("$", data.clone())], at: tree.root.id };
        self.deeper(&mut frame, |run, frame| run.list(frame, &tree.root, &data)).map(|_| ())
    }

    /// One level deeper, for whatever calls itself.
    fn deeper<'t, T>(
        &mut self,
        frame: &mut Frame<'t>,
        inner: impl FnOnce(&mut Self, &mut Frame<'t>) -> Result<T, Stopped>,
    ) -> Result<T, Stopped> {
        let limit = self.budget.limits().depth;
        if self.depth >= limit {
            let message = format!("templates and values nest more than {limit} levels deep");
            return Err(self.stop(frame, Failure::TooDeep(message), None));
        }
        self.depth += 1;
        let result = inner(self, frame);
        self.depth -= 1;
        result
    }

    fn list<'t>(&mut self, frame: &mut Frame<'t>, list: &'t List, dot: &Found) -> Result<Flow, Stopped> {
        for statement in &list.statements {
            let flow = self.statement(frame, statement, dot)?;
            if flow != Flow::Next {
                return Ok(flow);
            }
        }
        Ok(Flow::Next)
    }

    fn statement<'t>(&mut self, frame: &mut Frame<'t>, statement: &'t Statement, dot: &Found) -> Result<Flow, Stopped> {
        match statement {
            Statement::Text { start, end } => {
                let text = frame.tree.text.get(*start..*end).unwrap_or_default();
                self.budget.print(text.len()).map_err(|failure| self.stop(frame, failure, None))?;
                let origin = if self.traced { frame.tree.span(*start, *end) } else { Span::DETACHED };
                self.out.inserted(origin, frame.tree.value(), |bytes| bytes.extend_from_slice(text));
                Ok(Flow::Next)
            }
            Statement::Literal { start, value } => {
                let item = Item::from(Value::Str(value.clone()));
                self.print(frame, &item, *start, *start + value.len())?;
                Ok(Flow::Next)
            }
            Statement::Action(action) => {
                frame.at = action.id;
                let found = self.pipeline(frame, dot, &action.pipe)?;
                if action.pipe.variables.is_empty() {
                    frame.at = action.id;
                    self.print(frame, &found.item, action.start, action.end)?;
                }
                Ok(Flow::Next)
            }
            Statement::If(branch) => self.choose(frame, branch, dot, false),
            Statement::With(branch) => self.choose(frame, branch, dot, true),
            Statement::Range(branch) => self.range(frame, branch, dot),
            Statement::Template(invocation) => self.template(frame, invocation, dot).map(|()| Flow::Next),
            Statement::Break => Ok(Flow::Break),
            Statement::Continue => Ok(Flow::Continue),
        }
    }

    fn print(&mut self, frame: &Frame<'_>, item: &Item, start: usize, end: usize) -> Result<(), Stopped> {
        let origin = if self.traced { frame.tree.span(start, end) } else { Span::DETACHED };
        let value = item.span.or(frame.tree.value());
        let before = self.out.bytes.len();
        match &item.value {
            Value::Nil => self.out.inserted(origin, value, |bytes| bytes.extend_from_slice(NO_VALUE)),
            Value::Str(text) => self.out.text(text, origin, value),
            value => {
                let value = match value {
                    // Go prints what a pointer points to.
                    Value::Object(object) if object.kind() == "ptr" => {
                        object.pointee().unwrap_or_else(|| value.clone())
                    }
                    value => value.clone(),
                };
                self.out.inserted(origin, item.span, |bytes| format::print_value(bytes, &value));
            }
        }
        let printed = self.out.bytes.len() - before;
        self.budget.print(printed).map_err(|failure| self.stop(frame, failure, None))
    }

    /// `if` and `with`, which differ in the dot only.
    fn choose<'t>(
        &mut self,
        frame: &mut Frame<'t>,
        branch: &'t Branch,
        dot: &Found,
        moves_dot: bool,
    ) -> Result<Flow, Stopped> {
        frame.at = branch.id;
        let mark = frame.variables.len();
        let found = self.pipeline(frame, dot, &branch.pipe)?;
        let flow = if is_true(&found.item.value) {
            let dot = if moves_dot { &found } else { dot };
            self.deeper(frame, |run, frame| run.list(frame, &branch.list, dot))?
        } else if let Some(otherwise) = &branch.otherwise {
            self.deeper(frame, |run, frame| run.list(frame, otherwise, dot))?
        } else {
            Flow::Next
        };
        frame.variables.truncate(mark);
        Ok(flow)
    }

    fn range<'t>(&mut self, frame: &mut Frame<'t>, branch: &'t Branch, dot: &Found) -> Result<Flow, Stopped> {
        frame.at = branch.id;
        let outer = frame.variables.len();
        let found = self.pipeline(frame, dot, &branch.pipe)?;
        let mark = frame.variables.len();
        let entries = self.entries(frame, branch, &found)?;
        let mut ran = false;
        for (index, element) in entries {
            ran = true;
            self.budget.step(1).map_err(|failure| self.stop(frame, failure, None))?;
            self.set_loop_variables(frame, branch, index, &element)?;
            let flow = self.deeper(frame, |run, frame| run.list(frame, &branch.list, &element))?;
            frame.variables.truncate(mark);
            if flow == Flow::Break {
                break;
            }
        }
        // Upstream leaves the loop's own variables to the else list, too.
        if let (false, Some(otherwise)) = (ran, &branch.otherwise) {
            let flow = self.deeper(frame, |run, frame| run.list(frame, otherwise, dot))?;
            frame.variables.truncate(outer);
            // A break in the else list ends the loop, which is over.
            return Ok(if flow == Flow::Continue { flow } else { Flow::Next });
        }
        frame.variables.truncate(outer);
        Ok(Flow::Next)
    }

    fn set_loop_variables<'t>(
        &mut self,
        frame: &mut Frame<'t>,
        branch: &'t Branch,
        index: Found,
        element: &Found,
    ) -> Result<(), Stopped> {
        let variables = &branch.pipe.variables;
        if branch.pipe.assigns {
            match &**variables {
                [only] => self.assign(frame, only, element.clone())?,
                [first, second] => {
                    self.assign(frame, first, index)?;
                    self.assign(frame, second, element.clone())?;
                }
                _ => {}
            }
            return Ok(());
        }
        let mut top = frame.variables.iter_mut().rev();
        match variables.len() {
            1 => top.next().into_iter().for_each(|variable| variable.1 = element.clone()),
            2 => {
                top.next().into_iter().for_each(|variable| variable.1 = element.clone());
                top.next().into_iter().for_each(|variable| variable.1 = index.clone());
            }
            _ => {}
        }
        Ok(())
    }

    /// What a range goes over: index or key, and element.
    fn entries(
        &self,
        frame: &Frame<'_>,
        branch: &Branch,
        found: &Found,
    ) -> Result<Box<dyn Iterator<Item = (Found, Found)>>, Stopped> {
        let integer = match &found.item.value {
            Value::Int(number) | Value::Int64(number) => Some(i128::from(*number)),
            Value::Object(object) => object.integer(),
            _ => None,
        };
        if let Some(number) = integer {
            if branch.pipe.variables.len() > 1 {
                return Err(self.fail(frame, format!("can't use {number} to iterate over more than one variable")));
            }
            let like = found.item.value.clone();
            let span = found.item.span;
            return Ok(Box::new((0..number).map(move |number| {
                (Found::default(), Found::bare(Item { value: evaluate::same_type(&like, number), span }))
            })));
        }
        match &found.item.value {
            Value::Nil => Ok(Box::new(std::iter::empty())),
            Value::List(list) => {
                let list = list.clone();
                let wrapped = list.list_type().element == crate::function::Type::Any;
                Ok(Box::new((0..list.len()).map(move |index| {
                    let item = list.items().get(index).cloned().unwrap_or_default();
                    let number = i64::try_from(index).unwrap_or(i64::MAX);
                    (Found::bare(Value::Int(number).into()), Found { item, wrapped })
                })))
            }
            Value::Map(map) => {
                let wrapped = map.map_type().element == crate::function::Type::Any;
                let entries = map.snapshot().into_iter();
                Ok(Box::new(entries.map(move |(key, item)| {
                    let key = Item { value: Value::Str(key), span: item.span };
                    (Found::bare(key), Found { item, wrapped })
                })))
            }
            Value::Object(object) if object.kind() == "map" => {
                let entries = object.entries().into_iter();
                Ok(Box::new(entries.map(|(key, item)| (Found::bare(Value::Str(key).into()), Found::bare(item)))))
            }
            value => {
                let mut shown = Vec::new();
                format::print_value(&mut shown, value);
                Err(self.fail(frame, [b"range can't iterate over ", shown.as_slice()].concat()))
            }
        }
    }

    fn template<'t>(&mut self, frame: &mut Frame<'t>, invocation: &'t Invocation, dot: &Found) -> Result<(), Stopped> {
        frame.at = invocation.id;
        let Some(tree) = self.base.find(self.layer.as_ref(), &invocation.name) else {
            let name = quote(invocation.name.as_bytes());
            return Err(self.fail(frame, format!("template {name} not defined")));
        };
        let data = match &invocation.pipe {
            Some(pipe) => self.pipeline(frame, dot, pipe)?,
            None => Found::default(),
        };
        self.invoke(&tree, data)
    }

    /// Go's `errorf` at the node at hand.
    fn fail(&self, frame: &Frame<'_>, message: impl Into<Vec<u8>>) -> Stopped {
        self.stop(frame, Failure::Error(message.into()), None)
    }

    /// The error of a function called `called`, or of the evaluator itself.
    fn stop(&self, frame: &Frame<'_>, failure: Failure, called: Option<&str>) -> Stopped {
        let tree = frame.tree;
        let (position, node) = tree.describe(frame.at).unwrap_or_default();
        let (line, column) = tree.line_column(position);
        let name = quote(tree.name.as_bytes());
        let place = format!("template: {}:{line}:{column}: executing {name} at <{node}>: ", tree.parse_name);
        let calling = called.map(|called| format!("error calling {called}: ")).unwrap_or_default();
        let site = Site {
            template: tree.name.clone(),
            file: tree.parse_name.clone(),
            line,
            column,
            span: tree.span(position, position + node.len()),
            node,
        };
        let is_chart = matches!(failure, Failure::Chart(_));
        let is_too_deep = matches!(failure, Failure::TooDeep(_));
        let is_budget = is_too_deep || matches!(failure, Failure::Budget(_));
        let (cause, said) = match failure {
            Failure::Nested(mut inner) => {
                inner.trail.push(site);
                return inner.wrapped((place + &calling).into_bytes());
            }
            Failure::Error(message) => (message.clone(), message),
            Failure::Chart(message) => {
                let marked = [CHART_MESSAGE.0.as_bytes(), &message, CHART_MESSAGE.1.as_bytes()].concat();
                (message, marked)
            }
            Failure::Budget(message) | Failure::TooDeep(message) => {
                (message.clone().into_bytes(), message.into_bytes())
            }
        };
        let place = if is_budget { place } else { place + &calling }.into_bytes();
        let links = if called.is_some() && !is_budget { vec![said, place] } else { vec![[place, said].concat()] };
        Box::new(ExecError { links, trail: vec![site], cause, is_chart, is_budget, is_too_deep })
    }
}
