/** Gathers what a screen reader is told, so that it speaks at most every ten seconds. */
import { formatNumber } from "../ui/format";

export const SPEAK_EACH_MS = 10_000;

export class Announcer {
  private readonly speak: (text: string) => void;
  private spokenAt = Number.NEGATIVE_INFINITY;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private state: string | null = null;
  private spokenState: string | null = null;
  private arrived = 0;
  private failed = 0;

  constructor(speak: (text: string) => void) {
    this.speak = speak;
  }

  /** How the stream is, in words. The first state is what the page begins with, and is not spoken. */
  become(state: string): void {
    this.spokenState ??= state;
    this.state = state;
    this.speakLater();
  }

  add(arrived: number, failed: number): void {
    this.arrived += arrived;
    this.failed += failed;
    this.speakLater();
  }

  stop(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
  }

  private speakLater(): void {
    if (this.text() === "") return;
    this.timer ??= setTimeout(() => this.say(), Math.max(0, this.spokenAt + SPEAK_EACH_MS - Date.now()));
  }

  private say(): void {
    this.timer = undefined;
    const text = this.text();
    // What had changed may be again as it was.
    if (text === "") return;
    this.spokenAt = Date.now();
    this.spokenState = this.state;
    this.arrived = 0;
    this.failed = 0;
    this.speak(text);
  }

  private text(): string {
    const state = this.state !== this.spokenState ? this.state : null;
    return [state, this.arrived > 0 ? summary(this.arrived, this.failed) : null].filter(Boolean).join(". ");
  }
}

/** "12 new, 1 failed" */
export const summary = (count: number, failed: number): string =>
  `${formatNumber(count)} new${failed > 0 ? `, ${formatNumber(failed)} failed` : ""}`;
