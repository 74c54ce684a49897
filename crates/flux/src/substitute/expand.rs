//! One pass over a printed object: every `${…}` becomes its value, and a map says where each stretch comes from.

use std::collections::BTreeMap;
use std::ops::Range;

use source::{Diagnostic, Piece, Sources, Span, SpanMap};

use super::functions::{Refusal, apply};
use super::parse::{Call, Malformed, Operator, Part, Problem, parse};
use super::variables::Variables;
use crate::glob::Fuel;
use crate::near::{listed, near};

/// Bytes that one object may grow to.
const OUTPUT: usize = 16 << 20;

/// Steps of pattern matching in one object.
const FUEL: u64 = 5_000_000;

/// A text with its way back.
pub(super) struct Expansion {
    pub(super) text: String,
    pub(super) map: SpanMap,
    /// Whether the value of a Secret went in: then no message may quote the text.
    pub(super) secret: bool,
    pub(super) warnings: Vec<Diagnostic>,
}

/// Replaces the variables in `printed`, whose map leads to Git.
pub(super) fn expand(
    sources: &Sources,
    printed: &str,
    printed_map: &SpanMap,
    variables: &Variables,
    strict: bool,
) -> Result<Expansion, Vec<Diagnostic>> {
    let mut places = Places { sources, printed, map: printed_map, current: None };
    let parts = parse(printed).map_err(|malformed| vec![refused(&malformed, printed, &mut places)])?;
    let mut run = Run {
        printed,
        variables,
        strict,
        fuel: Fuel(FUEL),
        left: OUTPUT,
        undefined: BTreeMap::new(),
        errors: Vec::new(),
        ignored: Vec::new(),
        secret: false,
    };
    let mut text = String::with_capacity(printed.len());
    let mut map = SpanMap::default();
    for part in &parts {
        let start = text.len();
        match part {
            Part::Text(range) => {
                text.push_str(run.take(range));
                for piece in printed_map.overlapping(range.start, range.end) {
                    let (from, to) = (piece.start.max(range.start), piece.end.min(range.end));
                    map.push(Piece {
                        start: start + from - range.start,
                        end: start + to - range.start,
                        origin: piece.origin,
                        value: piece.value,
                        secret: piece.secret,
                    });
                }
            }
            Part::Call(call) => {
                let before = std::mem::take(&mut run.secret);
                let (value, span) = run.call(call);
                text.push_str(&value);
                let origin = places.of(&call.range);
                let value = span.filter(|s| !s.is_detached());
                // A variable may hold what an outer Kustomization took from a Secret.
                let secret = run.secret || value.is_some_and(|span| sources.trace(span).secret);
                run.secret = before || secret;
                map.push(Piece { start, end: text.len(), origin, value, secret });
            }
        }
        if !run.errors.is_empty() {
            break;
        }
    }
    let errors = run.diagnostics(&mut Places { sources, printed, map: printed_map, current: None });
    if !errors.is_empty() {
        return Err(errors);
    }
    let warnings = run.ignored.iter().map(|(range, operator)| ignored_operator(range, *operator, &mut places));
    Ok(Expansion { warnings: warnings.collect(), text, map, secret: run.secret })
}

struct Run<'a> {
    printed: &'a str,
    variables: &'a Variables,
    strict: bool,
    fuel: Fuel,
    left: usize,
    /// Variables without value or default, each with its first place and how often it is used.
    undefined: BTreeMap<String, (Range<usize>, usize)>,
    errors: Vec<(Range<usize>, Refusal)>,
    ignored: Vec<(Range<usize>, Operator)>,
    secret: bool,
}

