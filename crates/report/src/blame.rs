//! An object as YAML with the line in Git beside every line, as `git blame` has the commit.

use source::Sources;
use yaml::Node;

use crate::table::{crop, crop_front};
use crate::{Paint, Style, clean};

/// Columns for the place at most; what is longer loses its beginning.
const PLACE: usize = 40;

/// The node as YAML, each line after the file and line that wrote what it holds.
pub fn blame(sources: &Sources, node: &Node, style: Style) -> String {
    let (text, map) = yaml::to_yaml_mapped(node);
    let mut start = 0;
    let mut lines = Vec::new();
    for line in text.lines() {
        let end = start + line.len();
        // The last piece of a line is the value; its key stands before it.
        let written = map.overlapping(start, end).iter().rev().find(|piece| !piece.origin.is_detached());
        let place = written.and_then(|piece| {
            let span = *sources.resolve(piece.origin).first()?;
            let at = sources.location(span)?;
            Some(format!("{}:{}", clean(&at.name, false), at.line))
        });
        lines.push((place.unwrap_or_default(), clean(line, false).into_owned()));
        start = end + 1;
    }
    let longest = lines.iter().map(|(place, _)| place.chars().count()).max().unwrap_or(0);
    let width = if style.terminal { longest.min(PLACE) } else { longest };
    let rest = if style.terminal { style.width.saturating_sub(width + 3).max(20) } else { usize::MAX };
    let mut before = String::new();
    let mut shown = String::new();
    for (place, line) in lines {
        // A block of lines from one place names it once.
        let named = if place == before { String::new() } else { crop_front(&place, width) };
        let pad = " ".repeat(width - named.chars().count().min(width));
        shown.push_str(&format!(
            "{}{pad} {} {}\n",
            style.paint(Paint::Dim, &named),
            style.paint(Paint::Dim, "│"),
            crop(&line, rest)
        ));
        before = place;
    }
    shown
}
