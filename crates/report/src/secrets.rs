//! Which parts of texts are secret, and how they are hidden. For objects see [`plan::mask`].
//!
//! A line of a file is judged by the YAML document that it stands in: documents that speak of a Secret have the values of
//! their `data` and `stringData` hidden, kustomizations the literals of their `secretGenerator`, files without a YAML
//! name (env files) everything after `=`. It errs towards hiding.

use std::borrow::Cow;

use plan::{Comparison, FieldChangeKind};
use source::{SourceFile, Sources, Span};
use yaml::{Map, Node, Value};

/// What stands in the place of a hidden value.
pub const HIDDEN: &str = "***";

/// The line (from 1) with its secret parts hidden, and whether anything was.
pub fn hide_in_line<'a>(file: &'a SourceFile, line: usize) -> Cow<'a, str> {
    let text = &*file.text;
    let Some((start, shown)) = line_at(file, line) else { return Cow::Borrowed("") };
    if !is_yaml(&file.name) {
        return match shown.split_once('=') {
            Some((key, value)) if !value.trim().is_empty() && !key.contains(' ') => {
                Cow::Owned(format!("{key}={HIDDEN}"))
            }
            _ => hide_encrypted(shown),
        };
    }
    let document = document_around(text, start);
    let before = text.get(document.start..start).unwrap_or_default();
    let whole = text.get(document).unwrap_or_default();
    if speaks_of_secret(whole) {
        // `data: {…}`, `stringData: {…}`, and both with their keys in quotes, as JSON has them.
        let flow = shown.contains("ata:") && shown.contains('{') || shown.contains("ata\"");
        let patch = key_of(shown).is_some_and(|key| key == "value");
        if flow {
            return Cow::Owned(HIDDEN.to_owned());
        }
        if patch || is_below(before, shown, &["data", "stringData", "binaryData"]) {
            return Cow::Owned(hide_value(shown));
        }
        if is_below(before, shown, &["value"]) {
            return Cow::Owned(HIDDEN.to_owned());
        }
    }
    if whole.contains("secretGenerator") && is_below(before, shown, &["secretGenerator"]) {
        if let Some((key, _)) = shown.split_once('=') {
            return Cow::Owned(format!("{key}={HIDDEN}"));
        }
        if is_below(before, shown, &["literals"]) {
            return Cow::Owned(hide_value(shown));
        }
    }
    hide_encrypted(shown)
}

/// Whether a byte position of a text lies in something that [`hide_in_line`] hides.
pub fn is_secret(file: &SourceFile, position: usize) -> bool {
    let (line, _) = file.line_column(position);
    let shown = line_at(file, line).map(|(_, shown)| shown).unwrap_or_default();
    hide_in_line(file, line) != shown
}

/// The object as it may be printed: values of a Secret replaced with `***`, and what variables brought from Secrets
/// into other objects.
pub fn hide_in_object(sources: &Sources, object: &Node) -> Node {
    plan::mask(&hide_substituted(sources, object))
}

/// The node with `***` where the value of a Secret was substituted into a text.
pub fn hide_substituted<'a>(sources: &Sources, node: &'a Node) -> Cow<'a, Node> {
    match &node.value {
        Value::Null => Cow::Borrowed(node),
        Value::Map(fields) => {
            let mut hidden = None;
            for (position, entry) in fields.iter().enumerate() {
                let value = hide_substituted(sources, &entry.node);
                let key = substituted_text(sources, entry.key_span, &entry.key);
                if key.is_none() && matches!(value, Cow::Borrowed(_)) {
                    continue;
                }
                let entries: &mut Vec<yaml::Entry> = hidden.get_or_insert_with(|| fields.iter().cloned().collect());
                if let Some(entry) = entries.get_mut(position) {
                    entry.node = value.into_owned();
                    entry.key = key.map_or_else(|| entry.key.clone(), Into::into);
                }
            }
            let Some(entries) = hidden else { return Cow::Borrowed(node) };
            let mut map = Map::new();
            for entry in entries {
                map.push(entry);
            }
            Cow::Owned(Node::new(node.span, map))
        }
        Value::List(items) => {
            let mut hidden: Option<Vec<Node>> = None;
            for (position, item) in items.iter().enumerate() {
                let Cow::Owned(item) = hide_substituted(sources, item) else { continue };
                let items = hidden.get_or_insert_with(|| items.iter().cloned().collect());
                if let Some(place) = items.get_mut(position) {
                    *place = item;
                }
            }
            hidden.map_or(Cow::Borrowed(node), |items| {
                Cow::Owned(Node::new(node.span, items.into_iter().collect::<yaml::List>()))
            })
        }
        Value::Str(text) => match substituted_text(sources, node.span, text) {
            Some(hidden) => Cow::Owned(Node::new(node.span, hidden.as_str())),
            None => Cow::Borrowed(node),
        },
        _ if sources.trace(node.span).secret => Cow::Owned(Node::new(node.span, HIDDEN)),
        _ => Cow::Borrowed(node),
    }
}

