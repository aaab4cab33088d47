//! What a badge is printed on: a size that this desk was set to, or the label of the event's template. A template that cannot be followed
//! keeps no guest without a badge: the plain layout comes out on the same label, and the badges' settings say so.

use serde_json::Value;
use usher_labels::{Fonts, Label, LabelSize, Template, Templated, Unprintable, pdf, templated};
use usher_protocol::window::{BadgeProblem, BadgeSize, EventLabel, TemplateDrawn};

use crate::{Desk, Host};

/// What a badge is printed on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Paper {
    /// A size that is built in.
    Size(LabelSize),
    /// The event's.
    Event(EventPaper),
}

/// The event's label.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct EventPaper {
    template: Template,
    /// The template as it came.
    came: Value,
    /// False: it could not be read, and `template` is the plain one.
    readable: bool,
}

/// A badge, ready to be printed.
#[derive(Debug)]
pub(crate) struct Sheet {
    pub(crate) pdf: Vec<u8>,
    /// Width and height in millimetres.
    pub(crate) mm: (u16, u16),
    /// The event's template as it came, where it could not be followed for this badge.
    pub(crate) plain_for: Option<Value>,
}

impl EventPaper {
    fn of(came: Value) -> Self {
        match Template::read(&came) {
            Ok(template) => Self { template, came, readable: true },
            Err(error) => {
                tracing::debug!(%error, "the event's label cannot be read; badges are plain");
                Self { template: Template::plain_for(&came), came, readable: false }
            }
        }
    }
}

impl Paper {
    const fn mm(&self) -> (u16, u16) {
        match self {
            Self::Size(size) => size.mm(),
            Self::Event(paper) => paper.template.mm(),
        }
    }

    /// Lays a label out on it.
    fn lay_out(self, label: &Label) -> Result<Sheet, Unprintable> {
        let (mm, fonts) = (self.mm(), Fonts::installed());
        match self {
            Self::Size(size) => Ok(Sheet { pdf: pdf(label, size, &fonts)?, mm, plain_for: None }),
            Self::Event(paper) => {
                let Templated { pdf, plain } = templated(label, &paper.template, &fonts)?;
                Ok(Sheet { pdf, mm, plain_for: plain.then_some(paper.came) })
            }
        }
    }
}

/// The label on its paper, made where reading fonts may block.
pub(crate) async fn made(label: Label, paper: Paper) -> Result<Sheet, BadgeProblem> {
    let made = tokio::task::spawn_blocking(move || paper.lay_out(&label)).await;
    made.map_err(|_| BadgeProblem::Refused)?
        .map_err(|Unprintable::NoFont(letters)| BadgeProblem::NoFont { letters })
}

impl<H: Host> Desk<H> {
    /// What this desk prints badges on now.
    pub(crate) fn paper(&self) -> Paper {
        match self.0.badges.set().size {
            BadgeSize::W90H54 => Paper::Size(LabelSize::W90H54),
            BadgeSize::W62H29 => Paper::Size(LabelSize::W62H29),
            BadgeSize::Event => self
                .template()
                .map_or(Paper::Size(LabelSize::W90H54), |came| Paper::Event(EventPaper::of(came))),
        }
    }

    /// The event's label as the window shows it.
    pub(crate) fn event_label(&self) -> Option<EventLabel> {
        let EventPaper { template, came, readable } = EventPaper::of(self.template()?);
        let ((width_mm, height_mm), plain) = (template.mm(), self.0.badges.plain_for(&came));
        let drawn = match (readable, plain) {
            (false, _) => TemplateDrawn::Unreadable,
            (true, true) => TemplateDrawn::LastPlain,
            (true, false) => TemplateDrawn::AsSaid,
        };
        Some(EventLabel { width_mm, height_mm, drawn })
    }

    fn template(&self) -> Option<Value> {
        self.files().ok()?.event().ok()??.label
    }
}
