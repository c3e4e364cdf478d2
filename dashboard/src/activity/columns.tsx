/** The columns of the table, defined once: what each shows of an activity, or of a run that is folded into a row. */
import type { ReactNode } from "react";
import type { Activity } from "../api/types";
import type { FieldKey } from "../filters/fields";
import type { SortKey } from "../filters/view";
import { type Text, t } from "../texts/texts";
import type { Times } from "../times/times";
import { ZoneSwitch } from "../times/zone-switch";
import { ClockTime, Duration, StatusCode } from "./cells";
import { shortDevice } from "./device-text";
import type { Entry } from "./folds";
import { networkOf } from "./network";
import { activitiesOf, type Several, Shared, valuesOf } from "./run-summary";
import type { OptionalColumn } from "./table-choices";
import { type OnFold, WhatHappened } from "./what-happened";

/** What a row knows. */
export interface RowFacts {
  entry: Entry;
  /** Whether the time needs its day: no line above the row says it. */
  dated: boolean;
  /** How its duration compares with others of its action, 0 to 1. */
  share: number | null;
  onFold: OnFold;
}

export interface Column {
  id: string;
  header: Text;
  /** What stands beside the header. */
  note?: ReactNode;
  sort?: SortKey;
  alignRight?: boolean;
  /** Its width, and from which width of the list on it is shown. */
  className: string;
  cell: (row: RowFacts) => ReactNode;
}

const WHEN: Column = {
  id: "time",
  header: "Time",
  note: <ZoneSwitch />,
  sort: "timestamp",
  className: "w-[7.25rem]",
  cell: ({ entry, dated }) => <ClockTime activity={entry.activity} dated={dated} />,
};

const WHAT: Column = {
  id: "what",
  header: "What happened",
  sort: "action_type",
  className: "",
  cell: ({ entry, onFold }) => <WhatHappened entry={entry} onFold={onFold} />,
};

const text = (
  id: string,
  header: Text,
  several: Several,
  className: string,
  read: (activity: Activity) => string | null,
  field?: FieldKey,
): Column => ({
  id,
  header,
  className,
  cell: ({ entry }) => (
    <Shared
      values={valuesOf(activitiesOf(entry), read)}
      several={several}
      {...(field && { field })}
      className="text-xs text-muted"
    />
  ),
});

const MONO = "font-mono";
const OPTIONAL: Record<OptionalColumn, Column> = {
  action_type: text(
    "action_type",
    "Action type",
    "{count} types",
    `w-36 ${MONO}`,
    (one) => one.action_type,
    "action_filter",
  ),
  email: text("email", "E-mail", "{count} addresses", "w-44", (one) => one.user_email),
  request: text("request", "Request", "{count} requests", `w-52 ${MONO}`, ({ http_method, endpoint }) =>
    [http_method, endpoint].filter(Boolean).join(" "),
  ),
  tenant: text("tenant", "Tenant", "{count} tenants", `w-32 ${MONO}`, (one) => one.tenant_id, "tenant_id"),
  session: text(
    "session",
    "Session",
    "{count} sessions",
    `w-32 ${MONO}`,
    (one) => one.session_id,
    "session_id",
  ),
};

export const optionalHeader = (id: OptionalColumn): string => t(OPTIONAL[id].header);

const FROM: Column = {
  id: "from",
  header: "From|origin",
  className: `w-36 hidden @2xl:table-cell ${MONO}`,
  cell: ({ entry }) => {
    const addresses = valuesOf(activitiesOf(entry), (one) => one.ip_address);
    const networks = addresses.length > 1 ? new Set(addresses.map(networkOf)) : null;
    const [network] = networks?.size === 1 ? networks : [null];
    return (
      <Shared
        values={network ? [network] : addresses}
        several="{count} addresses"
        field="ip"
        className="text-xs text-muted"
      />
    );
  },
};

const DEVICE = text("device", "Device", "{count} devices", "w-36 hidden @4xl:table-cell", (one) =>
  shortDevice(one.device),
);

const STATUS: Column = {
  id: "status",
  header: "Status",
  sort: "status_code",
  className: "w-[4.25rem]",
  cell: ({ entry }) => {
    const [code, ...others] = valuesOf(activitiesOf(entry), ({ status_code }) => String(status_code ?? ""));
    return <StatusCode activity={entry.activity} others={code === undefined ? 0 : others.length} />;
  },
};

const TOOK: Column = {
  id: "duration",
  header: "Took",
  sort: "duration_ms",
  alignRight: true,
  className: "w-28 hidden @xl:table-cell",
  cell: ({ entry, share }) => {
    const each = activitiesOf(entry).map(({ duration_ms }) => duration_ms);
    if (each.every((ms) => ms === null)) return null;
    const sum = each.reduce<number>((total, ms) => total + (ms ?? 0), 0);
    return <Duration ms={sum} share={each.length > 1 ? null : share} failed={!entry.activity.success} />;
  },
};

/** The columns in their order. Where no line says the day, the time says it, too: an age needs none. */
export function columnsOf(
  chosen: readonly OptionalColumn[],
  dated: boolean,
  { isRelative }: Times,
): readonly Column[] {
  const when = dated && !isRelative ? { ...WHEN, className: "w-[12.5rem]" } : WHEN;
  return [when, WHAT, ...chosen.map((id) => OPTIONAL[id]), FROM, DEVICE, STATUS, TOOK];
}
