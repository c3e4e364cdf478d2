import { useMemo } from "react";
import type { Session } from "../api/types";
import { nameOf, SESSIONS_PATH } from "../paths";
import { session as sessionOf } from "../subjects/subject";
import { SubjectPage } from "../subjects/subject-page";
import { t } from "../texts/texts";

/** What happened in one session. */
export default function SessionPage({ session, id }: { session: Session; id: string }) {
  const subject = useMemo(() => sessionOf(nameOf(id)), [id]);
  return (
    <SubjectPage session={session} subject={subject} all={{ text: t("Sessions"), href: SESSIONS_PATH }} />
  );
}
