//! What the desk's window can ask for.

use serde::{Deserialize, Serialize};
use ts_rs::{Config, TS};
use usher_core::entry::{Found, OverrideReason, UndoReason};

use super::{Command, Gate, Handles, declare};
use crate::{
    leaving::LeaveOutcome,
    window::{
        BadgeSaved, BadgeSettings, CameraSettings, CardView, ClosingView, ConnectOutcome, DeskView, DonePage,
        DoorMode, FindView, LessonGo, OverrideOutcome, PinOutcome, PrinterOutcome, PrintersView, RecordsView,
        SavePlaces, SavedLog, ScannerSettings, WalkInOutcome, WindowError,
    },
};

commands! {
    DESK_COMMANDS, dispatch_desk, desk_interface, "desk";
    /// Everything that the window shows.
    LookAtDesk = "look" {} -> DeskView;
    /// Enrols this desk; the code may be a whole setup string.
    ConnectDesk = "connect" {
        /// The server's address; may be empty with a setup string.
        address: String,
        /// The one-time code, or a setup string.
        code: String,
    } -> ConnectOutcome;
    /// Serves a session from now on, and no other; one that is served beside another becomes the usual one, and both stay served.
    StartSession = "start" {
        /// The session's id.
        session: String,
        /// The initials of who sits here; may be empty.
        initials: String,
    } -> DeskView;
    /// Serves other sessions beside the one that was started, from now on these: a ticket goes to the one that its guest is booked for.
    /// Unused places of those that it serves no more are given back.
    ServeAlso = "also" {
        /// The sessions' ids, at most 7; none: only the one that was started.
        sessions: Vec<String>,
    } -> DeskView;
    /// Says which session an open card is for. On a fast door whoever is good there is let in by that.
    ChooseSession = "choose" {
        /// The card's verdict id.
        id: String,
        /// One of the card's choices.
        session: String,
    } -> CardView;
    /// Leaves every session and shows the choice again; unused places are given back.
    LeaveSession = "leave" {} -> DeskView;
    /// Chooses fast door or ask first.
    SetDoor = "set_door" {
        /// The mode.
        mode: DoorMode,
    } -> DeskView;
    /// Shows guests' names as initials, for a screen that faces guests. The search still shows whom it found.
    SetNames = "set_names" {
        /// Whether they are hidden.
        hidden: bool,
    } -> DeskView;
    /// Chooses the camera and sets it. Takes effect at once, and is kept.
    SetCamera = "set_camera" {
        /// All of it.
        set: CameraSettings,
    } -> DeskView;
    /// From now on every scan checks out, or lets in again. A session that is started begins with letting in.
    SetOut = "set_out" {
        /// Whether people leave by this door.
        out: bool,
    } -> DeskView;
    /// A code was read. Where people leave by this door, its guest is checked out. Of the readings, the first that is known wins; all others count as misread keys.
    Scan = "scan" {
        /// The text as read, then other readings of the same keys.
        readings: Vec<String>,
        /// How.
        #[ts(type = "\"camera\" | \"scanner\" | \"typed\"")]
        found: Found,
    } -> Option<CardView>;
    /// Lets the guest of a card in.
    Accept = "accept" {
        /// The card's verdict id.
        id: String,
        /// The exception key was used: needed for anything but a clean Registered.
        anyway: bool,
    } -> CardView;
    /// Turns the guest of a card away.
    TurnAway = "turn_away" {
        /// The card's verdict id.
        id: String,
    } -> CardView;
    /// The card was closed, or its time is over; a refusal is recorded.
    CloseCard = "close" {
        /// The card's verdict id.
        id: String,
    } -> DeskView;
    /// Lets the guest of a card in whom the desk refuses, by a supervisor's word.
    LetInByPin = "override" {
        /// The card's verdict id.
        id: String,
        /// The supervisor's PIN.
        pin: String,
        /// Why.
        #[ts(type = "\"checked\" | \"staff\" | \"room\" | \"other\"")]
        reason: OverrideReason,
    } -> OverrideOutcome;
    /// Locks the desk: nothing is read and no guest is shown until a PIN unlocks it.
    LockDesk = "lock" {} -> DeskView;
    /// From now on guests read their own tickets, until a PIN ends it.
    ServeThemselves = "kiosk" {} -> DeskView;
    /// Unlocks the desk, or ends self-service.
    UnlockDesk = "unlock" {
        /// Anybody's PIN.
        pin: String,
    } -> PinOutcome;
    /// Opens the settings for as long as they are used.
    OpenSettings = "open_settings" {
        /// Anybody's PIN; nothing is needed where the event has none.
        pin: String,
    } -> PinOutcome;
    /// Closes the settings: they want a PIN again.
    CloseSettings = "close_settings" {} -> DeskView;
    /// Takes back what a card or a line of the list of everything wrote; without an id the last let-in of this desk.
    UndoLetIn = "undo" {
        /// The card's verdict id, or the line's.
        id: Option<String>,
        /// Why; none: nobody said.
        #[ts(type = "\"wrong_person\" | \"scanned_twice\" | \"left\" | \"other\" | null")]
        reason: Option<UndoReason>,
    } -> CardView;
    /// Begins or ends a practice with made-up tickets, on files of its own that are thrown away at its end.
    SetPractice = "practice" {
        /// Whether it is practised.
        on: bool,
        /// What the made-up guest with a note has as a note, in the volunteer's language.
        note: String,
        /// What the made-up guest with a flag has as a flag, likewise.
        flag: String,
    } -> DeskView;
    /// The first minute of somebody new: three made-up tickets on files that are thrown away. A real ticket ends it and is judged as usual.
    Learn = "learn" {
        /// What is to become of it.
        go: LessonGo,
    } -> DeskView;
    /// The first of these readings that is a known or a signed ticket: a slow scanner is believed only then. Nothing is written.
    KnowCode = "know_code" {
        /// The text as read, then other readings of the same keys.
        readings: Vec<String>,
    } -> Option<String>;
    /// Keeps what was learned of this desk's keyboard scanner, or forgets it.
    SetScanner = "set_scanner" {
        /// What was learned; none: nothing is known of it.
        set: Option<ScannerSettings>,
    } -> DeskView;
    /// Opens or closes the check before opening. While it is open a code is only seen, never judged.
    CheckReady = "ready" {
        /// Whether it is open.
        open: bool,
    } -> DeskView;
    /// Shows the whole order of a card's guest, to let in several at once.
    OpenOrder = "order" {
        /// The card's verdict id.
        id: String,
    } -> DeskView;
    /// Ticks or unticks one guest of the order that is shown.
    TickGuest = "tick" {
        /// The person's id.
        person: String,
        /// Whether they go in.
        ticked: bool,
    } -> DeskView;
    /// Lets in all who are ticked, or nobody: where one of them can no longer be let in, the order is shown again as it is now.
    AdmitOrder = "admit_order" {} -> DeskView;
    /// Shows the order no longer. Whoever was ticked is not let in.
    CloseOrder = "close_order" {} -> DeskView;
    /// What this desk did, the newest first: some 50 lines at a time.
    AskDone = "done" {
        /// The id of the last line that is known; none: from the newest on.
        before: Option<String>,
    } -> DonePage;
    /// Checks the guest of a card out: the check-in that is known here ends, or it is written that the guest left.
    CheckOut = "check_out" {
        /// The card's verdict id.
        id: String,
    } -> LeaveOutcome;
    /// Lets the guest of an *already in* card back in. Takes a place of this desk, unless guests of the session come and go.
    LetBackIn = "let_back_in" {
        /// The card's verdict id.
        id: String,
    } -> CardView;
    /// Searches by name, e-mail, organisation or order, two letters at least; says too whether the text is a code.
    Find = "find" {
        /// What was typed.
        text: String,
    } -> FindView;
    /// Opens a found guest's card as if scanned; never checks in.
    OpenGuest = "open" {
        /// The person's id.
        person: String,
    } -> CardView;
    /// Adds a guest without a ticket, who is on the list of every desk from then on.
    AddWalkIn = "walk_in" {
        /// The form's own random id, a UUID: sent twice, it is one walk-in. The card has this id.
        form: String,
        /// First name; one name at least.
        first: String,
        /// Last name.
        last: String,
        /// E-mail address; may be empty.
        email: String,
        /// Ticket kind; may be empty.
        kind: String,
        /// Let them in at once.
        let_in: bool,
    } -> WalkInOutcome;
    /// From now on a scan is held, because a form is open; or no longer, and what was held opens.
    HoldScans = "hold_scans" {
        /// Whether scans are held.
        held: bool,
    } -> DeskView;
    /// A supervisor's message was read: it is not shown any more.
    ReadMessage = "message_read" {
        /// The message's id.
        id: String,
    } -> DeskView;
    /// Calls a supervisor to this desk, or no longer.
    CallHelp = "help" {
        /// Whether somebody is to come.
        on: bool,
    } -> DeskView;
    /// Asks supervisors for a place for the guest of the card on the stage, or no longer.
    AskPlace = "ask_place" {
        /// The card's verdict id.
        id: String,
        /// Whether a place is wanted.
        on: bool,
    } -> DeskView;
    /// What closing the window now would leave behind.
    AskClosing = "closing" {} -> ClosingView;
    /// Where the desk's log could be saved now.
    AskSavePlaces = "save_places" {} -> SavePlaces;
    /// Saves the desk's whole log into a new file, for `usher-server carry import`.
    SaveLog = "save_log" {
        /// One of the places' paths.
        place: String,
    } -> SavedLog;
    /// Compares the counts on the screen with the records that they were made of. Changes nothing.
    CheckRecords = "check" {} -> RecordsView;
    /// Makes the counts anew from the records, then compares again. The records stay as they are.
    RebuildRecords = "rebuild" {} -> RecordsView;
    /// Prints the badge of a card's guest, let in or not; of a badge that failed, prints it again. Never waits for the printer: what
    /// becomes of it is in the view.
    PrintBadge = "print" {
        /// The card's verdict id, or the id of what failed.
        id: String,
    } -> DeskView;
    /// Prints a label with this desk's name, to try the printer.
    PrintTest = "print_test" {
        /// What is to stand on it beside the desk's name, in the window's language.
        text: String,
    } -> DeskView;
    /// A failed badge was seen: it is not shown any more, nor those before it.
    PrintSeen = "print_seen" {
        /// Its id.
        id: String,
    } -> DeskView;
    /// The printers of this computer.
    AskPrinters = "printers" {} -> PrintersView;
    /// Sets how this desk prints badges.
    SetPrinter = "set_printer" {
        /// All of it.
        set: BadgeSettings,
    } -> PrinterOutcome;
    /// Saves the badge of a card's guest as a PDF.
    SaveBadge = "save_badge" {
        /// The card's verdict id.
        id: String,
        /// One of the places' paths, as `save_places` gives them.
        place: String,
    } -> BadgeSaved;
}
