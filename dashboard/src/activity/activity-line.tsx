import type { ReactNode } from "react";
import { Link } from "wouter";
import type { Activity } from "../api/types";
import { sentenceOf } from "../texts/actions";
import { Moment } from "../times/moment";
import { SenderText } from "../ui/sender-text";
import { visibleText } from "../ui/visible-text";
import { ActionMark } from "./cells";

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
  const sentence = sentenceOf(activity);
  const look = "flex min-h-9 items-center gap-2.5 px-2.5 py-1 text-xs";
  const content = (
    <>
      <Moment seconds={activity.timestamp} className="shrink-0 font-mono text-2xs text-faint" />
      <ActionMark activity={activity} />
      <span className="flex min-w-0 flex-1 flex-col">
        <span className="truncate text-ink" title={visibleText(sentence)}>
          <SenderText text={sentence} sentence />
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
