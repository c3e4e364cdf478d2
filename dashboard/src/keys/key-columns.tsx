import { secondsOf } from "../alerts/times";
import type { KeyInfo } from "../api/types";
import type { Column } from "../table/columns";
import { LOCALE } from "../texts/language";
import { rich, t } from "../texts/texts";
import { Moment } from "../times/moment";
import { Badge } from "../ui/badge";
import { Button } from "../ui/button";
import { SenderText } from "../ui/sender-text";
import { visibleText } from "../ui/visible-text";
import { roleText } from "./role-text";
import { isOver, isStale, STALE_DAYS } from "./stale";

const timeOrNull = (time: string | null): number | null => (time === null ? null : secondsOf(time));

/** `onRevoke` is null for those who may not revoke a key. */
export function keyColumns(
  now: number,
  onRevoke: ((key: KeyInfo) => void) | null,
): readonly Column<KeyInfo>[] {
  const columns: readonly Column<KeyInfo>[] = [
    {
      name: "name",
      header: t("Name"),
      ascending: true,
      cell: (key) => <KeyName info={key} now={now} />,
      sortBy: ({ name }) => name,
    },
    {
      name: "role",
      header: t("Role"),
      className: "w-28",
      ascending: true,
      cell: ({ role }) => (
        <span className={role === "admin" ? "text-warn" : "text-muted"}>{roleText(role)}</span>
      ),
      sortBy: ({ role }) => role,
    },
    {
      name: "tenant",
      header: t("Tenant"),
      className: "w-28",
      ascending: true,
      cell: ({ tenant_id }) => (
        <span className="block truncate text-muted">
          {tenant_id === null ? t("all") : <SenderText text={tenant_id} />}
        </span>
      ),
      sortBy: ({ tenant_id }) => tenant_id,
    },
    {
      name: "created",
      header: t("Created"),
      className: "hidden w-64 @4xl:table-cell",
      wideOnly: true,
      cell: (key) => <Created info={key} />,
      sortBy: ({ created_at }) => secondsOf(created_at),
    },
    {
      name: "used",
      header: t("Last used"),
      className: "w-32",
      cell: (key) => (
        <span
          title={isStale(key, now) ? t("Not used for {count} days", { count: STALE_DAYS }) : undefined}
          className={isStale(key, now) ? "text-warn" : "text-muted"}
        >
          {key.last_used_at === null ? t("never") : <Moment seconds={secondsOf(key.last_used_at)} />}
        </span>
      ),
      sortBy: ({ last_used_at }) => timeOrNull(last_used_at),
    },
    {
      name: "ends",
      header: t("Expires"),
      className: "w-32",
      ascending: true,
      cell: (key) => <End info={key} now={now} />,
      sortBy: ({ expires_at }) => timeOrNull(expires_at),
    },
  ];
  if (!onRevoke) return columns;
  return [
    ...columns,
    {
      name: "revoke",
      header: t("Actions"),
      isHeaderHidden: true,
      className: "w-28",
      alignRight: true,
      cell: (key) => (
        <Button
          size="small"
          look="quiet"
          aria-label={t("Revoke {name}", { name: visibleText(key.name) })}
          onClick={() => onRevoke(key)}
        >
          {t("Revoke")}
        </Button>
      ),
    },
  ];
}

const KeyName = ({ info, now }: { info: KeyInfo; now: number }) => (
  <span className="flex min-w-0 items-center gap-2">
    <span className="truncate font-medium">
      <SenderText text={info.name} />
    </span>
    {isOver(info, now) && <Badge>{t("expired")}</Badge>}
  </span>
);

const Created = ({ info: { created_at, created_by } }: { info: KeyInfo }) => (
  <span className="block truncate text-muted">
    <Moment seconds={secondsOf(created_at)} />
    {created_by !== null && (
      <span className="text-faint"> {rich("by {name}", { name: <SenderText text={created_by} /> })}</span>
    )}
  </span>
);

const dateOnly = new Intl.DateTimeFormat(LOCALE, { dateStyle: "medium" });

function End({ info, now }: { info: KeyInfo; now: number }) {
  const { expires_at, advice } = info;
  if (expires_at === null) {
    return (
      <span title={advice ?? undefined} className="text-warn">
        {t("never")}
      </span>
    );
  }
  return (
    <time dateTime={expires_at} className={isOver(info, now) ? "text-faint" : "text-muted"}>
      {dateOnly.format(new Date(expires_at))}
    </time>
  );
}
