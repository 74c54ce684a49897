//! `headwater helm template`: helm's bytes on stdout, helm's words on stderr, helm's exit code 1 when a chart is refused.
//! The order in which things are looked at is helm's, so that of several mistakes both name the same one
//! (`pkg/cmd/template.go` and `pkg/cmd/install.go` of helm 4.2.3).

mod chart;
mod files;
mod input;
mod world;

use std::mem::ManuallyDrop;

use helm::{Capabilities, KubeVersion, Memo, NullHandling, Print, Release, RenderError, Rendered, Settings, Warning};

use crate::args::{HelmTemplateArgs, HelmVersion, RefusedArgs};
use crate::failure::{Failure, Outcome};
use crate::output::Output;

/// The name of a release that got none.
const RELEASE_NAME: &str = "release-name";

pub(crate) fn template(args: &HelmTemplateArgs, output: &Output) -> Result<Outcome, Failure> {
    match render(args, output).and_then(|rendered| Ok(print(args, &rendered)?)) {
        Ok(text) => {
            output.bytes(&text)?;
            Ok(Outcome::Clean)
        }
        Err(refusal) => {
            output.bytes(&refusal.printed)?;
            output.message(&format!("Error: {}", report::clean(&refusal.message, true)));
            Ok(Outcome::Findings)
        }
    }
}

/// Why there is nothing to print.
struct Refusal {
    /// Helm's words.
    message: String,
    /// What goes to stdout all the same.
    printed: Vec<u8>,
}

impl From<String> for Refusal {
    fn from(message: String) -> Self {
        Self { message, printed: Vec::new() }
    }
}

fn render(args: &HelmTemplateArgs, output: &Output) -> Result<Rendered, Refusal> {
    let log = |warning: &Warning| output.message(&report::clean(&warning.to_string(), false));
    let mut capabilities = Capabilities::default();
    if let Some(version) = args.cluster.kube_version.as_deref().filter(|version| !version.is_empty()) {
        capabilities.kube_version = KubeVersion::parse(version)?;
    }
    let env = world::env(&args.world)?;
    args.without_effect.deprecated().for_each(|words| output.message(words));
    refuse(&args.refused)?.iter().for_each(log);
    let (name, chart) = name_and_chart(args, &env)?;
    let location = chart::locate(&chart)?;
    let values = input::values(&args.values)?;
    let loaded = chart::load(&location)?;
    loaded.warnings.iter().for_each(log);

    capabilities.api_versions.extend(args.cluster.api_versions.iter().flat_map(|list| list.0.clone()));
    let namespace = args.namespace.clone().or_else(|| std::env::var("HELM_NAMESPACE").ok());
    let settings = Settings {
        release: Release {
            name,
            namespace: namespace.filter(|name| !name.is_empty()).unwrap_or_else(|| "default".to_owned()),
            revision: 1,
            is_upgrade: args.cluster.is_upgrade,
        },
        capabilities,
        null_handling: match args.helm_version {
            HelmVersion::V3 => NullHandling::V3,
            HelmVersion::V4_1 => NullHandling::V4_1,
            HelmVersion::V4_2 => NullHandling::V4_2,
        },
        skip_schema_validation: args.skip_schema_validation,
        schemas: &|_| None,
        env,
        limits: gotmpl::Limits::default(),
        sources: None,
    };
    // The process ends with this render: taking chart and templates apart would cost a tenth of it.
    let memo = ManuallyDrop::new(Memo::default());
    let loaded = ManuallyDrop::new(loaded);
    let rendered = helm::template(&loaded.chart, &values, &settings, &memo);
    let warnings = match &rendered {
        Ok(rendered) => &rendered.warnings,
        Err(error) => &error.warnings,
    };
    warnings.iter().for_each(log);
    if let Ok(rendered) = &rendered
        && rendered.draws > 0
        && args.world.is_fixed()
    {
        output.message(
            "note: the templates drew random values or keys, which are the same in every run: give --seed or --random before \
             they protect anything",
        );
    }
    rendered.map_err(|error| refusal(*error, args))
}

/// A render that failed, as helm tells it.
fn refusal(error: RenderError, args: &HelmTemplateArgs) -> Refusal {
    if args.refused.dependency_update && error.message.starts_with("an error occurred while checking") {
        return format!("{}; --dependency-update is not supported yet", error.message).into();
    }
    match (error.is_rendering, args.debug) {
        (true, true) => Refusal { printed: helm::printed_invalid(&error), message: error.message },
        (true, false) => format!("{}\n\nUse --debug flag to render out invalid YAML", error.message).into(),
        (false, _) => error.message.into(),
    }
}

