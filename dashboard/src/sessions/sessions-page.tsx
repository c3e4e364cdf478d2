import { parseAsStringLiteral, useQueryState } from "nuqs";
import { useEffect } from "react";
import { loadIcons } from "../activity/activity-icon";
import type { Session } from "../api/types";
import { ErrorState } from "../states/error-state";
import { Frame } from "../subjects/frame";
import { PeriodChoice, usePeriod } from "../subjects/period";
import { Button } from "../ui/button";
import { type Segment, Segments } from "../ui/segments";
import { SessionRows } from "./session-rows";
import { useSessions } from "./use-sessions";

const WHO = ["all", "admins"] as const;
const CHOICES: readonly Segment<(typeof WHO)[number]>[] = [
  { value: "all", label: "Everybody" },
  { value: "admins", label: "Admins" },
];
const whoParser = parseAsStringLiteral(WHO).withDefault("all").withOptions({ history: "push" });
const ADMINS = { is_admin: "true" };
const ALL = {};

/** The sessions of the application, each with its activities folded under it. */
export default function SessionsPage({ session }: { session: Session }) {
  const [period] = usePeriod();
  const [who, choose] = useQueryState("who", whoParser);
  const sessions = useSessions(who === "admins" ? ADMINS : ALL, period);
  const rows = sessions.data?.pages.flatMap(({ data }) => data) ?? [];
  useEffect(() => void loadIcons(), []);
  return (
    <Frame
      session={session}
      title="Sessions"
      refreshing={sessions.isFetching}
      onRefresh={() => void sessions.refetch()}
      bar={
        <>
          <Segments label="Whose sessions" choices={CHOICES} value={who} onChange={choose} />
          <PeriodChoice />
        </>
      }
    >
      {sessions.error && rows.length === 0 && (
        <ErrorState error={sessions.error} onRetry={() => void sessions.refetch()} />
      )}
      {sessions.data && rows.length === 0 && (
        <p className="px-3 py-10 text-center text-muted">No activity of this period names a session.</p>
      )}
      <SessionRows sessions={rows} />
      {sessions.hasNextPage && (
        <div className="flex justify-center py-3">
          <Button onClick={() => void sessions.fetchNextPage()} disabled={sessions.isFetching}>
            Earlier sessions
          </Button>
        </div>
      )}
    </Frame>
  );
}