impl Run<'_> {
    fn take(&mut self, range: &Range<usize>) -> &str {
        let text = self.printed.get(range.clone()).unwrap_or_default();
        if text.len() > self.left {
            self.errors.push((range.clone(), Refusal::TooExpensive));
        }
        self.left = self.left.saturating_sub(text.len());
        text
    }

    /// The value of a call and where it is written. The depth of calls is bounded by the parser.
    fn call(&mut self, call: &Call) -> (String, Option<Span>) {
        let mut inner_span = None;
        let mut arguments = Vec::with_capacity(call.arguments.len());
        for parts in &call.arguments {
            let mut argument = String::new();
            for part in parts {
                match part {
                    Part::Text(range) => argument.push_str(self.take(range)),
                    Part::Call(inner) => {
                        let (value, span) = self.call(inner);
                        argument.push_str(&value);
                        inner_span = inner_span.or(span);
                    }
                }
            }
            arguments.push(argument);
        }
        let name = self.printed.get(call.name.clone()).unwrap_or_default();
        if matches!(call.operator, Operator::Alternative | Operator::Require) {
            self.ignored.push((call.range.clone(), call.operator));
        }
        let variable = self.variables.get(name);
        let value = match variable {
            Some(variable) => match &variable.text {
                Some(text) => text.as_str(),
                None => return (self.verbatim(call), Some(variable.span)),
            },
            None if call.operator.gives_default() => "",
            None if !self.variables.missing.is_empty() => return (self.verbatim(call), None),
            None => {
                if self.strict {
                    let place = self.undefined.entry(name.to_owned()).or_insert_with(|| (call.range.clone(), 0));
                    place.1 += 1;
                }
                ""
            }
        };
        self.secret |= variable.is_some_and(|v| v.secret);
        let span = if call.operator.gives_default() && value.is_empty() {
            inner_span
        } else {
            variable.map(|v| v.span).or(inner_span)
        };
        match apply(call.operator, value, &arguments, self.left, &mut self.fuel) {
            Ok(value) if value.len() <= self.left => {
                self.left -= value.len();
                (value, span)
            }
            Ok(_) => {
                self.errors.push((call.range.clone(), Refusal::TooExpensive));
                (String::new(), span)
            }
            Err(refusal) => {
                self.errors.push((call.range.clone(), refusal));
                (String::new(), span)
            }
        }
    }

    /// What stands there now: for variables whose value is not known in this run.
    fn verbatim(&mut self, call: &Call) -> String {
        self.take(&call.range).to_owned()
    }

    fn diagnostics(&self, places: &mut Places<'_>) -> Vec<Diagnostic> {
        let refused = self.errors.iter().map(|(range, refusal)| {
            let message = match refusal {
                Refusal::NegativeLength => "a substring of negative length makes kustomize-controller panic",
                Refusal::SplitCharacter => "the result ends in the middle of a character",
                Refusal::TooExpensive => "the substitution takes too many steps or makes the object too large",
            };
            Diagnostic::error("flux/malformed-substitution", places.of(range), message)
        });
        let mut undefined: Vec<_> = self.undefined.iter().collect();
        undefined.sort_by_key(|(_, (range, _))| range.start);
        let mut found: Vec<Diagnostic> = refused.collect();
        for (name, (range, count)) in undefined {
            found.push(self.undefined_variable(name, *count, places.of(range)));
        }
        found
    }

    fn undefined_variable(&self, name: &str, count: usize, place: Span) -> Diagnostic {
        let names = near(name, self.variables.names());
        let mut found = Diagnostic::error(
            "flux/undefined-variable",
            place,
            format!("variable `{name}` is not defined and has no default"),
        );
        if count > 1 {
            found = found.with_note(format!("it is used {count} times in this object"));
        }
        for near_name in &names {
            if let Some(variable) = self.variables.get(near_name) {
                found = found.with_related(variable.span, format!("`{near_name}` is defined here"));
            }
        }
        found.with_help(match listed(&names) {
            Some(listed) => format!("did you mean {listed}?"),
            None => format!(
                "define `{name}` in `spec.postBuild.substitute`, give it a default with `${{{name}:=value}}`, \
                 or write `$${{{name}}}` for the text itself"
            ),
        })
    }
}

/// Leads from the printed text to the exact characters in Git. Ranges come in rising order, so each origin is searched
/// once from its start to its end.
struct Places<'a> {
    sources: &'a Sources,
    printed: &'a str,
    map: &'a SpanMap,
    current: Option<Search>,
}

struct Search {
    origin: Span,
    text: String,
    from: usize,
}

impl Places<'_> {
    fn of(&mut self, range: &Range<usize>) -> Span {
        let Some(origin) = self.map.overlapping(range.start, range.end).first().map(|piece| piece.origin) else {
            return Span::DETACHED;
        };
        if self.current.as_ref().is_none_or(|search| search.origin != origin) {
            let text = self.sources.text(origin).unwrap_or_default();
            self.current = Some(Search { origin, text, from: 0 });
        }
        let expression = self.printed.get(range.clone()).unwrap_or_default();
        let (Some(search), Some(file)) = (&mut self.current, origin.file()) else { return origin };
        match search.text.get(search.from..).and_then(|rest| rest.find(expression)) {
            Some(at) if !expression.is_empty() => {
                let start = search.from + at;
                search.from = start + expression.len();
                Span::new(file, origin.start() + start, origin.start() + search.from)
            }
            _ => {
                // Folded or escaped in Git: looking again for each further call would be quadratic.
                search.from = search.text.len();
                origin
            }
        }
    }
}

