//! From events to trees: typing, keys, anchors and merge keys, within limits.
//!
//! Anchored values are shared, not copied, so an alias costs nothing; what it would cost the tools (and whoever prints the
//! tree) is counted as a weight, and texts whose weight explodes are refused.

use std::borrow::Cow;
use std::collections::HashMap;

use source::{Diagnostic, FileId, Span};

use crate::{Dialect, DuplicateKeys, List, Map, Node, ReadOptions, Str, Value};

use super::fields::Fields;
use super::merge;
use super::parser::{Event, Parser, Properties};
use super::resolve::{Resolved, resolve};
use super::scanner::Scan;
use super::token::Style;
use super::typed::{self, Scalar};

/// A finished node with what it costs when it is expanded again.
#[derive(Clone, Debug)]
struct Done {
    node: Node,
    /// Decoding steps of go-yaml for this node and all below it, aliases expanded.
    weight: u64,
    height: usize,
    /// Whether an alias stands here.
    alias: bool,
}

#[derive(Debug)]
enum Anchor {
    /// The collection at this depth is still being read: an alias to it is a circle.
    Open(usize),
    Done(Done),
}

/// The key whose value comes next.
#[derive(Debug)]
enum Key {
    Field(Str, Span),
    Merge,
    /// A key of what is only checked.
    Checked,
}

#[derive(Debug)]
enum Items {
    List(Vec<Node>),
    Map {
        fields: Fields,
        key: Option<Key>,
        /// The merge key's place, and the maps that wait until the map is complete, as kustomize merges.
        merge: Option<(Span, Vec<Map>)>,
    },
}

#[derive(Debug)]
struct Frame<'a> {
    items: Items,
    start: usize,
    /// Whether it, or a collection around it, is written in brackets.
    flow: bool,
    anchor: Option<&'a str>,
    weight: u64,
    height: usize,
}

/// Composes the documents of one file.
pub(crate) struct Composer<'a, 'o> {
    file: FileId,
    options: &'o ReadOptions,
    parser: Parser<'a>,
    anchors: HashMap<&'a str, Anchor>,
    frames: Vec<Frame<'a>>,
    /// Nodes of the file so far, aliases expanded.
    total: &'o mut u64,
    /// Which fields of the outermost map are wanted; the rest is checked and left out.
    wanted: Option<fn(&str) -> bool>,
    /// Whether a field is being read that is not wanted.
    checking: bool,
    /// Whether something was found that checking alone cannot do: an anchor, a merge.
    gave_up: bool,
    /// Keys read before, by [`slot`]: the same few keys stand everywhere.
    keys: Box<[Option<Str>]>,
    /// Decoding steps of the document, and those of them that aliases caused.
    steps: u64,
    alias_steps: u64,
}

impl<'a, 'o> Composer<'a, 'o> {
    pub(crate) fn new(file: FileId, options: &'o ReadOptions, parser: Parser<'a>, total: &'o mut u64) -> Self {
        Self {
            file,
            options,
            parser,
            anchors: HashMap::new(),
            frames: Vec::new(),
            total,
            wanted: None,
            checking: false,
            gave_up: false,
            keys: vec![None; SLOTS].into(),
            steps: 0,
            alias_steps: 0,
        }
    }

    /// Leaves the fields of the outermost map out that `wanted` does not name. They are read and checked all the same.
    pub(crate) fn only(mut self, wanted: fn(&str) -> bool) -> Self {
        self.wanted = Some(wanted);
        self
    }

    /// Whether the document has to be read as a whole after all.
    pub(crate) fn gave_up(&self) -> bool {
        self.gave_up
    }

    fn give_up<T>(&mut self, at: Span) -> Scan<T> {
        self.gave_up = true;
        Err(Box::new(Diagnostic::error("yaml/syntax", at, "anchors and merges need the whole document")))
    }

