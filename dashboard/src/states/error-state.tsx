import { CloudOff, RotateCw, TriangleAlert } from "lucide-react";
import { ApiError } from "../api/client";
import { rich, t } from "../texts/texts";
import { Button } from "../ui/button";
import { SenderText } from "../ui/sender-text";
import { StatePage } from "./state-page";

interface ErrorStateProps {
  error: Error;
  onRetry: () => void;
  /** Fill the page, where nothing else can be shown. */
  page?: boolean;
  onClearFilters?: (() => void) | undefined;
}

/** What went wrong in the server's own words, and what can be done about it. */
export function ErrorState({ error, onRetry, page = false, onClearFilters }: ErrorStateProps) {
  const problem = error instanceof ApiError ? error.problem : null;
  const Icon = problem?.status === 0 ? CloudOff : TriangleAlert;
  const title = problem?.title ?? t("Something went wrong");
  const body = (
    <>
      <p className="max-w-md">
        <SenderText text={error.message} lines />
      </p>
      {problem?.errors && problem.errors.length > 1 && (
        <ul className="max-w-md text-left text-xs">
          {problem.errors.map((item) => (
            <li key={item.pointer + item.detail}>
              <code className="font-mono text-ink">
                <SenderText text={item.pointer} />
              </code>{" "}
              <SenderText text={item.detail} lines />
            </li>
          ))}
        </ul>
      )}
      <div className="flex flex-wrap justify-center gap-2">
        <Button look="primary" onClick={onRetry}>
          <RotateCw aria-hidden className="size-3.5" />
          {t("Try again")}
        </Button>
        {onClearFilters && <Button onClick={onClearFilters}>{t("Clear filters")}</Button>}
      </div>
      {problem?.request_id && (
        <p className="text-2xs text-faint">
          {rich("Request {id}", { id: <code className="font-mono">{problem.request_id}</code> })}
        </p>
      )}
    </>
  );
  if (page) {
    return (
      <StatePage icon={Icon} title={title} tone="bad">
        {body}
      </StatePage>
    );
  }
  return (
    <div role="alert" className="flex flex-col items-center gap-4 px-6 py-16 text-center text-sm text-muted">
      <span className="flex size-10 items-center justify-center rounded-full bg-bad-soft text-bad">
        <Icon aria-hidden className="size-5" />
      </span>
      <h2 className="text-base font-semibold text-ink">{title}</h2>
      {body}
    </div>
  );
}
