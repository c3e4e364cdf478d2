import { useState } from "react";
import { type Text, t } from "../texts/texts";
import { CheckLine } from "../ui/check-line";
import { areKeysOn, switchKeys } from "../ui/keys";
import { Modal } from "../ui/modal";
import { keyName } from "./key-name";
import { PALETTE_KEY } from "./sheet-keys";

/** What each key does. */
const KEYS: readonly { title: Text; keys: readonly [keys: readonly string[], does: Text][] }[] = [
  {
    title: "The page",
    keys: [
      [["/"], "go to the bar of filters"],
      [["Space"], "pause the live rows, or go on"],
      [["."], "show what is newer"],
      [["u"], "read times here, in UTC, or as how long ago"],
      [[PALETTE_KEY], "find a page, a view, a filter, a person or an action"],
      [["?"], "show these shortcuts"],
    ],
  },
  {
    title: "A row",
    keys: [
      [["j", "↓"], "the next one"],
      [["k", "↑"], "the one before"],
      [["Enter"], "open it"],
      [["→", "←"], "unfold a run, or fold it"],
      [["b"], "show five minutes before and after it"],
      [["m"], "the menu of its values"],
    ],
  },
  {
    title: "An open activity",
    keys: [
      [["y"], "copy its link, JSON, commands or filter"],
      [["|"], "give it the whole page, or half of it"],
      [["Esc"], "close it"],
    ],
  },
];

/** The keys of the page, and a switch for those that are pressed by accident. */
export default function KeysSheet({ onClose }: { onClose: () => void }) {
  const [areOn, setOn] = useState(areKeysOn);
  const turn = (on: boolean) => {
    switchKeys(on);
    setOn(on);
  };
  return (
    <Modal title={t("Keyboard shortcuts")} onClose={onClose}>
      <div className="flex flex-col gap-4">
        {KEYS.map(({ title, keys }) => (
          <section key={title}>
            <h3 className="pb-1 text-xs text-muted">{t(title)}</h3>
            <dl className="grid grid-cols-[6rem_1fr] gap-y-1">
              {keys.map(([names, does]) => (
                <div key={does} className="contents">
                  <dt className="flex gap-1">
                    {names.map((name) => (
                      <kbd key={name} className="rounded border border-line px-1.5 font-mono text-2xs">
                        {keyName(name)}
                      </kbd>
                    ))}
                  </dt>
                  <dd>{t(does)}</dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
        <CheckLine
          label={t("Listen to single letters and signs")}
          hint={t("Arrows, Enter, Escape, Shift+F10 and {key} work in any case.", { key: PALETTE_KEY })}
          checked={areOn}
          onChange={turn}
        />
      </div>
    </Modal>
  );
}
