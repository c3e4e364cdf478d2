import { secondsOf } from "../alerts/times";
import type { Hold, RetentionInfo, RetentionRule } from "../api/types";
import type { Column } from "../table/columns";
import { QueryTable } from "../table/query-table";
import { Moment } from "../times/moment";
import { Facts } from "../ui/facts";
import { formatNumber } from "../ui/format";
import { SenderText } from "../ui/sender-text";
import { hoursText } from "./hours-text";

const orAll = (name: string | null) =>
  name === null ? <span className="text-faint">all</span> : <SenderText text={name} />;

const RULES: readonly Column<RetentionRule>[] = [
  { name: "tenant", header: "Tenant", cell: ({ tenant_id }) => orAll(tenant_id) },
  { name: "category", header: "Category", cell: ({ category }) => orAll(category) },
  { name: "kept", header: "Kept", cell: ({ keep_hours }) => hoursText(keep_hours) },
];

const HOLDS: readonly Column<Hold>[] = [
  {
    name: "reason",
    header: "Reason",
    cell: ({ reason }) => (
      <span className="block truncate">
        <SenderText text={reason} />
      </span>
    ),
  },
  { name: "tenant", header: "Tenant", className: "w-32", cell: ({ tenant_id }) => orAll(tenant_id) },
  { name: "user", header: "User", className: "w-40", cell: ({ user_id }) => orAll(user_id) },
  {
    name: "made",
    header: "Made",
    className: "w-52",
    cell: ({ created_at, made_by }) => (
      <span className="text-muted">
        <Moment seconds={secondsOf(created_at)} />
        {made_by !== null && (
          <>
            {" by "}
            <SenderText text={made_by} />
          </>
        )}
      </span>
    ),
  },
];

/** How long activities are kept, and what keeps them longer. */
export function RetentionTables({ retention }: { retention: RetentionInfo }) {
  const { keep_hours, keep_rows, rules, holds } = retention;
  return (
    <div className="flex flex-col gap-3">
      <Facts
        facts={[
          { label: "Kept", value: hoursText(keep_hours) },
          {
            label: "At most",
            value: keep_rows === null ? "Any number" : `The newest ${formatNumber(keep_rows)} activities`,
          },
          ...(rules.length === 0 ? [{ label: "Further rules", value: "None" }] : []),
          ...(holds.length === 0 ? [{ label: "Legal holds", value: "None" }] : []),
        ]}
      />
      {rules.length > 0 && (
        <QueryTable
          label="Further rules of the retention"
          columns={RULES}
          query={given(rules)}
          keyOf={({ tenant_id, category }) => JSON.stringify([tenant_id, category])}
          nothing=""
        />
      )}
      {holds.length > 0 && (
        <QueryTable
          label="Legal holds"
          columns={HOLDS}
          query={given(holds)}
          keyOf={({ id }) => id}
          nothing=""
        />
      )}
    </div>
  );
}

/** Rows that are there already, as a table takes them. */
const given = <Row,>(data: readonly Row[]) => ({ data, error: null, refetch: () => undefined });
