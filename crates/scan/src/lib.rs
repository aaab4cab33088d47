//! Pixels in, ticket text out.
