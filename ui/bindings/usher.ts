// Made from crates/protocol by its tests; never edited by hand (see crates/protocol/tests/bindings.rs).

/**
 * Which screen the desk shows.
 */
export type DeskPhase = { "kind": "connect" } | { "kind": "loading", 
/**
 * Guests so far.
 */
loaded: number, 
/**
 * Guests in all; 0 while unknown.
 */
total: number, } | { "kind": "start" } | { "kind": "door" } | { "kind": "open_elsewhere" } | { "kind": "broken", 
/**
 * Why.
 */
problem: StoreProblem, };

/**
 * Why the desk's files cannot be used.
 */
export type StoreProblem = "disk_full" | "read_only" | "busy" | "too_new" | "damaged" | "other";

/**
 * The event as shown.
 */
export type EventView = { 
/**
 * Its name.
 */
name: string, 
/**
 * IANA time zone for every time on the screen.
 */
time_zone: string, };

/**
 * A session as shown.
 */
export type SessionView = { 
/**
 * Its id.
 */
id: string, 
/**
 * Its title.
 */
name: string, 
/**
 * The room; may be empty.
 */
room: string, 
/**
 * Start.
 */
starts_ms: number, 
/**
 * End.
 */
ends_ms: number, 
/**
 * Whether guests are let in now.
 */
phase: PhaseView, 
/**
 * Places; none: no limit.
 */
capacity: number | null, 
/**
 * Guests come and go without being counted out.
 */
re_entry: boolean, 
/**
 * What a supervisor says while it is paused; empty: nothing.
 */
pause_words: string, };

/**
 * Whether guests are let in.
 */
export type PhaseView = { "kind": "scheduled", 
/**
 * When the doors open.
 */
opens_ms: number, } | { "kind": "open" } | { "kind": "paused" } | { "kind": "ended", 
/**
 * When it ended.
 */
ended_ms: number, };

/**
 * How a clean Registered is treated.
 */
export type DoorMode = "fast_door" | "ask_first";

/**
 * The line to the server.
 */
export type LinkView = { "kind": "online" } | { "kind": "offline", 
/**
 * Since when.
 */
since_ms: number, 
/**
 * Why, as far as the desk can tell.
 */
why: OfflineWhy, };

/**
 * Why there is no line to the server.
 */
export type OfflineWhy = "no_answer" | "revoked" | "other_server" | "disk_full" | "files";

/**
 * The guest list on this desk.
 */
export type ListView = { 
/**
 * Guests on it.
 */
people: number, 
/**
 * When it last agreed with the server; none: never.
 */
synced_ms: number | null, 
/**
 * Whether the whole list is here.
 */
complete: boolean, };

/**
 * Places left at this desk.
 */
export type PlacesView = { "kind": "no_limit" } | { "kind": "left", 
/**
 * Places.
 */
left: number, 
/**
 * What the desk aims to have.
 */
target: number, };

/**
 * The room as far as this desk knows.
 */
export type RoomView = { 
/**
 * Distinct people inside.
 */
inside: number, 
/**
 * Places; none: no limit.
 */
capacity: number | null, 
/**
 * Seats held for registered guests who are not in yet, as far as this desk knows.
 */
held: number, 
/**
 * How current the other desks' part is.
 */
as_of_ms: number, };

/**
 * The clock.
 */
export type ClockView = { 
/**
 * The corrected time at the push of this view.
 */
now_ms: number, 
/**
 * How far the computer's clock is off; positive: slow.
 */
skew_ms: number, };

/**
 * What the camera does.
 */
export type CameraView = { 
/**
 * Its state.
 */
state: CameraState, 
/**
 * The device's or folder's name; may be empty.
 */
name: string, 
/**
 * Two codes are in view.
 */
two_codes: boolean, 
/**
 * A code has been in view for two seconds and could not be read.
 */
unread: boolean, 
/**
 * The cameras that can be chosen, each by a name of its own; empty where there is no choice.
 */
devices: Array<string>, 
/**
 * The chosen camera is not there: what is shown comes from another one meanwhile.
 */
missing: boolean, 
/**
 * What can be set at the camera in use; empty where it has nothing, or is not running.
 */
controls: Array<CameraControl>, };

/**
 * The camera's state.
 */
export type CameraState = "off" | "running" | "none" | "busy" | "forbidden" | "unplugged" | "silent" | "failed";

/**
 * Something that can be set at a camera.
 */
export type CameraControl = { 
/**
 * What.
 */
kind: CameraControlKind, 
/**
 * The least value; 0 of a switch.
 */
min: number, 
/**
 * The greatest value, more than the least; 1 of a switch.
 */
max: number, 
/**
 * Between two values, at least 1.
 */
step: number, 
/**
 * How it stands now.
 */
value: number, 
/**
 * False: the camera decides by itself at the moment, because the switch before it is on.
 */
active: boolean, };

/**
 * What can be set at a camera. The first of each pair is a switch: 0 off, 1 on.
 */
export type CameraControlKind = "light" | "auto_exposure" | "exposure" | "brightness" | "auto_focus" | "focus";

/**
 * How a desk has its cameras set. Kept over restarts.
 */
export type CameraSettings = { 
/**
 * The chosen camera, by the name that `devices` gives; none: the first one.
 */
device: string | null, 
/**
 * The picture in the window is mirrored. What is read never is.
 */
mirror: boolean, 
/**
 * What was set at cameras; all else is as each camera has it.
 */
values: Array<CameraValue>, };

/**
 * A control of a camera that was set.
 */
export type CameraValue = { 
/**
 * The camera's name.
 */
camera: string, 
/**
 * Its control.
 */
kind: CameraControlKind, 
/**
 * To what; a value beyond the control's bounds counts as the bound.
 */
value: number, };

/**
 * A verdict card.
 */
export type CardView = { 
/**
 * The verdict's id: accepting it twice is one entry.
 */
id: string, 
/**
 * The answer.
 */
verdict: VerdictView, 
/**
 * What became of it.
 */
outcome: CardOutcome, 
/**
 * The guest, where known.
 */
guest: GuestView | null, 
/**
 * The title of the session that it was judged for.
 */
session: string, 
/**
 * Other sessions that the volunteer may choose for this guest; with the card's own where that is not chosen yet.
 */
choices: Array<SessionChoice>, 
/**
 * Nobody is let in before a session is chosen.
 */
unchosen: boolean, 
/**
 * When.
 */
at_ms: number, 
/**
 * Minutes past the start, where that is late.
 */
late_min: number | null, 
/**
 * A seat is held for this guest: no other place is needed.
 */
held: boolean, 
/**
 * What can be done with it now.
 */
actions: Array<CardAction>, 
/**
 * When this desk last heard from the others; none: never.
 */
others_ms: number | null, 
/**
 * How many of one order were let in together with this guest, the guest included; 0: alone.
 */
party: number, 
/**
 * The supervisor by whose word the guest was let in; none: nobody's was needed, or the desk was started since.
 */
let_in_by: string | null, 
/**
 * The same code was shown again within 10 s of its green: show it, without sound.
 */
again: boolean, 
/**
 * A supervisor was asked for a place for this guest.
 */
place: PlaceAsk | null, };