    /// The first document; `None` when the text has none.
    pub(crate) fn document(&mut self) -> Scan<Option<Node>> {
        let mut root = None;
        loop {
            let happening = self.parser.next()?;
            let (start, end) = (happening.start, happening.end);
            match happening.event {
                Event::StreamEnd => return Ok(None),
                Event::DocumentStart => {}
                Event::DocumentEnd => return Ok(root),
                Event::SequenceStart(properties, flow) => {
                    self.open(Items::List(Vec::new()), properties, start, flow)?
                }
                Event::MappingStart(properties, flow) => {
                    let items = Items::Map { fields: Fields::default(), key: None, merge: None };
                    self.open(items, properties, start, flow)?;
                }
                Event::SequenceEnd | Event::MappingEnd => {
                    if let Some(done) = self.close(end)? {
                        root = Some(done.node);
                    }
                }
                Event::Alias(name) => {
                    let done = self.alias(name, Span::new(self.file, start, end))?;
                    if self.expects_key() {
                        self.alias_key(&done, Span::new(self.file, start, end))?;
                    } else if let Some(done) = self.add(done)? {
                        root = Some(done.node);
                    }
                }
                Event::Scalar { properties, text, style } => {
                    if let Some(done) = self.scalar(&properties, text, style, start, end)? {
                        root = Some(done.node);
                    }
                }
            }
        }
    }

    /// How far the text is scanned.
    pub(crate) fn position(&self) -> usize {
        self.parser.position()
    }

    fn expects_key(&self) -> bool {
        matches!(self.frames.last(), Some(Frame { items: Items::Map { key: None, .. }, .. }))
    }

    fn in_flow(&self) -> bool {
        self.frames.last().is_some_and(|f| f.flow)
    }

    fn count(&mut self, steps: u64, by_alias: Option<Span>, at: Span) -> Scan<()> {
        *self.total = self.total.saturating_add(steps);
        self.steps = self.steps.saturating_add(steps);
        if by_alias.is_some() {
            self.alias_steps = self.alias_steps.saturating_add(steps);
        }
        let too_many = *self.total > self.options.limits.nodes as u64;
        let mostly_aliases = self.alias_steps > self.steps / 2;
        if too_many && !mostly_aliases {
            let limit = self.options.limits.nodes;
            let error = Diagnostic::error("yaml/too-large", at, format!("the text has more than {limit} values"));
            return Err(Box::new(error.with_help("split the file")));
        }
        // go-yaml's own bound against alias bombs (`decode.go`, `allowedAliasRatio`).
        let ratio = self.alias_steps as f64 / self.steps.max(1) as f64;
        let by_ratio = self.options.dialect == Dialect::Kubernetes
            && self.alias_steps > 100
            && self.steps > 1000
            && ratio > allowed_alias_ratio(self.steps);
        if too_many || by_ratio {
            let at = by_alias.unwrap_or(at);
            let error = Diagnostic::error("yaml/alias-bomb", at, "aliases make this text grow far beyond its size")
                .with_help("write out the values instead of nesting aliases in each other");
            return Err(Box::new(error));
        }
        Ok(())
    }

    fn too_deep(&self, at: Span) -> Box<Diagnostic> {
        let limit = self.options.limits.depth;
        let error = Diagnostic::error("yaml/too-deep", at, format!("maps and lists are nested more than {limit} deep"));
        Box::new(error.with_help("nothing that Kubernetes reads is nested this deep: check the file"))
    }

    fn open(&mut self, items: Items, properties: Properties<'a>, start: usize, flow: bool) -> Scan<()> {
        let at = Span::new(self.file, start, start + 1);
        if self.expects_key() {
            let error = Diagnostic::error("yaml/key-type", at, "a key must be a string, not a map or a list");
            return Err(Box::new(error.with_help("put quotes around the key; `{{ … }}` as a value also needs quotes")));
        }
        if self.frames.len() >= self.options.limits.depth {
            return Err(self.too_deep(at));
        }
        self.check_tag(&properties)?;
        self.count(1, None, at)?;
        if let Some(name) = properties.anchor {
            if self.wanted.is_some() {
                return self.give_up(at);
            }
            self.anchors.insert(name, Anchor::Open(self.frames.len()));
        }
        let flow = flow || self.in_flow();
        self.frames.push(Frame { items, start, flow, anchor: properties.anchor, weight: 1, height: 1 });
        Ok(())
    }

    /// Unknown tags of YAML's own name space ask for types that no tool here has; local tags are ignored, as the tools do.
    fn check_tag(&self, properties: &Properties<'_>) -> Scan<()> {
        match &properties.tag {
            Some((tag, span)) => typed::check_tag(tag, *span),
            None => Ok(()),
        }
    }

