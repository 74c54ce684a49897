//! Helm's `common.Values`, the type of `.`, `.Values` and `.Template`: a map with methods, which templates can call, and
//! which hide entries of the same name.
//!
//! Upstream: `pkg/chart/common/values.go` of helm 4.2.3.

use gotmpl::{Args, Call, Failure, Map, MapType, Method, Type, Value};

/// `common.Values`.
pub(crate) const VALUES: &MapType = &MapType { name: "common.Values", element: Type::Any, methods: METHODS };

const METHODS: &[Method] = &[
    Method { name: "AsMap", parameters: &[], call: as_map },
    Method { name: "Encode", parameters: &[Type::Named("io.Writer")], call: encode },
    Method { name: "PathValue", parameters: &[Type::Str], call: path_value },
    Method { name: "Table", parameters: &[Type::Str], call: table_of },
    Method { name: "YAML", parameters: &[], call: yaml_of },
];

fn as_map(_: &mut Call<'_>, args: Args<'_>) -> Result<Value, Failure> {
    Ok(Value::Map(args.map(0)?.typed(MapType::ANY)))
}

/// Templates have no `io.Writer` to give, so the evaluator refuses every call before this.
fn encode(_: &mut Call<'_>, _: Args<'_>) -> Result<Value, Failure> {
    Err(Failure::error("invalid memory address or nil pointer dereference"))
}

fn yaml_of(call: &mut Call<'_>, args: Args<'_>) -> Result<Value, Failure> {
    let node = gotmpl::to_node(args.item(0)?)?;
    let text = yaml::to_yaml(&node);
    call.budget.allocate(text.len())?;
    Ok(text.into())
}

fn table_of(_: &mut Call<'_>, args: Args<'_>) -> Result<Value, Failure> {
    let path = args.text(1)?.to_str_lossy().into_owned();
    table(args.map(0)?, &path).map(Value::Map).map_err(Failure::error)
}

fn path_value(_: &mut Call<'_>, args: Args<'_>) -> Result<Value, Failure> {
    let path = args.text(1)?.to_str_lossy().into_owned();
    if path.is_empty() {
        return Err(Failure::error("YAML path cannot be empty"));
    }
    let (map, key) = match path.rsplit_once('.') {
        Some((tables, key)) => (table(args.map(0)?, tables).ok(), key),
        None => (Some(args.map(0)?.clone()), path.as_str()),
    };
    let found = map.and_then(|map| map.get(key.as_bytes())).filter(|item| !matches!(item.value, Value::Map(_)));
    found.map(|item| item.value).ok_or_else(|| Failure::error(format!("\"{key}\" is not a value")))
}

/// The map at a path of keys with dots between them.
///
/// # Errors
/// Helm's text about the first key that has no map.
pub(crate) fn table(map: &Map, path: &str) -> Result<Map, String> {
    path.split('.').try_fold(map.clone(), |map, key| match map.get(key.as_bytes()).map(|item| item.value) {
        Some(Value::Map(found)) => Ok(found.typed(VALUES)),
        _ => Err(format!("\"{key}\" is not a table")),
    })
}
