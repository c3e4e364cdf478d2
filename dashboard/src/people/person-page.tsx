import { parseAsString, useQueryState } from "nuqs";
import { useMemo } from "react";
import type { Session } from "../api/types";
import { nameOf, PEOPLE_PATH } from "../paths";
import { person } from "../subjects/subject";
import { SubjectPage } from "../subjects/subject-page";
import { useGroups } from "../subjects/use-groups";
import { t } from "../texts/texts";

/** What one person did, and what was done to them. */
export default function PersonPage({ session, id }: { session: Session; id: string }) {
  const [tenant] = useQueryState("tenant_id", parseAsString);
  const subject = useMemo(() => person(nameOf(id), tenant), [id, tenant]);
  const named = useGroups({ by: "user_id", filter: subject.parts[0].filter, limit: 2 });
  // A name belongs to a user of a tenant.
  const label = named.data?.data.length === 1 ? (named.data.data[0]?.label ?? null) : null;
  return (
    <SubjectPage
      session={session}
      subject={subject}
      label={label}
      all={{ text: t("People"), href: PEOPLE_PATH }}
    />
  );
}
