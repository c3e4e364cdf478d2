import type { ReactNode } from "react";
import type { ActivityGroup, Session } from "../api/types";
import { Frame } from "../shell/frame";
import type { Fold } from "../table/query-table";
import { t } from "../texts/texts";
import { GroupTable } from "./group-table";
import { PeriodChoice, usePeriod } from "./period";
import { useGroups } from "./use-groups";

const MAX_GROUPS = 1_000;
/** As many as the server counts. */
const MAX_ADDRESSES = 100_000;

interface GroupsPageProps {
  session: Session;
  title: string;
  by: "user_id" | "network" | "resource_type";
  /** What a group is, at the head of the first column. */
  header: string;
  name: (group: ActivityGroup) => ReactNode;
  /** What it says where there are no groups. */
  nothing?: string;
  /** Activities without a value are not a group of the list. */
  onlyNamed?: boolean;
  fold?: Fold<ActivityGroup>;
}

/** All people, all networks, or all types of resources, of a period. */
export function GroupsPage({ session, title, by, header, onlyNamed = false, ...table }: GroupsPageProps) {
  const [period] = usePeriod();
  const groups = useGroups({ by, period, limit: MAX_GROUPS });
  const { data } = groups;
  const rows = onlyNamed ? data?.data.filter(({ value }) => value !== null) : data?.data;
  return (
    <Frame
      session={session}
      title={title}
      bar={<PeriodChoice />}
      refreshing={groups.isFetching}
      onRefresh={groups.refetch}
    >
      <GroupTable label={title} header={header} groups={{ ...groups, data: rows }} {...table} />
      {data && !data.is_complete && (
        <p className="px-3 py-3 text-xs text-faint">
          {t("There are more. These are the ones with the most activities.")}
        </p>
      )}
      {data && !data.is_exact && (
        <p className="px-3 pb-3 text-xs text-faint">
          {t("The numbers count the {count} most frequent addresses only.", { count: MAX_ADDRESSES })}
        </p>
      )}
    </Frame>
  );
}
