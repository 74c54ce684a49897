//! Helm's texts about templates that failed, made from Go's.
//!
//! Helm takes the error texts of `text/template` apart again; `cleanupParseError` and `reformatExecErrorMsg` of
//! `pkg/engine/engine.go`, helm 4.2.3. Templates and values stand in these texts, so they are bytes.

use gotmpl::CHART_MESSAGE;

/// One link of the chain as Helm shows it.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
struct Link {
    location: String,
    executed: String,
    message: String,
}

/// Helm's text for a file that does not parse, from Go's.
pub(crate) fn parse_error(file: &str, error: &str) -> String {
    let mut tokens = error.split(": ");
    match (tokens.next(), tokens.next()) {
        (Some(_), Some(location)) => {
            let message = tokens.last().unwrap_or(location);
            format!("parse error at ({location}): {message}")
        }
        _ => format!("parse error in ({file}): {error}"),
    }
}

/// Helm's text for a file that failed, from what each link of the chain of errors says before what it wraps, outermost first:
/// the `Error()` of a link is its words and those of all links after it.
pub(crate) fn exec_error(file: &str, words: &[impl AsRef<str>]) -> String {
    let outermost: String = words.iter().map(AsRef::as_ref).collect();
    let outermost = outermost.as_str();
    let mut tokens = outermost.splitn(3, ": ");
    let (Some(_), Some(location), Some(rest)) = (tokens.next(), tokens.next(), tokens.next()) else {
        return format!("execution error in ({file}): {outermost}");
    };
    if let Some(message) = chart_message(rest) {
        return format!("execution error at ({location}): {message}");
    }
    let mut links: Vec<Link> = Vec::new();
    let mut start = 0;
    for words in words {
        let Some(link) = outermost.get(start..).and_then(link) else { return outermost.to_owned() };
        start += words.as_ref().len();
        if links.last() != Some(&link) {
            links.push(link);
        }
    }
    let text: String = links.iter().map(Link::text).collect();
    text.trim().to_owned()
}

/// The longest text between the marks, as the greedy pattern of upstream finds it.
fn chart_message(text: &str) -> Option<&str> {
    let (_, after) = text.split_once(CHART_MESSAGE.0)?;
    after.rsplit_once(CHART_MESSAGE.1).map(|(message, _)| message)
}

fn link(text: &str) -> Option<Link> {
    let rest = text.strip_prefix("template: ")?;
    if rest.starts_with("no template ") {
        return Some(Link { message: text.to_owned(), ..Link::default() });
    }
    executing(rest).or_else(|| {
        let (location, message) = rest.rsplit_once(": ")?;
        Some(Link { location: location.to_owned(), message: before_next(message), ..Link::default() })
    })
}

/// `NAME: executing "TEMPLATE" at <NODE>: MESSAGE`.
fn executing(text: &str) -> Option<Link> {
    let (location, after) = text.split_once(": executing ")?;
    let (template, after) = after.strip_prefix('"')?.split_once('"')?;
    let (node, message) = after.strip_prefix(" at <")?.split_once(">: ")?;
    Some(Link {
        location: location.to_owned(),
        executed: format!("executing \"{template}\" at <{node}>:"),
        message: before_next(message),
    })
}

/// Without the next link of the chain, which is shown on its own.
fn before_next(message: &str) -> String {
    message.split_once(" template:").map_or(message, |(before, _)| before).to_owned()
}

impl Link {
    fn text(&self) -> String {
        let part = |text: &str, before: &str| if text.is_empty() { String::new() } else { format!("{text}\n{before}") };
        [part(&self.location, "  "), part(&self.executed, "    "), part(&self.message, "")].concat()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parse_errors_keep_place_and_last_words() {
        let error = "template: c/templates/a.yaml:3: function \"nope\" not defined";
        assert_eq!(parse_error("f", error), "parse error at (c/templates/a.yaml:3): function \"nope\" not defined");
        assert_eq!(parse_error("f", "odd"), "parse error in (f): odd");
    }

    #[test]
    fn chains_are_shown_link_by_link() {
        let inner =
            "template: c/templates/_h.tpl:2:4: executing \"c.name\" at <.a.b>: nil pointer evaluating interface {}.b";
        let outer = "template: c/templates/a.yaml:1:3: executing \"c/templates/a.yaml\" at <include \"c.name\" .>: error calling include: ";
        let text = exec_error("c/templates/a.yaml", &[outer, inner]);
        assert_eq!(
            text,
            "c/templates/a.yaml:1:3\n  executing \"c/templates/a.yaml\" at <include \"c.name\" .>:\n    error calling include:\n\
             c/templates/_h.tpl:2:4\n  executing \"c.name\" at <.a.b>:\n    nil pointer evaluating interface {}.b"
        );
    }

    #[test]
    fn a_link_that_is_no_template_error_keeps_the_chain_in_one_line() {
        let outer = "template: a:1:3: executing \"a\" at <fromJson 1>: error calling x: ";
        assert_eq!(exec_error("a", &[outer, "boom"]), format!("{outer}boom"));
    }

    #[test]
    fn the_charts_own_words_stand_alone() {
        let outer = "template: a:1:3: executing \"a\" at <fail \"x\">: error calling fail: HELM_ERR_STARTstop: hereHELM_ERR_END";
        assert_eq!(exec_error("a", &[outer]), "execution error at (a:1:3): stop: here");
    }
}
