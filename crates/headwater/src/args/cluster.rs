//! Which repository, which of its clusters, and what the repository does not hold.

use std::path::PathBuf;
use std::str::FromStr;

use clap::Args;

/// Flags of every command that unfolds a cluster.
#[derive(Args, Clone, Default, Debug)]
pub(crate) struct ClusterArgs {
    /// The cluster, when the repository has several: its name or the directory that Flux starts from
    #[arg(long, value_name = "NAME", env = "HEADWATER_CLUSTER", hide_env = true)]
    pub(crate) cluster: Option<String>,
    /// The directory that Flux starts from, relative to PATH
    #[arg(long, value_name = "PATH", conflicts_with = "cluster", env = "HEADWATER_ENTRY", hide_env = true)]
    pub(crate) entry: Option<String>,
    /// A folder that holds the files of a source, as KIND/NAMESPACE/NAME=PATH; may be repeated
    #[arg(long = "source", value_name = "SOURCE=PATH", value_delimiter = ',')]
    #[arg(env = "HEADWATER_SOURCE", hide_env = true)]
    pub(crate) sources: Vec<SourceFolder>,
    /// A folder or archive that stands for what is at a URL, such as the charts of a Helm repository; may be repeated
    #[arg(long = "mirror", value_name = "URL=PATH", value_delimiter = ',', env = "HEADWATER_MIRROR", hide_env = true)]
    pub(crate) mirrors: Vec<MirrorFolder>,
    /// A YAML file with ConfigMaps and Secrets that are in the cluster but not in Git; may be repeated
    #[arg(long, value_name = "FILE", value_delimiter = ',', env = "HEADWATER_FACTS", hide_env = true)]
    pub(crate) facts: Vec<PathBuf>,
    /// Let undefined variables become empty, as Flux before 2.9 did
    #[arg(long, env = "HEADWATER_LENIENT_SUBSTITUTION", hide_env = true)]
    pub(crate) lenient_substitution: bool,
    /// The version of Kubernetes that charts see [default: 1.36.0]
    #[arg(long, value_name = "VERSION", env = "HEADWATER_KUBE_VERSION", hide_env = true)]
    pub(crate) kube_version: Option<String>,
    /// APIs that charts see beside those of Kubernetes, such as monitoring.coreos.com/v1; may be repeated
    #[arg(long, value_name = "API", value_delimiter = ',', env = "HEADWATER_API_VERSIONS", hide_env = true)]
    pub(crate) api_versions: Vec<String>,
}

/// `URL=PATH`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct MirrorFolder {
    pub(crate) url: String,
    pub(crate) path: PathBuf,
}

impl FromStr for MirrorFolder {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let parts = text.split_once('=').filter(|(url, path)| !url.is_empty() && !path.is_empty());
        let (url, path) =
            parts.ok_or_else(|| "write it as URL=PATH, such as https://charts.example.com=../charts".to_owned())?;
        Ok(Self { url: url.to_owned(), path: path.into() })
    }
}

/// `KIND/NAMESPACE/NAME=PATH`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct SourceFolder {
    pub(crate) kind: String,
    pub(crate) namespace: String,
    pub(crate) name: String,
    pub(crate) path: PathBuf,
}

impl FromStr for SourceFolder {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let parse = || {
            let (id, path) = text.split_once('=')?;
            let [kind, namespace, name] = id.split('/').collect::<Vec<_>>().try_into().ok()?;
            let full = [kind, namespace, name, path].iter().all(|part| !part.is_empty());
            let (kind, namespace, name) = (kind.to_owned(), namespace.to_owned(), name.to_owned());
            full.then(|| Self { kind, namespace, name, path: path.into() })
        };
        parse().ok_or_else(|| {
            "write it as KIND/NAMESPACE/NAME=PATH, such as GitRepository/flux-system/app=../app".to_owned()
        })
    }
}
