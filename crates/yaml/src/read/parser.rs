//! From tokens to events: the grammar of YAML 1.1 as a machine with an explicit stack, so that depth costs no call stack.

use std::borrow::Cow;

use source::{Diagnostic, Span};

use crate::Dialect;

use super::scanner::{Scan, Scanner};
use super::token::{Style, TagParts, Token};

/// The prefix of the tags that every document knows as `!!`.
pub(crate) const CORE_PREFIX: &str = "tag:yaml.org,2002:";

/// Anchor and tag before a node.
#[derive(Clone, Debug, Default)]
pub(crate) struct Properties<'a> {
    pub(crate) anchor: Option<&'a str>,
    /// The tag with its handle resolved, and its place.
    pub(crate) tag: Option<(Cow<'a, str>, Span)>,
}

/// What happens next in a document.
#[derive(Clone, Debug)]
pub(crate) enum Event<'a> {
    DocumentStart,
    DocumentEnd,
    StreamEnd,
    Alias(&'a str),
    Scalar {
        properties: Properties<'a>,
        text: Cow<'a, str>,
        style: Style,
    },
    /// Whether it is written in brackets.
    SequenceStart(Properties<'a>, bool),
    /// Whether it is written in brackets.
    MappingStart(Properties<'a>, bool),
    SequenceEnd,
    MappingEnd,
}

/// An event with its bytes. The bytes of a node's start leave out its anchor and tag.
#[derive(Clone, Debug)]
pub(crate) struct Happening<'a> {
    pub(crate) event: Event<'a>,
    pub(crate) start: usize,
    pub(crate) end: usize,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum State {
    /// Before the first document, which needs no `---`.
    Stream,
    /// Between documents.
    Documents,
    DocumentContent,
    DocumentEnd,
    Node,
    SequenceEntry,
    /// A sequence that is not indented deeper than the key that holds it.
    IndentlessEntry,
    MappingKey,
    MappingValue,
    FlowSequenceFirst,
    FlowSequenceEntry,
    /// Inside `[a: b]`: a mapping of one pair.
    PairKey,
    PairValue,
    PairEnd,
    FlowMappingFirst,
    FlowMappingKey,
    FlowMappingValue,
    /// After a key without `:` in `{a, b: c}`.
    FlowMappingNoValue,
    End,
}

/// Which collections a node may start.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Context {
    Block,
    /// Block, and a sequence need not be indented.
    BlockOrIndentless,
    Flow,
}

/// Reads events one after the other.
#[derive(Debug)]
pub(crate) struct Parser<'a> {
    pub(crate) scanner: Scanner<'a>,
    state: State,
    states: Vec<State>,
    /// Starts of the open collections, for messages.
    starts: Vec<usize>,
    /// `%TAG` directives of the current document.
    handles: Vec<TagParts<'a>>,
    /// End of the last token taken.
    last_end: usize,
    /// Tokens that must be sound from the end of a document on, even if nobody reads the next one.
    tokens_ahead: usize,
}

impl<'a> Parser<'a> {
    /// A parser; go-yaml v3 scans two tokens further than v2, and so trips over what follows a document.
    pub(crate) fn new(scanner: Scanner<'a>, dialect: Dialect) -> Self {
        Self {
            state: State::Stream,
            states: Vec::new(),
            starts: Vec::new(),
            handles: Vec::new(),
            last_end: scanner.at,
            tokens_ahead: if dialect == Dialect::Kustomize { 3 } else { 1 },
            scanner,
        }
    }

