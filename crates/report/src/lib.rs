//! Values into text that people and other programs read: findings, tables and streams of objects.
//!
//! Pure: what a terminal can do is an argument ([`Style`]), and everything is returned as a string. Nothing that this
//! room prints from a file shows a value of a Secret ([`secrets`]), and no control character of a file reaches a terminal.

mod blame;
mod diff;
mod excerpt;
mod github;
mod json;
mod markdown;
mod objects;
mod places;
mod sarif;
pub mod secrets;
mod style;
mod table;
mod terminal;

pub use blame::blame;
pub use diff::{ClusterDiff, diff, diff_github, diff_json, diff_markdown, diff_summary};
pub use github::github;
pub use json::{diagnostic as json_diagnostic, json, places_json};
pub use markdown::{cell as markdown_cell, markdown};
pub use objects::{json_list, name, yaml_document};
pub use places::{Place, Places};
pub use sarif::{Rule, sarif};
pub use style::{Paint, Style, clean};
pub use table::{Table, crop_front};
pub use terminal::{excerpt, summary, terminal};
