//! Builds one directory of a tree and prints the objects: `build ROOT ENTRY [--reorder none]`. For profiling.
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a command")]

use kustomize::{Entry, LoadRestrictor, Memo, Options, Reorder, build};
use source::{Sources, TreePath};

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [root, entry, rest @ ..] = arguments.as_slice() else { return eprintln!("build ROOT ENTRY [--reorder none]") };
    let (Ok(tree), Some(entry)) = (testkit::tree(root.as_ref()), TreePath::new(entry)) else { return };
    let mut options = Options::new(LoadRestrictor::RootOnly);
    options.reorder = rest.first().map(|_| Reorder::None);
    let started = std::time::Instant::now();
    match build(&tree, &Sources::new(), &Memo::new(), &Entry::Directory(entry), &options) {
        Ok(output) => print!("{}", yaml::to_yaml_stream(output.objects.iter().map(|object| &object.node))),
        Err(diagnostics) => diagnostics.iter().for_each(|diagnostic| eprintln!("{}: {}", diagnostic.rule, diagnostic.message)),
    }
    eprintln!("{:?}", started.elapsed());
}
