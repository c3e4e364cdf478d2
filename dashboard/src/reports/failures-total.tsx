import { plural } from "../texts/texts";
import { formatNumber } from "../ui/format";
import { useReport } from "./use-report";
import type { ReportWindow } from "./window";

/** How many sign-ins failed, of how many users, from how many networks. */
export function FailuresTotal({ window }: { window: ReportWindow }) {
  const users = useReport("failed_sign_ins", { window, query: { by: "user" } });
  const networks = useReport("failed_sign_ins", { window, query: { by: "network" } });
  if (!users.rows.data || !networks.rows.data) return <p className="h-11 border-b border-line" />;
  const attempts = users.rows.data.reduce((sum, row) => sum + row.attempts, 0);
  // A count of a list that was cut is a least one.
  const figures = [
    { count: attempts, one: "attempt", many: "attempts", isAll: users.isComplete },
    { count: users.rows.data.length, one: "user", many: "users", isAll: users.isComplete },
    { count: networks.rows.data.length, one: "network", many: "networks", isAll: networks.isComplete },
  ] as const;
  return (
    <p className="flex h-11 items-center gap-x-5 border-b border-line px-3">
      {figures.map(({ count, one, many, isAll }) => (
        <span key={one}>
          <span
            className={`tabular text-base font-semibold ${one === "attempt" && count > 0 ? "text-bad" : ""}`}
          >
            {formatNumber(count)}
            {!isAll && "+"}
          </span>{" "}
          <span className="text-xs text-muted">{plural(count, one, many)}</span>
        </span>
      ))}
    </p>
  );
}
