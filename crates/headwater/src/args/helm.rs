//! `headwater helm template`: the flags of `helm template` 4.2.3, read as helm reads them (spf13/pflag): switches take
//! `=false`, values may start with a dash, a flag that is given again replaces what it said before.

use std::path::PathBuf;

use clap::{Arg, ArgAction, Args, Subcommand, ValueEnum};

/// `headwater helm`.
#[derive(Args, Debug)]
pub(crate) struct HelmArgs {
    #[command(subcommand)]
    pub(crate) command: HelmCommand,
}

/// What to do with a chart.
#[derive(Subcommand, Debug)]
pub(crate) enum HelmCommand {
    /// Print what a chart renders, as `helm template` v4.2.3 does
    #[command(args_override_self = true, override_usage = "headwater helm template [OPTIONS] [NAME] CHART")]
    Template(Box<HelmTemplateArgs>),
}

/// `headwater helm template`.
#[derive(Args, Debug)]
#[command(after_help = "\
Charts and files are read from the disk only, and no cluster is asked. Charts whose templates draw passwords, keys or
times get the same ones in every run, so that two renders can be compared: give --seed or --random before you apply them.
All other flags of `helm template` are accepted; those that ask for the network, a cluster or other programs are refused.")]
pub(crate) struct HelmTemplateArgs {
    /// Name of the release, which may be left out, then the folder or archive of the chart
    #[arg(value_name = "NAME CHART")]
    pub(crate) words: Vec<String>,
    /// Namespace of the release [default: HELM_NAMESPACE, else default]
    #[arg(long, short, text = true, env = "HEADWATER_NAMESPACE", hide_env = true)]
    pub(crate) namespace: Option<String>,
    #[command(flatten)]
    pub(crate) values: ValuesArgs,
    #[command(flatten)]
    pub(crate) cluster: CapabilitiesArgs,
    #[command(flatten)]
    pub(crate) print: PrintArgs,
    #[command(flatten)]
    pub(crate) name: NameArgs,
    #[command(flatten)]
    pub(crate) world: WorldArgs,
    /// Do not check values against the schemas of the charts
    #[arg(long, switch = true)]
    pub(crate) skip_schema_validation: bool,
    /// Which helm's rules for null in values count
    #[arg(long, value_enum, default_value_t = HelmVersion::V4_2, env = "HEADWATER_HELM_VERSION", hide_env = true)]
    pub(crate) helm_version: HelmVersion,
    /// Say more; print what was rendered even when it is no valid YAML
    #[arg(long, switch = true)]
    pub(crate) debug: bool,
    #[command(flatten)]
    pub(crate) refused: RefusedArgs,
    #[command(flatten)]
    pub(crate) without_effect: WithoutEffect,
}

/// What values come from, besides the chart.
#[derive(Args, Debug)]
pub(crate) struct ValuesArgs {
    /// A YAML file with values, or several with commas between; `-` is stdin; may be repeated
    #[arg(long = "values", short = 'f', value_name = "FILE", text = true, value_parser = csv)]
    #[arg(env = "HEADWATER_VALUES", hide_env = true)]
    pub(crate) files: Vec<Csv>,
    /// Values, as a.b=1,c=2; may be repeated
    #[arg(long, value_name = "KEY=VALUE", text = true)]
    pub(crate) set: Vec<String>,
    /// The same, all of them texts
    #[arg(long, value_name = "KEY=VALUE", text = true)]
    pub(crate) set_string: Vec<String>,
    /// The same, each read from the file that is named
    #[arg(long, value_name = "KEY=FILE", text = true)]
    pub(crate) set_file: Vec<String>,
    /// The same with JSON behind the `=`, or one JSON object
    #[arg(long, value_name = "KEY=JSON", text = true)]
    pub(crate) set_json: Vec<String>,
    /// One value, taken as it stands
    #[arg(long, value_name = "KEY=VALUE", text = true)]
    pub(crate) set_literal: Vec<String>,
}

