import { useMemo } from "react";
import type { Session } from "../api/types";
import { NETWORKS_PATH, nameOf } from "../paths";
import { network } from "../subjects/subject";
import { SubjectPage } from "../subjects/subject-page";
import { t } from "../texts/texts";

/** What came from one network. */
export default function NetworkPage({ session, id }: { session: Session; id: string }) {
  const subject = useMemo(() => network(nameOf(id)), [id]);
  return (
    <SubjectPage session={session} subject={subject} all={{ text: t("Networks"), href: NETWORKS_PATH }} />
  );
}