/// A text that variables brought secrets into: with `***` in their places where the text stands as it is in the
/// substituted YAML, else nothing but `***`.
fn substituted_text(sources: &Sources, span: Span, text: &str) -> Option<String> {
    let file = sources.get(span.file()?)?;
    let map = file.map.as_ref()?;
    if !sources.trace(span).secret {
        return None;
    }
    let written = file.text.get(span.start()..span.end()).unwrap_or_default();
    let bare = written.trim_matches(['"', '\'']);
    let quote = written.len().saturating_sub(bare.len()) / 2;
    if bare != text || written.len() != bare.len() + 2 * quote {
        return Some(HIDDEN.to_owned());
    }
    let (mut at, end) = (span.start() + quote, span.end() - quote);
    let mut shown = String::new();
    for piece in map.overlapping(at, end) {
        let secret =
            piece.secret || [Some(piece.origin), piece.value].into_iter().flatten().any(|s| sources.trace(s).secret);
        if secret {
            shown.push_str(file.text.get(at..piece.start).unwrap_or_default());
            shown.push_str(HIDDEN);
            at = piece.end;
        }
    }
    shown.push_str(file.text.get(at..end).unwrap_or_default());
    Some(shown)
}

/// The comparison as it may be printed: see [`hide_substituted`]. What only differs in hidden text says so.
pub fn hide_in_comparison(sources: &Sources, comparison: &mut Comparison) {
    let hide = |node: &mut Option<Node>| {
        let hidden = node.as_ref().map(|node| hide_substituted(sources, node));
        if let Some(Cow::Owned(hidden)) = hidden {
            *node = Some(hidden);
        }
    };
    for change in &mut comparison.changes {
        hide(&mut change.old);
        hide(&mut change.new);
        for field in &mut change.fields {
            hide(&mut field.old);
            hide(&mut field.new);
            if let (Some(old), Some(new)) = (&field.old, &mut field.new)
                && field.kind == FieldChangeKind::Changed
                && old == new
            {
                new.value = format!("{HIDDEN} (changed)").as_str().into();
            }
        }
    }
}

/// The byte at which a line (from 1) starts, and the line without its line break.
pub(crate) fn line_at(file: &SourceFile, line: usize) -> Option<(usize, &str)> {
    let start = file.line_start(line)?;
    let rest = file.text.get(start..)?;
    let shown = rest.split('\n').next().unwrap_or_default();
    Some((start, shown.strip_suffix('\r').unwrap_or(shown)))
}

fn is_yaml(name: &str) -> bool {
    let name = name.rsplit('/').next().unwrap_or(name);
    // Names of virtual texts and of kustomization files without an extension count as YAML, names like `.env` do not.
    let extension = name.rsplit_once('.').map(|(_, extension)| extension);
    match extension {
        None => true,
        Some(extension) => ["yaml", "yml", "json"].contains(&extension) || extension.contains(' '),
    }
}

fn document_around(text: &str, position: usize) -> std::ops::Range<usize> {
    let before = text.get(..position).unwrap_or_default();
    let after = text.get(position..).unwrap_or_default();
    let start = if after.starts_with("---") { position } else { before.rfind("\n---").map_or(0, |at| at + 1) };
    let end = after.find("\n---").map_or(text.len(), |at| position + at);
    start..end
}

fn speaks_of_secret(document: &str) -> bool {
    document.match_indices("kind").any(|(at, _)| {
        let rest = document.get(at + "kind".len()..).unwrap_or_default();
        let rest = rest.trim_start_matches(['"', '\'', ' ']);
        let Some(rest) = rest.strip_prefix(':') else { return false };
        rest.trim_start_matches(['"', '\'', ' ', '(', '^']).starts_with("Secret")
    })
}

/// Whether a line stands below one of the keys: following the lines upwards to ever smaller indentation meets one.
fn is_below(before: &str, line: &str, keys: &[&str]) -> bool {
    let mut indent = indentation(line);
    if line.trim().is_empty() {
        return false;
    }
    for above in before.lines().rev().filter(|l| !l.trim().is_empty()) {
        let its = indentation(above);
        let key = key_of(above);
        // A list may stand at the indentation of its key.
        let parent =
            its < indent || its == indent && line.trim_start().starts_with('-') && !above.trim_start().starts_with('-');
        if parent {
            if key.is_some_and(|key| keys.contains(&key)) {
                return true;
            }
            indent = its;
            if its == 0 && !above.trim_start().starts_with('-') {
                return false;
            }
        }
    }
    false
}

fn indentation(line: &str) -> usize {
    line.len() - line.trim_start_matches(' ').len()
}

/// The key of `  - key: value`, without quotes.
fn key_of(line: &str) -> Option<&str> {
    let line = line.trim_start_matches(['-', ' ']);
    let (key, rest) = line.split_once(':')?;
    (rest.is_empty() || rest.starts_with([' ', '\r'])).then(|| key.trim_matches(['"', '\'']))
}

