/** What the one row of a folded run says of all its rows. */
import type { ReactNode } from "react";
import type { Activity } from "../api/types";
import type { FieldKey } from "../filters/fields";
import { plural, rich, t } from "../texts/texts";
import { SenderText } from "../ui/sender-text";
import { visibleText } from "../ui/visible-text";
import { Value } from "../values/value";
import type { Entry, Run } from "./folds";
import { userName } from "./user-name";

const MAX_NAMED = 12;

/** The activities that an entry stands for. */
export const activitiesOf = ({ activity, run, isHead }: Entry): readonly Activity[] =>
  run && isHead && !run.isOpen ? run.rows : [activity];

/** Different values in the order of the rows, without what is not known. */
export function valuesOf(
  activities: readonly Activity[],
  read: (activity: Activity) => string | null,
): string[] {
  return [...new Set(activities.map(read).filter((value) => value !== null && value !== ""))] as string[];
}

export type Several =
  | "{count} addresses"
  | "{count} devices"
  | "{count} requests"
  | "{count} sessions"
  | "{count} tenants"
  | "{count} types";

interface SharedProps {
  values: readonly string[];
  /** How many they are, where they are several. */
  several: Several;
  /** The filter that takes one of them. */
  field?: FieldKey;
  className?: string;
}

/** The value of all rows, or how many there are. */
export function Shared({ values, several, field, className = "" }: SharedProps) {
  const [value] = values;
  if (value === undefined) return null;
  return (
    <span
      title={namesOf(values)}
      className={`block truncate ${values.length > 1 ? "text-faint" : className}`}
    >
      {values.length > 1 ? (
        t(several, { count: values.length })
      ) : (
        <OfField field={field} value={value}>
          <SenderText text={value} />
        </OfField>
      )}
    </span>
  );
}

interface OfFieldProps {
  field: FieldKey | undefined;
  value: string;
  children: ReactNode;
}

const OfField = ({ field, value, children }: OfFieldProps) =>
  field ? (
    <Value field={field} value={value}>
      {children}
    </Value>
  ) : (
    children
  );

function namesOf(values: readonly string[]): string {
  const named = values.slice(0, MAX_NAMED).map((value) => visibleText(value));
  return [...named, ...(values.length > MAX_NAMED ? ["…"] : [])].join("\n");
}

/** How many there are beside the first value, which is shown already. */
export function Others({ values }: { values: readonly string[] }) {
  const others = values.slice(1);
  if (others.length === 0) return null;
  return (
    <span title={namesOf(others)} className="shrink-0 text-xs text-faint">
      {plural(others.length, "and {count} other", "and {count} others")}
    </span>
  );
}

/** "failed sign-ins on 40 users": these rows have no sentence in common. Two users are named. */
export function SignInsText({ run }: { run: Run }) {
  const users = [...new Map(run.rows.map((row) => [row.user_id, userName(row)])).values()];
  const [user = "", other] = users;
  if (other === undefined) return rich("failed sign-ins on {user}", { user: <Name text={user} /> });
  if (users.length === 2) {
    return rich("failed sign-ins on {user} and {other}", {
      user: <Name text={user} />,
      other: <Name text={other} />,
    });
  }
  return rich("failed sign-ins on {users}", {
    users: <strong className="font-semibold">{t("{count} users", { count: users.length })}</strong>,
  });
}

const Name = ({ text }: { text: string }) => (
  <strong className="font-semibold">
    <SenderText text={text} />
  </strong>
);
