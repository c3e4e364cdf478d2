import type { ReactNode } from "react";
import type { ActivityStreamState } from "../use-activity-stream.js";
import { statusOfError } from "./error-words.js";
import { Empty, Loading, Trouble } from "./states.js";

interface BodyProps {
  log: ActivityStreamState;
  onClear: (() => void) | null;
  /** The rows. */
  children: ReactNode;
}

/** The rows, or what stands in their place. */
export function Body({
  log: { activities, error, status, isLoading, pendingCount, reconnect },
  onClear,
  children,
}: BodyProps) {
  // A list that is refused for good is not asked for again.
  const isUnread = isLoading || status === "stopped";
  if (activities.length === 0) {
    if (error && isUnread) return <Trouble error={error} onRetry={reconnect} onClear={onClear} />;
    if (isLoading) return <Loading />;
    return pendingCount > 0 ? null : <Empty onClear={onClear} />;
  }
  // A stream that was cut comes back by itself, and the badge says so. A refusal needs the reader.
  const isRefused = error !== null && statusOfError(error) !== null;
  return (
    <>
      {isRefused && <Trouble error={error} onRetry={reconnect} onClear={onClear} isLine />}
      {children}
    </>
  );
}
