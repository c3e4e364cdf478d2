/** Goes on at once after a sleep of the device or of the tab. */
import type { Pulse } from "@livetrail/sdk/stream";

const LOOK_MS = 1_000;

interface Sleeper {
  readonly pulse: Pulse;
  wake(): void;
}

/** By the wall clock, which goes on while a device sleeps: timers do not. */
export const isDead = ({ heardAt, silenceMs }: Pulse, now: number): boolean => now - heardAt > silenceMs;

/** Wakes a stream until the function that it returns is called. */
export function keepAwake(stream: Sleeper): () => void {
  const look = () => {
    const { pulse } = stream;
    if (pulse.retryAt === null && isDead(pulse, Date.now())) stream.wake();
  };
  // A user who comes back does not wait for the end of a pause.
  const shown = () => {
    if (document.hidden) return;
    if (stream.pulse.retryAt !== null) stream.wake();
    else look();
  };
  const timer = setInterval(look, LOOK_MS);
  document.addEventListener("visibilitychange", shown);
  window.addEventListener("pageshow", shown);
  return () => {
    clearInterval(timer);
    document.removeEventListener("visibilitychange", shown);
    window.removeEventListener("pageshow", shown);
  };
}
