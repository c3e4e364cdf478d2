import { useQuery } from "@tanstack/react-query";
import { ListFilter } from "lucide-react";
import { type ReactNode, useEffect, useState } from "react";
import { Link } from "wouter";
import { ActivityLine } from "../activity/activity-line";
import type { Activity } from "../api/types";
import { logAddress } from "../paths";
import { NotCounted } from "../states/not-counted";
import { type Text, t } from "../texts/texts";
import { Block } from "../ui/block";
import { Button } from "../ui/button";
import { readFirst, readNeighbours, readSession, type Shared, sharedFilter } from "./related";

/** A reader who steps through the rows looks at most of them for a moment only: nothing is asked for those. */
const REST_MS = 400;
const KEPT_MS = 30_000;

/** What happened before and after in the same session. */
export function SessionBlock({ activity }: { activity: Activity }) {
  const rested = useRested();
  const filter = sharedFilter(activity, "session_id");
  const key = ["session-of", String(filter)];
  const session = useQuery({
    queryKey: key,
    queryFn: ({ signal }) => readSession(filter ?? new URLSearchParams(), signal),
    enabled: filter !== null && rested,
    staleTime: KEPT_MS,
  });
  const { data, error, refetch } = useQuery({
    queryKey: [...key, activity.id, session.dataUpdatedAt],
    queryFn: ({ signal }) =>
      session.data && filter ? readNeighbours(activity, filter, session.data, signal) : null,
    enabled: session.data !== undefined,
    staleTime: KEPT_MS,
  });
  if (!filter) return null;
  const failed = session.error ?? error;
  const rows = data ? [...data.before, activity, ...data.after] : [];
  return (
    <Block
      title={t("Before and after in the same session")}
      tools={<InLog filter={filter} open={activity.id} />}
    >
      {failed ? (
        <NotCounted
          what={t("Not read")}
          error={failed}
          onRetry={() => void (session.error ? session.refetch() : refetch())}
          className="min-h-12 gap-3"
        />
      ) : !data ? (
        <Wait>{t("Reading the session…")}</Wait>
      ) : rows.length === 1 ? (
        <Wait>{t("There is nothing else in this session.")}</Wait>
      ) : (
        <Lines rows={rows} activity={activity} filter={filter} />
      )}
    </Block>
  );
}

const SHARED: readonly { what: Shared; title: Text }[] = [
  { what: "request_id", title: "Same request" },
  { what: "trace_id", title: "Same trace" },
];

/** What shares the request or the trace. It is read when it is asked for, because every read is logged. */
export function SharedBlocks({ activity }: { activity: Activity }) {
  return SHARED.map(({ what, title }) => {
    const filter = sharedFilter(activity, what);
    return filter && <SharedBlock key={what} title={t(title)} filter={filter} activity={activity} />;
  });
}

const MAX_SHARED = 20;

function SharedBlock({
  title,
  filter,
  activity,
}: {
  title: string;
  filter: URLSearchParams;
  activity: Activity;
}) {
  const [isOpen, setOpen] = useState(false);
  const { data, error, refetch } = useQuery({
    queryKey: ["shared", String(filter)],
    queryFn: ({ signal }) => readFirst(filter, MAX_SHARED, signal),
    enabled: isOpen,
    staleTime: KEPT_MS,
  });
  return (
    <Block title={title} tools={<InLog filter={filter} open={activity.id} />}>
      {!isOpen && (
        <Button size="small" className="self-start" aria-expanded={false} onClick={() => setOpen(true)}>
          {t("Show them here")}
        </Button>
      )}
      {isOpen && (
        <div>
          {error ? (
            <NotCounted
              what={t("Not read")}
              error={error}
              onRetry={() => void refetch()}
              className="min-h-12 gap-3"
            />
          ) : !data ? (
            <Wait>{t("Reading…")}</Wait>
          ) : data.rows.some(({ id }) => id !== activity.id) ? (
            <>
              <Lines rows={data.rows} activity={activity} filter={filter} />
              {data.hasMore && (
                <p className="mt-1 text-2xs text-faint">
                  {t("The first {count}, the oldest first.", { count: MAX_SHARED })}
                </p>
              )}
            </>
          ) : (
            <Wait>{t("No other activity has this id.")}</Wait>
          )}
        </div>
      )}
    </Block>
  );
}

interface LinesProps {
  rows: readonly Activity[];
  activity: Activity;
  filter: URLSearchParams;
}

const Lines = ({ rows, activity, filter }: LinesProps) => (
  <ol className="divide-y divide-line overflow-hidden rounded-lg border border-line">
    {rows.map((row) => (
      <li key={row.id}>
        <ActivityLine
          activity={row}
          href={row.id === activity.id ? null : logAddress(filter, row.id)}
          subject={row.error_message ?? row.action_type}
        />
      </li>
    ))}
  </ol>
);

const InLog = ({ filter, open }: { filter: URLSearchParams; open: string }) => (
  <Link
    href={logAddress(filter, open)}
    className="inline-flex min-h-6 items-center gap-1.5 text-xs font-medium text-accent hover:underline"
  >
    <ListFilter aria-hidden className="size-3" />
    {t("Show in the log")}
  </Link>
);

const Wait = ({ children }: { children: ReactNode }) => <p className="text-xs text-faint">{children}</p>;

function useRested(): boolean {
  const [rested, setRested] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setRested(true), REST_MS);
    return () => clearTimeout(timer);
  }, []);
  return rested;
}
