//! Lists the commands, so that each window's capability file can name its own, and embeds the configuration.

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let commands =
        tauri_build::AppManifest::new().commands(&["desk", "supervise", "watch_camera", "close_desk"]);
    tauri_build::try_build(tauri_build::Attributes::new().app_manifest(commands))?;
    Ok(())
}
