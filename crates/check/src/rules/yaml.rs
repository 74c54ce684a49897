//! Rules of the room `yaml`: what the readers of YAML refuse.

use super::{Rule, rule};

pub(super) const RULES: &[Rule] = &[
    rule(
        "yaml/alias-bomb",
        "aliases make a text grow far beyond its size",
        "The tools refuse such files, as they would use up all memory. Write the values out.",
    ),
    rule(
        "yaml/alias-cycle",
        "an alias stands inside the value that it names",
        "The value would be endless. Write it out, or move the anchor.",
    ),
    rule(
        "yaml/control-character",
        "a character stands in a text that YAML does not allow",
        "The tools refuse the file. Remove it, or write it as an escape in a double-quoted string.",
    ),
    rule(
        "yaml/duplicate-key",
        "a key is there twice in one map",
        "kustomize refuses the file; other tools keep one of the values without a word. Remove one of them.",
    ),
    rule("yaml/key-too-long", "a key has more than 1022 characters", "kustomize cannot print it. Shorten the key."),
    rule(
        "yaml/key-type",
        "a key is not a string",
        "Objects are JSON, where every key is a string. Put quotes around it; an unquoted `{{ … }}` as a value is read as a map too.",
    ),
    rule(
        "yaml/merge-type",
        "a merge key `<<` has a value that cannot be merged",
        "It takes a map or a list of maps. Point it at an anchored map, or quote the key if it is not meant to merge.",
    ),
    rule("yaml/not-utf8", "a text is not UTF-8", "The tools read UTF-8 only. Save the file in UTF-8."),
    rule(
        "yaml/number-not-finite",
        "a number is infinite or not a number",
        "JSON knows no such numbers, so the build fails. Put the value in quotes if it is meant as text.",
    ),
    rule(
        "yaml/syntax",
        "a text is not YAML",
        "Nothing in the file can be read. The finding names the place; the cause is often in the line before.",
    ),
    rule(
        "yaml/tag-mismatch",
        "a value is not what its tag says",
        "The tools refuse the file. Correct the value or remove the tag.",
    ),
    rule(
        "yaml/timestamp",
        "a time is impossible",
        "An unquoted date is read as a time. Put the value in quotes if it is meant as text.",
    ),
    rule(
        "yaml/too-deep",
        "maps and lists are nested beyond the limit",
        "Nothing that Kubernetes reads is nested this deep. Check the file.",
    ),
    rule("yaml/too-large", "a text is larger than the limit", "Split the file."),
    rule(
        "yaml/unknown-anchor",
        "an alias names an anchor that was not defined before it",
        "The tools refuse the file. Define the anchor earlier in the same document, or quote the value if it is meant to start with `*`.",
    ),
    rule(
        "yaml/unknown-tag",
        "a value has a tag that no tool knows",
        "Kubernetes reads plain strings, numbers, maps and lists. Remove the tag.",
    ),
];
