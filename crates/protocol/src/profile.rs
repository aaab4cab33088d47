//! Profiles: personal data of people whom no organiser's list names, beside the log and in no entry (DESIGN section 4). They are synced, the last
//! writer of each field counts, and erasing beats every writing. They are hashed nowhere and change no count.

use serde::{Deserialize, Serialize};
use ts_rs::TS;
use usher_core::{clock::Hlc, ids::PersonId, verdict::Validity};

use crate::{
    limits::{EMAIL_CHARS_MAX, NAME_CHARS_MAX},
    records::PersonRecord,
};

/// A text and when it was written.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Written {
    /// When, by the logical time of the entry that it was written with.
    pub hlc: Hlc,
    /// The text; may be empty.
    pub text: String,
}

/// What is known of one person. Merging is the same in any order and however often.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Profile {
    /// The name as it is shown; empty once erased.
    #[serde(default)]
    pub name: Written,
    /// E-mail address; may be empty.
    #[serde(default)]
    pub email: Written,
    /// Ticket kind; may be empty.
    #[serde(default)]
    pub kind: Written,
    /// Nothing is kept of this person, whatever was or will be written.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub erased: bool,
}

/// A profile on its way.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProfileRecord {
    /// Whose.
    pub person: PersonId,
    /// What is known.
    #[serde(flatten)]
    pub profile: Profile,
}

/// What is wrong with a profile.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum ProfileFault {
    /// It has no name: not one letter or digit.
    NoName,
    /// A text is longer than the protocol carries.
    TooLong,
    /// A text has control characters or line breaks in it.
    Letters,
    /// The e-mail address cannot be one.
    Email,
}

impl Profile {
    /// What was written at one time; white space around the texts, and doubled within them, is left out.
    #[must_use]
    pub fn written(name: &str, email: &str, kind: &str, hlc: Hlc) -> Self {
        let written = |text: &str| Written { hlc, text: plain(text) };
        Self { name: written(name), email: written(email), kind: written(kind), erased: false }
    }

    /// The tombstone.
    #[must_use]
    pub fn erased() -> Self {
        Self { erased: true, ..Self::default() }
    }

    /// Both put together.
    #[must_use]
    pub fn merge(self, other: Self) -> Self {
        if self.erased || other.erased {
            return Self::erased();
        }
        Self {
            name: self.name.max(other.name),
            email: self.email.max(other.email),
            kind: self.kind.max(other.kind),
            erased: false,
        }
    }

    /// What is wrong with it; nothing is with a tombstone.
    #[must_use]
    pub fn fault(&self) -> Option<ProfileFault> {
        let texts = [
            (&self.name.text, NAME_CHARS_MAX),
            (&self.email.text, EMAIL_CHARS_MAX),
            (&self.kind.text, NAME_CHARS_MAX),
        ];
        if self.erased {
            None
        } else if texts.iter().any(|(text, max)| text.chars().count() > *max) {
            Some(ProfileFault::TooLong)
        } else if texts.iter().any(|(text, _)| text.chars().any(breaks)) {
            Some(ProfileFault::Letters)
        } else if !self.name.text.chars().any(char::is_alphanumeric) {
            Some(ProfileFault::NoName)
        } else {
            (!may_be_email(&self.email.text)).then_some(ProfileFault::Email)
        }
    }

    /// The person as the guest list has one: without a ticket and without a booking, nameless and cancelled once erased.
    #[must_use]
    pub fn person(&self, id: PersonId) -> PersonRecord {
        PersonRecord {
            id,
            name: self.name.text.clone(),
            email: self.email.text.clone(),
            organisation: String::new(),
            kind: self.kind.text.clone(),
            order: String::new(),
            note: String::new(),
            flags: Vec::new(),
            attention: false,
            code: None,
            cancelled: self.erased,
            valid: Validity::default(),
            revoked_codes: Vec::new(),
            registrations: Vec::new(),
            profile: Some(Box::new(self.clone())),
        }
    }
}

