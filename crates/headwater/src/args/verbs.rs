//! The flags of each verb.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::ClusterArgs;

/// `headwater build`.
#[derive(Args, Debug)]
pub(crate) struct BuildArgs {
    /// The repository, or a directory in it that Flux starts from
    #[arg(default_value = ".")]
    pub(crate) path: PathBuf,
    /// Only these Kustomizations and HelmReleases: NAME, NAMESPACE/NAME or KIND/NAMESPACE/NAME
    #[arg(value_name = "UNIT")]
    pub(crate) units: Vec<String>,
    #[command(flatten)]
    pub(crate) cluster: ClusterArgs,
    /// Only Kustomizations and HelmReleases of this namespace
    #[arg(long, short, env = "HEADWATER_NAMESPACE", hide_env = true)]
    pub(crate) namespace: Option<String>,
    /// How to print; a summary on a terminal and YAML elsewhere when not given
    #[arg(long, short, value_enum, env = "HEADWATER_OUTPUT", hide_env = true)]
    pub(crate) output: Option<BuildOutput>,
    /// Print the values of Secrets, which are `***` otherwise
    #[arg(long, env = "HEADWATER_SHOW_SECRETS", hide_env = true)]
    pub(crate) show_secrets: bool,
}

/// How `build` prints.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum, Debug)]
pub(crate) enum BuildOutput {
    /// What each unit renders, in waves
    Human,
    /// Every object as a YAML document
    Yaml,
    /// One JSON list
    Json,
    /// One name a line
    Name,
}

/// `headwater get`.
#[derive(Args, Debug)]
pub(crate) struct GetArgs {
    /// What to list
    #[arg(value_enum, value_name = "WHAT")]
    pub(crate) what: What,
    /// Only what has this name
    pub(crate) name: Option<String>,
    /// The repository, or a directory in it that Flux starts from
    #[arg(long, default_value = ".", env = "HEADWATER_PATH", hide_env = true)]
    pub(crate) path: PathBuf,
    #[command(flatten)]
    pub(crate) cluster: ClusterArgs,
    /// Only this namespace
    #[arg(long, short, env = "HEADWATER_NAMESPACE", hide_env = true)]
    pub(crate) namespace: Option<String>,
    /// All namespaces, also when HEADWATER_NAMESPACE names one
    #[arg(long, short = 'A')]
    pub(crate) all_namespaces: bool,
    /// How to print
    #[arg(long, short, value_enum, default_value_t = GetOutput::Human, env = "HEADWATER_OUTPUT", hide_env = true)]
    pub(crate) output: GetOutput,
    /// Print the values of Secrets, which are `***` otherwise
    #[arg(long, env = "HEADWATER_SHOW_SECRETS", hide_env = true)]
    pub(crate) show_secrets: bool,
}

/// What `get` lists.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum, Debug)]
pub(crate) enum What {
    /// Kustomizations and the entries that Flux starts from
    #[value(name = "ks", alias = "kustomization", alias = "kustomizations")]
    Kustomizations,
    /// Helm releases
    #[value(name = "hr", alias = "helmrelease", alias = "helmreleases")]
    HelmReleases,
    /// Repositories, buckets and artifacts
    #[value(alias = "source")]
    Sources,
    /// Container images
    #[value(alias = "image")]
    Images,
    /// Every object
    #[value(alias = "object")]
    Objects,
    /// Kustomizations, Helm releases and sources
    All,
}

/// How `get` prints.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum, Debug)]
pub(crate) enum GetOutput {
    /// A table
    Human,
    /// A table with more columns
    Wide,
    /// One JSON list
    Json,
    /// YAML documents
    Yaml,
    /// One name a line
    Name,
}

/// `headwater tree`.
#[derive(Args, Debug)]
pub(crate) struct TreeArgs {
    /// The repository, or a directory in it that Flux starts from
    #[arg(default_value = ".")]
    pub(crate) path: PathBuf,
    #[command(flatten)]
    pub(crate) cluster: ClusterArgs,
    /// Only Kustomizations and HelmReleases, without what they apply
    #[arg(long, env = "HEADWATER_COMPACT", hide_env = true)]
    pub(crate) compact: bool,
    /// How to print
    #[arg(long, short, value_enum, default_value_t = TreeOutput::Human, env = "HEADWATER_OUTPUT", hide_env = true)]
    pub(crate) output: TreeOutput,
}

