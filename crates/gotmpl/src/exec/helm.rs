//! `include` and `tpl`, which run templates: helm 4.2.3, `pkg/engine/engine.go`.

use source::Span;

use super::{Run, without_no_value};
use crate::failure::Failure;
use crate::parse::{self, TextOrigin};
use crate::quote::quote;
use crate::value::{Item, Text};

/// How often a template may be included within itself.
const MAX_NESTED: u32 = 1_000;

/// The name of every text that `tpl` runs.
const TPL: &str = "gotpl";

impl Run<'_> {
    /// What the template called `name` prints.
    pub(super) fn include(&mut self, name: &Text, data: Item) -> Result<Text, Failure> {
        let nested = self.included.entry(name.clone()).or_default();
        if *nested > MAX_NESTED {
            let name = String::from_utf8_lossy(name);
            return Err(Failure::error(format!(
                "rendering template has a nested reference name: {name}: unable to execute template"
            )));
        }
        *nested += 1;
        let result = self.named(&name.to_str_lossy(), data);
        if let Some(nested) = self.included.get_mut(name) {
            *nested -= 1;
        }
        result.map(super::Output::into_text).map_err(Failure::Nested)
    }

    /// What a text prints as a template. What it defines is gone afterwards.
    pub(super) fn tpl(&mut self, text: &Text, span: Span, data: Item) -> Result<Text, Failure> {
        // Charts run `tpl` on every value, and hardly any of them is a template.
        if memchr::memmem::find(text, b"{{").is_none() {
            return Ok(without_no_value(text));
        }
        self.budget.step(1 + text.len() as u64 / 64)?;
        let parsed = parse::parse(TPL, &text.as_bytes().into(), TextOrigin::Value(span), self.budget.limits().depth)
            .map_err(|error| match error.is_too_deep {
                true => Failure::TooDeep(error.message),
                false => Failure::error(format!("cannot parse template {}: {}", quote(text), error.message)),
            })?;
        let layer = self.base.layer(self.layer.as_ref(), &parsed);
        let Some(tree) = parsed.trees.iter().find(|tree| &*tree.name == TPL) else { return Ok(Text::from("")) };
        let outer = self.layer.replace(layer);
        let result = self.tree(tree, data);
        self.layer = outer;
        match result {
            Ok(output) => Ok(without_no_value(&output.into_text())),
            Err(error) => {
                let before = format!("error during tpl function execution for {}: ", quote(text));
                Err(Failure::Nested(error.wrapped(before.into_bytes())))
            }
        }
    }
}
