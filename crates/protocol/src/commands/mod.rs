//! The commands of the windows, each declared once: arguments, result and name.
//!
//! `station` implements [`Handles`] for each; the desktop app, the headless desk and the tests call [`dispatch_desk`] and
//! [`dispatch_supervisor`]; [`typescript`] writes the same list for the user interface.

use serde::{Serialize, de::DeserializeOwned};
use ts_rs::{Config, TS};

use crate::{board, leaving, people, window, window::WindowError};

/// A command of a window.
pub trait Command: Serialize + DeserializeOwned + TS {
    /// Its name.
    const NAME: &'static str;
    /// What it gives back.
    type Output: Serialize + DeserializeOwned + TS;
}

/// A handler of a command, free of any window.
pub trait Handles<C: Command> {
    /// Carries the command out.
    ///
    /// # Errors
    /// A [`WindowError`] when it could not be carried out; refusals of the door are values.
    fn handle(&self, args: C) -> impl Future<Output = Result<C::Output, WindowError>> + Send;
}

/// What may be asked of a window's handler now. It stands before every command.
pub trait Gate {
    /// Whether the command of this name may be carried out now.
    ///
    /// # Errors
    /// A [`WindowError`] that says what is in the way.
    fn may(&self, _name: &str) -> Result<(), WindowError> {
        Ok(())
    }
}

macro_rules! commands {
    ($list:ident, $dispatch:ident, $interface:ident, $window:literal;
     $($(#[$doc:meta])* $name:ident = $word:literal { $($(#[$field_doc:meta])* $field:ident: $kind:ty),* $(,)? } -> $output:ty;)*) => {
        $($(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
        pub struct $name { $($(#[$field_doc])* pub $field: $kind,)* }

        impl Command for $name {
            const NAME: &'static str = $word;
            type Output = $output;
        })*

        #[doc = concat!("The names of the ", $window, " window's commands.")]
        pub const $list: &[&str] = &[$($word),*];

        #[doc = concat!("Carries out a command of the ", $window, " window by name.")]
        ///
        /// # Errors
        /// [`WindowError::BadCall`] for a name or arguments that do not fit; otherwise the gate's, or the handler's own.
        pub async fn $dispatch<H>(handler: &H, name: &str, args: serde_json::Value) -> Result<serde_json::Value, WindowError>
        where
            H: Sync + Gate $(+ Handles<$name>)*,
        {
            handler.may(name)?;
            match name {
                $($word => {
                    let args: $name = serde_json::from_value(args).map_err(|_| WindowError::BadCall)?;
                    let output = handler.handle(args).await?;
                    serde_json::to_value(output).map_err(|_| WindowError::BadCall)
                })*
                _ => Err(WindowError::BadCall),
            }
        }

        pub(super) fn $interface(config: &Config) -> String {
            let mut out = String::new();
            $(out.push_str(&declare::<$name>(config));)*
            out.push_str(concat!("/** The commands of the ", $window, " window. */\nexport interface ", stringify!($list), " {\n"));
            $(out.push_str(&format!("  {}: {{ args: {}; output: {} }};\n", $word, <$name as TS>::name(config), <$output as TS>::name(config)));)*
            out.push_str("}\n\n");
            out
        }
    };
}

mod desk;
mod supervisor;

pub use desk::*;
pub use supervisor::*;

fn declare<T: TS>(config: &Config) -> String {
    let docs = T::docs().unwrap_or_default();
    format!("{docs}export {}\n\n", T::decl(config))
}

macro_rules! declare_all {
    ($config:expr; $($kind:ty),* $(,)?) => { [$(declare::<$kind>($config)),*].concat() };
}

/// The TypeScript of every type and command of the windows.
#[must_use]
pub fn typescript() -> String {
    let config = Config::default().with_large_int("number");
    let types = declare_all![&config;
        window::DeskPhase, window::StoreProblem, window::EventView, window::SessionView, window::PhaseView, window::DoorMode,
        window::LinkView, window::OfflineWhy, window::ListView, window::PlacesView, window::RoomView, window::ClockView, window::CameraView,
        window::CameraState, window::CameraControl, window::CameraControlKind, window::CameraSettings, window::CameraValue, window::CardView, window::VerdictView, window::CardOutcome, window::CardAction, window::GuestView,
        window::BookingView, window::RecentRow, window::RecentWhat, window::DoneRow, window::DonePage, window::OrderView, window::OrderGuest, window::PracticeView, window::PracticeTicket, window::PracticeKind, window::LessonView, window::LessonStep, window::LessonGo, window::ScannerSettings, window::ScannerEnd, window::ReadyView, window::BatteryView, window::LeftOpen, window::NotSaved, window::FindRow, window::FindView,
        window::FindStatus, window::ConnectRefusal, window::ConnectOutcome, window::ClosingView,
        window::SavePlaces, window::SavePlace, window::SavePlaceKind, window::SavedLog, window::RecordsView, window::RecordDifference,
        window::Counted, window::WalkInOutcome, crate::profile::ProfileFault, window::BadgeSize, window::BadgeSettings, window::BadgeProblem, window::BadgeFailed, window::BadgesView, window::EventLabel, window::TemplateDrawn, window::PrinterCheck, window::SessionChoice,
        window::PrintersView, window::PrinterOutcome, window::BadgeSaved, window::Attended, window::PinOutcome, window::OverrideOutcome, window::MessageView, window::HelpView, window::HelpAsked, window::PlaceAsk, window::DeskView,
        window::WindowError, board::BoardState, board::BoardLog, board::BoardSession, board::BoardStation, board::DeskAsks, board::DeskPlaceAsk, board::BoardMessage, board::BoardRecord,
        board::BoardIncident, board::BoardMerge, board::Board, window::DecideOutcome, window::DecideRefusal, leaving::LeaveOutcome, people::FoundPerson,
        window::SupervisorView,
    ];
    let head = "// Made from crates/protocol by its tests; never edited by hand (see crates/protocol/tests/bindings.rs).\n\n";
    let commands = [desk_interface(&config), supervisor_interface(&config)].concat();
    [head, &types, commands.trim_end(), "\n"]
        .concat()
        .replace("DESK_COMMANDS", "DeskCommands")
        .replace("SUPERVISOR_COMMANDS", "SupervisorCommands")
}
