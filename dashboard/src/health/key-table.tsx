import { secondsOf } from "../alerts/times";
import type { KeyInfo } from "../api/types";
import { Moment } from "../times/moment";
import { SenderText } from "../ui/sender-text";

/** A key without a use for so long is worth a question. */
const STALE_SECONDS = 90 * 86_400;

const isStale = ({ last_used_at, created_at }: KeyInfo, now: number): boolean =>
  now - secondsOf(last_used_at ?? created_at) > STALE_SECONDS;

/** The API keys, with when each was last used. */
export function KeyTable({ keys, now }: { keys: readonly KeyInfo[]; now: number }) {
  if (keys.length === 0) return <p className="text-muted">There are no API keys.</p>;
  return (
    <table aria-label="API keys" className="w-full max-w-4xl table-fixed text-sm">
      <thead>
        <tr className="text-left text-2xs text-faint">
          <th scope="col" className="h-7 font-medium">
            Name
          </th>
          <th scope="col" className="w-20 font-medium">
            Role
          </th>
          <th scope="col" className="w-32 font-medium">
            Last used
          </th>
          <th scope="col" className="hidden w-32 font-medium @2xl:table-cell">
            Expires
          </th>
        </tr>
      </thead>
      <tbody>
        {keys.map((key) => (
          <tr key={key.id} className="border-t border-line">
            <td className="h-8 truncate pr-3">
              <SenderText text={key.name} />
              {key.tenant_id !== null && (
                <span className="pl-2 text-2xs text-faint">
                  <SenderText text={key.tenant_id} />
                </span>
              )}
              {key.advice && <span className="pl-2 text-2xs text-warn">{key.advice}</span>}
            </td>
            <td className="text-muted">{key.role}</td>
            <td className={isStale(key, now) ? "text-warn" : "text-muted"}>
              {key.last_used_at === null ? "Never" : <Moment seconds={secondsOf(key.last_used_at)} />}
            </td>
            <td className="hidden text-muted @2xl:table-cell">
              {key.expires_at === null ? "Never" : <Moment seconds={secondsOf(key.expires_at)} />}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
