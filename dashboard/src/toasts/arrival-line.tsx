import { Announcer } from "@livetrail/sdk/display/announcer";
import { Bell, BellOff } from "lucide-react";
import { useEffect, useRef, useState, useSyncExternalStore } from "react";
import { sentenceOf } from "../texts/actions";
import { t } from "../texts/texts";
import { IconButton } from "../ui/button";
import { SenderText } from "../ui/sender-text";
import type { ArrivalCount, Counted } from "./arrival-count";
import { summary } from "./summary";

interface ArrivalLineProps {
  counted: ArrivalCount;
  /** How the stream is, in words for a screen reader. */
  state: string;
  isOn: boolean;
  onSwitch: () => void;
}

/** One quiet line of what has just arrived, which changes in place, and the switch of it. */
export function ArrivalLine({ counted, state, isOn, onSwitch }: ArrivalLineProps) {
  const current = useSyncExternalStore(counted.subscribe, counted.current);
  const Icon = isOn ? Bell : BellOff;
  return (
    <>
      <Spoken counted={current} state={state} />
      <IconButton
        label={t("Announce new activity")}
        aria-pressed={isOn}
        onClick={onSwitch}
        className="max-sm:hidden"
      >
        <Icon aria-hidden className="size-4" />
      </IconButton>
      {isOn && (
        <section
          aria-label={t("New activity")}
          className="w-52 truncate text-xs text-muted max-2xl:w-32 max-xl:hidden"
        >
          {current && <Line {...current} />}
        </section>
      )}
    </>
  );
}

function Line({ count, failed, only }: Counted) {
  if (!only)
    return <span className={`tabular ${failed > 0 ? "text-bad" : ""}`}>{summary(count, failed)}</span>;
  return (
    <span className={only.success ? "" : "text-bad"}>
      <SenderText text={sentenceOf(only)} sentence />
      {only.error_message && (
        <>
          {" "}
          <SenderText text={only.error_message} lines />
        </>
      )}
    </span>
  );
}

/** The one polite region of the page. */
function Spoken({ counted, state }: { counted: Counted | null; state: string }) {
  const [text, setText] = useState("");
  const [announcer] = useState(() => new Announcer(setText, summary));
  const before = useRef<Counted | null>(null);
  useEffect(() => announcer.become(state), [announcer, state]);
  useEffect(() => {
    const former = before.current;
    before.current = counted;
    if (!counted) return;
    const goesOn = former !== null && former.count <= counted.count;
    announcer.add(counted.count - (goesOn ? former.count : 0), counted.failed - (goesOn ? former.failed : 0));
  }, [announcer, counted]);
  useEffect(() => () => announcer.stop(), [announcer]);
  return (
    <p role="status" className="sr-only">
      {text}
    </p>
  );
}