/// What templates are told about the cluster.
#[derive(Args, Debug)]
pub(crate) struct CapabilitiesArgs {
    /// Kubernetes version of `.Capabilities.KubeVersion`
    #[arg(long, value_name = "VERSION", text = true, env = "HEADWATER_KUBE_VERSION", hide_env = true)]
    pub(crate) kube_version: Option<String>,
    /// API versions of `.Capabilities.APIVersions` besides helm's own, with commas between; may be repeated
    #[arg(long, short, value_name = "GROUP/VERSION", text = true, value_parser = csv)]
    #[arg(env = "HEADWATER_API_VERSIONS", hide_env = true)]
    pub(crate) api_versions: Vec<Csv>,
    /// Render an upgrade instead of an installation
    #[arg(long, switch = true)]
    pub(crate) is_upgrade: bool,
}

/// What is printed, and where.
#[derive(Args, Debug)]
pub(crate) struct PrintArgs {
    /// Print the files of `crds/` too
    #[arg(long, switch = true)]
    pub(crate) include_crds: bool,
    /// Leave hooks out
    #[arg(long, switch = true)]
    pub(crate) no_hooks: bool,
    /// Leave tests out
    #[arg(long, switch = true)]
    pub(crate) skip_tests: bool,
    /// Only what comes from this template, such as templates/service.yaml; `*` stands for part of a name; may be repeated
    #[arg(long, short, value_name = "TEMPLATE", text = true)]
    pub(crate) show_only: Vec<String>,
    /// Write a file for each template below this directory instead
    #[arg(long, value_name = "DIR", text = true)]
    pub(crate) output_dir: Option<PathBuf>,
    /// Put the name of the release between that directory and the files
    #[arg(long, switch = true)]
    pub(crate) release_name: bool,
}

/// How the release gets its name when it is not given.
#[derive(Args, Debug)]
pub(crate) struct NameArgs {
    /// Give no name
    #[arg(long, short, switch = true)]
    pub(crate) generate_name: bool,
    /// A template that prints the name
    #[arg(long, value_name = "TEMPLATE", text = true)]
    pub(crate) name_template: Option<String>,
}

/// What templates draw and what time it is for them.
#[derive(Args, Debug)]
pub(crate) struct WorldArgs {
    /// Draw passwords, keys and all else that is random from this text: the same text, the same draws
    #[arg(long, value_name = "TEXT", env = "HEADWATER_SEED", hide_env = true)]
    pub(crate) seed: Option<String>,
    /// The time that templates are told, such as 2026-01-31T12:00:00Z [default: 2000-01-01T00:00:00Z]
    #[arg(long, value_name = "RFC3339", env = "HEADWATER_NOW", hide_env = true)]
    pub(crate) now: Option<String>,
    /// Draw anew in every run and take the time from the clock, as helm does
    #[arg(long, conflicts_with_all = ["seed", "now"])]
    pub(crate) random: bool,
}

impl WorldArgs {
    /// Whether templates draw the same in every run, whoever runs them.
    pub(crate) fn is_fixed(&self) -> bool {
        self.seed.is_none() && !self.random
    }
}

/// Whose rules for null in values count.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum, Debug)]
pub(crate) enum HelmVersion {
    /// Helm 3
    #[value(name = "3")]
    V3,
    /// Helm 4.0 and 4.1
    #[value(name = "4.1")]
    V4_1,
    /// Helm 4.2, which Flux 2.9 uses
    #[value(name = "4.2")]
    V4_2,
}

/// Flags that ask for what is not done here, or not yet.
#[derive(Args, Debug)]
pub(crate) struct RefusedArgs {
    #[arg(long, hide = true, num_args = 0..=1, require_equals = true, default_missing_value = "unset")]
    pub(crate) dry_run: Option<String>,
    #[arg(long, hide = true, switch = true, conflicts_with = "dry_run")]
    pub(crate) validate: bool,
    #[arg(long, hide = true, text = true)]
    pub(crate) repo: Option<String>,
    #[arg(long, hide = true, switch = true)]
    pub(crate) verify: bool,
    #[arg(long, hide = true, text = true)]
    pub(crate) post_renderer: Option<String>,
    #[arg(long, hide = true, switch = true)]
    pub(crate) dependency_update: bool,
    #[arg(long, hide = true, switch = true)]
    pub(crate) enable_dns: bool,
}

