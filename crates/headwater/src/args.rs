//! The command line. Every flag can also be set by a `HEADWATER_*` variable.

mod cluster;
mod helm;
mod kustomize;
mod verbs;

use clap::{Parser, Subcommand, ValueEnum};

pub(crate) use cluster::{ClusterArgs, MirrorFolder, SourceFolder};
pub(crate) use helm::{HelmArgs, HelmCommand, HelmTemplateArgs, HelmVersion, RefusedArgs, ValuesArgs, WorldArgs};
pub(crate) use kustomize::{KustomizeArgs, KustomizeBuildArgs, KustomizeCommand, LoadRestrictor, Reorder};
pub(crate) use verbs::{
    BuildArgs, BuildOutput, CheckArgs, CheckOutput, DiffArgs, DiffOutput, ExplainArgs, ExplainOutput, GetArgs,
    GetOutput, TreeArgs, TreeOutput, What,
};

const LONG_VERSION: &str = concat!(
    env!("CARGO_PKG_VERSION"),
    "\nbuilds as kustomize v5.8.1, renders charts as helm v4.2.3, reads repositories as Flux 2.9"
);

/// A Flux repository in, every object that Flux would apply out, and the reason why.
#[derive(Parser, Debug)]
#[command(name = "headwater", version, long_version = LONG_VERSION, propagate_version = false)]
#[command(after_help = "Exit codes: 0 nothing to report, 1 findings or differences, 2 could not run.")]
pub(crate) struct Args {
    #[command(flatten)]
    pub(crate) global: Global,
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// Flags of every command.
#[derive(clap::Args, Debug)]
pub(crate) struct Global {
    /// When to use colours.
    #[arg(long, global = true, value_enum, default_value_t = Color::Auto, env = "HEADWATER_COLOR", hide_env = true)]
    pub(crate) color: Color,
}

/// When to use colours.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum, Debug)]
pub(crate) enum Color {
    /// On terminals, unless `NO_COLOR` is set.
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

/// What to do.
#[derive(Subcommand, Debug)]
pub(crate) enum Command {
    /// Render every object that Flux would apply
    Build(Box<BuildArgs>),
    /// List what a cluster gets: Kustomizations, Helm releases, sources, images, objects
    Get(Box<GetArgs>),
    /// Draw what renders what, from the directory that Flux starts from
    Tree(Box<TreeArgs>),
    /// Say what a change does to the clusters: objects, fields, and what is deleted
    Diff(Box<DiffArgs>),
    /// Say which lines in Git put an object or a field there
    Explain(Box<ExplainArgs>),
    /// Report what is wrong or will surprise
    Check(Box<CheckArgs>),
    /// Kustomize overlays, as `kustomize` builds them
    Kustomize(Box<KustomizeArgs>),
    /// Helm charts, as `helm template` renders them
    Helm(HelmArgs),
    /// Print a completion script for a shell
    Completions {
        /// The shell.
        shell: clap_complete::Shell,
    },
}
