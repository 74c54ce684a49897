//! Files into a chart: what each is for, charts inside of charts, and the ways in: a directory of a tree, an archive.
//!
//! Upstream: `pkg/chart/loader/load.go` and `pkg/chart/v2/loader` of helm 4.2.3.

use std::collections::BTreeMap;
use std::sync::Arc;

use source::{File, FileId, Files, Sources, TreePath};

use super::{Chart, ChartFile, Metadata, Parts, decode, read_values, validate};
use crate::archive::{self, Allowance};
use crate::ignore::Rules;
use crate::warning::Warning;
use crate::{DirectoryLimits, directory};

/// Charts inside of charts.
const MAX_DEPTH: usize = 32;
/// Charts that one chart may hold, over all depths.
const MAX_CHARTS: usize = 2_000;
/// The versions of `Chart.yaml` that are read here.
const API_VERSIONS: [&str; 3] = ["v1", "v2", ""];
const BYTE_ORDER_MARK: &[u8] = b"\xEF\xBB\xBF";

/// A chart and what Helm would have said while it loaded it.
#[derive(Clone, Debug)]
pub struct Loaded {
    /// The chart.
    pub chart: Chart,
    /// In the order of Helm's log.
    pub warnings: Vec<Warning>,
}

/// Loads the chart in a directory of a tree. Its texts are registered with `sources`, if given, so that values have spans.
///
/// # Errors
/// Helm's text.
pub fn load_directory(
    files: &dyn Files,
    at: &TreePath,
    sources: Option<&Sources>,
    limits: &DirectoryLimits,
) -> Result<Loaded, String> {
    let chart_yaml = at.join("Chart.yaml").map(|path| (files.read(&path), path));
    let text = match chart_yaml {
        Some((Ok(file), _)) => file,
        Some((Err(error), path)) => {
            let path = files.display(&path);
            return Err(format!("unable to detect chart at {path}: open {path}: {error}"));
        }
        None => return Err(format!("unable to detect chart at {}", files.display(at))),
    };
    check_api_version(&text.bytes)?;

    let ignore_file = at.join(".helmignore").and_then(|path| files.read(&path).ok());
    let rules = Rules::parse(ignore_file.as_ref().map_or(&[], |file| &file.bytes))?;
    let found = directory(files, at, &|path, directory| rules.ignores(path, directory), limits)?;
    let found = found.into_iter().map(|(name, file)| ChartFile { name: name.into(), file: without_mark(file) });
    let mut loader = Loader::new(sources);
    let chart = loader.chart(found.collect(), 0)?;
    Ok(Loaded { chart, warnings: loader.warnings })
}

/// Loads a packed chart. `name` is how a user would write the path of the archive.
///
/// # Errors
/// Helm's text.
pub fn load_archive(name: &str, bytes: &[u8], sources: Option<&Sources>) -> Result<Loaded, String> {
    if !archive::is_gzip(bytes) {
        return Err(match name.ends_with(".yaml") || name.ends_with(".yml") {
            true => format!("file '{name}' seems to be a YAML file, but expected a gzipped archive"),
            false => format!("file '{name}' does not appear to be a gzipped archive"),
        });
    }
    let mut loader = Loader::new(sources);
    let files = loader.unpack(name, bytes).map_err(|why| format!("unable to load chart archive: {why}"))?;
    let Some(chart_yaml) = files.iter().find(|file| &*file.name == "Chart.yaml") else {
        return Err("unable to detect chart version, no Chart.yaml found".to_owned());
    };
    check_api_version(chart_yaml.data())?;
    let chart = loader.chart(files, 0)?;
    Ok(Loaded { chart, warnings: loader.warnings })
}

/// Only of the outermost chart: inside, Helm takes any version.
fn check_api_version(text: &[u8]) -> Result<(), String> {
    let version = decode::api_version(text).map_err(|why| format!("cannot load Chart.yaml: {why}"))?;
    match version.as_str() {
        version if API_VERSIONS.contains(&version) => Ok(()),
        // Helm loads such a chart, and then knows nothing to do with it.
        "v3" => Err("invalid chart apiVersion".to_owned()),
        _ => Err("unsupported chart version".to_owned()),
    }
}

fn without_mark(file: Arc<File>) -> Arc<File> {
    match file.bytes.strip_prefix(BYTE_ORDER_MARK) {
        Some(rest) => Arc::new(File::new(file.name.clone(), rest)),
        None => file,
    }
}

struct Loader<'s> {
    sources: Option<&'s Sources>,
    allowance: Allowance,
    charts: usize,
    warnings: Vec<Warning>,
}

impl<'s> Loader<'s> {
    fn new(sources: Option<&'s Sources>) -> Self {
        Self { sources, allowance: Allowance::default(), charts: 0, warnings: Vec::new() }
    }

