/** What can be copied of an activity, in the form that somebody pastes somewhere else. */
import { activityAddress } from "../api/calls";
import { writeJson } from "../api/json";
import type { Activity } from "../api/types";
import { filterQuery, type View } from "../filters/view";
import { logAddress } from "../paths";
import { t } from "../texts/texts";

export interface Copy {
  /** The key that copies it while the menu is open. */
  key: string;
  label: string;
  text: () => string;
}

/** Where an API key stands in a command, so that nobody pastes a real one by mistake. */
const KEY = "$LIVETRAIL_KEY";

export function copiesOf(activity: Activity, view: View, origin: string): Copy[] {
  const filter = filterQuery(view);
  const server = origin.replace(/\/$/, "");
  return [
    { key: "l", label: t("Link"), text: () => server + logAddress(filter, activity.id) },
    { key: "o", label: "JSON", text: () => writeJson(activity) },
    {
      key: "c",
      label: "cURL",
      text: () => `curl ${quoted(server + activityAddress(activity.id))} -H "Authorization: Bearer ${KEY}"`,
    },
    {
      key: "q",
      label: "livetrail query",
      text: () =>
        `livetrail query --url ${quoted(server)} --key "${KEY}" --filter ${quoted(`q=${activity.id}`)} --json`,
    },
    ...([...filter].length > 0
      ? [{ key: "f", label: t("Filter of the list"), text: () => filter.toString() }]
      : []),
  ];
}

/** As a shell takes it literally, whatever is in it. */
export const quoted = (text: string): string =>
  /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
