//! The tree of a template: what `text/template/parse` calls nodes, and how messages print them.

use std::fmt::Write;
use std::sync::Arc;

use source::Span;

use super::TextOrigin;
use super::number::Number;
use crate::function::Function;
use crate::quote::quote;
use crate::value::Text;

/// One template: a text's own, or one that it defines.
#[derive(Debug)]
pub(crate) struct Tree {
    /// Its name, as `template` and `include` know it.
    pub(crate) name: Arc<str>,
    /// The name of the text it stands in, for messages.
    pub(crate) parse_name: Arc<str>,
    /// The text it stands in.
    pub(crate) text: Arc<[u8]>,
    /// What the text is.
    pub(crate) origin: TextOrigin,
    /// What it does.
    pub(crate) root: List,
    /// Whether it is nothing but blanks, so that as a definition it does not replace another.
    pub(crate) is_empty: bool,
}

/// Tells the nodes of one text apart: what failed is found again by it.
pub(crate) type NodeId = u32;

/// Statements in a row.
#[derive(Debug, Default)]
pub(crate) struct List {
    pub(crate) id: NodeId,
    pub(crate) start: usize,
    pub(crate) statements: Vec<Statement>,
}

#[derive(Debug)]
pub(crate) enum Statement {
    /// `start..end` of the text.
    Text { start: usize, end: usize },
    /// `{{ pipeline }}`.
    Action(Box<Action>),
    /// An action that prints a literal, from `start` on, as charts write braces for other template languages.
    Literal { start: usize, value: Text },
    /// `{{ if }}`.
    If(Box<Branch>),
    /// `{{ with }}`.
    With(Box<Branch>),
    /// `{{ range }}`.
    Range(Box<Branch>),
    /// `{{ template "name" pipeline }}`.
    Template(Box<Invocation>),
    /// `{{ break }}`.
    Break,
    /// `{{ continue }}`.
    Continue,
}

#[derive(Debug)]
pub(crate) struct Action {
    pub(crate) id: NodeId,
    pub(crate) start: usize,
    pub(crate) end: usize,
    pub(crate) pipe: Pipe,
}

#[derive(Debug)]
pub(crate) struct Branch {
    pub(crate) id: NodeId,
    pub(crate) start: usize,
    pub(crate) pipe: Pipe,
    pub(crate) list: List,
    pub(crate) otherwise: Option<List>,
}

#[derive(Debug)]
pub(crate) struct Invocation {
    pub(crate) id: NodeId,
    pub(crate) start: usize,
    pub(crate) name: Arc<str>,
    pub(crate) pipe: Option<Pipe>,
}

/// Commands, each given the value of the one before as its last argument.
#[derive(Debug)]
pub(crate) struct Pipe {
    pub(crate) id: NodeId,
    pub(crate) start: usize,
    pub(crate) assigns: bool,
    pub(crate) variables: Box<[Arc<str>]>,
    pub(crate) commands: Box<[Command]>,
}

/// A function, field or value with its arguments. Never empty.
#[derive(Debug)]
pub(crate) struct Command {
    pub(crate) id: NodeId,
    pub(crate) start: usize,
    pub(crate) first: Expression,
    pub(crate) arguments: Box<[Expression]>,
}

#[derive(Debug)]
pub(crate) struct Expression {
    pub(crate) id: NodeId,
    pub(crate) start: usize,
    pub(crate) kind: ExpressionKind,
}

#[derive(Debug)]
pub(crate) enum ExpressionKind {
    Dot,
    Nil,
    Bool(bool),
    Number(Box<Number>),
    /// The literal as it is written, and its value.
    String {
        literal: Box<[u8]>,
        value: Text,
    },
    /// `.a.b`.
    Field(Box<[Arc<str>]>),
    /// `$x.a.b`.
    Variable {
        name: Arc<str>,
        fields: Box<[Arc<str>]>,
    },
    /// A term followed by fields.
    Chain {
        term: Box<Expression>,
        fields: Box<[Arc<str>]>,
    },
    Function(Callee),
    Pipe(Box<Pipe>),
}

/// What a name of a function stands for.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Callee {
    /// A function of the table.
    Table(&'static Function),
    /// `and`, which evaluates only as much as it needs.
    And,
    /// `or`, likewise.
    Or,
    /// Helm's `include`.
    Include,
    /// Helm's `tpl`.
    Tpl,
}

impl Tree {
    /// Line from 1 and column in bytes from 0, as Go counts them.
    pub(crate) fn line_column(&self, position: usize) -> (usize, usize) {
        let before = self.text.get(..position).unwrap_or(&self.text);
        let line = before.iter().filter(|byte| **byte == b'\n').count() + 1;
        let column = before.iter().rev().take_while(|byte| **byte != b'\n').count();
        (line, column)
    }

    /// The place of `start..end`; for a text that was a value, the place of the value.
    pub(crate) fn span(&self, start: usize, end: usize) -> Span {
        match self.origin {
            TextOrigin::File(file) => Span::new(file, start, end),
            TextOrigin::Value(_) => Span::DETACHED,
        }
    }

    /// The place of the value that the text was, if it was one.
    pub(crate) fn value(&self) -> Span {
        match self.origin {
            TextOrigin::File(_) => Span::DETACHED,
            TextOrigin::Value(span) => span,
        }
    }

    /// Where a node stands, and its text as Go prints it.
    pub(crate) fn describe(&self, id: NodeId) -> Option<(usize, String)> {
        let mut printer = Printer { text: &self.text, wanted: id, out: String::new(), found: None };
        printer.list(&self.root);
        printer.found
    }
}

