//! The few fields of a document that Helm itself reads, as its decoder types them.

use source::{Diagnostic, FileId};
use yaml::{Dialect, DuplicateKeys, Limits, Node, ReadOptions, Value};

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
    let options = ReadOptions {
        dialect: Dialect::Kubernetes,
        limits: Limits::default(),
        duplicate_keys: DuplicateKeys::LastWins,
    };
    let node = yaml::read_first(file, text, &options).map_err(|error| syntax(text, &error))?;
    decode(&node).map_err(|why| format!("error unmarshaling JSON: while decoding JSON: json: {why}"))
}

/// go-yaml gives the line only.
fn syntax(text: &[u8], error: &Diagnostic) -> String {
    let before = text.get(..error.span.start()).unwrap_or(text);
    let line = before.iter().filter(|byte| **byte == b'\n').count() + 1;
    format!("error converting YAML to JSON: yaml: line {line}: {}", error.message)
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
            text_into(&mut head.api_version, &entry.node, "apiVersion")?;
        } else if entry.key.eq_ignore_ascii_case("kind") {
            text_into(&mut head.kind, &entry.node, "kind")?;
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
            text_into(&mut head.name, &entry.node, "metadata.name")?;
        } else if entry.key.eq_ignore_ascii_case("annotations") && !entry.node.is_null() {
            let Some(annotations) = entry.node.as_map() else {
                return Err(format!(
                    "cannot unmarshal {} into Go struct field SimpleHead.metadata.annotations of type map[string]string",
                    json_type(&entry.node.value)
                ));
            };
            for entry in annotations {
                let mut value = String::new();
                text_into(&mut value, &entry.node, "metadata.annotations")?;
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
                "cannot unmarshal {} into Go struct field SimpleHead.{field} of type string",
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

fn json_type(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "bool",
        Value::Int(_) | Value::Uint(_) | Value::Float(_) => "number",
        Value::Str(_) => "string",
        Value::List(_) => "array",
        Value::Map(_) => "object",
    }
}
