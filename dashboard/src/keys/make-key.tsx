import { type FormEvent, useState } from "react";
import type { KeyRequest, NewKey } from "../api/types";
import { rich, t } from "../texts/texts";
import { translated } from "../texts/translated";
import { Button } from "../ui/button";
import { CodeBlock } from "../ui/code-block";
import { Modal } from "../ui/modal";
import { Segments } from "../ui/segments";
import { SenderText } from "../ui/sender-text";
import { TextField } from "../ui/text-field";
import { ENDS, type End, endOf, ROLES } from "./choices";
import { useCreateKey } from "./use-keys";

/** As many characters as the server takes. */
const MAX_NAME = 100;

interface Draft {
  name: string;
  role: KeyRequest["role"];
  tenant: string;
  end: End;
}

const EMPTY: Draft = { name: "", role: "writer", tenant: "", end: "365" };

/** Makes a key, and shows its secret once. */
export function MakeKey({ onClose }: { onClose: () => void }) {
  const create = useCreateKey();
  if (create.data) return <Made made={create.data} onClose={onClose} />;
  return (
    <Modal title={t("New key")} onClose={onClose}>
      <KeyForm
        isPending={create.isPending}
        error={create.error}
        onSubmit={(draft) => create.mutate(draft)}
        onClose={onClose}
      />
    </Modal>
  );
}

interface KeyFormProps {
  isPending: boolean;
  error: Error | null;
  onSubmit: (wanted: KeyRequest) => void;
  onClose: () => void;
}

function KeyForm({ isPending, error, onSubmit, onClose }: KeyFormProps) {
  const [draft, setDraft] = useState(EMPTY);
  const may = ROLES.find(({ value }) => value === draft.role)?.may;
  const change = (next: Partial<Draft>) => setDraft({ ...draft, ...next });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const name = draft.name.trim();
    const tenant = draft.tenant.trim();
    if (!name || isPending) return;
    onSubmit({ name, role: draft.role, tenant_id: tenant || null, expires_at: endOf(draft.end, Date.now()) });
  };
  return (
    <form className="flex flex-col gap-4" onSubmit={submit} aria-busy={isPending}>
      <TextField
        label={t("Name")}
        value={draft.name}
        onChange={(name) => change({ name })}
        placeholder={t("billing service")}
        maxLength={MAX_NAME}
        required
        isFirst
      />
      <div className="flex flex-col gap-1.5">
        <span className="text-xs font-medium">{t("Role")}</span>
        <Segments
          label={t("Role")}
          choices={translated(ROLES)}
          value={draft.role}
          onChange={(role) => change({ role })}
        />
        <span className="text-2xs text-muted">{may && t(may)}</span>
      </div>
      <TextField
        label={t("Tenant")}
        hint={t("The only tenant that the key writes and reads. Empty: all of them.")}
        value={draft.tenant}
        onChange={(tenant) => change({ tenant })}
      />
      <div className="flex flex-col gap-1.5">
        <span className="text-xs font-medium">{t("Expires")}</span>
        <Segments
          label={t("Expires")}
          choices={translated(ENDS)}
          value={draft.end}
          onChange={(end) => change({ end })}
        />
        {draft.end === "never" && (
          <span className="text-2xs text-warn">
            {t("A key that is lost or forgotten then opens this log for ever.")}
          </span>
        )}
      </div>
      {error && (
        <p role="alert" className="rounded-md bg-bad-soft px-3 py-2 text-xs text-bad">
          {rich("No key was made: {reason}", { reason: <SenderText text={error.message} lines /> })}
        </p>
      )}
      <div className="flex justify-end gap-2">
        <Button onClick={onClose}>{t("Cancel")}</Button>
        <Button type="submit" look="primary" aria-disabled={!draft.name.trim() || undefined}>
          {t("Make the key")}
        </Button>
      </div>
    </form>
  );
}

function Made({ made, onClose }: { made: NewKey; onClose: () => void }) {
  return (
    <Modal title={t("Your new key")} onClose={onClose}>
      <div className="flex flex-col gap-4">
        <p role="status" className="text-muted">
          {t("Copy the key now. It is shown this once, and the server keeps only a hash of it.")}
        </p>
        <CodeBlock label={t("Key")} code={made.key} />
        <div className="flex justify-end">
          <Button look="primary" onClick={onClose}>
            {t("Done")}
          </Button>
        </div>
      </div>
    </Modal>
  );
}
