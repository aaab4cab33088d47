//! A network of its own: a namespace for a desk, a cable to the server's side, and each direction of it lost by itself.

use std::process::Command;

/// The desk's side of a cable. Taken down when it is dropped.
pub(crate) struct Network {
    name: String,
    number: u8,
}

/// What is lost on the cable.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Lost {
    Nothing,
    /// What the server says.
    ToTheDesk,
    /// What the desk says.
    ToTheServer,
}

fn ip(args: &str) -> Result<String, String> {
    let ran = Command::new("ip").args(args.split(' ')).output().map_err(|error| format!("ip: {error}"))?;
    let said = |bytes: &[u8]| String::from_utf8_lossy(bytes).trim().to_owned();
    if ran.status.success() {
        Ok(said(&ran.stdout))
    } else {
        Err(format!("ip {args}: {}", said(&ran.stderr)))
    }
}

impl Network {
    /// Lays the cable; why it is not possible here.
    pub(crate) fn lay() -> Result<Self, String> {
        let number = (std::process::id() % 250) as u8;
        let network = Self { name: format!("usher-{}", std::process::id()), number };
        ip(&format!("netns add {}", network.name))?;
        let (here, there) = (network.cable("a"), network.cable("b"));
        ip(&format!("link add {here} type veth peer name {there} netns {}", network.name))?;
        ip(&format!("addr add {}/30 dev {here}", network.address(1)))?;
        ip(&format!("link set {here} up"))?;
        ip(&format!("-n {} addr add {}/30 dev {there}", network.name, network.address(2)))?;
        ip(&format!("-n {} link set {there} up", network.name))?;
        ip(&format!("-n {} link set lo up", network.name))?;
        Ok(network)
    }

    fn cable(&self, end: &str) -> String {
        format!("us{end}{}", std::process::id())
    }

    fn address(&self, side: u8) -> String {
        format!("198.18.{}.{side}", self.number)
    }

    /// Where the server listens.
    pub(crate) fn server(&self) -> String {
        self.address(1)
    }

    /// A command that runs on the desk's side.
    pub(crate) fn command(&self, program: &std::path::Path) -> Command {
        let mut command = Command::new("ip");
        command.args(["netns", "exec", &self.name]).arg(program);
        command
    }

    /// A frame to an address that nobody has is lost, and nobody is told: each side knows the other by a wrong address, or by none.
    pub(crate) fn lose(&self, lost: Lost) -> Result<(), String> {
        let (here, there) = (self.cable("a"), self.cable("b"));
        let wrong = "lladdr 02:00:00:00:00:01 nud permanent";
        let sides = [
            (String::new(), here, self.address(2), lost == Lost::ToTheDesk),
            (format!("-n {} ", self.name), there, self.address(1), lost == Lost::ToTheServer),
        ];
        for (side, cable, address, is_lost) in sides {
            // Nothing to forget is as good as forgotten.
            let _ = ip(&format!("{side}neigh del {address} dev {cable}"));
            if is_lost {
                ip(&format!("{side}neigh replace {address} {wrong} dev {cable}"))?;
            }
        }
        Ok(())
    }
}

impl Drop for Network {
    fn drop(&mut self) {
        // The cable goes with the namespace, unless it was never laid that far.
        let _ = ip(&format!("link del {}", self.cable("a")));
        let _ = ip(&format!("netns del {}", self.name));
    }
}
