//! Fields that differ, for people: one line where it fits, lines with signs where it does not.

use plan::{FieldChange, FieldChangeKind};
use similar::{ChangeTag, TextDiff};
use yaml::{Node, Value};

use crate::table::crop;
use crate::{Paint, Style, clean};

/// Lines of one value that are shown; the rest is counted.
const LINES: usize = 24;
const INDENT: &str = "        ";

pub(super) fn human(fields: &[FieldChange], style: Style) -> String {
    fields.iter().map(|field| one(field, style)).collect()
}

fn one(field: &FieldChange, style: Style) -> String {
    let path = clean(&field.path.to_string(), false).into_owned();
    let path = if field.random { format!("{path} (random in Helm)") } else { path };
    if field.kind == FieldChangeKind::Reordered {
        return format!("{INDENT}{path}: reordered\n");
    }
    let old = field.old.as_ref().map(scalar);
    let new = field.new.as_ref().map(scalar);
    let flat = |value: &Option<Option<String>>| value.as_ref().is_none_or(Option::is_some);
    if flat(&old) && flat(&new) {
        let (old, new) = (old.flatten(), new.flatten());
        let line = match (&old, &new) {
            (Some(old), Some(new)) => format!("{old} → {new}"),
            (None, Some(new)) => format!("+ {new}"),
            (Some(old), None) => format!("- {old}"),
            (None, None) => String::new(),
        };
        if INDENT.len() + path.chars().count() + line.chars().count() + 2 <= style.width {
            let line = match (&old, &new) {
                (Some(old), Some(new)) => {
                    format!("{} → {}", style.paint(Paint::Red, old), style.paint(Paint::Green, new))
                }
                (None, _) => style.paint(Paint::Green, &line),
                (_, None) => style.paint(Paint::Red, &line),
            };
            return format!("{INDENT}{path}: {line}\n");
        }
    }
    format!("{INDENT}{path}:\n{}", lines(field, style))
}

/// The value on one line, when it has one.
fn scalar(node: &Node) -> Option<String> {
    let text = match &node.value {
        Value::Map(map) if !map.is_empty() => return None,
        Value::List(list) if !list.is_empty() => return None,
        Value::Str(text) if text.contains('\n') => return None,
        _ => yaml::to_yaml(node),
    };
    let text = text.trim_end();
    (!text.contains('\n')).then(|| clean(text, false).into_owned())
}

/// The value as lines: texts as they are, everything else as YAML.
fn text(node: Option<&Node>) -> String {
    match node.map(|node| (&node.value, node)) {
        None => String::new(),
        Some((Value::Str(text), _)) => text.to_string(),
        Some((_, node)) => yaml::to_yaml(node),
    }
}

fn lines(field: &FieldChange, style: Style) -> String {
    let (old, new) = (text(field.old.as_ref()), text(field.new.as_ref()));
    let width = if style.terminal { style.width.saturating_sub(INDENT.len() + 4).max(20) } else { usize::MAX };
    let difference = TextDiff::from_lines(old.as_str(), new.as_str());
    let mut shown = String::new();
    let mut count = 0;
    for group in difference.grouped_ops(2) {
        for change in group.iter().flat_map(|op| difference.iter_changes(op)) {
            count += 1;
            if count > LINES {
                continue;
            }
            let (sign, paint) = match change.tag() {
                ChangeTag::Delete => ("-", Paint::Red),
                ChangeTag::Insert => ("+", Paint::Green),
                ChangeTag::Equal => (" ", Paint::Dim),
            };
            let line = crop(&clean(change.value().trim_end_matches('\n'), false), width);
            shown.push_str(&format!("{INDENT}  {}\n", style.paint(paint, format!("{sign} {line}").trim_end())));
        }
    }
    if count > LINES {
        shown.push_str(&format!("{INDENT}  … {} more lines\n", count - LINES));
    }
    shown
}
