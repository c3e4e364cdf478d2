import { useEffect } from "react";
import { t } from "../texts/texts";
import { Button } from "../ui/button";
import { SenderText } from "../ui/sender-text";
import { useOnScreen } from "../ui/use-on-screen";
import { MAX_ROWS } from "./endless";
import type { EndlessRows } from "./use-endless";

/** The end of an endless list: what follows is read some screens before the reader gets there. */
export function ListEnd({ endless: { more, isFull, error } }: { endless: EndlessRows }) {
  const [ref, isNear] = useOnScreen();
  useEffect(() => {
    if (isNear && !error) more?.();
  }, [isNear, more, error]);
  return (
    <div className="relative px-3 text-xs text-muted">
      <div ref={ref} aria-hidden className="pointer-events-none absolute bottom-0 h-[60rem] w-px" />
      {isFull && (
        <p className="py-2">
          {t("These are {count} rows, as many as the page keeps. Narrow the filter to see older ones.", {
            count: MAX_ROWS,
          })}
        </p>
      )}
      {error && (
        <p role="alert" className="flex items-center gap-3 py-2 text-bad">
          <SenderText text={error.message} lines />
          <Button onClick={() => more?.()}>{t("Try again")}</Button>
        </p>
      )}
    </div>
  );
}
