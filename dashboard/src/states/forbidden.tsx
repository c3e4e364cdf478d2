import { ShieldBan } from "lucide-react";
import { useSession, useSignOut } from "../session/use-session";
import { rich, t } from "../texts/texts";
import { Button } from "../ui/button";
import { CodeBlock } from "../ui/code-block";
import { SenderText } from "../ui/sender-text";
import { StatePage } from "./state-page";

/** An id is whatever a token says, and this is a command that an operator is asked to run. */
const shellWord = (text: string): string =>
  /^[\w@.:+][\w@.:+-]*$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;

export default function Forbidden() {
  const session = useSession();
  const signOut = useSignOut();
  const userId = session.data?.user_id ?? "USER_ID";
  return (
    <StatePage icon={ShieldBan} title={t("You may not read this log")} tone="bad">
      <p>
        {session.data
          ? rich("You are signed in as {name}, who is not an admin here.", {
              name: (
                <strong className="text-ink">
                  <SenderText text={session.data.display_name ?? userId} />
                </strong>
              ),
            })
          : t("Your sign-in was understood, but it is not an admin's.")}{" "}
        {t("A person with access to the server can change that:")}
      </p>
      <CodeBlock label={t("Command")} code={`livetrail admin add ${shellWord(userId)}`} />
      <div className="flex gap-2">
        <Button look="primary" onClick={() => window.location.reload()}>
          {t("Try again")}
        </Button>
        <Button onClick={() => signOut.mutate(undefined, { onSettled: () => window.location.reload() })}>
          {t("Sign in with another account")}
        </Button>
      </div>
    </StatePage>
  );
}
