"use client";

/** The log of an application, for its customers: rows that are live, filters, and the details of each. */
import { type ReactElement, type ReactNode, useCallback, useEffect, useRef, useState } from "react";
import type { StoredActivity } from "../../activity.js";
import { Bar } from "./bar.js";
import { Body } from "./body.js";
import { type Choices, isChosen, isPast, NO_CHOICES, openControls } from "./choices.js";
import { Details } from "./details.js";
import { feedState } from "./link-state.js";
import type { ActivityFeedProps } from "./props.js";
import { Rows } from "./rows.js";
import { Spoken, StatusLine } from "./status-line.js";
import { useHold } from "./use-hold.js";
import { useLog } from "./use-log.js";
import { useSeenActions } from "./use-seen-actions.js";
import { useSettled } from "./use-settled.js";
import { useWordsOf, WordsContext } from "./words.js";

/** Only what is typed waits until it has settled. */
const isQuick = (next: Choices, before: Choices): boolean =>
  [before.search, ""].includes(next.search) && [before.user, ""].includes(next.user);

export function ActivityFeed(props: ActivityFeedProps): ReactElement {
  const { controls, actions, labels, locale, theme, renderDetails, className } = props;
  const words = useWordsOf(labels, locale);
  const [choices, setChoices] = useState(NO_CHOICES);
  const [openId, setOpenId] = useState<string | null>(null);
  const [isPaused, setPaused] = useState(false);
  const list = useRef<HTMLUListElement>(null);
  const chosen = useSettled(choices, isQuick);
  const { spoken, log } = useLog(props, chosen, words.labels);
  const isOpen = log.activities.some(({ id }) => id === openId);
  const hold = useHold(list, log.activities.length > 0);
  const isHeld = hold.isHeld || isOpen;
  const isStill = isHeld || isPaused;
  const facts = {
    ...spoken.facts,
    isPaused,
    isHeld,
    isPast: isPast(props.filter, chosen, Date.now() / 1_000),
  };

  const { pause, resume } = log;
  useEffect(() => (isStill ? pause() : resume()), [isStill, pause, resume]);
  const showNewer = () => {
    resume();
    if (isStill) pause();
    list.current?.focus();
  };
  const toggle = useCallback((id: string) => setOpenId((open) => (open === id ? null : id)), []);
  const seen = useSeenActions(log.activities);
  const details = useDetails(renderDetails);
  const clear = isChosen(choices) ? () => setChoices(NO_CHOICES) : null;

  return (
    <WordsContext.Provider value={words}>
      <section
        className={className ? `livetrail-feed ${className}` : "livetrail-feed"}
        aria-label={words.labels.feed}
        aria-busy={log.isLoading}
        data-theme={theme}
      >
        <div className="livetrail-head">
          <Bar
            choices={choices}
            onChoose={setChoices}
            controls={openControls(props.filter, controls)}
            actions={actions ?? seen}
          />
          <StatusLine
            state={feedState(facts, words.labels)}
            pendingCount={log.pendingCount}
            isPaused={isPaused}
            onPause={setPaused}
            onShowNewer={showNewer}
          />
        </div>
        <Body log={log} onClear={clear}>
          <Rows
            list={list}
            activities={log.activities}
            openId={openId}
            onToggle={toggle}
            details={details}
            hold={hold.handlers}
          />
        </Body>
        {log.hasOlder && (
          <button
            type="button"
            className="livetrail-button livetrail-older"
            disabled={log.isLoadingOlder}
            onClick={log.loadOlder}
          >
            {log.isLoadingOlder ? words.labels.loadingOlder : words.labels.loadOlder}
          </button>
        )}
        <Spoken text={spoken.text} />
      </section>
    </WordsContext.Provider>
  );
}

function useDetails(renderDetails: ActivityFeedProps["renderDetails"]) {
  return useCallback(
    (activity: StoredActivity): ReactNode =>
      renderDetails ? renderDetails(activity) : <Details activity={activity} />,
    [renderDetails],
  );
}
