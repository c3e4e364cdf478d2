import type { KeyInfo } from "../api/types";
import { Confirm } from "../ui/confirm";
import { SenderText } from "../ui/sender-text";
import { useRevokeKey } from "./use-keys";

/** Asks once more before a key is revoked. */
export function RevokeKey({ info, onClose }: { info: KeyInfo; onClose: () => void }) {
  const revoke = useRevokeKey();
  return (
    <Confirm
      title="Revoke a key"
      action="Revoke"
      isPending={revoke.isPending}
      error={revoke.error}
      onConfirm={() => revoke.mutate(info.id, { onSuccess: onClose })}
      onClose={onClose}
    >
      <p>
        The key{" "}
        <strong className="text-ink">
          <SenderText text={info.name} />
        </strong>{" "}
        opens nothing any more, from this moment on. Sessions that it has opened end, too.
      </p>
      <p>This cannot be undone. An application that still uses it needs a new key.</p>
    </Confirm>
  );
}
