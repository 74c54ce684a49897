//! Tokens to trees.
//!
//! Go's parser looks up to three tokens ahead and names, in its errors, the line of the token it read last. That order is
//! kept here, so that errors name the same lines.

use std::sync::Arc;

use super::lexer::{Lexer, Token, TokenKind};
use super::number::number;
use super::tree::{
    Action, Branch, Callee, Command, Expression, ExpressionKind, Invocation, List, NodeId, Pipe, Statement, Tree,
};
use super::unquote::unquote;
use super::{ParseError, TextOrigin};
use crate::functions;
use crate::quote::quote;
use crate::value::Text;

/// Parentheses and blocks inside each other. Go allows 10,000 parentheses and any number of blocks; nothing real comes
/// near either.
const MAX_DEPTH: usize = 1_000;

pub(super) fn parse(
    name: &str,
    text: &Arc<[u8]>,
    origin: TextOrigin,
    max_depth: usize,
) -> Result<Vec<Arc<Tree>>, ParseError> {
    let name: Arc<str> = name.into();
    let mut parser = Parser {
        lexer: Lexer::new(text),
        parse_name: Arc::clone(&name),
        text: Arc::clone(text),
        origin,
        trees: Vec::new(),
        next_id: 1,
        depth: 0,
        max_depth: MAX_DEPTH.min(max_depth),
        names: vec![None; SLOTS].into(),
        part: Part::default(),
    };
    let root = parser.file()?;
    parser.add(name, root)?;
    Ok(parser.trees)
}

struct Parser<'t> {
    lexer: Lexer<'t>,
    parse_name: Arc<str>,
    text: Arc<[u8]>,
    origin: TextOrigin,
    trees: Vec<Arc<Tree>>,
    next_id: NodeId,
    depth: usize,
    max_depth: usize,
    /// Names of fields and variables read before, by [`slot`]: a text has few.
    names: Box<[Option<Arc<str>>]>,
    part: Part<'t>,
}

/// What Go keeps for each template of a text: a definition starts with a fresh one.
struct Part<'t> {
    tokens: [Option<Token<'t>>; 3],
    peeked: usize,
    variables: Vec<Arc<str>>,
    /// Where the action at hand starts.
    action: Option<usize>,
    range_depth: usize,
}

impl Default for Part<'_> {
    fn default() -> Self {
        Self { tokens: [None, None, None], peeked: 0, variables: vec!["$".into()], action: None, range_depth: 0 }
    }
}

/// What ends a list of statements.
enum Terminator {
    End,
    Else,
    /// `{{ else if` or `{{ else with`: the word is still to be read.
    ElseAnd,
}

/// A statement, or an end of a list.
enum Found {
    Statement(Statement),
    End(Terminator, usize),
}

impl Terminator {
    fn shown(&self) -> &'static str {
        match self {
            Terminator::End => "{{end}}",
            Terminator::Else | Terminator::ElseAnd => "{{else}}",
        }
    }
}

impl<'t> Parser<'t> {
    fn id(&mut self) -> NodeId {
        self.next_id += 1;
        self.next_id
    }

    fn error<T>(&self, message: impl AsRef<str>) -> Result<T, ParseError> {
        let line = self.part.tokens.first().and_then(Option::as_ref).map_or(0, |token| self.line(token.start));
        let message = format!("template: {}:{line}: {}", self.parse_name, message.as_ref());
        Err(ParseError { message, line, is_too_deep: false })
    }

    /// The line of a position, from 1. Only errors ask.
    fn line(&self, position: usize) -> usize {
        let before = self.text.get(..position).unwrap_or(&self.text);
        before.iter().filter(|byte| **byte == b'\n').count() + 1
    }

    fn unexpected<T>(&self, token: &Token<'_>, context: &str) -> Result<T, ParseError> {
        if token.kind != TokenKind::Error {
            return self.error(format!("unexpected {} in {context}", token.shown()));
        }
        let line = self.part.action.map_or(0, |action| self.line(action));
        if line == 0 || line == self.line(token.start) {
            return self.error(&self.lexer.error);
        }
        // Not "action in action".
        let joint = if self.lexer.error.ends_with(" action") { "" } else { " in action" };
        self.error(format!("{}{joint} started at {}:{line}", self.lexer.error, self.parse_name))
    }

