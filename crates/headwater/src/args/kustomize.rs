//! `headwater kustomize`: flags as `kustomize` and `kubectl kustomize` have them.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};

use super::MirrorFolder;

/// `headwater kustomize`.
#[derive(Args, Debug)]
pub(crate) struct KustomizeArgs {
    #[command(subcommand)]
    pub(crate) command: KustomizeCommand,
}

/// What to do with an overlay.
#[derive(Subcommand, Debug)]
pub(crate) enum KustomizeCommand {
    /// Print the objects of a kustomization, as `kustomize build` v5.8.1 does
    Build(KustomizeBuildArgs),
}

/// `headwater kustomize build`.
#[derive(Args, Debug)]
pub(crate) struct KustomizeBuildArgs {
    /// Directory with a kustomization file
    #[arg(default_value = ".")]
    pub(crate) path: PathBuf,
    /// From where files may be loaded: only from below the kustomization that names them, or from anywhere
    #[arg(long, value_enum, ignore_case = true, default_value_t = LoadRestrictor::RootOnly)]
    #[arg(env = "HEADWATER_LOAD_RESTRICTOR", hide_env = true)]
    pub(crate) load_restrictor: LoadRestrictor,
    /// Order of the objects [default: `sortOptions` of the kustomization, else legacy]
    #[arg(long, value_enum, env = "HEADWATER_REORDER", hide_env = true)]
    pub(crate) reorder: Option<Reorder>,
    /// Write to a file, or one file for each object to a directory
    #[arg(long, short, value_name = "FILE|DIR", env = "HEADWATER_OUTPUT_PATH", hide_env = true)]
    pub(crate) output: Option<PathBuf>,
    /// Render Helm charts that kustomizations inflate
    #[arg(long, env = "HEADWATER_ENABLE_HELM", hide_env = true)]
    pub(crate) enable_helm: bool,
    /// A folder or archive that stands for what is at a URL, such as the charts of a Helm repository; may be repeated
    #[arg(long = "mirror", value_name = "URL=PATH", value_delimiter = ',', env = "HEADWATER_MIRROR", hide_env = true)]
    pub(crate) mirrors: Vec<MirrorFolder>,
    /// The version of Kubernetes that charts see [default: 1.36.0]
    #[arg(long, value_name = "VERSION", env = "HEADWATER_KUBE_VERSION", hide_env = true)]
    pub(crate) helm_kube_version: Option<String>,
    /// APIs that charts see beside those of Kubernetes; may be repeated
    #[arg(long, value_name = "API", value_delimiter = ',', env = "HEADWATER_API_VERSIONS", hide_env = true)]
    pub(crate) helm_api_versions: Vec<String>,
    #[command(flatten)]
    pub(crate) without_effect: WithoutEffect,
}

/// Flags of the real tool that change nothing here; a kustomization that needs them is refused with a reason.
#[derive(Args, Debug)]
pub(crate) struct WithoutEffect {
    #[arg(long, hide = true)]
    helm_command: Option<String>,
    #[arg(long, hide = true)]
    helm_debug: bool,
    #[arg(long, hide = true, alias = "enable_alpha_plugins")]
    enable_alpha_plugins: bool,
    #[arg(long, hide = true)]
    enable_exec: bool,
    #[arg(long, hide = true)]
    network: bool,
    #[arg(long, hide = true)]
    network_name: Option<String>,
    #[arg(long, hide = true)]
    as_current_user: bool,
    #[arg(long, short, hide = true)]
    env: Vec<String>,
    #[arg(long, hide = true)]
    mount: Vec<String>,
    #[arg(long, hide = true)]
    stack_trace: bool,
}

impl WithoutEffect {
    /// The flags that were given and ask for something that is never done.
    pub(crate) fn given(&self) -> Vec<&'static str> {
        let flags = [
            (self.helm_command.is_some(), "--helm-command"),
            (self.helm_debug, "--helm-debug"),
            (self.enable_alpha_plugins, "--enable-alpha-plugins"),
            (self.enable_exec, "--enable-exec"),
            (self.network || self.network_name.is_some(), "--network"),
            (self.as_current_user, "--as-current-user"),
            (!self.env.is_empty(), "--env"),
            (!self.mount.is_empty(), "--mount"),
        ];
        flags.into_iter().filter_map(|(given, name)| given.then_some(name)).collect()
    }
}

/// Values of `--load-restrictor`.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum, Debug)]
pub(crate) enum LoadRestrictor {
    /// Only from the directory of the kustomization or below.
    #[value(name = "LoadRestrictionsRootOnly", alias = "rootOnly")]
    RootOnly,
    /// From anywhere.
    #[value(name = "LoadRestrictionsNone", alias = "none")]
    None,
}

/// Values of `--reorder`.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum, Debug)]
pub(crate) enum Reorder {
    /// Namespaces and definitions first, webhooks last.
    Legacy,
    /// As the kustomization files list them.
    None,
}
