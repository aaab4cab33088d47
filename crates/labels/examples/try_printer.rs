//! Lists the printers of this computer, or prints a badge on one and says what becomes of it:
//! `cargo run -p usher-labels --example try_printer -- [PRINTER]`. `USHER_CUPS` names another socket of CUPS.

use std::{env, error::Error, time::Duration};

use usher_labels::{Fonts, Job, Label, LabelSize, Spooler, pdf, print};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let spooler = env::var_os("USHER_CUPS")
        .map_or_else(Spooler::of_this_computer, |socket| Spooler::Socket(socket.into()));
    let Some(printer) = env::args().nth(1) else {
        println!("{:?}: {:?}", spooler, spooler.queues().await?);
        return Ok(());
    };
    let label = Label { name: "Ana María Gómez".into(), organisation: "Usher".into(), ..Label::default() };
    let size = LabelSize::W62H29;
    let job = Job {
        pdf: pdf(&label, size, &Fonts::installed())?,
        mm: size.mm(),
        deadline: Duration::from_secs(20),
    };
    print(job, &printer.parse()?, &spooler, |state| println!("{state:?}")).await?;
    println!("Printed");
    Ok(())
}