/**
 * The answer to a scan, with what its sentence needs.
 */
export type VerdictView = { "kind": "registered" } | { "kind": "not_registered", 
/**
 * The guest's next booking elsewhere, where there is one.
 */
booked: BookingView | null, } | { "kind": "already_in", 
/**
 * When.
 */
at_ms: number, 
/**
 * The desk's name; empty where unknown.
 */
desk: string, 
/**
 * By this desk.
 */
here: boolean, } | { "kind": "session_full", 
/**
 * Its places.
 */
capacity: number, } | { "kind": "grant_empty", 
/**
 * The server answers: more were asked for.
 */
online: boolean, 
/**
 * The session lets the volunteer decide.
 */
optimistic: boolean, } | { "kind": "seats_held", 
/**
 * Until when, milliseconds since 1970 UTC; none: no time is set, or it is over.
 */
until_ms: number | null, } | { "kind": "session_not_open", 
/**
 * When the doors open.
 */
opens_ms: number, } | { "kind": "session_paused" } | { "kind": "session_ended", 
/**
 * When it ended.
 */
ended_ms: number, } | { "kind": "cancelled" } | { "kind": "revoked" } | { "kind": "expired", 
/**
 * Good from; none: no start.
 */
from_ms: number | null, 
/**
 * Good until; none: no end.
 */
until_ms: number | null, } | { "kind": "unknown_ticket" } | { "kind": "signed_unknown" } | { "kind": "forged" } | { "kind": "other_event" } | { "kind": "not_a_ticket" } | { "kind": "practice_only" };

/**
 * What became of a card.
 */
export type CardOutcome = { "kind": "open" } | { "kind": "let_in" } | { "kind": "turned_away" } | { "kind": "taken_back" } | { "kind": "checked_out" } | { "kind": "nobody_out" } | { "kind": "not_counted" } | { "kind": "not_saved", 
/**
 * Why.
 */
problem: StoreProblem, };

/**
 * What can be done with a card.
 */
export type CardAction = "let_in" | "let_in_anyway" | "turn_away" | "undo" | "whole_order" | "check_out" | "let_back_in" | "find" | "walk_in" | "supervisor" | "ask_place";

/**
 * The guest as shown: the least that the desk needs.
 */
export type GuestView = { 
/**
 * The person's id.
 */
id: string, 
/**
 * The name; empty where the list has none.
 */
name: string, 
/**
 * Organisation; may be empty.
 */
organisation: string, 
/**
 * Ticket kind; may be empty.
 */
kind: string, 
/**
 * What the volunteer should know; may be empty.
 */
note: string, 
/**
 * Words of the organiser's for whom the volunteer is to look at, in order; may be none.
 */
flags: Array<string>, 
/**
 * The organiser wants a second look.
 */
attention: boolean, };

/**
 * A booking for another session.
 */
export type BookingView = { 
/**
 * The session's title.
 */
name: string, 
/**
 * Its room; may be empty.
 */
room: string, 
/**
 * Its start.
 */
starts_ms: number, };

/**
 * A line of the recent list.
 */
export type RecentRow = { 
/**
 * The card's verdict id.
 */
id: string, 
/**
 * The guest's name; empty where unknown.
 */
name: string, 
/**
 * When.
 */
at_ms: number, 
/**
 * What happened.
 */
what: RecentWhat, };

/**
 * What a recent line tells.
 */
export type RecentWhat = "let_in" | "turned_away" | "taken_back" | "checked_out" | "added" | "undecided";

/**
 * A line of what this desk did.
 */
export type DoneRow = { 
/**
 * The session's title; empty where it is no longer known.
 */
session: string, 
/**
 * It can be taken back.
 */
undo: boolean, 
/**
 * The server has not acknowledged it.
 */
waiting: boolean, 
/**
 * The card's verdict id.
 */
id: string, 
/**
 * The guest's name; empty where unknown.
 */
name: string, 
/**
 * When.
 */
at_ms: number, 
/**
 * What happened.
 */
what: RecentWhat, };

/**
 * A page of what this desk did.
 */
export type DonePage = { 
/**
 * The newest first.
 */
rows: Array<DoneRow>, 
/**
 * There is more before the last of them.
 */
more: boolean, };

/**
 * The order that is shown.
 */
export type OrderView = { 
/**
 * The verdict id of the card that it was opened from.
 */
card: string, 
/**
 * The order's name.
 */
order: string, 
/**
 * Its guests, by name; at most 50.
 */
guests: Array<OrderGuest>, 
/**
 * Places that letting in those who are ticked would need, of those left at this desk.
 */
needs: number, 
/**
 * Places left at this desk.
 */
places: PlacesView, 
/**
 * It was shown again because one of those who were ticked could no longer be let in.
 */
changed: boolean, };

/**
 * A guest of an order.
 */
export type OrderGuest = { 
/**
 * The person's id.
 */
person: string, 
/**
 * The name.
 */
name: string, 
/**
 * Ticket kind; may be empty.
 */
kind: string, 
/**
 * How the guest stands at the session.
 */
status: FindStatus, 
/**
 * They go in with the others.
 */
ticked: boolean, 
/**
 * They can be ticked: a clean Registered who is not in.
 */
can: boolean, };

/**
 * What a desk that practises shows beside the door.
 */
export type PracticeView = { 
/**
 * The made-up tickets, in the order in which they teach best.
 */
tickets: Array<PracticeTicket>, 
/**
 * The first minute, where it is this that is practised.
 */
lesson: LessonView | null, };

/**
 * A made-up ticket.
 */
export type PracticeTicket = { 
/**
 * What is scanned.
 */
code: string, 
/**
 * The guest's name; empty for the one that is on no list.
 */
name: string, 
/**
 * What it shows.
 */
kind: PracticeKind, };

/**
 * What a made-up ticket shows.
 */
export type PracticeKind = "booked" | "already_in" | "not_booked" | "family" | "note" | "flag" | "cancelled" | "expired" | "unknown";

/**
 * How far the first minute is.
 */
export type LessonView = { 
/**
 * What is taught now.
 */
step: LessonStep, 
/**
 * What it asks for was done: it can go on.
 */
done: boolean, };

/**
 * The steps of the first minute, in their order.
 */
export type LessonStep = "welcome" | "ask" | "anyway" | "help";

/**
 * What is to become of the first minute.
 */
export type LessonGo = "begin" | "next" | "end";

/**
 * How this desk's scanner types, as the *Scanner test* learned it.
 */
export type ScannerSettings = { 
/**
 * What it puts before each code; empty: nothing. At most 16 characters.
 */
prefix: string, 
/**
 * What it puts after each code, before the last key; empty: nothing. At most 16 characters.
 */
tail: string, 
/**
 * The key with which it ends.
 */
end: ScannerEnd, 
/**
 * The median from one key to the next, in ms, 0 to 80.
 */
gap_ms: number, };

