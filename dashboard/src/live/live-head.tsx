import type { ArrivalCount } from "../toasts/arrival-count";
import { ArrivalLine } from "../toasts/arrival-line";
import { useClock } from "../ui/clock";
import { type BadgeFacts, badgeOf, spokenOf } from "./badge-state";
import type { LinkFacts } from "./link-facts";
import { BadgeView } from "./live-badge";
import { UpdateLine } from "./update-line";

export interface LiveHeadProps extends Pick<BadgeFacts, "status" | "view" | "held" | "newer" | "failed"> {
  facts: LinkFacts;
  /** How many activities a catch-up brings in all; null: not known. */
  missed: number | null;
  counted: ArrivalCount;
  announces: boolean;
  onSwitch: () => void;
}

/** How the log's stream is, said anew each second, and what it has just brought. */
export default function LiveHead(props: LiveHeadProps) {
  const { facts, missed, counted, announces, onSwitch, ...known } = props;
  const now = useClock(Math.floor) * 1_000;
  const done = facts.catchUp();
  const state = badgeOf({
    ...known,
    now: Math.max(now, Date.now()),
    pulse: facts.pulse,
    catchUp: done === null ? null : { done, of: missed },
    rate: facts.rate(),
    lag: facts.lag(),
  });
  return (
    <span className="inline-flex min-w-0 items-center gap-1">
      <UpdateLine status={props.status} />
      <BadgeView state={state} />
      <ArrivalLine
        counted={counted}
        state={spokenOf(state, props.status)}
        isOn={announces}
        onSwitch={onSwitch}
      />
    </span>
  );
}
