//! Templates of one line each with what helm printed for them. `HEADWATER_ONLY=GROUP` takes the snippets whose id starts
//! so, and prints what differs.

use std::collections::BTreeMap;
use std::path::Path;

use base64::Engine;
use gotmpl::{Env, Item, Limits, Map, Run, Set, Text, TextOrigin, Value};
use serde_json::Value as Json;
use source::{FileId, Span};

fn field<'j>(snippet: &'j Json, name: &str) -> Option<&'j str> {
    snippet.get(name).and_then(Json::as_str)
}

fn map(entries: &[(&str, Value)]) -> Value {
    let map = Map::new();
    for (key, value) in entries {
        map.insert(*key, value.clone());
    }
    Value::Map(map)
}

fn render(snippet: &Json, values: &str) -> Result<Vec<u8>, String> {
    let node = yaml::read_values(FileId::new(1), values.as_bytes()).map_err(|error| error.text)?;
    let release = field(snippet, "release").unwrap_or("rel");
    let namespace = field(snippet, "namespace").unwrap_or("ns");
    let name = "snip/templates/out.yaml";
    let data = map(&[
        ("Values", gotmpl::from_node(&node).value),
        ("Chart", map(&[("Name", "snip".into()), ("Version", "0.1.0".into()), ("AppVersion", "1.0".into())])),
        ("Release", map(&[("Name", release.into()), ("Namespace", namespace.into()), ("Service", "Helm".into())])),
        ("Template", map(&[("Name", name.into()), ("BasePath", "snip/templates".into())])),
    ]);
    let dot = field(snippet, "dot").unwrap_or(".");
    let outer = format!("b: {{{{ include \"snip/templates/_snip.tpl\" {dot} | b64enc }}}}\n");
    let mut set = Set::new();
    for (name, text) in [
        ("snip/templates/out.yaml", &*outer),
        ("snip/templates/_snip.tpl", field(snippet, "template").unwrap_or_default()),
    ] {
        let parsed = gotmpl::parse(name, text.as_bytes(), TextOrigin::Value(Span::DETACHED));
        set.add(&parsed.map_err(|error| error.message)?);
    }
    let env = Env::default();
    let mut run = Run::new(&set, &env, Limits::default(), false);
    let text: Text = run
        .execute("snip/templates/out.yaml", Item::from(data))
        .map_err(|error| String::from_utf8_lossy(error.message()).into_owned())?;
    let encoded = text.strip_prefix(b"b: ".as_slice()).and_then(|text| text.strip_suffix(b"\n".as_slice()));
    base64::engine::general_purpose::STANDARD.decode(encoded.unwrap_or_default()).map_err(|error| error.to_string())
}

fn check(snippet: &Json, contexts: &Json) -> Result<(), String> {
    let values = field(snippet, "values").or_else(|| field(contexts, field(snippet, "values_ref")?)).unwrap_or("");
    let got = gotmpl::on_large_stack(|| render(snippet, values)).map_err(|error| error.to_string())?;
    let template = field(snippet, "template").unwrap_or_default();
    if snippet.get("error").is_some() {
        let core = field(snippet, "error_core").unwrap_or_default();
        return match got {
            Ok(text) => Err(format!("{template}\n   should fail: {core}\n   got {}", String::from_utf8_lossy(&text))),
            Err(error) if error.contains(core) => Ok(()),
            Err(error) => Err(format!("{template}\n   core {core}\n   got  {error}")),
        };
    }
    let expected = match field(snippet, "output_b64") {
        Some(encoded) => base64::engine::general_purpose::STANDARD.decode(encoded).unwrap_or_default(),
        None => field(snippet, "output").unwrap_or_default().as_bytes().to_vec(),
    };
    match got {
        Ok(text) if text == expected => Ok(()),
        Ok(text) => Err(format!(
            "{template}\n   want {:?}\n   got  {:?}",
            String::from_utf8_lossy(&expected),
            String::from_utf8_lossy(&text)
        )),
        Err(error) => Err(format!("{template}\n   fails: {error}")),
    }
}

fn read(directory: &Path) -> Vec<Json> {
    let mut files: Vec<_> = std::fs::read_dir(directory)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|e| e == "jsonl"))
        .collect();
    files.sort();
    files
        .iter()
        .flat_map(|path| {
            let text = std::fs::read_to_string(path).unwrap();
            text.lines().map(|line| serde_json::from_str(line).unwrap()).collect::<Vec<Json>>()
        })
        .collect()
}

#[test]
fn conformance_snippets() {
    let Some(corpus) = testkit::corpus("helm") else { return };
    let contexts: Json =
        serde_json::from_str(&std::fs::read_to_string(corpus.join("snippets/contexts.json")).unwrap()).unwrap();
    let only = std::env::var("HEADWATER_ONLY").ok();
    let mut snippets = read(&corpus.join("snippets"));
    snippets.retain(|snippet| {
        let id = field(snippet, "id").unwrap_or_default();
        only.as_ref().is_none_or(|only| id.starts_with(only.as_str()))
            && snippet.get("args").is_none()
            && snippet.get("nondeterministic").is_none()
    });
    let outcomes = testkit::run(&snippets, |snippet| check(snippet, &contexts));
    let mut groups: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
    for (snippet, outcome) in snippets.iter().zip(&outcomes) {
        let group = groups.entry(field(snippet, "group").unwrap_or_default()).or_default();
        group.1 += 1;
        match outcome {
            Ok(()) => group.0 += 1,
            Err(why) if only.is_some() => println!("{} {why}", field(snippet, "id").unwrap_or_default()),
            Err(_) => {}
        }
    }
    for (group, (passed, all)) in groups {
        println!("{group} {passed}/{all}");
    }
}
