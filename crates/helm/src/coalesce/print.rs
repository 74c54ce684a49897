//! Values as Go's `fmt` shows them in the messages of coalescing.

use yaml::{Map, Value};

/// `%v`.
pub(super) fn plain(value: &Value) -> String {
    match value {
        Value::Null => "<nil>".to_owned(),
        Value::Bool(value) => value.to_string(),
        Value::Int(number) => number.to_string(),
        Value::Uint(number) => number.to_string(),
        Value::Float(number) => yaml::go_float(*number),
        Value::Str(text) => text.to_string(),
        Value::List(items) => list(items.iter().map(|item| plain(&item.value))),
        Value::Map(map) => table(map, &str::to_owned, &plain),
    }
}

/// `%t`, which only fits booleans: the message of a type mismatch uses it for anything (`coalesceDeps`, v4.2.3).
pub(super) fn as_boolean(value: &Value) -> String {
    match value {
        Value::Null => "%!t(<nil>)".to_owned(),
        other => element(other),
    }
}

fn element(value: &Value) -> String {
    match value {
        // Inside of a list or map a nil is no argument, so no verb is wrong for it.
        Value::Null => "<nil>".to_owned(),
        Value::Bool(value) => value.to_string(),
        Value::List(items) => list(items.iter().map(|item| element(&item.value))),
        Value::Map(map) => table(map, &|key| format!("%!t(string={key})"), &element),
        _ => format!("%!t({}={})", crate::values::go_type(value), plain(value)),
    }
}

fn list(items: impl Iterator<Item = String>) -> String {
    format!("[{}]", items.collect::<Vec<_>>().join(" "))
}

fn table(map: &Map, key: &dyn Fn(&str) -> String, value: &dyn Fn(&Value) -> String) -> String {
    let mut entries: Vec<_> = map.iter().collect();
    entries.sort_unstable_by(|a, b| a.key.cmp(&b.key));
    let fields = entries.iter().map(|entry| format!("{}:{}", key(&entry.key), value(&entry.node.value)));
    format!("map[{}]", fields.collect::<Vec<_>>().join(" "))
}

#[cfg(test)]
mod tests {
    use source::FileId;

    use super::*;

    #[test]
    fn wrong_verbs_are_told_item_by_item() {
        let value = |text: &str| {
            let values = crate::chart::read_values(FileId::new(1), format!("x: {text}").as_bytes()).unwrap();
            values.get("x").unwrap().value.clone()
        };
        assert_eq!(as_boolean(&value("[a, 1, true, null]")), "[%!t(string=a) %!t(float64=1) true <nil>]");
        assert_eq!(as_boolean(&Value::Null), "%!t(<nil>)");
        assert_eq!(plain(&value("{b: [x, 1000000], a: null}")), "map[a:<nil> b:[x 1e+06]]");
    }
}
