import type { ReactNode } from "react";
import { Link } from "wouter";
import type { Activity } from "../api/types";
import { formatExactTime } from "../ui/format";
import { SenderText } from "../ui/sender-text";
import { visibleText } from "../ui/visible-text";
import { ActionMark } from "./cells";

const clock = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit", second: "2-digit" });

interface ActivityLineProps {
  activity: Activity;
  /** Where it leads to; none: it is what is open. */
  href: string | null;
  /** What stands beneath its sentence. */
  subject: string;
  children?: ReactNode;
}

/** An activity beside a log: when, what, and a line on it. */
export function ActivityLine({ activity, href, subject, children }: ActivityLineProps) {
  const look = "flex min-h-9 items-center gap-2.5 px-2.5 py-1 text-xs";
  const content = (
    <>
      <time
        dateTime={activity.occurred_at}
        title={formatExactTime(activity.timestamp)}
        className="tabular shrink-0 font-mono text-2xs text-faint"
      >
        {clock.format(activity.timestamp * 1_000)}
      </time>
      <ActionMark activity={activity} />
      <span className="flex min-w-0 flex-1 flex-col">
        <span className="truncate text-ink" title={visibleText(activity.description)}>
          <SenderText text={activity.description} sentence />
        </span>
        <span className={`truncate text-2xs ${activity.success ? "text-faint" : "text-bad"}`}>
          <SenderText text={subject} />
        </span>
      </span>
      {children}
    </>
  );
  if (href === null) {
    return (
      <div aria-current="true" className={`${look} bg-accent-soft`}>
        {content}
      </div>
    );
  }
  return (
    <Link href={href} className={`${look} hover:bg-hover`}>
      {content}
    </Link>
  );
}
