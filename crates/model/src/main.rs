//! `usher-model`: runs the checker over the configurations and the mistakes, and prints what it found.
fn main() {
    let pick: Vec<String> = std::env::args().skip(1).collect();
    for c in usher_model::configurations().into_iter().chain(usher_model::mutants()) {
        if !pick.is_empty() && !pick.iter().any(|p| c.name.contains(p.as_str())) {
            continue;
        }
        let t = std::time::Instant::now();
        let o = usher_model::check(&c, 2);
        println!(
            "{} {:34} u={} g={} d={} {:.1}s {} viol={:?} miss={:?}",
            if o.is_right(&c) { "ok   " } else { "WRONG" },
            c.name,
            o.unique,
            o.generated,
            o.depth,
            t.elapsed().as_secs_f32(),
            o.is_exhausted,
            o.violated,
            o.missed
        );
        if std::env::var("TRACE").is_ok() {
            for s in usher_model::shortest(&c) {
                println!("    {s:?}");
            }
        }
    }
}
