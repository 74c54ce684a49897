//! Sprig's `semver` and `semverCompare`: versions as objects with Masterminds' methods.

use std::rc::Rc;

use crate::function::{Args, Call, Function, Type};
use crate::semver::{Constraints, Error, Version};
use crate::{Failure, Integer, Item, List, ListType, Method, Object, Text, Value};

/// The functions of this file.
pub(super) const TABLE: &[Function] = &[
    Function { name: "semver", parameters: &[Type::Str], variadic: false, call: semver },
    Function { name: "semverCompare", parameters: &[Type::Str, Type::Str], variadic: false, call: semver_compare },
];

const POINTER: &str = "*semver.Version";

/// What `semver` gives is a pointer; what the methods give is a plain value, on which Go cannot call the methods of
/// pointers.
#[derive(Debug)]
struct VersionObject {
    version: Version,
    is_pointer: bool,
}

impl Object for VersionObject {
    fn type_name(&self) -> &str {
        if self.is_pointer { POINTER } else { "semver.Version" }
    }

    fn kind(&self) -> &'static str {
        if self.is_pointer { "ptr" } else { "struct" }
    }

    fn methods(&self) -> &'static [Method] {
        if self.is_pointer { METHODS } else { METHODS.split_at(POINTER_METHODS).1 }
    }

    fn display(&self) -> Option<Text> {
        Some(self.version.to_string().into())
    }

    fn json(&self) -> Option<Value> {
        Some(self.version.to_string().into())
    }

    fn as_any(&self) -> &dyn std::any::Any {
        self
    }
}

/// How many of [`METHODS`], at their head, are methods of the pointer only.
const POINTER_METHODS: usize = 7;

const METHODS: &[Method] = &[
    compared("Compare", |_, args| Ok(Value::Int(receiver(args)?.cmp(other(args)?) as i64))),
    compared("Equal", |_, args| Ok(Value::Bool(!is_nil(args) && receiver(args)? == other(args)?))),
    compared("GreaterThan", |_, args| Ok(Value::Bool(receiver(args)? > other(args)?))),
    compared("GreaterThanEqual", |_, args| Ok(Value::Bool(receiver(args)? >= other(args)?))),
    compared("LessThan", |_, args| Ok(Value::Bool(receiver(args)? < other(args)?))),
    compared("LessThanEqual", |_, args| Ok(Value::Bool(receiver(args)? <= other(args)?))),
    plain("Original", |_, args| Ok(receiver(args)?.original().into())),
    plain("IncMajor", |_, args| next(receiver(args)?.next_major(), "major")),
    plain("IncMinor", |_, args| next(receiver(args)?.next_minor(), "minor")),
    plain("IncPatch", |_, args| next(receiver(args)?.next_patch(), "patch")),
    plain("Major", |_, args| Ok(Integer::value("uint64", receiver(args)?.major()))),
    plain("MarshalJSON", |_, args| Ok(bytes(&format!("\"{}\"", receiver(args)?)))),
    plain("MarshalText", |_, args| Ok(bytes(&receiver(args)?.to_string()))),
    plain("Metadata", |_, args| Ok(receiver(args)?.metadata().into())),
    plain("Minor", |_, args| Ok(Integer::value("uint64", receiver(args)?.minor()))),
    plain("Patch", |_, args| Ok(Integer::value("uint64", receiver(args)?.patch()))),
    plain("Prerelease", |_, args| Ok(receiver(args)?.prerelease().into())),
    Method { name: "SetMetadata", parameters: &[Type::Str], call: set_metadata },
    Method { name: "SetPrerelease", parameters: &[Type::Str], call: set_prerelease },
    plain("String", |_, args| Ok(receiver(args)?.to_string().into())),
    plain("Value", |_, args| Ok(receiver(args)?.to_string().into())),
];

type Body = fn(&mut Call<'_>, Args<'_>) -> Result<Value, Failure>;

const fn plain(name: &'static str, call: Body) -> Method {
    Method { name, parameters: &[], call }
}

const fn compared(name: &'static str, call: Body) -> Method {
    Method { name, parameters: &[Type::Named(POINTER)], call }
}

fn failure(error: Error) -> Failure {
    Failure::error(error.to_string())
}

fn object(version: Version, is_pointer: bool) -> Value {
    Value::Object(Rc::new(VersionObject { version, is_pointer }))
}

fn semver(_: &mut Call<'_>, args: Args<'_>) -> Result<Value, Failure> {
    Ok(object(Version::parse(args.text(0)?.as_bytes()).map_err(failure)?, true))
}

fn semver_compare(_: &mut Call<'_>, args: Args<'_>) -> Result<Value, Failure> {
    let constraints = Constraints::parse(args.text(0)?.as_bytes()).map_err(failure)?;
    let version = Version::parse(args.text(1)?.as_bytes()).map_err(failure)?;
    Ok(Value::Bool(constraints.check(&version)))
}

fn receiver<'a>(args: Args<'a>) -> Result<&'a Version, Failure> {
    version(args, 0)
}

fn other<'a>(args: Args<'a>) -> Result<&'a Version, Failure> {
    version(args, 1)
}

fn is_nil(args: Args<'_>) -> bool {
    matches!(args.value(1), Ok(Value::Nil))
}

fn version(args: Args<'_>, index: usize) -> Result<&Version, Failure> {
    match args.value(index)? {
        Value::Object(object) => object.as_any().downcast_ref::<VersionObject>().map(|object| &object.version),
        _ => None,
    }
    .ok_or_else(|| Failure::error("runtime error: invalid memory address or nil pointer dereference"))
}

fn next(version: Option<Version>, number: &str) -> Result<Value, Failure> {
    version
        .map(|version| object(version, false))
        .ok_or_else(|| Failure::error(format!("{number} version increment would overflow uint64")))
}

fn set_metadata(_: &mut Call<'_>, args: Args<'_>) -> Result<Value, Failure> {
    let metadata = args.text(1)?.to_str_lossy();
    receiver(args)?.with_metadata(&metadata).map(|version| object(version, false)).map_err(failure)
}

fn set_prerelease(_: &mut Call<'_>, args: Args<'_>) -> Result<Value, Failure> {
    let prerelease = args.text(1)?.to_str_lossy();
    receiver(args)?.with_prerelease(&prerelease).map(|version| object(version, false)).map_err(failure)
}

fn bytes(text: &str) -> Value {
    let items = text.bytes().map(|byte| Item::from(Integer::value("uint8", byte)));
    Value::List(List::of(ListType::BYTE, items.collect::<Vec<_>>()))
}
