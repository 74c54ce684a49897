//! `.Files`: the files of a chart as templates reach them.
//!
//! Upstream: `pkg/engine/files.go` of helm 4.2.3, a map of texts to bytes with methods.

use gotmpl::{Args, Call, Failure, Item, List, ListType, Map, MapType, Method, Text, Type, Value};
use source::{Piece, Sources, Span, SpanMap};

use crate::ChartFile;
use crate::glob::Glob;

const FILES: &MapType = &MapType {
    name: "engine.files",
    element: Type::Bytes,
    methods: &[
        Method { name: "AsConfig", parameters: &[], call: as_config },
        Method { name: "AsSecrets", parameters: &[], call: as_secrets },
        Method { name: "Get", parameters: &[Type::Str], call: get },
        Method { name: "GetBytes", parameters: &[Type::Str], call: get_bytes },
        Method { name: "Glob", parameters: &[Type::Str], call: glob },
        Method { name: "Lines", parameters: &[Type::Str], call: lines },
    ],
};

/// The value of `.Files`. With `sources` its texts are registered, and what templates print of them leads back to them.
pub fn files_value(files: &[ChartFile], sources: Option<&Sources>) -> Value {
    let entry = |file: &ChartFile| {
        let data = file.data();
        let span = sources.map_or(Span::DETACHED, |sources| Span::new(file.id(sources), 0, data.len()));
        (Text::from(&*file.name), Item::new(List::bytes(data.clone()), span))
    };
    Value::Map(Map::of(FILES, files.iter().map(entry)))
}

fn found(args: Args<'_>) -> Result<Option<Item>, Failure> {
    Ok(args.map(0)?.get(args.text(1)?))
}

fn content(item: &Item) -> &[u8] {
    match &item.value {
        Value::List(list) => list.as_bytes().map_or(&[], |bytes| bytes),
        _ => &[],
    }
}

/// The content as a text, with its places where they are traced.
fn text(call: &mut Call<'_>, item: &Item) -> Result<Text, Failure> {
    let bytes = content(item);
    call.budget.allocate(bytes.len())?;
    if !call.traced || item.span.is_detached() {
        return Ok(Text::from(bytes));
    }
    let mut map = SpanMap::default();
    map.push(Piece { start: 0, end: bytes.len(), origin: item.span, value: None, secret: false });
    Ok(Text::traced(bytes, map))
}

fn get(call: &mut Call<'_>, args: Args<'_>) -> Result<Value, Failure> {
    match found(args)? {
        Some(item) => {
            call.span = item.span;
            text(call, &item).map(Value::Str)
        }
        None => Ok("".into()),
    }
}

fn get_bytes(call: &mut Call<'_>, args: Args<'_>) -> Result<Value, Failure> {
    match found(args)? {
        Some(item) => {
            call.span = item.span;
            Ok(item.value)
        }
        None => Ok(Value::List(List::bytes([]))),
    }
}

fn glob(call: &mut Call<'_>, args: Args<'_>) -> Result<Value, Failure> {
    // What is no pattern matches everything.
    let glob = std::str::from_utf8(args.text(1)?).ok().and_then(|text| Glob::parse(text).ok());
    let glob = glob.unwrap_or_else(Glob::everything);
    let mut matching = Vec::new();
    for (name, item) in args.map(0)?.snapshot() {
        call.budget.step(1 + (glob.len() * name.len() / 64) as u64)?;
        if glob.matches(&name.to_str_lossy()) {
            matching.push((name, item));
        }
    }
    Ok(Value::Map(Map::of(FILES, matching)))
}

fn as_config(call: &mut Call<'_>, args: Args<'_>) -> Result<Value, Failure> {
    by_base(call, args, text)
}

fn as_secrets(call: &mut Call<'_>, args: Args<'_>) -> Result<Value, Failure> {
    by_base(call, args, |call, item| {
        let encode = gotmpl::find("b64enc").ok_or_else(|| Failure::error("b64enc is missing"))?;
        let text = text(call, item)?;
        match (encode.call)(call, Args(&[Item::new(text, item.span)]))? {
            Value::Str(text) => Ok(text),
            _ => Err(Failure::error("b64enc gave no text")),
        }
    })
}

