import { secondsOf } from "../alerts/times";
import type { SignedIn } from "../api/types";
import { roleText } from "../keys/role-text";
import type { Column } from "../table/columns";
import { known } from "../texts/known";
import { type Text, t } from "../texts/texts";
import { Moment } from "../times/moment";
import { Badge } from "../ui/badge";
import { Button } from "../ui/button";
import { SenderText } from "../ui/sender-text";
import { visibleText } from "../ui/visible-text";

/** What a session rests on: when that is taken away, the session ends. */
const RESTS_ON: Readonly<Record<string, Text>> = {
  key: "an API key",
  user: "being an admin",
  issued: "single sign-on",
  "built-in": "a sign-in link",
};

/** `onEnd` is null for those who may not end a session. */
export function signInColumns(onEnd: ((session: SignedIn) => void) | null): readonly Column<SignedIn>[] {
  const columns: readonly Column<SignedIn>[] = [
    { name: "who", header: t("Who"), cell: (session) => <Who session={session} /> },
    {
      name: "role",
      header: t("Role"),
      className: "w-28",
      cell: ({ role }) => <span className="text-muted">{roleText(role)}</span>,
    },
    {
      name: "by",
      header: t("Signed in by"),
      className: "w-44",
      cell: ({ rests_on, made_by }) => (
        <span
          className="text-muted"
          title={made_by ? t("The link was made by {name}", { name: visibleText(made_by) }) : undefined}
        >
          {known(RESTS_ON, rests_on)}
        </span>
      ),
    },
    {
      name: "from",
      header: t("From"),
      className: "hidden w-44 @4xl:table-cell",
      wideOnly: true,
      cell: ({ ip_address, user_agent }) => (
        <span
          className="block truncate text-xs text-faint"
          title={user_agent ? visibleText(user_agent) : undefined}
        >
          {ip_address && <SenderText text={ip_address} />} {user_agent && <SenderText text={user_agent} />}
        </span>
      ),
    },
    {
      name: "created",
      header: t("Signed in|when"),
      className: "w-32",
      cell: ({ created_at }) => <Moment seconds={secondsOf(created_at)} className="text-muted" />,
    },
    {
      name: "seen",
      header: t("Last seen"),
      className: "w-32",
      cell: ({ last_seen_at }) => <Moment seconds={secondsOf(last_seen_at)} className="text-muted" />,
    },
    {
      name: "ends",
      header: t("Ends"),
      className: "hidden w-36 @4xl:table-cell",
      cell: ({ expires_at }) => <Moment seconds={secondsOf(expires_at)} className="text-muted" />,
    },
  ];
  if (!onEnd) return columns;
  return [
    ...columns,
    {
      name: "end",
      header: t("Actions"),
      isHeaderHidden: true,
      className: "w-28",
      alignRight: true,
      cell: (session) => (
        <Button
          size="small"
          look="quiet"
          aria-label={t("End the session of {name}", { name: visibleText(session.user_id) })}
          onClick={() => onEnd(session)}
        >
          {t("End|do")}
        </Button>
      ),
    },
  ];
}

const Who = ({ session: { user_id, tenant_id, current } }: { session: SignedIn }) => (
  <span className="flex min-w-0 items-center gap-2">
    <span className="truncate font-medium">
      <SenderText text={user_id} />
    </span>
    {current && <Badge tone="accent">{t("this one")}</Badge>}
    {tenant_id !== null && (
      <span className="truncate text-2xs text-faint">
        <SenderText text={tenant_id} />
      </span>
    )}
  </span>
);
