//! The hostile inputs: each is put where a user would have it, given to the binary, and judged by what comes back.
//!
//! | kind of input | where it is put | command |
//! | --- | --- | --- |
//! | `yaml`, `render` | the only resource of a kustomization | `headwater kustomize build` |
//! | `yaml`, `apply` | the only file of a Flux Kustomization | `headwater check` |
//! | `kustomize`, `render` | unpacked, links and all, also as the path of a Flux Kustomization | `headwater kustomize build` and `headwater build` |
//! | `kustomize`, `reconcile` | the path of a Flux Kustomization | `headwater check` |
//! | `flux` | the facts of a cluster whose only Kustomization substitutes from it | `headwater build` |
//! | `chart`, `archive` | a packed chart, which most of the archives are not | `headwater helm template` |

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use serde_json::Value;
use source::Sources;
use testkit::Score;

use crate::arguments::Arguments;
use crate::document::table;
use crate::measure::{self, Finished};

/// Time for inputs that name no limit of their own.
const DEFAULT_MILLISECONDS: u64 = 5000;

/// Memory for inputs that name no limit of their own.
const DEFAULT_MEBIBYTES: u64 = 512;

/// The rules of headwater that answer to a code of the corpus.
const RULES: &[(&str, &[&str])] = &[
    ("yaml.alias-expansion", &["yaml/alias-bomb"]),
    ("yaml.alias-cycle", &["yaml/alias-cycle"]),
    ("yaml.depth", &["yaml/too-deep"]),
    ("yaml.duplicate-key", &["yaml/duplicate-key"]),
    ("yaml.utf8", &["yaml/not-utf8"]),
    ("yaml.tag", &["yaml/unknown-tag"]),
    ("object.name-required", &["kustomize/not-an-object"]),
    // In a Flux build the tree is all there is: what lies outside of it cannot be read.
    ("path.escape", &["kustomize/file-outside-root", "kustomize/unreadable-file"]),
    // The link of the corpus leads to a file that most machines do not have.
    ("path.symlink", &["kustomize/file-outside-root", "kustomize/unreadable-file"]),
    ("kustomize.cycle", &["kustomize/cycle"]),
    ("render.objects", &["kustomize/too-many-objects"]),
    ("remote-base-disabled", &["kustomize/remote-base"]),
    ("plugin-disabled", &["kustomize/plugin-not-supported"]),
    ("helm-disabled", &["kustomize/helm-charts-not-supported"]),
    ("prune.empty-render", &["flux/empty-render"]),
    ("jsonpatch.copy-size", &["kustomize/json-patch-too-large"]),
    ("substitution.structure", &["flux/substitution-breaks-yaml", "flux/substitution-changes-structure"]),
];

/// Words in which `headwater helm template` refuses what answers to a code of the corpus; helm's where helm refuses it too.
const WORDS: &[(&str, &[&str])] = &[
    ("tar.path-escape", &["illegally references parent directory", "illegally contains absolute paths"]),
    ("tar.link", &["illegally contains a link"]),
    ("tar.type", &["illegally contains something that is not a file"]),
    ("tar.duplicate", &["twice"]),
    ("tar.entries", &["entries"]),
    ("tar.name-length", &["longer than 255 bytes"]),
    ("archive.size", &["maximum"]),
    ("gzip.truncated", &["unexpected EOF", "end of file"]),
    ("gzip.crc", &["a matching checksum"]),
    ("chart.name", &["chart.metadata.name"]),
    ("schema.remote-ref", &["failing loading"]),
    ("json.depth", &["exceeded max depth"]),
    ("schema.cycle", &["causing reference cycle"]),
    ("template.recursion", &["nested reference name", "levels deep"]),
    (
        "template.budget",
        &["the templates take more than", "the templates make values of more than", "the templates print more than"],
    ),
    ("template.output-size", &["the templates print more than", "the templates make values of more than"]),
    ("yaml.alias-expansion", &["excessive aliasing"]),
];

/// What is no chart is unpacked before that shows.
const NO_CHART: &str = "no Chart.yaml found";

/// One input and what came back.
#[derive(Debug)]
pub(crate) struct Answer {
    id: String,
    expected: String,
    limits: String,
    rule: Option<String>,
    verdict: Result<(), String>,
    said: String,
}

/// Shows every answer.
pub(crate) fn command(arguments: &Arguments) -> Result<bool, String> {
    let headwater = arguments.headwater()?;
    let answers = answers(&headwater, arguments.only.as_deref().unwrap_or_default())?;
    for answer in &answers {
        match &answer.verdict {
            Ok(()) => println!("ok    {:28} {}", answer.id, answer.rule.as_deref().unwrap_or_default()),
            Err(why) => println!("MISS  {:28} {why}\n{}", answer.id, answer.said),
        }
    }
    let score = score(&answers);
    println!("{} passed, {} failed", score.passed, score.misses.len());
    Ok(score.misses.is_empty())
}