    fn close(&mut self, end: usize) -> Scan<Option<Done>> {
        let Some(frame) = self.frames.pop() else { return Ok(None) };
        let span = Span::new(self.file, frame.start, end);
        let value = match frame.items {
            Items::List(items) => Value::List(List::from_iter(items)),
            Items::Map { mut fields, merge, .. } => {
                for source in merge.iter().flat_map(|(_, sources)| sources) {
                    fields.merge_under(source);
                }
                Value::Map(fields.finish())
            }
        };
        let node = Node { span, value };
        let done = Done { node, weight: frame.weight, height: frame.height, alias: false };
        if let Some(name) = frame.anchor
            && matches!(self.anchors.get(name), Some(Anchor::Open(depth)) if *depth == self.frames.len())
        {
            self.anchors.insert(name, Anchor::Done(done.clone()));
        }
        self.add(done)
    }

    fn alias(&mut self, name: &'a str, at: Span) -> Scan<Done> {
        let done = match self.anchors.get(name) {
            Some(Anchor::Done(done)) => done.clone(),
            Some(Anchor::Open(depth)) => {
                let start = self.frames.get(*depth).map_or(0, |f| f.start);
                let error = Diagnostic::error(
                    "yaml/alias-cycle",
                    at,
                    format!("`*{name}` stands inside the value of `&{name}`"),
                )
                .with_related(Span::new(self.file, start, start + 1), "the value starts here")
                .with_help("write the value out, or move the anchor");
                return Err(Box::new(error));
            }
            None => {
                let error =
                    Diagnostic::error("yaml/unknown-anchor", at, format!("no anchor `&{name}` before this alias"))
                        .with_help("define the anchor earlier in the same document, or put the value in quotes");
                return Err(Box::new(error));
            }
        };
        let weight = done.weight.saturating_add(1);
        self.count(weight, Some(at), at)?;
        if self.frames.len() + done.height > self.options.limits.depth {
            return Err(self.too_deep(at));
        }
        Ok(Done { weight, alias: true, ..done })
    }

    fn scalar(
        &mut self,
        properties: &Properties<'a>,
        text: Cow<'a, str>,
        style: Style,
        start: usize,
        end: usize,
    ) -> Scan<Option<Done>> {
        let span = Span::new(self.file, start, end);
        self.count(1, None, span)?;
        let scalar = Scalar {
            text,
            style,
            tag: properties.tag.as_ref().map(|(t, s)| (&**t, *s)),
            span,
            in_flow: self.in_flow(),
            outermost: self.frames.len() == 1,
        };
        let is_key = self.expects_key();
        let is_merge = is_key && scalar.is_merge(self.options.dialect);
        if self.wanted.is_some() && (is_merge || properties.anchor.is_some()) {
            return self.give_up(span);
        }
        if is_merge {
            return self.start_merge(span).map(|()| None);
        }
        if self.checking {
            return self.check_scalar(&scalar, is_key, span);
        }
        let done = |value| Done { node: Node { span, value }, weight: 1, height: 0, alias: false };
        if is_key {
            let key = self.key(&scalar)?;
            if let Some(name) = properties.anchor {
                self.anchors.insert(name, Anchor::Done(done(scalar.value(self.options.dialect)?)));
            }
            self.start_field(key, span)?;
            return Ok(None);
        }
        let done = done(scalar.value(self.options.dialect)?);
        if let Some(name) = properties.anchor {
            self.anchors.insert(name, Anchor::Done(done.clone()));
        }
        self.add(done)
    }

    /// A key, shared with the same key before.
    fn key(&mut self, scalar: &Scalar<'_, '_>) -> Scan<Str> {
        let slot = slot(&scalar.text);
        let known = self.keys.get(slot).and_then(Option::as_ref).filter(|known| known.as_str() == &*scalar.text);
        if let Some(known) = known.filter(|_| scalar.is_plain_word()) {
            return Ok(known.clone());
        }
        let key = scalar.key(self.options.dialect)?;
        // Only what is text wherever it stands.
        let is_text = scalar.is_plain_word() && resolve(&scalar.text, self.options.dialect) == Resolved::Text;
        if let Some(slot) = self.keys.get_mut(slot).filter(|_| is_text) {
            *slot = Some(key.clone());
        }
        Ok(key)
    }

    /// A scalar that nobody wants: it must be one that could be read.
    fn check_scalar(&mut self, scalar: &Scalar<'_, '_>, is_key: bool, span: Span) -> Scan<Option<Done>> {
        if is_key {
            scalar.check_key(self.options.dialect)?;
            if let Some(Frame { items: Items::Map { key, .. }, weight, .. }) = self.frames.last_mut() {
                *weight = weight.saturating_add(1);
                *key = Some(Key::Checked);
            }
            return Ok(None);
        }
        scalar.check_value(self.options.dialect)?;
        self.add(Done { node: Node { span, value: Value::Null }, weight: 1, height: 0, alias: false })
    }

