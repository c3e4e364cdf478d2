import type { UseQueryResult } from "@tanstack/react-query";
import { useEffect } from "react";
import { useVisible } from "../ui/visibility";

/** Arrivals within this time cause one request. */
const SETTLE_MS = 1_500;
/** A request that failed may have been too expensive, so it is not repeated as often. */
const FAILED_INTERVAL_MS = 60_000;

type Answered = Pick<UseQueryResult, "dataUpdatedAt" | "errorUpdatedAt" | "isError" | "refetch">;

/**
 * Asks again for an answer that is behind the stream: some time after an arrival, at most once an interval, and never
 * while the page is hidden.
 */
export function useCatchUp(isBehind: boolean, query: Answered, leastIntervalMs: number): void {
  const { dataUpdatedAt, errorUpdatedAt, isError, refetch } = query;
  const isDue = useVisible() && isBehind;

  useEffect(() => {
    if (!isDue) return;
    const answered = Math.max(dataUpdatedAt, errorUpdatedAt);
    const interval = isError ? FAILED_INTERVAL_MS : leastIntervalMs;
    const wait = Math.max(SETTLE_MS, answered + interval - Date.now());
    // A slow answer that is on its way already must not be given up for the next one.
    const timer = setTimeout(() => void refetch({ cancelRefetch: false }), wait);
    return () => clearTimeout(timer);
  }, [isDue, dataUpdatedAt, errorUpdatedAt, isError, leastIntervalMs, refetch]);
}