fn refused(malformed: &Malformed, printed: &str, places: &mut Places<'_>) -> Diagnostic {
    let text: String = printed.get(malformed.range.clone()).unwrap_or_default().chars().take(60).collect();
    let text = text.split('\n').next().unwrap_or_default();
    let message = match malformed.problem {
        Problem::Name => format!("`{text}` does not name a variable"),
        Problem::ClosingBrace => format!("`{text}` is not closed, or its operator is not known"),
        Problem::Argument => format!("`{text}` has nothing after its operator"),
        Problem::Substitution => format!("`{text}` is not a substitution that Flux can read"),
        Problem::TooDeep => format!("`{text}` is nested too deeply"),
    };
    // The search needs text that stands on one line in Git.
    let line = malformed.range.start..malformed.range.start + text.len();
    Diagnostic::error("flux/malformed-substitution", places.of(&line), message)
        .with_note("Flux refuses the whole Kustomization for it")
        .with_help(
            "write `$${` for a literal `${`, or annotate the object with \
             `kustomize.toolkit.fluxcd.io/substitute: disabled`",
        )
}

fn ignored_operator(range: &Range<usize>, operator: Operator, places: &mut Places<'_>) -> Diagnostic {
    let (sign, meaning) = match operator {
        Operator::Alternative => (":+", "gives the text only when the variable is empty"),
        _ => (":?", "gives the text instead of failing when the variable is empty"),
    };
    Diagnostic::warning(
        "flux/unsupported-substitution-operator",
        places.of(range),
        format!("Flux has no `{sign}`: it {meaning}, as `:-` does"),
    )
    .with_help("write `:-` if that is what you want")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::substitute::Variable;

    fn variables(pairs: &[(&str, &str)]) -> Variables {
        let mut variables = Variables::default();
        for (name, text) in pairs {
            variables.insert(name, Variable { text: Some((*text).to_owned()), ..Variable::default() });
        }
        variables
    }

    fn run(text: &str, variables: &Variables, strict: bool) -> Option<String> {
        let done = expand(&Sources::new(), text, &SpanMap::default(), variables, strict);
        done.ok().map(|expansion| expansion.text)
    }

    fn unescape(text: &str) -> String {
        let mut out = String::new();
        let mut characters = text.chars();
        while let Some(character) = characters.next() {
            out.push(match character {
                '\\' => match characters.next() {
                    Some('n') => '\n',
                    Some('t') => '\t',
                    other => other.unwrap_or('\\'),
                },
                other => other,
            });
        }
        out
    }

    /// Random expressions with the answers of fluxcd/pkg envsubst v1; `!` is an error, a panic, or a result that is no
    /// UTF-8.
    #[test]
    fn conformance_envsubst() {
        let variables = variables(&[
            ("a", "abcABC123ABCabc"),
            ("empty", ""),
            ("path", "/home/bozo/ideas/thoughts.for.today"),
            ("u", "straße é İx"),
            ("n", "3"),
            ("neg", "-2"),
            ("up", "HELLO World"),
            ("dots", "a.b.c.d"),
            ("star", "*b"),
            ("glob", "[a-c]*"),
            ("_x1", "$a ${a} $$"),
            ("s", "a/b/a/b"),
            ("nl", "x: y # z"),
        ]);
        let results = include_str!("../../tests/envsubst.txt").lines().map(|line| {
            let mut fields = line.splitn(3, '\t');
            let mut field = || fields.next().unwrap();
            let (strict, text, wanted) = (field() == "strict", unescape(field()), field());
            let wanted = wanted.strip_prefix('=').map(unescape);
            let found = run(&text, &variables, strict);
            let result = if found == wanted { Ok(()) } else { Err(format!("gives {found:?}, not {wanted:?}")) };
            (line.split('\t').take(2).collect::<Vec<_>>().join(" "), result)
        });
        let score = testkit::Score::of("flux-envsubst", results);
        score.print();
        assert_eq!(score.passed, score.all());
    }
}
