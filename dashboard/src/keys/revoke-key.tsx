import type { KeyInfo } from "../api/types";
import { rich, t } from "../texts/texts";
import { Confirm } from "../ui/confirm";
import { SenderText } from "../ui/sender-text";
import { useRevokeKey } from "./use-keys";

/** Asks once more before a key is revoked. */
export function RevokeKey({ info, onClose }: { info: KeyInfo; onClose: () => void }) {
  const revoke = useRevokeKey();
  return (
    <Confirm
      title={t("Revoke a key")}
      action={t("Revoke")}
      isPending={revoke.isPending}
      error={revoke.error}
      onConfirm={() => revoke.mutate(info.id, { onSuccess: onClose })}
      onClose={onClose}
    >
      <p>
        {rich(
          "The key {name} opens nothing any more, from this moment on. Sessions that it has opened end, too.",
          {
            name: (
              <strong className="text-ink">
                <SenderText text={info.name} />
              </strong>
            ),
          },
        )}
      </p>
      <p>{t("This cannot be undone. An application that still uses it needs a new key.")}</p>
    </Confirm>
  );
}
