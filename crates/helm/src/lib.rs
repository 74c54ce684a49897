//! Helm: a chart and values to manifests, hooks and notes, as `helm template` of helm 4.2.3 gives them.
