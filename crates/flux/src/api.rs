//! Typed views of the Flux kinds over parsed objects, and what their definitions refuse.
