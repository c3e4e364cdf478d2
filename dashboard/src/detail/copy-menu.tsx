import { Check, Copy as CopyIcon } from "lucide-react";
import { type KeyboardEvent, useEffect, useRef, useState } from "react";
import { t } from "../texts/texts";
import { copyText } from "../ui/copy-text";
import { Popover } from "../ui/popover";
import type { Copy } from "./copies";

/** Copies the activity in one of several forms. */
export function CopyMenu({ copies }: { copies: readonly Copy[] }) {
  return (
    <Popover label={<CopyLabel />} name={t("Copy this activity")} align="right">
      {(close) => <Choices copies={copies} onDone={close} />}
    </Popover>
  );
}

const CopyLabel = () => (
  <>
    <CopyIcon aria-hidden className="size-3.5 text-faint" />
    {t("Copy")}
    <kbd className="rounded border border-line px-1 font-mono text-2xs text-faint">y</kbd>
  </>
);

/** Long enough to be seen. */
const COPIED_MS = 600;

function Choices({ copies, onDone }: { copies: readonly Copy[]; onDone: () => void }) {
  const [done, setDone] = useState<{ key: string; copied: boolean } | null>(null);
  const list = useRef<HTMLUListElement>(null);
  const close = useRef(onDone);
  close.current = onDone;

  useEffect(() => list.current?.querySelector("button")?.focus(), []);
  useEffect(() => {
    if (!done?.copied) return;
    const timer = setTimeout(() => close.current(), COPIED_MS);
    return () => clearTimeout(timer);
  }, [done]);

  const take = async ({ key, text }: Copy) => setDone({ key, copied: await copyText(text()) });
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.metaKey || event.ctrlKey || event.altKey) return;
    const copy = copies.find(({ key }) => key === event.key);
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!copy && step === undefined) return;
    // The same keys move along the rows behind.
    event.preventDefault();
    if (copy) void take(copy);
    else if (step) {
      const buttons = [...(list.current?.querySelectorAll("button") ?? [])];
      const at = buttons.indexOf(document.activeElement as HTMLButtonElement);
      buttons[(at + step + buttons.length) % buttons.length]?.focus();
    }
  };

  return (
    <ul ref={list} onKeyDown={onKeyDown} className="p-1">
      {copies.map((copy) => (
        <li key={copy.key}>
          <button
            type="button"
            onClick={() => void take(copy)}
            className="flex min-h-8 w-full items-center gap-2 rounded px-2 text-left text-xs text-ink hover:bg-hover"
          >
            <span className="flex-1">
              {copy.label}
              {done?.key === copy.key && !done.copied && (
                <span className="text-bad"> · {t("the browser does not allow it")}</span>
              )}
            </span>
            {done?.key === copy.key && done.copied ? (
              <Check aria-hidden className="size-3.5 text-good" />
            ) : (
              <kbd aria-hidden className="font-mono text-2xs text-faint">
                {copy.key}
              </kbd>
            )}
          </button>
        </li>
      ))}
      <li role="status" className="sr-only">
        {done?.copied ? t("Copied") : ""}
      </li>
    </ul>
  );
}
