//! The lines that are shown of each file: cropped to the terminal, with gaps, and with their real line numbers.

use std::ops::Range;
use std::sync::Arc;

use codespan_reporting::files::{Error, Files};

use crate::places::Place;

/// Columns of a long line that are shown before the marked part.
const LEAD: usize = 12;
/// Columns that border and gap take besides the line number.
const BORDER: usize = 4;

/// Excerpts of files, in the order in which they are first named.
#[derive(Debug, Default)]
pub(crate) struct Excerpts {
    files: Vec<Excerpt>,
}

#[derive(Debug)]
struct Excerpt {
    name: Arc<str>,
    source: String,
    /// Every line of `source`, fillers between lines that do not follow each other included.
    lines: Vec<Line>,
}

#[derive(Debug)]
struct Line {
    number: usize,
    start: usize,
    /// Characters of the real line that were cut off in front, less the mark put in their place.
    cropped: usize,
    length: usize,
}

impl Excerpts {
    pub(crate) fn of<'a>(places: impl Iterator<Item = &'a Place> + Clone, width: usize) -> Self {
        let widest = places.clone().map(|place| place.line).max().unwrap_or(0).to_string().len();
        let width = width.saturating_sub(widest + BORDER).max(20);
        let mut files: Vec<Excerpt> = Vec::new();
        for place in places.clone() {
            if !files.iter().any(|file| file.name == place.name) {
                let mut here: Vec<&Place> = places.clone().filter(|other| other.name == place.name).collect();
                here.sort_by_key(|place| place.line);
                here.dedup_by_key(|place| place.line);
                files.push(excerpt(&here, width));
            }
        }
        Self { files }
    }

    /// The file and the bytes of its excerpt that a place marks.
    pub(crate) fn range(&self, place: &Place) -> Option<(usize, Range<usize>)> {
        let index = self.files.iter().position(|file| file.name == place.name)?;
        let file = self.files.get(index)?;
        let line = file.lines.iter().find(|line| line.number == place.line)?;
        let text = file.source.get(line.start..line.start + line.length)?;
        let byte = |character: usize| {
            let at = character.saturating_sub(line.cropped);
            line.start + text.char_indices().nth(at).map_or(text.len(), |(byte, _)| byte)
        };
        Some((index, byte(place.mark.start)..byte(place.mark.end)))
    }

    fn line(&self, file: usize, index: usize) -> Result<(&Excerpt, &Line), Error> {
        let file = self.files.get(file).ok_or(Error::FileMissing)?;
        let max = file.lines.len().saturating_sub(1);
        let line = file.lines.get(index).ok_or(Error::LineTooLarge { given: index, max })?;
        Ok((file, line))
    }
}

fn excerpt(places: &[&Place], width: usize) -> Excerpt {
    let mut source = String::new();
    let mut lines: Vec<Line> = Vec::new();
    for place in places {
        let gap = lines.last().is_some_and(|last| place.line > last.number + 1);
        // Two lines that nobody shows: the renderer draws a gap for them.
        for _ in 0..if gap { 2 } else { 0 } {
            lines.push(Line { number: 0, start: source.len(), cropped: 0, length: 0 });
            source.push('\n');
        }
        let (text, cropped) = window(&place.text, &place.mark, width);
        lines.push(Line { number: place.line, start: source.len(), cropped, length: text.len() });
        source.push_str(&text);
        source.push('\n');
    }
    let name = places.first().map_or_else(|| "".into(), |place| crate::clean(&place.name, false).into());
    Excerpt { name, source, lines }
}

/// The part of a line that fits and shows the beginning of the marked part, and how far it is shifted.
fn window(text: &str, mark: &Range<usize>, width: usize) -> (String, usize) {
    let length = text.chars().count();
    // Tabs are drawn as up to four columns.
    let width = width.saturating_sub(3 * text.matches('\t').count()).max(20);
    if length <= width {
        return (text.to_owned(), 0);
    }
    if mark.end < width {
        let shown: String = text.chars().take(width - 1).collect();
        return (shown + "…", 0);
    }
    let from = mark.start.saturating_sub(LEAD).min(length - width.min(length) + 1);
    let shown: String = text.chars().skip(from).take(width - 2).collect();
    let more = from + width - 2 < length;
    let head = if from > 0 { "…" } else { "" };
    (format!("{head}{shown}{}", if more { "…" } else { "" }), from.saturating_sub(1))
}

impl<'a> Files<'a> for Excerpts {
    type FileId = usize;
    type Name = &'a str;
    type Source = &'a str;

    fn name(&'a self, id: usize) -> Result<&'a str, Error> {
        self.files.get(id).map(|file| &*file.name).ok_or(Error::FileMissing)
    }

    fn source(&'a self, id: usize) -> Result<&'a str, Error> {
        self.files.get(id).map(|file| file.source.as_str()).ok_or(Error::FileMissing)
    }

    fn line_index(&'a self, id: usize, byte_index: usize) -> Result<usize, Error> {
        let file = self.files.get(id).ok_or(Error::FileMissing)?;
        Ok(file.lines.partition_point(|line| line.start <= byte_index).saturating_sub(1))
    }

    fn line_number(&'a self, id: usize, line_index: usize) -> Result<usize, Error> {
        Ok(self.line(id, line_index)?.1.number)
    }

    fn column_number(&'a self, id: usize, line_index: usize, byte_index: usize) -> Result<usize, Error> {
        let (file, line) = self.line(id, line_index)?;
        let before = file.source.get(line.start..byte_index).unwrap_or_default();
        Ok(before.chars().count() + line.cropped + 1)
    }

    fn line_range(&'a self, id: usize, line_index: usize) -> Result<Range<usize>, Error> {
        let (_, line) = self.line(id, line_index)?;
        Ok(line.start..line.start + line.length + 1)
    }
}
