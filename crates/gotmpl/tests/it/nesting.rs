//! Templates that nest without end are refused, and nothing overflows on the way.

use gotmpl::{Env, Item, Limits, Run, Set, TextOrigin};
use source::Span;

fn run(template: &str) -> Result<String, String> {
    gotmpl::on_large_stack(|| {
        let mut set = Set::new();
        set.add(
            &gotmpl::parse("t", &template.as_bytes().into(), TextOrigin::Value(Span::DETACHED), usize::MAX)
                .map_err(|e| e.message)?,
        );
        let env = Env::default();
        let result = Run::new(&set, &env, Limits::default(), true).execute("t", Item::default());
        result
            .map(|text| text.to_str_lossy().into_owned())
            .map_err(|error| String::from_utf8_lossy(&error.cause).into_owned())
    })
    .unwrap()
}

#[test]
fn recursion_ends() {
    let levels = "more than 20000 levels deep";
    for body in [
        "{{template \"r\" .}}",
        "{{if true}}{{with 1}}{{template \"r\" .}}{{end}}{{end}}",
        "{{range (list (list 1))}}{{(((template \"r\" .)))}}{{end}}",
    ] {
        let error = run(&format!("{{{{define \"r\"}}}}{body}{{{{end}}}}{{{{template \"r\" .}}}}")).unwrap_err();
        assert!(error.contains(levels) || error.contains("unexpected"), "{error}");
    }
    let include = "{{define \"r\"}}{{if true}}{{(include \"r\" (list .)) | print}}{{end}}{{end}}{{include \"r\" .}}";
    let error = run(include).unwrap_err();
    assert!(error.contains("nested reference name: r") || error.contains("not defined"), "{error}");
}

#[test]
fn nested_texts_are_refused_while_they_are_read() {
    for (open, close) in [("(", ")"), ("{{if 1}}", "{{end}}"), ("{{if 1}}{{else if 1}}", "{{end}}")] {
        let text = match open {
            "(" => format!("{{{{{}1{}}}}}", open.repeat(50_000), close.repeat(50_000)),
            _ => format!("{}{}", open.repeat(50_000), close.repeat(50_000)),
        };
        assert!(run(&text).unwrap_err().contains("max expression depth exceeded"), "{open}");
    }
    let chained = format!("{{{{if 0}}}}{}{{{{end}}}}", "{{else if 0}}".repeat(50_000));
    assert!(run(&chained).unwrap_err().contains("max expression depth exceeded"));
}
