//! Rules of the room `kustomize`: what kustomize refuses, and what it loses without a word.

use super::{Rule, rule};

pub(super) const RULES: &[Rule] = &[
    rule(
        "kustomize/ambiguous-patch",
        "a patch names several objects",
        "Without `target`, kind, name and namespace must be those of one object. Use `target`, or the name that the object has now.",
    ),
    rule(
        "kustomize/ambiguous-reference",
        "a reference may mean several objects",
        "After prefixes and suffixes kustomize cannot tell which one is meant and fails. Give the objects different names, or rename them in the kustomization that refers to them.",
    ),
    rule(
        "kustomize/ambiguous-replacement-source",
        "several objects match the source of a replacement",
        "kustomize fails. Say more about the source: namespace, group or version.",
    ),
    rule(
        "kustomize/ambiguous-var",
        "several objects match the `objref` of a var",
        "kustomize fails. Give `objref` a namespace.",
    ),
    rule(
        "kustomize/blank-subject-namespace",
        "a subject of a RoleBinding has an empty `namespace`",
        "kustomize fails. Give it a name, or remove the field.",
    ),
    rule(
        "kustomize/chart-without-name",
        "an inflated chart has no name",
        "kustomize fails. Give the entry of `helmCharts` a `name`.",
    ),
    rule(
        "kustomize/comma-in-id",
        "kind, name or namespace of an object that is renamed or moved holds a comma",
        "kustomize crashes, and Flux refuses the Kustomization. Often the field is encrypted; leave such fields out of encryption.",
    ),
    rule(
        "kustomize/component-as-resource",
        "a component is listed under `resources`",
        "kustomize fails. List it under `components`.",
    ),
    rule(
        "kustomize/conflicting-field-specs",
        "a configuration disagrees with the built-in field specs about `create`",
        "kustomize fails. Give it the same `create` as the built-in one, or leave it out.",
    ),
    rule(
        "kustomize/control-character",
        "a generated text has a character that cannot be printed",
        "The output would not be readable YAML. Remove it, or keep the text base64-encoded.",
    ),
    rule(
        "kustomize/cycle",
        "kustomizations include each other in a circle",
        "Nothing can be built. Take one of the references away.",
    ),
    rule(
        "kustomize/deprecated-field",
        "a kustomization uses a deprecated field",
        "A later kustomize drops it. Use what the finding names; `kustomize edit fix` does it for a file.",
    ),
    rule(
        "kustomize/duplicate-object",
        "two resources are the same object",
        "kustomize fails. Remove one, or patch the first one instead of repeating it.",
    ),
    rule(
        "kustomize/duplicate-var",
        "two vars have the same name",
        "kustomize fails. Remove one, or give it another name.",
    ),
    rule(
        "kustomize/empty-kustomization",
        "a kustomization says nothing",
        "kustomize fails on it. List files under `resources`, or remove the file.",
    ),
    rule("kustomize/empty-patch", "a patch is empty", "kustomize fails. Write the patch or remove its entry."),
    rule(
        "kustomize/field-mismatch",
        "a field has another shape than its field spec says",
        "The transformer cannot change it and the build fails. Correct the field or the field spec.",
    ),
    rule(
        "kustomize/file-outside-root",
        "a file is loaded from outside of the kustomization's directory",
        "kustomize refuses it, as a kustomization should be movable. Move the file, or build with `--load-restrictor LoadRestrictionsNone`, as Flux does.",
    ),
    rule(
        "kustomize/generator-behavior",
        "`behavior: merge` or `replace` finds nothing to merge with",
        "kustomize fails. List the base that has the object, or correct name and namespace.",
    ),
    rule("kustomize/generator-without-name", "a generator entry has no name", "kustomize fails. Add `name`."),
    rule(
        "kustomize/helm-charts-not-supported",
        "a kustomization inflates a Helm chart",
        "Flux refuses them, as kustomize does without `--enable-helm`. Use a HelmRelease; `kustomize build --enable-helm` renders them.",
    ),
    rule(
        "kustomize/invalid-crds",
        "a file under `crds` is no OpenAPI definition",
        "kustomize fails. It must be JSON or YAML in the form of `kube-openapi` definitions.",
    ),
    rule(
        "kustomize/invalid-env-file",
        "a line of an env file cannot be read",
        "kustomize fails. Each line is `KEY=value`, `KEY`, empty or a comment.",
    ),
    rule(
        "kustomize/invalid-expression",
        "an expression of a transformer cannot be read",
        "kustomize fails. Correct the place that the finding names.",
    ),
    rule(
        "kustomize/invalid-file-source",
        "an entry of `files` is not `path` or `key=path`",
        "kustomize fails. A name has no `=` in it.",
    ),
    rule(
        "kustomize/invalid-label-selector",
        "a label selector cannot be read",
        "kustomize fails. Write it as for `kubectl --selector`: `app=web,tier in (a, b),!legacy`.",
    ),
    rule(
        "kustomize/invalid-literal",
        "a literal is not `key=value`",
        "kustomize fails. Write the key, `=`, and the value.",
    ),
    rule(
        "kustomize/invalid-openapi",
        "the `openapi` field cannot be used",
        "kustomize fails. Name one built-in version or one schema file.",
    ),
    rule(
        "kustomize/invalid-option",
        "an option has a value that does not exist",
        "kustomize fails. Use one of the values that the finding names.",
    ),
    rule(
        "kustomize/invalid-pattern",
        "a selector is no regular expression",
        "kustomize fails. Selectors are RE2 expressions that must match the whole text.",
    ),
    rule(
        "kustomize/invalid-replacement",
        "a replacement cannot be used",
        "kustomize fails. The finding says which part is wrong.",
    ),
    rule(
        "kustomize/invalid-sort-options",
        "`sortOptions` cannot be used",
        "kustomize fails. `order` is `legacy` or `fifo`; only `legacy` takes lists of kinds.",
    ),
    rule(
        "kustomize/invalid-target",
        "a target of a replacement cannot be used",
        "kustomize fails. It needs a `select` and `fieldPaths`.",
    ),
    rule(
        "kustomize/json-patch-copies-nothing",
        "`copy` or `move` in a JSON patch starts from a field that is not there",
        "kustomize goes on without a word. Correct `from`.",
    ),
    rule(
        "kustomize/json-patch-invalid-index",
        "a JSON patch names an item that the list has not",
        "kustomize fails. Correct the index, or use `-` to append.",
    ),
    rule(
        "kustomize/json-patch-invalid-operation",
        "an operation of a JSON patch is none",
        "kustomize fails. `op` is `add`, `remove`, `replace`, `move`, `copy` or `test`.",
    ),
    rule(
        "kustomize/json-patch-missing-path",
        "a JSON patch names a field that is not there",
        "kustomize fails. Correct `path`, or add the parent first.",
    ),
    rule(
        "kustomize/json-patch-path-without-slash",
        "a path of a JSON patch does not start with `/`",
        "It names nothing. Write `/spec/replicas`, with `~1` for a `/` in a name.",
    ),
    rule(
        "kustomize/json-patch-replaces-nothing",
        "`replace` in a JSON patch finds no field and adds it",
        "kustomize adds the field, other tools refuse the patch. Use `op: add` if that is meant, or correct the path.",
    ),
    rule(
        "kustomize/json-patch-test-failed",
        "a `test` in a JSON patch does not hold",
        "kustomize fails, as asked. The object is no longer what the patch was written for.",
    ),
    rule(
        "kustomize/json-patch-too-large",
        "a JSON patch makes an object far larger",
        "headwater stops there. Look for a `copy` of a field into itself.",
    ),
    rule(
        "kustomize/json-patch-without-target",
        "a JSON patch has no `target`",
        "It does not say which object it is for, so kustomize fails. Add `target: {kind: …, name: …}`.",
    ),
    rule(
        "kustomize/json-patch-without-value",
        "an `add`, `replace` or `test` has no value",
        "kustomize fails. Write `value: …`.",
    ),
    rule(
        "kustomize/key-loses-quotes",
        "a generated key looks like a number, a boolean, a date or a null",
        "kustomize writes it without quotes, reads it back as something else than a text, and fails. Choose another key.",
    ),
    rule(
        "kustomize/list-items-collapse",
        "items of a list with the same keys become one",
        "Merging a patch keeps one of them without a word. Remove the duplicates, or add the missing keys.",
    ),
    rule(
        "kustomize/list-too-large",
        "a list grows beyond the limit",
        "headwater stops there. Look for an index that is far too large.",
    ),
    rule(
        "kustomize/missing-chart",
        "a chart is not in the chart home and has no repository",
        "kustomize fails. Put the chart into `charts/`, or into what `helmGlobals.chartHome` says, or name its repository.",
    ),
    rule(
        "kustomize/missing-directory",
        "a directory that is listed does not exist",
        "kustomize fails. Correct the path; it is relative to the kustomization file.",
    ),
    rule(
        "kustomize/missing-field-specs",
        "a transformer has no `fieldSpecs`",
        "It would change nothing, and kustomize fails. Add them.",
    ),
    rule(
        "kustomize/missing-kustomization",
        "a directory has no kustomization file",
        "kustomize fails. Make a `kustomization.yaml`, or list the files of the directory one by one.",
    ),
    rule("kustomize/missing-targets", "a replacement has no targets", "kustomize fails. Add at least one."),
    rule(
        "kustomize/namespace-conflict",
        "setting the namespace makes two objects the same",
        "kustomize fails. Build them in different kustomizations, or keep one.",
    ),
    rule(
        "kustomize/namespace-on-cluster-scoped",
        "an object that lives outside of namespaces is given one",
        "The API server ignores or refuses it, and references to the object may break. Build it outside of the kustomization that sets `namespace`.",
    ),
    rule(
        "kustomize/not-a-component",
        "something else than a component is listed under `components`",
        "kustomize fails. List it under `resources`, or set `kind: Component` in it.",
    ),
    rule(
        "kustomize/not-an-object",
        "a document is no Kubernetes object",
        "kustomize fails. It needs `apiVersion`, `kind` and `metadata.name`. Values files and such do not belong under `resources`.",
    ),
    rule(
        "kustomize/patch-directive-left-in-output",
        "a directive of a patch stays in the output as a field",
        "kustomize knows only `$patch: delete`, `replace` and `merge`; the API server refuses the rest. Remove it.",
    ),
    rule("kustomize/patch-in-two-places", "a patch has both `patch` and `path`", "kustomize fails. Keep one."),
    rule(
        "kustomize/patch-is-not-json",
        "a JSON patch that starts with `[` is not JSON",
        "kustomize fails. Put names and texts in double quotes without commas at the end, or write the patch as a YAML list.",
    ),
    rule(
        "kustomize/patch-item-lost",
        "an item of a list in a patch is lost",
        "The item in the object lacks one of the keys that items are matched by, so the patch's item is dropped without a word. Replace the whole list, or use a JSON patch.",
    ),
    rule(
        "kustomize/patch-item-without-merge-key",
        "an item of a list in a patch does not say which item it is",
        "kustomize empties the list without a word. Name the item by its merge key, or use a JSON patch.",
    ),
    rule(
        "kustomize/patch-matches-nothing",
        "no object matches the target of a patch",
        "The patch is not used and nobody is told. Correct the target, or remove the patch.",
    ),
    rule(
        "kustomize/patch-null-has-no-effect",
        "a null in a patch does not remove the field",
        "With a `target`, kustomize drops nulls from the patch. Use a JSON patch, or patch the object by its name.",
    ),
    rule(
        "kustomize/patch-port-without-protocol",
        "a port in a patch has no `protocol`",
        "Ports are matched by port and protocol: without it the patch's port is dropped without a word. Add `protocol: TCP`.",
    ),
    rule(
        "kustomize/patch-replace-has-no-effect",
        "`$patch: replace` stands at the top of a patch",
        "kustomize changes nothing and says nothing. Replace the fields below it, or the object in `resources`.",
    ),
    rule(
        "kustomize/patch-too-deep",
        "values are nested too deeply to be merged",
        "Nothing that Kubernetes reads is nested this deep. Check patch and object.",
    ),
    rule(
        "kustomize/patch-type-clash",
        "a patch has another kind of value than the object",
        "A map cannot be merged with a list or a text, so kustomize fails. Correct the patch.",
    ),
    rule(
        "kustomize/patch-without-content",
        "an entry of `patches` has neither `patch` nor `path`",
        "kustomize fails. Write one of them.",
    ),
    rule(
        "kustomize/patch-without-target",
        "a patch names an object that is not in this build",
        "kustomize fails. Kind, name, namespace and apiVersion must be those of an object of this build; or use `target`.",
    ),
    rule(
        "kustomize/plugin-not-supported",
        "a kustomization runs a program, a container or a Go plugin",
        "headwater runs no programs, and Flux refuses them too. Write out what the plugin makes.",
    ),
    rule(
        "kustomize/reference-without-name",
        "a reference is a map without `name`",
        "kustomize cannot follow it and fails. Add the name.",
    ),
    rule(
        "kustomize/remote-base",
        "a base or file is a URL",
        "headwater reads no network while it builds, and the result would change without a commit. Copy it into the repository, or use a Flux source.",
    ),
    rule("kustomize/repeated-key", "a generator makes the same key twice", "kustomize fails. Remove one."),
    rule(
        "kustomize/replacement-in-two-places",
        "an entry of `replacements` has both `path` and a replacement",
        "kustomize fails. Make it two entries.",
    ),
    rule(
        "kustomize/replacement-lost",
        "the value of a replacement is not written",
        "The path leads into a text or a null, and kustomize drops the value without a word. Name the items on the way, and give nulls a value.",
    ),
    rule(
        "kustomize/replacement-matches-nothing",
        "no object matches a target of a replacement",
        "The target is not changed and nobody is told. Correct the selector, or remove the target.",
    ),
    rule(
        "kustomize/replacement-without-source",
        "no object matches the source of a replacement",
        "kustomize fails. Its fields are whole texts; the names are those that objects have at this place.",
    ),
    rule(
        "kustomize/replacement-without-source-field",
        "the source of a replacement has no such field",
        "kustomize fails. Correct `fieldPath`.",
    ),
    rule(
        "kustomize/replacement-without-target-field",
        "a target of a replacement has no such field",
        "kustomize fails. Correct the path, or set `options: {create: true}`.",
    ),
    rule(
        "kustomize/replicas-without-target",
        "`replicas` names nothing that can be scaled",
        "kustomize fails. It looks at Deployments, ReplicaSets, ReplicationControllers and StatefulSets; patch other kinds.",
    ),
    rule(
        "kustomize/reserved-annotation",
        "an object has an annotation that kustomize keeps its notes in",
        "kustomize crashes or loses it. Remove it.",
    ),
    rule(
        "kustomize/several-kustomizations",
        "a directory has several kustomization files",
        "kustomize fails. Keep one of `kustomization.yaml`, `kustomization.yml` and `Kustomization`.",
    ),
    rule(
        "kustomize/several-patches-for-target",
        "a patch with a `target` has several documents",
        "kustomize fails. Make an entry of every document, or remove `target`.",
    ),
    rule(
        "kustomize/too-deep",
        "kustomizations include each other beyond the limit",
        "headwater stops there. Flatten the bases.",
    ),
    rule(
        "kustomize/too-many-objects",
        "a build makes more objects than the limit",
        "headwater stops there. Look for bases that include each other many times.",
    ),
    rule(
        "kustomize/too-many-replacements",
        "replacements write more often than the limit",
        "headwater stops there. Make the selectors narrower.",
    ),
    rule(
        "kustomize/unknown-cloud",
        "a cloud in the configuration of a transformer does not exist",
        "kustomize fails. Only `gke` is known.",
    ),
    rule(
        "kustomize/unknown-field",
        "a kustomization has a field that kustomize does not know",
        "kustomize fails. Correct the name.",
    ),
    rule(
        "kustomize/unknown-patch-directive",
        "`$patch` has a value that does not exist",
        "kustomize fails. Use `delete`, `replace` or `merge`.",
    ),
    rule(
        "kustomize/unknown-plugin",
        "no built-in plugin has this kind",
        "kustomize looks for a program of this name, which headwater and Flux refuse. Correct `kind`.",
    ),
    rule(
        "kustomize/unreachable-field",
        "a path leads through something that is no map or list",
        "kustomize fails. Correct the path or the object.",
    ),
    rule(
        "kustomize/unreadable-file",
        "a file that is listed cannot be read",
        "kustomize fails. Correct the path; it is relative to the kustomization file.",
    ),
    rule(
        "kustomize/unsupported-hash",
        "an object that is neither a ConfigMap nor a Secret asks for a hash in its name",
        "kustomize makes this hash from lines and columns of the text, so nothing else can tell it. Take the annotation \
         `internal.config.kubernetes.io/needsHashSuffix` away.",
    ),
    rule(
        "kustomize/unused-var",
        "a var is used nowhere",
        "Nothing is replaced and nobody is told. Remove the var, or name the field in `varReference` of a configuration.",
    ),
    rule(
        "kustomize/validator-changes-objects",
        "a validator would change objects",
        "kustomize fails. List it under `transformers`.",
    ),
    rule(
        "kustomize/var-not-scalar",
        "a var is a map or a list",
        "`$(…)` stays as it is. Point `fieldref` at a text or a number.",
    ),
    rule(
        "kustomize/var-without-field",
        "the object of a var has no such field",
        "kustomize fails. Correct `fieldref.fieldpath`.",
    ),
    rule(
        "kustomize/var-without-object",
        "the `objref` of a var names no object of this build",
        "kustomize fails. Correct `apiVersion`, `kind` and `name`.",
    ),
    rule(
        "kustomize/wrong-api-version",
        "`apiVersion` of a kustomization is not kustomize's",
        "kustomize fails. A Flux Kustomization is an object: keep it in a file of another name and list it under `resources`.",
    ),
    rule(
        "kustomize/wrong-kind",
        "`kind` of a kustomization is neither Kustomization nor Component",
        "kustomize fails. Correct it.",
    ),
    rule(
        "kustomize/wrong-type",
        "a field of a kustomization has a value of another type",
        "kustomize fails. Often quotes are missing or too many.",
    ),
];
