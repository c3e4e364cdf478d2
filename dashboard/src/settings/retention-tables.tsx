import { secondsOf } from "../alerts/times";
import type { Hold, RetentionInfo, RetentionRule } from "../api/types";
import type { Column } from "../table/columns";
import { QueryTable } from "../table/query-table";
import { titleOf } from "../texts/actions";
import { plural, rich, t } from "../texts/texts";
import { Moment } from "../times/moment";
import { Facts } from "../ui/facts";
import { SenderText } from "../ui/sender-text";
import { hoursText } from "./hours-text";

const orAll = (name: string | null) =>
  name === null ? <span className="text-faint">{t("all")}</span> : <SenderText text={name} />;

const ruleColumns = (): readonly Column<RetentionRule>[] => [
  { name: "tenant", header: t("Tenant"), cell: ({ tenant_id }) => orAll(tenant_id) },
  {
    name: "category",
    header: t("Category"),
    cell: ({ category }) => orAll(category && (titleOf("category", category) ?? category)),
  },
  { name: "kept", header: t("Kept"), cell: ({ keep_hours }) => hoursText(keep_hours) },
];

const holdColumns = (): readonly Column<Hold>[] => [
  {
    name: "reason",
    header: t("Reason"),
    cell: ({ reason }) => (
      <span className="block truncate">
        <SenderText text={reason} />
      </span>
    ),
  },
  { name: "tenant", header: t("Tenant"), className: "w-32", cell: ({ tenant_id }) => orAll(tenant_id) },
  { name: "user", header: t("User"), className: "w-40", cell: ({ user_id }) => orAll(user_id) },
  {
    name: "made",
    header: t("Made"),
    className: "w-52",
    cell: ({ created_at, made_by }) => (
      <span className="text-muted">
        <Moment seconds={secondsOf(created_at)} />
        {made_by !== null && <> {rich("by {name}", { name: <SenderText text={made_by} /> })}</>}
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
          { label: t("Kept"), value: hoursText(keep_hours) },
          {
            label: t("At most"),
            value:
              keep_rows === null
                ? t("Any number")
                : plural(keep_rows, "The newest activity", "The newest {count} activities"),
          },
          ...(rules.length === 0 ? [{ label: t("Further rules"), value: t("None") }] : []),
          ...(holds.length === 0 ? [{ label: t("Legal holds"), value: t("None") }] : []),
        ]}
      />
      {rules.length > 0 && (
        <QueryTable
          label={t("Further rules of the retention")}
          columns={ruleColumns()}
          query={given(rules)}
          keyOf={({ tenant_id, category }) => JSON.stringify([tenant_id, category])}
          nothing=""
        />
      )}
      {holds.length > 0 && (
        <QueryTable
          label={t("Legal holds")}
          columns={holdColumns()}
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
