//! `Chart.yaml`, `requirements.yaml` and lock files into [`Metadata`], with the freedoms and the words of
//! `sigs.k8s.io/yaml` and Go's `encoding/json`: keys in any case, numbers where texts are wanted, unknown keys ignored.
//!
//! Decoding goes into what is there, as in Go: `requirements.yaml` is read over what `Chart.yaml` said, list items over list
//! items. A value of a wrong type does not stop the decoder, so the first one is what the user hears of.

use source::FileId;
use yaml::{Entry, Node, Value};

use super::metadata::{Dependency, ImportValue, Maintainer, Metadata};
use super::values::{as_helm, document};

/// A Go struct as its errors name it.
struct Struct {
    name: &'static str,
    go_type: &'static str,
    fields: &'static [&'static str],
}

const CHART_BASE: Struct = Struct { name: "chartBase", go_type: "loader.chartBase", fields: &["apiVersion"] };
const METADATA: Struct = Struct {
    name: "Metadata",
    go_type: "v2.Metadata",
    fields: &[
        "name",
        "home",
        "sources",
        "version",
        "description",
        "keywords",
        "maintainers",
        "icon",
        "apiVersion",
        "condition",
        "tags",
        "appVersion",
        "deprecated",
        "annotations",
        "kubeVersion",
        "dependencies",
        "type",
    ],
};
const MAINTAINER: Struct = Struct { name: "Maintainer", go_type: "v2.Maintainer", fields: &["name", "email", "url"] };
const DEPENDENCY: Struct = Struct {
    name: "Dependency",
    go_type: "v2.Dependency",
    fields: &["name", "version", "repository", "condition", "tags", "enabled", "import-values", "alias"],
};
const LOCK: Struct = Struct { name: "Lock", go_type: "v2.Lock", fields: &["generated", "digest", "dependencies"] };

/// The `apiVersion` of a `Chart.yaml`, as Helm looks at it before anything else.
pub(super) fn api_version(text: &[u8]) -> Result<String, String> {
    let mut version = String::new();
    decoded(text, |decoder, node| {
        decoder.fields(node, &CHART_BASE, |decoder, _, node| decoder.text(node, &mut version));
    })?;
    Ok(version)
}

/// Reads `Chart.yaml` or `requirements.yaml` into what was read so far.
pub(super) fn metadata(text: &[u8], into: &mut Metadata) -> Result<(), String> {
    decoded(text, |decoder, node| decoder.metadata(node, into))
}

/// Whether a lock file can be read; nothing in it matters to a render.
pub(super) fn lock(text: &[u8]) -> Result<(), String> {
    let mut wrong_time = None;
    let read = decoded(text, |decoder, node| {
        decoder.fields(node, &LOCK, |decoder, name, node| match name {
            "generated" => wrong_time = time(node).err(),
            "digest" => decoder.text(node, &mut String::new()),
            _ => decoder.dependencies(node, &mut None),
        });
    });
    // The error of a type's own decoder ends the decoding at once, so it counts even after another.
    match wrong_time {
        Some(why) => Err(format!("error unmarshaling JSON: while decoding JSON: {why}")),
        None => read,
    }
}

fn decoded(text: &[u8], decode: impl FnOnce(&mut Decoder<'_>, &Node)) -> Result<(), String> {
    let node = document(text)?;
    let mut decoder = Decoder { text, owner: "", path: Vec::new(), error: None };
    if !node.is_null() {
        decode(&mut decoder, &node);
    }
    decoder.error.map_or(Ok(()), |why| Err(format!("error unmarshaling JSON: while decoding JSON: {why}")))
}

struct Decoder<'t> {
    text: &'t [u8],
    /// The innermost struct and the fields that lead into it.
    owner: &'static str,
    path: Vec<&'static str>,
    error: Option<String>,
}

