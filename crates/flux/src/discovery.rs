//! Where the Flux objects of a cluster start in a repository.
