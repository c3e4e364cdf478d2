import { parseAsString, useQueryState } from "nuqs";
import type { Session } from "../api/types";
import { literally } from "../filters/terms";
import { QueryTable } from "../table/query-table";
import { t } from "../texts/texts";
import { activityColumns, MAX_ACTIVITIES } from "./activity-columns";
import { ReportChart } from "./report-chart";
import { ReportPage } from "./report-page";
import { ReportSection } from "./report-section";
import { useReport } from "./use-report";
import { UserField } from "./user-field";
import { type ReportWindow, useWindow, WindowChoice } from "./window";

const parser = parseAsString.withDefault("").withOptions({ history: "push" });

/** What one user did last. */
export default function OneUserPage({ session }: { session: Session }) {
  const [window, setWindow] = useWindow("30d");
  const [user, setUser] = useQueryState("user_id", parser);
  return (
    <ReportPage
      session={session}
      title={t("One user")}
      bar={
        <>
          <UserField key={user} user={user} onChange={(next) => void setUser(next || null)} />
          <WindowChoice window={window} onChange={setWindow} />
        </>
      }
    >
      {user === "" ? (
        <p className="px-3 py-10 text-center text-muted">{t("Choose a user to see what they did last.")}</p>
      ) : (
        <Of user={user} window={window} />
      )}
    </ReportPage>
  );
}

function Of({ user, window }: { user: string; window: ReportWindow }) {
  const filter = { user_id: literally(user) };
  const { rows, isComplete, file } = useReport("recent_activity", {
    window,
    query: filter,
    limit: MAX_ACTIVITIES,
  });
  return (
    <>
      <ReportChart title={t("What the user did, over time")} filter={filter} window={window} />
      <ReportSection
        title={t("What the user did last")}
        hint={t("The newest first.")}
        file={file}
        all={filter}
        isComplete={isComplete}
      >
        <QueryTable
          label={t("Recent activity")}
          columns={activityColumns(filter).filter(({ name }) => name !== "user")}
          query={rows}
          keyOf={({ id }) => id}
          nothing={t("The user did nothing in this window.")}
          sortedBy="time"
        />
      </ReportSection>
    </>
  );
}
