//! Steps in words, for counterexamples.

use std::fmt;

use crate::{
    state::{Answer, Message, Request},
    step::Step,
    terms::Key,
};

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "entry {} of desk {}", self.seq, self.desk)
    }
}

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Admit { desk, session, person, basis } => {
                write!(f, "desk {desk} admits person {person} to session {session}, basis {basis:?}")
            }
            Self::Undo { desk, of } => write!(f, "desk {desk} undoes its entry {of}"),
            Self::CheckOut { desk, of } => write!(f, "desk {desk} checks out {of}"),
            Self::Exit { desk, session, person } => {
                write!(f, "desk {desk} sees person {person} leave session {session}")
            }
            Self::Send { desk } => write!(f, "desk {desk} sends its log"),
            Self::SendPage { desk, length } => write!(f, "desk {desk} sends its first {length} entries"),
            Self::Reply { desk } => write!(f, "the server answers desk {desk}"),
            Self::Deliver(Message::Request(request)) => write!(f, "  arrives: {request}"),
            Self::Deliver(Message::Answer(answer)) => write!(f, "  arrives: {answer}"),
            Self::Bind { exit, check_in } => write!(f, "the server binds {exit} to {check_in}"),
            Self::Resolve { double } => write!(f, "a supervisor resolves {double} as one person"),
            other => write!(f, "{other:?}"),
        }
    }
}

impl fmt::Display for Request {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { desk, length, handed, granted, term, holds, .. } = self;
        write!(f, "request of desk {desk}: {length} entries, handed {handed}, granted {granted:?}, ")?;
        write!(f, "term {term}, holds {holds:?}")
    }
}

impl fmt::Display for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { desk, granted, at, held, ended, stop, .. } = self;
        write!(
            f,
            "answer to desk {desk}: granted {granted:?}, term {}, position {}, ",
            at.term, at.position
        )?;
        write!(f, "held {held:?}, ended {ended:?}{}", if *stop { ", stop" } else { "" })
    }
}
