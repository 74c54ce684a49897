//! Go's `text/template` with sprig's and Helm's functions: templates and values to text.
//!
//! The judge is the template engine inside helm 4.2.3: Go 1.26's `text/template`, sprig 3.3.0. Values are Go's: byte
//! strings, distinct number types, shared mutable maps. Nothing here reads the clock, randomness, a cluster or the
//! network: what a template asks of the outside comes from [`Env`].

mod budget;
mod convert;
mod env;
mod exec;
mod failure;
mod format;
mod function;
mod functions;
pub mod go;
mod parse;
mod quote;
pub mod semver;
mod set;
mod stack;
mod unicode;
mod value;

pub use budget::{Budget, Limits};
pub use convert::{Numbers, from_map, from_node, from_node_with, to_node};
pub use env::Env;
pub use exec::Run;
pub use failure::{CHART_MESSAGE, ExecError, Failure, Site};
pub use function::{Args, Call, Function, Type};
pub use functions::find;
pub use parse::{ParseError, Parsed, TextOrigin, parse};
pub use quote::{is_printable, quote};
pub use set::Set;
pub use stack::on_large_stack;
pub use value::{Integer, Item, List, ListType, Map, MapType, Method, Object, Text, Value};
