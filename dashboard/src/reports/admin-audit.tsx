import { parseAsStringLiteral, useQueryState } from "nuqs";
import type { Session } from "../api/types";
import { QueryTable } from "../table/query-table";
import { type Text, t } from "../texts/texts";
import { translated } from "../texts/translated";
import { Segments } from "../ui/segments";
import { activityColumns, MAX_ACTIVITIES } from "./activity-columns";
import { ReportChart } from "./report-chart";
import { ReportPage } from "./report-page";
import { ReportSection } from "./report-section";
import { useReport } from "./use-report";
import { useWindow, WindowChoice } from "./window";

const READS = ["hidden", "shown"] as const;
const CHOICES = [
  { value: "hidden", label: "Without reads" },
  { value: "shown", label: "With reads" },
] as const satisfies readonly { value: (typeof READS)[number]; label: Text }[];
const readsParser = parseAsStringLiteral(READS).withDefault("hidden").withOptions({ history: "push" });

/** Whoever looks at the log adds reads of it: they would hide what was done. */
const BY_ADMINS = {
  hidden: { is_admin: "true", action_filter: "!admin_view_activity_logs" },
  shown: { is_admin: "true" },
};

/** What admins did. */
export default function AdminAuditPage({ session }: { session: Session }) {
  const [window, setWindow] = useWindow("7d");
  const [reads, choose] = useQueryState("reads", readsParser);
  const about: Record<string, string> = BY_ADMINS[reads];
  const { rows, dates, isComplete, file } = useReport("admin_audit", {
    window,
    query: about,
    limit: MAX_ACTIVITIES,
  });
  const filter = { ...about, ...dates };
  return (
    <ReportPage
      session={session}
      title={t("Admin audit")}
      bar={
        <>
          <WindowChoice window={window} onChange={setWindow} />
          <Segments
            label={t("Reads of this log")}
            choices={translated(CHOICES)}
            value={reads}
            onChange={choose}
          />
        </>
      }
    >
      <ReportChart title={t("What admins did, over time")} filter={about} window={window} />
      <ReportSection
        title={t("What admins did")}
        hint={
          reads === "hidden"
            ? t("Without their reads of this log.")
            : t("Their reads of this log are among it.")
        }
        file={file}
        all={filter}
        isComplete={isComplete}
      >
        <QueryTable
          label={t("Admin audit")}
          columns={activityColumns(filter)}
          query={rows}
          keyOf={({ id }) => id}
          nothing={t("No admin did anything.")}
          sortedBy="time"
        />
      </ReportSection>
    </ReportPage>
  );
}