/// The files as YAML, each under the last part of its path; of equal ones the last counts.
fn by_base(
    call: &mut Call<'_>,
    args: Args<'_>,
    value: fn(&mut Call<'_>, &Item) -> Result<Text, Failure>,
) -> Result<Value, Failure> {
    let map = Map::of(MapType::STR, []);
    for (name, item) in args.map(0)?.snapshot() {
        let base = name.rsplit(|byte| *byte == b'/').next().unwrap_or_default();
        let text = value(call, &item)?;
        map.insert(base, Item::new(text, item.span));
    }
    let to_yaml = gotmpl::find("toYaml").ok_or_else(|| Failure::error("toYaml is missing"))?;
    (to_yaml.call)(call, Args(&[Item::from(Value::Map(map))]))
}

fn lines(call: &mut Call<'_>, args: Args<'_>) -> Result<Value, Failure> {
    let Some(item) = found(args)? else { return Ok(Value::List(List::of(ListType::STR, []))) };
    let text = text(call, &item)?;
    if text.is_empty() {
        return Err(Failure::error("runtime error: index out of range [-1]"));
    }
    let text = text.strip_suffix(b"\n").unwrap_or(&text);
    call.budget.allocate(text.iter().filter(|byte| **byte == b'\n').count() * 64)?;
    let mut lines = Vec::new();
    let mut at = item.span.start();
    for line in text.split(|byte| *byte == b'\n') {
        let span = item.span.file().map_or(Span::DETACHED, |file| Span::new(file, at, at + line.len()));
        lines.push(Item::new(Text::from(line), span));
        at += line.len() + 1;
    }
    Ok(Value::List(List::of(ListType::STR, lines)))
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use gotmpl::{Env, Limits, Run, Set, TextOrigin};
    use source::File;

    use super::*;
    use crate::{Capabilities, KubeVersion, Metadata};

    fn render(template: &str) -> Result<Vec<u8>, String> {
        let contents: [(&str, &[u8]); 4] =
            [("a/b/one.txt", b"x\ny\n"), ("a/two.yaml", b"k: v\n\n"), ("empty", b""), ("bin", b"\xff\0z")];
        let files = contents.map(|(name, bytes)| {
            let file = Arc::new(File::new(name, bytes));
            ChartFile { name: name.into(), file }
        });
        let kube_version = KubeVersion::parse("1.33.1-x")?;
        let data = Map::new();
        data.insert("Files", files_value(&files, None));
        data.insert("Capabilities", Capabilities { kube_version, ..Capabilities::default() }.to_value());
        data.insert("Chart", Metadata::default().to_value(true));
        let mut set = Set::new();
        set.add(
            &gotmpl::parse("t", &template.as_bytes().into(), TextOrigin::Value(Span::DETACHED), 100)
                .map_err(|e| e.message)?,
        );
        let env = Env::default();
        let text = Run::new(&set, &env, Limits::default(), false).execute("t", Item::from(Value::Map(data)));
        text.map(|text| text.to_vec()).map_err(|error| String::from_utf8_lossy(&error.message()).into_owned())
    }

    /// The expected text was printed by helm 4.2.3.
    #[test]
    fn templates_reach_files_and_capabilities() {
        let (template, expected) = (include_str!("files/reach.tpl"), include_bytes!("files/reach.txt"));
        let expected = expected.split(|byte| *byte == b'\n').map(String::from_utf8_lossy);
        for (line, expected) in template.lines().zip(expected) {
            let got = render(line).unwrap();
            assert_eq!(String::from_utf8_lossy(&got), expected, "{line}");
        }
    }

    #[test]
    fn what_is_not_there_is_an_error() {
        for (action, expected) in [
            (".Files.Lines \"empty\"", "error calling Lines: runtime error: index out of range [-1]"),
            (
                ".Capabilities.KubeVersion.normalizedVersion",
                "normalizedVersion is an unexported field of struct type common.KubeVersion",
            ),
            (".Files.Get", "wrong number of args for Get: want 1 got 0"),
            (".Files.Get 5", "expected string; found 5"),
            (".Files.x.y", "can't evaluate field y in type []uint8"),
            ("keys .Files", "wrong type for value; expected map[string]interface {}; got engine.files"),
            (".Files.x \"y\"", "x is not a method but has arguments"),
            ("b64enc (.Files.GetBytes \"bin\")", "wrong type for value; expected string; got []uint8"),
            (".Capabilities.HelmVersion.version", "can't evaluate field version in type version.BuildInfo"),
            ("get .Chart.Annotations \"x\"", "expected map[string]interface {}; got map[string]string"),
            (".Capabilities.APIVersions.Nope", "can't evaluate field Nope in type common.VersionSet"),
            (
                "semverCompare \">1\" .Capabilities.KubeVersion",
                "wrong type for value; expected string; got common.KubeVersion",
            ),
        ] {
            let error = render(&format!("{{{{ {action} }}}}")).unwrap_err();
            assert!(error.ends_with(expected), "{action}: {error}");
        }
    }
}
