//! Keywords for objects.

use yaml::Str;

use super::super::compile::{Additional, Dependency};
use super::super::draft::Draft;
use super::super::instance::Instance;
use super::super::localized::{integer, quote, quote_all};
use super::{Step, Validator, Whole, validate_root};

impl<'v, T: Instance> Validator<'_, '_, 'v, T> {
    pub(super) fn object(&mut self) {
        let (draft, value) = (self.scope.schema.draft, self.value);
        let Some(keywords) = &self.scope.schema.object else { return };
        let got = i64::try_from(value.field_count()).unwrap_or(i64::MAX);
        if let Some(want) = keywords.min_properties.filter(|want| got < *want) {
            self.fail(|| format!("minProperties: got {}, want {}", integer(got), integer(want)));
        }
        if let Some(want) = keywords.max_properties.filter(|want| got > *want) {
            self.fail(|| format!("maxProperties: got {}, want {}", integer(got), integer(want)));
        }
        if let Some(missing) = self.missing(&keywords.required) {
            self.fail(|| match &*missing {
                [name] => format!("missing property {}", quote(name)),
                names => format!("missing properties {}", quote_all(names.iter().map(Str::as_str))),
            });
        }
        if self.silent && !self.failures.is_empty() {
            return;
        }
        for (name, dependency) in &keywords.dependencies {
            match dependency {
                _ if value.field(name).is_none() => {}
                Dependency::Properties(names) => self.require(names, name),
                Dependency::Schema(id) => {
                    let result = self.itself(*id, false);
                    self.add(result);
                }
            }
        }
        self.fields();
        if draft == Draft::Draft4 {
            return;
        }
        self.names();
        if draft == Draft::Draft6 {
            return;
        }
        for (name, id) in &keywords.dependent_schemas {
            if value.field(name).is_some() {
                let result = self.itself(*id, false);
                self.add(result);
            }
        }
        for (name, names) in &keywords.dependent_required {
            if value.field(name).is_some() {
                self.require(names, name);
            }
        }
    }

    /// `properties`, `patternProperties` and `additionalProperties`, field by field.
    fn fields(&mut self) {
        let Some(keywords) = &self.scope.schema.object else { return };
        if keywords.properties.is_empty() && keywords.patterns.is_empty() && keywords.additional.is_none() {
            return;
        }
        let mut additional = Vec::new();
        for (name, value) in self.value.fields() {
            if self.silent && !self.failures.is_empty() {
                return;
            }
            let mut evaluated = false;
            if let Some(id) = keywords.properties.get(name) {
                evaluated = true;
                let result = self.below(*id, value, Step::Field(name));
                self.add(result);
            }
            for (_, id) in keywords.patterns.iter().filter(|(pattern, _)| pattern.is_match(name)) {
                evaluated = true;
                let result = self.below(*id, value, Step::Field(name));
                self.add(result);
            }
            match keywords.additional {
                None if !evaluated => continue,
                Some(Additional::Allowed(false)) if !evaluated => additional.push(name.as_str()),
                Some(Additional::Schema(id)) if !evaluated => {
                    let result = self.below(id, value, Step::Field(name));
                    self.add(result);
                }
                _ => {}
            }
            self.left.fields.remove(name.as_str());
        }
        if !additional.is_empty() {
            self.fail(|| format!("additional properties {} not allowed", quote_all(additional)));
        }
    }

    /// `propertyNames`: each name is a value of its own, whose failures say nothing about where in the object it stands.
    fn names(&mut self) {
        let Some(id) = self.scope.schema.object.as_ref().and_then(|object| object.names) else { return };
        let Some(schema) = self.scope.schemas.get(id) else { return };
        let mut whole = Whole { schemas: self.scope.schemas, root: id };
        if let (Some(meta), Some(parts)) = (self.meta, self.run.parts)
            && std::ptr::eq(meta, schema)
            && let Some(own) = parts.get(&*self.location.pointer())
        {
            whole = *own;
        }
        for (name, _) in self.value.fields() {
            if let Some(mut causes) = validate_root(self.run, whole, &T::of_text(name)) {
                causes.iter_mut().for_each(|cause| cause.span = self.value.span());
                // Such a failure is at the root of its own document, whatever is around it.
                let mut failure = self.failure(|| format!("invalid propertyName {}", quote(name)));
                failure.location = String::new();
                failure.causes = causes;
                self.failures.push(failure);
            }
        }
    }

    fn require(&mut self, names: &[Str], because: &str) {
        if let Some(missing) = self.missing(names) {
            self.fail(|| {
                let missing = quote_all(missing.iter().map(Str::as_str));
                format!("properties {missing} required, if {} exists", quote(because))
            });
        }
    }

    fn missing(&self, names: &[Str]) -> Option<Vec<Str>> {
        let missing: Vec<Str> = names.iter().filter(|name| self.value.field(name).is_none()).cloned().collect();
        (!missing.is_empty()).then_some(missing)
    }
}
