import { useQuery } from "@tanstack/react-query";
import { type ReactNode, useEffect, useRef, useState } from "react";
import { Link } from "wouter";
import { activityOptions } from "../api/calls";
import type { Activity } from "../api/types";
import type { ViewActions } from "../filters/use-view";
import { NEWEST_FIRST, NOTHING_BESIDE } from "../filters/view";
import { logAddress } from "../paths";
import { rich, t } from "../texts/texts";
import { Moment } from "../times/moment";
import { hasNeighbours, placeOf } from "./place";
import { rowButton } from "./row-list";

interface AroundNoticeProps {
  actions: ViewActions;
  /** The list of this view; null while it is on its way. */
  rows: readonly Activity[] | null;
}

type Shown = { kind: "around"; seconds: number; dateTo: number } | { kind: "outside"; id: string };

/** Brings the list to the activity that the address opens, and says so over the list. */
export default function AroundNotice({ actions, rows }: AroundNoticeProps) {
  const { view, change } = actions;
  const [shown, setShown] = useAround(actions, rows);
  if (shown?.kind === "outside" && shown.id === view.activity) {
    return (
      <Line>
        {t("The open activity is not in this list, because a filter excludes it.")}{" "}
        <Link href={logAddress("", shown.id)} className="font-medium text-accent hover:underline">
          {t("Show the log around it")}
        </Link>
      </Line>
    );
  }
  if (shown?.kind !== "around" || shown.dateTo !== view.date_to) return null;
  return (
    <Line>
      {rich("Around {time}", { time: <Moment seconds={shown.seconds} full /> })} ·{" "}
      <button
        type="button"
        onClick={() => {
          setShown(null);
          change({ date_to: null, ...NEWEST_FIRST, ...NOTHING_BESIDE });
        }}
        className="inline-flex min-h-6 items-center rounded font-medium text-accent hover:underline"
      >
        {t("Back to newest")}
      </button>
    </Line>
  );
}

const Line = ({ children }: { children: ReactNode }) => (
  <p className="tabular border-b border-line px-4 py-1 text-xs text-muted">{children}</p>
);

function useAround({ view, filterBy }: ViewActions, rows: readonly Activity[] | null) {
  const [shown, setShown] = useState<Shown | null>(null);
  /** Each activity is looked for once: what the reader does afterwards decides what the list shows. */
  const placed = useRef<string | null>(null);
  const toScroll = useRef<string | null>(null);
  const latest = useRef({ view, filterBy });
  latest.current = { view, filterBy };

  const id = view.activity;
  const row = rows?.find((one) => one.id === id);
  const isListed = row !== undefined;
  const isReady = rows !== null;
  // What is open beside the list has asked for it.
  const { data: activity } = useQuery({ ...activityOptions(id ?? ""), enabled: false });

  useEffect(() => {
    if (id === null || !isReady || placed.current === id) return;
    const { view: now } = latest.current;
    if (isListed || !hasNeighbours(now)) {
      placed.current = id;
      return;
    }
    if (activity?.id !== id) return;
    const stop = new AbortController();
    const place = async () => {
      const found = await placeOf(activity, now, stop.signal);
      if (stop.signal.aborted) return;
      placed.current = id;
      if (found.kind === "outside") return setShown({ kind: "outside", id });
      toScroll.current = id;
      if (found.dateTo !== null) {
        setShown({ kind: "around", seconds: activity.timestamp, dateTo: found.dateTo });
      }
      latest.current.filterBy({ date_to: found.dateTo }, true);
    };
    // The list then stays as it is, and what goes wrong with it is said in its place.
    place().catch(() => undefined);
    return () => stop.abort();
  }, [id, isReady, isListed, activity]);

  useEffect(() => {
    if (!isListed || toScroll.current !== id || id === null) return;
    toScroll.current = null;
    rowButton(id)?.scrollIntoView({ block: "nearest" });
  }, [id, isListed]);

  return [shown, setShown] as const;
}
