import { Radio } from "lucide-react";
import { useState } from "react";
import type { NewKey } from "../api/types";
import type { LiveStatus } from "../live/connection";
import { t } from "../texts/texts";
import { CodeBlock } from "../ui/code-block";
import { Segments } from "../ui/segments";
import { FirstKey } from "./first-key";
import { LANGUAGES, type Language, snippetOf } from "./snippets";

/** Stands for the key before there is one. A shell puts the variable in. */
const NO_KEY: Record<Language, string> = {
  curl: "$LIVETRAIL_KEY",
  typescript: "YOUR-KEY",
  python: "YOUR-KEY",
  rust: "YOUR-KEY",
};

/** The log is empty: a key and a few lines of code that turn into the first activity on this very page. */
export default function FirstRun({ status }: { status: LiveStatus }) {
  const [made, setMade] = useState<NewKey | null>(null);
  const [language, setLanguage] = useState<Language>("curl");
  const { code, needs } = snippetOf(language, window.location.origin, made?.key ?? NO_KEY[language]);
  return (
    <section
      aria-labelledby="first-run"
      className="mx-auto flex max-w-2xl flex-col gap-6 px-5 py-12 text-sm text-muted"
    >
      <div className="flex flex-col items-center gap-3 text-center">
        <span className="relative flex size-11 items-center justify-center rounded-full bg-accent-soft text-accent">
          <Radio aria-hidden className="size-5" />
        </span>
        <h2 id="first-run" className="text-lg font-semibold text-ink">
          {t("Send your first activity")}
        </h2>
        <p className="max-w-md">
          {t(
            "No application has logged anything yet. Make a key, run the code, and the activity appears here at once.",
          )}
        </p>
      </div>
      <ol className="flex flex-col gap-5">
        <Step number={1} title={t("Make a key for your application")}>
          <FirstKey made={made} onMade={setMade} />
        </Step>
        <Step number={2} title={t("Log something")}>
          <Segments
            label={t("Language")}
            choices={LANGUAGES}
            value={language}
            onChange={setLanguage}
            className="self-start"
          />
          <CodeBlock label={t("Code to log an activity")} code={code} />
          {needs && <p className="text-xs">{t("It needs: {needs}.", { needs })}</p>}
        </Step>
      </ol>
      <p role="status" className="flex items-center justify-center gap-2 text-xs text-faint">
        <span
          className={`size-1.5 rounded-full ${status === "live" ? "animate-pulse bg-good" : "bg-warn"}`}
          aria-hidden
        />
        {status === "live" ? t("Listening for the first activity…") : t("Connecting to the stream…")}
      </p>
    </section>
  );
}

function Step({ number, title, children }: { number: number; title: string; children: React.ReactNode }) {
  return (
    <li className="flex gap-3.5">
      <span className="tabular mt-0.5 flex size-5 shrink-0 items-center justify-center rounded-full border border-line-strong text-2xs font-semibold text-muted">
        {number}
      </span>
      <div className="flex min-w-0 flex-1 flex-col gap-2">
        <h3 className="font-medium text-ink">{title}</h3>
        {children}
      </div>
    </li>
  );
}
