//! The test data of fluxcd/pkg `kustomize` and of the `flux` command line, whose expectations were written by the tools.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use flux::facts::DataObjects;
use flux::ignore::{Archive, artifact};
use flux::{ClusterEntry, EntryKind, Options, Request, Unit, UnitKind, unfold};
use source::{Files, Sources, Span, TreePath};
use testkit::Score;

use crate::support::{build, documents, messages, on_disk, parsed, printed};

type Outcome = (String, Result<(), String>);

/// Builds a directory of the test data with the Kustomization object in another of its files.
struct Case<'a> {
    root: &'a Path,
    /// The directory to build, and where its artifact starts.
    directory: &'a str,
    /// The file with the Kustomization object.
    kustomization: Option<&'a str>,
    /// Files with ConfigMaps and Secrets of the cluster.
    data: &'a [&'a str],
    strict: bool,
    /// `spec.ignore`; `None` for a tree that is built as it is.
    ignore: Option<&'a str>,
}

impl Case<'_> {
    fn run(&self) -> Result<String, String> {
        let tree = testkit::tree(self.root).map_err(|error| error.to_string())?;
        let sources = Sources::new();
        let object = self.kustomization.map(|path| documents(&tree, &sources, path).remove(0));
        let facts: Vec<object::Object> = self
            .data
            .iter()
            .flat_map(|path| documents(&tree, &sources, path))
            .map(|node| object::Object::new(node.clone(), node.span))
            .collect();
        let data = DataObjects::new(&facts);
        let built = match self.ignore {
            None => build(&tree, &sources, self.directory, object.as_ref(), &data, self.strict),
            Some(ignore) => {
                let below = testkit::tree(&self.root.join(self.directory)).map_err(|error| error.to_string())?;
                let files: Arc<dyn Files> = Arc::new(below);
                let view = artifact(files, Archive::Repository, Some(ignore));
                build(&view, &sources, "/", object.as_ref(), &data, self.strict)
            }
        };
        built.map(|objects| printed(&objects)).map_err(|findings| messages(&findings))
    }
}

fn same(wanted: &str, found: Result<String, String>) -> Result<(), String> {
    testkit::expect_text(wanted, &found?)
}

fn refused(wanted: &str, found: Result<String, String>) -> Result<(), String> {
    match found {
        Err(message) if message.contains(wanted) => Ok(()),
        Err(message) => Err(format!("refused for another reason: {message}")),
        Ok(_) => Err("not refused".to_owned()),
    }
}

fn has(wanted: &[&str], not: &[&str], found: Result<String, String>) -> Result<(), String> {
    let found = found?;
    let missing = wanted.iter().find(|text| !found.contains(*text));
    let extra = not.iter().find(|text| found.contains(*text));
    match (missing, extra) {
        (None, None) => Ok(()),
        _ => Err(format!("missing {missing:?}, unwanted {extra:?} in:\n{found}")),
    }
}

/// Prints the score. Every miss must be among `known`, with the reason beside it.
fn finish(name: &str, outcomes: Vec<Outcome>, known: &[(&str, &str)]) {
    let score = Score::of(name, outcomes);
    score.print();
    let unknown: Vec<_> = score.misses.iter().filter(|(case, _)| known.iter().all(|(name, _)| name != case)).collect();
    assert!(unknown.is_empty(), "{unknown:?}");
}

