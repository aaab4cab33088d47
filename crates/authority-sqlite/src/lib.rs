//! The default store of the server.
