import { Link } from "wouter";
import type { ActivityGroup, Session } from "../api/types";
import { personAddress } from "../paths";
import { GroupsPage } from "../subjects/groups-page";
import { t } from "../texts/texts";
import { SenderText } from "../ui/sender-text";
import { visibleText } from "../ui/visible-text";

/** Who acted, the most active first. */
export default function PeoplePage({ session }: { session: Session }) {
  return (
    <GroupsPage
      session={session}
      title={t("People")}
      by="user_id"
      header={t("Person")}
      name={(group) => <PersonName group={group} />}
    />
  );
}

function PersonName({ group: { value, label, tenant_id } }: { group: ActivityGroup }) {
  const id = value ?? "";
  return (
    <span className="flex min-w-0 items-baseline gap-2">
      <Link
        href={personAddress(id, tenant_id)}
        title={visibleText(id)}
        className={`truncate rounded leading-6 hover:underline ${label ? "font-medium" : "font-mono text-xs"}`}
      >
        <SenderText text={label ?? id} />
      </Link>
      {tenant_id !== null && (
        <span className="truncate text-2xs text-faint">
          <SenderText text={tenant_id} />
        </span>
      )}
    </span>
  );
}
