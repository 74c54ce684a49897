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
