use super::World;
use crate::until::until;
use reqwest::Method;

impl World {
    /// The value of a figure by its name and labels, as they are written.
    pub(crate) async fn figure(&self, name: &str) -> f64 {
        let request = self.request(Method::GET, "/metrics").bearer_auth(&self.admin);
        let text = request.send().await.expect("an answer").text().await.expect("text");
        let value = text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(' '));
        value.unwrap_or_else(|| panic!("no {name} in {text}")).parse().expect("a number")
    }

    /// Waits until a figure is right.
    pub(crate) async fn until_figure(&self, name: &str, is_right: impl Fn(f64) -> bool) {
        until(async || is_right(self.figure(name).await)).await;
    }
}
