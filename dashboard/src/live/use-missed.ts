import type { UseQueryResult } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import type { Asked } from "../api/asked";
import type { ActivityStats } from "../api/types";
import { useClock } from "../ui/clock";
import type { Feed } from "./feed";
import type { LinkFacts } from "./link-facts";

/**
 * How many activities a catch-up brings in all: what the server counts once it has begun, less what was known before.
 * Null while that is not known, or nothing is caught up.
 */
export function useMissed(
  facts: LinkFacts,
  feed: Feed | null,
  { refetch }: UseQueryResult<Asked<ActivityStats>>,
): number | null {
  const done = useClock(() => facts.catchUp() ?? 0);
  const isCatchingUp = done > 0;
  const [known, setKnown] = useState<{ total: number; at: number } | null>(null);
  const total = feed?.stats?.total_logs ?? null;

  // biome-ignore lint/correctness/useExhaustiveDependencies: what was known when it began
  useEffect(() => {
    if (!isCatchingUp || total === null) return setKnown(null);
    setKnown({ total: total - done, at: performance.now() });
    void refetch({ cancelRefetch: false });
  }, [isCatchingUp, refetch]);

  const answer = feed?.answer;
  if (!isCatchingUp || !known || !answer || answer.askedAt < known.at) return null;
  return Math.max(answer.stats.total_logs - known.total, done);
}
