import { TriangleAlert } from "lucide-react";
import { Component, type ReactNode } from "react";
import { LOG_PATH } from "../paths";
import { t } from "../texts/texts";
import { Button } from "../ui/button";
import { StatePage } from "./state-page";

interface ErrorBoundaryProps {
  /** What cannot be shown then, as the start of a sentence: "The list". */
  what: string;
  /** Where the message stands: in its place, in the page's corner, or alone, where nothing else can be shown. */
  place?: "here" | "corner" | "page";
  /** What is drawn: with another value, drawing is tried again. */
  drawn?: unknown;
  children: ReactNode;
}

/** Keeps an error of its part from taking the page away: it says so, and offers ways out. */
export class ErrorBoundary extends Component<ErrorBoundaryProps, { error: unknown }> {
  override state = { error: null };

  static getDerivedStateFromError(error: unknown) {
    return { error: error ?? new Error("unknown") };
  }

  override componentDidUpdate(before: ErrorBoundaryProps) {
    if (before.drawn !== this.props.drawn && this.state.error !== null) this.setState({ error: null });
  }

  override render() {
    const { what, place = "here", children } = this.props;
    if (this.state.error === null) return children;
    const title = t("{what} cannot be shown", { what });
    if (place === "page") {
      return (
        <StatePage icon={TriangleAlert} title={title} tone="bad">
          <WaysOut />
        </StatePage>
      );
    }
    return (
      <div
        role="alert"
        className={`flex flex-wrap items-center gap-x-4 gap-y-2 rounded-xl border border-bad/40 bg-surface px-4 py-3 text-xs text-bad ${place === "corner" ? "floating fixed right-4 bottom-4 z-50 max-w-[calc(100vw-2rem)]" : ""}`}
      >
        <TriangleAlert aria-hidden className="size-4" />
        <span className="flex-1">
          {title}. {t("The browser's console has the details.")}
        </span>
        <WaysOut />
      </div>
    );
  }
}

/** Loading anew also helps where the server was updated and has other files now. */
function WaysOut() {
  return (
    <span className="flex flex-wrap justify-center gap-2">
      <Button onClick={() => window.location.reload()}>{t("Load the page again")}</Button>
      <Button onClick={() => window.location.assign(LOG_PATH)}>{t("Show the whole log")}</Button>
    </span>
  );
}