/**
 * The key after a code.
 */
export type ScannerEnd = "enter" | "tab" | "nothing";

/**
 * What the check before opening found out by itself. Link, list, places, clock and camera stand in the desk's view.
 */
export type ReadyView = { 
/**
 * The camera read a code since the check was opened.
 */
camera_read: boolean, 
/**
 * A scanner's keys were read since the check was opened.
 */
scanner_read: boolean, 
/**
 * Free bytes on the disk with the desk's files; none: unknown.
 */
disk_free: number | null, 
/**
 * The battery; none: there is none, or it is unknown.
 */
battery: BatteryView | null, 
/**
 * The badges' printer; none: this desk prints no badges.
 */
printer: PrinterCheck | null, };

/**
 * The computer's battery.
 */
export type BatteryView = { 
/**
 * How full it is, 0 to 100 percent.
 */
percent: number, 
/**
 * Whether the computer is plugged in.
 */
plugged: boolean, };

/**
 * A guest whose card was replaced before anybody decided.
 */
export type LeftOpen = { 
/**
 * The card's verdict id: it can still be accepted.
 */
id: string, 
/**
 * The guest's name.
 */
name: string, 
/**
 * What accepting takes.
 */
action: CardAction, 
/**
 * When it was replaced.
 */
at_ms: number, };

/**
 * A guest whose commit failed.
 */
export type NotSaved = { 
/**
 * The guest's name; empty where unknown.
 */
name: string, 
/**
 * Why.
 */
problem: StoreProblem, };

/**
 * A row of the search.
 */
export type FindRow = { 
/**
 * The guest.
 */
guest: GuestView, 
/**
 * The order; may be empty.
 */
order: string, 
/**
 * How the guest stands at this session.
 */
status: FindStatus, 
/**
 * Not what was typed, but one letter off; these come last.
 */
near: boolean, };

/**
 * What a search found.
 */
export type FindView = { 
/**
 * Who was found, best first.
 */
rows: Array<FindRow>, 
/**
 * There are more than that.
 */
more: boolean, 
/**
 * The text is exactly a code that this desk knows, which reads like this.
 */
code: string | null, };

/**
 * How a found guest stands at this session.
 */
export type FindStatus = "booked" | "in" | "not_booked" | "cancelled";

/**
 * Why a desk or supervisor could not connect.
 */
export type ConnectRefusal = "bad_address" | "no_answer" | "not_usher" | "wrong_server" | "not_secure" | "code_unknown" | "code_used" | "code_expired" | "wrong_role" | "too_many_tries" | "app_too_old" | "server_too_old" | "disk" | "server_fault";

/**
 * How *Connect* went.
 */
export type ConnectOutcome = { "kind": "connected" } | { "kind": "refused", 
/**
 * Why.
 */
why: ConnectRefusal, };

/**
 * What closing the window now would leave behind.
 */
export type ClosingView = { 
/**
 * A session is being served: ask first.
 */
serving: boolean, 
/**
 * Entries waiting to be sent.
 */
waiting: number, };

/**
 * Where *Save unsent log* can write.
 */
export type SavePlaces = { 
/**
 * Entries waiting to be sent.
 */
waiting: number, 
/**
 * The places, the best first; never empty.
 */
places: Array<SavePlace>, };

/**
 * A folder that a file can be saved in.
 */
export type SavePlace = { 
/**
 * The folder's path: what `save_log` takes.
 */
path: string, 
/**
 * What it is.
 */
kind: SavePlaceKind, };

/**
 * What a folder is.
 */
export type SavePlaceKind = "stick" | "documents" | "downloads" | "home" | "desk";

/**
 * A log that was saved.
 */
export type SavedLog = { 
/**
 * The file.
 */
path: string, 
/**
 * Entries in it: the desk's whole log.
 */
entries: number, 
/**
 * Of these, entries that the server has not acknowledged.
 */
waiting: number, };

/**
 * The counts on the screen against the entries that they were made of.
 */
export type RecordsView = { 
/**
 * Entries that were read.
 */
entries: number, 
/**
 * What is of a kind that only a later version of Usher knows: kept, and in no count.
 */
unread: number, 
/**
 * Sessions whose counts differ from the entries; empty: all agree.
 */
differences: Array<RecordDifference>, };

/**
 * A session whose counts differ from its entries.
 */
export type RecordDifference = { 
/**
 * The session's title; its id where the title is not known.
 */
session: string, 
/**
 * What the screen shows.
 */
shown: Counted, 
/**
 * What the entries say.
 */
counted: Counted, };

/**
 * A session's counts.
 */
export type Counted = { 
/**
 * Distinct people inside.
 */
inside: number, 
/**
 * Seats taken.
 */
occupied: number, 
/**
 * Double admissions that nobody settled.
 */
unsettled: number, 
/**
 * Check-ins without a right.
 */
over_grant: number, };

/**
 * What became of a walk-in.
 */
export type WalkInOutcome = { "kind": "added", 
/**
 * The guest's card.
 */
card: CardView, } | { "kind": "not_now" } | { "kind": "invalid", 
/**
 * What is wrong with it.
 */
why: ProfileFault, };

/**
 * What is wrong with a profile.
 */
export type ProfileFault = "no_name" | "too_long" | "letters" | "email";

/**
 * A label's size, in millimetres.
 */
export type BadgeSize = "event" | "w90_h54" | "w62_h29";

/**
 * How a desk prints badges.
 */
export type BadgeSettings = { 
/**
 * A printer of this computer by name, or the address of one, `ipp://…`; none: no badges.
 */
printer: string | null, 
/**
 * Whether a badge is printed whenever a guest is let in here for the first time.
 */
on_let_in: boolean, 
/**
 * The label in the printer.
 */
size: BadgeSize, };

/**
 * Why a badge did not come out.
 */
export type BadgeProblem = { "kind": "no_printer" } | { "kind": "gone" } | { "kind": "stopped" } | { "kind": "out_of_paper" } | { "kind": "needs_care" } | { "kind": "slow" } | { "kind": "no_pdf" } | { "kind": "refused" } | { "kind": "too_many" } | { "kind": "no_font", 
/**
 * The letters.
 */
letters: string, };

/**
 * A badge that did not come out.
 */
export type BadgeFailed = { 
/**
 * What `print` and `print_seen` take; a test label has an id of its own.
 */
id: string, 
/**
 * Whose; empty for a test label.
 */
name: string, 
/**
 * Why.
 */
why: BadgeProblem, 
/**
 * Others that failed before it and were not seen.
 */
more: number, };

/**
 * The desk's badges, as the strip and the menu show them.
 */
