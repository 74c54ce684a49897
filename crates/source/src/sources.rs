//! The texts of one run: append-only, shared by reference between threads.

use std::sync::{Arc, PoisonError, RwLock};

use crate::{File, FileId, Piece, Span, SpanMap};

/// One registered text.
#[derive(Debug)]
pub struct SourceFile {
    /// How a user would write the path, or a description for virtual text (`Deployment/web/web after substitution`).
    pub name: Arc<str>,
    /// The text; bytes that are not UTF-8 were replaced, so positions past them are only near.
    pub text: Arc<str>,
    /// For text made from other text: the way back.
    pub map: Option<SpanMap>,
    line_starts: Vec<u32>,
}

/// Where a span begins, for people. Lines and columns count from 1; columns count characters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Location {
    /// Name of the text.
    pub name: Arc<str>,
    /// Line, from 1.
    pub line: usize,
    /// Column in characters, from 1.
    pub column: usize,
    /// Line of the last byte, from 1.
    pub end_line: usize,
    /// Column one past the last character, from 1.
    pub end_column: usize,
}

/// Where a stretch of text comes from, in texts that a user wrote.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Trace {
    /// What the text itself comes from, in the order of the text.
    pub origins: Vec<Span>,
    /// The values that were inserted into it.
    pub values: Vec<Span>,
    /// Whether any of them must not be shown.
    pub secret: bool,
}

impl SourceFile {
    fn new(name: Arc<str>, text: Arc<str>, map: Option<SpanMap>) -> Self {
        let newlines = text.bytes().enumerate().filter(|(_, b)| *b == b'\n').map(|(i, _)| i as u32 + 1);
        let line_starts = std::iter::once(0).chain(newlines).collect();
        Self { name, text, map, line_starts }
    }

    /// The byte at which a line (from 1) starts.
    pub fn line_start(&self, line: usize) -> Option<usize> {
        self.line_starts.get(line.checked_sub(1)?).map(|start| *start as usize)
    }

    /// Line (from 1) and column (from 1, in characters) of a byte position.
    pub fn line_column(&self, position: usize) -> (usize, usize) {
        let line = self.line_starts.partition_point(|s| *s as usize <= position).max(1);
        let start = self.line_starts.get(line - 1).copied().unwrap_or(0) as usize;
        let before = self.text.get(start..position.min(self.text.len())).unwrap_or_default();
        (line, before.chars().count() + 1)
    }
}

/// All texts of a run. Registration is thread-safe; ids depend on the order of registration, so nothing that is printed
/// may depend on them.
#[derive(Default, Debug)]
pub struct Sources {
    files: RwLock<Vec<Arc<SourceFile>>>,
}

impl Sources {
    /// An empty set of texts.
    pub fn new() -> Self {
        Self::default()
    }

    /// Registers a text under the name that a user would write.
    pub fn add(&self, name: impl Into<Arc<str>>, text: impl Into<Arc<str>>) -> FileId {
        self.push(SourceFile::new(name.into(), text.into(), None))
    }

    /// Registers text that was made from other text.
    pub fn add_virtual(&self, name: impl Into<Arc<str>>, text: impl Into<Arc<str>>, map: SpanMap) -> FileId {
        self.push(SourceFile::new(name.into(), text.into(), Some(map)))
    }

    /// Registers a file once: the second call for the same file gives the id of the first.
    pub fn add_file(&self, file: &File) -> FileId {
        *file.id.get_or_init(|| self.add(file.name.clone(), String::from_utf8_lossy(&file.bytes).into_owned()))
    }

    /// As [`Sources::add_file`] for a file whose text was made from other text.
    pub fn add_file_made(&self, file: &File, map: SpanMap) -> FileId {
        *file
            .id
            .get_or_init(|| self.add_virtual(file.name.clone(), String::from_utf8_lossy(&file.bytes).into_owned(), map))
    }

    fn push(&self, file: SourceFile) -> FileId {
        let mut files = self.files.write().unwrap_or_else(PoisonError::into_inner);
        if files.len() as u32 >= FileId::MAX {
            return FileId::new(0);
        }
        files.push(Arc::new(file));
        FileId::new(files.len() as u32)
    }

    /// The text with the given id.
    pub fn get(&self, id: FileId) -> Option<Arc<SourceFile>> {
        let files = self.files.read().unwrap_or_else(PoisonError::into_inner);
        files.get((id.raw() as usize).checked_sub(1)?).cloned()
    }

