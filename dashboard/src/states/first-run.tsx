import { Radio } from "lucide-react";
import type { LiveStatus } from "../live/connection";
import { CodeBlock } from "../ui/code-block";

const snippet = (origin: string) => `curl ${origin}/api/activity \\
  -H "Authorization: Bearer $LIVETRAIL_KEY" \\
  -H "Content-Type: application/json" \\
  -d '{"user_id": "ada", "action_type": "user_login"}'`;

/** The log is empty: two commands that turn into the first activity on this very page. */
export default function FirstRun({ status }: { status: LiveStatus }) {
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
          Send your first activity
        </h2>
        <p className="max-w-md">
          No application has logged anything yet. Run these two commands; the activity appears here at once.
        </p>
      </div>
      <ol className="flex flex-col gap-5">
        <Step number={1} title="Make a key for your application, on the server">
          <CodeBlock
            label="Command to make a key"
            code="export LIVETRAIL_KEY=$(livetrail key create --role writer --name my-app)"
          />
        </Step>
        <Step number={2} title="Log something">
          <CodeBlock label="Command to log an activity" code={snippet(window.location.origin)} />
        </Step>
      </ol>
      <p role="status" className="flex items-center justify-center gap-2 text-xs text-faint">
        <span
          className={`size-1.5 rounded-full ${status === "live" ? "animate-pulse bg-good" : "bg-warn"}`}
          aria-hidden
        />
        {status === "live" ? "Listening for the first activity…" : "Connecting to the stream…"}
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