    fn alias_key(&mut self, done: &Done, at: Span) -> Scan<()> {
        match typed::key_of_value(&done.node.value, self.options.dialect) {
            Some(key) => self.start_field(key, at),
            None => {
                let what = done.node.value.type_name();
                let error = Diagnostic::error("yaml/key-type", at, format!("a key must be a string, not a {what}"));
                Err(Box::new(error.with_help("write the key out, in quotes")))
            }
        }
    }

    fn start_field(&mut self, name: Str, span: Span) -> Scan<()> {
        let refuse = self.options.duplicate_keys == DuplicateKeys::Refuse;
        let Some(Frame { items: Items::Map { fields, .. }, weight, .. }) = self.frames.last_mut() else {
            return Ok(());
        };
        if refuse && let Some(first) = fields.written_at(&name) {
            let error = Diagnostic::error("yaml/duplicate-key", span, format!("the key `{name}` is there twice"))
                .with_related(first, "first here")
                .with_help("remove one of the two");
            return Err(Box::new(error));
        }
        *weight = weight.saturating_add(1);
        let is_wanted = self.frames.len() != 1 || self.wanted.is_none_or(|wanted| wanted(&name));
        let Some(Frame { items: Items::Map { key, .. }, .. }) = self.frames.last_mut() else { return Ok(()) };
        self.checking |= !is_wanted;
        *key = Some(if is_wanted { Key::Field(name, span) } else { Key::Checked });
        Ok(())
    }

    fn start_merge(&mut self, span: Span) -> Scan<()> {
        let refuse = self.options.dialect == Dialect::Kustomize;
        let Some(Frame { items: Items::Map { key, merge, .. }, .. }) = self.frames.last_mut() else { return Ok(()) };
        if let Some((first, _)) = merge
            && refuse
        {
            let error = Diagnostic::error("yaml/duplicate-key", span, "the merge key `<<` is there twice")
                .with_related(*first, "first here")
                .with_help("merge a list: `<<: [*one, *two]`");
            return Err(Box::new(error));
        }
        merge.get_or_insert((span, Vec::new()));
        *key = Some(Key::Merge);
        Ok(())
    }

    /// Puts a finished node where it belongs; gives it back when it is the root.
    fn add(&mut self, done: Done) -> Scan<Option<Done>> {
        let Some(frame) = self.frames.last_mut() else { return Ok(Some(done)) };
        frame.weight = frame.weight.saturating_add(done.weight);
        frame.height = frame.height.max(done.height + 1);
        match &mut frame.items {
            Items::List(_) if self.checking => {}
            Items::List(items) => items.push(done.node),
            Items::Map { fields, key, merge } => match key.take() {
                // kyaml clears the field `<<` from every map, also one in quotes that does not merge.
                Some(Key::Field(name, _)) if name == "<<" && self.options.dialect == Dialect::Kustomize => {}
                Some(Key::Field(name, span)) => fields.set(name, span, done.node),
                Some(Key::Merge) => {
                    let sources = merge::sources(&done.node, done.alias)?;
                    match (self.options.dialect, merge) {
                        (Dialect::Kustomize, Some((_, waiting))) => *waiting = sources,
                        _ => sources.iter().rev().for_each(|source| fields.merge_over(source)),
                    }
                }
                Some(Key::Checked) | None => {}
            },
        }
        if self.frames.len() == 1 {
            self.checking = false;
        }
        Ok(None)
    }
}

/// How many keys are kept.
const SLOTS: usize = 128;

/// Where a key would be among those read before.
fn slot(key: &str) -> usize {
    let mix = |mixed: usize, byte: &u8| mixed.wrapping_mul(31).wrapping_add(usize::from(*byte));
    let bytes = key.as_bytes();
    let ends = [bytes.first(), bytes.get(bytes.len() / 2), bytes.last()];
    ends.into_iter().flatten().fold(bytes.len(), mix) % SLOTS
}

/// How much of the decoding aliases may cause: go-yaml's `allowedAliasRatio`.
fn allowed_alias_ratio(steps: u64) -> f64 {
    const LOW: f64 = 400_000.0;
    const HIGH: f64 = 4_000_000.0;
    0.99 - 0.89 * ((steps as f64 - LOW) / (HIGH - LOW)).clamp(0.0, 1.0)
}
