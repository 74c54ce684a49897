//! Addresses of sources, and Git URLs that mean the same repository.

use yaml::Node;

use crate::fields::{some_text, text};

/// The address of a source as it is written: `spec.url`, or the endpoint and name of a bucket.
pub(crate) fn of(source: &Node) -> Option<String> {
    let bucket = || {
        let endpoint = some_text(source, &["spec", "endpoint"])?;
        Some(format!("{endpoint}/{}", text(source, &["spec", "bucketName"])))
    };
    some_text(source, &["spec", "url"]).map(str::to_owned).or_else(bucket)
}

/// The address without user and password.
pub(crate) fn shown(source: &Node) -> Option<String> {
    let url = of(source)?;
    let Some((scheme, rest)) = url.split_once("://") else { return Some(url) };
    let (authority, path) = rest.split_once('/').map_or((rest, None), |(host, path)| (host, Some(path)));
    // `git@` of an SSH address is no secret.
    let host = authority.rsplit_once('@').filter(|(user, _)| user.contains(':')).map_or(authority, |(_, host)| host);
    Some(format!("{scheme}://{host}{}", path.map(|path| format!("/{path}")).unwrap_or_default()))
}

/// Host and path without scheme, user, port and `.git`, the host in lower case: `git@github.com:a/b.git`,
/// `ssh://git@github.com:22/a/b` and `https://github.com/a/b` are one repository.
pub(super) fn normal(url: &str) -> String {
    let url = url.trim();
    let (rest, has_scheme) = url.split_once("://").map_or((url, false), |(_, rest)| (rest, true));
    let (authority, path) = match rest.split_once('/') {
        // `git@host:owner/name` has its path after a colon.
        Some(_) if !has_scheme && rest.contains(':') => rest.split_once(':').unwrap_or((rest, "")),
        Some(parts) => parts,
        None if !has_scheme => rest.split_once(':').unwrap_or((rest, "")),
        None => (rest, ""),
    };
    let host = authority.rsplit('@').next().unwrap_or(authority);
    let host = host.split(':').next().unwrap_or(host);
    let path = path.trim_matches('/');
    format!("{}/{}", host.to_ascii_lowercase(), path.strip_suffix(".git").unwrap_or(path))
}

#[cfg(test)]
mod tests {
    use super::normal;

    #[test]
    fn one_repository_many_urls() {
        for url in [
            "https://github.com/a/b",
            "https://user:token@GitHub.com/a/b.git",
            "ssh://git@github.com/a/b",
            "ssh://git@github.com:22/a/b.git",
            "git@github.com:a/b.git",
        ] {
            assert_eq!(normal(url), "github.com/a/b", "{url}");
        }
        assert_ne!(normal("https://github.com/a/b"), normal("https://github.com/a/c"));
    }
}
