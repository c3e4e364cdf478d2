/** A page with the component in it, which tells what its policy has refused. */
import { StrictMode } from "react";
// @ts-expect-error: there are no types of react-dom here.
import { createRoot } from "react-dom/client";
import { ActivityFeed } from "../../src/react.js";
import "../../src/react/activity-feed/activity-feed.css";

declare global {
  interface Window {
    /** What the policy of the page has refused. */
    refused: string[];
  }
}

window.refused = [];
document.addEventListener("securitypolicyviolation", ({ violatedDirective, blockedURI }) =>
  window.refused.push(`${violatedDirective} ${blockedURI}`),
);

/** Where Livetrail is, if not behind a route of the page's own origin. */
const parameters = new URLSearchParams(location.search);
const livetrail = parameters.get("livetrail");
const theme = parameters.get("theme") === "dark" ? "dark" : "light";
const token = async () => (await fetch("/token")).text();

createRoot(document.getElementById("root")).render(
  <StrictMode>
    {livetrail ? (
      <ActivityFeed url={`${livetrail}/api/admin/activity/stream`} token={token} />
    ) : (
      <ActivityFeed url="/api/activity" theme={theme} />
    )}
  </StrictMode>,
);