/// Flags that change nothing of what `helm template` prints for a chart on disk.
#[derive(Args, Debug)]
pub(crate) struct WithoutEffect {
    #[arg(long, hide = true, switch = true)]
    force: bool,
    #[arg(long, hide = true, switch = true, alias = "force-conflicts")]
    force_replace: bool,
    #[arg(long, hide = true, switch = true)]
    atomic: bool,
    #[arg(long, hide = true, switch = true)]
    rollback_on_failure: bool,
    #[arg(long, hide = true, switch = true)]
    create_namespace: bool,
    #[arg(long, hide = true, switch = true)]
    server_side: bool,
    #[arg(long, hide = true, switch = true)]
    replace: bool,
    #[arg(long, hide = true, text = true)]
    timeout: Option<String>,
    #[arg(long, hide = true, num_args = 0..=1, require_equals = true, default_missing_value = "watcher")]
    wait: Option<String>,
    #[arg(long, hide = true, switch = true)]
    wait_for_jobs: bool,
    #[arg(long, hide = true, text = true)]
    description: Option<String>,
    #[arg(long, hide = true, switch = true)]
    devel: bool,
    #[arg(long, hide = true, text = true)]
    version: Option<String>,
    #[arg(long, hide = true, switch = true)]
    disable_openapi_validation: bool,
    #[arg(long, hide = true, switch = true)]
    skip_crds: bool,
    #[arg(long, hide = true, switch = true)]
    render_subchart_notes: bool,
    #[arg(long, hide = true, switch = true)]
    hide_notes: bool,
    #[arg(long, hide = true, switch = true)]
    take_ownership: bool,
    #[arg(long, short, hide = true, text = true)]
    labels: Vec<String>,
    #[arg(long, hide = true, text = true)]
    post_renderer_args: Vec<String>,
    #[arg(long, hide = true, switch = true, alias = "plain-http", alias = "pass-credentials")]
    insecure_skip_tls_verify: bool,
    #[arg(long, hide = true, text = true, alias = "cert-file", alias = "key-file", alias = "keyring")]
    ca_file: Option<String>,
    #[arg(long, hide = true, text = true, alias = "username")]
    password: Option<String>,
    #[arg(long, hide = true, text = true, alias = "kube-context", alias = "kube-token", alias = "kube-as-user")]
    #[arg(alias = "kube-as-group", alias = "kube-apiserver", alias = "kube-ca-file", alias = "kube-tls-server-name")]
    kubeconfig: Option<String>,
    #[arg(long, hide = true, switch = true)]
    kube_insecure_skip_tls_verify: bool,
    #[arg(long, hide = true, text = true, alias = "repository-config", alias = "repository-cache")]
    #[arg(alias = "content-cache")]
    registry_config: Option<String>,
    #[arg(long, hide = true, text = true, alias = "qps")]
    burst_limit: Option<String>,
    #[arg(long, hide = true, text = true)]
    colour: Option<String>,
}

impl WithoutEffect {
    /// The flags that were given and that helm itself has done with.
    pub(crate) fn deprecated(&self) -> impl Iterator<Item = &'static str> {
        let flags = [
            (self.force, "Flag --force has been deprecated, use --force-replace instead"),
            (self.atomic, "Flag --atomic has been deprecated, use --rollback-on-failure instead"),
            (
                self.hide_notes,
                "Flag --hide-notes has been deprecated, this flag has no effect for 'helm template' and will be removed in \
                 Helm 5",
            ),
            (
                self.render_subchart_notes,
                "Flag --render-subchart-notes has been deprecated, this flag has no effect for 'helm template' and will be \
                 removed in Helm 5",
            ),
        ];
        flags.into_iter().filter_map(|(given, words)| given.then_some(words))
    }
}

/// Kinds of flags that pflag knows and clap does not.
trait Flag {
    /// A flag that is true when given alone and takes `=false`.
    fn switch(self, yes: bool) -> Self;
    /// A flag whose value is the next word, whatever it looks like.
    fn text(self, yes: bool) -> Self;
}

