//! Has the crate compiled again when the dashboard that it embeds was built again.

fn main() -> std::io::Result<()> {
    let dashboard = "../../dashboard/dist";
    // Cargo cannot watch a folder that is missing, and only a build with Node makes it.
    std::fs::create_dir_all(dashboard)?;
    println!("cargo::rerun-if-changed={dashboard}");
    Ok(())
}
