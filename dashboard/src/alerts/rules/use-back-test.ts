import { useCallback, useEffect, useRef, useState } from "react";
import { BACK_TEST_PATH } from "../../api/alert-calls";
import type { BackTestLine, BackTestResult } from "../../api/back-test-lines";
import { answerTo } from "../../api/client";
import type { BackTestRequest } from "../../api/types";
import { type Text, t } from "../../texts/texts";
import { readLines } from "./read-lines";

export type BackTest =
  | { step: "idle" }
  | { step: "running"; read: number; of: number }
  | { step: "done"; result: BackTestResult; days: number; until: number }
  | { step: "failed"; error: Error }
  | { step: "cancelled" };

const CUT_OFF: Text = "The answer was cut off. The server may be restarting: try again.";
const DAY_MS = 86_400_000;

/** Tries a rule on the past. The server stops as soon as the answer is no longer read. */
export function useBackTest() {
  const [test, setTest] = useState<BackTest>({ step: "idle" });
  const running = useRef<AbortController>(undefined);
  useEffect(() => () => running.current?.abort(), []);

  const start = useCallback(async (definition: string, days: number) => {
    running.current?.abort();
    const controller = new AbortController();
    running.current = controller;
    const tell = (next: BackTest) => {
      if (running.current === controller && !controller.signal.aborted) setTest(next);
    };
    tell({ step: "running", read: 0, of: 0 });
    try {
      tell({
        step: "done",
        days,
        until: Date.now(),
        result: await ask(definition, days, controller.signal, tell),
      });
    } catch (error) {
      // What fetch itself throws while the answer is read.
      const isCut = error instanceof TypeError || !(error instanceof Error);
      tell({ step: "failed", error: isCut ? new Error(t(CUT_OFF)) : error });
    }
  }, []);

  const cancel = useCallback(() => {
    running.current?.abort();
    setTest({ step: "cancelled" });
  }, []);
  const reset = useCallback(() => {
    running.current?.abort();
    setTest({ step: "idle" });
  }, []);
  return { test, start, cancel, reset };
}

async function ask(
  definition: string,
  days: number,
  signal: AbortSignal,
  tell: (test: BackTest) => void,
): Promise<BackTestResult> {
  const from = new Date(Date.now() - days * DAY_MS).toISOString();
  const body: BackTestRequest = { definition, from };
  const response = await answerTo(BACK_TEST_PATH, { method: "POST", body, signal });
  for await (const each of readLines(response)) {
    const line = each as BackTestLine;
    if (line.type === "progress") tell({ step: "running", read: line.read, of: line.of });
    else if (line.type === "failed") throw new Error(line.detail);
    else if (line.type === "result") return line;
  }
  throw new Error(t(CUT_OFF));
}
