//! What the supervisor's window can ask for.

use serde::{Deserialize, Serialize};
use ts_rs::{Config, TS};
use usher_core::entry::{Outcome, SettleReason, StateSet};

use super::{Command, Gate, Handles, declare};
use crate::{
    people::FoundPerson,
    window::{ConnectOutcome, DecideOutcome, SupervisorView, WindowError},
};

commands! {
    SUPERVISOR_COMMANDS, dispatch_supervisor, supervisor_interface, "supervisor";
    /// Everything that the window shows.
    LookAtBoard = "look" {} -> SupervisorView;
    /// Enrols this supervisor; the code may be a whole setup string.
    ConnectSupervisor = "connect" {
        /// The server's address; may be empty with a setup string.
        address: String,
        /// The one-time code, or a setup string.
        code: String,
    } -> ConnectOutcome;
    /// Writes a lost desk's places off; they count as free but for those that are said to be used.
    SettleDesk = "settle" {
        /// The station's id.
        station: String,
        /// Its log's epoch.
        epoch: String,
        /// The session's id.
        session: String,
        /// How many of its places count as used.
        spent: u32,
        /// Why.
        #[ts(type = "\"lost\" | \"counted\" | \"other\"")]
        reason: SettleReason,
    } -> DecideOutcome;
    /// Settles an incident.
    ResolveIncident = "resolve" {
        /// The incident's id.
        incident: String,
        /// How.
        #[ts(type = "\"one_person\" | \"two_people\" | \"accepted\"")]
        outcome: Outcome,
        /// How many over the capacity the board showed, for an over capacity incident.
        #[ts(type = "number | null")]
        over_by: Option<u64>,
    } -> DecideOutcome;
    /// Guests whose words begin with the words of the text.
    FindPersons = "find" {
        /// What was typed.
        text: String,
    } -> Vec<FoundPerson>;
    /// Two persons are one: what one walk-in at two desks becomes.
    MergePersons = "merge" {
        /// The id of the person that stays.
        stays: String,
        /// The id of the person that is the same.
        same: String,
    } -> DecideOutcome;
    /// Takes a merge back.
    SplitPersons = "split" {
        /// The server's id.
        station: String,
        /// The epoch of its log in which the merge stands.
        epoch: String,
        /// The merge's number in that log.
        #[ts(type = "number")]
        seq: u64,
    } -> DecideOutcome;
    /// Guests of a session come and go without being counted out, or no longer. To be set before the doors open.
    AllowReEntry = "re_entry" {
        /// The session's id.
        session: String,
        /// Whether they do.
        allowed: bool,
    } -> DecideOutcome;
    /// Gives a session another number of places.
    SetCapacity = "capacity" {
        /// The session's id.
        session: String,
        /// Places; none: no limit.
        capacity: Option<u32>,
    } -> DecideOutcome;
    /// Opens, pauses or ends a session, or gives it back to its schedule.
    SetSessionState = "state" {
        /// The session's id.
        session: String,
        /// To which state.
        #[ts(type = "\"scheduled\" | \"open\" | \"paused\" | \"ended\"")]
        state: StateSet,
        /// What desks show meanwhile, for a pause; none: nothing.
        words: Option<String>,
    } -> DecideOutcome;
    /// Says something to desks: to one, to those of a session, or to all.
    SendMessage = "message" {
        /// The desk's id; none: not only one.
        to: Option<String>,
        /// The session's id; none: not only its desks.
        session: Option<String>,
        /// It covers the stage.
        urgent: bool,
        /// At most 280 characters.
        text: String,
    } -> DecideOutcome;
    /// Answers a desk's call for help: this supervisor comes.
    ComeToDesk = "come" {
        /// The desk's id.
        station: String,
        /// When it called.
        #[ts(type = "number")]
        asked_ms: i64,
    } -> DecideOutcome;
    /// Answers a desk's question for a place: one for its guest.
    GivePlace = "give_place" {
        /// The desk's id.
        station: String,
        /// The session's id.
        session: String,
        /// The number of places from now on; none: it stays, since one is free.
        capacity: Option<u32>,
        /// When it asked.
        #[ts(type = "number")]
        asked_ms: i64,
    } -> DecideOutcome;
    /// Answers a desk's question for a place: no.
    RefusePlace = "refuse_place" {
        /// The desk's id.
        station: String,
        /// When it asked.
        #[ts(type = "number")]
        asked_ms: i64,
        /// Why; may be empty.
        text: String,
    } -> DecideOutcome;
    /// Gives every free place to the desks, or keeps some back again.
    HandOutAll = "hand_out" {
        /// The session's id.
        session: String,
        /// Whether all are given.
        all: bool,
    } -> DecideOutcome;
    /// Holds seats for registered guests, or no longer: the cutoff.
    HoldSeats = "hold_seats" {
        /// The session's id.
        session: String,
        /// Whether they are held.
        hold: bool,
    } -> DecideOutcome;
}