/// How `tree` prints.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum, Debug)]
pub(crate) enum TreeOutput {
    /// A drawing
    Human,
    /// Nested JSON
    Json,
}

/// `headwater explain`.
#[derive(Args, Debug)]
pub(crate) struct ExplainArgs {
    /// The object: KIND/NAMESPACE/NAME, or KIND/NAME with or without -n
    #[arg(value_name = "OBJECT")]
    pub(crate) object: String,
    /// The field, such as `spec.template.spec.containers[0].image` or `spec.ports[name=http]`
    #[arg(value_name = "FIELD")]
    pub(crate) field: Option<String>,
    /// The repository, or a directory in it that Flux starts from
    #[arg(long, default_value = ".", env = "HEADWATER_PATH", hide_env = true)]
    pub(crate) path: PathBuf,
    #[command(flatten)]
    pub(crate) cluster: ClusterArgs,
    /// The object's namespace
    #[arg(long, short, env = "HEADWATER_NAMESPACE", hide_env = true)]
    pub(crate) namespace: Option<String>,
    /// How to print
    #[arg(long, short, value_enum, default_value_t = ExplainOutput::Human, env = "HEADWATER_OUTPUT", hide_env = true)]
    pub(crate) output: ExplainOutput,
}

/// How `explain` prints.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum, Debug)]
pub(crate) enum ExplainOutput {
    /// Text with the lines that count
    Human,
    /// JSON
    Json,
}

/// `headwater check`.
#[derive(Args, Debug)]
pub(crate) struct CheckArgs {
    /// The repository, or a directory in it that Flux starts from
    #[arg(default_value = ".")]
    pub(crate) path: PathBuf,
    #[command(flatten)]
    pub(crate) cluster: ClusterArgs,
    /// How to print
    #[arg(long, short, value_enum, default_value_t = CheckOutput::Human, env = "HEADWATER_OUTPUT", hide_env = true)]
    pub(crate) output: CheckOutput,
    /// Print what a rule is about instead; `all` lists the rules
    #[arg(long, value_name = "RULE")]
    pub(crate) explain: Option<String>,
    /// Make findings of a rule errors; `warnings` makes all warnings errors
    #[arg(long, value_name = "RULE", value_delimiter = ',', env = "HEADWATER_DENY", hide_env = true)]
    pub(crate) deny: Vec<String>,
    /// Leave out findings of a rule
    #[arg(long, value_name = "RULE", value_delimiter = ',', env = "HEADWATER_ALLOW", hide_env = true)]
    pub(crate) allow: Vec<String>,
}

/// How `check` prints.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum, Debug)]
pub(crate) enum CheckOutput {
    /// Text with the lines that count
    Human,
    /// JSON
    Json,
    /// SARIF 2.1.0
    Sarif,
    /// GitHub workflow commands
    Github,
    /// A GitHub-flavoured Markdown table
    Markdown,
}

/// `headwater diff`.
#[derive(Args, Debug)]
#[command(after_help = "Forms:
  headwater diff                    what the work tree changes since HEAD
  headwater diff --base main PATH   what the work tree changes since main
  headwater diff main..HEAD         what HEAD changes since main; main...HEAD since they parted
  headwater diff OLD NEW            two directories, or REV:PATH")]
pub(crate) struct DiffArgs {
    /// Two directories or revisions, A..B, or a directory of the work tree
    #[arg(value_name = "WHAT", num_args = 0..=2)]
    pub(crate) what: Vec<String>,
    /// The revision to compare the work tree with
    #[arg(long, value_name = "REV", conflicts_with = "revisions", env = "HEADWATER_BASE", hide_env = true)]
    pub(crate) base: Option<String>,
    /// A revision to compare; given twice
    #[arg(long = "rev", value_name = "REV")]
    pub(crate) revisions: Vec<String>,
    #[command(flatten)]
    pub(crate) cluster: ClusterArgs,
    /// How to print
    #[arg(long, short, value_enum, default_value_t = DiffOutput::Human, env = "HEADWATER_OUTPUT", hide_env = true)]
    pub(crate) output: DiffOutput,
}

/// How `diff` prints.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum, Debug)]
pub(crate) enum DiffOutput {
    /// By unit, object and field
    Human,
    /// JSON
    Json,
    /// GitHub workflow commands
    Github,
    /// GitHub-flavoured Markdown, for a comment
    Markdown,
}
