//! What passes between supervisors and desks, over real HTTP: messages, words of a pause, help, a place for a guest.

use usher_core::{
    entry::{Found, StateSet},
    ids::ActorId,
};
use usher_protocol::{
    board::{Board, BoardMessage, BoardStation},
    commands::{
        AskPlace, CallHelp, CloseCard, ComeToDesk, GivePlace, Handles, ReadMessage, RefusePlace, Scan,
        SendMessage, ServeThemselves, SetPractice, SetSessionState, UnlockDesk,
    },
    decide::Decision,
    window::{
        CardAction, CardOutcome, DecideOutcome, DecideRefusal, DeskView, MessageView, PhaseView, VerdictView,
    },
};
use usher_server::{run::Tls, store::fresh};

use crate::{
    deciding::{Office, room},
    door::reopened,
    event::{Event, code},
    seat::Seat,
};

fn done(outcome: DecideOutcome) {
    assert_eq!(outcome, DecideOutcome::Done);
}

impl Office {
    async fn say(&self, to: Option<&str>, session: Option<&str>, urgent: bool, text: &str) -> DecideOutcome {
        let (to, session, text) = (to.map(Into::into), session.map(Into::into), text.into());
        self.supervisor.handle(SendMessage { to, session, urgent, text }).await.unwrap()
    }

    async fn message(&self, what: &str, wanted: impl Fn(&BoardMessage) -> bool) -> BoardMessage {
        let newest = |board: &Board| board.messages.as_ref().and_then(|all| all.first().cloned());
        let board = self.board(what, |board| newest(board).is_some_and(|one| wanted(&one))).await;
        newest(&board).unwrap()
    }

    async fn desk(&self, what: &str, wanted: impl Fn(&BoardStation) -> bool) -> BoardStation {
        let board = self.board(what, |board| board.stations.iter().any(&wanted)).await;
        board.stations.into_iter().find(wanted).unwrap()
    }
}

impl Seat {
    async fn hears(&self, text: &str) -> MessageView {
        let said = |view: &DeskView| view.message.as_ref().is_some_and(|said| said.text == text);
        self.until("the message is here", said).await.message.unwrap()
    }