impl Decoder<'_> {
    fn metadata(&mut self, node: &Node, into: &mut Metadata) {
        self.fields(node, &METADATA, |decoder, name, node| match name {
            "name" => decoder.text(node, &mut into.name),
            "home" => decoder.text(node, &mut into.home),
            "sources" => decoder.texts(node, &mut into.sources),
            "version" => decoder.text(node, &mut into.version),
            "description" => decoder.text(node, &mut into.description),
            "keywords" => decoder.texts(node, &mut into.keywords),
            "maintainers" => {
                decoder.list(node, "[]*v2.Maintainer", &mut into.maintainers, |decoder, node, into| {
                    decoder.pointer(node, into, Decoder::maintainer);
                });
            }
            "icon" => decoder.text(node, &mut into.icon),
            "apiVersion" => decoder.text(node, &mut into.api_version),
            "condition" => decoder.text(node, &mut into.condition),
            "tags" => decoder.text(node, &mut into.tags),
            "appVersion" => decoder.text(node, &mut into.app_version),
            "deprecated" => decoder.flag(node, &mut into.deprecated),
            "annotations" => decoder.annotations(node, &mut into.annotations),
            "kubeVersion" => decoder.text(node, &mut into.kube_version),
            "dependencies" => decoder.dependencies(node, &mut into.dependencies),
            _ => decoder.text(node, &mut into.chart_type),
        });
    }

    fn maintainer(&mut self, node: &Node, into: &mut Maintainer) {
        self.fields(node, &MAINTAINER, |decoder, name, node| match name {
            "name" => decoder.text(node, &mut into.name),
            "email" => decoder.text(node, &mut into.email),
            _ => decoder.text(node, &mut into.url),
        });
    }

    fn dependencies(&mut self, node: &Node, into: &mut Option<Vec<Option<Dependency>>>) {
        if node.is_null() {
            *into = None;
            return;
        }
        let mut list = into.take().unwrap_or_default();
        self.list(node, "[]*v2.Dependency", &mut list, |decoder, node, into| {
            decoder.pointer(node, into, Decoder::dependency);
        });
        *into = Some(list);
    }

    fn dependency(&mut self, node: &Node, into: &mut Dependency) {
        self.fields(node, &DEPENDENCY, |decoder, name, node| match name {
            "name" => decoder.text(node, &mut into.name),
            "version" => decoder.text(node, &mut into.version),
            "repository" => decoder.text(node, &mut into.repository),
            "condition" => decoder.text(node, &mut into.condition),
            "tags" => decoder.texts(node, &mut into.tags),
            "enabled" => decoder.flag(node, &mut into.enabled),
            "import-values" => match &node.value {
                Value::Null => into.import_values.clear(),
                Value::List(list) => {
                    let item = |node: &Node| {
                        let mut node = node.clone();
                        as_helm(&mut node, FileId::new(0), 0);
                        ImportValue::Read(node)
                    };
                    into.import_values = list.iter().map(item).collect();
                }
                _ => decoder.wrong(node, "[]interface {}"),
            },
            _ => decoder.text(node, &mut into.alias),
        });
    }

    fn annotations(&mut self, node: &Node, into: &mut Option<Vec<(String, String)>>) {
        match &node.value {
            Value::Null => *into = None,
            Value::Map(map) => {
                let into = into.get_or_insert_default();
                for entry in sorted(map) {
                    let mut text = String::new();
                    self.text(&entry.node, &mut text);
                    into.retain(|(key, _)| *key != *entry.key);
                    into.push((entry.key.as_str().to_owned(), text));
                }
            }
            _ => self.wrong(node, "map[string]string"),
        }
    }

    /// The known fields of a mapping by rising key, which is how upstream's JSON has them.
    fn fields(&mut self, node: &Node, of: &Struct, mut decode: impl FnMut(&mut Self, &'static str, &Node)) {
        let Value::Map(map) = &node.value else {
            self.wrong(node, of.go_type);
            return;
        };
        for entry in sorted(map) {
            let exact = of.fields.iter().find(|name| **name == entry.key.as_str());
            let Some(name) = exact.or_else(|| of.fields.iter().find(|name| folds_to(&entry.key, name))) else {
                continue;
            };
            let outer = std::mem::replace(&mut self.owner, of.name);
            self.path.push(name);
            decode(self, name, &entry.node);
            self.path.pop();
            self.owner = outer;
        }
    }

    fn list<T: Default>(
        &mut self,
        node: &Node,
        go_type: &str,
        into: &mut Vec<T>,
        mut decode: impl FnMut(&mut Self, &Node, &mut T),
    ) {
        match &node.value {
            Value::Null => into.clear(),
            Value::List(list) => {
                into.resize_with(list.len(), T::default);
                list.iter().zip(into).for_each(|(node, into)| decode(self, node, into));
            }
            _ => self.wrong(node, go_type),
        }
    }

    fn pointer<T: Default>(
        &mut self,
        node: &Node,
        into: &mut Option<T>,
        decode: impl FnOnce(&mut Self, &Node, &mut T),
    ) {
        if node.is_null() {
            *into = None;
        } else {
            decode(self, node, into.get_or_insert_default());
        }
    }

    fn texts(&mut self, node: &Node, into: &mut Vec<String>) {
        self.list(node, "[]string", into, Decoder::text);
    }

    fn text(&mut self, node: &Node, into: &mut String) {
        *into = match &node.value {
            Value::Null => return,
            Value::Str(text) => text.as_str().to_owned(),
            Value::Bool(value) => value.to_string(),
            Value::Int(number) if self.is_written_as_float(node) => yaml::go_float32(*number as f64),
            Value::Int(number) => number.to_string(),
            Value::Uint(number) => number.to_string(),
            Value::Float(number) => yaml::go_float32(*number),
            Value::List(_) | Value::Map(_) => return self.wrong(node, "string"),
        }
    }

    fn flag(&mut self, node: &Node, into: &mut bool) {
        match &node.value {
            Value::Null => {}
            Value::Bool(value) => *into = *value,
            _ => self.wrong(node, "bool"),
        }
    }

    /// Whole floats arrive as integers, and only their text tells: `1e7` is `1e+07` as a text.
    fn is_written_as_float(&self, node: &Node) -> bool {
        let text = self.text.get(node.span.start()..node.span.end()).unwrap_or_default();
        let number = text.strip_prefix(b"-").or_else(|| text.strip_prefix(b"+")).unwrap_or(text);
        number.first().is_some_and(|first| first.is_ascii_digit() || *first == b'.')
            && !number.starts_with(b"0x")
            && number.iter().any(|byte| matches!(byte, b'.' | b'e' | b'E'))
    }

    fn wrong(&mut self, node: &Node, go_type: &str) {
        if self.error.is_some() {
            return;
        }
        let found = yaml::json_type(&node.value);
        let place = match self.path.as_slice() {
            [] => "Go value".to_owned(),
            path => format!("Go struct field {}.{}", self.owner, path.join(".")),
        };
        self.error = Some(format!("json: cannot unmarshal {found} into {place} of type {go_type}"));
    }
}

