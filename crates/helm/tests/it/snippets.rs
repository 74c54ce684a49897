//! Templates of one line each with what helm printed for them, rendered as the only template of a chart.
//! `HEADWATER_ONLY=TEXT` takes the snippets whose id starts so, and shows what differs.

use std::collections::BTreeMap;
use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use helm::{DirectoryLimits, Memo};
use serde_json::Value as Json;
use source::{Tree, TreePath};
use testkit::Score;

use crate::command;

const CHART: &str = "apiVersion: v2\nname: snip\nversion: 0.1.0\nappVersion: \"1.0\"\ndescription: snippet harness\n";

fn field<'j>(snippet: &'j Json, name: &str) -> Option<&'j str> {
    snippet.get(name).and_then(Json::as_str)
}

/// What the template prints, or Helm's words.
fn render(snippet: &Json, values: &str) -> Result<Vec<u8>, String> {
    let dot = field(snippet, "dot").unwrap_or(".");
    let mut tree = Tree::new("");
    for (name, text) in [
        ("Chart.yaml", CHART),
        ("values.yaml", values),
        ("templates/_snip.tpl", field(snippet, "template").unwrap_or_default()),
        ("templates/out.yaml", &format!("b: {{{{ include \"snip/templates/_snip.tpl\" {dot} | b64enc }}}}\n")),
    ] {
        tree.insert_text(TreePath::new(name).unwrap(), text);
    }
    let given = |name: &str, default: &str| field(snippet, name).unwrap_or(default).to_owned();
    let words = [
        given("release", "rel"),
        "chart".to_owned(),
        "-n".to_owned(),
        given("namespace", "ns"),
        "--kube-version".to_owned(),
        given("kube_version", "1.33.0"),
    ];
    let more = snippet.get("args").and_then(Json::as_array).into_iter().flatten();
    let more = more.filter_map(Json::as_str).map(str::to_owned);
    let command = command::read(words.into_iter().chain(more))?;
    let load =
        || helm::load_directory(&tree, &TreePath::root(), None, &DirectoryLimits::default()).map(|loaded| loaded.chart);
    let printed = command.run(Path::new(""), load, &Memo::default())?;
    let printed = String::from_utf8_lossy(&printed).into_owned();
    let (_, encoded) = printed.split_once("b:").ok_or("nothing is printed")?;
    STANDARD.decode(encoded.trim().trim_matches('"')).map_err(|error| error.to_string())
}

/// Whether the snippet is printed or refused as it should be, and whether it is refused in helm's words.
fn check(snippet: &Json, contexts: &Json) -> (Result<(), String>, Option<Result<(), String>>) {
    let values = field(snippet, "values").or_else(|| field(contexts, field(snippet, "values_ref")?)).unwrap_or("");
    let got = render(snippet, values);
    let template = field(snippet, "template").unwrap_or_default();
    let show = |bytes: &[u8]| format!("{:?}", String::from_utf8_lossy(bytes));
    match (got, field(snippet, "error")) {
        (Ok(text), Some(error)) => (Err(format!("{template}\n   want {error}\n   got  {}", show(&text))), None),
        (Err(error), Some(expected)) => {
            let expected = expected.strip_prefix("Error: ").unwrap_or(expected).trim_end();
            let same = expected == error.trim_end();
            let words = if same { Ok(()) } else { Err(format!("{template}\n   want {expected}\n   got  {error}")) };
            (Ok(()), Some(words))
        }
        (Err(error), None) => (Err(format!("{template}\n   fails: {error}")), None),
        (Ok(text), None) => {
            let expected = match field(snippet, "output_b64") {
                Some(encoded) => STANDARD.decode(encoded).unwrap_or_default(),
                None => field(snippet, "output").unwrap_or_default().as_bytes().to_vec(),
            };
            let differs = || format!("{template}\n   want {}\n   got  {}", show(&expected), show(&text));
            (if text == expected { Ok(()) } else { Err(differs()) }, None)
        }
    }
}

fn snippets(directory: &Path, only: Option<&str>) -> Vec<Json> {
    let mut files: Vec<_> = std::fs::read_dir(directory).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.retain(|path| path.extension().is_some_and(|extension| extension == "jsonl"));
    files.sort();
    let texts = files.iter().map(|path| std::fs::read_to_string(path).unwrap());
    let mut snippets: Vec<Json> = texts
        .flat_map(|text| text.lines().map(|line| serde_json::from_str(line).unwrap()).collect::<Vec<_>>())
        .collect();
    snippets.retain(|snippet| {
        let id = field(snippet, "id").unwrap_or_default();
        only.is_none_or(|only| id.starts_with(only)) && snippet.get("nondeterministic").is_none()
    });
    snippets
}

#[test]
fn conformance_snippets() {
    let Some(corpus) = testkit::corpus("helm") else { return };
    let contexts = std::fs::read_to_string(corpus.join("snippets/contexts.json")).unwrap();
    let contexts: Json = serde_json::from_str(&contexts).unwrap();
    let only = std::env::var("HEADWATER_ONLY").ok();
    let snippets = snippets(&corpus.join("snippets"), only.as_deref());
    let outcomes = testkit::run(&snippets, |snippet| Ok(check(snippet, &contexts)));
    let (mut verdicts, mut words) = (Vec::new(), Vec::new());
    let mut groups: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
    for (snippet, outcome) in snippets.iter().zip(outcomes) {
        let (verdict, said) = outcome.unwrap_or_else(|why| (Err(why), None));
        let id = field(snippet, "id").unwrap_or_default();
        if only.is_some() {
            let misses =
                [Some(&verdict), said.as_ref()].into_iter().flatten().filter_map(|result| result.as_ref().err());
            misses.for_each(|why| println!("{id} {why}"));
        }
        let group = groups.entry(field(snippet, "group").unwrap_or_default()).or_default();
        group.0 += usize::from(verdict.is_ok() && said.as_ref().is_none_or(Result::is_ok));
        group.1 += 1;
        verdicts.push((id.to_owned(), verdict));
        words.extend(said.map(|said| (id.to_owned(), said)));
    }
    if only.is_some() {
        groups.iter().for_each(|(group, (passed, all))| println!("{group} {passed}/{all}"));
    }
    Score::of("helm-snippets", verdicts).print();
    Score::of("helm-snippets-errors", words).print();
}