impl Flag for Arg {
    fn switch(self, yes: bool) -> Self {
        let flag = self.action(ArgAction::Set).num_args(0..=1).require_equals(yes).value_parser(go_bool);
        let flag = flag.default_value("false").default_missing_value("true").value_name("BOOL");
        flag.hide_default_value(true).hide_possible_values(true)
    }

    fn text(self, yes: bool) -> Self {
        self.allow_hyphen_values(yes)
    }
}

/// Go's `strconv.ParseBool`.
fn go_bool(text: &str) -> Result<bool, String> {
    match text {
        "1" | "t" | "T" | "TRUE" | "true" | "True" => Ok(true),
        "0" | "f" | "F" | "FALSE" | "false" | "False" => Ok(false),
        _ => Err("write true or false".to_owned()),
    }
}

/// One use of a flag that holds a list: values with commas between, as one line of a CSV file.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Csv(pub(crate) Vec<String>);

/// Reads a line of CSV: a value in double quotes may hold commas, and double quotes doubled.
fn csv(text: &str) -> Result<Csv, String> {
    let mut values = Vec::new();
    let mut rest = Some(text).filter(|text| !text.is_empty());
    while let Some(text) = rest {
        let (value, after) = match text.strip_prefix('"') {
            Some(quoted) => in_quotes(quoted)?,
            None => match text.split_once(',') {
                Some((value, after)) => (value.to_owned(), Some(after)),
                None => (text.to_owned(), None),
            },
        };
        values.push(value);
        rest = after;
    }
    Ok(Csv(values))
}

/// The value up to its closing quote, and what comes behind the comma after it.
fn in_quotes(text: &str) -> Result<(String, Option<&str>), String> {
    let mut value = String::new();
    let mut rest = text;
    loop {
        let (part, after) = rest.split_once('"').ok_or("a quote is not closed")?;
        value.push_str(part);
        if let Some(more) = after.strip_prefix('"') {
            value.push('"');
            rest = more;
        } else if after.is_empty() {
            return Ok((value, None));
        } else {
            return Ok((value, Some(after.strip_prefix(',').ok_or("a comma is missing behind a closing quote")?)));
        }
    }
}

#[cfg(test)]
mod tests {
    use clap::Parser as _;

    use super::*;
    use crate::args::Command;

    fn read(words: &str) -> Result<HelmTemplateArgs, String> {
        let words = ["headwater", "helm", "template"].into_iter().chain(words.split(' '));
        let args = crate::args::Args::try_parse_from(words).map_err(|error| error.to_string())?;
        let Command::Helm(HelmArgs { command: HelmCommand::Template(args) }) = args.command else {
            return Err("another command".to_owned());
        };
        Ok(*args)
    }

    #[test]
    fn flags_are_read_as_helm_reads_them() {
        let args =
            read("rel chart -n ns --set -dash --set=a=b --include-crds=false --skip-tests --validate=false").unwrap();
        assert_eq!(
            (args.words, args.values.set),
            (vec!["rel".into(), "chart".into()], vec!["-dash".into(), "a=b".into()])
        );
        assert_eq!((args.print.include_crds, args.print.skip_tests), (false, true));
        let args = read("chart -nother --include-crds=0 --include-crds -f a.yaml,b.yaml -f - --dry-run").unwrap();
        assert!(args.print.include_crds);
        let files: Vec<_> = args.values.files.iter().flat_map(|csv| &csv.0).collect();
        assert_eq!(files, ["a.yaml", "b.yaml", "-"]);
        assert_eq!((args.namespace.as_deref(), args.refused.dry_run.as_deref()), (Some("other"), Some("unset")));
        for wrong in ["-dash chart", "rel chart --include-crds=maybe", "rel chart --nope"] {
            assert!(read(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn lists_are_lines_of_csv() {
        assert_eq!(csv("a,\"b,\"\"c\"\"\",").unwrap().0, ["a", "b,\"c\"", ""]);
        assert_eq!(csv("").unwrap().0, [""; 0]);
        assert!(csv("\"a").is_err() && csv("\"a\"b").is_err());
    }
}
