//! Reading TOML as BurntSushi/toml v1.6.0 does, with its words for what is wrong: templates see them under `Error`.

mod scalar;
mod scanner;
mod table;

use self::scanner::Scanner;
use self::table::{Node, Tree};
use crate::convert::MAX_DEPTH;
use crate::function::{Args, Call};
use crate::quote::quote;
use crate::{Failure, Item, List, Map, Value};

pub(super) fn from_toml(call: &mut Call<'_>, args: Args<'_>) -> Result<Value, Failure> {
    super::allocate_value(call, args.text(0)?)?;
    Ok(Value::Map(parse(args.text(0)?).unwrap_or_else(|error| {
        let map = Map::new();
        map.insert("Error", Value::from(error));
        map
    })))
}

/// Where and why the reading stopped.
struct Problem {
    line: usize,
    message: String,
}

type Read<T> = Result<T, Problem>;

fn parse(text: &[u8]) -> Result<Map, String> {
    // The marks of UTF-16 are not valid here, but upstream takes them.
    let marks: [&[u8]; 3] = [b"\xFF\xFE", b"\xFE\xFF", b"\xEF\xBB\xBF"];
    let text = marks.iter().find_map(|mark| text.strip_prefix(*mark)).unwrap_or(text);
    if text.iter().take(6).any(|byte| *byte == 0) {
        let message = "files cannot contain NULL bytes; probably using UTF-16; TOML files must be UTF-8";
        return Err(format!("toml: line 1: {message}"));
    }
    let mut parser = Parser { scanner: Scanner::new(text), tree: Tree::default() };
    match parser.document() {
        Ok(()) => Ok(parser.tree.into_map()),
        Err(Problem { line, message }) => Err(match parser.tree.last_key() {
            key if key.is_empty() => format!("toml: line {line}: {message}"),
            key => format!("toml: line {line} (last key {}): {message}", quote(key.as_bytes())),
        }),
    }
}

struct Parser<'t> {
    scanner: Scanner<'t>,
    tree: Tree,
}

/// What ends a key of the document or of an inline table, or the name of a table.
#[derive(Clone, Copy, PartialEq, Eq)]
enum KeyKind {
    Field,
    Table,
}

