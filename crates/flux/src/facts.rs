//! Facts: values that live in the cluster and not in Git, given by the user.
