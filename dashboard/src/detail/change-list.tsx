import { type Difference, diffValues, pathText } from "@livetrail/sdk/display/diff-values";
import { plainValue } from "@livetrail/sdk/display/plain-value";
import { useMemo, useState } from "react";
import type { Change } from "../api/types";
import { t } from "../texts/texts";
import { Button } from "../ui/button";
import { SenderText } from "../ui/sender-text";
import { diffWords } from "./diff-words";
import { ValueText } from "./value-text";

/** Drawn at once; the rest is one click away. */
const STEP = 50;

/** What was changed: a row for each field, or for each part of a field that has parts. */
export function ChangeList({ changes }: { changes: Record<string, Change> }) {
  const [shown, setShown] = useState(STEP);
  const { differences, isCut } = useMemo(() => differencesOf(changes), [changes]);
  const rest = differences.length - shown;
  return (
    <>
      <table className="w-full table-fixed border-t border-line text-xs">
        <thead className="sr-only">
          <tr>
            <th scope="col">{t("Field")}</th>
            <th scope="col">{t("Before and after")}</th>
          </tr>
        </thead>
        <tbody className="font-mono text-2xs">
          {differences.slice(0, shown).map((difference) => (
            <ChangeRow key={pathText(difference.path)} difference={difference} />
          ))}
        </tbody>
      </table>
      {rest > 0 && (
        <Button size="small" className="self-start" onClick={() => setShown(shown + STEP)}>
          {t("Show {count} more of {rest}", { count: Math.min(rest, STEP), rest })}
        </Button>
      )}
      {isCut && (
        <p className="text-2xs text-faint">
          {t("A value has more differences. The activity as JSON has them all.")}
        </p>
      )}
    </>
  );
}

function differencesOf(changes: Record<string, Change>): { differences: Difference[]; isCut: boolean } {
  const parts = Object.entries(changes).map(([field, { from, to }]) => {
    const { found, isCut } = diffValues(from, to);
    // What is the same on both sides was logged as a change all the same.
    const list = found.length > 0 ? found : [{ path: [], from, to }];
    return { isCut, list: list.map((part): Difference => ({ ...part, path: [field, ...part.path] })) };
  });
  return { differences: parts.flatMap(({ list }) => list), isCut: parts.some((part) => part.isCut) };
}

function ChangeRow({ difference }: { difference: Difference }) {
  return (
    <tr className="border-b border-line align-top">
      <th scope="row" className="w-[34%] py-1.5 pr-3 text-left font-medium break-words text-ink">
        <SenderText text={pathText(difference.path)} />
      </th>
      <td className="py-1.5 break-words whitespace-pre-wrap">
        <Sides {...difference} />
      </td>
    </tr>
  );
}

function Sides(difference: Difference) {
  const { from, to } = difference;
  if (!("from" in difference)) return <Added text={plainValue(to)} />;
  if (!("to" in difference)) return <Removed text={plainValue(from)} />;
  if (typeof from === "string" && typeof to === "string" && isLong(from, to))
    return <Words from={from} to={to} />;
  return (
    <>
      <Removed text={plainValue(from)} />
      <span className="text-faint"> → </span>
      <Added text={plainValue(to)} />
    </>
  );
}

const GONE = "rounded-[3px] bg-bad-soft text-bad decoration-bad/60";
const NEW = "rounded-[3px] bg-good-soft text-good no-underline";

const Removed = ({ text }: { text: string }) => (
  <del className={GONE}>
    <ValueText text={text} />
  </del>
);
const Added = ({ text }: { text: string }) => (
  <ins className={NEW}>
    <ValueText text={text} />
  </ins>
);

const LONG = 48;
const isLong = (from: string, to: string): boolean =>
  from !== "" && to !== "" && (Math.max(from.length, to.length) > LONG || /\n/.test(from + to));

/** More pieces than a reader follows: the two texts stand one after the other. */
const MAX_PIECES = 400;

function Words({ from, to }: { from: string; to: string }) {
  const pieces = useMemo(() => diffWords(from, to), [from, to]);
  if (pieces.length > MAX_PIECES) {
    return (
      <>
        <Removed text={from} />
        <span className="text-faint">{"\n→\n"}</span>
        <Added text={to} />
      </>
    );
  }
  return pieces.map(({ kind, text }, index) => {
    const Tag = kind === "kept" ? "span" : kind === "gone" ? "del" : "ins";
    return (
      // biome-ignore lint/suspicious/noArrayIndexKey: the pieces of two texts never change
      <Tag key={index} className={kind === "kept" ? "text-muted" : kind === "gone" ? GONE : NEW}>
        <ValueText text={text} />
      </Tag>
    );
  });
}
