import { lazy, Suspense, useEffect, useState } from "react";
import { switchTimes } from "../times/times";
import { areKeysOn, isTyping } from "../ui/keys";
import { openSheet, useSheet } from "./sheet";

const KeysSheet = lazy(() => import("./keys-sheet"));

/** What every page has over it on demand, and the keys of every page. */
export function Sheets() {
  const sheet = useSheet();
  const [said, say] = useState("");
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.altKey || event.repeat) return;
      if (event.metaKey || event.ctrlKey || !areKeysOn() || isTyping(event.target)) return;
      else if (event.key === "?") openSheet("keys");
      else if (event.key === "u") say(`Times: ${switchTimes().words()}`);
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
      <Suspense>{sheet === "keys" && <KeysSheet onClose={close} />}</Suspense>
    </>
  );
}
