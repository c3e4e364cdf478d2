import type { SignedIn } from "../api/types";
import { Confirm } from "../ui/confirm";
import { SenderText } from "../ui/sender-text";
import { useEndSession } from "./use-sign-ins";

interface EndSessionProps {
  signedIn: SignedIn;
  onClose: () => void;
}

/** Asks once more before a session ends. */
export function EndSession({ signedIn: { id, user_id, current }, onClose }: EndSessionProps) {
  const end = useEndSession(current);
  return (
    <Confirm
      title="End a session"
      action="End it"
      isPending={end.isPending}
      error={end.error}
      onConfirm={() => end.mutate(id, { onSuccess: onClose })}
      onClose={onClose}
    >
      <p>
        The session of{" "}
        <strong className="text-ink">
          <SenderText text={user_id} />
        </strong>{" "}
        opens nothing any more, on any node.
      </p>
      {current && <p>It is your own: you will have to sign in again.</p>}
    </Confirm>
  );
}
