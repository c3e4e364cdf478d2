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

createRoot(document.getElementById("root")).render(
  <StrictMode>
    <ActivityFeed url="/api/activity" locale="en-GB" />
  </StrictMode>,
);
