import { Link } from "wouter";
import type { ActivityGroup } from "../api/types";
import { literally } from "../filters/terms";
import { logAddress, networkAddress, personAddress } from "../paths";
import { titleOf } from "../texts/actions";
import { type Text, t } from "../texts/texts";
import { formatDuration, formatNumber, inWords } from "../ui/format";
import { SenderText } from "../ui/sender-text";
import { useGroups } from "./use-groups";

type By = "action_type" | "user_id" | "network";
type Filter = Record<string, string>;

const TITLES: Record<By, Text> = { action_type: "Actions", user_id: "People", network: "Networks" };
const SHOWN = 8;

/** What it did, who acted, from which networks: the most frequent of each. */
export function SubjectGroups({ filter, by }: { filter: Filter; by: readonly ("user_id" | "network")[] }) {
  return (
    <div className="grid border-b border-line @3xl:grid-cols-2 @5xl:auto-cols-fr @5xl:grid-flow-col @5xl:grid-cols-none">
      {(["action_type", ...by] as const).map((one) => (
        <GroupList key={one} by={one} filter={filter} />
      ))}
    </div>
  );
}

function GroupList({ by, filter }: { by: By; filter: Filter }) {
  const { data } = useGroups({ by, filter, limit: SHOWN, p95: by === "action_type" });
  const groups = data?.data.filter(({ value }) => value !== null) ?? [];
  const most = Math.max(1, ...groups.map(({ count }) => count));
  return (
    <section className="min-w-0 px-3 py-2 @3xl:border-line @3xl:not-first:border-l">
      <h3 className="pb-1 text-2xs text-faint">{t(TITLES[by])}</h3>
      <ul aria-label={t(TITLES[by])}>
        {groups.map((group) => (
          <li
            key={`${group.value} ${group.tenant_id}`}
            className="relative isolate flex h-6 items-center gap-2 text-xs"
          >
            <span
              aria-hidden
              className="absolute inset-y-0.5 left-0 -z-10 rounded-sm bg-line/60"
              style={{ width: `${(group.count * 100) / most}%` }}
            />
            <Link
              href={addressOf(by, group, filter)}
              className={`min-w-0 truncate rounded px-1 leading-6 hover:underline ${by === "network" ? "font-mono" : ""}`}
            >
              <SenderText text={textOf(by, group)} />
            </Link>
            <span className="tabular ml-auto flex shrink-0 gap-2 text-faint">
              {group.failed_count > 0 && (
                <span className="text-bad">{t("{count} failed", { count: group.failed_count })}</span>
              )}
              {by === "action_type" && group.p95_duration_ms !== null && (
                <span title={t("95 of 100 took no longer")}>{formatDuration(group.p95_duration_ms)}</span>
              )}
              <span className="min-w-8 text-right text-muted">{formatNumber(group.count)}</span>
            </span>
          </li>
        ))}
      </ul>
      {data && groups.length === 0 && <p className="text-xs text-faint">{t("None")}</p>}
      {data && !data.is_complete && <p className="pt-1 text-2xs text-faint">{t("and more")}</p>}
    </section>
  );
}

function textOf(by: By, { label, value }: ActivityGroup): string {
  const key = value ?? "";
  if (by !== "action_type") return label ?? key;
  return titleOf("action_filter", key, label) ?? label ?? inWords(key);
}

function addressOf(by: By, { value, tenant_id }: ActivityGroup, filter: Filter): string {
  const name = value ?? "";
  if (by === "user_id") return personAddress(name, tenant_id);
  if (by === "network") return networkAddress(name);
  return logAddress(new URLSearchParams({ ...filter, action_filter: literally(name) }));
}
