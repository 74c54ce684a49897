//! What the room says about input that is wrong or suspicious: each file in `tests/findings` holds a tree and the findings.
//!
//! A case is Markdown: what it is about, one code block per file, whose info line is the path, and a last block called
//! `findings` with what is said. The tree is built at its root. `UPDATE_EXPECT=1` writes the findings anew.

use std::path::Path;

use kustomize::{Entry, LoadRestrictor, Memo, Options};
use source::{Diagnostic, Severity, Sources, Tree, TreePath};

/// The code blocks of a case: info line and content.
fn blocks(case: &str) -> Vec<(&str, &str)> {
    let mut blocks = Vec::new();
    let mut rest = case;
    while let Some((_, after)) = rest.split_once("\n```") {
        let Some((info, body)) = after.split_once('\n') else { break };
        let body_end = if body.starts_with("```") { 0 } else { body.find("\n```").map_or(body.len(), |end| end + 1) };
        blocks.push((info, &body[..body_end]));
        rest = body.get(body_end.saturating_sub(1) + 4..).unwrap_or_default();
    }
    blocks
}

fn findings(case: &str) -> String {
    let mut tree = Tree::new("");
    for (path, content) in blocks(case).into_iter().filter(|(info, _)| *info != "findings") {
        match path.split_once(" -> ") {
            Some((path, target)) => tree.insert_link(TreePath::new(path).expect("a path"), target),
            None => tree.insert_text(TreePath::new(path).expect("a path"), content),
        }
    }
    let sources = Sources::new();
    let mut options = Options::new(LoadRestrictor::RootOnly);
    options.limits.objects = 1_000;
    let entry = Entry::Directory(TreePath::root());
    let (diagnostics, built) = match kustomize::build(&tree, &sources, &Memo::new(), &entry, &options) {
        Ok(output) => (output.diagnostics, true),
        Err(diagnostics) => (diagnostics, false),
    };
    let mut said: String = diagnostics.iter().map(|diagnostic| said(&sources, diagnostic)).collect();
    said.push_str(if built { "built\n" } else { "refused\n" });
    said
}

fn said(sources: &Sources, diagnostic: &Diagnostic) -> String {
    let place = |span| {
        let origin = sources.resolve(span).into_iter().next().unwrap_or(span);
        sources
            .location(origin)
            .map_or_else(|| "nowhere".to_owned(), |at| format!("{}:{}:{}", at.name, at.line, at.column))
    };
    let severity = match diagnostic.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info => "info",
    };
    let mut text = format!("{severity}[{}] {}: {}\n", diagnostic.rule, place(diagnostic.span), diagnostic.message);
    for related in &diagnostic.related {
        text.push_str(&format!("  {}: {}\n", place(related.span), related.message));
    }
    for note in &diagnostic.notes {
        text.push_str(&format!("  note: {note}\n"));
    }
    if let Some(help) = &diagnostic.help {
        text.push_str(&format!("  help: {help}\n"));
    }
    text
}

#[test]
fn findings_are_as_written() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/findings");
    let mut cases: Vec<_> = std::fs::read_dir(folder).expect("cases").flatten().map(|entry| entry.path()).collect();
    cases.sort();
    let outcomes = testkit::run(&cases, |path| {
        let case = std::fs::read_to_string(path).map_err(|error| error.to_string())?;
        let head = case.split_once("\n```findings\n").map_or(case.as_str(), |(head, _)| head);
        let actual = format!("{}\n```findings\n{}```\n", head.trim_end_matches('\n'), findings(&case));
        testkit::expect_file(path, &actual)
    });
    let failed: Vec<String> =
        cases.iter().zip(outcomes).filter_map(|(path, o)| Some(format!("{}\n{}", path.display(), o.err()?))).collect();
    assert!(failed.is_empty(), "{}", failed.join("\n"));
}
