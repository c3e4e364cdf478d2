import type { EndpointPerformance } from "../api/types";
import { literally } from "../filters/terms";
import { formatDuration, formatNumber, formatPercent } from "../ui/format";
import type { ReportKind } from "./kinds";
import { Named } from "./named";

const duration = (ms: number | null) => (ms === null ? "–" : formatDuration(ms));
const rateTone = (rate: number) => (rate >= 95 ? "text-good" : rate >= 80 ? "text-warn" : "text-bad");

export const endpointPerformance: ReportKind<EndpointPerformance> = {
  title: "Endpoints",
  hint: "How quickly endpoints answer, the slowest first.",
  nothing: "No endpoint was called.",
  window: "24h",
  columns: [
    {
      header: "Endpoint",
      className: "",
      cell: ({ endpoint }) => <Named name={endpoint ?? "No endpoint"} mono={endpoint !== null} />,
    },
    {
      header: "Average",
      alignRight: true,
      className: "w-20",
      cell: ({ avg_ms }) => <span className="tabular font-medium">{duration(avg_ms)}</span>,
    },
    {
      header: "Longest",
      alignRight: true,
      className: "w-24 max-md:hidden",
      cell: ({ max_ms }) => <span className="tabular text-muted">{duration(max_ms)}</span>,
    },
    {
      header: "Requests",
      alignRight: true,
      className: "w-24 max-md:hidden",
      cell: ({ requests }) => <span className="tabular text-muted">{formatNumber(requests)}</span>,
    },
    {
      header: "Success",
      alignRight: true,
      className: "w-20",
      cell: ({ success_rate }) => (
        <span className={`tabular ${rateTone(success_rate)}`}>{formatPercent(success_rate)}</span>
      ),
    },
  ],
  keyOf: ({ endpoint }) => String(endpoint),
  targetOf: ({ endpoint }, since) =>
    endpoint ? { filter: { endpoint: literally(endpoint), date_from: since } } : null,
  all: null,
};
