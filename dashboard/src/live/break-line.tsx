import { Unplug } from "lucide-react";
import { useState } from "react";
import { rich, t } from "../texts/texts";
import { Moment } from "../times/moment";
import type { Break } from "./feed";

/** Where the stream could not go on: below are the rows from before. It opens, in its line, to say why. */
export default function BreakLine({ gap: { at, reason } }: { gap: Break }) {
  const [open, setOpen] = useState(false);
  return (
    <button
      type="button"
      aria-expanded={open}
      onClick={() => setOpen(!open)}
      className="flex min-h-6 max-w-full items-center gap-1.5 rounded text-left text-2xs font-medium text-warn"
    >
      <Unplug aria-hidden className="size-3.5 shrink-0" />
      <span className="shrink-0 underline decoration-dotted underline-offset-2">
        {rich("Read anew, {time}", { time: <Moment seconds={at} full /> })}
      </span>
      {open && (
        <span className="min-w-0 font-normal wrap-anywhere md:truncate">
          {t("The stream could not go on ({reason}). These rows are what the server has now.", {
            reason: reason || t("the server gave no reason"),
          })}
        </span>
      )}
    </button>
  );
}