export type BadgesView = { 
/**
 * What this desk was set to.
 */
set: BadgeSettings, 
/**
 * Badges that are not out yet, the one at the printer with them.
 */
waiting: number, 
/**
 * The last badge that did not come out, until it was printed again or somebody saw it.
 */
failed: BadgeFailed | null, 
/**
 * The event's own label; none: it has none, and a badge that goes by the event has 90 × 54 mm.
 */
event: EventLabel | null, };

/**
 * The label that the event's template describes.
 */
export type EventLabel = { 
/**
 * Its width in millimetres.
 */
width_mm: number, 
/**
 * Its height in millimetres.
 */
height_mm: number, 
/**
 * Whether badges come out as the template says.
 */
drawn: TemplateDrawn, };

/**
 * Whether badges come out as a template says; where they do not, they have the plain layout, on its labels.
 */
export type TemplateDrawn = "as_said" | "unreadable" | "last_plain";

/**
 * How the badges' printer stands.
 */
export type PrinterCheck = { "kind": "asking" } | { "kind": "good" } | { "kind": "problem", 
/**
 * Why.
 */
why: BadgeProblem, };

/**
 * A session that a guest may be let in to.
 */
export type SessionChoice = { 
/**
 * Its id.
 */
id: string, 
/**
 * Its title.
 */
name: string, 
/**
 * The room; may be empty.
 */
room: string, };

/**
 * The printers of this computer.
 */
export type PrintersView = { 
/**
 * Their names, sorted; at most 50.
 */
names: Array<string>, 
/**
 * The computer's print service is there and did not answer.
 */
unanswered: boolean, };

/**
 * What became of choosing a printer.
 */
export type PrinterOutcome = "set" | "not_a_printer" | "not_ipp";

/**
 * What became of saving a badge as a file.
 */
export type BadgeSaved = { "kind": "saved", 
/**
 * The file.
 */
path: string, } | { "kind": "failed", 
/**
 * Why.
 */
why: BadgeProblem, };

/**
 * Who stands before the screen.
 */
export type Attended = "volunteer" | "nobody" | "guest";

/**
 * What a PIN opened.
 */
export type PinOutcome = { "kind": "opened" } | { "kind": "wrong", 
/**
 * The next one is looked at after so many milliseconds.
 */
wait_ms: number, } | { "kind": "wait", 
/**
 * How many are left.
 */
wait_ms: number, } | { "kind": "unlocks_only" } | { "kind": "no_pins" };

/**
 * What became of letting somebody in by a supervisor's word.
 */
export type OverrideOutcome = { "kind": "decided", 
/**
 * The card.
 */
card: CardView, } | { "kind": "pin", 
/**
 * Why.
 */
why: PinOutcome, };

/**
 * A supervisor's message that nobody at this desk has read.
 */
export type MessageView = { 
/**
 * Its id.
 */
id: string, 
/**
 * It covers the stage, and scans wait until it was read.
 */
urgent: boolean, 
/**
 * The words; of an answer to a call for help who comes, or empty.
 */
text: string, 
/**
 * Somebody comes: the answer to this desk's call for help.
 */
comes: boolean, 
/**
 * There is no place: for whom it was asked, by name or empty; none: it is about no place.
 */
refused: string | null, 
/**
 * When it was said.
 */
at_ms: number, 
/**
 * How many more wait behind it.
 */
more: number, };

/**
 * Help for who sits at the desk.
 */
export type HelpView = { 
/**
 * Whom to call by telephone: a number, or short words; empty: nobody is named.
 */
phone: string, 
/**
 * A supervisor was called.
 */
asked: HelpAsked | null, };

/**
 * A supervisor was called.
 */
export type HelpAsked = { 
/**
 * When.
 */
at_ms: number, 
/**
 * When the server took the call; none: it is still on its way.
 */
told_ms: number | null, 
/**
 * Who comes, or empty; none: nobody has answered.
 */
comes: string | null, };

/**
 * A place was asked for, for the guest of a card.
 */
export type PlaceAsk = { 
/**
 * When.
 */
at_ms: number, 
/**
 * Whether the server has the question.
 */
told: boolean, 
/**
 * The supervisor's reason, or empty: there is no place; none: nobody has answered.
 */
refused: string | null, };

/**
 * Everything that the desk window shows. Pushed whole after every change.
 */
export type DeskView = { 
/**
 * Which screen.
 */
phase: DeskPhase, 
/**
 * The event, once known.
 */
event: EventView | null, 
/**
 * The desk's name; empty before enrolment.
 */
desk: string, 
/**
 * The initials of who sits here; may be empty.
 */
initials: string, 
/**
 * Every session, by start.
 */
sessions: Array<SessionView>, 
/**
 * The id of the session that this desk serves; on the start screen the one to preselect.
 */
session: string | null, 
/**
 * The sessions that this desk serves beside it.
 */
also: Array<string>, 
/**
 * Whether a clean Registered is let in at the scan.
 */
door: DoorMode, 
/**
 * Guests see this screen: names are shown as initials.
 */
names_hidden: boolean, 
/**
 * People leave by this door: every scan checks out.
 */
out: boolean, 
/**
 * The line to the server.
 */
link: LinkView, 
/**
 * The server was put back to an older state and has not heard every desk again: it gives no places meanwhile.
 */
learning: boolean, 
/**
 * Entries waiting to be sent.
 */
waiting: number, 
/**
 * The guest list on this desk.
 */
list: ListView, 
/**
 * Places left at this desk.
 */
places: PlacesView, 
/**
 * The room as far as this desk knows.
 */
room: RoomView | null, 
/**
 * The clock.
 */
clock: ClockView, 
/**
 * The last things done here, newest first; at most 20.
 */
recent: Array<RecentRow>, 
/**
 * The camera.
 */
camera: CameraView, 
/**
 * How this desk has its cameras set.
 */
camera_set: CameraSettings, 
/**
 * The card on the stage.
 */
card: CardView | null, 
/**
 * Made-up tickets are at the door: nothing reaches the log.
 */
practice: PracticeView | null, 
/**
 * Somebody who is new at this desk may learn in a minute before the first guest.
 */
lesson_offered: boolean, 
/**
 * What the check before opening found, while it is open: a code is only seen then.
 */
ready: ReadyView | null, 
/**
 * One order's guests, while they are shown to be let in together.
 */
order: OrderView | null, 
/**
 * A guest whose card asked and was replaced by the next scan before anybody decided.
 */
left_open: LeftOpen | null, 
/**
 * The name of a guest whose ticket was read while a form was open, empty where unknown: the card opens once the form is closed.
 */
held_scan: string | null, 
/**
 * The last commit failed for this guest; stays until a later one succeeds.
 */
not_saved: NotSaved | null, 
/**
 * Name badges.
 */
badges: BadgesView, 
/**
 * Who stands before the screen.
 */
attended: Attended, 
/**
 * The event has PINs: the desk can be locked and serve itself, and settings want one.
 */
pins: boolean, 
/**
 * Settings can be changed now: the event has no PINs, or one opened them.
 */
settings_open: boolean, 
/**
 * What was learned of this desk's keyboard scanner; none: it was never tested.
 */
scanner: ScannerSettings | null, 
/**
 * What a supervisor says and nobody here has read: the urgent one first, then the oldest.
 */
message: MessageView | null, 
/**
 * Help for who sits here.
 */
help: HelpView, };

