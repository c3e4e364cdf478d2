import type { EndpointPerformance, Session } from "../api/types";
import { literally } from "../filters/terms";
import type { Column } from "../table/columns";
import { LogLink } from "../table/log-link";
import { QueryTable } from "../table/query-table";
import { t } from "../texts/texts";
import { formatDuration, formatPercent } from "../ui/format";
import { SenderText } from "../ui/sender-text";
import { numberColumn } from "./columns";
import { ReportChart } from "./report-chart";
import { ReportPage } from "./report-page";
import { ReportSection } from "./report-section";
import { useReport } from "./use-report";
import { type Dates, useWindow, WindowChoice } from "./window";

const EVERYTHING = {};

/** How quickly endpoints answer. */
export default function EndpointsPage({ session }: { session: Session }) {
  const [window, setWindow] = useWindow("24h");
  const { rows, dates, isComplete, file } = useReport("endpoint_performance", { window });
  return (
    <ReportPage
      session={session}
      title={t("Endpoints")}
      bar={<WindowChoice window={window} onChange={setWindow} />}
    >
      <ReportChart title={t("All activities over time")} filter={EVERYTHING} window={window} />
      <ReportSection
        title={t("How quickly endpoints answer")}
        hint={t("Times are those that the applications sent.")}
        file={file}
        isComplete={isComplete}
      >
        <QueryTable
          label={t("Endpoints")}
          columns={columnsOf(rows.data ?? [], dates)}
          query={rows}
          keyOf={({ endpoint }) => String(endpoint)}
          nothing={t("No endpoint was called.")}
          sortedBy="average"
        />
      </ReportSection>
    </ReportPage>
  );
}

const rateTone = (rate: number) => (rate >= 95 ? "text-muted" : rate >= 80 ? "text-warn" : "text-bad");

function columnsOf(
  rows: readonly EndpointPerformance[],
  dates: Dates,
): readonly Column<EndpointPerformance>[] {
  const slowest = Math.max(1, ...rows.map(({ avg_ms }) => avg_ms ?? 0));
  return [
    {
      name: "endpoint",
      header: t("Endpoint"),
      ascending: true,
      cell: ({ endpoint }) =>
        endpoint === null ? (
          <span className="text-faint">{t("No endpoint")}</span>
        ) : (
          <LogLink filter={{ endpoint: literally(endpoint), ...dates }} mono>
            <SenderText text={endpoint} />
          </LogLink>
        ),
      sortBy: ({ endpoint }) => endpoint,
    },
    {
      name: "average",
      header: t("Average"),
      className: "w-44 @4xl:w-64",
      cell: ({ avg_ms }) => (avg_ms === null ? "–" : <TimeBar ms={avg_ms} slowest={slowest} />),
      sortBy: ({ avg_ms }) => avg_ms,
    },
    numberColumn({
      name: "longest",
      header: t("Longest"),
      className: "w-24",
      value: ({ max_ms }) => max_ms,
      text: formatDuration,
      tone: () => "text-muted",
    }),
    numberColumn({
      name: "requests",
      header: t("Requests"),
      className: "w-24",
      value: ({ requests }) => requests,
      tone: () => "text-muted",
    }),
    numberColumn({
      name: "success",
      header: t("Success"),
      className: "w-24",
      value: ({ success_rate }) => success_rate,
      text: formatPercent,
      tone: rateTone,
    }),
  ];
}

/** The time, and a bar that compares it with the slowest endpoint. */
const TimeBar = ({ ms, slowest }: { ms: number; slowest: number }) => (
  <span className="flex items-center gap-2">
    <span className="tabular w-16 shrink-0 text-right">{formatDuration(ms)}</span>
    <span aria-hidden className="flex h-1.5 min-w-0 flex-1 max-md:w-16">
      <span className="rounded-sm bg-line-strong" style={{ width: `${(ms * 100) / slowest}%` }} />
    </span>
  </span>
);
