//! JSON pointers (RFC 6901) as evanphx/json-patch v4.13.0 takes them apart, and positions in lists.

use std::fmt;

use source::Span;
use yaml::Str;

/// A pointer: the names on the way, the last one apart.
#[derive(Clone, Debug)]
pub(super) struct Pointer {
    text: Str,
    span: Span,
    parents: Vec<Str>,
    last: Str,
}

impl Pointer {
    /// Whatever stands before the first slash is ignored, as upstream does.
    pub(super) fn parse(text: &Str, span: Span) -> Self {
        let mut names: Vec<Str> = text.split('/').skip(1).map(decode).collect();
        let last = names.pop().unwrap_or_else(|| Str::from(""));
        Self { text: text.clone(), span, parents: names, last }
    }

    pub(super) fn span(&self) -> Span {
        self.span
    }

    pub(super) fn parents(&self) -> &[Str] {
        &self.parents
    }

    pub(super) fn last(&self) -> &Str {
        &self.last
    }

    /// Whether it names the whole object.
    pub(super) fn is_root(&self) -> bool {
        self.text.is_empty()
    }

    /// Whether it names something in the object; without any slash it does not.
    pub(super) fn has_parent(&self) -> bool {
        self.text.contains('/')
    }

    pub(super) fn has_no_slash(&self) -> bool {
        !self.text.is_empty() && !self.text.starts_with('/')
    }

    /// The pointer to the first `count` names, as the user wrote them; `None` for none or all of them.
    pub(super) fn up_to(&self, count: usize) -> Option<&str> {
        let (end, _) = self.text.match_indices('/').nth(count)?;
        self.text.get(..end).filter(|prefix| !prefix.is_empty())
    }
}

impl fmt::Display for Pointer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

/// `~1` is a slash and `~0` a tilde; nothing is decoded twice.
fn decode(name: &str) -> Str {
    if !name.contains('~') {
        return name.into();
    }
    let parts: Vec<String> = name.split("~1").map(|part| part.replace("~0", "~")).collect();
    parts.join("/").into()
}

/// A position as a patch writes it.
#[derive(Clone, Copy, Debug)]
pub(super) enum Index {
    /// After the last item.
    End,
    /// From the start, or below zero from the end.
    At(i64),
}

impl Index {
    pub(super) fn parse(text: &str) -> Option<Self> {
        if text == "-" { Some(Index::End) } else { text.parse().ok().map(Index::At) }
    }

    /// The position of an item of a list of that length.
    pub(super) fn of_item(self, length: usize) -> Option<usize> {
        let Index::At(index) = self else { return None };
        resolve(index, length).filter(|index| *index < length)
    }

    /// The position at which an item can be put into a list of that length: one more than it has, so that -1 appends.
    pub(super) fn of_gap(self, length: usize) -> Option<usize> {
        let Index::At(index) = self else { return Some(length) };
        resolve(index, length + 1).filter(|index| *index <= length)
    }
}

fn resolve(index: i64, length: usize) -> Option<usize> {
    let from_start = usize::try_from(index.unsigned_abs()).ok()?;
    if index < 0 { length.checked_sub(from_start) } else { Some(from_start) }
}
