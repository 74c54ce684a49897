//! Label selectors as Kubernetes writes them: `app=web,tier in (a, b),!legacy,weight>3`.
//!
//! Follows `k8s.io/apimachinery/pkg/labels` as kustomize v5.8.1 carries it; annotations are selected by the same language.

/// One condition of a selector.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Requirement {
    key: String,
    operator: Operator,
}

#[derive(Clone, PartialEq, Eq, Debug)]
enum Operator {
    Exists,
    Missing,
    In(Vec<String>),
    NotIn(Vec<String>),
    Above(i64),
    Below(i64),
}

impl Requirement {
    /// Whether labels meet the condition; `value` gives the value of a key.
    pub(crate) fn matches(&self, value: impl Fn(&str) -> Option<String>) -> bool {
        let value = value(&self.key);
        let number = |value: Option<String>| value.and_then(|text| text.parse::<i64>().ok());
        match &self.operator {
            Operator::Exists => value.is_some(),
            Operator::Missing => value.is_none(),
            Operator::In(values) => value.is_some_and(|value| values.contains(&value)),
            Operator::NotIn(values) => value.is_none_or(|value| !values.contains(&value)),
            Operator::Above(limit) => number(value).is_some_and(|number| number > *limit),
            Operator::Below(limit) => number(value).is_some_and(|number| number < *limit),
        }
    }
}

