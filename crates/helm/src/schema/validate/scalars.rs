//! Keywords for texts and numbers.

use super::super::compile::Bound;
use super::super::instance::{Instance, Number};
use super::super::localized::{float, integer, quote};
use super::Validator;

impl<T: Instance> Validator<'_, '_, '_, T> {
    pub(super) fn text(&mut self, text: &str) {
        let Some(keywords) = &self.scope.schema.text else { return };
        if keywords.min_length.is_some() || keywords.max_length.is_some() {
            let got = i64::try_from(text.chars().count()).unwrap_or(i64::MAX);
            if let Some(want) = keywords.min_length.filter(|want| got < *want) {
                self.fail(|| format!("minLength: got {}, want {}", integer(got), integer(want)));
            }
            if let Some(want) = keywords.max_length.filter(|want| got > *want) {
                self.fail(|| format!("maxLength: got {}, want {}", integer(got), integer(want)));
            }
        }
        if let Some((_, written)) = keywords.pattern.as_ref().filter(|(pattern, _)| !pattern.is_match(text)) {
            self.fail(|| format!("{} does not match pattern {}", quote(text), quote(written)));
        }
    }

    pub(super) fn number(&mut self, number: &Number<'_>) {
        let Some(keywords) = &self.scope.schema.number else { return };
        let Some(value) = number.decimal() else { return };
        let shown = number.text().parse::<f64>().unwrap_or_default() + 0.0;
        let mut check = |name: &str, bound: &Option<Bound>, fits: &dyn Fn(&Bound) -> bool| {
            if let Some(bound) = bound.as_ref().filter(|bound| !fits(bound)) {
                self.fail(|| format!("{name}: got {}, want {}", float(shown), float(bound.float)));
            }
        };
        check("minimum", &keywords.minimum, &|bound| value >= bound.value);
        check("maximum", &keywords.maximum, &|bound| value <= bound.value);
        check("exclusiveMinimum", &keywords.exclusive_minimum, &|bound| value > bound.value);
        check("exclusiveMaximum", &keywords.exclusive_maximum, &|bound| value < bound.value);
        check("multipleOf", &keywords.multiple_of, &|bound| value.is_multiple_of(&bound.value));
    }
}