#[test]
fn conformance_fluxcd_pkg_kustomize() {
    let Some(repository) = testkit::repository("fluxcd-pkg-testdata") else { return };
    let root = repository.join("kustomize/testdata");
    let golden = |name: &str| on_disk(&root.join(name));
    let case = |directory, kustomization| Case {
        root: &root,
        directory,
        kustomization: Some(kustomization),
        data: &[],
        strict: false,
        ignore: None,
    };
    let varsub = Case { data: &["configmap.yaml"], ..case("resources", "kustomization_varsub.yaml") };
    let empty = Case {
        data: &["configmap_empty.yaml", "secret_empty.yaml"],
        strict: true,
        ..case("varsubstrictempty", "kustomization_varsub_empty.yaml")
    };
    let strict =
        |strict| Case { data: &["configmap.yaml"], strict, ..case("varsubstrict", "kustomization_varsub.yaml") };
    let nulls = ["from-inline: null", "from-configmap: null", "from-secret: null"];
    let unsubstituted = ["${cluster_env:=dev}", "${cluster_region:=eu-central-1}"];
    let plain = |directory| Case { kustomization: None, ..case(directory, "") };
    let outcomes = vec![
        ("generated", same(&golden("kustomization_expected.yaml"), case("resources", "kustomization.yaml").run())),
        ("varsub", same(&golden("kustomization_varsub_expected.yaml"), varsub.run())),
        ("varsub-strict", refused("`missing` is not defined", strict(true).run())),
        ("varsub-lenient", has(&["missing: null"], &["${"], strict(false).run())),
        (
            "varsub-without-variables",
            has(&unsubstituted, &[], case("varsubalways", "kustomization_varsub_novars.yaml").run()),
        ),
        ("varsub-empty-values", has(&nulls, &["${"], empty.run())),
        (
            "varsub-omitted-values",
            has(&nulls, &["${"], case("varsubstrictempty", "kustomization_varsub_dummy.yaml").run()),
        ),
        ("empty-directory", empty_directory()),
        ("no-resources", has(&[], &["kind"], case("noResources", "noResources/ks.yaml").run())),
        (
            "names",
            has(
                &["name: prefix-test-configmap-suffix-", "namespace: test-namespace"],
                &[],
                case("name", "name/ks.yaml").run(),
            ),
        ),
        (
            "build-metadata",
            has(
                &["config.kubernetes.io/origin: |", "kind: ConfigMapGenerator"],
                &[],
                case("buildMetadata", "buildMetadata/ks.yaml").run(),
            ),
        ),
        ("base-above", has(&["kind: Secret"], &[], plain("relbase/clusters/staging/flux-system").run())),
        ("panic", refused("", plain("panic").run())),
        ("scan-manifests", has(&["kind: ConfigMap", "kind: Secret"], &[], plain("nokustomization/resources").run())),
        ("scan-malformed", refused("", plain("nokustomization/panic").run())),
        ("scan-basic", has(&["kind: Deployment"], &[], plain("ignore-tests/basic").run())),
        ("scan-sops-file", refused("", plain("ignore-tests/with-sops").run())),
        (
            "scan-sops-file-ignored",
            has(
                &["kind: Deployment"],
                &[],
                Case { ignore: Some(".sops.yaml"), ..plain("ignore-tests/with-sops") }.run(),
            ),
        ),
        ("scan-gitlab-file", refused("", plain("ignore-tests/with-gitlab-ci").run())),
        (
            "scan-gitlab-file-ignored",
            has(
                &["kind: Deployment"],
                &[],
                Case { ignore: Some(".gitlab-ci.yml"), ..plain("ignore-tests/with-gitlab-ci") }.run(),
            ),
        ),
        ("openapi-victim", has(&["kind: StatefulSet"], &[], plain("openapiPollution/victim").run())),
        ("remote-base", refused("remote", plain("remote").run())),
    ];
    finish(
        "fluxcd-pkg-kustomize",
        outcomes.into_iter().map(|(name, result)| (name.to_owned(), result)).collect(),
        &[("panic", "a comma in a name makes the real tool panic; the engine builds the object")],
    );
}

/// A directory without manifests is not an error for Flux.
fn empty_directory() -> Result<(), String> {
    let built = build(&source::Tree::new(""), &Sources::new(), "/", None, &DataObjects::default(), true);
    same("", built.map(|objects| printed(&objects)).map_err(|findings| messages(&findings)))
}

/// `flux envsubst`, as a postBuild of one object.
#[test]
fn conformance_flux2_cli_envsubst() {
    let Some(repository) = testkit::repository("flux2-cli-testdata") else { return };
    let folder = repository.join("cmd/flux/testdata/envsubst");
    let sources = Sources::new();
    let text = on_disk(&folder.join("file.yaml"));
    let wanted = parsed(&sources, "file.gold", &on_disk(&folder.join("file.gold"))).remove(0);
    let run = |variables: &str| {
        let kustomization =
            parsed(&sources, "ks.yaml", &format!("spec: {{postBuild: {{substitute: {{{variables}}}}}}}"));
        let nothing = DataObjects::default();
        let variables =
            flux::substitute::variables(&kustomization[0], &|kind, ns, name| nothing.lookup(kind, ns, name));
        let node = parsed(&sources, "file.yaml", &text).remove(0);
        let mut objects = [object::Object::new(node.clone(), node.span)];
        let findings =
            flux::substitute::substitute(&sources, &mut objects, &variables.unwrap(), true, &"Kustomization/a".into());
        match findings.is_empty() {
            true => Ok(printed(&objects)),
            false => Err(messages(&findings)),
        }
    };
    let outcomes = vec![
        ("file".to_owned(), same(&yaml::to_yaml(&wanted), run("REPO_NAME: test"))),
        ("file-strict".to_owned(), refused("`REPO_NAME` is not defined", run("OTHER: test"))),
    ];
    finish("flux2-cli-envsubst", outcomes, &[]);
}

