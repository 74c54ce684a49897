//! Rules of charts: what keeps a release or an inflated chart from being rendered, and what Flux does otherwise than Helm.

use super::{Rule, rule};

pub(super) const RULES: &[Rule] = &[
    rule(
        "helm/chart-not-available",
        "a chart is not in the folder that stands for its repository",
        "The release is not rendered. Put the chart there, open or packed, or correct its name.",
    ),
    rule(
        "helm/chart-not-found",
        "there is no chart at the path that a release names",
        "Flux reports the release as not ready. Correct `spec.chart.spec.chart`; it starts at the root of the source.",
    ),
    rule(
        "helm/chart-not-loaded",
        "a chart, or one that it needs, cannot be used",
        "Helm refuses it in the words of the finding. Correct the chart, or take another version.",
    ),
    rule(
        "helm/chart-refuses",
        "a chart refuses the values that it is given",
        "The chart's author calls `fail` or `required`, so Flux cannot install the release. Correct the values; the notes say which templates led there.",
    ),
    rule(
        "helm/digest-not-checked",
        "an artifact is named by its digest, and a local copy stands in for it",
        "Whether the copy is that artifact cannot be seen here. Nothing to do if you trust the copy.",
    ),
    rule(
        "helm/malformed-release-name",
        "a release name for an inflated chart cannot be made",
        "Helm refuses it. Give either `releaseName` or a `nameTemplate` that is a template.",
    ),
    rule(
        "helm/malformed-version",
        "a version of a chart is no version and no range",
        "Flux finds no chart for it. Write a version such as `1.2.3`, or a range such as `1.x` or `>=1.2 <2`.",
    ),
    rule(
        "helm/missing-values-file",
        "`valuesFiles` names a file that is not there or holds no values",
        "Flux cannot pack the chart. Correct the path, which starts at the root of the source or in the chart, or set `ignoreMissingValuesFiles`.",
    ),
    rule(
        "helm/not-a-definition",
        "`crds/` of a chart holds something else than definitions",
        "helm-controller leaves it out, though `helm install` applies it. Move it to `templates/` of the chart.",
    ),
    rule(
        "helm/render-failed",
        "a template of a chart fails",
        "Flux cannot install the release. The finding leads to the template and the notes to what called it; often a value is missing or has another type.",
    ),
    rule(
        "helm/schema-not-checked",
        "the schema of a chart refers to another one by address",
        "Flux loads it and checks the values; here nothing is loaded, so they are taken as they are.",
    ),
    rule(
        "helm/unknown-hook",
        "a template has a hook that Helm does not know",
        "Helm leaves the whole document out without a word. Correct the annotation `helm.sh/hook`.",
    ),
    rule(
        "helm/values-refused",
        "values do not fit the schema of a chart",
        "Helm refuses to install the release. Correct the values that the finding names.",
    ),
    rule(
        "helm/version-not-available",
        "no version of a chart that is here is one that is asked for",
        "The release is not rendered. Add the version to the folder that stands for the repository, or correct the version.",
    ),
    rule(
        "helm/warning",
        "Helm warns of something in a chart or its values",
        "helm-controller does not show it. Mostly a value is not used or has another type than the chart expects.",
    ),
];
