import type { SignedIn } from "../api/types";
import { rich, t } from "../texts/texts";
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
      title={t("End a session")}
      action={t("End it")}
      isPending={end.isPending}
      error={end.error}
      onConfirm={() => end.mutate(id, { onSuccess: onClose })}
      onClose={onClose}
    >
      <p>
        {rich("The session of {name} opens nothing any more, on any node.", {
          name: (
            <strong className="text-ink">
              <SenderText text={user_id} />
            </strong>
          ),
        })}
      </p>
      {current && <p>{t("It is your own: you will have to sign in again.")}</p>}
    </Confirm>
  );
}
