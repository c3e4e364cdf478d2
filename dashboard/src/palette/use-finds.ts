/**
 * People, sessions, networks and resources by what is typed. The server records what is read of the log, so nothing is
 * asked for each letter: the most active people, the latest sessions and the types of resources are read once, and the
 * text is looked for in these.
 */

import { useQuery } from "@tanstack/react-query";
import { shortDevice } from "../activity/device-text";
import { userName } from "../activity/user-name";
import { getGroups, listLogSessions } from "../api/subject-calls";
import type { ActivityGroup, LogSession } from "../api/types";
import { shapeOf } from "../filters/shapes";
import { literally } from "../filters/terms";
import { logAddress, networkAddress, personAddress, resourceAddress, sessionAddress } from "../paths";
import { t } from "../texts/texts";
import type { Command } from "./command";
import type { Go } from "./go-commands";

const FRESH_MS = 300_000;
const MAX_PEOPLE = "1000";
const MAX_SESSIONS = "50";
const MAX_OF_A_KIND = 5;
/** One letter is part of too many names to be of use. */
const MIN_LETTERS = 2;

export function useFinds(typed: string, go: Go): Command[] {
  const text = typed.trim();
  const isLongEnough = text.length >= MIN_LETTERS;
  const once = { enabled: isLongEnough, staleTime: FRESH_MS };
  const people = useQuery({
    ...once,
    queryKey: ["palette", "people"],
    queryFn: ({ signal }) => getGroups(new URLSearchParams({ by: "user_id", limit: MAX_PEOPLE }), signal),
  });
  const sessions = useQuery({
    ...once,
    queryKey: ["palette", "sessions"],
    queryFn: ({ signal }) => listLogSessions(new URLSearchParams({ limit: MAX_SESSIONS }), signal),
  });
  if (!isLongEnough) return [];
  return [
    ...peopleNamed(people.data?.data ?? [], text, go),
    ...sessionsNamed(sessions.data?.data ?? [], text, go),
    ...byShape(text, go),
    ...(/\s/.test(text) ? [] : [resourceCalled(text, go)]),
  ];
}

const has = (text: string, ...values: (string | null | undefined)[]): boolean =>
  values.some((value) => value?.toLowerCase().includes(text.toLowerCase()));

function peopleNamed(groups: readonly ActivityGroup[], text: string, go: Go): Command[] {
  return groups
    .filter(({ value, label }) => has(text, value, label))
    .slice(0, MAX_OF_A_KIND)
    .map(({ value, label, tenant_id, count }) => ({
      ...command(t("People"), `person ${value} ${tenant_id}`, label ?? value ?? ""),
      ...(label && label !== value && value && { note: value }),
      count,
      act: { run: () => go(personAddress(value ?? "", tenant_id)) },
    }));
}

function sessionsNamed(sessions: readonly LogSession[], text: string, go: Go): Command[] {
  return sessions
    .filter((one) =>
      has(text, one.session_id, one.user_id, one.user_email, one.user_display_name, one.ip_address),
    )
    .slice(0, MAX_OF_A_KIND)
    .map((one) => ({
      ...command(t("Sessions"), `session ${one.session_id}`, one.session_id),
      note: [userName(one), shortDevice(one.device)].filter(Boolean).join(" · "),
      count: one.count,
      act: { run: () => go(sessionAddress(one.session_id)) },
    }));
}

/** An address and an id of a session lead to their pages, known or not. */
function byShape(text: string, go: Go): Command[] {
  const shape = shapeOf(text);
  const field = shape && "certain" in shape ? shape.certain.field : null;
  if (field === "ip") {
    return [{ ...command(t("Networks"), "network", text), act: { run: () => go(networkAddress(text)) } }];
  }
  if (field !== "session_id") return [];
  return [{ ...command(t("Sessions"), "session", text), act: { run: () => go(sessionAddress(text)) } }];
}

/** The log knows resources by type and id. Which types have this id is asked when the command is chosen. */
const resourceCalled = (id: string, go: Go): Command => ({
  ...command(t("Resources"), "resource", t("Resource “{id}”", { id })),
  note: t("with exactly this id"),
  act: { run: () => void resourcePage(id).then(go) },
});

async function resourcePage(id: string): Promise<string> {
  const filter = new URLSearchParams({ resource_id: literally(id) });
  const inLog = logAddress(filter);
  const query = new URLSearchParams({ ...Object.fromEntries(filter), by: "resource_type", limit: "2" });
  const groups = await getGroups(query).catch(() => null);
  const [only, other] = groups?.data ?? [];
  return only?.value && !other ? resourceAddress(only.value, id) : inLog;
}

const command = (group: string, id: string, words: string) => ({ id, group, words, isOfTheMoment: true });
