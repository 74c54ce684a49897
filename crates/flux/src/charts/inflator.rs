//! Charts that kustomizations inflate: what `helm template` prints for them, with the charts of the tree and of mirrors.

use std::sync::Arc;

use gotmpl::{Env, Limits};
use helm::{Capabilities, KubeVersion, Loaded, NullHandling, Release, Settings, ValueOptions, ValuesFile};
use kustomize::{ChartPlace, Inflated, Inflation, RemoteChart};
use source::{Diagnostic, File, FileId, Files, Sources, Span};

use super::{Charts, documents, failure, logged};
use crate::mirror::{self, Candidate, Mirror, Unmatched, Wanted};

/// Renders charts for [`kustomize::build`].
#[derive(Debug)]
pub struct Inflator<'a> {
    mirrors: Vec<Mirror<'a>>,
    sources: &'a Sources,
    /// The cluster as flags describe it; what a kustomization says goes before it.
    capabilities: Capabilities,
    charts: Charts,
    templates: helm::Memo,
}

impl<'a> Inflator<'a> {
    /// For builds whose texts are in `sources`.
    pub fn new(mirrors: Vec<Mirror<'a>>, sources: &'a Sources, capabilities: Capabilities) -> Self {
        Self { mirrors, sources, capabilities, charts: Charts::default(), templates: helm::Memo::default() }
    }

    /// The chart of a repository that `helm pull` would take.
    fn remote(&self, chart: &RemoteChart<'_>) -> Result<Arc<Loaded>, Box<Diagnostic>> {
        let one = self.candidate(chart)?;
        let place = (one.files.as_ref(), &one.path, one.is_archive);
        let key = format!("{} {} {}", chart.repository, chart.name, one.path);
        self.charts.load(&key, place, self.sources).map_err(|why| unusable(chart.name, chart.span, &why))
    }

    fn candidate(&self, chart: &RemoteChart<'_>) -> Result<Candidate<'a>, Box<Diagnostic>> {
        let RemoteChart { repository, name, version, devel, span } = *chart;
        let shown = version.map(|version| format!(" {version}")).unwrap_or_default();
        let Some(found) = mirror::find(&self.mirrors, repository, name) else {
            let message = format!("the chart {name}{shown} of {repository} is not here, and nothing is fetched");
            return Err(Box::new(
                Diagnostic::error("helm/chart-not-available", span, message)
                    .with_help(format!("give a folder for it with `--mirror {repository}=PATH`")),
            ));
        };
        // `--devel` stands for a range that lets pre-releases in.
        let wanted = match version {
            None if devel => Wanted::range(Some(">0.0.0-0")),
            version => Wanted::range(version),
        };
        wanted.choose(&found.shelf.candidates).cloned().map_err(|unmatched| {
            let mirror = &found.mirror.display;
            let message = format!("the mirror `{mirror}` has no chart {name} that is `{}`", wanted.as_str());
            let finding = Diagnostic::error("helm/version-not-available", span, message);
            Box::new(match unmatched {
                Unmatched::NoneOf(there) if there.is_empty() => finding.with_note("it has none of that name"),
                Unmatched::NoneOf(there) => finding.with_note(format!("there is {}", there.join(", "))),
                Unmatched::Malformed(why) => finding.with_note(why),
            })
        })
    }

    fn settings(&self, inflation: &Inflation<'_>) -> Result<Capabilities, Box<Diagnostic>> {
        let mut capabilities = self.capabilities.clone();
        if let Some(version) = inflation.kube_version {
            capabilities.kube_version = KubeVersion::parse(version)
                .map_err(|why| Box::new(Diagnostic::error("helm/render-failed", inflation.span, why)))?;
        }
        if !inflation.api_versions.is_empty() {
            capabilities.api_versions = inflation.api_versions.iter().map(|&api| api.to_owned()).collect();
        }
        Ok(capabilities)
    }
}

impl kustomize::Charts for Inflator<'_> {
    fn values_file(&self, chart: &RemoteChart<'_>) -> Result<Arc<File>, Box<Diagnostic>> {
        let loaded = self.remote(chart)?;
        loaded.chart.values_file().map(|file| file.file.clone()).ok_or_else(|| {
            let message = format!("the chart `{}` has no `values.yaml`, and kustomize wants one", chart.name);
            Box::new(Diagnostic::error("helm/chart-not-loaded", chart.span, message))
        })
    }

