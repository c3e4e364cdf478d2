import { useMemo } from "react";
import type { Session } from "../api/types";
import { literally } from "../filters/terms";
import { logAddress, nameOf } from "../paths";
import { resource } from "./subject";
import { SubjectPage } from "./subject-page";

/** What happened to one resource. */
export default function ResourcePage({ session, type, id }: { session: Session; type: string; id: string }) {
  const subject = useMemo(() => resource(nameOf(type), nameOf(id)), [type, id]);
  const all = new URLSearchParams({ resource_type: literally(nameOf(type)) });
  return (
    <SubjectPage session={session} subject={subject} all={{ text: nameOf(type), href: logAddress(all) }} />
  );
}