/// What goes to stdout; with `--output-dir`, what helm says about the files it wrote.
fn print(args: &HelmTemplateArgs, rendered: &Rendered) -> Result<Vec<u8>, String> {
    let flags = &args.print;
    let print = Print {
        crds: flags.include_crds,
        hooks: !flags.no_hooks,
        tests: !flags.skip_tests,
        show_only: &flags.show_only,
    };
    let Some(directory) = flags.output_dir.as_deref().filter(|path| !path.as_os_str().is_empty()) else {
        return helm::printed(rendered, &print);
    };
    let mut said = Vec::new();
    let mut crds = files::Writer::new(directory, &mut said);
    for crd in rendered.crds.iter().filter(|_| print.crds) {
        crds.write(&crd.path, &crd.text)?;
    }
    let directory = if flags.release_name { directory.join(&rendered.release.name) } else { directory.to_owned() };
    let mut writer = files::Writer::new(&directory, &mut said);
    let manifests = rendered.sorted.manifests.iter();
    for manifest in manifests.chain(helm::hooks(rendered, &print).map(|hook| &hook.manifest)) {
        writer.write(&manifest.path, &manifest.text)?;
    }
    // Helm looks for what shall be shown in what it did not write, where nothing is.
    said.extend(if print.show_only.is_empty() { b"\n".to_vec() } else { helm::show_only(b"\n", print.show_only)? });
    Ok(said)
}

/// Refuses what asks for a cluster, the network or another program; gives the warnings for what is only odd.
fn refuse(args: &RefusedArgs) -> Result<Vec<Warning>, String> {
    let mut warnings = Vec::new();
    if args.validate {
        return Err("--validate needs a cluster, which headwater does not ask".to_owned());
    }
    match args.dry_run.as_deref() {
        None | Some("client") => {}
        Some("unset") => {
            warnings.push(warning("--dry-run is deprecated and should be replaced with '--dry-run=client'"));
        }
        Some("server") => return Err("--dry-run=server needs a cluster, which headwater does not ask".to_owned()),
        Some(yes @ ("1" | "t" | "T" | "true" | "TRUE" | "True")) => {
            let text =
                format!("boolean '--dry-run={yes}' flag is deprecated and must be replaced with '--dry-run=client'");
            warnings.push(warning(&text));
        }
        Some(value) => {
            let values = match value {
                "none" | "0" | "f" | "F" | "false" | "FALSE" | "False" => "\"server\" or \"client\"",
                _ => "\"none\", \"server\", or \"client\"",
            };
            return Err(format!("invalid dry-run value ({value:?}). Must be {values}"));
        }
    }
    if let Some(name) = args.post_renderer.as_deref().filter(|name| !name.is_empty()) {
        return Err(format!("--post-renderer {name} is not run: headwater starts no other programs"));
    }
    if args.verify {
        return Err("--verify is not supported: signatures of charts are not checked".to_owned());
    }
    if let Some(url) = args.repo.as_deref().filter(|url| !url.is_empty()) {
        return Err(format!("charts from repositories are not supported yet: download the chart from {url}"));
    }
    if args.enable_dns {
        warnings.push(warning("--enable-dns has no effect: getHostByName gives no address here"));
    }
    Ok(warnings)
}

fn warning(message: &str) -> Warning {
    Warning { level: "WARN", message: message.to_owned(), attributes: Vec::new() }
}

/// Name of the release and the chart, from the words of the command line (`action.Install.NameAndChart`).
fn name_and_chart(args: &HelmTemplateArgs, env: &gotmpl::Env) -> Result<(String, String), String> {
    let template = args.name.name_template.as_deref().filter(|template| !template.is_empty());
    match args.words.as_slice() {
        [] => {
            Err("\"helm template\" requires at least 1 argument\n\nUsage:  helm template [NAME] [CHART] [flags]"
                .to_owned())
        }
        [chart] => match template {
            Some(template) => Ok((helm::name_from_template(template, env)?, chart.clone())),
            None => Ok((RELEASE_NAME.to_owned(), chart.clone())),
        },
        [_, _] if args.name.generate_name => Err("cannot set --generate-name and also specify a name".to_owned()),
        [_, _] if template.is_some() => Err("cannot set --name-template and also specify a name".to_owned()),
        [name, chart] => Ok((name.clone(), chart.clone())),
        [_, _, more @ ..] => Err(format!("expected at most two arguments, unexpected arguments: {}", more.join(", "))),
    }
}
