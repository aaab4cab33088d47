//! The first minute: offered to somebody new, in nobody's way, and nothing of it reaches the log.

use usher_core::entry::Found;
use usher_protocol::{
    commands::{Accept, AskDone, Handles, Learn, Scan, SetDoor, SetPractice, StartSession, TurnAway},
    window::{CardOutcome, DeskView, DoorMode, LessonGo, LessonStep, VerdictView, WindowError},
};

use crate::{
    door::reopened,
    event::{Event, code},
    seat::Seat,
};

async fn learn(seat: &Seat, go: LessonGo) -> DeskView {
    seat.desk.handle(Learn { go }).await.unwrap()
}

fn step(view: &DeskView) -> Option<(LessonStep, bool)> {
    let lesson = view.practice.as_ref()?.lesson?;
    Some((lesson.step, lesson.done))
}

async fn sits_down(seat: &Seat, initials: &str) -> DeskView {
    let session = seat.look().await.session.unwrap();
    seat.desk.handle(StartSession { session, initials: initials.into() }).await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn it_teaches_three_tickets_and_leaves_nothing_behind() {
    let event = Event::new();
    let server = event.serve().await;
    let seat = Seat::at_door(&event, server.url(), "Desk 1", "Garden").await;
    assert!(seat.look().await.lesson_offered);
    let before = seat.desk.handle(AskDone { before: None }).await.unwrap();

    let view = learn(&seat, LessonGo::Begin).await;
    assert_eq!(step(&view), Some((LessonStep::Welcome, true)), "a fast door welcomes by itself");
    assert_eq!(view.card.unwrap().outcome, CardOutcome::LetIn);
    assert!(!view.lesson_offered, "what is taught is not offered");
    let view = learn(&seat, LessonGo::Next).await;
    assert_eq!(step(&view), Some((LessonStep::Ask, true)));
    assert!(matches!(view.card.unwrap().verdict, VerdictView::AlreadyIn { .. }));
    let view = learn(&seat, LessonGo::Next).await;
    assert_eq!(step(&view), Some((LessonStep::Anyway, false)));
    let card = view.card.unwrap();
    assert!(matches!(card.verdict, VerdictView::NotRegistered { .. }));
    assert_eq!(
        seat.desk.handle(Learn { go: LessonGo::Next }).await,
        Err(WindowError::NotPossible),
        "not done yet"
    );
    let habit = seat.desk.handle(Accept { id: card.id.clone(), anyway: false }).await;
    assert_eq!(habit, Err(WindowError::NotPossible), "the habit key lets nobody in here either");
    seat.accept(&card.id, true).await.unwrap();
    assert_eq!(step(&seat.look().await), Some((LessonStep::Anyway, true)));
    let view = learn(&seat, LessonGo::Next).await;
    assert_eq!((step(&view), view.card), (Some((LessonStep::Help, true)), None));

    let view = learn(&seat, LessonGo::Next).await;
    assert_eq!((view.practice, view.card, view.waiting, view.lesson_offered), (None, None, 0, false));
    assert_eq!(
        seat.desk.handle(AskDone { before: None }).await.unwrap(),
        before,
        "the log says what it said"
    );
    assert!(!event.folder("Desk 1").join("practice").exists());
    server.shutdown().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn asking_first_it_waits_for_the_hand_and_a_refusal_is_a_decision() {
    let event = Event::new();
    let server = event.serve().await;
    let seat = Seat::at_door(&event, server.url(), "Desk 1", "Garden").await;
    seat.desk.handle(SetDoor { mode: DoorMode::AskFirst }).await.unwrap();
    let view = learn(&seat, LessonGo::Begin).await;
    assert_eq!(step(&view), Some((LessonStep::Welcome, false)));
    seat.accept(&view.card.unwrap().id, false).await.unwrap();
    assert_eq!(step(&seat.look().await), Some((LessonStep::Welcome, true)));
    learn(&seat, LessonGo::Next).await;
    let view = learn(&seat, LessonGo::Next).await;
    seat.desk.handle(TurnAway { id: view.card.unwrap().id }).await.unwrap();
    assert_eq!(step(&seat.look().await), Some((LessonStep::Anyway, true)));
    server.shutdown().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_real_ticket_ends_it_and_is_judged_as_usual() {
    let event = Event::new();
    let server = event.serve().await;
    let seat = Seat::at_door(&event, server.url(), "Desk 1", "Garden").await;
    learn(&seat, LessonGo::Begin).await;
    for found in [Found::Camera, Found::Scanner] {
        let poster = Scan { readings: vec!["https://example.org".into()], found };
        assert_eq!(seat.desk.handle(poster).await.unwrap(), None, "a poster is passed over");
    }
    assert_eq!(step(&seat.look().await), Some((LessonStep::Welcome, true)), "and disturbs nobody");
    let card = seat.scan(&code(1)).await;
    assert_eq!((card.verdict, card.outcome), (VerdictView::Registered, CardOutcome::LetIn));
    let view = seat.look().await;
    assert_eq!((view.practice, view.lesson_offered, view.recent.len()), (None, false, 1));

    // From the menu it can be had again; a ticket that no list knows ends it too.
    learn(&seat, LessonGo::Begin).await;
    assert_eq!(seat.scan("NOBODY-KNOWS-THIS").await.verdict, VerdictView::UnknownTicket);
    assert_eq!(seat.look().await.practice, None);
    // A practice that was asked for is not ended by a ticket.
    seat.desk.handle(SetPractice { on: true, note: String::new(), flag: String::new() }).await.unwrap();
    assert_eq!(seat.scan(&code(2)).await.verdict, VerdictView::PracticeOnly);
    server.shutdown().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn it_is_offered_once_to_each_who_is_new_and_that_is_kept() {
    let event = Event::new();
    let server = event.serve().await;
    let seat = Seat::at_door(&event, server.url(), "Desk 1", "Garden").await;
    assert!(!learn(&seat, LessonGo::End).await.lesson_offered, "declined");
    assert!(sits_down(&seat, "CD").await.lesson_offered);
    seat.scan("https://example.org").await;
    assert!(seat.look().await.lesson_offered, "a poster is no guest");
    seat.let_in(&code(1)).await;
    assert!(!seat.look().await.lesson_offered, "whoever has guests is at work");
    assert!(sits_down(&seat, "").await.lesson_offered);
    drop(seat);
    let seat = reopened(&event.folder("Desk 1")).await;
    assert!(seat.look().await.lesson_offered, "still not answered");
    assert!(!sits_down(&seat, "ab").await.lesson_offered, "over a restart");
    assert!(!sits_down(&seat, "CD").await.lesson_offered);
    server.shutdown().await.unwrap();
}