impl List {
    /// Whether there is nothing but blanks in it.
    pub(super) fn is_empty(&self, text: &[u8]) -> bool {
        self.statements.iter().all(|statement| match statement {
            Statement::Text { start, end } => {
                let text = text.get(*start..*end).unwrap_or_default();
                // Most texts show at their first byte that they are not blank.
                let ascii = text.trim_ascii_start();
                ascii.first().is_none_or(|first| !first.is_ascii() && String::from_utf8_lossy(ascii).trim().is_empty())
            }
            _ => false,
        })
    }
}

impl Callee {
    /// The name of the function.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Callee::Table(function) => function.name,
            Callee::And => "and",
            Callee::Or => "or",
            Callee::Include => "include",
            Callee::Tpl => "tpl",
        }
    }
}

/// Prints nodes as Go's `String` does, and notes what the wanted one gave.
struct Printer<'t> {
    text: &'t [u8],
    wanted: NodeId,
    out: String,
    found: Option<(usize, String)>,
}

impl Printer<'_> {
    fn noted(&mut self, id: NodeId, start: usize, print: impl FnOnce(&mut Self)) {
        if self.found.is_some() {
            return;
        }
        let from = self.out.len();
        print(self);
        if id == self.wanted && self.found.is_none() {
            self.found = Some((start, self.out.get(from..).unwrap_or_default().to_owned()));
        }
    }

    fn list(&mut self, list: &List) {
        self.noted(list.id, list.start, |p| list.statements.iter().for_each(|statement| p.statement(statement)));
    }

    fn statement(&mut self, statement: &Statement) {
        match statement {
            Statement::Text { start, end } => {
                self.out.push_str(&String::from_utf8_lossy(self.text.get(*start..*end).unwrap_or_default()));
            }
            Statement::Literal { start, .. } => {
                let text = self.text.get(*start..).unwrap_or_default();
                let end = memchr::memmem::find(text, b"}}").unwrap_or(text.len());
                let literal = String::from_utf8_lossy(text.get(..end).unwrap_or_default());
                let _ = write!(self.out, "{{{{{}}}}}", literal.trim_end_matches(['-', ' ', '\t', '\r', '\n']));
            }
            Statement::Action(action) => self.noted(action.id, action.start, |p| {
                p.out.push_str("{{");
                p.pipe(&action.pipe);
                p.out.push_str("}}");
            }),
            Statement::If(branch) => self.branch("if", branch),
            Statement::With(branch) => self.branch("with", branch),
            Statement::Range(branch) => self.branch("range", branch),
            Statement::Template(invocation) => self.noted(invocation.id, invocation.start, |p| {
                let _ = write!(p.out, "{{{{template {}", quote(invocation.name.as_bytes()));
                if let Some(pipe) = &invocation.pipe {
                    p.out.push(' ');
                    p.pipe(pipe);
                }
                p.out.push_str("}}");
            }),
            Statement::Break => self.out.push_str("{{break}}"),
            Statement::Continue => self.out.push_str("{{continue}}"),
        }
    }

    fn branch(&mut self, word: &str, branch: &Branch) {
        self.noted(branch.id, branch.start, |p| {
            let _ = write!(p.out, "{{{{{word} ");
            p.pipe(&branch.pipe);
            p.out.push_str("}}");
            p.list(&branch.list);
            if let Some(otherwise) = &branch.otherwise {
                p.out.push_str("{{else}}");
                p.list(otherwise);
            }
            p.out.push_str("{{end}}");
        });
    }

    fn pipe(&mut self, pipe: &Pipe) {
        self.noted(pipe.id, pipe.start, |p| {
            if !pipe.variables.is_empty() {
                p.out.push_str(&pipe.variables.join(", "));
                p.out.push_str(if pipe.assigns { " = " } else { " := " });
            }
            for (index, command) in pipe.commands.iter().enumerate() {
                if index > 0 {
                    p.out.push_str(" | ");
                }
                p.command(command);
            }
        });
    }

    fn command(&mut self, command: &Command) {
        self.noted(command.id, command.start, |p| {
            p.operand(&command.first);
            for argument in &command.arguments {
                p.out.push(' ');
                p.operand(argument);
            }
        });
    }

    /// An expression, in parentheses where it is a pipeline.
    fn operand(&mut self, expression: &Expression) {
        if matches!(expression.kind, ExpressionKind::Pipe(_)) {
            self.out.push('(');
            self.expression(expression);
            self.out.push(')');
        } else {
            self.expression(expression);
        }
    }

    fn expression(&mut self, expression: &Expression) {
        self.noted(expression.id, expression.start, |p| match &expression.kind {
            ExpressionKind::Dot => p.out.push('.'),
            ExpressionKind::Nil => p.out.push_str("nil"),
            ExpressionKind::Bool(value) => p.out.push_str(if *value { "true" } else { "false" }),
            ExpressionKind::Number(number) => p.out.push_str(&number.text),
            ExpressionKind::String { literal, .. } => p.out.push_str(&String::from_utf8_lossy(literal)),
            ExpressionKind::Field(fields) => p.fields(fields),
            ExpressionKind::Variable { name, fields } => {
                p.out.push_str(name);
                p.fields(fields);
            }
            ExpressionKind::Chain { term, fields } => {
                p.operand(term);
                p.fields(fields);
            }
            ExpressionKind::Function(callee) => p.out.push_str(callee.name()),
            ExpressionKind::Pipe(pipe) => p.pipe(pipe),
        });
    }

    fn fields(&mut self, fields: &[Arc<str>]) {
        for field in fields {
            self.out.push('.');
            self.out.push_str(field);
        }
    }
}
