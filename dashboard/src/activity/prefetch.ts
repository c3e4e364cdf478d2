import type { QueryClient } from "@tanstack/react-query";
import { createLoader } from "nuqs";
import { viewParsers } from "../filters/view";
import { statsOptions } from "../stats/use-stats";
import { listOptions } from "./use-activity-list";

const readView = createLoader(viewParsers);

/**
 * Asks for the page that the address names before anything is drawn, not after the session is known. A tab that was
 * opened in the background has its rows when it is shown, and asks for its statistics then.
 */
export function prefetchPage(queries: QueryClient): void {
  const view = readView(window.location.search);
  void queries.prefetchQuery(listOptions(view));
  if (!document.hidden) void queries.prefetchQuery(statsOptions(view));
}