/**
 * Why a command of a window could not be carried out. Refusals of the door are cards, not errors.
 */
export type WindowError = { "kind": "bad_call" } | { "kind": "not_ready" } | { "kind": "not_possible" } | { "kind": "locked" } | { "kind": "store", 
/**
 * How.
 */
problem: StoreProblem, };

/**
 * Whether guests are let in.
 */
export type BoardState = "scheduled" | "open" | "paused" | "ended";

/**
 * A desk's log as a session's board names it.
 */
export type BoardLog = { 
/**
 * The station's id.
 */
station: string, 
/**
 * The log's epoch, 16 hexadecimal digits.
 */
epoch: string, 
/**
 * The desk's name.
 */
name: string, 
/**
 * X: places that it may have used unseen, or may still use.
 */
outstanding: number, 
/**
 * It has not reported since the server was put back: it may have more places than are known.
 */
awaited: boolean, 
/**
 * When the desk was last heard, milliseconds since 1970 UTC; none: never.
 */
last_contact_ms: number | null, };

/**
 * A session on the board. Numbers are never merged into one (DESIGN section 4).
 */
export type BoardSession = { 
/**
 * Its id.
 */
id: string, 
/**
 * Its title.
 */
name: string, 
/**
 * The room; may be empty.
 */
room: string, 
/**
 * Start and end, milliseconds since 1970 UTC.
 */
starts_ms: number, 
/**
 * End, milliseconds since 1970 UTC.
 */
ends_ms: number, 
/**
 * When the doors open, milliseconds since 1970 UTC.
 */
opens_ms: number, 
/**
 * Whether guests are let in.
 */
state: BoardState, 
/**
 * What a supervisor set by hand; scheduled: the schedule decides.
 */
set: "scheduled" | "open" | "paused" | "ended", 
/**
 * Every free place is handed out to desks, with none kept back.
 */
hand_out_all: boolean, 
/**
 * Seats are held for registered guests.
 */
hold_seats: boolean, 
/**
 * Until when they are, milliseconds since 1970 UTC; none: no time is set. Left out by a server of version 0.1.
 */
held_until_ms: number | null, 
/**
 * Guests come and go without being counted out; left out by a server of version 0.1.
 */
re_entry: boolean, 
/**
 * Places; none: no limit.
 */
capacity: number | null, 
/**
 * Distinct people inside.
 */
inside: number, 
/**
 * Seats taken.
 */
occupied: number, 
/**
 * Double admissions that nobody settled.
 */
unsettled: number, 
/**
 * Check-ins without a right.
 */
over_grant: number, 
/**
 * Entries that desks serving it have reported but not sent.
 */
pending: number, 
/**
 * ΣX: places that desks may still use.
 */
outstanding: number, 
/**
 * H: seats held for registrations and not used.
 */
held: number, 
/**
 * W: the worst case. After a restore it may be more, while `awaited` is not empty.
 */
worst: number, 
/**
 * P: what can still be given; none for a session without a limit.
 */
grantable: number | null, 
/**
 * The desks that have not reported since the server was put back to an older state: until they have, or are settled,
 * nothing is given out and the worst case is not known.
 */
awaited: Array<string>, 
/**
 * The desks' logs that may still use places of this session, or seats that were taken away, or are awaited: what could be settled.
 */
logs: Array<BoardLog>, 
/**
 * The revision of its settings; left out by a server of version 0.1.
 */
rev?: number, 
/**
 * What desks show while it is paused; empty: nothing was said.
 */
pause_words?: string, };

/**
 * A station on the board.
 */
export type BoardStation = { 
/**
 * Its id.
 */
id: string, 
/**
 * Its name.
 */
name: string, 
/**
 * The initials of who sits there; may be empty.
 */
initials: string, 
/**
 * The id of the session that it serves.
 */
session: string | null, 
/**
 * When it was last heard, milliseconds since 1970 UTC; none: never.
 */
last_contact_ms: number | null, 
/**
 * Entries that it had not sent when last heard.
 */
waiting: number, 
/**
 * How far its clock is off, milliseconds; positive: slow.
 */
skew_ms: number, 
/**
 * Rights that it may still spend for the session it serves; none: no limit or no session.
 */
places: number | null, 
/**
 * Check-ins received from it in the last five minutes.
 */
recent: number, 
/**
 * What it asks for and nobody has answered; none: nothing.
 */
asks?: DeskAsks | null, };

/**
 * What a desk asks supervisors for.
 */
export type DeskAsks = { 
/**
 * That somebody comes: when it was asked, milliseconds since 1970 UTC.
 */
help_ms: number | null, 
/**
 * A place for a guest.
 */
place: DeskPlaceAsk | null, };

/**
 * A desk asks for a place at a session.
 */
export type DeskPlaceAsk = { 
/**
 * When, milliseconds since 1970 UTC.
 */
at_ms: number, 
/**
 * The session's id.
 */
session: string, 
/**
 * The guest's name; none where unknown.
 */
guest: string | null, };

/**
 * What a supervisor said to desks.
 */
export type BoardMessage = { 
/**
 * Its name: the entry that says it.
 */
id: string, 
/**
 * When, milliseconds since 1970 UTC.
 */
at_ms: number, 
/**
 * Who said it; empty where unknown.
 */
by: string, 
/**
 * To which desk, by name; none: to several.
 */
to: string | null, 
/**
 * To the desks of which session, by id; none: to all, or to the one.
 */
session: string | null, 
/**
 * It covers the stage.
 */
urgent: boolean, 
/**
 * The words; may be empty in an answer.
 */
text: string, 
/**
 * It says that somebody comes.
 */
comes: boolean, 
/**
 * It says that there is no place.
 */
refuses: boolean, 
/**
 * At how many of them it was read.
 */
read: number, 
/**
 * The names of the desks that it is for, and at which nobody has read it.
 */
unread: Array<string>, };

/**
 * One record that shows an incident.
 */
export type BoardRecord = { 
/**
 * The desk's name.
 */
station: string, 
/**
 * When, milliseconds since 1970 UTC.
 */
at_ms: number, };

/**
 * An incident on the board.
 */
export type BoardIncident = { 
/**
 * Its id.
 */
id: string, 
/**
 * Which contradiction.
 */
kind: "double_admission" | "over_capacity" | "unknown_admitted" | "broken_chain" | "clock_far_off" | "server_restored", 
/**
 * The session's id.
 */
session_id: string | null, 
/**
 * The session's title.
 */
session: string | null, 
/**
 * The person's name; none where unknown.
 */
person: string | null, 
/**
 * How many over the capacity, for an over capacity incident.
 */
over_by: number | null, 
/**
 * Where and when, first the record that stands.
 */
records: Array<BoardRecord>, };