/// The answers as a conformance set.
pub(crate) fn score(answers: &[Answer]) -> Score {
    Score::of("badinputs", answers.iter().map(|answer| (answer.id.clone(), answer.verdict.clone())))
}

/// The answers as a table. Holds no measured figures, so that it changes only with behaviour.
pub(crate) fn section(answers: &[Answer]) -> String {
    let rows = answers.iter().map(|answer| {
        let rule = answer.rule.as_ref().map_or_else(|| "-".to_owned(), |rule| format!("`{rule}`"));
        let verdict = if answer.verdict.is_ok() { "as expected" } else { "missed" };
        vec![format!("`{}`", answer.id), answer.expected.clone(), answer.limits.clone(), rule, verdict.to_owned()]
    });
    table(&["input", "expected", "limits", "answered with", "verdict"], rows)
}

/// Runs every input of the kinds that headwater knows; none where the corpus is missing.
pub(crate) fn answers(headwater: &Path, only: &str) -> Result<Vec<Answer>, String> {
    let Some(corpus) = testkit::corpus("badinputs") else { return Ok(Vec::new()) };
    let index = fs::read(corpus.join("index.json")).map_err(|error| error.to_string())?;
    let index: Value = serde_json::from_slice(&index).map_err(|error| error.to_string())?;
    let scratch = testkit::workspace().join("target/badinputs");
    let inputs = index.as_array().into_iter().flatten().filter(|input| {
        let text = |key| input.get(key).and_then(Value::as_str).unwrap_or_default();
        let known =
            ["yaml/", "kustomize/", "flux/", "chart/", "archive/"].iter().any(|kind| text("file").starts_with(kind));
        known && text("id").contains(only)
    });
    // One after another: time and memory are part of what is judged.
    inputs.map(|input| answer(headwater, &corpus, &scratch, input)).collect()
}

fn answer(headwater: &Path, corpus: &Path, scratch: &Path, input: &Value) -> Result<Answer, String> {
    let text = |key: &str| input.get(key).and_then(Value::as_str).unwrap_or_default();
    let (id, expect) = (text("id"), input.get("expect").cloned().unwrap_or_default());
    let number = |key: &str| expect.get(key).and_then(Value::as_u64);
    let milliseconds = number("maxMs").unwrap_or(DEFAULT_MILLISECONDS);
    let mebibytes = number("maxRssMiB").unwrap_or(DEFAULT_MEBIBYTES);

    let scratch = scratch.join(id);
    let failed = |error: io::Error| format!("{id}: {error}");
    if scratch.exists() {
        fs::remove_dir_all(&scratch).map_err(failed)?;
    }
    // Deep enough that the way out which one input tries ends at the decoy, so that reading it would be seen.
    let directory = scratch.join("a/b/c");
    fs::create_dir_all(&directory).map_err(failed)?;
    fs::create_dir_all(scratch.join("etc")).map_err(failed)?;
    fs::write(scratch.join("etc/passwd"), format!("apiVersion: v1\nkind: {DECOY}\nmetadata: {{name: decoy}}\n"))
        .map_err(failed)?;

    let mut rule = None;
    let mut verdict = Ok(());
    let mut said = String::new();
    for words in place(&corpus.join(text("file")), &directory, text("file"), text("feature")).map_err(failed)? {
        let mut command = Command::new(headwater);
        command.args(&words).current_dir(&directory);
        // What waits for a busy machine is not slow: processor time is judged, and the wall only ends what hangs.
        let finished = measure::run(&mut command, Duration::from_millis(10 * milliseconds + 10_000))?;
        rule = match words.first() {
            Some(&"helm") => helm_words(&finished.stderr),
            _ => first_rule(&finished.stderr).or_else(|| first_rule(&String::from_utf8_lossy(&finished.stdout))),
        };
        verdict = judge(&finished, &expect, rule.as_deref(), milliseconds, mebibytes)
            .map_err(|why| format!("`{}`: {why}", words.join(" ")));
        if verdict.is_err() {
            said = finished.stderr.lines().take(12).collect::<Vec<_>>().join("\n");
            break;
        }
    }
    let code = expect.get("code").and_then(Value::as_str).map(|code| format!(" (`{code}`)")).unwrap_or_default();
    let expected = expect.get("error").and_then(Value::as_str).map(|kind| format!("refusal: {kind}{code}"));
    Ok(Answer {
        id: id.to_owned(),
        expected: expected.unwrap_or_else(|| "accepted".to_owned()),
        limits: format!("{milliseconds} ms, {mebibytes} MiB"),
        rule,
        verdict,
        said,
    })
}

