//! The windows' commands: who calls is checked, then the station's own dispatch answers. The capability files say the same; this
//! check stands also where they would be edited or lost.

use serde_json::Value;
use tauri::{
    Runtime, State, WebviewWindow,
    ipc::{Channel, InvokeResponseBody},
};
use usher_protocol::{
    commands::{dispatch_desk, dispatch_supervisor},
    window::WindowError,
};

use crate::{camera::ChannelViewer, rooms::Rooms, windows};

/// Adds the commands to the app.
pub(crate) fn handled<R: Runtime>(builder: tauri::Builder<R>) -> tauri::Builder<R> {
    builder.invoke_handler(tauri::generate_handler![desk, supervise, watch_camera, close_desk])
}

/// A call from another window than `label` is no call.
fn only<R: Runtime>(window: &WebviewWindow<R>, label: &str) -> Result<(), WindowError> {
    if window.label() == label {
        return Ok(());
    }
    tracing::warn!(from = window.label(), of = label, "a window called a command that is not its own");
    Err(WindowError::BadCall)
}

#[tauri::command]
async fn desk<R: Runtime>(
    window: WebviewWindow<R>,
    rooms: State<'_, Rooms>,
    name: String,
    args: Value,
) -> Result<Value, WindowError> {
    only(&window, windows::DESK)?;
    rooms.note_page();
    let desk = rooms.desk().cloned().ok_or(WindowError::NotReady)?;
    dispatch_desk(&desk, &name, args).await
}

#[tauri::command]
async fn supervise<R: Runtime>(
    window: WebviewWindow<R>,
    rooms: State<'_, Rooms>,
    name: String,
    args: Value,
) -> Result<Value, WindowError> {
    only(&window, windows::SUPERVISOR)?;
    let supervisor = rooms.supervisor().cloned().ok_or(WindowError::NotReady)?;
    dispatch_supervisor(&supervisor, &name, args).await
}

/// From now on the channel gets the camera's pictures, as JPEG bytes; a page that was loaded again takes its own place.
#[tauri::command]
async fn watch_camera<R: Runtime>(
    window: WebviewWindow<R>,
    rooms: State<'_, Rooms>,
    channel: Channel<InvokeResponseBody>,
) -> Result<(), WindowError> {
    only(&window, windows::DESK)?;
    rooms.viewers.watch(Box::new(ChannelViewer::new(window, channel)));
    Ok(())
}

/// Closes the desk window, whatever is still being served: its page has asked.
#[tauri::command]
async fn close_desk<R: Runtime>(window: WebviewWindow<R>) -> Result<(), WindowError> {
    only(&window, windows::DESK)?;
    window.destroy().map_err(|error| {
        tracing::error!(%error, "the desk window could not be closed");
        WindowError::NotPossible
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use tauri::{
        Context, WebviewWindowBuilder,
        ipc::{CallbackFn, InvokeBody},
        test::{INVOKE_KEY, MockRuntime, get_ipc_response, mock_builder, mock_context, noop_assets},
        webview::InvokeRequest,
    };

    use super::*;
    use crate::{args::Shown, outbox::Outbox};

    /// Calls from a window with this label.
    struct Caller {
        window: WebviewWindow<MockRuntime>,
        _app: tauri::App<MockRuntime>,
        _folder: tempfile::TempDir,
    }

    impl Caller {
        fn at(label: &str, context: Context<MockRuntime>) -> Self {
            let folder = tempfile::tempdir().unwrap();
            let rooms = Rooms::open(folder.path(), Shown::Both, &Outbox::new());
            let app = handled(mock_builder()).manage(rooms).build(context).unwrap();
            let window = WebviewWindowBuilder::new(&app, label, Default::default()).build().unwrap();
            Self { window, _app: app, _folder: folder }
        }

        fn invoke(&self, cmd: &str, args: Value) -> Result<Value, Value> {
            let request = InvokeRequest {
                cmd: cmd.into(),
                callback: CallbackFn(0),
                error: CallbackFn(1),
                url: "tauri://localhost".parse().unwrap(),
                body: InvokeBody::Json(args),
                headers: Default::default(),
                invoke_key: INVOKE_KEY.into(),
            };
            get_ipc_response(&self.window, request).map(|body| body.deserialize().unwrap())
        }
    }

    fn look() -> Value {
        json!({ "name": "look", "args": {} })
    }

    /// A context without any capability file: what is refused, is refused by the commands themselves.
    fn bare() -> Context<MockRuntime> {
        mock_context(noop_assets())
    }

    #[test]
    fn each_window_reaches_its_own_commands_and_no_others() {
        let desk = Caller::at(windows::DESK, bare());
        assert_eq!(desk.invoke("desk", look()).unwrap()["phase"], json!({ "kind": "connect" }));
        assert_eq!(desk.invoke("supervise", look()), Err(json!({ "kind": "bad_call" })));
        let supervisor = Caller::at(windows::SUPERVISOR, bare());
        assert_eq!(supervisor.invoke("supervise", look()).unwrap()["connected"], json!(false));
        assert_eq!(supervisor.invoke("desk", look()), Err(json!({ "kind": "bad_call" })));
        assert_eq!(supervisor.invoke("close_desk", json!({})), Err(json!({ "kind": "bad_call" })));
        let channel = json!({ "channel": "__CHANNEL__:1" });
        assert_eq!(supervisor.invoke("watch_camera", channel), Err(json!({ "kind": "bad_call" })));
    }

    #[test]
    fn the_capability_files_refuse_the_same_before_any_command_runs() {
        let refused = |answer: Result<Value, Value>| {
            let words = answer.unwrap_err().to_string();
            assert!(words.contains("not allowed"), "{words}");
        };
        let desk = Caller::at(windows::DESK, windows::context());
        assert!(desk.invoke("desk", look()).is_ok());
        refused(desk.invoke("supervise", look()));
        let supervisor = Caller::at(windows::SUPERVISOR, windows::context());
        assert!(supervisor.invoke("supervise", look()).is_ok());
        for cmd in ["desk", "watch_camera", "close_desk"] {
            refused(supervisor.invoke(cmd, look()));
        }
        let other = Caller::at("other", windows::context());
        refused(other.invoke("desk", look()));
    }

    #[test]
    fn a_call_that_is_none_is_told_so() {
        let desk = Caller::at(windows::DESK, bare());
        let call = |name: &str, args: Value| desk.invoke("desk", json!({ "name": name, "args": args }));
        assert_eq!(call("enrol_supervisor", json!({})), Err(json!({ "kind": "bad_call" })));
        assert_eq!(call("start", json!({ "session": 7 })), Err(json!({ "kind": "bad_call" })));
    }
}
