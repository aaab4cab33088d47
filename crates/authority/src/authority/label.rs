//! What stands on the event's name badges. The server keeps and sends it; what it means is the labels' affair (docs/decisions/0023).

use serde_json::Value;

use super::{Authority, setup::event_row};
use crate::{Result, store::Store};

impl<S: Store> Authority<S> {
    /// Replaces the template of the event's badges; none: desks go by their own sizes. Gives whether that changed anything. Desks hear of it
    /// at their next contact. The roster does not have it: an event that is restored from there alone has none.
    ///
    /// # Errors
    /// The store's own.
    pub fn set_label(&self, label: Option<Value>) -> Result<bool> {
        self.write(|txn| {
            let mut row = event_row(txn)?;
            if row.record.label == label {
                return Ok(false);
            }
            row.record.label.clone_from(&label);
            txn.put_event(&row)?;
            Ok(true)
        })
    }
}
