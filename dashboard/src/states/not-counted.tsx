import { t } from "../texts/texts";
import { Button } from "../ui/button";
import { SenderText } from "../ui/sender-text";
import { visibleText } from "../ui/visible-text";

interface NotCountedProps {
  /** Says what was not done. */
  what?: string;
  error: Error;
  onRetry: () => void;
  /** Places it where the counts would be. */
  className: string;
}

/** Why there are no counts, or other answers, in the server's own words. */
export function NotCounted({ what = t("Not counted"), error, onRetry, className }: NotCountedProps) {
  return (
    <div role="alert" className={`flex items-center justify-center px-4 text-xs text-muted ${className}`}>
      <span className="line-clamp-4 max-w-3xl sm:line-clamp-2" title={visibleText(error.message)}>
        {what}: <SenderText text={error.message} lines />
      </span>
      <Button onClick={onRetry}>{t("Try again")}</Button>
    </div>
  );
}