    /// The next event; after the end of the stream the same again.
    pub(crate) fn next(&mut self) -> Scan<Happening<'a>> {
        match self.state {
            State::Stream => self.document_start(true),
            State::Documents => self.document_start(false),
            State::DocumentContent => self.document_content(),
            State::DocumentEnd => self.document_end(),
            State::Node => self.node(Context::Block),
            State::SequenceEntry => self.sequence_entry(),
            State::IndentlessEntry => self.indentless_entry(),
            State::MappingKey => self.mapping_key(),
            State::MappingValue => self.mapping_value(),
            State::FlowSequenceFirst => self.flow_sequence_entry(true),
            State::FlowSequenceEntry => self.flow_sequence_entry(false),
            State::PairKey => self.pair_key(),
            State::PairValue => self.pair_value(),
            State::PairEnd => {
                self.state = State::FlowSequenceEntry;
                Ok(self.here(Event::MappingEnd))
            }
            State::FlowMappingFirst => self.flow_mapping_key(true),
            State::FlowMappingKey => self.flow_mapping_key(false),
            State::FlowMappingValue => self.flow_mapping_value(),
            State::FlowMappingNoValue => {
                self.state = State::FlowMappingKey;
                Ok(self.empty())
            }
            State::End => Ok(self.here(Event::StreamEnd)),
        }
    }

    fn take(&mut self) -> Scan<(Token<'a>, usize, usize)> {
        let located = self.scanner.next()?;
        // Ends of block collections stand before the next token and would stretch what they end.
        if !matches!(located.token, Token::BlockEnd) {
            self.last_end = located.end;
        }
        Ok((located.token, located.start, located.end))
    }

    fn here(&self, event: Event<'a>) -> Happening<'a> {
        Happening { event, start: self.last_end, end: self.last_end }
    }

    /// A null that nobody wrote.
    fn empty(&self) -> Happening<'a> {
        self.here(Event::Scalar { properties: Properties::default(), text: Cow::Borrowed(""), style: Style::Plain })
    }

    fn pop(&mut self) {
        self.state = self.states.pop().unwrap_or(State::End);
    }

    fn document_start(&mut self, first: bool) -> Scan<Happening<'a>> {
        if !first {
            while matches!(self.scanner.peek()?.token, Token::DocumentEnd) {
                self.take()?;
            }
        }
        match self.scanner.peek()?.token {
            Token::StreamEnd => {
                self.state = State::End;
                Ok(self.here(Event::StreamEnd))
            }
            Token::VersionDirective { .. } | Token::TagDirective(_) | Token::DocumentStart => self.explicit_start(),
            _ if !first => self.explicit_start(),
            _ => {
                self.states.push(State::DocumentEnd);
                self.state = State::Node;
                Ok(self.here(Event::DocumentStart))
            }
        }
    }

    fn explicit_start(&mut self) -> Scan<Happening<'a>> {
        self.directives()?;
        let (token, start, end) = self.take()?;
        if !matches!(token, Token::DocumentStart) {
            let span = Span::new(self.scanner.file, start, end.max(start + 1));
            let error = Diagnostic::error("yaml/syntax", span, "expected `---` here, the start of a document")
                .with_help("check the indentation of this line, or start a new document with `---`");
            return Err(Box::new(error));
        }
        self.states.push(State::DocumentEnd);
        self.state = State::DocumentContent;
        Ok(Happening { event: Event::DocumentStart, start, end })
    }

    fn directives(&mut self) -> Scan<()> {
        let mut version_seen = false;
        loop {
            match self.scanner.peek()?.token {
                Token::VersionDirective { .. } | Token::TagDirective(_) => {}
                _ => return Ok(()),
            }
            let (token, start, end) = self.take()?;
            let wrong = |message: &str| {
                Box::new(
                    Diagnostic::error("yaml/syntax", Span::new(self.scanner.file, start, end), message)
                        .with_help("remove this line"),
                )
            };
            match token {
                Token::VersionDirective { .. } if version_seen => return Err(wrong("a second `%YAML` directive")),
                Token::VersionDirective { major: 1, minor: 1 } => version_seen = true,
                Token::VersionDirective { .. } => {
                    return Err(wrong("only YAML 1.1 is read"));
                }
                Token::TagDirective(parts) if self.handles.iter().any(|h| h.handle == parts.handle) => {
                    return Err(wrong("a second `%TAG` directive for the same handle"));
                }
                Token::TagDirective(parts) => self.handles.push(*parts),
                _ => {}
            }
        }
    }

    fn document_content(&mut self) -> Scan<Happening<'a>> {
        match self.scanner.peek()?.token {
            Token::VersionDirective { .. }
            | Token::TagDirective(_)
            | Token::DocumentStart
            | Token::DocumentEnd
            | Token::StreamEnd => {
                self.pop();
                Ok(self.empty())
            }
            _ => self.node(Context::Block),
        }
    }

    fn document_end(&mut self) -> Scan<Happening<'a>> {
        self.scanner.look_ahead(self.tokens_ahead)?;
        if matches!(self.scanner.peek()?.token, Token::DocumentEnd) {
            self.take()?;
        }
        self.handles.clear();
        self.state = State::Documents;
        Ok(self.here(Event::DocumentEnd))
    }

    fn node(&mut self, context: Context) -> Scan<Happening<'a>> {
        if let Token::Alias(name) = self.scanner.peek()?.token {
            self.pop();
            let (_, start, end) = self.take()?;
            return Ok(Happening { event: Event::Alias(name), start, end });
        }
        let mut properties = Properties::default();
        let mut tag_seen = false;
        loop {
            match self.scanner.peek()?.token {
                Token::Anchor(name) if properties.anchor.is_none() => {
                    self.take()?;
                    properties.anchor = Some(name);
                }
                Token::Tag(_) if !tag_seen => {
                    let (token, start, end) = self.take()?;
                    tag_seen = true;
                    if let Token::Tag(parts) = token {
                        properties.tag = self.tag(*parts, Span::new(self.scanner.file, start, end))?;
                    }
                }
                _ => break,
            }
        }
        let block = context != Context::Flow;
        let located = self.scanner.peek()?;
        let (start, end) = (located.start, located.end);
        match located.token {
            Token::BlockEntry if context == Context::BlockOrIndentless => {
                self.state = State::IndentlessEntry;
                Ok(Happening { event: Event::SequenceStart(properties, false), start, end })
            }
            Token::Scalar { .. } => {
                self.pop();
                let (token, start, end) = self.take()?;
                let Token::Scalar { text, style } = token else { return Ok(self.empty()) };
                Ok(Happening { event: Event::Scalar { properties, text, style }, start, end })
            }
            Token::FlowSequenceStart => self.open(State::FlowSequenceFirst, Event::SequenceStart(properties, true)),
            Token::FlowMappingStart => self.open(State::FlowMappingFirst, Event::MappingStart(properties, true)),
            Token::BlockSequenceStart if block => {
                self.open(State::SequenceEntry, Event::SequenceStart(properties, false))
            }
            Token::BlockMappingStart if block => self.open(State::MappingKey, Event::MappingStart(properties, false)),
            _ if properties.anchor.is_some() || properties.tag.is_some() => {
                self.pop();
                let event = Event::Scalar { properties, text: Cow::Borrowed(""), style: Style::Plain };
                Ok(self.here(event))
            }
            _ => Err(self.unexpected("expected a value here")),
        }
    }

    fn open(&mut self, state: State, event: Event<'a>) -> Scan<Happening<'a>> {
        let (_, start, end) = self.take()?;
        self.starts.push(start);
        self.state = state;
        Ok(Happening { event, start, end })
    }

    fn close(&mut self, event: Event<'a>) -> Scan<Happening<'a>> {
        let (token, _, _) = self.take()?;
        self.starts.pop();
        self.pop();
        debug_assert!(matches!(token, Token::BlockEnd | Token::FlowSequenceEnd | Token::FlowMappingEnd));
        Ok(self.here(event))
    }

    /// The tag behind a handle; an empty verbatim tag is no tag.
    fn tag(&self, parts: TagParts<'a>, span: Span) -> Scan<Option<(Cow<'a, str>, Span)>> {
        let prefix = match self.handles.iter().find(|h| h.handle == parts.handle) {
            _ if parts.handle.is_empty() => "",
            Some(directive) => &directive.rest,
            None if parts.handle == "!" => "!",
            None if parts.handle == "!!" => CORE_PREFIX,
            None => {
                let error =
                    Diagnostic::error("yaml/unknown-tag", span, format!("unknown tag handle `{}`", parts.handle))
                        .with_help("declare it with a `%TAG` directive, or remove the tag");
                return Err(Box::new(error));
            }
        };
        let tag = if prefix.is_empty() { parts.rest } else { Cow::Owned(format!("{prefix}{}", parts.rest)) };
        Ok((!tag.is_empty()).then_some((tag, span)))
    }

    fn sequence_entry(&mut self) -> Scan<Happening<'a>> {
        match self.scanner.peek()?.token {
            Token::BlockEntry => {
                self.take()?;
                match self.scanner.peek()?.token {
                    Token::BlockEntry | Token::BlockEnd => {
                        self.state = State::SequenceEntry;
                        Ok(self.empty())
                    }
                    _ => {
                        self.states.push(State::SequenceEntry);
                        self.node(Context::Block)
                    }
                }
            }
            Token::BlockEnd => self.close(Event::SequenceEnd),
            _ => Err(self.unexpected("expected `-` for the next list item, or less indentation")),
        }
    }

    fn indentless_entry(&mut self) -> Scan<Happening<'a>> {
        if !matches!(self.scanner.peek()?.token, Token::BlockEntry) {
            self.pop();
            return Ok(self.here(Event::SequenceEnd));
        }
        self.take()?;
        match self.scanner.peek()?.token {
            Token::BlockEntry | Token::Key | Token::Value | Token::BlockEnd => {
                self.state = State::IndentlessEntry;
                Ok(self.empty())
            }
            _ => {
                self.states.push(State::IndentlessEntry);
                self.node(Context::Block)
            }
        }
    }

    fn mapping_key(&mut self) -> Scan<Happening<'a>> {
        match self.scanner.peek()?.token {
            Token::Key => {
                self.take()?;
                match self.scanner.peek()?.token {
                    Token::Key | Token::Value | Token::BlockEnd => {
                        self.state = State::MappingValue;
                        Ok(self.empty())
                    }
                    _ => {
                        self.states.push(State::MappingValue);
                        self.node(Context::BlockOrIndentless)
                    }
                }
            }
            Token::BlockEnd => self.close(Event::MappingEnd),
            _ => Err(self.unexpected("expected a key here")),
        }
    }

    fn mapping_value(&mut self) -> Scan<Happening<'a>> {
        if matches!(self.scanner.peek()?.token, Token::Value) {
            self.take()?;
            match self.scanner.peek()?.token {
                Token::Key | Token::Value | Token::BlockEnd => {}
                _ => {
                    self.states.push(State::MappingKey);
                    return self.node(Context::BlockOrIndentless);
                }
            }
        }
        self.state = State::MappingKey;
        Ok(self.empty())
    }

    fn flow_sequence_entry(&mut self, first: bool) -> Scan<Happening<'a>> {
        if !first {
            match self.scanner.peek()?.token {
                Token::FlowSequenceEnd => return self.close(Event::SequenceEnd),
                Token::FlowEntry => {
                    self.take()?;
                }
                _ => return Err(self.unexpected("expected `,` or `]`")),
            }
        }
        match self.scanner.peek()?.token {
            Token::FlowSequenceEnd => self.close(Event::SequenceEnd),
            Token::Key => {
                let (_, start, end) = self.take()?;
                self.state = State::PairKey;
                Ok(Happening { event: Event::MappingStart(Properties::default(), true), start, end })
            }
            _ => {
                self.states.push(State::FlowSequenceEntry);
                self.node(Context::Flow)
            }
        }
    }

    fn pair_key(&mut self) -> Scan<Happening<'a>> {
        match self.scanner.peek()?.token {
            Token::Value | Token::FlowEntry | Token::FlowSequenceEnd => {
                // go-yaml takes the token away here, so that `[? : a]` and `[?]` are refused.
                self.take()?;
                self.state = State::PairValue;
                Ok(self.empty())
            }
            _ => {
                self.states.push(State::PairValue);
                self.node(Context::Flow)
            }
        }
    }

    fn pair_value(&mut self) -> Scan<Happening<'a>> {
        if matches!(self.scanner.peek()?.token, Token::Value) {
            self.take()?;
            match self.scanner.peek()?.token {
                Token::FlowEntry | Token::FlowSequenceEnd => {}
                _ => {
                    self.states.push(State::PairEnd);
                    return self.node(Context::Flow);
                }
            }
        }
        self.state = State::PairEnd;
        Ok(self.empty())
    }

    fn flow_mapping_key(&mut self, first: bool) -> Scan<Happening<'a>> {
        if !first {
            match self.scanner.peek()?.token {
                Token::FlowMappingEnd => return self.close(Event::MappingEnd),
                Token::FlowEntry => {
                    self.take()?;
                }
                _ => return Err(self.unexpected("expected `,` or `}`")),
            }
        }
        match self.scanner.peek()?.token {
            Token::FlowMappingEnd => self.close(Event::MappingEnd),
            Token::Key => {
                self.take()?;
                match self.scanner.peek()?.token {
                    Token::Value | Token::FlowEntry | Token::FlowMappingEnd => {
                        self.state = State::FlowMappingValue;
                        Ok(self.empty())
                    }
                    _ => {
                        self.states.push(State::FlowMappingValue);
                        self.node(Context::Flow)
                    }
                }
            }
            _ => {
                self.states.push(State::FlowMappingNoValue);
                self.node(Context::Flow)
            }
        }
    }

    fn flow_mapping_value(&mut self) -> Scan<Happening<'a>> {
        if matches!(self.scanner.peek()?.token, Token::Value) {
            self.take()?;
            match self.scanner.peek()?.token {
                Token::FlowEntry | Token::FlowMappingEnd => {}
                _ => {
                    self.states.push(State::FlowMappingKey);
                    return self.node(Context::Flow);
                }
            }
        }
        self.state = State::FlowMappingKey;
        Ok(self.empty())
    }

    /// How far the text is scanned.
    pub(crate) fn position(&self) -> usize {
        self.scanner.position()
    }

    /// An error at the next token, with the start of the collection it stands in.
    fn unexpected(&mut self, expected: &str) -> Box<Diagnostic> {
        let file = self.scanner.file;
        let opened = self.starts.last().copied();
        let located = match self.scanner.peek() {
            Ok(located) => located,
            Err(error) => return error,
        };
        let span = Span::new(file, located.start, located.end.max(located.start + 1));
        let (what, help) = match located.token {
            Token::StreamEnd => ("the text ends", "close what was opened before"),
            Token::DocumentStart | Token::DocumentEnd => ("the document ends", "close what was opened before"),
            Token::BlockMappingStart | Token::BlockSequenceStart | Token::Key => {
                ("something indented starts", "check the indentation of this line against the lines before it")
            }
            Token::Scalar { .. } => ("a value stands there", "check the indentation of this line, or quote the value"),
            Token::BlockEntry => {
                ("a list item starts", "check the indentation of this line against the lines before it")
            }
            Token::BlockEnd => ("the indentation ends", "close what was opened before"),
            Token::FlowSequenceEnd | Token::FlowMappingEnd => ("a bracket closes", "check the brackets before it"),
            Token::FlowEntry => ("a `,` stands there", "remove it, or quote the value that it belongs to"),
            Token::Value => ("a `:` stands there", "put the value in quotes if the `:` belongs to it"),
            _ => ("something else stands there", "put the value in quotes if it is meant as text"),
        };
        let mut error = Diagnostic::error("yaml/syntax", span, format!("{expected}, but {what}")).with_help(help);
        if let Some(opened) = opened {
            error = error.with_related(Span::new(file, opened, opened + 1), "in what starts here");
        }
        Box::new(error)
    }
}
