import { useMutation } from "@tanstack/react-query";
import { type FormEvent, useId, useState } from "react";
import { writeJson } from "../api/json";
import { tryRedaction } from "../api/settings-calls";
import type { RedactionTried } from "../api/types";
import { known } from "../texts/known";
import { type Text, t } from "../texts/texts";
import { Button } from "../ui/button";
import { CodeBlock } from "../ui/code-block";
import { formatNumber, inWords } from "../ui/format";
import { SenderText } from "../ui/sender-text";
import { whyNotDetails } from "./details-text";

const EXAMPLE = `{
  "order": 17,
  "card": "4111 1111 1111 1111",
  "request": { "authorization": "Bearer abc.def", "path": "/checkout" }
}`;

/** What is replaced, by the names of the metric that counts it. */
const KINDS: Readonly<Record<string, Text>> = {
  key: "key",
  jwt: "jwt",
  bearer: "bearer",
  basic: "basic",
  scheme: "scheme",
  private_key: "private key",
  card: "card",
  known_format: "known format",
  url_password: "url password",
  path: "path",
};

const kindText = (kind: string): string =>
  Object.hasOwn(KINDS, kind) ? known(KINDS, kind) : inWords(kind).toLowerCase();

/** Shows what of some details would be stored, by the very rules that activities pass. Nothing is stored. */
export function RedactionTrial() {
  const [text, setText] = useState(EXAMPLE);
  const [fault, setFault] = useState<string | null>(null);
  const field = useId();
  const trial = useMutation({ mutationFn: tryRedaction });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const why = whyNotDetails(text);
    setFault(why);
    if (why === null && !trial.isPending) trial.mutate(text);
  };
  const error = fault ?? trial.error?.message ?? null;
  return (
    <div className="grid max-w-6xl gap-4 @4xl:grid-cols-2">
      <form onSubmit={submit} className="flex min-w-0 flex-col gap-2">
        <label htmlFor={field} className="text-xs font-medium">
          {t("Details of an activity, as JSON")}
        </label>
        <textarea
          id={field}
          value={text}
          rows={8}
          spellCheck={false}
          aria-invalid={fault !== null || undefined}
          onChange={(event) => setText(event.target.value)}
          className="w-full resize-y rounded-lg border border-line-strong bg-surface px-3 py-2 font-mono text-xs/5"
        />
        <div className="flex flex-wrap items-center gap-3">
          <Button type="submit" look="primary">
            {t("Try")}
          </Button>
          <span className="text-2xs text-muted">{t("Nothing is stored.")}</span>
        </div>
        {error !== null && (
          <p role="alert" className="text-xs text-bad">
            <SenderText text={error} lines />
          </p>
        )}
      </form>
      <div className="flex min-w-0 flex-col gap-2" aria-live="polite">
        <span className="text-xs font-medium">{t("What would be stored")}</span>
        {trial.data ? (
          <Tried tried={trial.data} />
        ) : (
          <p className="rounded-lg border border-line px-3 py-2 text-xs text-faint">
            {t("Passwords, tokens, keys and card numbers become “{redacted}”.", { redacted: "[redacted]" })}
          </p>
        )}
      </div>
    </div>
  );
}

function Tried({ tried: { is_on, details, replaced } }: { tried: RedactionTried }) {
  const kinds = Object.entries(replaced);
  return (
    <>
      <CodeBlock label={t("What would be stored")} code={writeJson(details)} />
      <p className="text-xs text-muted">
        {!is_on && <span className="text-warn">{t("The redaction is switched off.")} </span>}
        {kinds.length === 0
          ? t("Nothing was replaced.")
          : t("Replaced: {kinds}.", {
              kinds: kinds.map(([kind, count]) => `${kindText(kind)} ×${formatNumber(count)}`).join(", "),
            })}
      </p>
    </>
  );
}
