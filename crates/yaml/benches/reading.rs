//! Reading ordinary manifests: bytes per second in both dialects, on text made here so that every machine reads the same.

use divan::counter::BytesCount;
use divan::{Bencher, black_box};
use source::FileId;
use yaml::{Dialect, Limits, read};

fn main() {
    divan::main();
}

/// Two hundred Deployments as people write them: comments, lists that are not indented, a script in a block scalar.
fn manifests() -> String {
    let one = |n: usize| {
        format!(
            "# Web server {n}\napiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: web-{n}\n  namespace: shop\n  labels:\n    \
             app.kubernetes.io/name: web\n    app.kubernetes.io/instance: web-{n}\nspec:\n  replicas: 3\n  selector:\n    matchLabels: \
             {{app: web-{n}}}\n  template:\n    metadata:\n      labels: {{app: web-{n}}}\n    spec:\n      containers:\n      - name: web\n        \
             image: \"registry.example.com/shop/web:1.{n}.0\"\n        command: [\"/bin/sh\", \"-c\"]\n        args:\n        - |\n          \
             set -eu\n          echo \"starting\"\n          exec web --port 8080\n        ports:\n        - containerPort: 8080\n          \
             protocol: TCP\n        resources:\n          requests: {{cpu: 100m, memory: 64Mi}}\n"
        )
    };
    (0..200).map(one).collect::<Vec<_>>().join("---\n")
}

#[divan::bench(args = [Dialect::Kustomize, Dialect::Kubernetes])]
fn deployments(bencher: Bencher<'_, '_>, dialect: Dialect) {
    let text = manifests();
    bencher
        .counter(BytesCount::new(text.len()))
        .bench_local(|| read(FileId::new(1), black_box(text.as_bytes()), dialect, &Limits::default()));
}

/// A long list of numbers and words in brackets: what JSON looks like.
#[divan::bench]
fn flow(bencher: Bencher<'_, '_>) {
    let text = format!("{{\"items\": [{}]}}", "{\"name\": \"one\", \"value\": 12.5, \"on\": true}, ".repeat(5_000));
    bencher
        .counter(BytesCount::new(text.len()))
        .bench_local(|| read(FileId::new(1), black_box(text.as_bytes()), Dialect::Kustomize, &Limits::default()));
}
