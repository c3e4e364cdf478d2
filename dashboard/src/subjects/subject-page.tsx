import { useIsFetching, useQueryClient } from "@tanstack/react-query";
import { parseAsInteger, useQueryState } from "nuqs";
import { useEffect } from "react";
import { Link } from "wouter";
import { loadIcons } from "../activity/activity-icon";
import type { Session } from "../api/types";
import { logAddress } from "../paths";
import { Frame } from "../shell/frame";
import { ErrorBoundary } from "../states/error-boundary";
import { t } from "../texts/texts";
import { CopyButton } from "../ui/copy-button";
import { Segments } from "../ui/segments";
import { SenderText } from "../ui/sender-text";
import { visibleText } from "../ui/visible-text";
import { DayStrip } from "./day-strip";
import { StepList } from "./step-list";
import type { Subject } from "./subject";
import { SubjectAlerts } from "./subject-alerts";
import { SubjectFigures } from "./subject-figures";
import { SubjectGroups } from "./subject-groups";

const partParser = parseAsInteger.withDefault(0).withOptions({ history: "push" });

const WORDS = {
  Person: { title: "Person {name}", copy: "Copy the person" },
  Session: { title: "Session {name}", copy: "Copy the session" },
  Network: { title: "Network {name}", copy: "Copy the network" },
  Resource: { title: "Resource {name}", copy: "Copy the resource" },
} as const;

interface SubjectPageProps {
  session: Session;
  subject: Subject;
  /** What it is called, where that is more than its id. */
  label?: string | null;
  /** Where all of its kind are. */
  all: { text: string; href: string };
}

/** One person, session, network or resource: when, how much, from where, and everything in time order. */
export function SubjectPage({ session, subject, label = null, all }: SubjectPageProps) {
  const [chosen, choose] = useQueryState("part", partParser);
  const part = subject.parts[chosen] ?? subject.parts[0];
  const queries = useQueryClient();
  const refreshing = useIsFetching() > 0;
  const words = WORDS[subject.kind];
  useEffect(() => void loadIcons(), []);
  return (
    <Frame
      session={session}
      title={visibleText(t(words.title, { name: label ?? subject.name }))}
      refreshing={refreshing}
      onRefresh={() => void queries.invalidateQueries()}
      bar={
        subject.parts.length > 1 && (
          <Segments
            label={t("Part")}
            choices={subject.parts.map(({ title }, index) => ({
              value: String(index),
              label: title && t(title),
            }))}
            value={String(subject.parts.indexOf(part))}
            onChange={(value) => choose(Number(value))}
          />
        )
      }
    >
      <header className="flex flex-wrap items-center gap-x-3 gap-y-1 border-b border-line px-3 py-2.5">
        <Link href={all.href} className="rounded text-xs leading-6 text-muted hover:text-ink hover:underline">
          {all.text}
        </Link>
        <h2 className="min-w-0 text-base font-semibold wrap-anywhere">
          <SenderText text={label ?? subject.name} />
        </h2>
        {label !== null && label !== subject.name && (
          <span className="min-w-0 font-mono text-xs wrap-anywhere text-faint">
            <SenderText text={subject.name} />
          </span>
        )}
        <CopyButton text={subject.name} label={t(words.copy)} />
        <Link
          href={logAddress(new URLSearchParams(part.filter))}
          className="ml-auto rounded text-xs leading-6 text-accent hover:underline"
        >
          {t("Open in the log")}
        </Link>
      </header>
      <ErrorBoundary what={t("The figures")} drawn={part}>
        <SubjectFigures filter={part.filter} />
      </ErrorBoundary>
      <ErrorBoundary what={t("The days")} drawn={part}>
        <DayStrip filter={part.filter} />
      </ErrorBoundary>
      <ErrorBoundary what={t("The alerts")} drawn={part}>
        <SubjectAlerts subject={subject} />
      </ErrorBoundary>
      <ErrorBoundary what={t("The groups")} drawn={part}>
        <SubjectGroups filter={part.filter} by={subject.groupedBy} />
      </ErrorBoundary>
      <ErrorBoundary what={t("The activities")} drawn={part}>
        <StepList filter={part.filter} />
      </ErrorBoundary>
    </Frame>
  );
}
