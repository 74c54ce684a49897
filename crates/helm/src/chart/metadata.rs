//! What `Chart.yaml` says, and how templates see it as `.Chart`.

use gotmpl::{Item, List, Map, MapType, Object, Text, Value};

/// `Chart.yaml`. Texts are empty where the file has none, as in Helm.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Metadata {
    /// `name`
    pub name: String,
    /// `home`
    pub home: String,
    /// `sources`
    pub sources: Vec<String>,
    /// `version`
    pub version: String,
    /// `description`
    pub description: String,
    /// `keywords`
    pub keywords: Vec<String>,
    /// `maintainers`; `None` is a null in the list, which no valid chart has.
    pub maintainers: Vec<Option<Maintainer>>,
    /// `icon`
    pub icon: String,
    /// `apiVersion`
    pub api_version: String,
    /// `condition`
    pub condition: String,
    /// `tags`
    pub tags: String,
    /// `appVersion`
    pub app_version: String,
    /// `deprecated`
    pub deprecated: bool,
    /// `annotations`, if there is a mapping.
    pub annotations: Option<Vec<(String, String)>>,
    /// `kubeVersion`
    pub kube_version: String,
    /// `dependencies`, if there is a list: Helm does not look at the dependencies of charts inside of a chart without.
    pub dependencies: Option<Vec<Option<Dependency>>>,
    /// `type`
    pub chart_type: String,
}

/// One of the `maintainers`.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Maintainer {
    /// `name`
    pub name: String,
    /// `email`
    pub email: String,
    /// `url`
    pub url: String,
}

/// One of the `dependencies`.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Dependency {
    /// `name`; that of the alias once dependencies are processed.
    pub name: String,
    /// `version`, a constraint.
    pub version: String,
    /// `repository`
    pub repository: String,
    /// `condition`: paths in the values, separated by commas.
    pub condition: String,
    /// `tags`
    pub tags: Vec<String>,
    /// Whether conditions and tags let it in; what the file says does not count.
    pub enabled: bool,
    /// `import-values`
    pub import_values: Vec<ImportValue>,
    /// `alias`
    pub alias: String,
}

/// One of the `import-values`.
#[derive(Clone, Debug, PartialEq)]
pub enum ImportValue {
    /// As the file has it: a name below `exports`, or a mapping with `child` and `parent`.
    Read(yaml::Node),
    /// From which path of the child to which path of the parent, once dependencies are processed.
    Paths {
        /// Path in the values of the chart inside.
        child: String,
        /// Path in the values of the chart outside.
        parent: String,
    },
}

impl Metadata {
    /// The dependencies that are not null.
    pub fn dependencies(&self) -> impl Iterator<Item = &Dependency> {
        self.dependencies.iter().flatten().flatten()
    }

    /// `.Chart`: a map of the fields under their names in Helm's source (`chart.structToMap` of helm 4.2.3, which makes a
    /// plain slice of every slice).
    pub fn to_value(&self, is_root: bool) -> Value {
        let annotations = match &self.annotations {
            Some(entries) => {
                Value::Map(Map::of(MapType::STR, entries.iter().map(|(key, value)| entry(key, text(value)))))
            }
            None => Value::Object(std::rc::Rc::new(NilStrings)),
        };
        map([
            ("Name", text(&self.name)),
            ("Home", text(&self.home)),
            ("Sources", texts(&self.sources)),
            ("Version", text(&self.version)),
            ("Description", text(&self.description)),
            ("Keywords", texts(&self.keywords)),
            ("Maintainers", list(self.maintainers.iter().flatten().map(Maintainer::to_value))),
            ("Icon", text(&self.icon)),
            ("APIVersion", text(&self.api_version)),
            ("Condition", text(&self.condition)),
            ("Tags", text(&self.tags)),
            ("AppVersion", text(&self.app_version)),
            ("Deprecated", Value::Bool(self.deprecated)),
            ("Annotations", annotations),
            ("KubeVersion", text(&self.kube_version)),
            ("Dependencies", list(self.dependencies().map(Dependency::to_value))),
            ("Type", text(&self.chart_type)),
            ("IsRoot", Value::Bool(is_root)),
        ])
    }
}

impl Maintainer {
    fn to_value(&self) -> Value {
        map([("Name", text(&self.name)), ("Email", text(&self.email)), ("URL", text(&self.url))])
    }
}

impl Dependency {
    fn to_value(&self) -> Value {
        map([
            ("Name", text(&self.name)),
            ("Version", text(&self.version)),
            ("Repository", text(&self.repository)),
            ("Condition", text(&self.condition)),
            ("Tags", texts(&self.tags)),
            ("Enabled", Value::Bool(self.enabled)),
            ("ImportValues", list(self.import_values.iter().map(ImportValue::to_value))),
            ("Alias", text(&self.alias)),
        ])
    }
}

impl ImportValue {
    fn to_value(&self) -> Value {
        match self {
            ImportValue::Read(node) => gotmpl::from_node(node).value,
            ImportValue::Paths { child, parent } => {
                Value::Map(Map::of(MapType::STR, [entry("child", text(child)), entry("parent", text(parent))]))
            }
        }
    }
}

fn map<const N: usize>(fields: [(&str, Value); N]) -> Value {
    Value::Map(Map::of(MapType::ANY, fields.map(|(name, value)| entry(name, value))))
}

fn entry(key: &str, value: Value) -> (Text, Item) {
    (key.into(), Item::from(value))
}

fn list(items: impl Iterator<Item = Value>) -> Value {
    Value::List(List::any(items.map(Item::from).collect::<Vec<_>>()))
}

fn text(text: &str) -> Value {
    Value::from(text)
}

fn texts(items: &[String]) -> Value {
    list(items.iter().map(|item| text(item)))
}

/// The nil map of type `map[string]string`, which JSON prints as `null`.
#[derive(Debug)]
struct NilStrings;

impl Object for NilStrings {
    fn type_name(&self) -> &str {
        MapType::STR.name
    }

    fn kind(&self) -> &'static str {
        "map"
    }

    fn json(&self) -> Option<Value> {
        Some(Value::Nil)
    }

    fn is_zero(&self) -> bool {
        true
    }

    fn as_any(&self) -> &dyn std::any::Any {
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn templates_see_all_fields() {
        let metadata = Metadata {
            name: "snip".to_owned(),
            dependencies: Some(vec![Some(Dependency { name: "sub".to_owned(), ..Dependency::default() })]),
            ..Metadata::default()
        };
        let node = gotmpl::to_node(&Item::from(metadata.to_value(true))).unwrap();
        let map = node.as_map().unwrap();
        assert_eq!(map.len(), 18);
        assert!(map.get("Annotations").unwrap().is_null());
        assert!(map.get("Sources").unwrap().as_list().unwrap().is_empty());
        let dependency = &map.get("Dependencies").unwrap().as_list().unwrap()[0];
        assert_eq!(dependency.get("Name").unwrap().as_str(), Some("sub"));
    }
}
