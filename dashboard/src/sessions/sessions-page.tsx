import { parseAsStringLiteral, useQueryState } from "nuqs";
import { useEffect } from "react";
import { loadIcons } from "../activity/activity-icon";
import type { Session } from "../api/types";
import { Frame } from "../shell/frame";
import { PeriodChoice, usePeriod } from "../subjects/period";
import { QueryTable } from "../table/query-table";
import { t } from "../texts/texts";
import { translated } from "../texts/translated";
import { Button } from "../ui/button";
import { Segments } from "../ui/segments";
import { SESSION_FOLD, sessionColumns } from "./session-columns";
import { useSessions } from "./use-sessions";

const WHO = ["all", "admins"] as const;
const CHOICES = [
  { value: "all", label: "Everybody" },
  { value: "admins", label: "Admins" },
] as const;
const whoParser = parseAsStringLiteral(WHO).withDefault("all").withOptions({ history: "push" });
const ADMINS = { is_admin: "true" };
const ALL = {};

/** The sessions of the application, each with its activities folded under it. */
export default function SessionsPage({ session }: { session: Session }) {
  const [period] = usePeriod();
  const [who, choose] = useQueryState("who", whoParser);
  const sessions = useSessions(who === "admins" ? ADMINS : ALL, period);
  useEffect(() => void loadIcons(), []);
  return (
    <Frame
      session={session}
      title={t("Sessions")}
      refreshing={sessions.isFetching}
      onRefresh={() => void sessions.refetch()}
      bar={
        <>
          <Segments label={t("Whose sessions")} choices={translated(CHOICES)} value={who} onChange={choose} />
          <PeriodChoice />
        </>
      }
    >
      <QueryTable
        label={t("Sessions")}
        columns={sessionColumns()}
        query={{ ...sessions, data: sessions.data?.pages.flatMap(({ data }) => data) }}
        keyOf={({ session_id }) => session_id}
        nothing={t("No activity of this period names a session.")}
        fold={SESSION_FOLD}
      />
      {sessions.hasNextPage && (
        <div className="flex justify-center py-3">
          <Button onClick={() => void sessions.fetchNextPage()} disabled={sessions.isFetching}>
            {t("Earlier sessions")}
          </Button>
        </div>
      )}
    </Frame>
  );
}
