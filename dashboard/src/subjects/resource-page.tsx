import { useMemo } from "react";
import type { Session } from "../api/types";
import { nameOf, RESOURCES_PATH } from "../paths";
import { t } from "../texts/texts";
import { resource } from "./subject";
import { SubjectPage } from "./subject-page";

/** What happened to one resource. */
export default function ResourcePage({ session, type, id }: { session: Session; type: string; id: string }) {
  const subject = useMemo(() => resource(nameOf(type), nameOf(id)), [type, id]);
  return (
    <SubjectPage session={session} subject={subject} all={{ text: t("Resources"), href: RESOURCES_PATH }} />
  );
}