/// Stands where a way out of the tree leads; no output may show it.
const DECOY: &str = "OutsideOfTheTree";

/// Puts an input where a user would have it, and says which commands are run there.
fn place(input: &Path, directory: &Path, file: &str, feature: &str) -> io::Result<Vec<Vec<&'static str>>> {
    Ok(match (file.split('/').next().unwrap_or_default(), feature) {
        ("yaml", "render") => {
            fs::copy(input, directory.join("input.yaml"))?;
            fs::write(directory.join("kustomization.yaml"), "resources: [input.yaml]\n")?;
            vec![vec!["kustomize", "build", "."]]
        }
        ("yaml", _) => {
            flux_repository(directory, "app", "  targetNamespace: default\n")?;
            fs::copy(input, directory.join("app/input.yaml"))?;
            vec![vec!["check", "."]]
        }
        ("kustomize", feature) => {
            unpack(input, directory)?;
            let entry = ["app", "a", "n0_a"].into_iter().find(|name| directory.join(name).is_dir()).unwrap_or(".");
            flux_repository(directory, entry, "  targetNamespace: default\n")?;
            match feature {
                "reconcile" => vec![vec!["check", "."]],
                _ => vec![vec!["kustomize", "build", entry], vec!["build", "."]],
            }
        }
        ("chart" | "archive", _) => {
            fs::copy(input, directory.join("input.tgz"))?;
            vec![vec!["helm", "template", "rel", "input.tgz"]]
        }
        _ => {
            let from = "  postBuild: {substituteFrom: [{kind: ConfigMap, name: v}]}\n";
            flux_repository(directory, "app", from)?;
            fs::write(directory.join("app/config.yaml"), SUBSTITUTED)?;
            let facts = fs::read_to_string(input)?;
            // The ConfigMap of a cluster has a namespace, that of the Kustomization which reads it.
            let facts = facts.replace("name: v}", "name: v, namespace: default}");
            fs::write(directory.join("facts.yaml"), facts)?;
            vec![vec!["build", ".", "--facts", "facts.yaml"]]
        }
    })
}

/// What is substituted: one value that the variable makes a part of.
const SUBSTITUTED: &str = "\
apiVersion: v1
kind: ConfigMap
metadata: {name: made, namespace: default}
data:
  made: ${v:-${a:-nothing}}
";

/// A cluster that applies one directory of its own repository.
fn flux_repository(directory: &Path, path: &str, more: &str) -> io::Result<()> {
    let cluster = directory.join("clusters/test");
    fs::create_dir_all(&cluster)?;
    fs::create_dir_all(directory.join(path))?;
    let kustomization = |name: &str, path: &str, more: &str| {
        format!(
            "---\napiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nmetadata: {{name: {name}, namespace: default}}\nspec:\n  \
             interval: 10m\n  path: ./{path}\n  prune: true\n  sourceRef: {{kind: GitRepository, name: flux-system}}\n{more}"
        )
    };
    let source = "apiVersion: source.toolkit.fluxcd.io/v1\nkind: GitRepository\nmetadata: {name: flux-system, namespace: default}\n\
                  spec: {interval: 10m, url: \"https://127.0.0.1:9/repository\"}\n";
    let text =
        format!("{source}{}{}", kustomization("flux-system", "clusters/test", ""), kustomization("app", path, more));
    fs::write(cluster.join("sync.yaml"), text)
}

/// Unpacks an archive as Git would check it out: links stay links, nothing is written outside of `directory`.
fn unpack(archive: &Path, directory: &Path) -> io::Result<()> {
    let mut archive = tar::Archive::new(flate2::read::GzDecoder::new(fs::File::open(archive)?));
    for entry in archive.entries()? {
        let mut entry = entry?;
        let target = directory.join(safe(&entry.path()?)?);
        if let Some(parent) = target.parent() {
            fs::create_dir_all(parent)?;
        }
        match (entry.header().entry_type().is_symlink(), entry.link_name()?) {
            (true, Some(link)) => std::os::unix::fs::symlink(link, target)?,
            _ => {
                io::copy(&mut entry, &mut fs::File::create(target)?)?;
            }
        }
    }
    Ok(())
}

fn safe(path: &Path) -> io::Result<PathBuf> {
    let normal = path.components().all(|part| matches!(part, std::path::Component::Normal(_)));
    if normal { Ok(path.to_owned()) } else { Err(io::Error::other(format!("{} leaves the archive", path.display()))) }
}