#[derive(Clone, PartialEq, Eq, Debug)]
enum Token {
    Word(String),
    Symbol(&'static str),
}

impl Token {
    fn text(&self) -> &str {
        match self {
            Token::Word(text) => text,
            Token::Symbol(text) => text,
        }
    }
}

/// Reads a selector; an empty one has no conditions.
///
/// # Errors
/// What is wrong, in words.
pub(crate) fn parse(selector: &str) -> Result<Vec<Requirement>, String> {
    let mut tokens = tokens(selector)?.into_iter().peekable();
    let mut requirements = Vec::new();
    if tokens.peek().is_none() {
        return Ok(requirements);
    }
    loop {
        requirements.push(requirement(&mut tokens)?);
        match tokens.next() {
            None => return Ok(requirements),
            Some(Token::Symbol(",")) => {}
            Some(other) => return Err(format!("found `{}` where a comma is expected", other.text())),
        }
    }
}

type Tokens = std::iter::Peekable<std::vec::IntoIter<Token>>;

fn requirement(tokens: &mut Tokens) -> Result<Requirement, String> {
    let negated = tokens.next_if_eq(&Token::Symbol("!")).is_some();
    let key = word(tokens.next())?;
    check_key(&key)?;
    if matches!(tokens.peek(), None | Some(Token::Symbol(","))) {
        let operator = if negated { Operator::Missing } else { Operator::Exists };
        return Ok(Requirement { key, operator });
    }
    if negated {
        return Ok(Requirement { key, operator: Operator::Missing });
    }
    let symbol = tokens.next();
    let operator = match symbol.as_ref().map(Token::text) {
        Some("=" | "==") => Operator::In(vec![value(tokens)?]),
        Some("!=") => Operator::NotIn(vec![value(tokens)?]),
        Some("in") => Operator::In(values(tokens)?),
        Some("notin") => Operator::NotIn(values(tokens)?),
        Some(sign @ (">" | "<")) => {
            let text = value(tokens)?;
            let number = text.parse().map_err(|_| format!("`{text}` after `{sign}` must be an integer"))?;
            if sign == ">" { Operator::Above(number) } else { Operator::Below(number) }
        }
        other => return Err(format!("found `{}` where `=`, `!=`, `in` or `notin` is expected", other.unwrap_or(""))),
    };
    Ok(Requirement { key, operator })
}

fn word(token: Option<Token>) -> Result<String, String> {
    match token {
        Some(Token::Word(text)) => Ok(text),
        Some(Token::Symbol(text)) => Err(format!("found `{text}` where a name is expected")),
        None => Err("it ends where a name is expected".to_owned()),
    }
}

/// The one value of a comparison, which may be empty.
fn value(tokens: &mut Tokens) -> Result<String, String> {
    match tokens.peek() {
        None | Some(Token::Symbol(",")) => Ok(String::new()),
        Some(_) => {
            let value = word(tokens.next())?;
            check_value(&value)?;
            Ok(value)
        }
    }
}

/// The values in parentheses, of which any may be empty.
fn values(tokens: &mut Tokens) -> Result<Vec<String>, String> {
    if tokens.next_if_eq(&Token::Symbol("(")).is_none() {
        return Err("an opening parenthesis is missing".to_owned());
    }
    let mut values = Vec::new();
    loop {
        let mut value = String::new();
        if let Some(Token::Word(text)) = tokens.next_if(|token| matches!(token, Token::Word(_))) {
            check_value(&text)?;
            value = text;
        }
        values.push(value);
        match tokens.next() {
            Some(Token::Symbol(",")) => {}
            Some(Token::Symbol(")")) => return Ok(values),
            Some(other) => return Err(format!("found `{}` where `,` or `)` is expected", other.text())),
            None => return Err("a closing parenthesis is missing".to_owned()),
        }
    }
}

fn tokens(selector: &str) -> Result<Vec<Token>, String> {
    const SYMBOLS: [&str; 9] = ["==", "!=", "=", "!", "(", ")", ",", ">", "<"];
    let mut tokens = Vec::new();
    let mut rest = selector;
    loop {
        rest = rest.trim_start_matches([' ', '\t', '\r', '\n']);
        if rest.is_empty() {
            return Ok(tokens);
        }
        if let Some(symbol) = SYMBOLS.into_iter().find(|symbol| rest.starts_with(symbol)) {
            tokens.push(Token::Symbol(symbol));
            rest = rest.get(symbol.len()..).unwrap_or_default();
            continue;
        }
        let end = rest.find([' ', '\t', '\r', '\n', '=', '!', '(', ')', ',', '>', '<']).unwrap_or(rest.len());
        let (word, after) = rest.split_at_checked(end).ok_or("it is not readable")?;
        tokens.push(Token::Word(word.to_owned()));
        rest = after;
    }
}

/// A name, with a DNS prefix and a slash before it or not.
fn check_key(key: &str) -> Result<(), String> {
    let (prefix, name) = match key.split_once('/') {
        Some((prefix, name)) => (Some(prefix), name),
        None => (None, key),
    };
    let label = |label: &str| {
        let inner = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
        !label.is_empty() && label.bytes().all(inner) && !label.starts_with('-') && !label.ends_with('-')
    };
    let prefix_fits = prefix.is_none_or(|prefix| prefix.len() <= 253 && prefix.split('.').all(label));
    if prefix_fits && !name.is_empty() && is_name(name) { Ok(()) } else { Err(format!("`{key}` is no label key")) }
}

fn check_value(value: &str) -> Result<(), String> {
    if value.is_empty() || is_name(value) { Ok(()) } else { Err(format!("`{value}` is no label value")) }
}

fn is_name(text: &str) -> bool {
    let edge = |byte: Option<u8>| byte.is_some_and(|byte| byte.is_ascii_alphanumeric());
    text.len() <= 63
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.'))
        && edge(text.bytes().next())
        && edge(text.bytes().last())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn matches(selector: &str, labels: &[(&str, &str)]) -> bool {
        let get = |key: &str| labels.iter().find(|(k, _)| *k == key).map(|(_, value)| (*value).to_owned());
        parse(selector).unwrap().iter().all(|requirement| requirement.matches(get))
    }

    #[test]
    fn selects_as_kubernetes_does() {
        let labels = [("app", "web"), ("tier", ""), ("example.com/weight", "7")];
        for selector in
            ["", "app", "app=web", "app == web", "app in (db,web)", "!legacy", "legacy!=x", "tier=", "tier in (,a)"]
        {
            assert!(matches(selector, &labels), "{selector}");
        }
        assert!(matches("app=web,example.com/weight>6 , example.com/weight < 8", &labels));
        for selector in ["app=db", "!app", "app notin (web)", "legacy", "legacy in (a)", "app>1"] {
            assert!(!matches(selector, &labels), "{selector}");
        }
        for selector in ["app=", "in", "notin=1", "x in ()"] {
            assert!(parse(selector).is_ok(), "{selector}");
        }
        for selector in ["app in web", "app=web,", ",", "a b", "app=web x", "-a", "a/b/c", "app>x", "(", "app=b*"] {
            assert!(parse(selector).is_err(), "{selector}");
        }
    }
}