/**
 * Two persons that are one.
 */
export type BoardMerge = { 
/**
 * The server's id.
 */
station: string, 
/**
 * The epoch of its log in which the merge stands.
 */
epoch: string, 
/**
 * The merge's number in that log: with station and epoch its name, by which it is taken back.
 */
seq: number, 
/**
 * The name of the one that stays, or the id where the name is not known.
 */
stays: string, 
/**
 * The name of the one that is the same.
 */
same: string, };

/**
 * Everything that the supervisor's window shows.
 */
export type Board = { 
/**
 * The event's name.
 */
event: string, 
/**
 * The IANA time zone that times are shown in.
 */
time_zone: string, 
/**
 * When the authority computed it, milliseconds since 1970 UTC.
 */
at_ms: number, 
/**
 * Every session.
 */
sessions: Array<BoardSession>, 
/**
 * Every station.
 */
stations: Array<BoardStation>, 
/**
 * What is to be settled.
 */
incidents: Array<BoardIncident>, 
/**
 * Persons that a supervisor said are one; left out by a server of version 0.1.
 */
merges?: Array<BoardMerge>, 
/**
 * What supervisors said to desks lately, the newest first; none: the server takes no messages.
 */
messages?: Array<BoardMessage> | null, };

/**
 * What became of a supervisor's decision.
 */
export type DecideOutcome = { "kind": "done" } | { "kind": "refused", 
/**
 * Why.
 */
why: DecideRefusal, };

/**
 * Why a decision was not taken.
 */
export type DecideRefusal = "offline" | "revoked" | "unknown" | "done" | "learning" | "does_not_fit" | "server_too_old";

/**
 * The answer to a check-out.
 */
export type LeaveOutcome = { "kind": "checked_out", 
/**
 * The guest's name; empty where it is not known.
 */
name: string, } | { "kind": "not_counted" } | { "kind": "nobody" };

/**
 * Somebody on the guest list.
 */
export type FoundPerson = { 
/**
 * The person's id.
 */
id: string, 
/**
 * The name; empty where the list has none.
 */
name: string, 
/**
 * Organisation; may be empty.
 */
organisation: string, 
/**
 * The order; may be empty.
 */
order: string, 
/**
 * The titles of the sessions that the person is inside of, under whatever name.
 */
inside: Array<string>, };

/**
 * Everything that the supervisor window shows. Pushed whole after every change.
 */
export type SupervisorView = { 
/**
 * Whether this window has a credential.
 */
connected: boolean, 
/**
 * The line to the server.
 */
link: LinkView, 
/**
 * The last board; stays, dated, while the server is away.
 */
board: Board | null, 
/**
 * Now, on the server's clock once a board has come: for the board's age.
 */
now_ms: number, };

/**
 * Everything that the window shows.
 */
export type LookAtDesk = Record<symbol, never>;

/**
 * Enrols this desk; the code may be a whole setup string.
 */
export type ConnectDesk = { 
/**
 * The server's address; may be empty with a setup string.
 */
address: string, 
/**
 * The one-time code, or a setup string.
 */
code: string, };

/**
 * Serves a session from now on, and no other; one that is served beside another becomes the usual one, and both stay served.
 */
export type StartSession = { 
/**
 * The session's id.
 */
session: string, 
/**
 * The initials of who sits here; may be empty.
 */
initials: string, };

/**
 * Serves other sessions beside the one that was started, from now on these: a ticket goes to the one that its guest is booked for.
 * Unused places of those that it serves no more are given back.
 */
export type ServeAlso = { 
/**
 * The sessions' ids, at most 7; none: only the one that was started.
 */
sessions: Array<string>, };

/**
 * Says which session an open card is for. On a fast door whoever is good there is let in by that.
 */
export type ChooseSession = { 
/**
 * The card's verdict id.
 */
id: string, 
/**
 * One of the card's choices.
 */
session: string, };

/**
 * Leaves every session and shows the choice again; unused places are given back.
 */
export type LeaveSession = Record<symbol, never>;

/**
 * Chooses fast door or ask first.
 */
export type SetDoor = { 
/**
 * The mode.
 */
mode: DoorMode, };

/**
 * Shows guests' names as initials, for a screen that faces guests. The search still shows whom it found.
 */
export type SetNames = { 
/**
 * Whether they are hidden.
 */
hidden: boolean, };

/**
 * Chooses the camera and sets it. Takes effect at once, and is kept.
 */
export type SetCamera = { 
/**
 * All of it.
 */
set: CameraSettings, };

/**
 * From now on every scan checks out, or lets in again. A session that is started begins with letting in.
 */
export type SetOut = { 
/**
 * Whether people leave by this door.
 */
out: boolean, };

/**
 * A code was read. Where people leave by this door, its guest is checked out. Of the readings, the first that is known wins; all others count as misread keys.
 */
export type Scan = { 
/**
 * The text as read, then other readings of the same keys.
 */
readings: Array<string>, 
/**
 * How.
 */
found: "camera" | "scanner" | "typed", };

/**
 * Lets the guest of a card in.
 */
export type Accept = { 
/**
 * The card's verdict id.
 */
id: string, 
/**
 * The exception key was used: needed for anything but a clean Registered.
 */
anyway: boolean, };

/**
 * Turns the guest of a card away.
 */
export type TurnAway = { 
/**
 * The card's verdict id.
 */
id: string, };

/**
 * The card was closed, or its time is over; a refusal is recorded.
 */
export type CloseCard = { 
/**
 * The card's verdict id.
 */
id: string, };

/**
 * Lets the guest of a card in whom the desk refuses, by a supervisor's word.
 */
export type LetInByPin = { 
/**
 * The card's verdict id.
 */
id: string, 
/**
 * The supervisor's PIN.
 */
pin: string, 
/**
 * Why.
 */
reason: "checked" | "staff" | "room" | "other", };

/**
 * Locks the desk: nothing is read and no guest is shown until a PIN unlocks it.
 */
export type LockDesk = Record<symbol, never>;

/**
 * From now on guests read their own tickets, until a PIN ends it.
 */
export type ServeThemselves = Record<symbol, never>;

/**
 * Unlocks the desk, or ends self-service.
 */
export type UnlockDesk = { 
/**
 * Anybody's PIN.
 */
pin: string, };

/**
 * Opens the settings for as long as they are used.
 */
export type OpenSettings = { 
/**
 * Anybody's PIN; nothing is needed where the event has none.
 */
pin: string, };

/**
 * Closes the settings: they want a PIN again.
 */
export type CloseSettings = Record<symbol, never>;

/**
 * Takes back what a card or a line of the list of everything wrote; without an id the last let-in of this desk.
 */
export type UndoLetIn = { 
/**
 * The card's verdict id, or the line's.
 */
id: string | null, 
/**
 * Why; none: nobody said.
 */
reason: "wrong_person" | "scanned_twice" | "left" | "other" | null, };

/**
 * Begins or ends a practice with made-up tickets, on files of its own that are thrown away at its end.
 */
