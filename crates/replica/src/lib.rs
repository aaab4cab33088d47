//! A station's two SQLite files and its sync machine.
