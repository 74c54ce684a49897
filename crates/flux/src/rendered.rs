//! What one cluster gets: the value that `unfold` gives, and the questions that commands ask it.

use object::{Object, ObjectId};
use source::{Diagnostic, Span};
use yaml::Str;

use crate::discovery::ClusterEntry;
use crate::identity::Scopes;
use crate::unit::{Resolution, SourceId, Unit, UnitId};

/// A source that some object in Git defines or some unit names.
#[derive(Clone, Debug)]
pub struct SourceView {
    /// Which source.
    pub id: SourceId,
    /// The unit that applies its definition, if one does.
    pub owner: Option<UnitId>,
    /// Where it is defined; detached when it is only named.
    pub span: Span,
    /// `spec.url`, or the endpoint and bucket; without credentials.
    pub url: Option<Str>,
    /// Branch, tag, version range or digest, as written.
    pub revision: Option<Str>,
    /// `spec.suspend`.
    pub suspend: bool,
    /// Where its files come from in this run.
    pub resolution: Resolution,
    /// The units that render from it, in order.
    pub used_by: Vec<UnitId>,
}

/// Something outside the given files without which a unit cannot be rendered.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Need {
    /// The source whose files are missing.
    pub source: SourceId,
    /// The chart that is wanted of it, when it is a repository of charts.
    pub chart: Option<Str>,
    /// Where they could be had.
    pub url: Option<Str>,
    /// Branch, tag, version range or digest, as written: of the source, or of the chart.
    pub revision: Option<Str>,
    /// Units that wait for it, in order.
    pub wanted_by: Vec<UnitId>,
}

/// One container image in an object.
#[derive(Clone, Debug)]
pub struct Image<'a> {
    /// The unit that applies the object.
    pub unit: &'a Unit,
    /// The object.
    pub object: &'a Object,
    /// The image as written.
    pub image: &'a str,
    /// Where it was written.
    pub span: Span,
}

/// Everything that one cluster gets from its repository. Same input, same value.
#[derive(Clone, Debug)]
pub struct Rendered {
    /// The cluster.
    pub entry: ClusterEntry,
    /// Units by wave, then in the order in which their parents' objects define them.
    pub units: Vec<Unit>,
    /// Sources by kind, namespace and name.
    pub sources: Vec<SourceView>,
    /// What is missing, by source.
    pub needs: Vec<Need>,
    /// Findings that belong to no single unit. [`Rendered::all_diagnostics`] has all of them.
    pub diagnostics: Vec<Diagnostic>,
    pub(crate) scopes: Scopes,
}

impl Rendered {
    /// Every object with the unit that applies it, in order.
    pub fn objects(&self) -> impl Iterator<Item = (&Unit, &Object)> {
        self.units.iter().flat_map(|unit| unit.objects.iter().map(move |object| (unit, object)))
    }

    /// The unit with the given id.
    pub fn unit(&self, id: &UnitId) -> Option<&Unit> {
        self.units.iter().find(|unit| unit.id == *id)
    }

    /// The object as the cluster knows it: no namespace on cluster-scoped kinds.
    pub fn identity(&self, object: &Object) -> ObjectId {
        self.scopes.identity(&object.node)
    }

    /// The objects with the given identity; more than one when two units claim it.
    pub fn find(&self, id: &ObjectId) -> Vec<(&Unit, &Object)> {
        self.objects().filter(|(_, object)| self.identity(object) == *id).collect()
    }

    /// Findings about the cluster, then those of every unit, in order.
    pub fn all_diagnostics(&self) -> impl Iterator<Item = &Diagnostic> {
        self.diagnostics.iter().chain(self.units.iter().flat_map(|unit| &unit.diagnostics))
    }

    /// Every container image of every object, in order.
    pub fn images(&self) -> Vec<Image<'_>> {
        self.objects()
            .flat_map(|(unit, object)| {
                crate::images::of(&object.node).into_iter().map(move |(image, span)| Image {
                    unit,
                    object,
                    image,
                    span,
                })
            })
            .collect()
    }
}
