//! A chart: what its files hold, in the shape that templates and values need. Loading is in [`load`], reading `Chart.yaml`
//! in [`decode`], what must hold in [`validate`].

mod decode;
mod load;
mod metadata;
mod validate;
mod values;

use std::sync::Arc;

use source::{File, FileId, Sources};

pub use load::{Loaded, load_archive, load_directory};
pub use metadata::{Dependency, ImportValue, Maintainer, Metadata};
pub(crate) use values::read_values;

/// A file of a chart.
#[derive(Clone, Debug)]
pub struct ChartFile {
    /// Its path in the chart, with slashes: `templates/a.yaml`.
    pub name: Arc<str>,
    /// Its content, without a byte order mark, and how a user would write its path.
    pub file: Arc<File>,
}

impl ChartFile {
    /// The content.
    pub fn data(&self) -> &Arc<[u8]> {
        &self.file.bytes
    }

    /// The registered text, for spans. It is registered at the first call.
    pub fn id(&self, sources: &Sources) -> FileId {
        sources.add_file(&self.file)
    }
}

/// A chart with all charts inside of it. Immutable; a clone shares.
#[derive(Clone, Debug)]
pub struct Chart(Arc<Parts>);

/// What a chart is made of.
#[derive(Clone, Debug, Default)]
pub(crate) struct Parts {
    pub(crate) metadata: Metadata,
    pub(crate) templates: Arc<[ChartFile]>,
    pub(crate) files: Arc<[ChartFile]>,
    pub(crate) values: yaml::Map,
    pub(crate) values_file: Option<ChartFile>,
    pub(crate) schema: Option<ChartFile>,
    pub(crate) dependencies: Vec<Chart>,
    /// The full path of the chart that Helm takes for the one around this one, where that is another.
    pub(crate) around: Option<Arc<str>>,
}

impl Chart {
    pub(crate) fn new(parts: Parts) -> Self {
        Self(Arc::new(parts))
    }

    /// A copy to change and to make another chart of.
    /// As [`Parts::around`].
    pub(crate) fn around(&self) -> Option<&str> {
        self.0.around.as_deref()
    }

    pub(crate) fn to_parts(&self) -> Parts {
        Parts::clone(&self.0)
    }

    /// What `Chart.yaml` says, and `requirements.yaml` for charts of `apiVersion: v1`.
    pub fn metadata(&self) -> &Metadata {
        &self.0.metadata
    }

    /// The chart under another version, as Flux marks what it packs anew.
    #[must_use]
    pub fn with_version(&self, version: &str) -> Self {
        let mut parts = self.to_parts();
        parts.metadata.version = version.to_owned();
        Self::new(parts)
    }

    /// The chart with other default values, as Flux makes one from `valuesFiles`.
    #[must_use]
    pub fn with_values(&self, values: yaml::Map) -> Self {
        Self::new(Parts { values, ..self.to_parts() })
    }

    /// The chart with further charts inside of it, as Flux fetches those that are only listed.
    #[must_use]
    pub fn with_dependencies(&self, further: Vec<Chart>) -> Self {
        let mut parts = self.to_parts();
        parts.dependencies.extend(further);
        Self::new(parts)
    }

    /// The name; that of the alias once dependencies are processed.
    pub fn name(&self) -> &str {
        &self.0.metadata.name
    }

    /// The files in `templates/`, in the order of the archive or of the walk.
    pub fn templates(&self) -> &[ChartFile] {
        &self.0.templates
    }

    /// What templates see as `.Files`: all that is neither a template nor a part of another chart nor read by Helm itself.
    pub fn files(&self) -> &[ChartFile] {
        &self.0.files
    }

    /// The default values, all documents merged. All numbers are floats.
    pub fn values(&self) -> &yaml::Map {
        &self.0.values
    }

    /// `values.yaml` as it was read.
    pub fn values_file(&self) -> Option<&ChartFile> {
        self.0.values_file.as_ref()
    }

    /// `values.schema.json`.
    pub fn schema(&self) -> Option<&ChartFile> {
        self.0.schema.as_ref()
    }

    /// The charts directly inside of this one: as loaded by name, once dependencies are processed those that `Chart.yaml`
    /// does not list first, then the listed ones in its order. (Helm's own order as loaded is random.)
    pub fn dependencies(&self) -> &[Chart] {
        &self.0.dependencies
    }

    /// Whether its manifests are not printed because it only lends templates to others.
    pub fn is_library(&self) -> bool {
        self.0.metadata.chart_type.eq_ignore_ascii_case("library")
    }

    /// The path of a chart that is directly inside of the one at `parent`; pass `None` for the root chart. Several charts may
    /// have the same: Helm leads what lies two below an alias back to the chart that the alias is of, unless the chart
    /// between is listed, too.
    pub fn full_path(&self, parent: Option<&str>) -> String {
        match self.0.around.as_deref().or(parent) {
            Some(parent) => format!("{parent}/charts/{}", self.name()),
            None => self.name().to_owned(),
        }
    }

    /// This chart and all inside of it, each before those inside of it, with their full paths.
    pub fn walk(&self) -> Vec<(String, &Chart)> {
        let mut walked = Vec::new();
        let mut open = vec![(self.full_path(None), self)];
        while let Some((path, chart)) = open.pop() {
            open.extend(chart.dependencies().iter().rev().map(|inner| (inner.full_path(Some(&path)), inner)));
            walked.push((path, chart));
        }
        walked
    }

    /// The files in `crds/` of this chart and of all inside of it, each with the path that `# Source:` prints.
    pub fn crds(&self) -> Vec<(String, &ChartFile)> {
        let mut found = Vec::new();
        for (path, chart) in self.walk() {
            let files = chart.files().iter().filter(|file| is_crd(&file.name));
            found.extend(files.map(|file| (format!("{path}/{}", file.name), file)));
        }
        found
    }
}

/// Whether Helm takes the file for a custom resource definition.
fn is_crd(name: &str) -> bool {
    let extension = name.rsplit('/').next().and_then(|base| base.rsplit_once('.')).map(|(_, extension)| extension);
    name.starts_with("crds/")
        && extension.is_some_and(|found| ["yaml", "yml", "json"].iter().any(|known| known.eq_ignore_ascii_case(found)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chart(name: &str, dependencies: Vec<Chart>) -> Chart {
        let file = |name: &str| ChartFile { name: name.into(), file: Arc::new(File::new(name, *b"x")) };
        let files = ["crds/a.YAML", "crds/a.txt", "crds/.json", "other.yaml"].map(file);
        Chart::new(Parts {
            metadata: Metadata { name: name.to_owned(), ..Metadata::default() },
            files: files.into_iter().collect(),
            dependencies,
            ..Parts::default()
        })
    }

    #[test]
    fn charts_are_shared_between_threads() {
        fn shared<T: Send + Sync + Clone>() {}
        shared::<Chart>();
        assert_eq!(size_of::<Chart>(), 8);
    }

    #[test]
    fn crds_come_with_full_paths_from_outside_in() {
        let root = chart("a", vec![chart("b", vec![chart("c", Vec::new())]), chart("d", Vec::new())]);
        let paths: Vec<_> = root.walk().into_iter().map(|(path, _)| path).collect();
        assert_eq!(paths, ["a", "a/charts/b", "a/charts/b/charts/c", "a/charts/d"]);
        let crds: Vec<_> = root.crds().into_iter().map(|(path, _)| path).take(3).collect();
        assert_eq!(crds, ["a/crds/a.YAML", "a/crds/.json", "a/charts/b/crds/a.YAML"]);
    }
}