    /// The token at a place of the look-ahead.
    fn token(&self, index: usize) -> Token<'t> {
        let end = Token { kind: TokenKind::Eof, start: 0, text: b"" };
        self.part.tokens.get(index).copied().flatten().unwrap_or(end)
    }

    fn read(&mut self) {
        let token = self.lexer.next_token();
        if let Some(first) = self.part.tokens.first_mut() {
            *first = Some(token);
        }
    }

    fn next(&mut self) -> Token<'t> {
        match self.part.peeked.checked_sub(1) {
            Some(peeked) => self.part.peeked = peeked,
            None => self.read(),
        }
        self.token(self.part.peeked)
    }

    fn back(&mut self) {
        self.part.peeked += 1;
    }

    fn back_to(&mut self, first: Token<'t>) {
        if let Some(second) = self.part.tokens.get_mut(1) {
            *second = Some(first);
        }
        self.part.peeked = 2;
    }

    fn back_to_both(&mut self, first: Token<'t>, second: Token<'t>) {
        let [_, one, two] = &mut self.part.tokens;
        (*one, *two) = (Some(second), Some(first));
        self.part.peeked = 3;
    }

    fn peek(&mut self) -> Token<'t> {
        match self.part.peeked.checked_sub(1) {
            Some(index) => self.token(index),
            None => {
                self.part.peeked = 1;
                self.read();
                self.token(0)
            }
        }
    }

    fn next_word(&mut self) -> Token<'t> {
        loop {
            let token = self.next();
            if token.kind != TokenKind::Space {
                return token;
            }
        }
    }

    fn peek_word(&mut self) -> Token<'t> {
        let token = self.next_word();
        self.back();
        token
    }

    fn expect(&mut self, kind: TokenKind, context: &str) -> Result<Token<'t>, ParseError> {
        let token = self.next_word();
        if token.kind == kind { Ok(token) } else { self.unexpected(&token, context) }
    }

    /// Runs `inner` one level deeper.
    fn deeper<T>(&mut self, inner: impl FnOnce(&mut Self) -> Result<T, ParseError>) -> Result<T, ParseError> {
        if self.depth >= self.max_depth {
            let error = self.error("max expression depth exceeded");
            return error.map_err(|error| ParseError { is_too_deep: true, ..error });
        }
        self.depth += 1;
        let result = inner(self);
        self.depth -= 1;
        result
    }

    fn add(&mut self, name: Arc<str>, root: List) -> Result<(), ParseError> {
        let tree = Arc::new(Tree {
            is_empty: root.is_empty(&self.text),
            name,
            parse_name: Arc::clone(&self.parse_name),
            text: Arc::clone(&self.text),
            origin: self.origin,
            root,
        });
        let known = self.trees.iter().position(|known| known.name == tree.name);
        match known.and_then(|at| self.trees.get_mut(at)) {
            None => self.trees.push(tree),
            Some(known) if known.is_empty => *known = tree,
            Some(_) if tree.is_empty => {}
            Some(_) => {
                let name = quote(tree.name.as_bytes());
                return self.error(format!("template: multiple definition of template {name}"));
            }
        }
        Ok(())
    }

    /// The text itself, with definitions taken out.
    fn file(&mut self) -> Result<List, ParseError> {
        let mut list = List { id: self.id(), start: self.peek().start, statements: Vec::new() };
        loop {
            let token = self.peek();
            if token.kind == TokenKind::Eof {
                return Ok(list);
            }
            if token.kind == TokenKind::LeftDelimiter {
                let delimiter = self.next();
                if self.next_word().kind == TokenKind::Define {
                    self.definition()?;
                    continue;
                }
                self.back_to(delimiter);
            }
            match self.text_or_action()? {
                Found::Statement(statement) => list.statements.push(statement),
                Found::End(end, _) => return self.error(format!("unexpected {}", end.shown())),
            }
        }
    }

    /// A template within the text, read with a state of its own.
    fn part<T>(&mut self, read: impl FnOnce(&mut Self) -> Result<T, ParseError>) -> Result<T, ParseError> {
        let outer = std::mem::take(&mut self.part);
        let result = self.deeper(read);
        self.part = outer;
        result
    }

    fn definition(&mut self) -> Result<(), ParseError> {
        const CONTEXT: &str = "define clause";
        self.part(|parser| {
            let token = parser.next_word();
            let name = parser.template_name(&token, CONTEXT)?;
            parser.expect(TokenKind::RightDelimiter, CONTEXT)?;
            let (root, end, _) = parser.list()?;
            if !matches!(end, Terminator::End) {
                return parser.error(format!("unexpected {} in {CONTEXT}", end.shown()));
            }
            parser.add(name, root)
        })
    }

    fn template_name(&self, token: &Token<'_>, context: &str) -> Result<Arc<str>, ParseError> {
        if !matches!(token.kind, TokenKind::String | TokenKind::RawString) {
            return self.unexpected(token, context);
        }
        match unquote(token.text) {
            Some(name) => Ok(String::from_utf8_lossy(&name).into()),
            None => self.error("invalid syntax"),
        }
    }

    /// Statements up to the end or else that belongs to them, with the place of that.
    fn list(&mut self) -> Result<(List, Terminator, usize), ParseError> {
        self.deeper(|parser| {
            let mut list = List { id: parser.id(), start: parser.peek_word().start, statements: Vec::new() };
            while parser.peek_word().kind != TokenKind::Eof {
                match parser.text_or_action()? {
                    Found::Statement(statement) => list.statements.push(statement),
                    Found::End(end, start) => return Ok((list, end, start)),
                }
            }
            parser.error("unexpected EOF")
        })
    }

    fn text_or_action(&mut self) -> Result<Found, ParseError> {
        let token = self.next_word();
        match token.kind {
            TokenKind::Text => {
                let end = token.start + token.text.len();
                Ok(Found::Statement(Statement::Text { start: token.start, end }))
            }
            TokenKind::LeftDelimiter => {
                self.part.action = Some(token.start);
                let found = self.action(token.start);
                if found.is_ok() {
                    self.part.action = None;
                }
                found
            }
            _ => self.unexpected(&token, "input"),
        }
    }

    fn action(&mut self, delimiter: usize) -> Result<Found, ParseError> {
        let token = self.next_word();
        let statement = match token.kind {
            TokenKind::Block => self.block()?,
            TokenKind::Break | TokenKind::Continue => self.loop_control(&token)?,
            TokenKind::Else => return self.otherwise(),
            TokenKind::End => {
                let start = self.expect(TokenKind::RightDelimiter, "end")?.start;
                return Ok(Found::End(Terminator::End, start));
            }
            TokenKind::If => Statement::If(Box::new(self.control("if")?)),
            TokenKind::Range => Statement::Range(Box::new(self.control("range")?)),
            TokenKind::With => Statement::With(Box::new(self.control("with")?)),
            TokenKind::Template => self.template()?,
            _ => {
                self.back();
                let token = self.peek();
                let id = self.id();
                let pipe = self.pipeline("command", TokenKind::RightDelimiter)?;
                // The closing delimiter was the last token.
                let end = self.token(0).start + 2;
                debug_assert!(delimiter <= token.start);
                match constant(&pipe) {
                    Some(value) => Statement::Literal { start: token.start, value },
                    None => Statement::Action(Box::new(Action { id, start: token.start, end, pipe })),
                }
            }
        };
        Ok(Found::Statement(statement))
    }

    fn loop_control(&mut self, word: &Token<'_>) -> Result<Statement, ParseError> {
        let (shown, statement) = match word.kind {
            TokenKind::Break => ("{{break}}", Statement::Break),
            _ => ("{{continue}}", Statement::Continue),
        };
        let token = self.next_word();
        if token.kind != TokenKind::RightDelimiter {
            return self.unexpected(&token, shown);
        }
        if self.part.range_depth == 0 {
            return self.error(format!("{shown} outside {{{{range}}}}"));
        }
        Ok(statement)
    }

    fn otherwise(&mut self) -> Result<Found, ParseError> {
        let peeked = self.peek_word();
        if matches!(peeked.kind, TokenKind::If | TokenKind::With) {
            return Ok(Found::End(Terminator::ElseAnd, peeked.start));
        }
        let start = self.expect(TokenKind::RightDelimiter, "else")?.start;
        Ok(Found::End(Terminator::Else, start))
    }

    /// `if`, `range` and `with` after their word.
    fn control(&mut self, word: &'static str) -> Result<Branch, ParseError> {
        let known = self.part.variables.len();
        let id = self.id();
        let pipe = self.pipeline(word, TokenKind::RightDelimiter)?;
        let loops = usize::from(word == "range");
        self.part.range_depth += loops;
        let (list, end, start) = self.list()?;
        self.part.range_depth -= loops;
        let otherwise = match end {
            Terminator::End => None,
            Terminator::Else | Terminator::ElseAnd => Some(self.else_list(word, start)?),
        };
        self.part.variables.truncate(known);
        Ok(Branch { id, start: pipe.start, pipe, list, otherwise })
    }

    /// What follows `else`: `else if` is an `if` within the else, whose end ends both.
    fn else_list(&mut self, word: &'static str, start: usize) -> Result<List, ParseError> {
        let next = self.peek().kind;
        let chained = matches!((word, next), ("if", TokenKind::If) | ("with", TokenKind::With));
        if chained {
            self.next();
            let id = self.id();
            let branch = self.deeper(|parser| parser.control(word))?;
            let branch = Box::new(branch);
            let statement = if word == "if" { Statement::If(branch) } else { Statement::With(branch) };
            return Ok(List { id, start, statements: vec![statement] });
        }
        let (list, end, _) = self.list()?;
        match end {
            Terminator::End => Ok(list),
            other => self.error(format!("expected end; found {}", other.shown())),
        }
    }

    fn block(&mut self) -> Result<Statement, ParseError> {
        const CONTEXT: &str = "block clause";
        let token = self.next_word();
        let name = self.template_name(&token, CONTEXT)?;
        let pipe = self.pipeline(CONTEXT, TokenKind::RightDelimiter)?;
        let root = self.part(|parser| {
            let (root, end, _) = parser.list()?;
            match end {
                Terminator::End => Ok(root),
                // The name of the clause is that of upstream's outer template.
                other => parser.error(format!("unexpected {} in {CONTEXT}", other.shown())),
            }
        })?;
        self.add(Arc::clone(&name), root)?;
        let invocation = Invocation { id: self.id(), start: token.start, name, pipe: Some(pipe) };
        Ok(Statement::Template(Box::new(invocation)))
    }

    fn template(&mut self) -> Result<Statement, ParseError> {
        const CONTEXT: &str = "template clause";
        let token = self.next_word();
        let name = self.template_name(&token, CONTEXT)?;
        let mut pipe = None;
        if self.next_word().kind != TokenKind::RightDelimiter {
            self.back();
            pipe = Some(self.pipeline(CONTEXT, TokenKind::RightDelimiter)?);
        }
        Ok(Statement::Template(Box::new(Invocation { id: self.id(), start: token.start, name, pipe })))
    }

    fn pipeline(&mut self, context: &str, end: TokenKind) -> Result<Pipe, ParseError> {
        let start = self.peek_word().start;
        let id = self.id();
        let (assigns, variables) = self.declarations(context)?;
        let mut commands = Vec::with_capacity(1);
        loop {
            let token = self.next_word();
            if token.kind == end {
                self.check_pipeline(&commands, context)?;
                return Ok(Pipe { id, start, assigns, variables: variables.into(), commands: commands.into() });
            }
            match token.kind {
                TokenKind::Bool
                | TokenKind::CharConstant
                | TokenKind::Complex
                | TokenKind::Dot
                | TokenKind::Field
                | TokenKind::Identifier
                | TokenKind::Number
                | TokenKind::Nil
                | TokenKind::RawString
                | TokenKind::String
                | TokenKind::Variable
                | TokenKind::LeftParen => {
                    self.back();
                    let command = self.command()?;
                    commands.push(command);
                }
                _ => return self.unexpected(&token, context),
            }
        }
    }

    /// `$x :=`, `$x =`, and `$i, $x :=` of a range.
    ///
    /// Gives whether known variables are assigned, and the variables.
    fn declarations(&mut self, context: &str) -> Result<(bool, Vec<Arc<str>>), ParseError> {
        let mut variables = Vec::new();
        loop {
            let variable = self.peek_word();
            if variable.kind != TokenKind::Variable {
                return Ok((false, variables));
            }
            self.next();
            let after = self.peek();
            let next = self.peek_word();
            let name = self.name(variable.text);
            if matches!(next.kind, TokenKind::Assign | TokenKind::Declare) {
                self.next_word();
                variables.push(Arc::clone(&name));
                self.part.variables.push(name);
                return Ok((next.kind == TokenKind::Assign, variables));
            }
            if next.kind == TokenKind::Char && next.text == b"," {
                self.next_word();
                variables.push(Arc::clone(&name));
                self.part.variables.push(name);
                if context == "range" && variables.len() < 2 {
                    let kind = self.peek_word().kind;
                    if matches!(kind, TokenKind::Variable | TokenKind::RightDelimiter | TokenKind::RightParen) {
                        continue;
                    }
                    return self.error("range can only initialize variables");
                }
                return self.error(format!("too many declarations in {context}"));
            }
            if after.kind == TokenKind::Space {
                self.back_to_both(variable, after);
            } else {
                self.back_to(variable);
            }
            return Ok((false, variables));
        }
    }

    fn check_pipeline(&self, commands: &[Command], context: &str) -> Result<(), ParseError> {
        if commands.is_empty() {
            return self.error(format!("missing value for {context}"));
        }
        for (index, command) in commands.iter().enumerate().skip(1) {
            use ExpressionKind as E;
            if matches!(command.first.kind, E::Bool(_) | E::Dot | E::Nil | E::Number(_) | E::String { .. }) {
                return self.error(format!("non executable command in pipeline stage {}", index + 1));
            }
        }
        Ok(())
    }

    fn command(&mut self) -> Result<Command, ParseError> {
        let start = self.peek_word().start;
        let id = self.id();
        let (mut first, mut arguments) = (None, Vec::new());
        loop {
            self.peek_word();
            match self.operand()? {
                operand @ Some(_) if first.is_none() => first = operand,
                operand => arguments.extend(operand),
            }
            let token = self.next();
            match token.kind {
                TokenKind::Space => continue,
                TokenKind::RightDelimiter | TokenKind::RightParen => self.back(),
                TokenKind::Pipe => {}
                _ => return self.unexpected(&token, "operand"),
            }
            break;
        }
        match first {
            Some(first) => Ok(Command { id, start, first, arguments: arguments.into() }),
            None => self.error("empty command"),
        }
    }

    fn operand(&mut self) -> Result<Option<Expression>, ParseError> {
        let Some(term) = self.term()? else { return Ok(None) };
        let first = self.peek();
        if first.kind != TokenKind::Field {
            return Ok(Some(term));
        }
        let mut added: Vec<Arc<str>> = Vec::new();
        while self.peek().kind == TokenKind::Field {
            let token = self.next();
            added.push(self.field_name(token.text));
        }
        let (id, start) = (self.id(), first.start);
        let kind = match term.kind {
            ExpressionKind::Field(fields) => ExpressionKind::Field(fields.into_iter().chain(added).collect()),
            ExpressionKind::Variable { name, fields } => {
                ExpressionKind::Variable { name, fields: fields.into_iter().chain(added).collect() }
            }
            ExpressionKind::Bool(_)
            | ExpressionKind::String { .. }
            | ExpressionKind::Number(_)
            | ExpressionKind::Nil
            | ExpressionKind::Dot => {
                let shown = self.literal(&term);
                return self.error(format!("unexpected . after term {}", quote(shown.as_bytes())));
            }
            _ => ExpressionKind::Chain { term: Box::new(term), fields: added.into() },
        };
        Ok(Some(Expression { id, start, kind }))
    }

    /// A literal as messages show it.
    fn literal(&self, term: &Expression) -> String {
        match &term.kind {
            ExpressionKind::Bool(value) => value.to_string(),
            ExpressionKind::String { literal, .. } => String::from_utf8_lossy(literal).into_owned(),
            ExpressionKind::Number(number) => number.text.clone(),
            ExpressionKind::Nil => "nil".to_owned(),
            _ => ".".to_owned(),
        }
    }

    fn term(&mut self) -> Result<Option<Expression>, ParseError> {
        let token = self.next_word();
        let kind = match token.kind {
            TokenKind::Identifier => {
                let name = String::from_utf8_lossy(token.text);
                let Some(callee) = callee(&name) else {
                    return self.error(format!("function {} not defined", quote(token.text)));
                };
                ExpressionKind::Function(callee)
            }
            TokenKind::Dot => ExpressionKind::Dot,
            TokenKind::Nil => ExpressionKind::Nil,
            TokenKind::Variable => self.variable(&token)?,
            TokenKind::Field => ExpressionKind::Field(Box::new([self.field_name(token.text)])),
            TokenKind::Bool => ExpressionKind::Bool(token.text == b"true"),
            TokenKind::CharConstant | TokenKind::Complex | TokenKind::Number => match number(token.text, token.kind) {
                Ok(number) => ExpressionKind::Number(Box::new(number)),
                Err(message) => return self.error(message),
            },
            TokenKind::LeftParen => {
                let pipe = self.deeper(|parser| parser.pipeline("parenthesized pipeline", TokenKind::RightParen))?;
                ExpressionKind::Pipe(Box::new(pipe))
            }
            TokenKind::String | TokenKind::RawString => match unquote(token.text) {
                Some(value) => ExpressionKind::String { literal: token.text.into(), value: Text::from(value) },
                None => return self.error("invalid syntax"),
            },
            _ => {
                self.back();
                return Ok(None);
            }
        };
        // A pipeline in parentheses is its pipeline: both are one node to Go.
        let (id, start) = match &kind {
            ExpressionKind::Pipe(pipe) => (pipe.id, pipe.start),
            _ => (self.id(), token.start),
        };
        Ok(Some(Expression { id, start, kind }))
    }

    /// The name in a token, shared with the same name before.
    fn name(&mut self, text: &'t [u8]) -> Arc<str> {
        let slot = self.names.get_mut(slot(text));
        match slot {
            Some(Some(known)) if known.as_bytes() == text => Arc::clone(known),
            slot => {
                let name: Arc<str> = String::from_utf8_lossy(text).into();
                slot.into_iter().for_each(|slot| *slot = Some(Arc::clone(&name)));
                name
            }
        }
    }

    /// The name in a token of a field, without its dot.
    fn field_name(&mut self, text: &'t [u8]) -> Arc<str> {
        self.name(text.get(1..).unwrap_or_default())
    }

    fn variable(&self, token: &Token<'_>) -> Result<ExpressionKind, ParseError> {
        let name = String::from_utf8_lossy(token.text);
        match self.part.variables.iter().find(|known| ***known == *name) {
            Some(known) => Ok(ExpressionKind::Variable { name: Arc::clone(known), fields: Box::default() }),
            None => self.error(format!("undefined variable {}", quote(token.text))),
        }
    }
}

/// How many names are kept.
const SLOTS: usize = 256;

/// Where a name would be among those read before.
fn slot(name: &[u8]) -> usize {
    let mix = |mixed: usize, byte: &u8| mixed.wrapping_mul(31).wrapping_add(usize::from(*byte));
    let some = [name.first(), name.get(name.len() / 2), name.last()];
    some.into_iter().flatten().fold(name.len(), mix) % SLOTS
}

/// The literal, if the pipeline is nothing else.
fn constant(pipe: &Pipe) -> Option<Text> {
    let [Command { first: Expression { kind: ExpressionKind::String { value, .. }, .. }, arguments, .. }] =
        &*pipe.commands
    else {
        return None;
    };
    (pipe.variables.is_empty() && arguments.is_empty()).then(|| value.clone())
}

fn callee(name: &str) -> Option<Callee> {
    Some(match name {
        "and" => Callee::And,
        "or" => Callee::Or,
        "include" => Callee::Include,
        "tpl" => Callee::Tpl,
        _ => Callee::Table(functions::find(name)?),
    })
}
