import type { FailedSignIns } from "../api/types";
import type { Column } from "../table/columns";
import { LogLink } from "../table/log-link";
import { plural, t } from "../texts/texts";
import { Badge } from "../ui/badge";
import { formatNumber } from "../ui/format";
import { SenderText } from "../ui/sender-text";
import { attemptsColumn, firstColumn, lastColumn, numberColumn, userColumn } from "./columns";
import { failuresOf } from "./sign-ins";
import type { Dates } from "./window";

export type By = "user" | "network" | "pair";

/** A network that tries this many users, each of them seldom, is marked. Nothing is left out by it. */
const SPRAYED_USERS = 5;
const SPRAYED_ATTEMPTS_EACH = 3;

export const isSpraying = ({ users, attempts }: Pick<FailedSignIns, "users" | "attempts">): boolean =>
  users >= SPRAYED_USERS && attempts <= users * SPRAYED_ATTEMPTS_EACH;

/** The columns of failed sign-ins, each value with a link to its attempts in the log. */
export function failedSignInColumns(
  by: By,
  rows: readonly FailedSignIns[],
  dates: Dates,
): readonly Column<FailedSignIns>[] {
  const user = userColumn<FailedSignIns>(({ user_id, tenant_id }) =>
    failuresOf({ user: user_id, tenant: tenant_id, dates }),
  );
  const network = networkColumn(by, dates);
  const users = numberColumn<FailedSignIns>({
    name: "users",
    header: t("Users"),
    className: "w-20",
    value: (row) => row.users,
  });
  const networks = numberColumn<FailedSignIns>({
    name: "networks",
    header: t("Networks"),
    className: "w-24",
    value: (row) => row.networks,
  });
  const attempts = attemptsColumn(rows);
  const last = lastColumn<FailedSignIns>();
  const first = firstColumn<FailedSignIns>("w-32");
  if (by === "network") return [network, users, attempts, last];
  if (by === "user") return [user, networks, attempts, last];
  return [user, network, attempts, first, last];
}

const networkColumn = (by: By, dates: Dates): Column<FailedSignIns> => ({
  name: "network",
  header: t("Network"),
  ascending: true,
  cell: (row) =>
    row.network === null ? (
      <span className="text-faint">{t("No address")}</span>
    ) : (
      <span className="flex min-w-0 items-center gap-2">
        <LogLink filter={failuresOf({ ...ofPair(by, row), from: row.network, dates })} mono>
          <SenderText text={row.network} />
        </LogLink>
        {by === "network" && isSpraying(row) && (
          <span title={sprayText(row)}>
            <Badge tone="warn">{t("spraying?")}</Badge>
          </span>
        )}
      </span>
    ),
  sortBy: ({ network }) => network,
});

const sprayText = ({ users, attempts }: FailedSignIns): string =>
  plural(
    Math.round(attempts / users),
    "{users} users, about {count} attempt each",
    "{users} users, about {count} attempts each",
    { users: formatNumber(users) },
  );

/** In a row of a user and a network, the network leads to the attempts of both. */
const ofPair = (by: By, { user_id, tenant_id }: FailedSignIns) =>
  by === "pair" ? { user: user_id, tenant: tenant_id } : {};
