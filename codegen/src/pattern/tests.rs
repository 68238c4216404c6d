//! Tests of whole patterns against the engine.
