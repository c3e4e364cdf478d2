import { useId, useRef, useState } from "react";
import type { AlertRule } from "../../api/types";
import { rich, t } from "../../texts/texts";
import { Block } from "../../ui/block";
import { Button } from "../../ui/button";
import { SenderText } from "../../ui/sender-text";
import { BackTestPanel } from "./back-test-panel";
import { type Fault, faultsOf, spanOfLine } from "./faults";
import { RuleWords } from "./rule-words-view";
import { TextWithLines } from "./text-with-lines";
import { useSaveRule } from "./use-rule-changes";

const EXAMPLE = `id = "many-refusals"
title = "Many refused requests of one user"
severity = "warning"
group_by = ["user_id"]
timespan = "10m"

[filter]
status = "403"

[condition]
type = "event_count"
gte = 20
`;

interface RuleEditorProps {
  /** Null: a new one. */
  rule: AlertRule | null;
  drafts: Map<string, string>;
  onSaved: (rule: AlertRule) => void;
  onCancel: () => void;
}

/** The text of a rule. The server says what is wrong with it, line by line; the past says what it would find. */
export function RuleEditor({ rule, drafts, onSaved, onCancel }: RuleEditorProps) {
  const id = useId();
  const area = useRef<HTMLTextAreaElement>(null);
  const draft = rule?.id ?? "";
  const saved = rule?.definition ?? EXAMPLE;
  const [text, setText] = useState(() => drafts.get(draft) ?? saved);
  const [enabled, setEnabled] = useState(false);
  const [testFaults, setTestFaults] = useState<readonly Fault[]>([]);
  const save = useSaveRule(rule?.id ?? null);
  const faults = save.error ? faultsOf(save.error) : testFaults;

  const write = (next: string) => {
    setText(next);
    setTestFaults([]);
    if (save.error) save.reset();
    if (next === saved) drafts.delete(draft);
    else drafts.set(draft, next);
  };
  const leave = () => {
    drafts.delete(draft);
    onCancel();
  };
  const submit = () => {
    // A button that is disabled meanwhile would lose the focus.
    if (save.isPending) return;
    save.mutate(
      { definition: text, enabled },
      {
        onSuccess: (made) => {
          drafts.delete(draft);
          onSaved(made);
        },
      },
    );
  };
  const goTo = (line: number) => {
    const { from, to } = spanOfLine(text, line);
    area.current?.focus();
    area.current?.setSelectionRange(from, to);
  };

  return (
    <div className="flex flex-col gap-6 px-5 py-5">
      <div className="flex flex-col gap-3">
        <label htmlFor={id} className="text-xs text-muted">
          {t("Definition, in TOML")}
        </label>
        <TextWithLines
          id={id}
          ref={area}
          text={text}
          onChange={write}
          faultLines={new Set(faults.map(({ line }) => line))}
          describedBy={faults.length > 0 ? `${id}-faults` : undefined}
        />
        {faults.length > 0 && <Faults id={`${id}-faults`} faults={faults} onGoTo={goTo} />}
        {save.error && faults.length === 0 && (
          <p role="alert" className="rounded-md bg-bad-soft px-3 py-2 text-xs text-bad">
            {rich("Not saved: {reason}", { reason: <SenderText text={save.error.message} lines /> })}
          </p>
        )}
        <div className="flex flex-wrap items-center gap-2">
          <Button look="primary" disabled={text.trim() === ""} onClick={submit}>
            {rule ? t("Save") : t("Create the rule")}
          </Button>
          <Button onClick={leave}>{drafts.has(draft) ? t("Discard") : t("Cancel")}</Button>
          {rule === null && (
            <label className="ml-2 flex items-center gap-2 text-xs text-muted">
              <input
                type="checkbox"
                checked={enabled}
                onChange={(event) => setEnabled(event.target.checked)}
                className="size-3.5 accent-accent-solid"
              />
              {t("Switch it on at once")}
            </label>
          )}
        </div>
      </div>
      <Block title={t("What it looks for")}>
        <RuleWords definition={text} />
      </Block>
      <Block title={t("On the past")}>
        <BackTestPanel definition={text} onFaults={setTestFaults} />
      </Block>
    </div>
  );
}

interface FaultsProps {
  id: string;
  faults: readonly Fault[];
  onGoTo: (line: number) => void;
}

function Faults({ id, faults, onGoTo }: FaultsProps) {
  return (
    <div id={id} role="alert" className="rounded-md bg-bad-soft px-3 py-2 text-xs text-bad">
      <ul className="flex flex-col gap-1">
        {faults.map(({ line, text }, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: two faults may read alike
          <li key={index} className="flex gap-2 wrap-anywhere">
            {line !== null && (
              <button
                type="button"
                onClick={() => onGoTo(line)}
                className="tabular shrink-0 font-medium underline underline-offset-2"
              >
                {t("Line {line}", { line })}
              </button>
            )}
            <span className="min-w-0">
              <SenderText text={text} lines />
            </span>
          </li>
        ))}
      </ul>
    </div>
  );
}