export type SetPractice = { 
/**
 * Whether it is practised.
 */
on: boolean, 
/**
 * What the made-up guest with a note has as a note, in the volunteer's language.
 */
note: string, 
/**
 * What the made-up guest with a flag has as a flag, likewise.
 */
flag: string, };

/**
 * The first minute of somebody new: three made-up tickets on files that are thrown away. A real ticket ends it and is judged as usual.
 */
export type Learn = { 
/**
 * What is to become of it.
 */
go: LessonGo, };

/**
 * The first of these readings that is a known or a signed ticket: a slow scanner is believed only then. Nothing is written.
 */
export type KnowCode = { 
/**
 * The text as read, then other readings of the same keys.
 */
readings: Array<string>, };

/**
 * Keeps what was learned of this desk's keyboard scanner, or forgets it.
 */
export type SetScanner = { 
/**
 * What was learned; none: nothing is known of it.
 */
set: ScannerSettings | null, };

/**
 * Opens or closes the check before opening. While it is open a code is only seen, never judged.
 */
export type CheckReady = { 
/**
 * Whether it is open.
 */
open: boolean, };

/**
 * Shows the whole order of a card's guest, to let in several at once.
 */
export type OpenOrder = { 
/**
 * The card's verdict id.
 */
id: string, };

/**
 * Ticks or unticks one guest of the order that is shown.
 */
export type TickGuest = { 
/**
 * The person's id.
 */
person: string, 
/**
 * Whether they go in.
 */
ticked: boolean, };

/**
 * Lets in all who are ticked, or nobody: where one of them can no longer be let in, the order is shown again as it is now.
 */
export type AdmitOrder = Record<symbol, never>;

/**
 * Shows the order no longer. Whoever was ticked is not let in.
 */
export type CloseOrder = Record<symbol, never>;

/**
 * What this desk did, the newest first: some 50 lines at a time.
 */
export type AskDone = { 
/**
 * The id of the last line that is known; none: from the newest on.
 */
before: string | null, };

/**
 * Checks the guest of a card out: the check-in that is known here ends, or it is written that the guest left.
 */
export type CheckOut = { 
/**
 * The card's verdict id.
 */
id: string, };

/**
 * Lets the guest of an *already in* card back in. Takes a place of this desk, unless guests of the session come and go.
 */
export type LetBackIn = { 
/**
 * The card's verdict id.
 */
id: string, };

/**
 * Searches by name, e-mail, organisation or order, two letters at least; says too whether the text is a code.
 */
export type Find = { 
/**
 * What was typed.
 */
text: string, };

/**
 * Opens a found guest's card as if scanned; never checks in.
 */
export type OpenGuest = { 
/**
 * The person's id.
 */
person: string, };

/**
 * Adds a guest without a ticket, who is on the list of every desk from then on.
 */
export type AddWalkIn = { 
/**
 * The form's own random id, a UUID: sent twice, it is one walk-in. The card has this id.
 */
form: string, 
/**
 * First name; one name at least.
 */
first: string, 
/**
 * Last name.
 */
last: string, 
/**
 * E-mail address; may be empty.
 */
email: string, 
/**
 * Ticket kind; may be empty.
 */
kind: string, 
/**
 * Let them in at once.
 */
let_in: boolean, };

/**
 * From now on a scan is held, because a form is open; or no longer, and what was held opens.
 */
export type HoldScans = { 
/**
 * Whether scans are held.
 */
held: boolean, };

/**
 * A supervisor's message was read: it is not shown any more.
 */
export type ReadMessage = { 
/**
 * The message's id.
 */
id: string, };

/**
 * Calls a supervisor to this desk, or no longer.
 */
export type CallHelp = { 
/**
 * Whether somebody is to come.
 */
on: boolean, };

/**
 * Asks supervisors for a place for the guest of the card on the stage, or no longer.
 */
export type AskPlace = { 
/**
 * The card's verdict id.
 */
id: string, 
/**
 * Whether a place is wanted.
 */
on: boolean, };

/**
 * What closing the window now would leave behind.
 */
export type AskClosing = Record<symbol, never>;

/**
 * Where the desk's log could be saved now.
 */
export type AskSavePlaces = Record<symbol, never>;

/**
 * Saves the desk's whole log into a new file, for `usher-server carry import`.
 */
export type SaveLog = { 
/**
 * One of the places' paths.
 */
place: string, };

/**
 * Compares the counts on the screen with the records that they were made of. Changes nothing.
 */
export type CheckRecords = Record<symbol, never>;

/**
 * Makes the counts anew from the records, then compares again. The records stay as they are.
 */
export type RebuildRecords = Record<symbol, never>;

/**
 * Prints the badge of a card's guest, let in or not; of a badge that failed, prints it again. Never waits for the printer: what
 * becomes of it is in the view.
 */
export type PrintBadge = { 
/**
 * The card's verdict id, or the id of what failed.
 */
id: string, };

/**
 * Prints a label with this desk's name, to try the printer.
 */
export type PrintTest = { 
/**
 * What is to stand on it beside the desk's name, in the window's language.
 */
text: string, };

/**
 * A failed badge was seen: it is not shown any more, nor those before it.
 */
export type PrintSeen = { 
/**
 * Its id.
 */
id: string, };

/**
 * The printers of this computer.
 */
export type AskPrinters = Record<symbol, never>;

/**
 * Sets how this desk prints badges.
 */
export type SetPrinter = { 
/**
 * All of it.
 */
set: BadgeSettings, };

/**
 * Saves the badge of a card's guest as a PDF.
 */
export type SaveBadge = { 
/**
 * The card's verdict id.
 */
id: string, 
/**
 * One of the places' paths, as `save_places` gives them.
 */
place: string, };