    async fn reads(&self, message: &MessageView) -> DeskView {
        self.desk.handle(ReadMessage { id: message.id.clone() }).await.unwrap()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_stays_until_it_is_read_and_the_board_says_where_it_was() {
    let event = Event::new();
    let server = event.serve().await;
    let office = Office::open(&event, server.url()).await;
    done(office.say(None, None, false, "Before anybody was there").await);
    let one = Seat::at_door(&event, server.url(), "Desk 1", "Hall").await;
    let two = Seat::at_door(&event, server.url(), "Desk 2", "Garden").await;
    let board = office.board("both desks", |board| board.stations.len() == 2).await;
    let hall = room(&board, "Hall").id.clone();
    assert_eq!(one.look().await.message, None, "what was said before is not for it");
    done(office.say(None, None, false, "Ten minutes to go").await);
    done(office.say(None, Some(&hall), false, "Hall only").await);
    let first = one.hears("Ten minutes to go").await;
    two.hears("Ten minutes to go").await;
    let waits = |view: &DeskView| view.message.as_ref().is_some_and(|said| said.more == 1);
    one.until("the second waits behind the first", waits).await;
    let next = one.reads(&first).await.message.unwrap();
    assert_eq!((next.text.as_str(), next.urgent, next.more), ("Hall only", false, 0));
    assert_eq!(two.look().await.message.unwrap().more, 0, "the Hall's is not for the Garden");
    office.message("who should read the Hall's", |said| said.unread == ["Desk 1"] && said.read == 0).await;
    drop(one);
    let one = reopened(&event.folder("Desk 1")).await;
    one.hears("Hall only").await;
    let said = |board: &Board| {
        let all = board.messages.as_ref()?;
        let said = all.iter().find(|said| said.text == "Ten minutes to go")?;
        Some((said.read, said.unread.clone(), said.by.clone()))
    };
    let wanted = Some((1, vec!["Desk 2".to_owned()], "Ines".to_owned()));
    office.board("one of two has read it", |board| said(board) == wanted).await;
    server.shutdown().await.unwrap();
    event.run(&["check"]).unwrap();
    // Also without a network, and in the note that is sent later.
    let last = one.look().await.message.unwrap();
    assert_eq!(one.reads(&last).await.message, None);
    event.run(&["verify"]).unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn an_urgent_message_holds_the_next_guest_until_it_is_read_and_loses_nobody() {
    let event = Event::new();
    let server = event.serve().await;
    let office = Office::open(&event, server.url()).await;
    let seat = Seat::at_door(&event, server.url(), "Desk 1", "Garden").await;
    let card = seat.let_in(&code(1)).await;
    done(office.say(None, None, false, "Later").await);
    seat.hears("Later").await;
    done(office.say(None, None, true, "Stop. Nobody goes in.").await);
    let urgent = seat.hears("Stop. Nobody goes in.").await;
    assert_eq!((urgent.urgent, urgent.more), (true, 1), "it goes before what was there");
    assert_eq!(seat.look().await.card.unwrap().id, card.id, "the card that stands is not touched");
    let scan =
        async |n| seat.desk.handle(Scan { readings: vec![code(n)], found: Found::Camera }).await.unwrap();
    assert_eq!(scan(2).await, None);
    assert_eq!(seat.look().await.held_scan, Some("Guest 2".into()));
    seat.desk.handle(CloseCard { id: card.id }).await.unwrap();
    assert_eq!(seat.look().await.card, None, "still held");
    let view = seat.reads(&urgent).await;
    let opened = view.card.unwrap();
    assert_eq!((opened.guest.unwrap().name.as_str(), opened.outcome), ("Guest 2", CardOutcome::LetIn));
    assert_eq!((view.held_scan, view.message.unwrap().text.as_str()), (None, "Later"));
    seat.let_in(&code(3)).await;
    server.shutdown().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_is_seen_while_the_desk_practises() {
    let event = Event::new();
    let server = event.serve().await;
    let office = Office::open(&event, server.url()).await;
    let seat = Seat::at_door(&event, server.url(), "Desk 1", "Garden").await;
    seat.desk.handle(SetPractice { on: true, note: "note".into(), flag: String::new() }).await.unwrap();
    done(office.say(None, None, true, "Doors in a minute").await);
    let said = seat.hears("Doors in a minute").await;
    let view = seat.reads(&said).await;
    assert!(view.practice.is_some() && view.message.is_none());
    office.message("the real desk's log has the note", |said| said.read == 1).await;
    server.shutdown().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn guests_who_serve_themselves_see_no_message_and_wait_for_none() {
    let event = Event::new();
    event.run(&["pins", "add", "--name", "Ines", "--pin", "2580"]).unwrap();
    let server = event.serve().await;
    let office = Office::open(&event, server.url()).await;
    let seat = Seat::at_door(&event, server.url(), "Desk 1", "Garden").await;
    seat.until("the PIN is here", |view| view.pins).await;
    seat.desk.handle(ServeThemselves {}).await.unwrap();
    done(office.say(None, None, true, "For volunteers").await);
    office.message("the message is on the board", |said| said.text == "For volunteers").await;
    seat.until_online().await;
    seat.let_in(&code(1)).await;
    assert_eq!(seat.look().await.message, None);
    seat.desk.handle(UnlockDesk { pin: "2580".into() }).await.unwrap();
    seat.hears("For volunteers").await;
    server.shutdown().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn words_that_are_too_long_or_for_nobody_are_refused() {
    let event = Event::new();
    let server = event.serve().await;
    let office = Office::open(&event, server.url()).await;
    office.board("a board", |_| true).await;
    let fits = DecideOutcome::Refused { why: DecideRefusal::DoesNotFit };
    assert_eq!(office.say(None, None, false, &"x".repeat(281)).await, fits);
    assert_eq!(office.say(None, None, false, "  ").await, fits);
    let nobody = uuid::Uuid::nil().to_string();
    let unknown = DecideOutcome::Refused { why: DecideRefusal::Unknown };
    assert_eq!(office.say(Some(&nobody), None, false, "Hello").await, unknown);
    server.shutdown().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_paused_door_says_why_also_offline_and_after_a_restart() {
    let event = Event::new();
    let server = event.serve().await;
    let office = Office::open(&event, server.url()).await;
    let seat = Seat::at_door(&event, server.url(), "Desk 1", "Garden").await;
    let session = room(&office.board("a board", |_| true).await, "Garden").id.clone();
    let set = |state, words: Option<&str>| {
        let set = SetSessionState { session: session.clone(), state, words: words.map(Into::into) };
        office.supervisor.handle(set)
    };
    done(set(StateSet::Paused, Some("The stage is being cleared.")).await.unwrap());
    let paused = |view: &DeskView| {
        let served = view.sessions.iter().find(|one| Some(&one.id) == view.session.as_ref());
        served.is_some_and(|one| {
            one.phase == PhaseView::Paused && one.pause_words == "The stage is being cleared."
        })
    };
    seat.until("paused, with words", paused).await;
    let address = server.url().trim_start_matches("http://").parse().unwrap();
    server.shutdown().await.unwrap();
    drop(seat);
    let seat = reopened(&event.folder("Desk 1")).await;
    assert!(paused(&seat.look().await));
    let server = event.serve_at(address, Tls::Off).await;
    let office = Office::open(&event, server.url()).await;
    office
        .board("the board has them too", |board| room(board, "Garden").pause_words.starts_with("The stage"))
        .await;
    let open = SetSessionState { session, state: StateSet::Open, words: None };
    done(office.supervisor.handle(open).await.unwrap());
    let silent = |view: &DeskView| view.sessions.iter().all(|one| one.pause_words.is_empty());
    seat.until("the door goes on", silent).await;
    server.shutdown().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_call_for_help_is_on_the_board_until_somebody_comes() {
    let event = Event::new();
    let server = event.serve().await;
    let office = Office::open(&event, server.url()).await;
    let seat = Seat::at_door(&event, server.url(), "Desk 1", "Garden").await;
    let view = seat.desk.handle(CallHelp { on: true }).await.unwrap();
    assert!(view.help.asked.is_some());
    let told = |view: &DeskView| view.help.asked.as_ref().is_some_and(|asked| asked.told_ms.is_some());
    seat.until("the server has the call", told).await;
    let asks = |desk: &BoardStation| desk.asks.as_ref().and_then(|asks| asks.help_ms);
    let desk = office.desk("the call", |desk| asks(desk).is_some()).await;
    let come = ComeToDesk { station: desk.id.clone(), asked_ms: asks(&desk).unwrap() };
    done(office.supervisor.handle(come).await.unwrap());
    let comes = |view: &DeskView| {
        view.help.asked.as_ref().is_some_and(|asked| asked.comes.as_deref() == Some("Ines"))
    };
    let view = seat.until("Ines comes", comes).await;
    let said = view.message.unwrap();
    assert_eq!((said.text.as_str(), said.comes, said.urgent), ("Ines", true, false));
    office.desk("the call is answered", |desk| desk.asks.is_none()).await;
    let view = seat.reads(&said).await;
    assert_eq!((view.help.asked, view.message), (None, None));
    // Called again, and taken back.
    seat.desk.handle(CallHelp { on: true }).await.unwrap();
    office.desk("the second call", |desk| asks(desk).is_some()).await;
    assert_eq!(seat.look().await.message, None, "the first answer is not for the second call");
    seat.desk.handle(CallHelp { on: false }).await.unwrap();
    office.desk("taken back", |desk| desk.asks.is_none()).await;
    server.shutdown().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_call_without_a_network_is_made_once_there_is_one_also_after_a_restart() {
    let event = Event::new();
    let server = event.serve().await;
    let seat = Seat::at_door(&event, server.url(), "Desk 1", "Garden").await;
    let address = server.url().trim_start_matches("http://").parse().unwrap();
    server.shutdown().await.unwrap();
    seat.until_offline().await;
    let view = seat.desk.handle(CallHelp { on: true }).await.unwrap();
    assert_eq!(view.help.asked.unwrap().told_ms, None);
    drop(seat);
    let seat = reopened(&event.folder("Desk 1")).await;
    assert!(seat.look().await.help.asked.is_some());
    let server = event.serve_at(address, Tls::Off).await;
    let office = Office::open(&event, server.url()).await;
    office.desk("the call", |desk| desk.asks.is_some()).await;
    server.shutdown().await.unwrap();
}

/// A full Studio, and a desk with a guest who was refused.
async fn refused(event: &Event, url: &str) -> (Seat, usher_protocol::window::CardView) {
    let seat = Seat::at_door(event, url, "Desk 1", "Studio").await;
    for n in 0..3 {
        seat.until_places().await;
        seat.let_in(&code(n)).await;
    }
    seat.until_online().await;
    let card = seat.scan(&code(3)).await;
    assert!(card.actions.contains(&CardAction::AskPlace), "{card:#?}");
    (seat, card)
}

async fn asks(seat: &Seat, id: &str) -> DeskView {
    seat.desk.handle(AskPlace { id: id.into(), on: true }).await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_supervisor_gives_a_place_for_a_guest_and_the_card_asks() {
    let event = Event::new();
    let server = event.serve().await;
    let office = Office::open(&event, server.url()).await;
    let (seat, card) = refused(&event, server.url()).await;
    let asked = asks(&seat, &card.id).await.card.unwrap();
    assert!(asked.place.is_some() && !asked.actions.contains(&CardAction::AskPlace));
    let place = |desk: &BoardStation| desk.asks.as_ref().and_then(|asks| asks.place.clone());
    let desk = office.desk("the question", |desk| place(desk).is_some()).await;
    assert_eq!(place(&desk).unwrap().guest.as_deref(), Some("Guest 3"));
    let session = desk.session.clone().unwrap();
    let give = |capacity| GivePlace {
        station: desk.id.clone(),
        session: session.clone(),
        capacity,
        asked_ms: place(&desk).unwrap().at_ms,
    };
    let none = office.supervisor.handle(give(None)).await.unwrap();
    assert_eq!(none, DecideOutcome::Refused { why: DecideRefusal::DoesNotFit }, "none is free");
    done(office.supervisor.handle(give(Some(4))).await.unwrap());
    let came = |view: &DeskView| {
        view.card
            .as_ref()
            .is_some_and(|card| card.verdict == VerdictView::Registered && card.outcome == CardOutcome::Open)
    };
    let view = seat.until("a place came, and nobody was let in by it", came).await;
    assert_eq!(view.card.unwrap().id, card.id);
    assert_eq!(seat.accept(&card.id, false).await.unwrap().outcome, CardOutcome::LetIn);
    office.desk("the question is over", |desk| desk.asks.is_none()).await;
    office
        .board("four inside", |board| {
            room(board, "Studio").inside == 4 && room(board, "Studio").capacity == Some(4)
        })
        .await;
    server.shutdown().await.unwrap();
    event.run(&["check"]).unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_place_that_comes_after_the_next_guest_stands_there_is_offered_in_the_strip() {
    let event = Event::new();
    let server = event.serve().await;
    let office = Office::open(&event, server.url()).await;
    let (seat, card) = refused(&event, server.url()).await;
    asks(&seat, &card.id).await;
    let desk = office.desk("the question", |desk| desk.asks.is_some()).await;
    seat.scan(&code(4)).await;
    let session = desk.session.clone().unwrap();
    let asked_ms = desk.asks.unwrap().place.unwrap().at_ms;
    let give = GivePlace { station: desk.id, session, capacity: Some(4), asked_ms };
    done(office.supervisor.handle(give).await.unwrap());
    let offered = |view: &DeskView| view.left_open.as_ref().is_some_and(|left| left.id == card.id);
    seat.until("the one who asked is offered", offered).await;
    assert_eq!(seat.accept(&card.id, false).await.unwrap().outcome, CardOutcome::LetIn);
    server.shutdown().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_supervisor_says_no_and_the_desk_says_it() {
    let event = Event::new();
    let server = event.serve().await;
    let office = Office::open(&event, server.url()).await;
    let (seat, card) = refused(&event, server.url()).await;
    asks(&seat, &card.id).await;
    let place = |desk: &BoardStation| desk.asks.as_ref().and_then(|asks| asks.place.clone());
    let desk = office.desk("the question", |desk| place(desk).is_some()).await;
    let asked_ms = place(&desk).unwrap().at_ms;
    let no = RefusePlace { station: desk.id, asked_ms, text: "Try at noon".into() };
    done(office.supervisor.handle(no).await.unwrap());
    let view = seat
        .until("no", |view| {
            view.card.as_ref().is_some_and(|card| {
                card.place.as_ref().is_some_and(|place| place.refused.as_deref() == Some("Try at noon"))
            })
        })
        .await;
    let said = view.message.unwrap();
    assert_eq!((said.text.as_str(), said.refused.as_deref()), ("Try at noon", Some("Guest 3")));
    office.desk("the question is over", |desk| desk.asks.is_none()).await;
    server.shutdown().await.unwrap();
    seat.until_offline().await;
    let late = seat.desk.handle(AskPlace { id: seat.scan(&code(5)).await.id, on: true }).await;
    assert!(late.is_err(), "without a network nobody can be asked");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_is_heard_however_many_there_were_for_others() {
    let event = Event::new();
    let server = event.serve().await;
    let one = Seat::at_door(&event, server.url(), "Desk 1", "Hall").await;
    let two = Seat::at_door(&event, server.url(), "Desk 2", "Garden").await;
    let id =
        |board: &Board, name: &str| board.stations.iter().find(|desk| desk.name == name).unwrap().id.clone();
    let board = event.board();
    let to = |name: &str| Some(id(&board, name).parse().unwrap());
    let office = usher_server::store::open(&event.data).unwrap();
    let say = |to, text: &str| {
        let said = Decision::Message {
            to,
            session: None,
            urgent: false,
            text: text.into(),
            comes: None,
            refuses: None,
        };
        fresh(|fresh| office.decide(&said, ActorId(uuid::Uuid::nil()), fresh.now_ms)).unwrap().unwrap();
    };
    (0..210).for_each(|n| say(to("Desk 2"), &format!("Number {n}")));
    say(to("Desk 1"), "And now you");
    one.desk.sync_soon();
    one.hears("And now you").await;
    two.desk.sync_soon();
    two.hears("Number 0").await;
    server.shutdown().await.unwrap();
}
