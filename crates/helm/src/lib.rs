//! Helm: a chart and values to manifests, hooks and notes, as `helm template` of helm 4.2.3 gives them.

mod directory;
mod manifest;
mod path_match;
mod print;
mod release;
mod strvals;
mod trace;
mod values;

pub use directory::{DirectoryLimits, directory};
pub use manifest::{Event, Head, Hook, Manifest, Sorted, install_rank, sort, split};
pub use print::{Crd, show_only, stream};
pub use release::{Release, check_release_name};
pub use strvals::{Refusal, Style, assign};
pub use trace::{CHART_MESSAGE, exec_error, parse_error};
pub use values::{
    Items, SetArgument, Shared, SharedValue, Table, ValueOptions, ValuesFile, load_values, merge_options,
};
