//! Differences for reviews: a Markdown comment, and annotations beside the lines of a pull request.

use plan::{Change, What};
use similar::TextDiff;
use source::Sources;

use super::{ClusterDiff, diff_summary, notes, place};
use crate::github::{data, property};
use crate::markdown_cell as cell;

/// GitHub refuses comments of more than 65,536 characters.
const COMMENT: usize = 60_000;
/// Lines of one object that are shown.
const LINES: usize = 200;

/// A comment: what happens in a table, what is deleted first, and every object's change to unfold.
pub fn markdown(sources: &Sources, clusters: &[ClusterDiff<'_>]) -> String {
    let summary = diff_summary(clusters);
    if summary.is_empty() {
        return "No changes to any cluster.\n".to_owned();
    }
    let mut text = format!("**{summary}**\n");
    let mut left_out = 0;
    for cluster in clusters.iter().filter(|cluster| !cluster.comparison.changes.is_empty()) {
        text.push_str(&format!("\n### {}\n\n", cell(cluster.name)));
        let (dangerous, others): (Vec<_>, Vec<_>) = cluster.comparison.changes.iter().partition(|c| is_dangerous(c));
        if !dangerous.is_empty() {
            text.push_str("> [!CAUTION]\n");
            for change in &dangerous {
                text.push_str(&format!("> - {}: {}\n", code(&change.id.to_string()), cell(&notes(change).join("; "))));
            }
            text.push('\n');
        }
        text.push_str("| | Object | Unit | Where |\n| --- | --- | --- | --- |\n");
        for change in dangerous.iter().chain(&others) {
            let (unit, at) = (change.what.unit().to_string(), place(sources, change.span));
            let at = if at.is_empty() { at } else { code(&at) };
            let row =
                format!("| {} | {} | {} | {at} |\n", change.what.as_str(), code(&change.id.to_string()), cell(&unit));
            left_out += push(&mut text, &row);
        }
        text.push('\n');
        for change in dangerous.iter().chain(&others) {
            left_out += push(&mut text, &details(change));
        }
        for not in &cluster.comparison.not_compared {
            left_out += push(
                &mut text,
                &format!("- {} was not compared: {}\n", code(&not.unit.to_string()), cell(&not.reason)),
            );
        }
    }
    if left_out > 0 {
        text.push_str(&format!("\n… and {left_out} more that do not fit here.\n"));
    }
    text
}

/// Appends what fits; 1 when it does not.
fn push(text: &mut String, part: &str) -> usize {
    if text.len() + part.len() > COMMENT {
        return 1;
    }
    text.push_str(part);
    0
}

fn code(text: &str) -> String {
    format!("`{}`", crate::clean(text, false).replace('`', "'").replace('|', "\\|"))
}

fn is_dangerous(change: &Change) -> bool {
    change.what.deletes() || matches!(&change.what, What::Moved { risk: Some(_), .. })
}

fn details(change: &Change) -> String {
    let text = |node: &Option<yaml::Node>| node.as_ref().map(yaml::to_yaml).unwrap_or_default();
    let (old, new) = (text(&change.old), text(&change.new));
    if old == new {
        return String::new();
    }
    let difference = TextDiff::from_lines(old.as_str(), new.as_str()).unified_diff().context_radius(3).to_string();
    let difference = crate::clean(&difference, true).into_owned();
    let mut lines: Vec<&str> = difference.lines().filter(|line| !line.starts_with("\\ No newline")).collect();
    let more = lines.len().saturating_sub(LINES);
    lines.truncate(LINES);
    // A fence longer than any in the text, so that nothing in it can end the block.
    let longest = lines.iter().map(|line| line.chars().filter(|c| *c == '`').count()).max().unwrap_or(0);
    let fence = "`".repeat(longest.max(2) + 1);
    let more = if more > 0 { format!("… {more} more lines\n") } else { String::new() };
    format!(
        "<details><summary>{} {}</summary>\n\n{fence}diff\n{}\n{more}{fence}\n\n</details>\n",
        change.what.as_str(),
        cell(&change.id.to_string()),
        lines.join("\n"),
    )
}

/// One workflow command for every change: a warning where something is deleted or at risk, else a notice.
pub fn github(sources: &Sources, clusters: &[ClusterDiff<'_>]) -> String {
    let mut text = String::new();
    for cluster in clusters {
        for change in &cluster.comparison.changes {
            let level = if is_dangerous(change) { "warning" } else { "notice" };
            let at = sources.resolve(change.span).first().and_then(|span| sources.location(*span));
            // What is removed is not in the files that the review shows.
            let at = at.filter(|_| !matches!(change.what, What::Removed { .. }));
            let at = at.map(|at| format!("file={},line={},", property(&at.name), at.line)).unwrap_or_default();
            let title = property(&format!("{} {} ({})", change.id, change.what.as_str(), cluster.name));
            let fields = change.fields.iter().take(20).map(|field| format!("{}: {}", field.path, field.kind));
            let message: Vec<String> = notes(change).into_iter().chain(fields).collect();
            let message = if message.is_empty() { change.what.as_str().to_owned() } else { message.join("\n") };
            text.push_str(&format!("::{level} {at}title={title}::{}\n", data(&message)));
        }
    }
    text
}
