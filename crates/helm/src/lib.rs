//! Helm: a chart and values to manifests, hooks and notes, as `helm template` of helm 4.2.3 gives them.

mod archive;
mod atoi;
mod capabilities;
mod chart;
mod coalesce;
mod dependencies;
mod directory;
mod files;
mod glob;
mod ignore;
mod manifest;
mod memo;
mod path_match;
mod print;
mod quote;
mod release;
mod render;
mod schema;
mod scope;
mod strvals;
mod template;
mod trace;
mod values;
mod values_map;
mod warning;

pub use capabilities::{Capabilities, KubeVersion};
pub use chart::{
    Chart, ChartFile, Dependency, ImportValue, Loaded, Maintainer, Metadata, load_archive, load_directory,
};
pub use coalesce::{NullHandling, coalesce_values, merge_values, template_values};
pub use dependencies::{Processed, check_dependencies, check_installable, process_dependencies};
pub use directory::{DirectoryLimits, directory};
pub use files::files_value;
pub use manifest::{Event, Head, Hook, Manifest, Sorted, install_rank, sort, split};
pub use memo::Memo;
pub use print::{Crd, show_only, stream};
pub use release::{Release, check_release_name};
pub use render::{RenderError, Rendered, Settings, render};
pub use schema::{SchemaFailure, SchemaLoader, Violation, validate_values};
pub use strvals::{Refusal, Style, assign};
pub use template::{Print, hooks, name_from_template, printed, printed_invalid, template};
pub use values::{Items, SetArgument, Shared, SharedValue, Table, ValueOptions, ValuesFile, merge_options};
pub use warning::Warning;
