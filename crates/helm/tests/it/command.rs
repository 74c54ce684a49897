//! The command lines of the corpus, run in this process: `template NAME CHART` with the flags that its cases use.

use std::path::Path;

use helm::{
    Capabilities, Chart, KubeVersion, Memo, NullHandling, Print, Release, SetArgument, Settings, ValueOptions,
    ValuesFile,
};
use source::{FileId, Span};
use yaml::Str;

/// What a command line says.
#[derive(Default)]
pub(crate) struct Command {
    pub(crate) words: Vec<String>,
    namespace: String,
    kube_version: Option<String>,
    api_versions: Vec<String>,
    name_template: Option<String>,
    files: Vec<String>,
    set: Vec<String>,
    set_string: Vec<String>,
    set_file: Vec<String>,
    set_json: Vec<String>,
    set_literal: Vec<String>,
    show_only: Vec<String>,
    include_crds: bool,
    is_upgrade: bool,
    no_hooks: bool,
    skip_tests: bool,
    skip_schema_validation: bool,
}

/// Reads a command line as the cases have them; the real reader of flags is the binary's.
pub(crate) fn read(words: impl IntoIterator<Item = String>) -> Result<Command, String> {
    let mut command = Command::default();
    let mut words = words.into_iter();
    while let Some(word) = words.next() {
        let mut value = || words.next().ok_or_else(|| format!("flag needs an argument: {word}"));
        match word.as_str() {
            "-n" | "--namespace" => command.namespace = value()?,
            "--kube-version" => command.kube_version = Some(value()?),
            "--api-versions" | "-a" => command.api_versions.extend(value()?.split(',').map(str::to_owned)),
            "--name-template" => command.name_template = Some(value()?),
            "--description" => drop(value()?),
            "-f" | "--values" => command.files.extend(value()?.split(',').map(str::to_owned)),
            "--set" => command.set.push(value()?),
            "--set-string" => command.set_string.push(value()?),
            "--set-file" => command.set_file.push(value()?),
            "--set-json" => command.set_json.push(value()?),
            "--set-literal" => command.set_literal.push(value()?),
            "-s" | "--show-only" => command.show_only.push(value()?),
            "--include-crds" => command.include_crds = true,
            "--is-upgrade" => command.is_upgrade = true,
            "--no-hooks" => command.no_hooks = true,
            "--skip-tests" => command.skip_tests = true,
            "--skip-schema-validation" => command.skip_schema_validation = true,
            "--skip-crds" | "--validate=false" | "--enable-dns" | "--generate-name" => {}
            flag if flag.starts_with('-') => {
                let letter = flag.trim_start_matches('-').chars().next().unwrap_or_default();
                return Err(format!("unknown shorthand flag: {letter:?} in {flag}"));
            }
            _ => command.words.push(word),
        }
    }
    Ok(command)
}

impl Command {
    /// The chart that the command line names.
    pub(crate) fn chart(&self) -> &str {
        self.words.last().map_or("", String::as_str)
    }

    /// What is printed, or Helm's words after `Error: `. `directory` is where the command is run; `load` gives the chart, `memo`
    /// keeps what is parsed of it.
    pub(crate) fn run(
        &self,
        directory: &Path,
        load: impl FnOnce() -> Result<Chart, String>,
        memo: &Memo,
    ) -> Result<Vec<u8>, String> {
        let mut capabilities = Capabilities::default();
        if let Some(version) = &self.kube_version {
            capabilities.kube_version = KubeVersion::parse(version)?;
        }
        capabilities.api_versions.extend(self.api_versions.iter().cloned());
        let values = self.values(directory)?;
        let chart = load()?;
        let name = match (self.words.as_slice(), &self.name_template) {
            ([name, _], _) => name.clone(),
            (_, Some(template)) => helm::name_from_template(template, &gotmpl::Env::default())?,
            _ => "release-name".to_owned(),
        };
        let namespace = if self.namespace.is_empty() { "default" } else { &self.namespace };
        let settings = Settings {
            release: Release { name, namespace: namespace.to_owned(), revision: 1, is_upgrade: self.is_upgrade },
            capabilities,
            null_handling: NullHandling::V4_2,
            skip_schema_validation: self.skip_schema_validation,
            schemas: &|_| None,
            env: gotmpl::Env::default(),
            limits: gotmpl::Limits::default(),
            sources: None,
        };
        let print = Print {
            crds: self.include_crds,
            hooks: !self.no_hooks,
            tests: !self.skip_tests,
            show_only: &self.show_only,
        };
        let rendered = helm::template(&chart, &values, &settings, memo).map_err(|error| {
            let more = if error.is_rendering { "\n\nUse --debug flag to render out invalid YAML" } else { "" };
            format!("{}{more}", error.message)
        })?;
        helm::printed(&rendered, &print)
    }

    fn values(&self, directory: &Path) -> Result<yaml::Map, String> {
        let read = |name: &str| {
            std::fs::read(directory.join(name)).map_err(|_| format!("open {name}: no such file or directory"))
        };
        let texts: Vec<_> = self.files.iter().map(|name| read(name)).collect::<Result<_, _>>()?;
        let files: Vec<_> = std::iter::zip(&self.files, &texts)
            .map(|(name, text)| ValuesFile { name, file: FileId::new(0), text })
            .collect();
        let options = ValueOptions {
            files: &files,
            set_json: &arguments(&self.set_json),
            set: &arguments(&self.set),
            set_string: &arguments(&self.set_string),
            set_file: &arguments(&self.set_file),
            set_literal: &arguments(&self.set_literal),
        };
        helm::merge_options(&options, &|name| read(name).map(|text| Str::from(&*String::from_utf8_lossy(&text))))
    }
}

fn arguments(texts: &[String]) -> Vec<SetArgument<'_>> {
    texts.iter().map(|text| SetArgument { text, span: Span::DETACHED }).collect()
}
