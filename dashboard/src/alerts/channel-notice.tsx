import type { ReactNode } from "react";
import type { AlertChannel } from "../api/types";
import { plural, rich } from "../texts/texts";
import { Moment } from "../times/moment";
import { formatNumber } from "../ui/format";
import { SenderText } from "../ui/sender-text";
import { visibleText } from "../ui/visible-text";
import { Warning } from "../ui/warning";
import { secondsOf } from "./times";
import { useChannels } from "./use-channels";

const MAX_LINES = 5;
/** A name that a shell reads as one word and the command does not read as an option. */
const PLAIN_NAME = /^[A-Za-z0-9][\w.@-]*$/;

/** Says which channels do not deliver, because the alerts that they do not send stay unseen. */
export function ChannelNotice() {
  const channels = useChannels();
  const troubled = channels.filter(isTroubled);
  if (troubled.length === 0) return null;
  const more = troubled.length - MAX_LINES;
  return (
    <Warning role="status">
      <ul className="flex flex-col gap-1.5">
        {troubled.slice(0, MAX_LINES).map((channel) => (
          <li key={channel.id} className="flex flex-col gap-0.5 wrap-anywhere">
            <Trouble
              channel={channel}
              command={`livetrail alerts channels replay ${argumentOf(channel, channels)}`}
            />
          </li>
        ))}
        {more > 0 && (
          <li>
            {rich("{count} more: {command}", {
              count: formatNumber(more),
              command: <Command text="livetrail alerts channels" />,
            })}
          </li>
        )}
      </ul>
    </Warning>
  );
}

/** A disabled channel sends nothing by an admin's decision, so it does not count as failing. */
const isTroubled = ({ enabled, failing_since, parked }: AlertChannel) =>
  enabled && (failing_since !== null || parked > 0);

/** What names the channel in a command. Copied into a shell, another name could be a command of its own. */
function argumentOf({ id, name }: AlertChannel, channels: readonly AlertChannel[]): string {
  const isUnique = channels.filter((other) => other.name === name).length === 1;
  return isUnique && PLAIN_NAME.test(name) ? name : id;
}

function Trouble({ channel, command }: { channel: AlertChannel; command: string }) {
  const { name, destination, failing_since, last_failure, parked } = channel;
  return (
    <>
      <p className="line-clamp-4" title={visibleText(last_failure ?? "")}>
        {failureText(
          <>
            <span className="font-medium text-ink">
              <SenderText text={name} />
            </span>{" "}
            (<SenderText text={destination} />)
          </>,
          failing_since,
          last_failure,
        )}
      </p>
      {parked > 0 && (
        <p>
          {plural(
            parked,
            "{count} alert waits to be sent again by hand:",
            "{count} alerts wait to be sent again by hand:",
          )}{" "}
          <Command text={command} />
        </p>
      )}
    </>
  );
}

function failureText(channel: ReactNode, since: string | null, reason: string | null) {
  if (since === null) return rich("{channel} could not send some alerts.", { channel });
  const time = <Moment seconds={secondsOf(since)} />;
  if (reason === null) return rich("{channel} has been failing since {time}.", { channel, time });
  return rich("{channel} has been failing since {time}: {reason}", {
    channel,
    time,
    reason: <SenderText text={reason} lines />,
  });
}

const Command = ({ text }: { text: string }) => <code className="font-mono text-ink">{text}</code>;
