import { useMutation, useQueryClient } from "@tanstack/react-query";
import { BellOff, BellRing, Check, CheckCheck } from "lucide-react";
import { useEffect, useId, useRef, useState } from "react";
import { type Decision, decideAlert } from "../api/alert-calls";
import type { Alert } from "../api/types";
import { rich, t } from "../texts/texts";
import { translated } from "../texts/translated";
import { Button } from "../ui/button";
import { SenderText } from "../ui/sender-text";
import { arrivalsOf } from "./arrivals";
import { useMuted } from "./marks";
import { inHours } from "./times";

/** As many characters as the server takes. */
const MAX_REASON = 1_000;

/** What an admin decides about an alert, with a reason for those who come after. */
export function Decide({ alert }: { alert: Alert }) {
  const field = useId();
  const [reason, setReason] = useState("");
  const queries = useQueryClient();
  const decide = useMutation({
    mutationFn: (decision: Decision) => decideAlert(alert.id, decision, reason.trim()),
    onSuccess: (decided) => {
      arrivalsOf(queries).settle(decided);
      setReason("");
    },
  });
  const muted = useMuted(alert);
  // Buttons that are disabled meanwhile would lose the focus.
  const act = (decision: Decision) => () => {
    if (!decide.isPending) decide.mutate(decision);
  };
  const box = useRef<HTMLFieldSetElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: these decide which buttons there are
  useEffect(() => {
    if (decide.isSuccess && document.activeElement === document.body) box.current?.focus();
  }, [decide.isSuccess, alert.state, muted]);

  return (
    <fieldset
      ref={box}
      tabIndex={-1}
      aria-label={t("Decide")}
      aria-busy={decide.isPending}
      className="flex flex-col gap-2 rounded-lg border border-line p-3"
    >
      <label htmlFor={field} className="sr-only">
        {t("Reason")}
      </label>
      <input
        id={field}
        value={reason}
        onChange={(event) => setReason(event.target.value)}
        maxLength={MAX_REASON}
        placeholder={t("Reason, for those who come after (optional)")}
        autoComplete="off"
        className="h-8 min-w-0 rounded-md border border-line-strong bg-surface px-2.5 text-xs placeholder:text-faint"
      />
      <div className="flex flex-wrap gap-1.5">
        {alert.state === "open" && (
          <Button look="primary" onClick={act({ decision: "acknowledge" })}>
            <Check aria-hidden className="size-3.5" />
            {t("Acknowledge")}
          </Button>
        )}
        {alert.state !== "resolved" && (
          <Button onClick={act({ decision: "resolve" })}>
            <CheckCheck aria-hidden className="size-3.5" />
            {t("Resolve")}
          </Button>
        )}
        {alert.state === "resolved" && (
          <Button onClick={act({ decision: "acknowledge" })}>
            <Check aria-hidden className="size-3.5" />
            {t("Back to acknowledged")}
          </Button>
        )}
        {muted ? (
          <Button look="quiet" className="ml-auto" onClick={act({ decision: "mute", until: null })}>
            <BellRing aria-hidden className="size-3.5" />
            {t("End mute")}
          </Button>
        ) : (
          <span className="ml-auto flex items-center gap-0.5 text-xs text-muted">
            <BellOff aria-hidden className="mr-1 size-3.5" />
            <span aria-hidden>{t("Mute")}</span>
            {translated(MUTES).map(({ hours, label }) => (
              <Button
                key={hours}
                look="quiet"
                size="small"
                aria-label={t("Mute {time}", { time: label })}
                title={t("No message is sent about this alert for {time}. It stays in the list.", {
                  time: label,
                })}
                onClick={() => act({ decision: "mute", until: inHours(hours) })()}
              >
                {label}
              </Button>
            ))}
          </span>
        )}
      </div>
      {decide.error && (
        <p role="alert" className="rounded-md bg-bad-soft px-2.5 py-1.5 text-xs text-bad">
          {rich("Not saved: {reason}", { reason: <SenderText text={decide.error.message} lines /> })}
        </p>
      )}
    </fieldset>
  );
}

const MUTES = [
  { hours: 1, label: "1 h" },
  { hours: 24, label: "24 h" },
] as const;
