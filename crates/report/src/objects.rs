//! Streams of objects: YAML documents, a JSON list, names.

use std::borrow::Cow;

use object::{Object, ObjectId};
use source::Sources;
use yaml::Node;

use crate::secrets;

fn shown<'a>(sources: &Sources, object: &'a Object, show_secrets: bool) -> Cow<'a, Node> {
    if show_secrets { Cow::Borrowed(&object.node) } else { Cow::Owned(secrets::hide_in_object(sources, &object.node)) }
}

/// One YAML document, without a `---` line.
pub fn yaml_document(sources: &Sources, object: &Object, show_secrets: bool) -> String {
    yaml::to_yaml(&shown(sources, object, show_secrets))
}

/// A Kubernetes `List` as JSON, ending in a newline.
pub fn json_list<'a>(sources: &Sources, objects: impl IntoIterator<Item = &'a Object>, show_secrets: bool) -> String {
    let mut text = "{\"apiVersion\":\"v1\",\"kind\":\"List\",\"items\":[".to_owned();
    for (i, object) in objects.into_iter().enumerate() {
        text.push_str(if i == 0 { "\n" } else { ",\n" });
        text.push_str(&yaml::to_json(&shown(sources, object, show_secrets)));
    }
    text.push_str("\n]}\n");
    text
}

/// `deployment.apps/web`, as `kubectl get -o name` prints an object.
pub fn name(id: &ObjectId) -> String {
    let kind = id.group_kind.kind.to_lowercase();
    if id.group_kind.group.is_empty() {
        format!("{kind}/{}", id.name)
    } else {
        format!("{kind}.{}/{}", id.group_kind.group, id.name)
    }
}
