import type { ActivityGroup, Session } from "../api/types";
import { literally } from "../filters/terms";
import { GroupsPage } from "../subjects/groups-page";
import { usePeriod } from "../subjects/period";
import { LogLink } from "../table/log-link";
import type { Fold } from "../table/query-table";
import { t } from "../texts/texts";
import { SenderText } from "../ui/sender-text";
import { visibleText } from "../ui/visible-text";
import { LatestResources } from "./latest-resources";

const typeOf = ({ value }: ActivityGroup): string => value ?? "";

/**
 * What activities were about: the types of resources, each with its latest resources folded under it. The server counts
 * types, but not single resources, of which there may be millions.
 */
export default function ResourcesPage({ session }: { session: Session }) {
  const [period] = usePeriod();
  const fold: Fold<ActivityGroup> = {
    label: (group) => t("Latest resources of type {type}", { type: visibleText(typeOf(group)) }),
    content: (group) => <LatestResources key={period} type={typeOf(group)} period={period} />,
  };
  return (
    <GroupsPage
      session={session}
      title={t("Resources")}
      by="resource_type"
      header={t("Resource type")}
      name={(group) => (
        <LogLink filter={{ resource_type: literally(typeOf(group)) }}>
          <SenderText text={typeOf(group)} />
        </LogLink>
      )}
      nothing={t("No activity of this period is about a resource.")}
      onlyNamed
      fold={fold}
    />
  );
}