    fn render(
        &self,
        files: &dyn Files,
        sources: &Sources,
        inflation: &Inflation<'_>,
    ) -> Result<Inflated, Vec<Diagnostic>> {
        let span = inflation.span;
        let one = |finding: Box<Diagnostic>| vec![*finding];
        let loaded = match &inflation.chart {
            ChartPlace::Remote(chart) => self.remote(chart).map_err(one)?,
            ChartPlace::Directory(path) => {
                let loaded = self.charts.load(&files.display(path), (files, path, false), sources);
                loaded.map_err(|why| one(unusable(path.file_name(), span, &why)))?
            }
        };
        let chart = &loaded.chart;
        let refused = |why: String| one(unusable(chart.name(), span, &why));
        let mut said = Vec::new();
        helm::check_installable(chart, &mut said).map_err(refused)?;
        helm::check_dependencies(chart).map_err(refused)?;
        let texts: Vec<_> = inflation.values.iter().filter_map(|id| Some((*id, sources.get(*id)?))).collect();
        let values_files: Vec<ValuesFile<'_>> = texts
            .iter()
            .map(|(id, file)| ValuesFile { name: &file.name, file: *id, text: file.text.as_bytes() })
            .collect();
        let options = ValueOptions { files: &values_files, ..ValueOptions::default() };
        let values = helm::merge_options(&options, &|name| Err(format!("open {name}: no such file or directory")))
            .map_err(refused)?;
        let env = Env::default();
        let name = release_name(inflation, &env).map_err(one)?;
        let settings = Settings {
            release: Release {
                name,
                namespace: inflation.namespace.unwrap_or("default").to_owned(),
                revision: 1,
                is_upgrade: false,
            },
            capabilities: self.settings(inflation).map_err(one)?,
            null_handling: NullHandling::V4_2,
            skip_schema_validation: false,
            schemas: &|_| None,
            env,
            limits: Limits::default(),
            sources: Some(sources),
        };
        let context = failure::Context {
            chart: chart.name(),
            unit: inflation.layer,
            place: span,
            values_place: span,
            values: &values,
            sources,
        };
        let rendered = helm::render(chart, &values, &settings, &self.templates)
            .map_err(|error| vec![failure::diagnostic(&error, &context)])?;
        let mut documents: Vec<FileId> = Vec::new();
        for crd in rendered.crds.iter().filter(|_| inflation.include_crds) {
            let own = chart.crds().into_iter().find(|(_, file)| **file.data() == *crd.text);
            let add = || sources.add(crd.path.as_str(), String::from_utf8_lossy(&crd.text).into_owned());
            documents.push(own.map_or_else(add, |(_, file)| file.id(sources)));
        }
        let hooks = rendered
            .sorted
            .hooks
            .iter()
            .filter(|hook| !(inflation.skip_hooks || inflation.skip_tests && hook.is_test()));
        let manifests = rendered.sorted.manifests.iter().chain(hooks.map(|hook| &hook.manifest));
        documents.extend(manifests.map(|manifest| documents::register(&rendered, manifest, sources, inflation.layer)));
        let warnings = loaded.warnings.iter().chain(&said).chain(&rendered.warnings);
        Ok(Inflated { documents, warnings: warnings.map(|warning| logged(warning, span)).collect() })
    }
}

fn unusable(chart: &str, span: Span, why: &str) -> Box<Diagnostic> {
    let message = format!("the chart `{chart}` can not be used: {}", why.trim_end_matches('.'));
    Box::new(Diagnostic::error("helm/chart-not-loaded", span, message))
}

/// The name as `helm template` takes it from its arguments; a generated one ends with the time.
fn release_name(inflation: &Inflation<'_>, env: &Env) -> Result<String, Box<Diagnostic>> {
    let refused = |why: String| Box::new(Diagnostic::error("helm/malformed-release-name", inflation.span, why));
    match (inflation.release_name, inflation.name_template) {
        (Some(_), Some(_)) => Err(refused("`releaseName` and `nameTemplate` exclude each other".to_owned())),
        (Some(name), None) => Ok(name.to_owned()),
        (None, Some(template)) => helm::name_from_template(template, env).map_err(refused),
        (None, None) => {
            let chart = match &inflation.chart {
                ChartPlace::Directory(path) => path.file_name().to_owned(),
                ChartPlace::Remote(chart) => chart.name.to_owned(),
            };
            Ok(format!("{chart}-{}", env.now / 1_000_000_000))
        }
    }
}

#[cfg(test)]
mod tests {
    use source::TreePath;

    use super::*;

    fn name(release_name: Option<&str>, name_template: Option<&str>) -> Result<String, String> {
        let inflation = Inflation {
            chart: ChartPlace::Directory(TreePath::new("charts/web").unwrap()),
            span: Span::DETACHED,
            layer: "kustomization.yaml",
            release_name,
            name_template,
            namespace: None,
            values: Vec::new(),
            kube_version: None,
            api_versions: Vec::new(),
            include_crds: false,
            skip_hooks: false,
            skip_tests: false,
        };
        super::release_name(&inflation, &Env::default()).map_err(|finding| finding.message)
    }

    #[test]
    fn names_as_helm_takes_them() {
        assert_eq!(name(Some("rel"), None).unwrap(), "rel");
        assert_eq!(name(None, Some("{{ \"WEB\" | lower }}-x")).unwrap(), "web-x");
        assert_eq!(name(None, None).unwrap(), "web-946684800");
        assert!(name(Some("rel"), Some("x")).unwrap_err().contains("exclude"));
    }
}
