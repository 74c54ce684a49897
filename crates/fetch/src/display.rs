//! How paths of a tree are shown: the way the user typed the tree, so that a message can be pasted back into a shell.

use std::path::{Component, Path, PathBuf};

use source::TreePath;

/// What stands before the paths of a tree when they are shown.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Display {
    /// A text put before every path; empty, or ending in `/` or `:`.
    Prefix(String),
    /// Relative to a directory inside the tree: the current directory of the user.
    RelativeTo(TreePath),
}

impl Display {
    /// For the tree at `root` (canonical), asked for as `typed`, by someone who stands in `current` (canonical).
    ///
    /// A path that was typed as an absolute one stays absolute; otherwise paths are relative to where the user stands.
    pub fn for_root(root: &Path, typed: &Path, current: &Path) -> Self {
        if typed.is_absolute() {
            return Self::Prefix(with_slash(root));
        }
        if let Ok(inside) = current.strip_prefix(root) {
            return match inside.to_str().and_then(TreePath::new) {
                Some(path) if !path.is_root() => Self::RelativeTo(path),
                _ => Self::Prefix(String::new()),
            };
        }
        Self::Prefix(with_slash(&relative(current, root)))
    }

    /// The path as the user would write it.
    pub fn show(&self, path: &TreePath) -> String {
        let shown = match self {
            Self::Prefix(prefix) => format!("{prefix}{}", path.relative()),
            Self::RelativeTo(from) => {
                let shared = from.parts().zip(path.parts()).take_while(|(a, b)| a == b).count();
                let up = from.parts().skip(shared).map(|_| "..");
                up.chain(path.parts().skip(shared)).collect::<Vec<_>>().join("/")
            }
        };
        if shown.is_empty() { ".".to_owned() } else { shown }
    }
}

fn with_slash(path: &Path) -> String {
    let text = path.to_string_lossy();
    if text.is_empty() || text.ends_with('/') { text.into_owned() } else { format!("{text}/") }
}

/// The way from one canonical directory to another.
fn relative(from: &Path, to: &Path) -> PathBuf {
    let normal = |path: &Path| {
        path.components().filter(|c| matches!(c, Component::Normal(_))).map(|c| c.as_os_str().to_owned()).collect()
    };
    let (from, to): (Vec<_>, Vec<_>) = (normal(from), normal(to));
    let shared = from.iter().zip(&to).take_while(|(a, b)| a == b).count();
    let mut path = PathBuf::new();
    path.extend(from.iter().skip(shared).map(|_| ".."));
    path.extend(to.iter().skip(shared));
    path
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(root: &str, typed: &str, current: &str, path: &str) -> String {
        Display::for_root(Path::new(root), Path::new(typed), Path::new(current)).show(&TreePath::new(path).unwrap())
    }

    #[test]
    fn paths_are_shown_from_where_the_user_stands() {
        assert_eq!(shown("/r", ".", "/r", "apps/a.yaml"), "apps/a.yaml");
        assert_eq!(shown("/r", ".", "/r", "/"), ".");
        assert_eq!(shown("/r", "base", "/r/apps", "apps/base/a.yaml"), "base/a.yaml");
        assert_eq!(shown("/r", ".", "/r/apps", "clusters/a.yaml"), "../clusters/a.yaml");
        assert_eq!(shown("/w/r", "../r/apps", "/w/x", "apps/a.yaml"), "../r/apps/a.yaml");
        assert_eq!(shown("/w/r", "/w/r/apps", "/w/r", "apps/a.yaml"), "/w/r/apps/a.yaml");
        assert_eq!(shown("/", "x", "/w/r", "w/r/x/a.yaml"), "x/a.yaml");
        assert_eq!(shown("/", "x", "/w/r", "w/s/a.yaml"), "../s/a.yaml");
    }
}