/// The spec of ignore files by fluxcd/pkg `sourceignore/sourceignore_test.go`: path, and whether it is left out.
#[test]
fn ignore_files_by_their_tests() {
    let view = |files: &[&str], ignore: Option<&str>, own: Option<&str>| -> Vec<bool> {
        let mut tree = source::Tree::new("");
        for file in files {
            tree.insert_text(TreePath::new(file).unwrap(), "");
        }
        if let Some(text) = own {
            tree.insert_text(TreePath::new(".sourceignore").unwrap(), text);
        }
        let view = artifact(Arc::new(tree), Archive::Repository, ignore);
        files.iter().map(|file| view.read(&TreePath::new(file).unwrap()).is_ok()).collect()
    };
    let simple = "ignore-dir/*\n!ignore-dir/include\n";
    assert_eq!(
        view(&["ignore-dir/file.yaml", "file.yaml", "ignore-dir/include"], Some(simple), None),
        [false, true, true]
    );
    let comments = "ignore-dir/*\n# !ignore-dir/include";
    assert_eq!(view(&["ignore-dir/file.yaml", "ignore-dir/include"], None, Some(comments)), [false, false]);
    let defaults =
        ["image.jpg", "archive.tar.gz", ".github/workflows/workflow.yaml", "subdir/.flux.yaml", "subdir2/.sops.yaml"];
    assert_eq!(view(&defaults, None, None), [false; 5]);
    assert_eq!(view(&["workload.yaml", "workload.yml", "simple.txt"], None, None), [true; 3]);
    assert_eq!(view(&["image.jpg"], Some("!*.jpg"), None), [true]);
    assert_eq!(view(&[".git/config", ".gitignore"], Some("!*.jpg"), None), [false, false]);
}
/// `flux build kustomization`: the Kustomization object is put into a cluster whose sources are the test data.
#[test]
fn conformance_flux2_cli_build() {
    let Some(repository) = testkit::repository("flux2-cli-testdata") else { return };
    const URL: &str = "https://github.com/stefanprodan/podinfo";
    let root = repository.join("cmd/flux/testdata/build-kustomization");
    let run = |directory: &str, ignore: &str, wanted: &str| -> Result<(), String> {
        let read = |name: &str| on_disk(&root.join(name));
        let mut tree = testkit::tree(&root).map_err(|error| error.to_string())?;
        let kustomization = read("podinfo-kustomization.yaml")
            .replace("path: ./kustomize", &format!("path: ./{directory}\n  decryption: {{provider: sops}}"));
        let source = |namespace: &str| {
            format!(
                "apiVersion: source.toolkit.fluxcd.io/v1\nkind: GitRepository\n\
                 metadata: {{name: podinfo, namespace: {namespace}}}\n\
                 spec: {{interval: 30s, url: \"{URL}\", ignore: \"{ignore}\"}}\n"
            )
        };
        let cluster = [kustomization, source("flux-system"), source("default")].join("\n---\n");
        let cluster = cluster.replace("{{ .fluxns }}", "flux-system");
        tree.insert_text(TreePath::new("cluster/all.yaml").ok_or("path")?, &cluster);
        let sources = Sources::new();
        let request = Request {
            entry: ClusterEntry {
                name: "cluster".to_owned(),
                root: TreePath::root(),
                path: TreePath::new("cluster").ok_or("path")?,
                kind: EntryKind::Directory,
                span: Span::DETACHED,
                definition: None,
            },
            given: BTreeMap::new(),
            mirrors: Vec::new(),
            facts: Vec::new(),
            remotes: vec![URL.to_owned()],
            options: Options { owner_labels: true, strict_substitution: false, ..Options::default() },
        };
        let rendered = unfold(&tree, &sources, &request);
        let mut units: Vec<&Unit> =
            rendered.units.iter().filter(|unit| unit.id.kind == UnitKind::Kustomization).collect();
        units.sort_by_key(|unit| unit.wave);
        let text: String = units
            .iter()
            .flat_map(|unit| &unit.objects)
            .map(|object| format!("{}---\n", yaml::to_yaml(&object.node)))
            .collect();
        let wanted = read(wanted).replace("{{ .fluxns }}", "flux-system");
        testkit::expect_text(wanted.trim_end(), text.trim_end()).map_err(|diff| {
            let findings: Vec<_> = rendered.all_diagnostics().cloned().collect();
            format!("{diff}\n{}", messages(&findings))
        })
    };
    let outcomes = [
        ("podinfo", "", "podinfo-result.yaml"),
        ("delete-service", "", "podinfo-without-service-result.yaml"),
        ("var-substitution", "", "podinfo-with-var-substitution-result.yaml"),
        ("ignore", "!/ignore/configmap.yaml\\n!/ignore/secret.yaml", "podinfo-with-ignore-result.yaml"),
        ("podinfo-with-my-app", "", "podinfo-with-my-app-result.yaml"),
    ]
    .map(|(directory, ignore, wanted)| (directory.to_owned(), run(directory, ignore, wanted)));
    finish("flux2-cli-build", outcomes.into_iter().collect(), &[]);
}
