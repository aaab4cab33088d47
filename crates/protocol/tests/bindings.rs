//! The TypeScript of the windows is made from Rust; this fails when the file in `ui/` differs.

use std::{fs, path::Path};

#[test]
fn the_bindings_are_those_of_this_code() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../ui/bindings/usher.ts");
    let made = usher_protocol::commands::typescript();
    if std::env::var_os("USHER_WRITE_BINDINGS").is_some() {
        fs::write(&path, &made).unwrap();
    }
    let kept = fs::read_to_string(&path).unwrap_or_default();
    assert!(
        kept == made,
        "ui/bindings/usher.ts is not what the Rust types say: run `USHER_WRITE_BINDINGS=1 cargo test -p usher-protocol --test bindings`"
    );
}