/// The rule of the first finding that is an error: `error[yaml/depth]: …`, or of any finding when none is.
fn first_rule(text: &str) -> Option<String> {
    let find = |mark: &str| {
        let rest = text.split_once(mark)?.1;
        Some(rest.split_once(']')?.0.to_owned())
    };
    find("error[").or_else(|| find("warning["))
}

/// What helm's words say: those that answer to a code, or the last line of the error, which names the cause.
fn helm_words(text: &str) -> Option<String> {
    let (_, error) = text.split_once("Error: ")?;
    let (error, _) = error.split_once("\n\nUse --debug").unwrap_or((error, ""));
    let known = WORDS.iter().flat_map(|(_, words)| *words).chain([&NO_CHART]);
    let known = known.filter(|words| error.contains(**words)).max_by_key(|words| words.len());
    known.map(|words| (*words).to_owned()).or_else(|| Some(error.lines().last()?.trim().to_owned()))
}

fn judge(
    finished: &Finished,
    expect: &Value,
    rule: Option<&str>,
    milliseconds: u64,
    mebibytes: u64,
) -> Result<(), String> {
    let output = format!("{}{}", String::from_utf8_lossy(&finished.stdout), finished.stderr);
    if finished.timed_out {
        return Err("had to be ended".to_owned());
    }
    let code = finished.code.filter(|code| *code != 101).ok_or("panicked, or was ended by a signal")?;
    if finished.cpu > Duration::from_millis(milliseconds) {
        return Err(format!("took {} ms of {milliseconds}", finished.cpu.as_millis()));
    }
    if finished.peak_kib > mebibytes * 1024 {
        return Err(format!("took {} MiB of {mebibytes}", finished.peak_kib / 1024));
    }
    if output.contains(DECOY) {
        return Err("reads what lies outside of the tree".to_owned());
    }
    let forbidden = expect.get("mustNotContain").and_then(Value::as_array).into_iter().flatten();
    if let Some(word) = forbidden.filter_map(Value::as_str).find(|word| output.contains(word)) {
        return Err(format!("prints `{word}`"));
    }
    if expect.get("error").is_some() {
        let wanted = expect.get("code").and_then(Value::as_str);
        let rules = RULES.iter().chain(WORDS);
        let rules: Vec<_> = rules.filter(|(code, _)| Some(*code) == wanted).flat_map(|(_, rules)| *rules).collect();
        return match (code, rule, rules.as_slice()) {
            (0, _, _) => Err("accepted".to_owned()),
            (_, None, _) => Err("refused, but without a finding".to_owned()),
            (_, Some(_), []) if wanted.is_none() => Ok(()),
            (_, Some(rule), []) => Err(format!("refused as {rule}; no rule is known for this code")),
            (_, Some(rule), rules) if !rules.contains(&&rule) => Err(format!("refused as {rule}, not as {rules:?}")),
            _ => Ok(()),
        };
    }
    if code != 0 && rule != Some(NO_CHART) {
        return Err(format!("refused as {}", rule.unwrap_or("nothing that has a name")));
    }
    match expect.get("objects").and_then(Value::as_u64) {
        Some(objects) if objects != documents(&finished.stdout) => {
            Err(format!("{} objects, not {objects}", documents(&finished.stdout)))
        }
        _ => Ok(()),
    }
}

fn documents(output: &[u8]) -> u64 {
    let sources = Sources::new();
    let file = sources.add("output", String::from_utf8_lossy(output).into_owned());
    yaml::read(file, output, yaml::Dialect::Kustomize, &yaml::Limits::default()).map_or(0, |nodes| nodes.len() as u64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn helms_words_are_found_in_its_error() {
        let text = "level=WARN msg=x\nError: values:\nc:\ninvalid character '{' exceeded max depth\n";
        assert_eq!(helm_words(text).as_deref(), Some("exceeded max depth"));
        assert_eq!(helm_words("Error: a\nb: c\n\nUse --debug flag\n").as_deref(), Some("b: c"));
        assert_eq!(helm_words("warning"), None);
    }

    #[test]
    fn the_first_error_names_the_rule() {
        let text = "warning[flux/a]: x\n   ┌─ a.yaml:1:1\nerror[yaml/depth]: too deep\n";
        assert_eq!(first_rule(text).as_deref(), Some("yaml/depth"));
        assert_eq!(first_rule("warning[flux/a]: x").as_deref(), Some("flux/a"));
        assert_eq!(first_rule("error: no such directory"), None);
    }
}
