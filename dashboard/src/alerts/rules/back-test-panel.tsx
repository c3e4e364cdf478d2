import { History, X } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { rich, type Text, t } from "../../texts/texts";
import { Button } from "../../ui/button";
import { Select } from "../../ui/select";
import { SenderText } from "../../ui/sender-text";
import { BackTestReport } from "./back-test-report";
import { type Fault, faultsOf } from "./faults";
import { type BackTest, useBackTest } from "./use-back-test";

const RANGES = [
  { value: "1", label: "the last 24 hours" },
  { value: "7", label: "the last 7 days" },
  { value: "30", label: "the last 30 days" },
  { value: "90", label: "the last 90 days" },
] as const satisfies readonly { value: string; label: Text }[];

interface BackTestPanelProps {
  definition: string;
  startsAtOnce?: boolean;
  /** Told of the faults that keep the rule from being tried; without it, they are named here. */
  onFaults?: (faults: readonly Fault[]) => void;
}

/** What a rule would have raised, before it is switched on. */
export function BackTestPanel({ definition, startsAtOnce = false, onFaults }: BackTestPanelProps) {
  const [days, setDays] = useState<(typeof RANGES)[number]["value"]>("30");
  const { test, start, cancel, reset } = useBackTest();
  const opened = useRef({ definition, days, startsAtOnce });
  const isRunning = test.step === "running";

  // What was found is about the text that was tried.
  // biome-ignore lint/correctness/useExhaustiveDependencies: another text is what makes it out of date
  useEffect(reset, [definition, reset]);
  useEffect(() => {
    const asked = opened.current;
    if (asked.startsAtOnce) void start(asked.definition, Number(asked.days));
  }, [start]);
  useEffect(() => {
    if (test.step === "failed") onFaults?.(faultsOf(test.error));
  }, [test, onFaults]);

  return (
    <div className="flex flex-col gap-3">
      <div className="flex flex-wrap items-center gap-2">
        <span className="text-xs text-muted max-sm:w-full">{t("What it would have raised in")}</span>
        <Select
          label={t("Range")}
          value={days}
          choices={RANGES.map(({ value, label }) => ({ value, text: t(label) }))}
          onChange={setDays}
        />
        {isRunning ? (
          <Button onClick={cancel}>
            <X aria-hidden className="size-3.5" />
            {t("Cancel")}
          </Button>
        ) : (
          <Button disabled={definition.trim() === ""} onClick={() => void start(definition, Number(days))}>
            <History aria-hidden className="size-3.5" />
            {t("Back-test")}
          </Button>
        )}
      </div>
      <Outcome test={test} />
    </div>
  );
}

function Outcome({ test }: { test: BackTest }) {
  switch (test.step) {
    case "idle":
      return null;
    case "cancelled":
      return (
        <p role="status" className="text-xs text-muted">
          {t("Cancelled.")}
        </p>
      );
    case "running":
      return <Progress read={test.read} of={test.of} />;
    case "failed":
      return (
        <p role="alert" className="rounded-md bg-bad-soft px-3 py-2 text-xs text-bad">
          {rich("Not tried: {reason}", { reason: <SenderText text={test.error.message} lines /> })}
        </p>
      );
    case "done":
      return <BackTestReport {...test} />;
  }
}

function Progress({ read, of }: { read: number; of: number }) {
  const share = of > 0 ? Math.min(read / of, 1) : 0;
  return (
    <div className="flex flex-col gap-1">
      <div
        role="progressbar"
        aria-label={t("Back-test")}
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={Math.round(share * 100)}
        className="h-1.5 overflow-hidden rounded-full bg-line"
      >
        <div className="h-full bg-accent-solid transition-[width]" style={{ width: `${share * 100}%` }} />
      </div>
      <p className="tabular text-2xs text-faint">
        {of > 0 ? t("{read} of {of} activities", { read, of }) : t("Looking for the activities…")}
      </p>
    </div>
  );
}