fn hide_value(line: &str) -> String {
    let blanks = line.get(..indentation(line)).unwrap_or_default();
    let content = line.trim_start();
    match content.find(": ").and_then(|at| Some((content.get(..at)?, content.get(at + 2..)?.trim()))) {
        // The head of a block scalar says nothing; its lines follow.
        Some((_, value)) if value.starts_with(['|', '>']) => line.to_owned(),
        Some((key, value)) if !value.is_empty() && key_like(key) => format!("{blanks}{key}: {HIDDEN}"),
        _ if content.ends_with(':') && key_like(content.trim_end_matches(':')) => line.to_owned(),
        _ if content.starts_with('#') => line.to_owned(),
        _ => format!("{blanks}{HIDDEN}"),
    }
}

fn key_like(text: &str) -> bool {
    text.trim_start_matches("- ").chars().all(|c| c.is_ascii_alphanumeric() || "-_./\"'".contains(c))
}

/// SOPS values are not secret by themselves but long and of no use to a reader.
fn hide_encrypted(line: &str) -> Cow<'_, str> {
    match line.find("ENC[") {
        Some(at) => Cow::Owned(format!("{}ENC[{HIDDEN}]", line.get(..at).unwrap_or_default())),
        None => Cow::Borrowed(line),
    }
}

#[cfg(test)]
mod tests {
    use source::FileId;

    use super::*;

    fn hidden(name: &str, text: &str) -> String {
        let sources = Sources::new();
        let id: FileId = sources.add(name, text);
        let file = sources.get(id).unwrap();
        (1..=text.lines().count()).map(|line| hide_in_line(&file, line).into_owned() + "\n").collect()
    }

    #[test]
    fn secrets_are_hidden_and_their_neighbours_are_not() {
        let text = "kind: ConfigMap\ndata:\n  a: 1\n---\napiVersion: v1\nkind: Secret\nmetadata:\n  name: x\nstringData:\n  a: secret\n  b: |\n    very\n    secret: yes\n  c: \"two\n    lines\"\ntype: Opaque\n---\nkind: Service\ndata:\n  a: 2\n";
        let want = "kind: ConfigMap\ndata:\n  a: 1\n---\napiVersion: v1\nkind: Secret\nmetadata:\n  name: x\nstringData:\n  a: ***\n  b: |\n    ***\n    secret: ***\n  c: ***\n    ***\ntype: Opaque\n---\nkind: Service\ndata:\n  a: 2\n";
        assert_eq!(hidden("a.yaml", text), want);
    }

    #[test]
    fn generators_patches_flow_and_env_files() {
        let text = "secretGenerator:\n- name: db\n  literals:\n  - password=secret\n  - 'quoted=secret'\nconfigMapGenerator:\n- literals:\n  - a=1\n";
        let want = "secretGenerator:\n- name: db\n  literals:\n  - password=***\n  - 'quoted=***\nconfigMapGenerator:\n- literals:\n  - a=1\n";
        assert_eq!(hidden("kustomization.yaml", text), want);
        assert_eq!(
            hidden(
                "p.yaml",
                "patches:\n- target:\n    kind: Secret\n  patch: |\n    - op: add\n      path: /data/x\n      value: c2VjcmV0\n"
            ),
            "patches:\n- target:\n    kind: Secret\n  patch: |\n    - op: add\n      path: /data/x\n      value: ***\n"
        );
        assert_eq!(hidden("s.json", "{\"kind\":\"Secret\",\"data\":{\"a\":\"secret\"}}\n"), "***\n");
        assert_eq!(hidden("f.yaml", "kind: Secret\nstringData: {pin: 1}\n"), "kind: Secret\n***\n");
        assert_eq!(hidden("db.env", "USER=secret\n# note\n"), "USER=***\n# note\n");
        assert_eq!(hidden("s.sops.yaml", "a: ENC[AES256_GCM,data:x]\n"), "a: ENC[***]\n");
    }

    #[test]
    fn what_variables_bring_from_secrets_is_hidden_in_other_objects() {
        let sources = Sources::new();
        let text = "url: https://admin:hunter2@example.org/\nport: 1234\nfree: text\n";
        let template = sources.add("t.yaml", "url: https://admin:${P}@example.org/");
        let mut map = source::SpanMap::default();
        for (start, end, secret) in [(0, 19, false), (19, 26, true), (26, 46, false), (46, 50, true)] {
            map.push(source::Piece { start, end, origin: Span::new(template, 0, 4), value: None, secret });
        }
        let made = sources.add_virtual("made", text, map);
        let limits = yaml::Limits::default();
        let node = yaml::read(made, text.as_bytes(), yaml::Dialect::Kubernetes, &limits).unwrap().remove(0);
        let shown = yaml::to_json(&hide_in_object(&sources, &node));
        assert_eq!(shown.trim(), r#"{"free":"text","port":"***","url":"https://admin:***@example.org/"}"#);
    }
}
