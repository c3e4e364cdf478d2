import { useMutation, useQueryClient } from "@tanstack/react-query";
import { KeyRound } from "lucide-react";
import { createKey } from "../api/key-calls";
import type { NewKey, Session } from "../api/types";
import { SESSION_KEY } from "../session/use-session";
import { rich, t } from "../texts/texts";
import { Button } from "../ui/button";
import { CodeBlock } from "../ui/code-block";
import { SenderText } from "../ui/sender-text";

/** Long enough to try it. An application gets a key of its own. */
const KEY_DAYS = 30;
const DAY_MS = 86_400_000;

interface FirstKeyProps {
  made: NewKey | null;
  onMade: (key: NewKey) => void;
}

/** A key that may write and nothing else, by one click where this session may make keys. */
export function FirstKey({ made, onMade }: FirstKeyProps) {
  const session = useQueryClient().getQueryData<Session | null>(SESSION_KEY);
  const make = useMutation({
    mutationFn: () =>
      createKey({
        name: "first activity",
        role: "writer",
        expires_at: new Date(Date.now() + KEY_DAYS * DAY_MS).toISOString(),
      }),
    onSuccess: onMade,
  });
  if (made) {
    return (
      <p role="status" className="text-xs">
        {t(
          "The code below has a new key. It may only write, and it ends in {days} days. It is shown this once.",
          { days: KEY_DAYS },
        )}
      </p>
    );
  }
  return (
    <div className="flex flex-col items-start gap-2">
      {session?.role === "admin" && (
        <Button look="primary" onClick={() => make.isPending || make.mutate()}>
          <KeyRound aria-hidden className="size-3.5" />
          {t("Make a key")}
        </Button>
      )}
      {(session?.role !== "admin" || make.isError) && (
        <CodeBlock
          label={t("Command to make a key")}
          code="export LIVETRAIL_KEY=$(livetrail key create --role writer --name my-app)"
        />
      )}
      {make.error && (
        <p role="alert" className="text-xs text-bad">
          {rich("No key was made: {reason} The command above makes one on the server.", {
            reason: <SenderText text={make.error.message} lines />,
          })}
        </p>
      )}
    </div>
  );
}