    /// The characters that a span covers.
    pub fn text(&self, span: Span) -> Option<String> {
        let file = self.get(span.file()?)?;
        file.text.get(span.start()..span.end()).map(str::to_owned)
    }

    /// Where a span begins and ends, for people.
    pub fn location(&self, span: Span) -> Option<Location> {
        let file = self.get(span.file()?)?;
        let (line, column) = file.line_column(span.start());
        let (end_line, end_column) = file.line_column(span.end());
        Some(Location { name: file.name.clone(), line, column, end_line, end_column })
    }

    /// Follows a span through virtual texts to the texts that a user wrote: first what the text comes from, then the
    /// inserted values, each once. A span of a plain text gives itself.
    pub fn resolve(&self, span: Span) -> Vec<Span> {
        let Trace { mut origins, mut values, .. } = self.trace(span);
        values.retain(|v| !origins.contains(v));
        origins.append(&mut values);
        origins
    }

    /// As [`Sources::resolve`], with what the text comes from apart from the values that were inserted into it.
    pub fn trace(&self, span: Span) -> Trace {
        let mut trace = Trace::default();
        let Trace { origins, values, secret } = &mut trace;
        self.resolve_into(span, 0, origins, values, secret);
        trace
    }

    /// The part of a piece's origin that belongs to `span`, where the piece is a copy of its origin; else all of it.
    fn narrowed(&self, text: &str, span: Span, piece: &Piece) -> Span {
        let origin = piece.origin;
        let copied = || {
            let from = self.get(origin.file()?)?;
            (text.get(piece.start..piece.end)? == from.text.get(origin.start()..origin.end())?).then_some(())
        };
        match origin.file() {
            Some(file) if origin.end() - origin.start() == piece.end - piece.start && copied().is_some() => {
                let start = origin.start() + span.start().saturating_sub(piece.start);
                let cut = piece.end.saturating_sub(span.end());
                Span::new(file, start, origin.end().saturating_sub(cut).max(start))
            }
            _ => origin,
        }
    }

    fn resolve_into(
        &self,
        span: Span,
        depth: usize,
        origins: &mut Vec<Span>,
        values: &mut Vec<Span>,
        secret: &mut bool,
    ) {
        const DEPTH: usize = 16;
        let Some(file) = span.file().and_then(|id| self.get(id)) else { return };
        let Some(map) = file.map.as_ref().filter(|_| depth < DEPTH) else {
            if !origins.contains(&span) {
                origins.push(span);
            }
            return;
        };
        for piece in map.overlapping(span.start(), span.end()) {
            *secret |= piece.secret;
            self.resolve_into(self.narrowed(&file.text, span, piece), depth + 1, origins, values, secret);
            if let Some(value) = piece.value {
                let mut found = Vec::new();
                self.resolve_into(value, depth + 1, &mut found, values, secret);
                found.retain(|v| !values.contains(v));
                values.extend(found);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn locations_count_characters() {
        let sources = Sources::new();
        let id = sources.add("a.yaml", "é: 1\nb: 2\n");
        let at = sources.location(Span::new(id, 4, 5)).unwrap();
        assert_eq!((at.line, at.column), (1, 4));
        let at = sources.location(Span::new(id, 6, 7)).unwrap();
        assert_eq!((at.line, at.column), (2, 1));
    }

    #[test]
    fn virtual_text_leads_back_to_template_and_value() {
        let sources = Sources::new();
        let template = sources.add("t.yaml", "replicas: ${n}");
        let values = sources.add("v.yaml", "n: 3");
        let mut map = SpanMap::default();
        map.push(Piece { start: 0, end: 10, origin: Span::new(template, 0, 10), value: None, secret: false });
        map.push(Piece {
            start: 10,
            end: 11,
            origin: Span::new(template, 10, 14),
            value: Some(Span::new(values, 3, 4)),
            secret: true,
        });
        let made = sources.add_virtual("made", "replicas: 3", map);
        let found = sources.resolve(Span::new(made, 10, 11));
        assert_eq!(found, [Span::new(template, 10, 14), Span::new(values, 3, 4)]);
        assert!(sources.trace(Span::new(made, 10, 11)).secret && !sources.trace(Span::new(made, 0, 9)).secret);
    }
}