    fn unpack(&mut self, archive: &str, bytes: &[u8]) -> Result<Vec<ChartFile>, String> {
        let files = archive::unpack(bytes, &mut self.allowance)?;
        let file = |(name, bytes): archive::Unpacked| {
            let file = Arc::new(File::new(format!("{archive}:{name}"), bytes));
            ChartFile { name: name.into(), file }
        };
        Ok(files.into_iter().map(file).collect())
    }

    /// `LoadFiles`.
    fn chart(&mut self, files: Vec<ChartFile>, depth: usize) -> Result<Chart, String> {
        self.charts += 1;
        if depth > MAX_DEPTH || self.charts > MAX_CHARTS {
            return Err(format!("the chart holds more than {MAX_CHARTS} charts or nests them deeper than {MAX_DEPTH}"));
        }
        let mut metadata = chart_yaml(&files)?;
        let mut parts = Parts::default();
        let (mut templates, mut others) = (Vec::new(), Vec::new());
        let mut inner: BTreeMap<String, Vec<ChartFile>> = BTreeMap::new();
        for file in files {
            let failed = |why: String| format!("cannot load {}: {why}", file.name);
            match &*file.name {
                "Chart.yaml" => {}
                "Chart.lock" => decode::lock(file.data()).map_err(failed)?,
                "values.yaml" => {
                    let id = self.sources.map_or(FileId::new(0), |sources| file.id(sources));
                    parts.values = read_values(id, file.data()).map_err(failed)?;
                    parts.values_file = Some(file);
                }
                "values.schema.json" => parts.schema = Some(file),
                "requirements.yaml" => {
                    let metadata = metadata.get_or_insert_default();
                    if metadata.api_version != "v1" {
                        self.warnings.push(Warning::log(
                            "Warning: Dependencies are handled in Chart.yaml since apiVersion \"v2\". We recommend \
                             migrating dependencies to Chart.yaml.",
                        ));
                    }
                    decode::metadata(file.data(), metadata).map_err(failed)?;
                    if metadata.api_version == "v1" {
                        others.push(file);
                    }
                }
                "requirements.lock" => {
                    decode::lock(file.data()).map_err(failed)?;
                    let metadata = metadata.get_or_insert_default();
                    if metadata.api_version == "v1" {
                        others.push(file);
                    } else {
                        self.warnings.push(Warning::log(
                            "Warning: Dependency locking is handled in Chart.lock since apiVersion \"v2\". We recommend \
                             migrating to Chart.lock.",
                        ));
                    }
                }
                name if name.starts_with("templates/") => templates.push(file),
                name => match name.strip_prefix("charts/") {
                    Some(below) if !below.ends_with(".prov") => {
                        let chart = below.split('/').next().unwrap_or_default().to_owned();
                        let file = ChartFile { name: below.into(), file: Arc::clone(&file.file) };
                        inner.entry(chart).or_default().push(file);
                    }
                    _ => others.push(file),
                },
            }
        }
        let mut metadata = metadata.ok_or("Chart.yaml file is missing")?;
        validate::validate(&mut metadata)?;
        for (name, files) in inner {
            let chart = self.inner_chart(&name, files, &metadata.name, depth + 1);
            let chart = chart.map_err(|why| format!("error unpacking subchart {name} in {}: {why}", metadata.name))?;
            parts.dependencies.extend(chart);
        }
        (parts.templates, parts.files) = (templates.into(), others.into());
        Ok(Chart::new(Parts { metadata, ..parts }))
    }

    /// What lies at `charts/NAME`; `None` for what Helm leaves aside.
    fn inner_chart(
        &mut self,
        name: &str,
        files: Vec<ChartFile>,
        parent: &str,
        depth: usize,
    ) -> Result<Option<Chart>, String> {
        if name.starts_with(['_', '.']) {
            return Ok(None);
        }
        let files = if name.ends_with(".tgz") {
            let Some(file) = files.first() else { return Ok(None) };
            if *file.name != *name {
                let found = &file.name;
                return Err(format!("error unpacking subchart tar in {parent}: expected {name}, got {found}"));
            }
            self.unpack(&file.file.name, file.data())?
        } else {
            // A file that lies in `charts/` itself is no chart; Helm looks for a chart without files then.
            let below = |file: ChartFile| {
                let (_, below) = file.name.split_once('/')?;
                Some(ChartFile { name: below.into(), file: file.file })
            };
            files.into_iter().filter_map(below).collect()
        };
        self.chart(files, depth).map(Some)
    }
}

