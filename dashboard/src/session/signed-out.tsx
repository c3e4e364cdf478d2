import { KeyRound, LogIn } from "lucide-react";
import { type FormEvent, useId, useState } from "react";
import { ApiError } from "../api/client";
import { StatePage } from "../states/state-page";
import { t } from "../texts/texts";
import { Button } from "../ui/button";
import { CodeBlock } from "../ui/code-block";
import { SingleSignOn } from "./single-sign-on";
import { readToken } from "./token";

export default function SignedOut({ error, onToken }: { error: unknown; onToken: (token: string) => void }) {
  const [pasted, setPasted] = useState("");
  const [unreadable, setUnreadable] = useState(false);
  const field = useId();
  const message = unreadable ? t("That is neither a sign-in link nor a token.") : explain(error);

  const submit = (event: FormEvent) => {
    event.preventDefault();
    const token = readToken(pasted);
    setUnreadable(token === "");
    if (token) onToken(token);
  };

  return (
    <StatePage icon={KeyRound} title={t("Sign in to Livetrail")}>
      <SingleSignOn />
      <p>
        {t(
          "There is no password. Make a one-time sign-in link on the machine that runs the server, and open it here:",
        )}
      </p>
      <CodeBlock label={t("Command")} code="livetrail admin link" />
      <form onSubmit={submit} className="flex w-full flex-col gap-2 text-left">
        <label htmlFor={field} className="text-xs font-medium text-ink">
          {t("Sign-in link or token")}
        </label>
        <div className="flex gap-2">
          <input
            id={field}
            value={pasted}
            onChange={(event) => setPasted(event.target.value)}
            placeholder={t("Paste it here")}
            autoComplete="off"
            spellCheck={false}
            aria-invalid={message !== null}
            aria-describedby={message ? `${field}-message` : undefined}
            className="h-9 min-w-0 flex-1 rounded-md border border-line-strong bg-surface px-3 font-mono text-xs placeholder:font-sans placeholder:text-faint"
          />
          <Button type="submit" look="primary" size="large">
            <LogIn aria-hidden className="size-3.5" />
            {t("Sign in")}
          </Button>
        </div>
        {message && (
          <p
            id={`${field}-message`}
            role="alert"
            className="rounded-md bg-bad-soft px-3 py-2 text-xs text-bad"
          >
            {message}
          </p>
        )}
      </form>
    </StatePage>
  );
}

function explain(error: unknown): string | null {
  if (!error) return null;
  if (error instanceof ApiError && (error.status === 401 || error.status === 422)) {
    return t(
      "This sign-in link has been used already or has expired. Make a new one with the command above.",
    );
  }
  return error instanceof Error ? error.message : t("Signing in failed.");
}