impl Parser<'_> {
    fn document(&mut self) -> Read<()> {
        loop {
            match self.scanner.peek()? {
                None => return Ok(()),
                Some('\t' | ' ' | '\n' | '\r') => {
                    self.scanner.next()?;
                }
                Some('#') => self.scanner.comment()?,
                Some('[') => {
                    self.table()?;
                    self.end_of_line()?;
                }
                Some(_) => {
                    let outer = self.tree.context.clone();
                    self.field(0)?;
                    self.tree.context = outer;
                    self.tree.current_key.clear();
                    self.end_of_line()?;
                }
            }
        }
    }

    fn end_of_line(&mut self) -> Read<()> {
        self.scanner.skip_blanks()?;
        match self.scanner.next()? {
            None | Some('\n' | '\r') => Ok(()),
            Some('#') => self.scanner.comment(),
            other => Err(self.scanner.problem(format!(
                "expected a top-level item to end with a newline, comment, or EOF, but got {} instead",
                quoted(other)
            ))),
        }
    }

    /// `[table]` or `[[tables]]`, from its bracket on.
    fn table(&mut self) -> Read<()> {
        self.scanner.next()?;
        let is_list = self.scanner.eat('[')?;
        let key = self.key(KeyKind::Table)?;
        if is_list {
            match self.scanner.next()? {
                Some(']') => {}
                other => {
                    let got = quoted(other);
                    let message = format!("expected end of table array name delimiter ']', but got {got} instead");
                    return Err(self.scanner.problem(message));
                }
            }
        }
        self.tree.add_context(&key, is_list)?;
        self.tree.set_kind(None, false);
        Ok(())
    }

    /// `key = value`; the context is that of the key afterwards. Gives what was read for inline tables, which are lists
    /// of fields of their own.
    fn field(&mut self, depth: usize) -> Read<(Vec<String>, Node)> {
        self.scanner.skip_blanks()?;
        match self.scanner.peek()? {
            None | Some('=') => return Err(self.scanner.problem("unexpected '=': key name appears blank")),
            Some('.') => return Err(self.scanner.problem("unexpected '.': keys cannot start with a '.'")),
            Some(_) => {}
        }
        let key = self.key(KeyKind::Field)?;
        let Some((last, parents)) = key.split_last() else { return Ok((key, Node::Table(table::Table::new()))) };
        self.tree.current_key.clone_from(last);
        for parent in parents {
            let mut context = self.tree.context.clone();
            context.push(parent.clone());
            self.tree.add_implicit_context(&context)?;
        }
        let value = self.value(false, depth)?;
        self.tree.set_value(last, value.clone())?;
        self.tree.set_kind(Some(last), matches!(value, Node::Leaf(Value::List(_))));
        Ok((key, value))
    }

    /// The parts of a key up to what ends it.
    fn key(&mut self, kind: KeyKind) -> Read<Vec<String>> {
        let mut parts = Vec::new();
        loop {
            self.scanner.skip_blanks()?;
            match (kind, self.scanner.peek()?) {
                (KeyKind::Table, None | Some(']')) => {
                    return Err(self.scanner.problem("unexpected end of table name (table names cannot be empty)"));
                }
                (KeyKind::Table, Some('.')) => {
                    return Err(self.scanner.problem("unexpected table separator (table names cannot be empty)"));
                }
                (KeyKind::Field, None | Some('=')) => return Err(self.scanner.problem("unexpected '='")),
                (KeyKind::Field, Some('.')) => return Err(self.scanner.problem("unexpected '.'")),
                (_, Some(quote @ ('"' | '\''))) => {
                    self.scanner.next()?;
                    self.tree.line = if parts.is_empty() { self.scanner.line() } else { self.tree.line };
                    parts.push(if quote == '"' { self.scanner.basic_string()? } else { self.scanner.raw_string()? });
                }
                _ => {
                    self.tree.line = if parts.is_empty() { self.scanner.line() } else { self.tree.line };
                    parts.push(self.scanner.bare_key()?);
                }
            }
            if parts.len() > MAX_DEPTH {
                return Err(self.scanner.problem("keys have too many parts"));
            }
            self.scanner.skip_blanks()?;
            match (kind, self.scanner.next()?) {
                (_, Some('.')) => {}
                (KeyKind::Field, Some('=')) | (KeyKind::Table, Some(']')) => return Ok(parts),
                (KeyKind::Field, None) => {
                    return Err(self.scanner.problem("unexpected EOF; expected key separator '='"));
                }
                (KeyKind::Field, other) => {
                    let message = format!("expected '.' or '=', but got {} instead", quoted(other));
                    return Err(self.scanner.problem_at(other, message));
                }
                (KeyKind::Table, other) => {
                    let message = format!("expected '.' or ']' to end table name, but got {} instead", quoted(other));
                    return Err(self.scanner.problem(message));
                }
            }
        }
    }

    fn value(&mut self, in_list: bool, depth: usize) -> Read<Node> {
        if depth > MAX_DEPTH {
            return Err(self.scanner.problem("values are nested too deep"));
        }
        self.scanner.skip_blanks()?;
        match self.scanner.peek()? {
            Some('[') => {
                self.scanner.next()?;
                self.list(depth).map(Node::Leaf)
            }
            Some('{') => {
                self.scanner.next()?;
                self.inline_table(in_list, depth)
            }
            _ => self.scanner.scalar().map(Node::Leaf),
        }
    }

    fn list(&mut self, depth: usize) -> Read<Value> {
        let key = self.tree.current_key.clone();
        self.tree.set_kind(Some(&key).filter(|key| !key.is_empty()), true);
        let mut items = Vec::new();
        loop {
            match self.scanner.after_breaks()? {
                Some(',') => {
                    self.scanner.next()?;
                    return Err(self.scanner.problem("unexpected comma"));
                }
                Some(']') => break,
                _ => items.push(Item::from(self.value(true, depth + 1)?.into_value())),
            }
            match self.scanner.after_breaks()? {
                Some(']') => break,
                Some(',') => {
                    self.scanner.next()?;
                }
                other => {
                    self.scanner.next()?;
                    let got = shown(other);
                    let message = format!("expected a comma (',') or array terminator (']'), but got {got}");
                    return Err(self.scanner.problem(message));
                }
            }
        }
        self.scanner.next()?;
        Ok(Value::List(List::any(items)))
    }

    fn inline_table(&mut self, in_list: bool, depth: usize) -> Read<Node> {
        let (outer_context, outer_key) = (self.tree.context.clone(), std::mem::take(&mut self.tree.current_key));
        let mut context = outer_context.clone();
        context.push(outer_key.clone());
        self.tree.add_implicit(&context);
        self.tree.context.clone_from(&context);
        self.tree.add_context(&context, in_list)?;
        let inside = self.tree.context.clone();
        let mut made = table::Table::new();
        loop {
            match self.scanner.after_breaks()? {
                Some(',') => {
                    self.scanner.next()?;
                    return Err(self.scanner.problem("unexpected comma"));
                }
                Some('}') => break,
                _ => {
                    let (key, value) = self.field(depth + 1)?;
                    table::insert(&mut made, &key, value);
                    self.tree.context.clone_from(&inside);
                }
            }
            match self.scanner.after_breaks()? {
                Some('}') => break,
                Some(',') => {
                    self.scanner.next()?;
                }
                other => {
                    self.scanner.next()?;
                    let got = shown(other);
                    let message = format!("expected a comma or an inline table terminator '}}', but got {got} instead");
                    return Err(self.scanner.problem(message));
                }
            }
        }
        self.scanner.next()?;
        (self.tree.context, self.tree.current_key) = (outer_context, outer_key);
        Ok(Node::Table(made))
    }
}

/// Go's `%q` of a character; the end of the text is NUL.
fn quoted(c: Option<char>) -> String {
    match c.unwrap_or('\0') {
        '\'' => "'\\''".to_owned(),
        '"' => "'\"'".to_owned(),
        c => {
            let text = quote(c.encode_utf8(&mut [0; 4]).as_bytes());
            format!("'{}'", text.trim_matches('"'))
        }
    }
}

fn shown(c: Option<char>) -> String {
    c.map_or_else(|| "end of file".to_owned(), |c| format!("'{c}'"))
}

#[cfg(test)]
mod tests;