/// What `Chart.yaml` says, if there is one. It is looked for first, since other files are read into the same.
fn chart_yaml(files: &[ChartFile]) -> Result<Option<Metadata>, String> {
    let mut metadata: Option<Metadata> = None;
    for file in files.iter().filter(|file| &*file.name == "Chart.yaml") {
        let metadata = metadata.get_or_insert_default();
        decode::metadata(file.data(), metadata).map_err(|why| format!("cannot load Chart.yaml: {why}"))?;
        // Charts for Helm 2 may say nothing.
        if metadata.api_version.is_empty() {
            metadata.api_version.push_str("v1");
        }
    }
    Ok(metadata)
}

#[cfg(test)]
mod tests {
    use source::Tree;

    use super::*;

    fn tree(files: &[(&str, &str)]) -> Tree {
        let mut tree = Tree::new("repo/");
        for (name, text) in files {
            tree.insert_text(TreePath::new(name).unwrap(), text);
        }
        tree
    }

    fn load(files: &[(&str, &str)]) -> Result<Loaded, String> {
        load_directory(&tree(files), &TreePath::new("c").unwrap(), None, &DirectoryLimits::default())
    }

    const META: &str = "apiVersion: v2\nname: x\nversion: 0.1.0\n";

    #[test]
    fn each_file_has_its_place() {
        let loaded = load(&[
            ("c/Chart.yaml", META),
            ("c/.helmignore", "ignored*\n"),
            ("c/ignored.txt", ""),
            ("c/values.yaml", "a: 1\n"),
            ("c/values.schema.json", "{}"),
            ("c/templates/a.yaml", "\u{FEFF}a: b"),
            ("c/templates/.hidden", ""),
            ("c/crds/x.yaml", ""),
            ("c/requirements.yaml", "dependencies: []"),
            ("c/charts/_off/Chart.yaml", "nonsense: ["),
            ("c/charts/sub/Chart.yaml", "name: sub\nversion: 1\n"),
            ("c/charts/sub/requirements.yaml", "dependencies: []"),
            ("c/charts/sub/charts/deep/Chart.yaml", "name: deep\nversion: 1\n"),
            ("c/charts/sub-1.tgz.prov", ""),
            ("c/LICENSE", ""),
        ])
        .unwrap();
        let names = |files: &[ChartFile]| files.iter().map(|file| file.name.to_string()).collect::<Vec<_>>();
        let chart = &loaded.chart;
        assert_eq!(names(chart.files()), [".helmignore", "LICENSE", "charts/sub-1.tgz.prov", "crds/x.yaml"]);
        assert_eq!(names(chart.templates()), ["templates/a.yaml"]);
        assert_eq!(&**chart.templates()[0].data(), b"a: b");
        assert_eq!(&*chart.templates()[0].file.name, "repo/c/templates/a.yaml");
        assert_eq!(chart.values().len(), 1);
        assert!(chart.schema().is_some());
        let [sub] = chart.dependencies() else { panic!() };
        assert_eq!((sub.name(), &*sub.metadata().api_version), ("sub", "v1"));
        assert_eq!(names(sub.files()), ["requirements.yaml"]);
        assert_eq!(sub.dependencies()[0].name(), "deep");
        let [warning] = loaded.warnings.as_slice() else { panic!() };
        assert_eq!(
            warning.to_string(),
            "level=INFO msg=\"Warning: Dependencies are handled in Chart.yaml since apiVersion \\\"v2\\\". We recommend \
             migrating dependencies to Chart.yaml.\""
        );
    }

    #[test]
    fn refused_in_the_words_of_helm() {
        let cases: [(&[(&str, &str)], &str); 6] = [
            (&[], "unable to detect chart at repo/c/Chart.yaml: open repo/c/Chart.yaml: no such file or directory"),
            (&[("c/Chart.yaml", META), ("c/.helmignore", "!keep")], "Chart.yaml file is missing"),
            (&[("c/Chart.yaml", "apiVersion: v4")], "unsupported chart version"),
            (
                &[("c/Chart.yaml", META), ("c/values.yaml", "a: b: c")],
                "cannot load values.yaml: cannot unmarshal yaml document: error converting YAML to JSON: yaml: mapping \
                 values are not allowed in this context",
            ),
            (
                &[("c/Chart.yaml", META), ("c/charts/bad/Chart.yaml", "version: 1")],
                "error unpacking subchart bad in x: validation: chart.metadata.name is required",
            ),
            (
                &[("c/Chart.yaml", META), ("c/charts/README.md", "text")],
                "error unpacking subchart README.md in x: Chart.yaml file is missing",
            ),
        ];
        for (files, expected) in cases {
            let files = if files.is_empty() { &[("other", "")] } else { files };
            assert_eq!(load(files).unwrap_err(), expected);
        }
    }
}
