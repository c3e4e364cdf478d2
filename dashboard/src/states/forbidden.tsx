import { ShieldBan } from "lucide-react";
import { useSession, useSignOut } from "../session/use-session";
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
    <StatePage icon={ShieldBan} title="You may not read this log" tone="bad">
      <p>
        {session.data ? (
          <>
            You are signed in as{" "}
            <strong className="text-ink">
              <SenderText text={session.data.display_name ?? userId} />
            </strong>
            , who is not an admin here.
          </>
        ) : (
          "Your sign-in was understood, but it is not an admin's."
        )}{" "}
        A person with access to the server can change that:
      </p>
      <CodeBlock label="Command" code={`livetrail admin add ${shellWord(userId)}`} />
      <div className="flex gap-2">
        <Button look="primary" onClick={() => window.location.reload()}>
          Try again
        </Button>
        <Button onClick={() => signOut.mutate(undefined, { onSettled: () => window.location.reload() })}>
          Sign in with another account
        </Button>
      </div>
    </StatePage>
  );
}
