//! Helm: a chart and values to manifests, hooks and notes, as `helm template` of helm 4.2.3 gives them.

mod archive;
mod chart;
mod directory;
mod ignore;
mod manifest;
mod path_match;
mod print;
mod release;
mod trace;
mod warning;

pub use chart::{
    Chart, ChartFile, Dependency, ImportValue, Loaded, Maintainer, Metadata, load_archive, load_directory,
};
pub use directory::{DirectoryLimits, directory};
pub use manifest::{Event, Head, Hook, Manifest, Sorted, install_rank, sort, split};
pub use print::{Crd, show_only, stream};
pub use release::{Release, check_release_name};
pub use trace::{CHART_MESSAGE, exec_error, parse_error};
pub use warning::Warning;
