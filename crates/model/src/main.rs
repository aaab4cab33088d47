//! `usher-model`: tries the capacity protocol in every order of steps, and every deliberate mistake; prints what it found.

use std::{
    io::{self, Write},
    process::ExitCode,
};

use clap::Parser;
use usher_model::{Configuration, check, configurations, documented, heading, mutants, row, shortest};

/// Checks the capacity protocol of DESIGN section 5.
///
/// Prints a line for each configuration (every invariant must hold, every interesting state must be met) and for each mutant
/// (the invariant that it names must be violated). Fails if any line is WRONG.
#[derive(Parser)]
#[command(name = "usher-model", version)]
struct Arguments {
    /// Only what has this name, or else whose name contains it.
    #[arg(value_name = "NAME")]
    names: Vec<String>,
    /// Shows the shortest way to each violation.
    #[arg(long)]
    trace: bool,
    /// Leaves out the configurations that the tests leave out, too.
    #[arg(long)]
    quick: bool,
    /// Prints the rows of docs/model.md.
    #[arg(long)]
    rows: bool,
    /// Threads of the checker; with one, depths are the same in every run.
    #[arg(long, value_name = "N", default_value_t = 2, value_parser = clap::value_parser!(u16).range(1..=64))]
    threads: u16,
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let chosen = chosen(&arguments);
    if chosen.is_empty() {
        eprintln!("usher-model: no configuration or mutant has such a name");
        return ExitCode::FAILURE;
    }
    match run(&arguments, &chosen) {
        Ok(0) => ExitCode::SUCCESS,
        Ok(wrong) => {
            eprintln!("usher-model: {wrong} of {} are wrong", chosen.len());
            ExitCode::FAILURE
        }
        Err(error) => {
            eprintln!("usher-model: cannot write: {error}");
            ExitCode::FAILURE
        }
    }
}

fn chosen(arguments: &Arguments) -> Vec<Configuration> {
    let all = || configurations().into_iter().chain(mutants());
    let quick = |one: &Configuration| !(arguments.quick && one.nightly);
    let named = |one: &Configuration, name: &String| {
        let exact = all().any(|other| other.name == name);
        if exact { one.name == name } else { one.name.contains(name.as_str()) }
    };
    let wanted = |one: &Configuration| {
        arguments.names.is_empty() || arguments.names.iter().any(|name| named(one, name))
    };
    all().filter(|one| quick(one) && wanted(one)).collect()
}

/// Runs everything that was chosen and counts what is wrong.
fn run(arguments: &Arguments, chosen: &[Configuration]) -> io::Result<usize> {
    let mut out = io::stdout().lock();
    let mut wrong = 0;
    if !arguments.rows {
        writeln!(out, "{}", heading())?;
    }
    for rules in chosen {
        let (outcome, seconds) = timed(|| check(rules, usize::from(arguments.threads)));
        wrong += usize::from(!outcome.is_right(rules));
        match arguments.rows {
            true => writeln!(out, "{}", documented(rules, &outcome))?,
            false => writeln!(out, "{}", row(rules, &outcome, seconds))?,
        }
        if arguments.trace && !outcome.violated.is_empty() {
            trace(&mut out, rules)?;
        }
        out.flush()?;
    }
    Ok(wrong)
}

/// The shortest way to the violation, a step per line.
fn trace(out: &mut impl Write, rules: &Configuration) -> io::Result<()> {
    if let Some(mutant) = rules.mutant {
        writeln!(out, "       {} ({})", mutant.meaning(), rules.describe())?;
    }
    shortest(rules).iter().enumerate().try_for_each(|(n, step)| writeln!(out, "       {:2} {step}", n + 1))
}

#[expect(clippy::disallowed_methods, reason = "only this binary measures, and only to show it")]
fn timed<T>(work: impl FnOnce() -> T) -> (T, f64) {
    let began = std::time::Instant::now();
    let result = work();
    (result, began.elapsed().as_secs_f64())
}
