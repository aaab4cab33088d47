//! What the windows show: views with codes and numbers, no words. The words live in the locale files of `ui/`.
//!
//! Times are milliseconds since 1970 UTC by the corrected clock; ids are opaque texts.

mod badges;
mod camera;
mod card;
mod connect;
mod desk;
mod error;
mod event;
mod guest;
mod link;
mod order;
mod pin;
mod practice;
mod ready;
mod records;
mod scanner;
mod supervisor;
mod walk_in;
mod words;

pub use badges::{
    BadgeFailed, BadgeProblem, BadgeSaved, BadgeSettings, BadgeSize, BadgesView, EventLabel, PrinterOutcome,
    PrintersView, TemplateDrawn,
};
pub use camera::{CameraControl, CameraControlKind, CameraSettings, CameraState, CameraValue, CameraView};
pub use card::{BookingView, CardAction, CardOutcome, CardView, SessionChoice, VerdictView};
pub use connect::{ConnectOutcome, ConnectRefusal};
pub use desk::{ClockView, ClosingView, DeskPhase, DeskView, DoorMode, ListView, PlacesView, RoomView};
pub use error::{StoreProblem, WindowError};
pub use event::{EventView, PhaseView, SessionView};
pub use guest::{
    DonePage, DoneRow, FindRow, FindStatus, FindView, GuestView, LeftOpen, NotSaved, RecentRow, RecentWhat,
};
pub use link::{LinkView, OfflineWhy};
pub use order::{OrderGuest, OrderView};
pub use pin::{Attended, OverrideOutcome, PinOutcome};
pub use practice::{LessonGo, LessonStep, LessonView, PracticeKind, PracticeTicket, PracticeView};
pub use ready::{BatteryView, PrinterCheck, ReadyView};
pub use records::{Counted, RecordDifference, RecordsView, SavePlace, SavePlaceKind, SavePlaces, SavedLog};
pub use scanner::{AROUND_CHARS_MAX, SCANNER_GAP_MS_MAX, ScannerEnd, ScannerSettings};
pub use supervisor::{DecideOutcome, DecideRefusal, SupervisorView};
pub use walk_in::WalkInOutcome;
pub use words::{HelpAsked, HelpView, MessageView, PlaceAsk};
