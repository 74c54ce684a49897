//! Sprig on paths: Go's `path`, and `path/filepath` as it is on Unix, where both are the same but for the directory of a
//! path.

use crate::function::{Args, Call, Function, Type};
use crate::{Failure, Value};

/// The functions of this file.
pub(super) const TABLE: &[Function] = &[
    Function { name: "base", parameters: &[Type::Str], variadic: false, call: base },
    Function { name: "clean", parameters: &[Type::Str], variadic: false, call: clean },
    Function { name: "dir", parameters: &[Type::Str], variadic: false, call: dir },
    Function { name: "ext", parameters: &[Type::Str], variadic: false, call: ext },
    Function { name: "isAbs", parameters: &[Type::Str], variadic: false, call: is_abs },
    Function { name: "osBase", parameters: &[Type::Str], variadic: false, call: base },
    Function { name: "osClean", parameters: &[Type::Str], variadic: false, call: clean },
    Function { name: "osDir", parameters: &[Type::Str], variadic: false, call: dir },
    Function { name: "osExt", parameters: &[Type::Str], variadic: false, call: ext },
    Function { name: "osIsAbs", parameters: &[Type::Str], variadic: false, call: is_abs },
];

fn base(_: &mut Call<'_>, args: Args<'_>) -> Result<Value, Failure> {
    Ok(base_of(args.text(0)?).to_vec().into())
}

fn clean(_: &mut Call<'_>, args: Args<'_>) -> Result<Value, Failure> {
    Ok(cleaned(args.text(0)?).into())
}

fn dir(_: &mut Call<'_>, args: Args<'_>) -> Result<Value, Failure> {
    Ok(cleaned(split_last(args.text(0)?).0).into())
}

/// From the last dot of the last element on.
fn ext(_: &mut Call<'_>, args: Args<'_>) -> Result<Value, Failure> {
    let name = split_last(args.text(0)?).1;
    let dot = name.iter().rposition(|byte| *byte == b'.').unwrap_or(name.len());
    Ok(name.get(dot..).unwrap_or_default().to_vec().into())
}

fn is_abs(_: &mut Call<'_>, args: Args<'_>) -> Result<Value, Failure> {
    Ok(Value::Bool(args.text(0)?.starts_with(b"/")))
}

/// What stands up to the last slash, with it, and what follows.
fn split_last(path: &[u8]) -> (&[u8], &[u8]) {
    let after = path.iter().rposition(|byte| *byte == b'/').map_or(0, |slash| slash + 1);
    path.split_at_checked(after).unwrap_or((path, &[]))
}

fn base_of(path: &[u8]) -> &[u8] {
    let end = path.iter().rposition(|byte| *byte != b'/').map_or(0, |last| last + 1);
    match path.get(..end).unwrap_or_default() {
        [] if path.is_empty() => b".",
        [] => b"/",
        path => split_last(path).1,
    }
}

/// The shortest path of the same meaning: no empty elements, no `.`, no `..` but in front of a path that is not rooted.
fn cleaned(path: &[u8]) -> Vec<u8> {
    let is_rooted = path.starts_with(b"/");
    let mut kept: Vec<&[u8]> = Vec::new();
    for element in path.split(|byte| *byte == b'/') {
        match element {
            b"" | b"." => {}
            b".." => match kept.last() {
                Some(last) if *last != b".." => {
                    kept.pop();
                }
                None if is_rooted => {}
                _ => kept.push(element),
            },
            _ => kept.push(element),
        }
    }
    let path = kept.join(&b'/');
    match (is_rooted, path.is_empty()) {
        (true, _) => [b"/", path.as_slice()].concat(),
        (false, true) => b".".to_vec(),
        (false, false) => path,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn as_go_has_them() {
        for (path, clean, base) in [
            ("", ".", "."),
            ("/", "/", "/"),
            ("//", "/", "/"),
            ("/a//b/", "/a/b", "b"),
            ("a/../../b/.", "../b", "."),
            ("/../a", "/a", "a"),
            ("../..", "../..", ".."),
        ] {
            assert_eq!(cleaned(path.as_bytes()), clean.as_bytes(), "{path}");
            assert_eq!(base_of(path.as_bytes()), base.as_bytes(), "{path}");
        }
    }
}