fn plain(text: &str) -> String {
    text.split(' ').filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ").trim().into()
}

/// What no line of text has in it: it would break the line, or turn the line around it.
fn breaks(letter: char) -> bool {
    letter.is_control()
        || matches!(letter, '\u{2028}' | '\u{2029}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// Lenient: it is shown and searched for, and nobody writes to it from here.
fn may_be_email(text: &str) -> bool {
    let halves = text.rsplit_once('@');
    text.is_empty()
        || halves.is_some_and(|(name, place)| {
            !name.is_empty() && !place.is_empty() && !text.chars().any(char::is_whitespace)
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ana(ms: i64) -> Profile {
        Profile::written(" Ana  Gómez ", "ana@example.org", "Walk-in", Hlc::from_ms(ms))
    }

    #[test]
    fn the_later_text_counts_in_any_order_and_erasing_beats_it() {
        let (first, second) = (ana(1), Profile::written("Anna", "", "Guest", Hlc::from_ms(2)));
        let both = first.clone().merge(second.clone());
        assert_eq!((both.name.text.as_str(), both.email.text.as_str()), ("Anna", ""));
        assert_eq!(second.clone().merge(first.clone()), both);
        assert_eq!(both.clone().merge(first.clone()), both);
        let twins = [ana(1), Profile::written("Bea", "", "", Hlc::from_ms(1))];
        assert_eq!(twins[0].clone().merge(twins[1].clone()), twins[1].clone().merge(twins[0].clone()));
        let erased = Profile::erased().merge(ana(9));
        assert_eq!((&erased, erased.fault()), (&Profile::erased(), None));
        assert_eq!(ana(9).merge(Profile::erased()), erased);
        let person = erased.person(person());
        assert!(person.name.is_empty() && person.cancelled);
    }

    #[test]
    fn what_cannot_be_shown_or_carried_is_refused() {
        let fault = |name: &str, email: &str| Profile::written(name, email, "", Hlc(1)).fault();
        assert_eq!((ana(1).fault(), ana(1).name.text.as_str()), (None, "Ana Gómez"));
        assert_eq!(fault("  ", ""), Some(ProfileFault::NoName));
        for bad in ["Ana\nGómez", "Ana\u{202e}Gómez", "\u{2066}Ana"] {
            assert_eq!(fault(bad, ""), Some(ProfileFault::Letters), "{bad:?}");
        }
        assert_eq!(fault("\u{200b}", ""), Some(ProfileFault::NoName));
        assert_eq!(fault("क्\u{200d}ष", ""), None, "joiners stand within names");
        assert_eq!(fault(&"a".repeat(NAME_CHARS_MAX + 1), ""), Some(ProfileFault::TooLong));
        for bad in ["ana", "@example.org", "ana@", "a na@b"] {
            assert_eq!(fault("Ana", bad), Some(ProfileFault::Email), "{bad}");
        }
        for good in ["", "ana@localhost", "o'brien+x@b.example", "अना@उदाहरण.भारत"]
        {
            assert_eq!(fault("Ana", good), None, "{good}");
        }
    }

    #[test]
    fn fields_of_a_later_version_are_passed_over() {
        let line = r#"{"person":"018f0000-0000-7000-8000-000000000001","name":{"hlc":65536,"text":"Ana"},"pronoun":{"hlc":1,"text":"she"}}"#;
        let record: ProfileRecord = serde_json::from_str(line).unwrap();
        assert_eq!((record.profile.name.text.as_str(), record.profile.erased), ("Ana", false));
        assert_eq!(
            serde_json::from_str::<ProfileRecord>(&serde_json::to_string(&record).unwrap()).unwrap(),
            record
        );
    }

    fn person() -> PersonId {
        "018f0000-0000-7000-8000-000000000001".parse().unwrap()
    }
}
