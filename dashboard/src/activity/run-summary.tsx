/** What the one row of a folded run says of all its rows. */
import type { ReactNode } from "react";
import type { Activity } from "../api/types";
import type { FieldKey } from "../filters/fields";
import { formatNumber } from "../ui/format";
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

interface SharedProps {
  values: readonly string[];
  /** What they are when there are several, such as "addresses". */
  plural: string;
  /** The filter that takes one of them. */
  field?: FieldKey;
  className?: string;
}

/** The value of all rows, or how many there are. */
export function Shared({ values, plural, field, className = "" }: SharedProps) {
  const [value] = values;
  if (value === undefined) return null;
  return (
    <span
      title={namesOf(values)}
      className={`block truncate ${values.length > 1 ? "text-faint" : className}`}
    >
      {values.length > 1 ? (
        `${formatNumber(values.length)} ${plural}`
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
      and {formatNumber(others.length)} {others.length === 1 ? "other" : "others"}
    </span>
  );
}

/** "failed sign-ins on 40 users": these rows have no sentence in common. Two users are named. */
export function SignInsText({ run }: { run: Run }) {
  const users = [...new Map(run.rows.map((row) => [row.user_id, userName(row)])).values()];
  return (
    <>
      failed sign-ins on{" "}
      {users.length > 2 ? (
        <strong className="font-semibold">{formatNumber(users.length)} users</strong>
      ) : (
        users.map((name, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: two users may have the same name
          <span key={index}>
            {index > 0 && " and "}
            <strong className="font-semibold">
              <SenderText text={name} />
            </strong>
          </span>
        ))
      )}
    </>
  );
}
