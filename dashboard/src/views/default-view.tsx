import { type ReactNode, useLayoutEffect, useState } from "react";
import type { SavedView, Session } from "../api/types";
import { LOG_PATH } from "../paths";
import { EditedView } from "./edited-view";

const STORED = "livetrail-default-view";

interface Stored {
  user: string;
  query: string;
}

const isPlainLog = () => [LOG_PATH, "/"].includes(window.location.pathname) && window.location.search === "";

/** Whether this document was opened at the log without a query. */
const openedPlain = isPlainLog();

function stored(): Stored | null {
  try {
    return JSON.parse(localStorage.getItem(STORED) ?? "null") as Stored | null;
  } catch {
    return null;
  }
}

/** Notes the default view for the next start of the page. Waiting for the server would delay the first rows. */
export function keepDefaultView(session: Session, views: readonly SavedView[]): void {
  const view = views.find(({ is_default }) => is_default);
  if (view) {
    const kept: Stored = { user: session.user_id, query: view.query };
    localStorage.setItem(STORED, JSON.stringify(kept));
  } else {
    localStorage.removeItem(STORED);
  }
}

/** Opens the default view in place of the whole log, once, when the page starts without a query. */
export function DefaultView({ session, children }: { session: Session; children: ReactNode }) {
  const [query] = useState(() => {
    const kept = openedPlain && isPlainLog() ? stored() : null;
    return kept?.user === session.user_id ? kept.query : null;
  });
  const [isReady, setReady] = useState(query === null);
  useLayoutEffect(() => {
    if (query === null) return;
    let isGone = false;
    void import("./saved-query").then(({ openedQuery }) => {
      if (isGone) return;
      window.history.replaceState(null, "", `${LOG_PATH}?${openedQuery(query, Date.now() / 1_000)}`);
      setReady(true);
    });
    return () => {
      isGone = true;
    };
  }, [query]);
  if (!isReady) return null;
  return (
    <>
      {children}
      <EditedView isAdmin={session.role === "admin"} />
    </>
  );
}
