import { createRoot } from "react-dom/client";
import { loadIcons } from "./activity/activity-icon";
import { prefetchPage } from "./activity/prefetch";
import { App, createQueries } from "./app";
import { loadConnection } from "./live/load";
import { ALERTS_PATH } from "./paths";
import "./styles.css";
import { hasTokenInFragment } from "./session/token";
import { loadTexts } from "./texts/load";
import { applyTheme } from "./ui/theme";

applyTheme();
const queries = createQueries();
if (!hasTokenInFragment() && !window.location.pathname.startsWith(ALERTS_PATH)) prefetchPage(queries);
void loadIcons();
// It is tried again where it is needed.
loadConnection()?.catch(() => undefined);
const show = () => {
  const root = document.getElementById("root");
  if (root) createRoot(root).render(<App queries={queries} />);
};
const texts = loadTexts();
if (texts) void texts.then(show);
else show();
