//! The words of YAML as the scanner hands them to the parser.

use std::borrow::Cow;

/// How a scalar is written.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Style {
    Plain,
    SingleQuoted,
    DoubleQuoted,
    Literal,
    Folded,
}

/// One token. Block structure is made explicit: an indentation that grows gives a start token, one that shrinks an end.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Token<'a> {
    StreamEnd,
    VersionDirective { major: u8, minor: u8 },
    TagDirective(Box<TagParts<'a>>),
    DocumentStart,
    DocumentEnd,
    BlockSequenceStart,
    BlockMappingStart,
    BlockEnd,
    FlowSequenceStart,
    FlowSequenceEnd,
    FlowMappingStart,
    FlowMappingEnd,
    BlockEntry,
    FlowEntry,
    Key,
    Value,
    Alias(&'a str),
    Anchor(&'a str),
    Tag(Box<TagParts<'a>>),
    Scalar { text: Cow<'a, str>, style: Style },
}

/// The two halves of a tag or of a tag directive: `!handle!` and the rest. A verbatim tag has no handle.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct TagParts<'a> {
    pub(crate) handle: &'a str,
    pub(crate) rest: Cow<'a, str>,
}

/// A token with its bytes.
#[derive(Clone, Debug)]
pub(crate) struct Located<'a> {
    pub(crate) token: Token<'a>,
    pub(crate) start: usize,
    pub(crate) end: usize,
}
