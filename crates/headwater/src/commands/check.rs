//! `headwater check`: all findings, judged by what the user denies and allows.

use check::{Policy, rules};
use report::{Paint, Style};

use crate::args::{CheckArgs, CheckOutput};
use crate::failure::{Failure, Outcome};
use crate::output::Output;
use crate::pipeline;

pub(crate) fn run(args: &CheckArgs, output: &Output) -> Result<Outcome, Failure> {
    if let Some(rule) = &args.explain {
        return explain(rule, output);
    }
    let policy =
        Policy::new(&args.deny, &args.allow).map_err(|unknown| unknown_rule(&unknown.name, unknown.similar))?;
    let input = pipeline::fetch(&args.path, &args.cluster, output)?;
    let clusters = pipeline::unfold(&input, &args.cluster)?;
    let findings = policy.apply(check::findings(&clusters));
    let sources = &input.sources;
    let text = match args.output {
        CheckOutput::Human => {
            findings.iter().map(|finding| report::terminal(sources, finding, output.stdout)).collect()
        }
        CheckOutput::Json => report::json(sources, &findings),
        CheckOutput::Sarif => report::sarif(sources, &findings, &descriptions(), env!("CARGO_PKG_VERSION")),
        CheckOutput::Github => report::github(sources, &findings),
        CheckOutput::Markdown => report::markdown(sources, &findings),
    };
    output.data(&text)?;
    let objects: usize = clusters.iter().flat_map(|cluster| &cluster.units).map(|unit| unit.objects.len()).sum();
    let units: usize = clusters.iter().map(|cluster| cluster.units.len()).sum();
    let found = report::summary(&findings);
    let found = if found.is_empty() { "nothing wrong" } else { &found };
    let count = |n: usize, word: &str| if n == 1 { format!("1 {word}") } else { format!("{n} {word}s") };
    output.message(&format!("{found} in {} of {}", count(objects, "object"), count(units, "unit")));
    Ok(if findings.iter().any(source::Diagnostic::is_error) { Outcome::Findings } else { Outcome::Clean })
}

fn descriptions() -> Vec<report::Rule> {
    let describe = |rule: &check::Rule| report::Rule { name: rule.name, summary: rule.summary, details: rule.details };
    rules::all().map(describe).collect()
}

fn explain(name: &str, output: &Output) -> Result<Outcome, Failure> {
    let shown = |rule: &check::Rule, style: Style| {
        format!("{}\n{}.\n\n{}\n", style.paint(Paint::Bold, rule.name), rule.summary, rule.details)
    };
    if name == "all" {
        let width = rules::all().map(|rule| rule.name.len()).max().unwrap_or(0);
        let list = rules::all().map(|rule| format!("{:width$}  {}\n", rule.name, rule.summary));
        output.data(&list.collect::<String>())?;
        return Ok(Outcome::Clean);
    }
    let rule = rules::find(name).map_err(|similar| unknown_rule(name, similar))?;
    output.data(&shown(rule, output.stdout))?;
    Ok(Outcome::Clean)
}

fn unknown_rule(name: &str, similar: Option<&str>) -> Failure {
    let help = match similar {
        Some(similar) => format!("did you mean `{similar}`? `headwater check --explain all` lists the rules"),
        None => "`headwater check --explain all` lists the rules".to_owned(),
    };
    Failure::new(format!("no rule is called `{name}`")).with_help(help)
}
