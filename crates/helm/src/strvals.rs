//! `--set` and its family: `name=value` as helm 4.2.3 reads it (`pkg/strvals/parser.go`, `literal_parser.go`), written into
//! tables that may be shared.
//!
//! A comma in a value starts the next `name=value`, `{a,b}` is a list, and a backslash takes the meaning of the character
//! after it. What is refused is told in Helm's words; those words may repeat the value, so each kind of refusal can also be
//! told without them.

mod parser;

use source::Span;
use yaml::Str;

use crate::Table;
use crate::quote::{quote, quote_char};
use parser::Parser;

/// Highest index of a list.
const MAX_INDEX: usize = 65_536;

/// Names in a row, `a.b.c`.
const MAX_LEVEL: usize = 30;

/// How values are read.
#[derive(Clone, Copy)]
pub enum Style<'a> {
    /// `--set`: integers, booleans and null have their type, anything else is text.
    Typed,
    /// `--set-string`: everything is text.
    Text,
    /// `--set-json`: values are JSON.
    Json,
    /// `--set-literal`: the rest of the argument is the value.
    Literal,
    /// `--set-file`: values name files; this gives the content of one, or why there is none.
    File(&'a dyn Fn(&str) -> Result<Str, String>),
}

/// Why an assignment is refused; the text is Helm's.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum Refusal {
    /// The text ends before the value of a key.
    #[error("key {} has no value", quote(.0))]
    NoValue(String),
    /// A key ends with a comma, which a comma in a value makes too.
    #[error("key {} has no value (cannot end with ,)", quote(.0))]
    Comma(String),
    /// Nothing was set in a table, because what follows its name is empty.
    #[error("key map {} has no value", quote(.0))]
    EmptyTable(String),
    /// An index that is not a number.
    #[error("error parsing index: {0}")]
    Index(String),
    /// An index below zero.
    #[error("negative {0} index not allowed")]
    NegativeIndex(i64),
    /// An index above the highest one.
    #[error("index of {0} is greater than maximum supported index of {MAX_INDEX}")]
    LargeIndex(i64),
    /// Something stands between an index and what may follow it.
    #[error("unexpected data at end of array index: {}", quote_each(.0))]
    AfterIndex(String),
    /// A list without its closing brace.
    #[error("list must terminate with '}}'")]
    OpenList,
    /// Too many names in a row.
    #[error("value name nested level is greater than maximum supported nested level of {MAX_LEVEL}")]
    Level,
    /// The name leads through a value of another kind.
    #[error("unable to parse key: interface conversion: interface {{}} is {found}, not {wanted}")]
    Kind {
        /// The Go type that is there.
        found: &'static str,
        /// The Go type that the name needs.
        wanted: &'static str,
    },
    /// A value is not JSON.
    #[error("{0}")]
    Json(String),
    /// A file can not be read.
    #[error("{0}")]
    File(String),
    /// Indexes nested deeper, or lists longer in sum, than headwater allows; Helm has no such limit.
    #[error("the indexes in it are nested too deeply or need too long lists")]
    TooLarge,
}

/// A slice of runes.
fn quote_each(text: &str) -> String {
    let quoted: Vec<String> = text.chars().map(quote_char).collect();
    format!("[{}]", quoted.join(" "))
}

/// Sets what `text` says.
///
/// # Errors
/// The first thing that is wrong; what stands before it is set.
pub fn assign(values: &Table, text: &str, style: Style<'_>, span: Span) -> Result<(), Refusal> {
    Parser::new(text, style, span).run(values)
}

#[cfg(test)]
mod tests {
    use yaml::Map;

    use super::*;

    fn set(style: Style<'_>, text: &str) -> Result<String, String> {
        let values = Table::new(&Map::new());
        match assign(&values, text, style, Span::DETACHED) {
            Ok(()) => Ok(yaml::to_json(&yaml::Node::detached(values.map()))),
            Err(refusal) => Err(refusal.to_string()),
        }
    }

    #[test]
    fn lists_and_tables_grow() {
        let typed = |text| set(Style::Typed, text).unwrap();
        assert_eq!(typed("a.b[1].c=x,a.b[0]=07"), r#"{"a":{"b":["07",{"c":"x"}]}}"#);
        assert_eq!(typed("a={1,b\\,c},d=null,e=TRUE"), r#"{"a":[1,"b,c"],"d":null,"e":true}"#);
        assert_eq!(typed("a[0][1]=x"), r#"{"a":[[null,"x"]]}"#);
        assert_eq!(typed("a[0"), "{}");
        assert_eq!(typed("a[0]"), r#"{"a":[]}"#);
    }

    #[test]
    fn refusals_have_the_words_of_helm() {
        let typed = |text: &str| set(Style::Typed, text).unwrap_err();
        assert_eq!(typed("a[0]b=1"), "unexpected data at end of array index: ['b']");
        assert_eq!(typed("a=1,a.b=1"), format!("{KIND}int64, not map[string]interface {{}}"));
        assert_eq!(typed("a=1,a[0]=1"), format!("{KIND}int64, not []interface {{}}"));
        assert_eq!(
            typed(&format!("{}x=1", "a.".repeat(31))),
            "value name nested level is greater than maximum supported nested level of 30"
        );
        assert_eq!(typed("a[65537]=1"), "index of 65537 is greater than maximum supported index of 65536");
    }

    const KIND: &str = "unable to parse key: interface conversion: interface {} is ";

    #[test]
    fn json_and_literals() {
        assert_eq!(
            set(Style::Json, "a={\"b\":[1,2.5]} , c=null,d=").unwrap(),
            r#"{" c":null,"a":{"b":[1,2.5]},"d":null}"#
        );
        assert_eq!(set(Style::Literal, "a.b=x,y={z}\\").unwrap(), r#"{"a":{"b":"x,y={z}\\"}}"#);
    }
}