fn sorted(map: &yaml::Map) -> Vec<&Entry> {
    let mut entries: Vec<_> = map.iter().collect();
    entries.sort_by(|a, b| a.key.cmp(&b.key));
    entries
}

/// `encoding/json` compares names by Unicode's simple folding: for these names that is ASCII and two letters more.
fn folds_to(key: &str, name: &str) -> bool {
    let folded = key.chars().map(|c| match c {
        '\u{17F}' => 's',
        '\u{212A}' => 'k',
        c => c.to_ascii_lowercase(),
    });
    folded.eq(name.chars().map(|c| c.to_ascii_lowercase()))
}

/// Go's `time.Time` from JSON.
fn time(node: &Node) -> Result<(), String> {
    let text = match &node.value {
        Value::Null => return Ok(()),
        Value::Str(text) => text.as_str(),
        _ => return Err("Time.UnmarshalJSON: input is not a JSON string".to_owned()),
    };
    let mut rest = text;
    let elements = [
        ("2006", 4),
        ("-", 0),
        ("01", 2),
        ("-", 0),
        ("02", 2),
        ("T", 0),
        ("15", 2),
        (":", 0),
        ("04", 2),
        (":", 0),
        ("05", 2),
    ];
    let failed = |rest: &str, element: &str| {
        let (text, rest) = (gotmpl::quote(text.as_bytes()), gotmpl::quote(rest.as_bytes()));
        Err(format!("parsing time {text} as \"2006-01-02T15:04:05Z07:00\": cannot parse {rest} as \"{element}\""))
    };
    for (element, digits) in elements {
        let next = match digits {
            0 => rest.strip_prefix(element),
            count => rest.split_at_checked(count).filter(|(number, _)| is_number(number)).map(|(_, rest)| rest),
        };
        let Some(next) = next else { return failed(rest, element) };
        rest = next;
    }
    if let Some(fraction) = rest.strip_prefix('.').filter(|rest| rest.starts_with(|c: char| c.is_ascii_digit())) {
        rest = fraction.trim_start_matches(|c: char| c.is_ascii_digit());
    }
    let zone = match rest.as_bytes() {
        [b'Z'] => true,
        [b'+' | b'-', h1, h2, b':', m1, m2] => [h1, h2, m1, m2].iter().all(|digit| digit.is_ascii_digit()),
        _ => false,
    };
    if zone { Ok(()) } else { failed(rest, "Z07:00") }
}

