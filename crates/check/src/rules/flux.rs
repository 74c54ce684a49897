//! Rules of the room `flux`: what Flux and its controllers refuse, drop or wait for.

use super::{Rule, rule};

pub(super) const RULES: &[Rule] = &[
    rule(
        "flux/artifact-not-composed",
        "an ArtifactGenerator cannot make its artifact",
        "Kustomizations that read the artifact get nothing. Correct the source, the glob or the path that the finding names.",
    ),
    rule(
        "flux/conflicting-fields",
        "fields stand together that exclude each other",
        "The API server refuses the object. Keep one of the fields.",
    ),
    rule(
        "flux/dangling-dependency",
        "`dependsOn` names a unit that does not exist",
        "Flux waits for it forever, and everything that depends on this unit waits too. Correct name and namespace, or take the dependency away.",
    ),
    rule(
        "flux/dangling-source",
        "`sourceRef` or `chartRef` names a source that does not exist",
        "Flux has nothing to render from and reports the unit as not ready. Define the source, or correct kind, name and namespace.",
    ),
    rule(
        "flux/dependency-cycle",
        "units wait for each other in a circle",
        "Flux reconciles none of them, ever. Take one of the dependencies away.",
    ),
    rule(
        "flux/depends-on-suspended",
        "a unit waits for a suspended one",
        "On a cluster where the suspended unit was never ready, this one never starts. Resume it, or take the dependency away.",
    ),
    rule(
        "flux/deprecated-api",
        "an object uses a version of a Flux API that Flux 2.9 does not serve",
        "The API server refuses the object. Write the version that the finding names; `flux migrate -f .` does it for a whole repository.",
    ),
    rule(
        "flux/dropped-field",
        "a kustomization has a field that kustomize does not know",
        "kustomize refuses it, but Flux writes the kustomization again and loses the field, so what it says is not applied and nobody is told. Correct the name of the field or remove it.",
    ),
    rule(
        "flux/empty-render",
        "a Kustomization with `prune` renders no objects",
        "Flux would delete everything that it applied before. If that is meant, suspend or delete the Kustomization instead; else correct its path or its kustomization.",
    ),
    rule(
        "flux/encrypted-not-decrypted",
        "an object is encrypted and shown as it is",
        "headwater has no keys and decrypts nothing, so values of this object are unknown. Nothing to do.",
    ),
    rule(
        "flux/encrypted-substitution-source",
        "variables come from an encrypted Secret",
        "Their values are unknown here, so they stay in the output as they are written. Give stand-ins with `--facts FILE` to see the whole result.",
    ),
    rule(
        "flux/encrypted-values-source",
        "Helm values come from an encrypted Secret",
        "Their values are unknown here. Give stand-ins with `--facts FILE` to see the whole result.",
    ),
    rule(
        "flux/encrypted-without-decryption",
        "an encrypted object is applied by a Kustomization without `spec.decryption`",
        "kustomize-controller refuses to apply a Secret that is still encrypted, and with it the whole Kustomization. Add `spec.decryption.provider: sops` and the keys.",
    ),
    rule(
        "flux/field-without-effect",
        "a field is there that Flux does not look at any more",
        "What it says does not happen. Use the field that the finding names.",
    ),
    rule(
        "flux/include-not-followed",
        "a GitRepository includes other repositories",
        "Their files are not here, so what is built from them is missing. Give a folder that holds the whole artifact with `--source KIND/NAMESPACE/NAME=PATH`.",
    ),
    rule(
        "flux/invalid-variable-name",
        "a name in `postBuild` can not be a variable's",
        "Flux refuses the whole Kustomization. Names are ASCII letters, digits and `_`, and do not start with a digit.",
    ),
    rule(
        "flux/malformed-duration",
        "a duration cannot be read",
        "The API server refuses the object. Write a number and a unit, such as `10m` or `1h30m`.",
    ),
    rule(
        "flux/malformed-facts",
        "the facts file cannot be used",
        "It holds ConfigMaps and Secrets as YAML documents, as they are in the cluster. Correct the document that the finding names.",
    ),
    rule(
        "flux/malformed-substitution",
        "an expression between `${` and `}` cannot be read",
        "Flux refuses the whole Kustomization. Correct it, or write `$${` when a literal `${` is meant.",
    ),
    rule(
        "flux/malformed-target-path",
        "`targetPath` of `valuesFrom` cannot be read",
        "helm-controller refuses the release. It is written as for `helm --set`; add `literal: true` to take the value as it is.",
    ),
    rule(
        "flux/malformed-value",
        "a value has the right type but not the right form",
        "The API server refuses the object. Write it in the form that the finding names.",
    ),
    rule(
        "flux/malformed-values",
        "Helm values are no YAML map",
        "helm-controller cannot merge them and refuses the release. Correct the text in the ConfigMap or Secret.",
    ),
    rule(
        "flux/missing-field",
        "a field that Flux needs is missing",
        "The API server refuses the object. Add the field.",
    ),
    rule(
        "flux/missing-path",
        "`spec.path` names a directory that is not in the source",
        "The Kustomization fails with `path not found` and nothing is applied. Correct the path; it starts at the root of the source.",
    ),
    rule(
        "flux/missing-substitution-source",
        "`substituteFrom` names a ConfigMap or Secret that is not in this repository",
        "If it is not in the cluster either, the Kustomization fails. Give its values with `--facts FILE`, or mark the reference `optional: true`.",
    ),
    rule(
        "flux/missing-values-key",
        "a ConfigMap or Secret of `valuesFrom` has no such key",
        "helm-controller refuses the release. Correct `valuesKey`, add the key, or mark the reference `optional: true`.",
    ),
    rule(
        "flux/missing-values-source",
        "`valuesFrom` names a ConfigMap or Secret that is not in this repository",
        "If it is not in the cluster either, the release fails. Give it with `--facts FILE`, or mark the reference `optional: true`.",
    ),
    rule(
        "flux/namespace-not-specified",
        "an object of a kind that lives in namespaces has none",
        "Flux refuses the whole Kustomization. Set `metadata.namespace`, `namespace` in the kustomization, or `spec.targetNamespace`.",
    ),
    rule(
        "flux/never-settles",
        "what a cluster starts from changes its own definition in every build",
        "The cluster never comes to rest. Look for a patch or a substitution in the entry that changes what it was made from.",
    ),
    rule(
        "flux/path-not-found",
        "`spec.path` of a Kustomization, or the path of the command line, leads to no directory",
        "Flux reports the Kustomization as not ready. Correct the path; when ignore rules leave it out of the artifact, look at `.sourceignore` and `spec.ignore`.",
    ),
    rule(
        "flux/remote-cluster",
        "Flux objects are applied to another cluster",
        "What they would render there is not followed. Run headwater on the directory that the other cluster starts from.",
    ),
    rule(
        "flux/remote-component",
        "a component in `spec.components` is not a relative path",
        "Flux takes components from the source only and fails. Copy the component into the repository, or compose a source with an ArtifactGenerator.",
    ),
    rule(
        "flux/several-clusters",
        "the repository holds several clusters",
        "Each is looked at on its own. Choose one with `--cluster`.",
    ),
    rule(
        "flux/source-failed",
        "the files of a source could not be composed",
        "Units that read it have nothing to render. See the other findings about the source.",
    ),
    rule(
        "flux/source-not-available",
        "the files of a source are not in this repository",
        "Units that read it are not rendered. Give a folder that holds them with `--source KIND/NAMESPACE/NAME=PATH`.",
    ),
    rule(
        "flux/substitution-breaks-yaml",
        "an object is no YAML after its variables are put in",
        "Flux fails the whole Kustomization. A value mostly needs quotes around its `${…}`.",
    ),
    rule(
        "flux/substitution-changes-structure",
        "the value of a variable adds fields or documents to an object",
        "Substitution is textual: a value with a line break or `: ` in it becomes YAML. Put the `${…}` in quotes, or take such values from a trusted place only.",
    ),
    rule(
        "flux/substitution-collision",
        "two objects are the same after substitution",
        "The second one overwrites the first, or the build fails. Give them different names.",
    ),
    rule(
        "flux/suspended",
        "a unit is suspended",
        "Flux leaves it alone; what it renders here is what it would apply when resumed. Nothing to do if that is meant.",
    ),
    rule(
        "flux/too-deep",
        "Kustomizations render Kustomizations beyond the limit",
        "headwater stops there. Look for a Kustomization that renders itself under another name.",
    ),
    rule(
        "flux/too-many-files",
        "the path of a Kustomization holds too many files",
        "Flux would read all of them. Point `spec.path` at the manifests.",
    ),
    rule(
        "flux/too-many-objects",
        "the cluster has more objects than the limit",
        "headwater stops there. Look at a base that is used very often, or split the repository.",
    ),
    rule(
        "flux/too-many-units",
        "the cluster has more units than the limit",
        "headwater stops there. Look at a Kustomization that renders very many others.",
    ),
    rule(
        "flux/two-owners",
        "two units apply the same object",
        "They overwrite each other at every interval, and removing one deletes the object of the other. Keep the object in one of them.",
    ),
    rule(
        "flux/undefined-variable",
        "a variable is not defined and has no default",
        "Flux 2.9 fails the whole Kustomization. Define it in `postBuild`, give it a default with `${name:=value}`, or write `$${name}` when the text is meant.",
    ),
    rule(
        "flux/unknown-field",
        "a Flux object has a field that its API does not know",
        "The API server drops it or refuses the object, and what it says does not happen. Correct the name or remove it.",
    ),
    rule(
        "flux/unknown-kind",
        "a Flux API group has no such kind",
        "The API server refuses the object, and with it the whole Kustomization. Correct `kind` or `apiVersion`.",
    ),
    rule(
        "flux/unknown-value",
        "a field has a value that its API does not allow",
        "The API server refuses the object. Use one of the values that the finding names.",
    ),
    rule(
        "flux/unsupported-substitution-operator",
        "an expression uses an operator of the shell that Flux has not",
        "Flux treats it as another operator without a word. Write the operator that is meant.",
    ),
    rule(
        "flux/wrong-type",
        "a field has a value of another type than its API wants",
        "The API server refuses the object. Often quotes are missing or too many.",
    ),
];
