//! What is validated: the values of a chart, and schemas themselves, against the schema of their draft.

use source::Span;
use yaml::{Json, Node, Str, Value};

use super::decimal::Decimal;

/// A value that a schema can be applied to.
pub(super) trait Instance: Sized {
    /// What it is.
    fn shape(&self) -> Shape<'_, Self>;
    /// The field of an object.
    fn field(&self, name: &str) -> Option<&Self>;
    /// The fields of an object by rising name: upstream's order is random.
    fn fields(&self) -> Vec<(&Str, &Self)>;
    /// How many fields an object has.
    fn field_count(&self) -> usize;
    /// A text.
    fn of_text(text: &Str) -> Self;
    /// Where it was written.
    fn span(&self) -> Span;

    /// How many values it is made of.
    fn size(&self) -> u64 {
        1 + match self.shape() {
            Shape::List(items) => items.iter().map(Instance::size).sum(),
            Shape::Object => self.fields().into_iter().map(|(_, value)| value.size()).sum::<u64>(),
            _ => 0,
        }
    }
}

/// What a value is.
pub(super) enum Shape<'a, T> {
    Null,
    Bool(bool),
    Number(Number<'a>),
    Text(&'a str),
    List(&'a [T]),
    Object,
}

/// A number.
pub(super) enum Number<'a> {
    Int(i64),
    Uint(u64),
    Float(f64),
    Written(&'a str),
}

impl Number<'_> {
    /// As Go's `fmt.Sprint` shows it.
    pub(super) fn text(&self) -> String {
        match self {
            Number::Int(number) => number.to_string(),
            Number::Uint(number) => number.to_string(),
            Number::Float(number) => yaml::go_float(*number),
            Number::Written(text) => (*text).to_owned(),
        }
    }

    /// Its value.
    pub(super) fn decimal(&self) -> Option<Decimal> {
        match self {
            Number::Written(text) => Decimal::new(text),
            _ => Decimal::new(&self.text()),
        }
    }
}

impl Instance for Node {
    fn shape(&self) -> Shape<'_, Self> {
        match &self.value {
            Value::Null => Shape::Null,
            Value::Bool(value) => Shape::Bool(*value),
            Value::Int(number) => Shape::Number(Number::Int(*number)),
            Value::Uint(number) => Shape::Number(Number::Uint(*number)),
            Value::Float(number) => Shape::Number(Number::Float(*number)),
            Value::Str(text) => Shape::Text(text),
            Value::List(items) => Shape::List(items),
            Value::Map(_) => Shape::Object,
        }
    }

    fn field(&self, name: &str) -> Option<&Self> {
        self.get(name)
    }

    fn fields(&self) -> Vec<(&Str, &Self)> {
        let mut fields: Vec<_> = self.as_map().into_iter().flatten().map(|entry| (&entry.key, &entry.node)).collect();
        fields.sort_unstable_by_key(|(name, _)| *name);
        fields
    }

    fn field_count(&self) -> usize {
        self.as_map().map_or(0, yaml::Map::len)
    }

    fn of_text(text: &Str) -> Self {
        Node::detached(text.clone())
    }

    fn span(&self) -> Span {
        self.span
    }
}

impl Instance for Json {
    fn shape(&self) -> Shape<'_, Self> {
        match self {
            Json::Null => Shape::Null,
            Json::Bool(value) => Shape::Bool(*value),
            Json::Number(text) => Shape::Number(Number::Written(text)),
            Json::Str(text) => Shape::Text(text),
            Json::Array(items) => Shape::List(items),
            Json::Object(_) => Shape::Object,
        }
    }

    fn field(&self, name: &str) -> Option<&Self> {
        self.get(name)
    }

    fn fields(&self) -> Vec<(&Str, &Self)> {
        match self {
            Json::Object(fields) => fields.iter().collect(),
            _ => Vec::new(),
        }
    }

    fn field_count(&self) -> usize {
        match self {
            Json::Object(fields) => fields.len(),
            _ => 0,
        }
    }

    fn of_text(text: &Str) -> Self {
        Json::Str(text.clone())
    }

    fn span(&self) -> Span {
        Span::DETACHED
    }
}

/// Whether two values are the same to JSON Schema: numbers by value.
pub(super) fn equal<A: Instance, B: Instance>(a: &A, b: &B) -> bool {
    match (a.shape(), b.shape()) {
        (Shape::Null, Shape::Null) => true,
        (Shape::Bool(a), Shape::Bool(b)) => a == b,
        (Shape::Text(a), Shape::Text(b)) => a == b,
        (Shape::Number(a), Shape::Number(b)) => a.decimal().is_some_and(|a| b.decimal() == Some(a)),
        (Shape::List(a), Shape::List(b)) => a.len() == b.len() && a.iter().zip(b).all(|(a, b)| equal(a, b)),
        (Shape::Object, Shape::Object) => {
            let mut fields = a.fields().into_iter().zip(b.fields());
            a.field_count() == b.field_count()
                && fields.all(|((name_a, a), (name_b, b))| name_a == name_b && equal(a, b))
        }
        _ => false,
    }
}

/// The first item that equals an earlier one, after that one.
pub(super) fn duplicates<T: Instance>(items: &[T]) -> Option<(usize, usize)> {
    let mut seen = std::collections::HashMap::new();
    for (index, item) in items.iter().enumerate() {
        let mut key = String::new();
        write_key(item, &mut key);
        if let Some(earlier) = seen.insert(key, index) {
            return Some((earlier, index));
        }
    }
    None
}

/// A text that is the same for equal values.
fn write_key<T: Instance>(value: &T, key: &mut String) {
    match value.shape() {
        Shape::Null => key.push('n'),
        Shape::Bool(value) => key.push(if value { 't' } else { 'f' }),
        Shape::Number(number) => {
            key.push('#');
            key.push_str(&number.decimal().map_or_else(|| number.text(), |decimal| decimal.key()));
        }
        Shape::Text(text) => key.push_str(&format!("\"{}:{text}", text.len())),
        Shape::List(items) => {
            key.push_str(&format!("[{}", items.len()));
            items.iter().for_each(|item| write_key(item, key));
        }
        Shape::Object => {
            key.push_str(&format!("{{{}", value.field_count()));
            for (name, value) in value.fields() {
                key.push_str(&format!("\"{}:{name}", name.len()));
                write_key(value, key);
            }
        }
    }
}