fn is_number(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Metadata, String> {
        let mut read = Metadata::default();
        metadata(text.as_bytes(), &mut read).map(|()| read)
    }

    #[test]
    fn texts_are_made_of_numbers_and_names_fold() {
        let read = read(
            "NAME: 5\nversion: 72445e2\nappVersion: 1.10\nmaintainers: [{Name: 2, name: 1.5e7, EMAIL: on}]\nannotations: {a: \
             2.50, b: null, c: 2020-01-01, d: 0x10}\nunknown: 1\n",
        )
        .unwrap();
        assert_eq!((&*read.name, &*read.version, &*read.app_version), ("5", "7.2445e+06", "1.1"));
        let maintainer = read.maintainers[0].as_ref().unwrap();
        assert_eq!((&*maintainer.name, &*maintainer.email), ("1.5e+07", "true"));
        let texts: Vec<_> = read.annotations.as_ref().unwrap().iter().map(|(_, text)| text.as_str()).collect();
        assert_eq!(texts, ["2.5", "", "2020-01-01", "16"]);
    }

    #[test]
    fn wrong_types_are_named_as_go_names_them() {
        for (text, expected) in [
            ("maintainers:\n- name: [a]\n", "array into Go struct field Maintainer.maintainers.name of type string"),
            ("maintainers: {}\n", "object into Go struct field Metadata.maintainers of type []*v2.Maintainer"),
            ("annotations: {a: {}, b: []}\n", "object into Go struct field Metadata.annotations of type string"),
            ("deprecated: 1.5\nsources: a", "number into Go struct field Metadata.deprecated of type bool"),
            (
                "dependencies: [{name: a, enabled: 5, version: []}]",
                "number into Go struct field Dependency.dependencies.enabled of type bool",
            ),
            ("dependencies: [a]", "string into Go struct field Metadata.dependencies of type v2.Dependency"),
        ] {
            let expected = format!("error unmarshaling JSON: while decoding JSON: json: cannot unmarshal {expected}");
            assert_eq!(read(text).unwrap_err(), expected, "{text}");
        }
        let error = api_version(b"[]").unwrap_err();
        assert!(error.ends_with("json: cannot unmarshal array into Go value of type loader.chartBase"), "{error}");
    }

    #[test]
    fn requirements_are_read_over_the_dependencies_that_are_there() {
        let mut read = Metadata::default();
        metadata(b"dependencies: [{name: a, version: 1, tags: [x, y]}, {name: c}]", &mut read).unwrap();
        metadata(b"dependencies: [{name: d, tags: [q]}]", &mut read).unwrap();
        let [Some(dependency)] = read.dependencies.as_deref().unwrap() else { panic!() };
        assert_eq!((&*dependency.name, &*dependency.version, dependency.tags.len()), ("d", "1", 1));
    }

    #[test]
    fn lock_files_hold_a_time() {
        lock(b"generated: \"2020-01-02T03:04:05.678+01:00\"\ndigest: sha256:x\ndependencies: []\n").unwrap();
        lock(b"null").unwrap();
        let error = lock(b"generated: x\n").unwrap_err();
        let expected = "parsing time \"x\" as \"2006-01-02T15:04:05Z07:00\": cannot parse \"x\" as \"2006\"";
        assert!(error.ends_with(expected), "{error}");
    }
}