/** The commands of the desk window. */
export interface DeskCommands {
  look: { args: LookAtDesk; output: DeskView };
  connect: { args: ConnectDesk; output: ConnectOutcome };
  start: { args: StartSession; output: DeskView };
  also: { args: ServeAlso; output: DeskView };
  choose: { args: ChooseSession; output: CardView };
  leave: { args: LeaveSession; output: DeskView };
  set_door: { args: SetDoor; output: DeskView };
  set_names: { args: SetNames; output: DeskView };
  set_camera: { args: SetCamera; output: DeskView };
  set_out: { args: SetOut; output: DeskView };
  scan: { args: Scan; output: CardView | null };
  accept: { args: Accept; output: CardView };
  turn_away: { args: TurnAway; output: CardView };
  close: { args: CloseCard; output: DeskView };
  override: { args: LetInByPin; output: OverrideOutcome };
  lock: { args: LockDesk; output: DeskView };
  kiosk: { args: ServeThemselves; output: DeskView };
  unlock: { args: UnlockDesk; output: PinOutcome };
  open_settings: { args: OpenSettings; output: PinOutcome };
  close_settings: { args: CloseSettings; output: DeskView };
  undo: { args: UndoLetIn; output: CardView };
  practice: { args: SetPractice; output: DeskView };
  learn: { args: Learn; output: DeskView };
  know_code: { args: KnowCode; output: string | null };
  set_scanner: { args: SetScanner; output: DeskView };
  ready: { args: CheckReady; output: DeskView };
  order: { args: OpenOrder; output: DeskView };
  tick: { args: TickGuest; output: DeskView };
  admit_order: { args: AdmitOrder; output: DeskView };
  close_order: { args: CloseOrder; output: DeskView };
  done: { args: AskDone; output: DonePage };
  check_out: { args: CheckOut; output: LeaveOutcome };
  let_back_in: { args: LetBackIn; output: CardView };
  find: { args: Find; output: FindView };
  open: { args: OpenGuest; output: CardView };
  walk_in: { args: AddWalkIn; output: WalkInOutcome };
  hold_scans: { args: HoldScans; output: DeskView };
  message_read: { args: ReadMessage; output: DeskView };
  help: { args: CallHelp; output: DeskView };
  ask_place: { args: AskPlace; output: DeskView };
  closing: { args: AskClosing; output: ClosingView };
  save_places: { args: AskSavePlaces; output: SavePlaces };
  save_log: { args: SaveLog; output: SavedLog };
  check: { args: CheckRecords; output: RecordsView };
  rebuild: { args: RebuildRecords; output: RecordsView };
  print: { args: PrintBadge; output: DeskView };
  print_test: { args: PrintTest; output: DeskView };
  print_seen: { args: PrintSeen; output: DeskView };
  printers: { args: AskPrinters; output: PrintersView };
  set_printer: { args: SetPrinter; output: PrinterOutcome };
  save_badge: { args: SaveBadge; output: BadgeSaved };
}

/**
 * Everything that the window shows.
 */
export type LookAtBoard = Record<symbol, never>;

/**
 * Enrols this supervisor; the code may be a whole setup string.
 */
export type ConnectSupervisor = { 
/**
 * The server's address; may be empty with a setup string.
 */
address: string, 
/**
 * The one-time code, or a setup string.
 */
code: string, };

/**
 * Writes a lost desk's places off; they count as free but for those that are said to be used.
 */
export type SettleDesk = { 
/**
 * The station's id.
 */
station: string, 
/**
 * Its log's epoch.
 */
epoch: string, 
/**
 * The session's id.
 */
session: string, 
/**
 * How many of its places count as used.
 */
spent: number, 
/**
 * Why.
 */
reason: "lost" | "counted" | "other", };

/**
 * Settles an incident.
 */
export type ResolveIncident = { 
/**
 * The incident's id.
 */
incident: string, 
/**
 * How.
 */
outcome: "one_person" | "two_people" | "accepted", 
/**
 * How many over the capacity the board showed, for an over capacity incident.
 */
over_by: number | null, };

/**
 * Guests whose words begin with the words of the text.
 */
export type FindPersons = { 
/**
 * What was typed.
 */
text: string, };

/**
 * Two persons are one: what one walk-in at two desks becomes.
 */
export type MergePersons = { 
/**
 * The id of the person that stays.
 */
stays: string, 
/**
 * The id of the person that is the same.
 */
same: string, };

/**
 * Takes a merge back.
 */
export type SplitPersons = { 
/**
 * The server's id.
 */
station: string, 
/**
 * The epoch of its log in which the merge stands.
 */
epoch: string, 
/**
 * The merge's number in that log.
 */
seq: number, };

/**
 * Guests of a session come and go without being counted out, or no longer. To be set before the doors open.
 */
export type AllowReEntry = { 
/**
 * The session's id.
 */
session: string, 
/**
 * Whether they do.
 */
allowed: boolean, };

/**
 * Gives a session another number of places.
 */
export type SetCapacity = { 
/**
 * The session's id.
 */
session: string, 
/**
 * Places; none: no limit.
 */
capacity: number | null, };

/**
 * Opens, pauses or ends a session, or gives it back to its schedule.
 */
export type SetSessionState = { 
/**
 * The session's id.
 */
session: string, 
/**
 * To which state.
 */
state: "scheduled" | "open" | "paused" | "ended", 
/**
 * What desks show meanwhile, for a pause; none: nothing.
 */
words: string | null, };

/**
 * Says something to desks: to one, to those of a session, or to all.
 */
export type SendMessage = { 
/**
 * The desk's id; none: not only one.
 */
to: string | null, 
/**
 * The session's id; none: not only its desks.
 */
session: string | null, 
/**
 * It covers the stage.
 */
urgent: boolean, 
/**
 * At most 280 characters.
 */
text: string, };

/**
 * Answers a desk's call for help: this supervisor comes.
 */
export type ComeToDesk = { 
/**
 * The desk's id.
 */
station: string, 
/**
 * When it called.
 */
asked_ms: number, };

/**
 * Answers a desk's question for a place: one for its guest.
 */
export type GivePlace = { 
/**
 * The desk's id.
 */
station: string, 
/**
 * The session's id.
 */
session: string, 
/**
 * The number of places from now on; none: it stays, since one is free.
 */
capacity: number | null, 
/**
 * When it asked.
 */
asked_ms: number, };

/**
 * Answers a desk's question for a place: no.
 */
export type RefusePlace = { 
/**
 * The desk's id.
 */
station: string, 
/**
 * When it asked.
 */
asked_ms: number, 
/**
 * Why; may be empty.
 */
text: string, };

/**
 * Gives every free place to the desks, or keeps some back again.
 */
export type HandOutAll = { 
/**
 * The session's id.
 */
session: string, 
/**
 * Whether all are given.
 */
all: boolean, };

/**
 * Holds seats for registered guests, or no longer: the cutoff.
 */
export type HoldSeats = { 
/**
 * The session's id.
 */
session: string, 
/**
 * Whether they are held.
 */
hold: boolean, };

/** The commands of the supervisor window. */
export interface SupervisorCommands {
  look: { args: LookAtBoard; output: SupervisorView };
  connect: { args: ConnectSupervisor; output: ConnectOutcome };
  settle: { args: SettleDesk; output: DecideOutcome };
  resolve: { args: ResolveIncident; output: DecideOutcome };
  find: { args: FindPersons; output: Array<FoundPerson> };
  merge: { args: MergePersons; output: DecideOutcome };
  split: { args: SplitPersons; output: DecideOutcome };
  re_entry: { args: AllowReEntry; output: DecideOutcome };
  capacity: { args: SetCapacity; output: DecideOutcome };
  state: { args: SetSessionState; output: DecideOutcome };
  message: { args: SendMessage; output: DecideOutcome };
  come: { args: ComeToDesk; output: DecideOutcome };
  give_place: { args: GivePlace; output: DecideOutcome };
  refuse_place: { args: RefusePlace; output: DecideOutcome };
  hand_out: { args: HandOutAll; output: DecideOutcome };
  hold_seats: { args: HoldSeats; output: DecideOutcome };
}
