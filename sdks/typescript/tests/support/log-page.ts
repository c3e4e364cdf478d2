/** A page that shows the log, and can be asked what it shows. */
import { createElement, StrictMode } from "react";
// @ts-expect-error: there are no types of react-dom here.
import { createRoot } from "react-dom/client";
import { useActivityStream } from "../../src/react.js";

declare global {
  interface Window {
    shown: { status: string; positions: number[]; numbers: unknown[] };
  }
}

function Log() {
  const { activities, status } = useActivityStream({ url: "/api/activity", history: 50, limit: 1_000 });
  const positions = activities.map(({ position }) => position);
  const numbers = activities.flatMap(({ details }) => details?.number ?? []);
  window.shown = { status, positions, numbers };
  return createElement("p", { role: "status" }, status);
}

createRoot(document.body).render(createElement(StrictMode, null, createElement(Log)));
