import { lazy, Suspense, useEffect, useState } from "react";
import type { Session } from "../api/types";
import { t } from "../texts/texts";
import { switchTimes } from "../times/times";
import { areKeysOn, isTyping } from "../ui/keys";
import { openSheet, useSheet } from "./sheet";

const KeysSheet = lazy(() => import("./keys-sheet"));
const Palette = lazy(() => import("../palette/palette"));

/** What every page has over it on demand, and the keys of every page. */
export function Sheets({ session }: { session: Session }) {
  const sheet = useSheet();
  const [said, say] = useState("");
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.altKey || event.repeat) return;
      // A key with Control or Command is not one that speech or hands press by accident: it works in any case.
      if (isPaletteKey(event)) openSheet("commands");
      else if (event.metaKey || event.ctrlKey || !areKeysOn() || isTyping(event.target)) return;
      else if (event.key === "?") openSheet("keys");
      else if (event.key === "u") say(t("Times: {style}", { style: switchTimes().words() }));
      else return;
      event.preventDefault();
    };
    document.addEventListener("keydown", onKeyDown);
    return () => {
      document.removeEventListener("keydown", onKeyDown);
      openSheet(null);
    };
  }, []);
  const close = () => openSheet(null);
  return (
    <>
      <p aria-live="polite" className="sr-only">
        {said}
      </p>
      <Suspense>
        {sheet === "keys" && <KeysSheet onClose={close} />}
        {sheet === "commands" && <Palette session={session} onClose={close} />}
      </Suspense>
    </>
  );
}

const isPaletteKey = ({ key, metaKey, ctrlKey, shiftKey }: KeyboardEvent): boolean =>
  key.toLowerCase() === "k" && (metaKey || ctrlKey) && !shiftKey;
