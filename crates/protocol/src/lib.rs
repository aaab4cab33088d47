//! What crosses the wire and the window boundary.
