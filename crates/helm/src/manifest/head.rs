//! The few fields of a document that Helm itself reads, as its decoder types them.

use source::FileId;
use yaml::{Node, Value, json_type};

/// The head of a document.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Head {
    /// `apiVersion`.
    pub api_version: String,
    /// `kind`.
    pub kind: String,
    /// `metadata.name`.
    pub name: String,
    /// `metadata.annotations`, in the order of the document.
    pub annotations: Vec<(String, String)>,
}

impl Head {
    /// The text of an annotation.
    pub fn annotation(&self, name: &str) -> Option<&str> {
        self.annotations.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }
}

/// Reads the head of the first document in `text`. The error is Helm's text after `YAML parse error on PATH: `.
pub(super) fn read(file: FileId, text: &[u8]) -> Result<Head, String> {
    let node = yaml::read_values_fields(file, text, is_read).map_err(|error| error.text)?;
    decode(&node).map_err(|why| format!("error unmarshaling JSON: while decoding JSON: json: {why}"))
}

/// Go's decoder takes a field in any case.
fn is_read(key: &str) -> bool {
    ["apiVersion", "kind", "metadata"].iter().any(|name| key.eq_ignore_ascii_case(name))
}

fn decode(node: &Node) -> Result<Head, String> {
    let mut head = Head::default();
    if node.is_null() {
        return Ok(head);
    }
    let Some(fields) = node.as_map() else {
        return Err(format!("cannot unmarshal {} into Go value of type util.SimpleHead", json_type(&node.value)));
    };
    for entry in fields {
        // Go's decoder takes a field in any case.
        if entry.key.eq_ignore_ascii_case("apiVersion") {
            text_into(&mut head.api_version, &entry.node, "SimpleHead.apiVersion")?;
        } else if entry.key.eq_ignore_ascii_case("kind") {
            text_into(&mut head.kind, &entry.node, "SimpleHead.kind")?;
        } else if entry.key.eq_ignore_ascii_case("metadata") && !entry.node.is_null() {
            metadata(&entry.node, &mut head)?;
        }
    }
    Ok(head)
}

fn metadata(node: &Node, head: &mut Head) -> Result<(), String> {
    let Some(fields) = node.as_map() else {
        return Err(format!(
            "cannot unmarshal {} into Go struct field SimpleHead.metadata of type struct {{ Name string \
             \"json:\\\"name\\\"\"; Annotations map[string]string \"json:\\\"annotations\\\"\" }}",
            json_type(&node.value)
        ));
    };
    for entry in fields {
        if entry.key.eq_ignore_ascii_case("name") {
            text_into(&mut head.name, &entry.node, ".metadata.name")?;
        } else if entry.key.eq_ignore_ascii_case("annotations") && !entry.node.is_null() {
            let Some(annotations) = entry.node.as_map() else {
                return Err(format!(
                    "cannot unmarshal {} into Go struct field .metadata.annotations of type map[string]string",
                    json_type(&entry.node.value)
                ));
            };
            for entry in annotations {
                let mut value = String::new();
                text_into(&mut value, &entry.node, ".metadata.annotations")?;
                head.annotations.push((entry.key.as_str().to_owned(), value));
            }
        }
    }
    Ok(())
}

/// Scalars that are no strings become strings, null leaves the field as it is.
fn text_into(target: &mut String, node: &Node, field: &str) -> Result<(), String> {
    *target = match &node.value {
        Value::Null => return Ok(()),
        Value::List(_) | Value::Map(_) => {
            return Err(format!(
                "cannot unmarshal {} into Go struct field {field} of type string",
                json_type(&node.value)
            ));
        }
        Value::Bool(value) => value.to_string(),
        Value::Int(value) => value.to_string(),
        Value::Uint(value) => value.to_string(),
        Value::Float(value) => value.to_string(),
        Value::Str(text) => text.as_str().to_owned(),
    };
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The right side is what helm 4.2.3 printed.
    #[test]
    fn refusals_have_helms_words() {
        let map = "map[string]string";
        for (text, expected) in [
            (
                "metadata: {annotations: x}",
                format!("cannot unmarshal string into Go struct field .metadata.annotations of type {map}"),
            ),
            (
                "metadata: {annotations: {a: {}}}",
                "cannot unmarshal object into Go struct field .metadata.annotations of type string".into(),
            ),
            ("kind: [a]", "cannot unmarshal array into Go struct field SimpleHead.kind of type string".into()),
            (
                "metadata: {name: [x]}",
                "cannot unmarshal array into Go struct field .metadata.name of type string".into(),
            ),
        ] {
            let expected = format!("error unmarshaling JSON: while decoding JSON: json: {expected}");
            assert_eq!(read(FileId::new(0), text.as_bytes()), Err(expected), "{text}");
        }
        assert_eq!(
            read(FileId::new(0), b"a: b: c"),
            Err("error converting YAML to JSON: yaml: mapping values are not allowed in this context".to_owned())
        );
    }

    #[test]
    fn scalars_of_annotations_become_text() {
        let text = b"Kind: A\nmetadata: {annotations: {a: 1, b: true, c: 1.5, d: null}}";
        let head = read(FileId::new(0), text).unwrap();
        assert_eq!(head.kind, "A");
        let values = ["a", "b", "c", "d"].map(|name| head.annotation(name));
        assert_eq!(values, [Some("1"), Some("true"), Some("1.5"), Some("")]);
    }
}
