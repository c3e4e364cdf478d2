import { t } from "../texts/texts";
import { switchTimes, useTimes } from "./times";

/** Says how times are read, beside the head of a column of them. A click reads them in the next way, as the key `u` does. */
export function ZoneSwitch({ className = "" }: { className?: string }) {
  const times = useTimes();
  const [label, words] = [times.label(), times.words()];
  // What is to be seen is in its name, for people who speak it to click it.
  const name = t("Times: {way}", { way: words.includes(label) ? words : `${label}, ${words}` });
  return (
    <button
      type="button"
      aria-label={name}
      title={t("{name}. Click, or press u, to change", { name })}
      onClick={switchTimes}
      className={`tabular inline-flex h-6 min-w-6 items-center justify-center rounded px-1 text-2xs font-normal whitespace-nowrap text-faint hover:bg-hover hover:text-ink ${className}`}
    >
      {label}
    </button>
  );
}
