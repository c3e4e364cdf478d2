import { memo } from "react";
import type { Alert } from "../api/types";
import { t } from "../texts/texts";
import { formatNumber } from "../ui/format";
import { ALERT_COLUMNS, AlertTitle, RaisedLabel } from "./columns";
import { GroupWords } from "./group-words";
import { LastLabel, StateBadge } from "./marks";

interface AlertRowsProps {
  rows: readonly Alert[];
  fresh: ReadonlySet<string>;
  openId: string | null;
  onOpen: (id: string) => void;
}

interface AlertRowProps {
  alert: Alert;
  fresh: boolean;
  open: boolean;
  onOpen: (id: string) => void;
}

/**
 * The rows on a wide screen. They are not those of `QueryTable`: a row opens beside the list and is selected there, new
 * ones arrive by the stream, and the list is as long as the reader scrolls, so the server decides the order.
 */
export function AlertTable({ rows, fresh, openId, onOpen }: AlertRowsProps) {
  return (
    <table aria-label={t("Alerts")} className="w-full table-fixed border-separate border-spacing-0 text-sm">
      <thead>
        <tr>
          {ALERT_COLUMNS.map(({ header, alignRight, className }) => (
            <th
              key={header}
              scope="col"
              className={`sticky top-(--header-height) z-10 h-9 border-b border-line bg-surface px-3 text-xs font-medium text-faint first:pl-4 last:pr-4 ${alignRight ? "text-right" : "text-left"} ${className}`}
            >
              {t(header)}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((alert) => (
          <AlertRow
            key={alert.id}
            alert={alert}
            fresh={fresh.has(alert.id)}
            open={alert.id === openId}
            onOpen={onOpen}
          />
        ))}
      </tbody>
    </table>
  );
}

const edgeOf = ({ severity, state }: Alert): string =>
  severity === "critical" && state === "open" ? "shadow-[inset_2px_0_0_var(--bad)]" : "";

const AlertRow = memo(function AlertRow({ alert, fresh, open, onOpen }: AlertRowProps) {
  return (
    <tr
      data-row={alert.id}
      aria-selected={open || undefined}
      onClick={() => {
        if (window.getSelection()?.isCollapsed !== false) onOpen(alert.id);
      }}
      className={`relative cursor-pointer transition-colors ${open ? "bg-accent-soft" : "hover:bg-hover focus-within:bg-hover"} ${fresh ? "animate-arrive" : ""} ${edgeOf(alert)}`}
    >
      {ALERT_COLUMNS.map(({ header, alignRight, className, cell }, index) => (
        <td
          key={header}
          className={`h-9 overflow-hidden border-b border-line px-3 first:pl-4 last:pr-4 ${alignRight ? "text-right" : ""} ${className}`}
        >
          {index > 0 ? (
            cell(alert)
          ) : (
            // The click bubbles to the row, which opens the alert.
            <button type="button" data-opens aria-haspopup="dialog" className="flex w-full min-w-0 text-left">
              {cell(alert)}
            </button>
          )}
        </td>
      ))}
    </tr>
  );
});

/** The rows on a narrow screen. */
export function AlertCards({ rows, fresh, openId, onOpen }: AlertRowsProps) {
  return (
    <ul aria-label={t("Alerts")} className="divide-y divide-line">
      {rows.map((alert) => (
        <AlertCard
          key={alert.id}
          alert={alert}
          fresh={fresh.has(alert.id)}
          open={alert.id === openId}
          onOpen={onOpen}
        />
      ))}
    </ul>
  );
}

const AlertCard = memo(function AlertCard({ alert, fresh, open, onOpen }: AlertRowProps) {
  return (
    <li data-row={alert.id} className={fresh ? "animate-arrive" : ""}>
      <button
        type="button"
        data-opens
        aria-haspopup="dialog"
        onClick={() => onOpen(alert.id)}
        className={`flex w-full flex-col gap-1 px-3.5 py-2.5 text-left text-sm active:bg-hover ${open ? "bg-accent-soft" : ""} ${edgeOf(alert)}`}
      >
        <span className="flex w-full items-start justify-between gap-2">
          <AlertTitle alert={alert} lines />
          <StateBadge alert={alert} />
        </span>
        <span className="w-full truncate pl-6 text-xs text-ink">
          <GroupWords group={alert.group} tenant={alert.tenant_id} />
        </span>
        <span className="flex w-full items-center gap-2 pl-6 text-2xs text-faint">
          <span className="tabular">×{formatNumber(alert.count)}</span>
          <LastLabel alert={alert} />
          <span className="ml-auto">
            <RaisedLabel alert={alert} />
          </span>
        </span>
      </button>
    </li>
  );
});
