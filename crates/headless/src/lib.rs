//! The scripted door: a desk in JSON lines.
